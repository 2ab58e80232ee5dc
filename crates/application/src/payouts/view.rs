//! Seeing payouts: sellers their own, admins all, and what is still owed.

use super::ports::{Owed, PayoutQueries, PayoutView};
use crate::identity::Allowed;
use crate::identity::policy::{self, ViewSales};
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use domain::kernel::{Page, PageRequest};
use std::sync::Arc;

/// Shows payouts.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ViewPayouts: Send + Sync {
    /// The calling seller's own, the newest first.
    async fn own(&self, caller: &Allowed<ViewSales>, page: &PageRequest) -> Result<Page<PayoutView>, RepositoryError>;
    /// All of them, the newest first.
    async fn all(
        &self,
        caller: &Allowed<policy::ViewPayouts>,
        page: &PageRequest,
    ) -> Result<Page<PayoutView>, RepositoryError>;
    /// What each seller is owed.
    async fn owed(&self, caller: &Allowed<policy::ViewPayouts>) -> Result<Vec<Owed>, RepositoryError>;
}

/// The service behind [`ViewPayouts`].
pub struct PayoutBook {
    /// Reads payouts.
    pub payouts: Arc<dyn PayoutQueries>,
}

#[async_trait]
impl ViewPayouts for PayoutBook {
    async fn own(&self, caller: &Allowed<ViewSales>, page: &PageRequest) -> Result<Page<PayoutView>, RepositoryError> {
        self.payouts.list_payouts(Some(caller.user_id), page).await
    }

    async fn all(
        &self,
        _: &Allowed<policy::ViewPayouts>,
        page: &PageRequest,
    ) -> Result<Page<PayoutView>, RepositoryError> {
        self.payouts.list_payouts(None, page).await
    }

    async fn owed(&self, _: &Allowed<policy::ViewPayouts>) -> Result<Vec<Owed>, RepositoryError> {
        self.payouts.all_owed().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payouts::ports::MockPayoutQueries;
    use crate::tests::allowed;
    use domain::identity::Role;

    #[tokio::test]
    async fn sellers_see_their_own_payouts_alone() {
        let ada = allowed::<ViewSales>(Role::Seller);
        let mut payouts = MockPayoutQueries::new();
        let own = Some(ada.user_id);
        let none = |_, _: &_| Ok(Page { data: vec![], next: None });
        payouts.expect_list_payouts().withf(move |seller, _| *seller == own).times(1).returning(none);
        payouts.expect_list_payouts().withf(|seller, _| seller.is_none()).times(1).returning(none);
        let owed = Owed { seller_id: ada.user_id, shop_name: "Ada's".to_owned(), balance: crate::tests::eur(5) };
        let all = vec![owed.clone()];
        payouts.expect_all_owed().return_once(move || Ok(all));
        let book = PayoutBook { payouts: Arc::new(payouts) };
        book.own(&ada, &PageRequest::default()).await.unwrap();
        book.all(&allowed(Role::Admin), &PageRequest::default()).await.unwrap();
        assert_eq!(book.owed(&allowed(Role::Admin)).await.unwrap(), [owed]);
    }
}
