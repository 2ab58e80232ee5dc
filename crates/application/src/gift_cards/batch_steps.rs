//! Issuing the cards of a batch, step by step, and forgetting codes that nobody fetches. A step is one transaction that
//! counts its cards and plans the next step: whatever is cut off, or run twice, ends with as many cards as were ordered.

use super::issuing::add_to_batch;
use super::ports::LaterCodes;
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::{Job, JobFailure};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator, digest_of};
use crate::unit_of_work::{Transactor, UnitOfWork};
use crate::webhooks::announce::{self, PlacedStanding};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gift_cards::{GiftCard, GiftCardBatch, NewGiftCard, SealedSeed};
use domain::kernel::{Applied, GiftCardBatchId, GiftCardId};
use domain::webhooks::EventKind;
use std::sync::Arc;

/// Does what jobs ask for a batch.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait AdvanceBatches: Send + Sync {
    /// Issues the next cards; nothing once there are all.
    async fn step(&self, id: GiftCardBatchId) -> Result<(), JobFailure>;
    /// Forgets the codes, if they wait and their time is over.
    async fn lapse(&self, id: GiftCardBatchId) -> Result<(), JobFailure>;
}

/// So many cards a step has: few enough for other writers to come in between on SQLite.
pub const STEP: u32 = 250;

/// The service behind [`AdvanceBatches`].
pub struct BatchSteps {
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Makes codes.
    pub codes: Arc<dyn LaterCodes>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl AdvanceBatches for BatchSteps {
    async fn step(&self, id: GiftCardBatchId) -> Result<(), JobFailure> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let Some(mut batch) = tx.gift_card_batches().lock(id).await? else { return Ok(()) };
        let places = batch.issue_next(STEP, now);
        let Some(seed) = batch.seed.clone().filter(|_| !places.is_empty()) else { return Ok(()) };
        let mut cards = Vec::new();
        for place in places {
            cards.push((place, self.one(tx.as_ref(), &batch, &seed, now).await?));
        }
        tx.gift_card_batches().put_cards(id, &cards).await?;
        tx.gift_card_batches().update(&batch).await?;
        match batch.codes_until() {
            Some(end) => whole(tx.as_ref(), &batch, end, now).await?,
            None => tx.jobs().push(Job::IssueGiftCardBatch { batch_id: id.uuid() }, now).await?,
        }
        Ok(tx.commit().await?)
    }

    async fn lapse(&self, id: GiftCardBatchId) -> Result<(), JobFailure> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let Some(mut batch) = tx.gift_card_batches().lock(id).await? else { return Ok(()) };
        if batch.lapse(now) == Applied::Already {
            return Ok(());
        }
        tx.gift_card_batches().update(&batch).await?;
        let event = SecurityEvent::new(SecurityEventKind::GiftCardCodesLapsed)
            .about(batch.issued_by)
            .with("batch", id)
            .with("quantity", batch.quantity);
        tx.security_log().record(&event, now).await?;
        Ok(tx.commit().await?)
    }
}

/// All cards are there: plans when the codes are forgotten and when the cards end, and announces them. Nobody has their codes
/// before, so nothing was kept from anybody.
async fn whole(
    tx: &dyn UnitOfWork,
    batch: &GiftCardBatch,
    codes_until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    let batch_id = batch.id.uuid();
    tx.jobs().push(Job::LapseGiftCardCodes { batch_id }, codes_until).await?;
    if let Some(end) = batch.expires_at {
        tx.jobs().push(Job::ExpireGiftCardBatch { batch_id, from: 0 }, end).await?;
    }
    let (status, balance, expires_at) = (batch.card_status(now), batch.value, batch.expires_at);
    let cards = (0..batch.quantity).map(|place| PlacedStanding { place, status, balance, expires_at });
    announce::gift_cards(tx, EventKind::GiftCardIssued, batch, cards, now).await
}

