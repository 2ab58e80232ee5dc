//! What the ledger needs from outside.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{
    Applied, Currency, GiftCardId, LedgerEntryId, Money, OrderId, Page, PageRequest, PaymentId, UserId,
};
use domain::ledger::{Account, MovementKind, Posting};

/// Stores transactions. Nothing that is stored is ever changed.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait LedgerRepository: Send + Sync {
    /// Adds a transaction to the end of its subject's chain, and moves the running balances of the accounts that have a
    /// floor, in the accounts' order. `Already` when its reference is known: nothing changes then. Lock the subject first.
    async fn post(&self, posting: &Posting, now: DateTime<Utc>) -> Result<Applied, PostError>;
    /// What is in an account that has a floor; nobody else moves it until the end. For those who take as much as there is;
    /// whoever takes a certain amount only posts, and is refused where there is too little.
    async fn lock_balance(&self, account: Account, currency: Currency) -> Result<Money, RepositoryError>;
}

/// Why a posting was not stored; the caller rolls back.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// This account would go below zero.
    #[error("there is too little in {0}")]
    TooLittle(Account),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// Reads the ledger, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait LedgerQueries: Send + Sync {
    /// A customer's store balance in each currency that they ever had some in, by the currency's code.
    async fn balances(&self, user: UserId) -> Result<Vec<Money>, RepositoryError>;
    /// What moved to and from someone, the newest first.
    async fn movements(
        &self,
        user: UserId,
        filter: &MovementFilter,
        page: &PageRequest,
    ) -> Result<Page<Movement>, RepositoryError>;
}

/// Which movements are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MovementFilter {
    /// Only of this kind.
    pub kind: Option<MovementKind>,
    /// Only from this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Only before this moment.
    pub to: Option<DateTime<Utc>>,
}

/// What moved to or from someone: a leg of a transaction that is theirs to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// Its id.
    pub id: LedgerEntryId,
    /// What happened.
    pub kind: MovementKind,
    /// How much; negative where it left them.
    pub amount: Money,
    /// What was in their store balance afterwards, where it was that which moved.
    pub balance_after: Option<Money>,
    /// The order that it is about.
    pub order_id: Option<OrderId>,
    /// The payment that it is about.
    pub payment_id: Option<PaymentId>,
    /// The gift card that it is about.
    pub gift_card_id: Option<GiftCardId>,
    /// When.
    pub created_at: DateTime<Utc>,
}
