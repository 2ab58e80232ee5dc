//! Batches of gift cards, as admins order and look after them.

use super::ports::{GiftCardBatchQueries, LaterCodes, PlacedCard};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::policy::{AdministerGiftCards, ViewGiftCards};
use crate::identity::ports::SealFailed;
use crate::identity::{Allowed, Client};
use crate::jobs::Job;
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator, digest_of};
use crate::unit_of_work::{Transactor, UnitOfWork};
use crate::webhooks::announce;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gift_cards::{BatchRefusal, CodesRefusal, GiftCardBatch, GiftCardCode, NewGiftCardBatch};
use domain::kernel::{Applied, GiftCardBatchId, GiftCardId, Money, Page, PageRequest};
use domain::webhooks::EventKind;
use std::sync::Arc;

/// Orders batches and looks after them.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait LookAfterBatches: Send + Sync {
    /// Orders one. Its cards are issued soon after.
    async fn order(
        &self,
        caller: &Allowed<AdministerGiftCards>,
        wish: BatchWish,
        client: &Client,
    ) -> Result<GiftCardBatch, OrderBatchError>;
    /// A page of them, the newest first.
    async fn list(
        &self,
        caller: &Allowed<ViewGiftCards>,
        page: &PageRequest,
    ) -> Result<Page<GiftCardBatch>, RepositoryError>;
    /// One of them, or `None`.
    async fn find(
        &self,
        caller: &Allowed<ViewGiftCards>,
        id: GiftCardBatchId,
    ) -> Result<Option<GiftCardBatch>, RepositoryError>;
    /// Keeps all its cards from being used, or lets them be used again, but for those that were disabled one by one; `None`
    /// when there is no such batch.
    async fn set_usable(
        &self,
        caller: &Allowed<AdministerGiftCards>,
        id: GiftCardBatchId,
        usable: bool,
        client: &Client,
    ) -> Result<Option<GiftCardBatch>, RepositoryError>;
    /// Tells the codes of all its cards, once. From then on nobody can.
    async fn tell_codes(
        &self,
        caller: &Allowed<AdministerGiftCards>,
        id: GiftCardBatchId,
        client: &Client,
    ) -> Result<BatchCodes, TellCodesError>;
}

/// What is to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchWish {
    /// What each card is worth.
    pub value: Money,
    /// How many.
    pub quantity: u32,
    /// From when on they are worth nothing.
    pub expires_at: Option<DateTime<Utc>>,
    /// What they are for.
    pub note: Option<String>,
}

/// The codes of a batch. Its `Debug` shows none of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchCodes {
    /// The batch.
    pub batch: GiftCardBatch,
    /// Each card's, in their places.
    pub codes: Vec<(GiftCardId, GiftCardCode)>,
}

/// Why there is no new batch.
#[derive(Debug, thiserror::Error)]
pub enum OrderBatchError {
    /// A batch like this makes no sense.
    #[error("the batch is refused: {0:?}")]
    Refused(BatchRefusal),
    /// The seed could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealFailed),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// Why the codes are not told.
#[derive(Debug, thiserror::Error)]
pub enum TellCodesError {
    /// There is no such batch.
    #[error("there is no such batch")]
    NotFound,
    /// It is too early or too late.
    #[error("the codes are not told: {0:?}")]
    Refused(CodesRefusal),
    /// The shop's key is not the one with which the codes were made: they can't be told, and nothing was changed.
    #[error("the codes do not follow from this shop's key")]
    OtherKey,
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`LookAfterBatches`].
pub struct BatchDesk {
    /// Reads batches.
    pub batches: Arc<dyn GiftCardBatchQueries>,
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
impl LookAfterBatches for BatchDesk {
    async fn order(
        &self,
        caller: &Allowed<AdministerGiftCards>,
        wish: BatchWish,
        client: &Client,
    ) -> Result<GiftCardBatch, OrderBatchError> {
        let now = self.clock.now();
        let id = GiftCardBatchId::new(self.ids.next());
        let new = NewGiftCardBatch {
            id,
            value: wish.value,
            quantity: wish.quantity,
            expires_at: wish.expires_at,
            note: wish.note,
            issued_by: caller.user_id,
            seed: self.codes.seed(id.uuid())?,
        };
        let batch = GiftCardBatch::order(new, now).map_err(OrderBatchError::Refused)?;
        let tx = self.transactor.begin().await?;
        tx.gift_card_batches().insert(&batch).await?;
        tx.jobs().push(Job::IssueGiftCardBatch { batch_id: id.uuid() }, now).await?;
        let event = SecurityEvent::new(SecurityEventKind::GiftCardsIssued)
            .about(caller.user_id)
            .by(caller.user_id)
            .from(client)
            .with("batch", id)
            .with("quantity", batch.quantity)
            .with("value", batch.value);
        tx.security_log().record(&event, now).await?;
        tx.commit().await?;
        Ok(batch)
    }

