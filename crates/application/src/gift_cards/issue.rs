//! Issuing gift cards, as admins do: value that is given away.

use super::issuing::give_away;
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::policy::AdministerGiftCards;
use crate::identity::{Allowed, Client};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator, SecretSource, digest_of};
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gift_cards::{GiftCard, GiftCardCode, IssueRefusal, NewGiftCard};
use domain::kernel::{EmailAddress, GiftCardId, Money};
use std::sync::Arc;

/// Issues gift cards.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait IssueGiftCards: Send + Sync {
    /// Issues cards, all of them or none. Their codes are known here and never again.
    async fn issue(
        &self,
        caller: &Allowed<AdministerGiftCards>,
        wish: IssueWish,
        client: &Client,
    ) -> Result<Vec<IssuedCard>, IssueGiftCardsError>;
}

/// So many cards are issued at once, at the most.
pub const MOST_AT_ONCE: u32 = 100;

/// What is to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueWish {
    /// What each card is worth.
    pub value: Money,
    /// How many; [`MOST_AT_ONCE`] at the most.
    pub quantity: u32,
    /// From when on they are worth nothing.
    pub expires_at: Option<DateTime<Utc>>,
    /// For whom they are.
    pub recipient_email: Option<EmailAddress>,
}

/// A new card, with its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedCard {
    /// The card.
    pub card: GiftCard,
    /// The code, which only its holder is to know.
    pub code: GiftCardCode,
}

/// Why there are no new cards.
#[derive(Debug, thiserror::Error)]
pub enum IssueGiftCardsError {
    /// A card like this makes no sense.
    #[error("the cards are refused: {0:?}")]
    Refused(IssueRefusal),
    /// None, or too many.
    #[error("not so many cards at once")]
    Quantity,
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`IssueGiftCards`].
pub struct Issuance {
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Draws codes.
    pub secrets: Arc<dyn SecretSource>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl IssueGiftCards for Issuance {
    async fn issue(
        &self,
        caller: &Allowed<AdministerGiftCards>,
        wish: IssueWish,
        client: &Client,
    ) -> Result<Vec<IssuedCard>, IssueGiftCardsError> {
        if !(1..=MOST_AT_ONCE).contains(&wish.quantity) {
            return Err(IssueGiftCardsError::Quantity);
        }
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let mut issued = Vec::new();
        for _ in 0..wish.quantity {
            issued.push(self.one(tx.as_ref(), caller, &wish, now).await?);
        }
        let event = SecurityEvent::new(SecurityEventKind::GiftCardsIssued)
            .about(caller.user_id)
            .by(caller.user_id)
            .from(client)
            .with("quantity", u64::from(wish.quantity))
            .with("value", wish.value.to_string());
        tx.security_log().record(&event, now).await?;
        tx.commit().await?;
        Ok(issued)
    }
}

impl Issuance {
    async fn one(
        &self,
        tx: &dyn UnitOfWork,
        caller: &Allowed<AdministerGiftCards>,
        wish: &IssueWish,
        now: DateTime<Utc>,
    ) -> Result<IssuedCard, IssueGiftCardsError> {
        let code = GiftCardCode::draw(self.secrets.bytes());
        let new = NewGiftCard {
            id: GiftCardId::new(self.ids.next()),
            code_digest: digest_of(code.expose()),
            last4: code.last4(),
            value: wish.value,
            issued_by: caller.user_id,
            recipient_email: wish.recipient_email.clone(),
            expires_at: wish.expires_at,
        };
        let card = GiftCard::issue(new, now).map_err(IssueGiftCardsError::Refused)?;
        give_away(tx, &card, now).await?;
        Ok(IssuedCard { card, code })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::Job;
    use crate::tests::{StandingSystem, allowed, client, eur, now};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use chrono::TimeDelta;
    use domain::identity::Role;
    use domain::kernel::Applied;

    fn issuance(transactor: &Arc<TransactorDouble>) -> Issuance {
        let system = StandingSystem::new();
        Issuance { transactor: transactor.clone(), ids: system.clone(), secrets: system.clone(), clock: system }
    }

    fn wish(quantity: u32) -> IssueWish {
        let expires_at = Some(now() + TimeDelta::days(365));
        IssueWish { value: eur(5_000), quantity, expires_at, recipient_email: None }
    }

    #[tokio::test]
    async fn each_card_has_its_value_in_the_ledger_and_its_end_in_the_calendar() {
        let mut tx = UnitOfWorkDouble::default();
        let silent = |card: &GiftCard| card.code_digest == digest_of(&"0".repeat(24)) && card.last4 == "0000";
        tx.gift_cards.expect_insert().withf(silent).times(2).returning(|_| Ok(()));
        tx.ledger.expect_post().times(2).returning(|_, _| Ok(Applied::Now(())));
        let at_its_end = |job: &Job, at: &DateTime<Utc>| {
            matches!(job, Job::ExpireGiftCard { .. }) && *at == now() + TimeDelta::days(365)
        };
        tx.jobs.expect_push().withf(at_its_end).times(2).returning(|_, _| Ok(()));
        let told = |event: &SecurityEvent, _: &_| event.kind == SecurityEventKind::GiftCardsIssued;
        tx.security_log.expect_record().withf(told).times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let issued = issuance(&transactor).issue(&allowed(Role::Admin), wish(2), &client()).await.unwrap();
        assert_eq!(issued.len(), 2);
        assert!(issued.iter().all(|one| one.code.written() == "0000-0000-0000-0000-0000-0000"));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn none_and_too_many_are_refused() {
        for quantity in [0, MOST_AT_ONCE + 1] {
            let transactor = TransactorDouble::new([]);
            let refused = issuance(&transactor).issue(&allowed(Role::Admin), wish(quantity), &client()).await;
            assert!(matches!(refused, Err(IssueGiftCardsError::Quantity)));
        }
    }

    #[tokio::test]
    async fn a_card_without_value_is_refused_and_nothing_is_written() {
        let transactor = TransactorDouble::new([UnitOfWorkDouble::default()]);
        let wish = IssueWish { value: eur(0), ..wish(1) };
        let refused = issuance(&transactor).issue(&allowed(Role::Admin), wish, &client()).await;
        assert!(matches!(refused, Err(IssueGiftCardsError::Refused(IssueRefusal::NoValue))));
        assert_eq!(transactor.commits(), 0);
    }
}
