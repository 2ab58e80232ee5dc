//! What a check reads: everything as it is stored, without understanding it, since it may have been altered.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::PaymentId;
use std::collections::HashMap;
use uuid::Uuid;

/// Opens snapshots.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait Ledgers: Send + Sync {
    /// Everything as it stands now, three times the same, for three who read at once. What others write meanwhile is not
    /// seen, and nobody waits.
    async fn snapshots(&self) -> Result<[Box<dyn Snapshot>; 3], RepositoryError>;
}

/// Everything as it stood at one moment.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait Snapshot: Send + Sync {
    /// Transactions with their legs, by chain and position, after this one.
    async fn transactions(
        &self,
        after: Option<ChainPlace>,
        most: u64,
    ) -> Result<Vec<StoredTransaction>, RepositoryError>;
    /// The orders that these transactions are about, with their payments.
    async fn orders_of(
        &self,
        transactions: &[StoredTransaction],
    ) -> Result<HashMap<Uuid, StoredOrder>, RepositoryError>;
    /// The entries of accounts that have a floor, account by account in their order, after this one.
    async fn account_entries(
        &self,
        after: Option<AccountPlace>,
        most: u64,
    ) -> Result<Vec<StoredEntry>, RepositoryError>;
    /// The first row that breaks a rule.
    async fn first_that_breaks(&self, rule: Rule) -> Result<Option<String>, RepositoryError>;
    /// Payments that are open although the time to pay is over since a while. Money that is promised may wait longer.
    async fn overdue_payments(&self, now: DateTime<Utc>) -> Result<Overdue, RepositoryError>;
    /// Payments whose money a gateway took, by id, after this one.
    async fn captured_payments(
        &self,
        after: Option<PaymentId>,
        most: u64,
    ) -> Result<Vec<StoredPayment>, RepositoryError>;
    /// Those of these payments that are there, however they stand.
    async fn payments(&self, ids: &[PaymentId]) -> Result<Vec<StoredPayment>, RepositoryError>;
    /// How many orders were paid before there was a ledger.
    async fn paid_before_ledger(&self) -> Result<u64, RepositoryError>;
}

macro_rules! rules {
    ($($(#[$doc:meta])+ $name:ident of $number:literal,)+) => {
        /// A rule that a database can tell by one statement.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Rule {
            $($(#[$doc])+ $name,)+
        }

        impl Rule {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The number of the invariant that it belongs to.
            #[must_use]
            pub const fn invariant(self) -> usize {
                match self { $(Self::$name => $number),+ }
            }
        }
    };
}

rules! {
    /// No running balance is below zero.
    BalanceFloor of 2,
    /// No stock is below zero.
    StockFloor of 2,
    /// What an order that waits for its payment holds is what it took besides the card, and one that ended holds nothing.
    HoldIsTenders of 3,
    /// Every captured payment's order is paid.
    CapturedIsPaid of 5,
    /// Every top-up that was captured has its transaction.
    CapturedIsCredited of 5,
    /// Every top-up's transaction has its captured payment, and says the same.
    CreditedIsCaptured of 5,
    /// Every order that was paid since there is a ledger has its transaction.
    PaidIsPosted of 5,
    /// Every order's total is its payment and what it took besides.
    TendersAddUp of 6,
    /// Every order counts as given back what its refunds and disputes are.
    RefundsAreCounted of 7,
    /// Every payment does, of what went by card.
    CardRefundsAreCounted of 7,
    /// Every top-up does, of what went back to its card.
    TopUpRefundsAreCounted of 7,
    /// Every refund and dispute of a top-up has its transaction, and this moves as much.
    TopUpRefundIsPosted of 7,
    /// Every one that failed or was won has another one, which moves it back.
    TopUpReturnIsPosted of 7,
    /// Every fee that a gateway kept for a dispute is about a payment that is or was disputed.
    FeeIsOfDispute of 7,
    /// Every refund and dispute has its transaction.
    RefundIsPosted of 7,
    /// Every refund that failed and every dispute that was won has another one.
    ReturnIsPosted of 7,
    /// Every transaction of a refund or a dispute has its row.
    PostedIsRefund of 7,
    /// Every payout has its transaction, and another one if it came back.
    PayoutIsPosted of 10,
    /// Every transaction of a payout has its row.
    PostedIsPayout of 10,
    /// No event of a gateway is there twice.
    EventOnce of 8,
    /// No idempotency key of a caller is there twice.
    KeyOnce of 9,
    /// No reference is there twice.
    ReferenceOnce of 10,
    /// Every entry belongs to a transaction.
    EntryBelongs of 10,
    /// No two confirmations of an order wait.
    ConfirmedOnce of 13,
    /// Every running balance has entries.
    BalanceHasEntries of 14,
    /// Every entry of an account that has a floor is counted.
    EntryIsCounted of 14,
}

/// The place of a transaction among those of all chains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainPlace {
    pub chain: String,
    pub position: i64,
}

/// A transaction as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTransaction {
    pub id: Uuid,
    pub chain: String,
    pub position: i64,
    pub kind: String,
    pub reference: String,
    pub order: Option<Uuid>,
    pub payment: Option<Uuid>,
    pub gift_card: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub digest: Vec<u8>,
    /// Its legs by their positions.
    pub legs: Vec<StoredLeg>,
}

/// A leg as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLeg {
    pub account: String,
    pub owner: Option<Uuid>,
    pub amount: i64,
    pub currency: String,
    pub shown_to: Option<Uuid>,
    pub created_at: DateTime<Utc>,
}

/// An order that a transaction is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOrder {
    pub total: i64,
    pub currency: String,
    /// What it took of gift cards and balance.
    pub tenders: i64,
    /// Whether it is paid, or was and went on from there.
    pub is_paid: bool,
    /// Whether it was paid before there was a ledger, and has no transaction of that.
    pub before_ledger: bool,
    /// The payment by card, if the gateway took the money.
    pub captured: Option<(Uuid, i64)>,
}

/// Payments that are open for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overdue {
    /// How many.
    pub count: u64,
    /// The oldest.
    pub first: Option<PaymentId>,
}

/// A payment as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPayment {
    pub id: PaymentId,
    /// The gateway's page.
    pub session: Option<String>,
    pub amount: i64,
    pub currency: String,
    pub standing: Standing,
    /// What the gateway has given back by refunds of ours, and what it is asked to.
    pub refunded: i64,
    pub refunding: i64,
}

/// How a payment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The gateway is asked about it until it knows.
    Open,
    /// Its money was taken.
    Captured,
    /// It ended without, in this way.
    Ended(String),
}

/// An entry of an account that has a floor, with that account's running balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    pub owner: Uuid,
    pub account: String,
    pub currency: String,
    pub account_position: i64,
    pub amount: i64,
    pub balance_after: Option<i64>,
    /// The running balance, and how many entries it counts.
    pub running: Option<(i64, i64)>,
}

/// The place of an entry among those of all accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountPlace {
    pub owner: Uuid,
    pub account: String,
    pub currency: String,
    pub position: i64,
}

impl StoredEntry {
    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> AccountPlace {
        let Self { owner, account, currency, account_position, .. } = self;
        AccountPlace {
            owner: *owner,
            account: account.clone(),
            currency: currency.clone(),
            position: *account_position,
        }
    }
}
