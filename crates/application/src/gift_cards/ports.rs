//! What the gift-card use cases need from outside.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gift_cards::{GiftCard, GiftCardStatus};
use domain::kernel::{GiftCardId, Money, Page, PageRequest};

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

/// Which cards are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CardFilter {
    /// Only those that stand so.
    pub status: Option<GiftCardStatus>,
    /// Only those whose code ends so, or whose recipient's address has this in it.
    pub text: Option<String>,
}

/// What the shop owes in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Liability {
    /// On how many cards something is left.
    pub cards: u64,
    /// How much in all.
    pub outstanding: Money,
}
