//! Which products are gift cards, as admins decide: who sells one owes its value, so no seller decides it alone.

use super::ports::CatalogQueries;
use super::views::ProductView;
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::policy::{AdministerGiftCards, ViewGiftCards};
use crate::identity::{Allowed, Client};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::kernel::{Page, PageRequest, ProductId};
use std::sync::Arc;

/// Decides which products are gift cards.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait DecideGiftProducts: Send + Sync {
    /// A page of anyone's products, newest first: gift cards, others, or both; whose title has the text, if any.
    async fn list<'a>(
        &self,
        caller: &Allowed<ViewGiftCards>,
        gift_card: Option<bool>,
        text: Option<&'a str>,
        page: &PageRequest,
    ) -> Result<Page<ProductView>, RepositoryError>;
    /// Makes a product a gift card, whose variants are worth what they cost, or none any more; answers whether there is such
    /// a product.
    async fn decide(
        &self,
        caller: &Allowed<AdministerGiftCards>,
        product: ProductId,
        gift_card: bool,
        client: &Client,
    ) -> Result<bool, RepositoryError>;
}

/// The service behind [`DecideGiftProducts`].
pub struct GiftProductDesk {
    /// Reads products.
    pub catalog: Arc<dyn CatalogQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl DecideGiftProducts for GiftProductDesk {
    async fn list<'a>(
        &self,
        _: &Allowed<ViewGiftCards>,
        gift_card: Option<bool>,
        text: Option<&'a str>,
        page: &PageRequest,
    ) -> Result<Page<ProductView>, RepositoryError> {
        self.catalog.list_everyones(gift_card, text, page).await
    }

    async fn decide(
        &self,
        caller: &Allowed<AdministerGiftCards>,
        product: ProductId,
        gift_card: bool,
        client: &Client,
    ) -> Result<bool, RepositoryError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        if !tx.products().set_gift_card(product, gift_card, now).await? {
            return Ok(false);
        }
        let event = SecurityEvent::new(SecurityEventKind::GiftCardProductDecided)
            .about(caller.user_id)
            .by(caller.user_id)
            .from(client)
            .with("product", product)
            .with("gift_card", gift_card);
        tx.security_log().record(&event, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ports::MockCatalogQueries;
    use crate::tests::{StandingSystem, allowed, client, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;

    fn desk(transactor: &Arc<TransactorDouble>, catalog: MockCatalogQueries) -> GiftProductDesk {
        GiftProductDesk { catalog: Arc::new(catalog), transactor: transactor.clone(), clock: StandingSystem::new() }
    }

    #[tokio::test]
    async fn an_admin_decides_and_the_log_knows_by_whom() {
        let mut tx = UnitOfWorkDouble::default();
        tx.products.expect_set_gift_card().times(1).returning(|_, _, _| Ok(true));
        let told = |event: &SecurityEvent, _: &_| event.kind == SecurityEventKind::GiftCardProductDecided;
        tx.security_log.expect_record().withf(told).times(1).returning(|_, _| Ok(()));
        let mut unknown = UnitOfWorkDouble::default();
        unknown.products.expect_set_gift_card().returning(|_, _, _| Ok(false));
        let transactor = TransactorDouble::new([tx, unknown]);
        let desk = desk(&transactor, MockCatalogQueries::new());
        for known in [true, false] {
            let product = ProductId::new(uuid(5));
            assert_eq!(desk.decide(&allowed(Role::Admin), product, true, &client()).await.unwrap(), known);
        }
        assert_eq!(transactor.commits(), 1);
    }
    #[tokio::test]
    async fn an_admin_finds_anyones_products() {
        let mut catalog = MockCatalogQueries::new();
        let asked =
            |gift_card: &Option<bool>, text: &Option<&str>, _: &_| *gift_card == Some(true) && *text == Some("a");
        catalog
            .expect_list_everyones()
            .withf(asked)
            .times(1)
            .returning(|_, _, _| Ok(Page { data: vec![], next: None }));
        let desk = desk(&TransactorDouble::new([]), catalog);
        let found = desk.list(&allowed(Role::Admin), Some(true), Some("a"), &PageRequest::default()).await.unwrap();
        assert_eq!(found, Page { data: vec![], next: None });
    }
}