    async fn list(
        &self,
        _: &Allowed<ViewGiftCards>,
        page: &PageRequest,
    ) -> Result<Page<GiftCardBatch>, RepositoryError> {
        self.batches.list_batches(page).await
    }

    async fn find(
        &self,
        _: &Allowed<ViewGiftCards>,
        id: GiftCardBatchId,
    ) -> Result<Option<GiftCardBatch>, RepositoryError> {
        self.batches.find_batch(id).await
    }

    async fn set_usable(
        &self,
        caller: &Allowed<AdministerGiftCards>,
        id: GiftCardBatchId,
        usable: bool,
        client: &Client,
    ) -> Result<Option<GiftCardBatch>, RepositoryError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let Some(mut batch) = tx.gift_card_batches().lock(id).await? else { return Ok(None) };
        let kind = if usable {
            let Applied::Now(since) = batch.enable(now) else { return Ok(Some(batch)) };
            let cards = tx.gift_card_batches().enable_cards(id, since, now).await?;
            tell(tx.as_ref(), EventKind::GiftCardEnabled, &batch, &cards, now).await?;
            SecurityEventKind::GiftCardBatchEnabled
        } else {
            let Applied::Now(()) = batch.disable(now) else { return Ok(Some(batch)) };
            let cards = tx.gift_card_batches().disable_cards(id, now).await?;
            tell(tx.as_ref(), EventKind::GiftCardDisabled, &batch, &cards, now).await?;
            SecurityEventKind::GiftCardBatchDisabled
        };
        tx.gift_card_batches().update(&batch).await?;
        let event = SecurityEvent::new(kind).about(caller.user_id).by(caller.user_id).from(client);
        tx.security_log().record(&event.with("batch", id), now).await?;
        tx.commit().await?;
        Ok(Some(batch))
    }

    async fn tell_codes(
        &self,
        caller: &Allowed<AdministerGiftCards>,
        id: GiftCardBatchId,
        client: &Client,
    ) -> Result<BatchCodes, TellCodesError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let mut batch = tx.gift_card_batches().lock(id).await?.ok_or(TellCodesError::NotFound)?;
        let seed = batch.tell_codes(caller.user_id, now).map_err(TellCodesError::Refused)?;
        let mut codes = Vec::new();
        for card in tx.gift_card_batches().cards(id).await? {
            let code = self.codes.code(&seed, id.uuid(), card.id).map_err(|_| TellCodesError::OtherKey)?;
            if digest_of(code.expose()) != card.code_digest {
                return Err(TellCodesError::OtherKey);
            }
            codes.push((card.id, code));
        }
        tx.gift_card_batches().update(&batch).await?;
        let event = SecurityEvent::new(SecurityEventKind::GiftCardCodesDownloaded)
            .about(caller.user_id)
            .by(caller.user_id)
            .from(client)
            .with("batch", id)
            .with("quantity", batch.quantity);
        tx.security_log().record(&event, now).await?;
        tx.commit().await?;
        Ok(BatchCodes { batch, codes })
    }
}

