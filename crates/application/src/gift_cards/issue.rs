//! Issuing gift cards, as admins do: value that is given away.

use super::issuing::{give_away, plan_delivery};
use super::ports::LaterCodes;
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::policy::AdministerGiftCards;
use crate::identity::ports::SealFailed;
use crate::identity::{Allowed, Client};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator, SecretSource, digest_of};
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gift_cards::{Delivery, GiftCard, GiftCardCode, IssueRefusal, NewGiftCard};
use domain::kernel::{DayRefusal, Gift, GiftCardId, Money};
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
    /// To whom each is mailed, and when.
    pub gift: Option<Gift>,
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
    /// They can't be mailed on that day.
    #[error("they can't be mailed on that day: {0:?}")]
    Day(DayRefusal),
    /// They would have ended when they are mailed.
    #[error("they would have ended when they are mailed")]
    EndsBefore,
    /// The seed of a code could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealFailed),
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
    /// Makes those that must be known once more, when they are mailed.
    pub codes: Arc<dyn LaterCodes>,
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
        if let Some(gift) = &wish.gift {
            gift.check_day(now).map_err(IssueGiftCardsError::Day)?;
            if wish.expires_at.is_some_and(|end| end <= gift.send_at(now) && end > now) {
                return Err(IssueGiftCardsError::EndsBefore);
            }
        }
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
        let id = GiftCardId::new(self.ids.next());
        let seed = wish.gift.as_ref().map(|_| self.codes.seed(id.uuid())).transpose()?;
        let code = match &seed {
            Some(seed) => self.codes.code(seed, id.uuid(), id)?,
            None => GiftCardCode::draw(self.secrets.bytes()),
        };
        let new = NewGiftCard {
            id,
            code_digest: digest_of(code.expose()),
            last4: code.last4(),
            value: wish.value,
            issued_by: caller.user_id,
            recipient_email: wish.gift.as_ref().map(|gift| gift.recipient_email.clone()),
            expires_at: wish.expires_at,
        };
        let card = GiftCard::issue(new, now).map_err(IssueGiftCardsError::Refused)?;
        give_away(tx, &card, now).await?;
        if let Some((gift, seed)) = wish.gift.clone().zip(seed) {
            plan_delivery(tx, &Delivery::plan(id, gift, seed, None, now)).await?;
        }
        Ok(IssuedCard { card, code })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::gift_cards::batch_steps::tests::{code_of, codes};
    use crate::jobs::Job;
    use crate::tests::{StandingSystem, allowed, client, email, eur, now, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use crate::webhooks::tests::announces;
    use chrono::TimeDelta;
    use domain::identity::Role;
    use domain::kernel::Applied;

    fn issuance(transactor: &Arc<TransactorDouble>) -> Issuance {
        let system = StandingSystem::new();
        let codes = Arc::new(codes());
        Issuance { transactor: transactor.clone(), ids: system.clone(), secrets: system.clone(), codes, clock: system }
    }

    fn wish(quantity: u32) -> IssueWish {
        let expires_at = Some(now() + TimeDelta::days(365));
        IssueWish { value: eur(5_000), quantity, expires_at, gift: None }
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
        announces(&mut tx, &["gift_card.issued", "gift_card.issued"]);
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

    pub(crate) fn gift(day: Option<&str>) -> Gift {
        Gift {
            recipient_email: email("friend@example.com"),
            recipient_name: Some("Grace".to_owned()),
            sender_name: Some("Ada".to_owned()),
            message: Some("Happy birthday!".to_owned()),
            deliver_on: day.map(|day| day.parse().unwrap()),
        }
    }

    #[tokio::test]
    async fn a_card_with_a_recipient_is_mailed_on_its_day_with_the_code_that_was_told() {
        let mut tx = UnitOfWorkDouble::default();
        tx.gift_cards
            .expect_insert()
            .withf(|card| card.recipient_email == Some(email("friend@example.com")))
            .times(1)
            .returning(|_| Ok(()));
        tx.ledger.expect_post().returning(|_, _| Ok(Applied::Now(())));
        announces(&mut tx, &["gift_card.issued"]);
        tx.gift_deliveries
            .expect_insert()
            .withf(|delivery| delivery.seed.is_some() && delivery.gift == gift(Some("2027-02-01")))
            .times(1)
            .returning(|_| Ok(()));
        let letter = Job::DeliverGiftCard { gift_card_id: uuid(1_000), letter: 1 };
        let day: DateTime<Utc> = "2027-02-01T08:00:00Z".parse().unwrap();
        tx.jobs.expect_push().withf(move |job, at| *job == letter && *at == day).times(1).returning(|_, _| Ok(()));
        tx.security_log.expect_record().returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let wish = IssueWish { gift: Some(gift(Some("2027-02-01"))), expires_at: None, ..wish(1) };
        let issued = issuance(&transactor).issue(&allowed(Role::Admin), wish, &client()).await.unwrap();
        assert_eq!(issued[0].code, code_of(issued[0].card.id));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn a_card_is_not_mailed_too_late_nor_after_its_end() {
        let issue = |day, expires_at| async move {
            let wish = IssueWish { gift: Some(gift(Some(day))), expires_at, ..wish(1) };
            issuance(&TransactorDouble::new([])).issue(&allowed(Role::Admin), wish, &client()).await.unwrap_err()
        };
        let past = issue("2027-01-01", None).await;
        assert!(matches!(past, IssueGiftCardsError::Day(DayRefusal::Past)));
        let ended = issue("2027-02-01", Some(now() + TimeDelta::days(1))).await;
        assert!(matches!(ended, IssueGiftCardsError::EndsBefore));
    }
}
