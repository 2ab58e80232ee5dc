//! Sending a gift card to somebody else, or once more. While its mail waits, it goes elsewhere as it is; once it may be there,
//! only with another code, so that not two people have one card.

use super::issuing::letter_of;
use super::ports::{CardWithBalance, GiftDeliveryQueries, LaterCodes};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::policy::{AdministerGiftCards, ViewGiftCards};
use crate::identity::ports::SealFailed;
use crate::identity::{Allowed, Client};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, digest_of};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::gift_cards::{Delivery, UseRefusal};
use domain::kernel::{EmailAddress, GiftCardId};
use std::sync::Arc;

/// Sends gift cards again.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SendGiftCardsAgain: Send + Sync {
    /// How the mail with a card stands; `None` when it is not mailed, or there is no such card.
    async fn find(
        &self,
        caller: &Allowed<ViewGiftCards>,
        card: GiftCardId,
    ) -> Result<Option<Delivery>, RepositoryError>;
    /// Sends a card that is mailed to this address: on its day as it is, or, once it may have arrived, at once with another
    /// code. The old code is void then.
    async fn send_again(
        &self,
        caller: &Allowed<AdministerGiftCards>,
        card: GiftCardId,
        to: EmailAddress,
        client: &Client,
    ) -> Result<Delivery, SendAgainError>;
}

/// Why it is not sent again.
#[derive(Debug, thiserror::Error)]
pub enum SendAgainError {
    /// There is no such card, or it is not mailed.
    #[error("there is no such delivery")]
    NotFound,
    /// The card can't be used, so it gets no other code.
    #[error("the card can't be used: {0:?}")]
    Refused(UseRefusal),
    /// The seed of a code could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealFailed),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`SendGiftCardsAgain`].
pub struct DeliveryDesk {
    /// Reads deliveries.
    pub deliveries: Arc<dyn GiftDeliveryQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Makes codes.
    pub codes: Arc<dyn LaterCodes>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl SendGiftCardsAgain for DeliveryDesk {
    async fn find(&self, _: &Allowed<ViewGiftCards>, card: GiftCardId) -> Result<Option<Delivery>, RepositoryError> {
        self.deliveries.find_delivery(card).await
    }

    async fn send_again(
        &self,
        caller: &Allowed<AdministerGiftCards>,
        id: GiftCardId,
        to: EmailAddress,
        client: &Client,
    ) -> Result<Delivery, SendAgainError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let found = tx.gift_cards().lock(id).await?;
        let CardWithBalance { mut card, balance } = found.ok_or(SendAgainError::NotFound)?;
        let mut delivery = tx.gift_deliveries().lock(id).await?.ok_or(SendAgainError::NotFound)?;
        let new_code = delivery.readdress(to.clone(), now).is_err();
        if new_code {
            let seed = self.codes.seed(id.uuid())?;
            let code = self.codes.code(&seed, id.uuid(), id)?;
            card.change_code(digest_of(code.expose()), code.last4(), balance, now).map_err(SendAgainError::Refused)?;
            delivery.send_anew(to.clone(), seed, now);
        }
        card.recipient_email = Some(to);
        card.updated_at = now;
        tx.gift_cards().update(&card).await?;
        tx.gift_deliveries().update(&delivery).await?;
        tx.jobs().push(letter_of(&delivery), delivery.send_at).await?;
        let event = SecurityEvent::new(SecurityEventKind::GiftCardSentAgain)
            .about(caller.user_id)
            .by(caller.user_id)
            .from(client)
            .with("gift_card", id)
            .with("new_code", new_code);
        tx.security_log().record(&event, now).await?;
        tx.commit().await?;
        Ok(delivery)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gift_cards::batch_steps::tests::{code_of, codes};
    use crate::gift_cards::issue::tests::gift;
    use crate::gift_cards::ports::MockGiftDeliveryQueries;
    use crate::gift_cards::redeem::tests::card;
    use crate::jobs::Job;
    use crate::tests::{StandingSystem, allowed, client, email, eur, now};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::gift_cards::{DeliveryStatus, GiftCard, SealedSeed};
    use domain::identity::Role;

    fn delivery() -> Delivery {
        Delivery::plan(card().id, gift(Some("2027-02-01")), SealedSeed::new("first".to_owned()), None, now())
    }

    fn sent() -> Delivery {
        let mut delivery = delivery();
        delivery.send_at = now();
        delivery.begin(1, now()).unwrap();
        delivery.sent(1, now());
        delivery
    }

    fn holding(card: GiftCard, delivery: Delivery) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.gift_cards.expect_lock().return_once(move |_| Ok(Some(CardWithBalance { card, balance: eur(3_000) })));
        tx.gift_deliveries.expect_lock().return_once(move |_| Ok(Some(delivery)));
        tx
    }

