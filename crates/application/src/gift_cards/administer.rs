//! Looking after gift cards, as admins do: finding them, keeping them from being used, and seeing what the shop owes.

use super::ports::{CardFilter, CardWithBalance, GiftCardQueries, Liability};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::policy::{AdministerGiftCards, ViewGiftCards};
use crate::identity::{Allowed, Client};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use crate::webhooks::announce;
use async_trait::async_trait;
use domain::kernel::{Applied, GiftCardId, Page, PageRequest};
use domain::webhooks::EventKind;
use std::sync::Arc;

/// Looks after gift cards.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait LookAfterGiftCards: Send + Sync {
    /// A page of cards, the newest first.
    async fn list(
        &self,
        caller: &Allowed<ViewGiftCards>,
        filter: &CardFilter,
        page: &PageRequest,
    ) -> Result<Page<CardWithBalance>, RepositoryError>;
    /// One of them, or `None`.
    async fn find(
        &self,
        caller: &Allowed<ViewGiftCards>,
        id: GiftCardId,
    ) -> Result<Option<CardWithBalance>, RepositoryError>;
    /// What the shop owes to the holders of cards, in each currency.
    async fn liabilities(&self, caller: &Allowed<ViewGiftCards>) -> Result<Vec<Liability>, RepositoryError>;
    /// Keeps a card from being used, or lets it be used again; `None` when there is no such card.
    async fn set_usable(
        &self,
        caller: &Allowed<AdministerGiftCards>,
        id: GiftCardId,
        usable: bool,
        client: &Client,
    ) -> Result<Option<CardWithBalance>, RepositoryError>;
}

/// The service behind [`LookAfterGiftCards`].
pub struct GiftCardDesk {
    /// Reads cards.
    pub cards: Arc<dyn GiftCardQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl LookAfterGiftCards for GiftCardDesk {
    async fn list(
        &self,
        _: &Allowed<ViewGiftCards>,
        filter: &CardFilter,
        page: &PageRequest,
    ) -> Result<Page<CardWithBalance>, RepositoryError> {
        self.cards.list_cards(filter, page, self.clock.now()).await
    }

    async fn find(
        &self,
        _: &Allowed<ViewGiftCards>,
        id: GiftCardId,
    ) -> Result<Option<CardWithBalance>, RepositoryError> {
        self.cards.find_card(id).await
    }

    async fn liabilities(&self, _: &Allowed<ViewGiftCards>) -> Result<Vec<Liability>, RepositoryError> {
        self.cards.liabilities().await
    }

    async fn set_usable(
        &self,
        caller: &Allowed<AdministerGiftCards>,
        id: GiftCardId,
        usable: bool,
        client: &Client,
    ) -> Result<Option<CardWithBalance>, RepositoryError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let Some(mut found) = tx.gift_cards().lock(id).await? else { return Ok(None) };
        let kind = if usable { SecurityEventKind::GiftCardEnabled } else { SecurityEventKind::GiftCardDisabled };
        let changed = if usable { found.card.enable(now) } else { found.card.disable(now) };
        if changed == Applied::Now(()) {
            tx.gift_cards().update(&found.card).await?;
            let event = SecurityEvent::new(kind).about(caller.user_id).by(caller.user_id).from(client);
            tx.security_log().record(&event.with("gift_card", id.to_string()), now).await?;
            let told = if usable { EventKind::GiftCardEnabled } else { EventKind::GiftCardDisabled };
            announce::gift_card(tx.as_ref(), told, &found.card, found.balance, now).await?;
            tx.commit().await?;
        }
        Ok(Some(found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gift_cards::ports::MockGiftCardQueries;
    use crate::gift_cards::redeem::tests::card;
    use crate::tests::{StandingSystem, allowed, client, eur, now};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use crate::webhooks::tests::announces;
    use domain::gift_cards::GiftCard;
    use domain::identity::Role;

    fn desk(transactor: &Arc<TransactorDouble>) -> GiftCardDesk {
        GiftCardDesk {
            cards: Arc::new(MockGiftCardQueries::new()),
            transactor: transactor.clone(),
            clock: StandingSystem::new(),
        }
    }

    fn holding(card: GiftCard) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        let found = CardWithBalance { card, balance: eur(3_000) };
        tx.gift_cards.expect_lock().return_once(move |_| Ok(Some(found)));
        tx
    }

    #[tokio::test]
    async fn a_card_is_disabled_and_enabled_and_the_log_knows_by_whom() {
        for (usable, kind) in [(false, SecurityEventKind::GiftCardDisabled), (true, SecurityEventKind::GiftCardEnabled)]
        {
            let before = GiftCard { disabled_at: usable.then(now), ..card() };
            let mut tx = holding(before);
            announces(&mut tx, &[if usable { "gift_card.enabled" } else { "gift_card.disabled" }]);
            tx.gift_cards
                .expect_update()
                .withf(move |card| card.disabled_at.is_none() == usable)
                .times(1)
                .returning(|_| Ok(()));
            let told = move |event: &SecurityEvent, _: &_| event.kind == kind;
            tx.security_log.expect_record().withf(told).times(1).returning(|_, _| Ok(()));
            let transactor = TransactorDouble::new([tx]);
            let found = desk(&transactor).set_usable(&allowed(Role::Admin), card().id, usable, &client()).await;
            assert_eq!(found.unwrap().unwrap().card.disabled_at.is_none(), usable);
            assert_eq!(transactor.commits(), 1);
        }
    }

    #[tokio::test]
    async fn what_is_so_already_is_not_written_again() {
        let transactor = TransactorDouble::new([holding(card())]);
        let found = desk(&transactor).set_usable(&allowed(Role::Admin), card().id, true, &client()).await.unwrap();
        assert!(found.is_some());
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn admins_see_cards_and_what_the_shop_owes() {
        let owed = Liability { cards: 2, outstanding: eur(8_000) };
        let mut cards = MockGiftCardQueries::new();
        let found = || CardWithBalance { card: card(), balance: eur(3_000) };
        cards.expect_find_card().withf(|id| *id == card().id).returning(move |_| Ok(Some(found())));
        cards.expect_liabilities().returning(move || Ok(vec![owed]));
        let desk = GiftCardDesk { cards: Arc::new(cards), ..desk(&TransactorDouble::new([])) };
        assert_eq!(desk.find(&allowed(Role::Admin), card().id).await.unwrap(), Some(found()));
        assert_eq!(desk.liabilities(&allowed(Role::Admin)).await.unwrap(), [owed]);
    }

    #[tokio::test]
    async fn a_card_that_is_not_there_is_not_found() {
        let mut tx = UnitOfWorkDouble::default();
        tx.gift_cards.expect_lock().returning(|_| Ok(None));
        let transactor = TransactorDouble::new([tx]);
        let found = desk(&transactor).set_usable(&allowed(Role::Admin), card().id, false, &client()).await;
        assert_eq!(found.unwrap(), None);
    }
}
