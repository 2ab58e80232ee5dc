//! What payouts need from outside.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use domain::kernel::{Currency, Money, Page, PageRequest, PayoutId, UserId};
use domain::payouts::Payout;

/// Stores payouts. Lock the seller first: no two payouts of one seller are made at the same time.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PayoutRepository: Send + Sync {
    /// Adds one.
    async fn insert(&self, payout: &Payout) -> Result<(), RepositoryError>;
    /// Finds one, and keeps others from changing it.
    async fn lock(&self, id: PayoutId) -> Result<Option<Payout>, RepositoryError>;
    /// The one that this request made before.
    async fn find_by_key(&self, request_key: &str) -> Result<Option<Payout>, RepositoryError>;
    /// Writes where it stands.
    async fn update(&self, payout: &Payout) -> Result<(), RepositoryError>;
    /// What a seller is owed in a currency, as the ledger has it.
    async fn owed(&self, seller: UserId, currency: Currency) -> Result<Money, RepositoryError>;
}

/// Reads payouts, outside any transaction. Lists are newest first.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PayoutQueries: Send + Sync {
    /// One of them.
    async fn find_payout(&self, id: PayoutId) -> Result<Option<PayoutView>, RepositoryError>;
    /// A page of them; of one seller, or of all.
    async fn list_payouts(
        &self,
        seller: Option<UserId>,
        page: &PageRequest,
    ) -> Result<Page<PayoutView>, RepositoryError>;
    /// What each seller is owed, in each currency in which it is not nothing, by the names of their shops.
    async fn all_owed(&self) -> Result<Vec<Owed>, RepositoryError>;
}

/// A payout, and whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutView {
    /// The payout.
    pub payout: Payout,
    /// The name of the seller's shop.
    pub shop_name: String,
}

/// What a seller is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// The seller.
    pub seller_id: UserId,
    /// The name of their shop.
    pub shop_name: String,
    /// How much; negative where more was given back than earned.
    pub balance: Money,
}