/// Announces what happened to these cards of a batch, as they stand now.
async fn tell(
    tx: &dyn UnitOfWork,
    kind: EventKind,
    batch: &GiftCardBatch,
    cards: &[PlacedCard],
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    announce::gift_cards(tx, kind, batch, cards.iter().map(|card| card.stands(now)), now).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gift_cards::batch_steps::tests::{batch, code_of, codes};
    use crate::gift_cards::ports::{BatchCard, MockGiftCardBatchQueries, MockLaterCodes};
    use crate::gift_cards::redeem::tests::card;
    use crate::tests::{StandingSystem, allowed, client, eur, now, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use crate::webhooks::tests::announces_cards;
    use domain::gift_cards::{BatchStatus, GiftCard};
    use domain::identity::Role;
    use serde_json::json;

    fn desk_with(transactor: &Arc<TransactorDouble>, codes: MockLaterCodes) -> BatchDesk {
        let system = StandingSystem::new();
        BatchDesk {
            batches: Arc::new(MockGiftCardBatchQueries::new()),
            transactor: transactor.clone(),
            codes: Arc::new(codes),
            ids: system.clone(),
            clock: system,
        }
    }

    fn desk(transactor: &Arc<TransactorDouble>) -> BatchDesk {
        desk_with(transactor, codes())
    }

    fn wish(quantity: u32) -> BatchWish {
        BatchWish { value: eur(5_000), quantity, expires_at: None, note: Some("Fair".to_owned()) }
    }

    fn ready() -> GiftCardBatch {
        let mut batch = batch(2);
        batch.issue_next(2, now());
        batch
    }

    fn holding(batch: GiftCardBatch) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.gift_card_batches.expect_lock().return_once(move |_| Ok(Some(batch)));
        tx
    }

    fn logging(mut tx: UnitOfWorkDouble, kind: SecurityEventKind) -> UnitOfWorkDouble {
        let told = move |event: &SecurityEvent, _: &_| event.kind == kind;
        tx.security_log.expect_record().withf(told).times(1).returning(|_, _| Ok(()));
        tx
    }

    #[tokio::test]
    async fn a_batch_is_written_down_and_issued_by_a_job() {
        let mut tx = logging(UnitOfWorkDouble::default(), SecurityEventKind::GiftCardsIssued);
        tx.gift_card_batches
            .expect_insert()
            .withf(|batch| batch.seed.is_some() && batch.issued == 0)
            .times(1)
            .returning(|_| Ok(()));
        let begins =
            |job: &Job, at: &DateTime<Utc>| *job == Job::IssueGiftCardBatch { batch_id: uuid(1_000) } && *at == now();
        tx.jobs.expect_push().withf(begins).times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let batch = desk(&transactor).order(&allowed(Role::Admin), wish(10_000), &client()).await.unwrap();
        assert_eq!((batch.quantity, batch.status()), (10_000, BatchStatus::Issuing));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn a_batch_that_makes_no_sense_is_refused_and_nothing_is_written() {
        for (wish, refusal) in [
            (wish(0), BatchRefusal::Quantity),
            (wish(10_001), BatchRefusal::Quantity),
            (BatchWish { value: eur(0), ..wish(1) }, BatchRefusal::Card(domain::gift_cards::IssueRefusal::NoValue)),
        ] {
            let refused = desk(&TransactorDouble::new([])).order(&allowed(Role::Admin), wish, &client()).await;
            assert!(matches!(refused, Err(OrderBatchError::Refused(why)) if why == refusal));
        }
    }

    /// The two cards of the batch, as they are stored.
    fn stored(digest_of_second: String) -> Vec<BatchCard> {
        let [first, second] = [1, 2].map(|id| GiftCardId::new(uuid(id)));
        vec![
            BatchCard { id: first, code_digest: digest_of(code_of(first).expose()) },
            BatchCard { id: second, code_digest: digest_of_second },
        ]
    }

    #[tokio::test]
    async fn codes_are_told_in_their_places_and_the_seed_is_erased_with_that() {
        let second = GiftCardId::new(uuid(2));
        let mut tx = logging(holding(ready()), SecurityEventKind::GiftCardCodesDownloaded);
        let cards = stored(digest_of(code_of(second).expose()));
        tx.gift_card_batches.expect_cards().return_once(move |_| Ok(cards));
        tx.gift_card_batches.expect_update().withf(|batch| batch.seed.is_none()).times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let told = desk(&transactor).tell_codes(&allowed(Role::Admin), ready().id, &client()).await.unwrap();
        assert_eq!(told.codes[1], (second, code_of(second)));
        assert_eq!(told.codes.len(), 2);
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn codes_are_not_told_twice_nor_too_early() {
        let mut told = ready();
        told.tell_codes(domain::kernel::UserId::new(uuid(1)), now()).unwrap();
        for (batch, refusal) in [(told, CodesRefusal::Downloaded), (batch(2), CodesRefusal::NotReady)] {
            let transactor = TransactorDouble::new([holding(batch)]);
            let refused = desk(&transactor).tell_codes(&allowed(Role::Admin), ready().id, &client()).await;
            assert!(matches!(refused, Err(TellCodesError::Refused(why)) if why == refusal));
            assert_eq!(transactor.commits(), 0);
        }
    }

    #[tokio::test]
    async fn codes_under_another_key_are_not_told_and_not_forgotten() {
        let mut tx = holding(ready());
        tx.gift_card_batches.expect_cards().return_once(|_| Ok(stored("of another key".to_owned())));
        let mut locked = MockLaterCodes::new();
        locked.expect_code().returning(|_, _, _| Err(SealFailed));
        let mut sealed = holding(ready());
        sealed.gift_card_batches.expect_cards().return_once(|_| Ok(stored(String::new())));
        for (tx, codes) in [(tx, codes()), (sealed, locked)] {
            let transactor = TransactorDouble::new([tx]);
            let refused = desk_with(&transactor, codes).tell_codes(&allowed(Role::Admin), ready().id, &client()).await;
            assert!(matches!(refused, Err(TellCodesError::OtherKey)));
            assert_eq!(transactor.commits(), 0);
        }
    }

    #[tokio::test]
    async fn admins_see_how_a_batch_stands() {
        let mut batches = MockGiftCardBatchQueries::new();
        batches.expect_find_batch().withf(|id| *id == ready().id).returning(|_| Ok(Some(ready())));
        let desk = BatchDesk { batches: Arc::new(batches), ..desk(&TransactorDouble::new([])) };
        assert_eq!(desk.find(&allowed(Role::Admin), ready().id).await.unwrap(), Some(ready()));
    }

    #[tokio::test]
    async fn a_whole_batch_is_disabled_and_enabled() {
        let mut tx = logging(holding(ready()), SecurityEventKind::GiftCardBatchDisabled);
        let disabled = GiftCard { disabled_at: Some(now()), ..card() };
        let placed = move |place, left| PlacedCard { place, card: disabled.clone(), balance: eur(left) };
        let touched = vec![placed(0, 5_000), placed(1, 5_000), placed(4, 0)];
        tx.gift_card_batches.expect_disable_cards().times(1).return_once(|_, _| Ok(touched));
        let standing = json!([[0, 1, ["disabled", 5_000, null]], [4, 4, ["redeemed", 0, null]]]);
        announces_cards(&mut tx, "gift_card.disabled", standing);
        tx.gift_card_batches.expect_update().times(1).returning(|_| Ok(()));
        let since = now() - chrono::TimeDelta::days(1);
        let disabled = GiftCardBatch { disabled_at: Some(since), ..ready() };
        let mut back = logging(holding(disabled.clone()), SecurityEventKind::GiftCardBatchEnabled);
        let same = move |_: &_, at: &DateTime<Utc>, _: &_| *at == since;
        let one = PlacedCard { place: 0, card: card(), balance: eur(5_000) };
        back.gift_card_batches.expect_enable_cards().withf(same).times(1).return_once(|_, _, _| Ok(vec![one]));
        announces_cards(&mut back, "gift_card.enabled", json!([[0, 0, ["active", 5_000, null]]]));
        back.gift_card_batches.expect_update().times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx, back, holding(disabled), holding(ready())]);
        let desk = desk(&transactor);
        for usable in [false, true, false, true] {
            desk.set_usable(&allowed(Role::Admin), ready().id, usable, &client()).await.unwrap().unwrap();
        }
        assert_eq!(transactor.commits(), 2, "what is so already is not written again");
    }
}
