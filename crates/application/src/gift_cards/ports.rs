//! What the gift-card use cases need from outside.

use crate::identity::ports::SealFailed;
use crate::repository_error::RepositoryError;
use crate::webhooks::announce::PlacedStanding;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gift_cards::{Delivery, GiftCard, GiftCardBatch, GiftCardCode, GiftCardStatus, OrderPiece, SealedSeed};
use domain::kernel::{GiftCardBatchId, GiftCardId, Money, OrderId, Page, PageRequest};
use std::ops::Range;
use uuid::Uuid;

/// Stores gift cards.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait GiftCardRepository: Send + Sync {
    /// Adds one.
    async fn insert(&self, card: &GiftCard) -> Result<(), RepositoryError>;
    /// Finds one with what is left on it, and keeps others from changing either.
    async fn lock(&self, id: GiftCardId) -> Result<Option<CardWithBalance>, RepositoryError>;
    /// The same by its code's digest.
    async fn lock_by_digest(&self, digest: &str) -> Result<Option<CardWithBalance>, RepositoryError>;
    /// Those of these ids that there are, locked by id.
    async fn lock_all(&self, ids: &[GiftCardId]) -> Result<Vec<CardWithBalance>, RepositoryError>;
    /// Those of these codes' digests that there are, locked by id.
    async fn lock_all_by_digest(&self, digests: &[String]) -> Result<Vec<CardWithBalance>, RepositoryError>;
    /// Writes what changed.
    async fn update(&self, card: &GiftCard) -> Result<(), RepositoryError>;
    /// Takes one back that nobody has used, if it is so: one statement decides. Lock it first; what is on it is moved by whoever
    /// is answered `true`.
    async fn void(&self, id: GiftCardId, now: DateTime<Utc>) -> Result<bool, RepositoryError>;
}

/// Stores batches of gift cards.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait GiftCardBatchRepository: Send + Sync {
    /// Adds one.
    async fn insert(&self, batch: &GiftCardBatch) -> Result<(), RepositoryError>;
    /// Finds one, and keeps others from changing it.
    async fn lock(&self, id: GiftCardBatchId) -> Result<Option<GiftCardBatch>, RepositoryError>;
    /// Writes what changed.
    async fn update(&self, batch: &GiftCardBatch) -> Result<(), RepositoryError>;
    /// Puts cards in their places; no place has two.
    async fn put_cards(&self, id: GiftCardBatchId, cards: &[(u32, GiftCardId)]) -> Result<(), RepositoryError>;
    /// All its cards, in their places.
    async fn cards(&self, id: GiftCardBatchId) -> Result<Vec<BatchCard>, RepositoryError>;
    /// The ids of those in these places.
    async fn ids_in(&self, id: GiftCardBatchId, places: &[u32]) -> Result<Vec<(u32, GiftCardId)>, RepositoryError>;
    /// Those in these places, locked by id, in their places.
    async fn lock_cards(&self, id: GiftCardBatchId, places: Range<u32>) -> Result<Vec<PlacedCard>, RepositoryError>;
    /// Keeps all its cards from being used since `now`; those that are disabled stay as they are. The rows are locked by id.
    /// Answers those that it changed, in their places.
    async fn disable_cards(&self, id: GiftCardBatchId, now: DateTime<Utc>) -> Result<Vec<PlacedCard>, RepositoryError>;
    /// Lets those be used again that were disabled at that moment, and answers them likewise.
    async fn enable_cards(
        &self,
        id: GiftCardBatchId,
        disabled_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<PlacedCard>, RepositoryError>;
}

/// Stores deliveries of gift cards. Whoever locks one has locked its card before.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait GiftDeliveryRepository: Send + Sync {
    /// Adds one.
    async fn insert(&self, delivery: &Delivery) -> Result<(), RepositoryError>;
    /// Finds that of a card, and keeps others from changing it.
    async fn lock(&self, card: GiftCardId) -> Result<Option<Delivery>, RepositoryError>;
    /// Writes what changed.
    async fn update(&self, delivery: &Delivery) -> Result<(), RepositoryError>;
    /// Whether an order has some. Whoever asks has locked the order.
    async fn any_of_order(&self, order: OrderId) -> Result<bool, RepositoryError>;
    /// The cards that an order has bought, each with the piece that it is. Whoever asks has locked the order.
    async fn pieces_of(&self, order: OrderId) -> Result<Vec<(GiftCardId, OrderPiece)>, RepositoryError>;
}

