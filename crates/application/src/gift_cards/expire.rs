//! What is left on a gift card when its time is over: it is the shop's again (breakage). An order may have held some of it
//! then, and give it back later; so a card can be looked at more than once, and what is there is taken each time.

use super::ports::CardWithBalance;
use crate::jobs::JobFailure;
use crate::ledger::ports::PostError;
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use crate::webhooks::announce;
use async_trait::async_trait;
use domain::gift_cards::GiftCardStatus;
use domain::kernel::{Applied, GiftCardId, Money};
use domain::ledger::movements::GiftCardExpired;
use domain::webhooks::EventKind;
use std::sync::Arc;

/// More orders than these don't give back to a card that has expired.
const MOST_TIMES: u32 = 1_000;

/// Ends gift cards.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ExpireGiftCards: Send + Sync {
    /// Takes what is left off a card whose time is over; one that is used up, or still good, is left alone.
    async fn expire(&self, id: GiftCardId) -> Result<(), JobFailure>;
}

/// The service behind [`ExpireGiftCards`].
pub struct Expiry {
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl ExpireGiftCards for Expiry {
    async fn expire(&self, id: GiftCardId) -> Result<(), JobFailure> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let Some(CardWithBalance { card, balance }) = tx.gift_cards().lock(id).await? else { return Ok(()) };
        if card.status(balance, now) != GiftCardStatus::Expired || !balance.is_positive() {
            return Ok(());
        }
        for before in 0..MOST_TIMES {
            let movement = GiftCardExpired { gift_card: id, left: balance, before };
            let posting = movement.posting().map_err(|error| JobFailure::Fail(error.to_string()))?;
            match tx.ledger().post(&posting, now).await {
                Ok(Applied::Now(())) => {
                    let nothing = Money::zero(balance.currency());
                    announce::gift_card(tx.as_ref(), EventKind::GiftCardExpired, &card, nothing, now).await?;
                    return Ok(tx.commit().await?);
                }
                Ok(Applied::Already) => {}
                Err(PostError::Repository(error)) => return Err(error.into()),
                Err(error @ PostError::TooLittle(_)) => return Err(RepositoryError::unavailable(error).into()),
            }
        }
        Err(JobFailure::Fail(format!("gift card {id} has expired {MOST_TIMES} times, and {balance} is left on it")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gift_cards::redeem::tests::card;
    use crate::tests::{StandingSystem, eur, now};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use crate::webhooks::tests::announces;
    use chrono::{DateTime, Utc};
    use domain::gift_cards::GiftCard;
    use domain::ledger::{MovementKind, Posting};

    fn holding(card: GiftCard, balance: i64) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        let found = CardWithBalance { card, balance: eur(balance) };
        tx.gift_cards.expect_lock().return_once(move |_| Ok(Some(found)));
        tx
    }

    async fn expire(tx: UnitOfWorkDouble) -> usize {
        let transactor = TransactorDouble::new([tx]);
        let expiry = Expiry { transactor: transactor.clone(), clock: StandingSystem::new() };
        expiry.expire(card().id).await.unwrap();
        transactor.commits()
    }

    #[tokio::test]
    async fn what_is_left_is_the_shops_again() {
        let mut tx = holding(GiftCard { expires_at: Some(now()), ..card() }, 3_000);
        announces(&mut tx, &["gift_card.expired"]);
        let breakage = |posting: &Posting, _: &_| posting.kind() == MovementKind::GiftCardExpired;
        tx.ledger.expect_post().withf(breakage).times(1).returning(|_, _| Ok(Applied::Now(())));
        assert_eq!(expire(tx).await, 1);
    }

    #[tokio::test]
    async fn what_came_back_to_a_card_that_had_expired_is_taken_too() {
        let mut tx = holding(GiftCard { expires_at: Some(now()), ..card() }, 3_000);
        announces(&mut tx, &["gift_card.expired"]);
        let first = format!("gift-card:{}:expired", card().id);
        let answer = move |posting: &Posting, _: DateTime<Utc>| {
            Ok(if posting.reference() == first { Applied::Already } else { Applied::Now(()) })
        };
        tx.ledger.expect_post().times(2).returning(answer);
        assert_eq!(expire(tx).await, 1);
    }

    #[tokio::test]
    async fn a_card_that_is_still_good_or_used_up_is_left_alone() {
        let over = GiftCard { expires_at: Some(now()), ..card() };
        assert_eq!(expire(holding(card(), 3_000)).await, 0);
        assert_eq!(expire(holding(over.clone(), 0)).await, 0);
        assert_eq!(expire(holding(GiftCard { redeemed_at: Some(now()), ..over }, 0)).await, 0);
    }
}
