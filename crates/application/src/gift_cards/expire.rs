//! What is left on a gift card when its time is over: it is the shop's again (breakage). An order may have held some of it
//! then, and give it back later; so a card can be looked at more than once, and what is there is taken each time.

use super::batch_steps::STEP;
use super::ports::{CardWithBalance, PlacedCard};
use crate::jobs::{Job, JobFailure};
use crate::ledger::ports::PostError;
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::{Transactor, UnitOfWork};
use crate::webhooks::announce;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gift_cards::{GiftCard, GiftCardStatus};
use domain::kernel::{Applied, GiftCardBatchId, GiftCardId, Money};
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
    /// The same for the next cards of a batch, from this place on, and plans it for the others.
    async fn expire_batch(&self, id: GiftCardBatchId, from: u32) -> Result<(), JobFailure>;
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
        if !end(tx.as_ref(), &card, balance, now).await? {
            return Ok(());
        }
        let nothing = Money::zero(balance.currency());
        announce::gift_card(tx.as_ref(), EventKind::GiftCardExpired, &card, nothing, now).await?;
        Ok(tx.commit().await?)
    }

    async fn expire_batch(&self, id: GiftCardBatchId, from: u32) -> Result<(), JobFailure> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let Some(batch) = tx.gift_card_batches().lock(id).await? else { return Ok(()) };
        let until = batch.quantity.min(from.saturating_add(STEP));
        let mut ended = Vec::new();
        for found in tx.gift_card_batches().lock_cards(id, from..until).await? {
            if end(tx.as_ref(), &found.card, found.balance, now).await? {
                let nothing = Money::zero(found.balance.currency());
                ended.push(PlacedCard { balance: nothing, ..found }.stands(now));
            }
        }
        announce::gift_cards(tx.as_ref(), EventKind::GiftCardExpired, &batch, ended, now).await?;
        if until < batch.quantity {
            tx.jobs().push(Job::ExpireGiftCardBatch { batch_id: id.uuid(), from: until }, now).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Takes what is left off a card; answers whether it did.
async fn end(tx: &dyn UnitOfWork, card: &GiftCard, balance: Money, now: DateTime<Utc>) -> Result<bool, JobFailure> {
    if card.status(balance, now) != GiftCardStatus::Expired || !balance.is_positive() {
        return Ok(false);
    }
    for before in 0..MOST_TIMES {
        let movement = GiftCardExpired { gift_card: card.id, left: balance, before };
        let posting = movement.posting().map_err(|error| JobFailure::Fail(error.to_string()))?;
        match tx.ledger().post(&posting, now).await {
            Ok(Applied::Now(())) => return Ok(true),
            Ok(Applied::Already) => {}
            Err(PostError::Repository(error)) => return Err(error.into()),
            Err(error @ PostError::TooLittle(_)) => return Err(RepositoryError::unavailable(error).into()),
        }
    }
    Err(JobFailure::Fail(format!("gift card {} has expired {MOST_TIMES} times, and {balance} is left on it", card.id)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gift_cards::batch_steps::tests::batch;
    use crate::gift_cards::redeem::tests::card;
    use crate::tests::{StandingSystem, eur, now};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use crate::webhooks::tests::{announces, announces_cards};
    use domain::ledger::{MovementKind, Posting};
    use serde_json::json;

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

    #[tokio::test]
    async fn the_cards_of_a_batch_end_page_by_page_and_are_told_of_by_one_job_a_page() {
        let over = GiftCard { expires_at: Some(now()), ..card() };
        let used_up = GiftCard { redeemed_at: Some(now()), ..over.clone() };
        let placed = |place, card: &GiftCard, left| PlacedCard { place, card: card.clone(), balance: eur(left) };
        let page = vec![placed(0, &over, 5_000), placed(1, &used_up, 0), placed(2, &over, 700)];
        let mut first = UnitOfWorkDouble::default();
        first.gift_card_batches.expect_lock().return_once(|_| Ok(Some(batch(STEP + 1))));
        let places = |_: &_, places: &std::ops::Range<u32>| *places == (0..STEP);
        first.gift_card_batches.expect_lock_cards().withf(places).return_once(move |_, _| Ok(page));
        first.ledger.expect_post().times(2).returning(|_, _| Ok(Applied::Now(())));
        announces_cards(
            &mut first,
            "gift_card.expired",
            json!([[0, 0, ["expired", 0, now()]], [2, 2, ["expired", 0, now()]]]),
        );
        let next = |job: &Job, _: &_| matches!(job, Job::ExpireGiftCardBatch { from: STEP, .. });
        first.jobs.expect_push().withf(next).times(1).returning(|_, _| Ok(()));
        let mut last = UnitOfWorkDouble::default();
        last.gift_card_batches.expect_lock().return_once(|_| Ok(Some(batch(STEP + 1))));
        let rest = |_: &_, places: &std::ops::Range<u32>| *places == (STEP..STEP + 1);
        last.gift_card_batches.expect_lock_cards().withf(rest).return_once(|_, _| Ok(vec![]));
        let transactor = TransactorDouble::new([first, last]);
        let expiry = Expiry { transactor: transactor.clone(), clock: StandingSystem::new() };
        expiry.expire_batch(batch(1).id, 0).await.unwrap();
        expiry.expire_batch(batch(1).id, STEP).await.unwrap();
        assert_eq!(transactor.commits(), 2);
    }
}