/// Reads deliveries of gift cards, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait GiftDeliveryQueries: Send + Sync {
    /// That of a card.
    async fn find_delivery(&self, card: GiftCardId) -> Result<Option<Delivery>, RepositoryError>;
    /// Those of an order, by its lines and their pieces.
    async fn sold_cards(&self, order: OrderId) -> Result<Vec<SoldCard>, RepositoryError>;
}

/// A gift card that was bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldCard {
    /// The last characters of its code.
    pub last4: String,
    /// What it was worth.
    pub value: Money,
    /// How its mail stands.
    pub delivery: Delivery,
}

/// A card of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchCard {
    /// Which one.
    pub id: GiftCardId,
    /// The digest of its code.
    pub code_digest: String,
}

/// Makes the codes of cards that must be known again later. They are stored nowhere: they follow from a random seed and the
/// shop's own key, and from nothing once the seed is erased.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait LaterCodes: Send + Sync {
    /// A new seed, sealed for `owner` alone.
    fn seed(&self, owner: Uuid) -> Result<SealedSeed, SealFailed>;
    /// The code of a card: the same each time, and another for each card.
    fn code(&self, seed: &SealedSeed, owner: Uuid, card: GiftCardId) -> Result<GiftCardCode, SealFailed>;
}

/// Reads batches of gift cards, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait GiftCardBatchQueries: Send + Sync {
    /// By id.
    async fn find_batch(&self, id: GiftCardBatchId) -> Result<Option<GiftCardBatch>, RepositoryError>;
    /// A page of them, the newest first.
    async fn list_batches(&self, page: &PageRequest) -> Result<Page<GiftCardBatch>, RepositoryError>;
}

/// Reads gift cards, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait GiftCardQueries: Send + Sync {
    /// By id.
    async fn find_card(&self, id: GiftCardId) -> Result<Option<CardWithBalance>, RepositoryError>;
    /// By its code's digest.
    async fn find_card_by_digest(&self, digest: &str) -> Result<Option<CardWithBalance>, RepositoryError>;
    /// A page of them, the newest first.
    async fn list_cards(
        &self,
        filter: &CardFilter,
        page: &PageRequest,
        now: DateTime<Utc>,
    ) -> Result<Page<CardWithBalance>, RepositoryError>;
    /// What the shop owes to the holders of cards, in each currency.
    async fn liabilities(&self) -> Result<Vec<Liability>, RepositoryError>;
}

/// A card, and what is left on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardWithBalance {
    /// The card.
    pub card: GiftCard,
    /// What the ledger says.
    pub balance: Money,
}

/// A card of a batch in its place, and what is left on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedCard {
    /// Where it stands in its batch.
    pub place: u32,
    /// The card.
    pub card: GiftCard,
    /// What the ledger says.
    pub balance: Money,
}

impl PlacedCard {
    /// How it stands at that moment.
    #[must_use]
    pub fn stands(&self, now: DateTime<Utc>) -> PlacedStanding {
        let Self { place, card, balance } = self;
        let status = card.status(*balance, now);
        PlacedStanding { place: *place, status, balance: *balance, expires_at: card.expires_at }
    }
}

/// Which cards are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CardFilter {
    /// Only those that stand so.
    pub status: Option<GiftCardStatus>,
    /// Only those whose code ends so, or whose recipient's address has this in it.
    pub text: Option<String>,
    /// Only those of this batch.
    pub batch: Option<GiftCardBatchId>,
}

/// What the shop owes in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Liability {
    /// On how many cards something is left.
    pub cards: u64,
    /// How much in all.
    pub outstanding: Money,
}