impl BatchSteps {
    async fn one(
        &self,
        tx: &dyn UnitOfWork,
        batch: &GiftCardBatch,
        seed: &SealedSeed,
        now: DateTime<Utc>,
    ) -> Result<GiftCardId, JobFailure> {
        let id = GiftCardId::new(self.ids.next());
        let code = self.codes.code(seed, batch.id.uuid(), id).map_err(RepositoryError::unavailable)?;
        let new = NewGiftCard {
            id,
            code_digest: digest_of(code.expose()),
            last4: code.last4(),
            value: batch.value,
            issued_by: batch.issued_by,
            recipient_email: None,
            expires_at: batch.expires_at,
        };
        // As of when they were ordered: an end that has come in the meantime ends them by its own job.
        let card =
            GiftCard::issue(new, batch.created_at).map_err(|refused| JobFailure::Fail(format!("{refused:?}")))?;
        let card = GiftCard { disabled_at: batch.disabled_at, ..card };
        add_to_batch(tx, &card, now).await?;
        Ok(id)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::gift_cards::ports::MockLaterCodes;
    use crate::tests::{StandingSystem, eur, now, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use crate::webhooks::tests::announces_cards;
    use chrono::TimeDelta;
    use domain::gift_cards::{BatchStatus, GiftCardCode, NewGiftCardBatch};
    use domain::kernel::UserId;
    use serde_json::json;

    pub(in crate::gift_cards) fn batch(quantity: u32) -> GiftCardBatch {
        let new = NewGiftCardBatch {
            id: GiftCardBatchId::new(uuid(70)),
            value: eur(5_000),
            quantity,
            expires_at: Some(now() + TimeDelta::days(300)),
            note: None,
            issued_by: UserId::new(uuid(8)),
            seed: SealedSeed::new("sealed".to_owned()),
        };
        GiftCardBatch::order(new, now()).unwrap()
    }

    /// Codes that tell which card they are of.
    pub(in crate::gift_cards) fn codes() -> MockLaterCodes {
        let mut codes = MockLaterCodes::new();
        codes.expect_seed().returning(|_| Ok(SealedSeed::new("sealed".to_owned())));
        codes.expect_code().returning(|_, _, card| Ok(code_of(card)));
        codes
    }

    pub(in crate::gift_cards) fn code_of(card: GiftCardId) -> GiftCardCode {
        GiftCardCode::parse(&format!("{:024}", card.uuid().as_u128())).unwrap()
    }

    fn steps(transactor: &Arc<TransactorDouble>) -> BatchSteps {
        let system = StandingSystem::new();
        BatchSteps { transactor: transactor.clone(), codes: Arc::new(codes()), ids: system.clone(), clock: system }
    }

    fn holding(batch: GiftCardBatch) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.gift_card_batches.expect_lock().return_once(move |_| Ok(Some(batch)));
        tx
    }

    /// Expects so many new cards, the first of them in this place.
    fn expecting_cards(tx: &mut UnitOfWorkDouble, cards: usize, first: u32) {
        tx.gift_cards
            .expect_insert()
            .withf(|card| card.code_digest == digest_of(code_of(card.id).expose()))
            .times(cards)
            .returning(|_| Ok(()));
        tx.ledger.expect_post().times(cards).returning(|_, _| Ok(Applied::Now(())));
        let placed = move |_: &_, placed: &[(u32, GiftCardId)]| placed.len() == cards && placed[0].0 == first;
        tx.gift_card_batches.expect_put_cards().withf(placed).times(1).returning(|_, _| Ok(()));
    }

    #[tokio::test]
    async fn a_step_counts_its_cards_and_plans_the_next_one() {
        let mut tx = holding(batch(STEP + 2));
        expecting_cards(&mut tx, STEP as usize, 0);
        tx.gift_card_batches.expect_update().withf(|batch| batch.issued == STEP).times(1).returning(|_| Ok(()));
        let next = |job: &Job, at: &DateTime<Utc>| matches!(job, Job::IssueGiftCardBatch { .. }) && *at == now();
        tx.jobs.expect_push().withf(next).times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        steps(&transactor).step(batch(1).id).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn the_last_step_plans_when_the_codes_are_forgotten() {
        let mut begun = batch(STEP + 2);
        begun.issue_next(STEP, now());
        let mut tx = holding(begun);
        expecting_cards(&mut tx, 2, STEP);
        tx.gift_card_batches
            .expect_update()
            .withf(|batch| batch.status() == BatchStatus::Ready)
            .times(1)
            .returning(|_| Ok(()));
        let lapse = |job: &Job, at: &DateTime<Utc>| {
            matches!(job, Job::LapseGiftCardCodes { .. }) && *at == now() + GiftCardBatch::CODES_WAIT
        };
        tx.jobs.expect_push().withf(lapse).times(1).returning(|_, _| Ok(()));
        let ends = |job: &Job, at: &DateTime<Utc>| {
            matches!(job, Job::ExpireGiftCardBatch { from: 0, .. }) && Some(*at) == batch(1).expires_at
        };
        tx.jobs.expect_push().withf(ends).times(1).returning(|_, _| Ok(()));
        announces_cards(&mut tx, "gift_card.issued", json!([[0, STEP + 1, ["active", 5_000, batch(1).expires_at]]]));
        let transactor = TransactorDouble::new([tx]);
        steps(&transactor).step(batch(1).id).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn a_batch_that_is_whole_gets_no_more_cards() {
        let mut whole = batch(2);
        whole.issue_next(2, now());
        let transactor = TransactorDouble::new([holding(whole)]);
        steps(&transactor).step(batch(1).id).await.unwrap();
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn cards_of_a_disabled_batch_are_born_disabled() {
        let mut disabled = batch(1);
        disabled.disable(now());
        let mut tx = holding(disabled);
        tx.gift_cards.expect_insert().withf(|card| card.disabled_at == Some(now())).times(1).returning(|_| Ok(()));
        tx.ledger.expect_post().returning(|_, _| Ok(Applied::Now(())));
        tx.jobs.expect_push().returning(|_, _| Ok(()));
        tx.gift_card_batches.expect_put_cards().returning(|_, _| Ok(()));
        tx.gift_card_batches.expect_update().returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        steps(&transactor).step(batch(1).id).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn codes_that_nobody_fetched_are_forgotten_and_the_log_tells_of_it() {
        let mut waiting = batch(1);
        waiting.issue_next(1, now() - GiftCardBatch::CODES_WAIT);
        let mut tx = holding(waiting);
        tx.gift_card_batches.expect_update().withf(|batch| batch.seed.is_none()).times(1).returning(|_| Ok(()));
        let told = |event: &SecurityEvent, _: &_| event.kind == SecurityEventKind::GiftCardCodesLapsed;
        tx.security_log.expect_record().withf(told).times(1).returning(|_, _| Ok(()));
        let mut told_before = batch(1);
        told_before.issue_next(1, now() - GiftCardBatch::CODES_WAIT);
        told_before.tell_codes(UserId::new(uuid(8)), now()).unwrap();
        let transactor = TransactorDouble::new([tx, holding(told_before)]);
        let steps = steps(&transactor);
        steps.lapse(batch(1).id).await.unwrap();
        steps.lapse(batch(1).id).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }
}