    async fn send_again(tx: UnitOfWorkDouble) -> (Result<Delivery, SendAgainError>, usize) {
        let transactor = TransactorDouble::new([tx]);
        let desk = DeliveryDesk {
            deliveries: Arc::new(MockGiftDeliveryQueries::new()),
            transactor: transactor.clone(),
            codes: Arc::new(codes()),
            clock: StandingSystem::new(),
        };
        let answer = desk.send_again(&allowed(Role::Admin), card().id, email("b@example.com"), &client()).await;
        (answer, transactor.commits())
    }

    /// Expects a second letter, and a card with this digest.
    fn expecting(mut tx: UnitOfWorkDouble, digest: String, new_code: &'static str) -> UnitOfWorkDouble {
        let changed =
            move |card: &GiftCard| card.code_digest == digest && card.recipient_email == Some(email("b@example.com"));
        tx.gift_cards.expect_update().withf(changed).times(1).returning(|_| Ok(()));
        tx.gift_deliveries.expect_update().withf(|delivery| delivery.letter == 2).times(1).returning(|_| Ok(()));
        let letter = Job::DeliverGiftCard { gift_card_id: card().id.uuid(), letter: 2 };
        tx.jobs.expect_push().withf(move |job, _| *job == letter).times(1).returning(|_, _| Ok(()));
        let told = move |event: &SecurityEvent, _: &_| {
            event.kind == SecurityEventKind::GiftCardSentAgain
                && event.details.get("new_code").is_some_and(|is| is == new_code)
        };
        tx.security_log.expect_record().withf(told).times(1).returning(|_, _| Ok(()));
        tx
    }

    #[tokio::test]
    async fn a_card_that_waits_goes_elsewhere_with_its_code_on_its_day() {
        let tx = expecting(holding(card(), delivery()), card().code_digest, "false");
        let (delivery, commits) = send_again(tx).await;
        let delivery = delivery.unwrap();
        assert_eq!((delivery.status(), delivery.send_at > now(), commits), (DeliveryStatus::Scheduled, true, 1));
    }

    #[tokio::test]
    async fn a_card_that_was_sent_gets_another_code_at_once() {
        let tx = expecting(holding(card(), sent()), digest_of(code_of(card().id).expose()), "true");
        let (delivery, commits) = send_again(tx).await;
        assert_eq!((delivery.unwrap().send_at, commits), (now(), 1));
    }

    #[tokio::test]
    async fn admins_see_how_the_mail_stands() {
        let mut deliveries = MockGiftDeliveryQueries::new();
        deliveries.expect_find_delivery().withf(|id| *id == card().id).returning(|_| Ok(Some(sent())));
        let desk = DeliveryDesk {
            deliveries: Arc::new(deliveries),
            transactor: TransactorDouble::new([]),
            codes: Arc::new(codes()),
            clock: StandingSystem::new(),
        };
        assert_eq!(desk.find(&allowed(Role::Admin), card().id).await.unwrap(), Some(sent()));
    }

    #[tokio::test]
    async fn a_card_that_is_used_up_is_not_sent_again() {
        let redeemed = GiftCard { redeemed_at: Some(now()), ..card() };
        let (refused, commits) = send_again(holding(redeemed, sent())).await;
        assert!(matches!(refused, Err(SendAgainError::Refused(UseRefusal::Redeemed))));
        assert_eq!(commits, 0);
    }
}
