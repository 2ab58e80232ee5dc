//! The database behind the ports, on PostgreSQL and SQLite alike: one adapter, written once.
//!
//! Commands stand on [`Sql<DatabaseTransaction>`], which is a unit of work; pages and lists on [`Sql<DatabaseConnection>`].
//! What differs between the engines stands in [`Database`], and in no repository. Business rules are not here: a
//! conditional UPDATE tells whether it could, and the callers decide.

pub mod audit;
pub mod cart;
pub mod catalog;
mod database;
mod error;
mod gift_cards;
pub mod idempotency;
pub mod identity;
pub mod jobs;
mod ledger;
mod media;
pub mod orders;
mod paging;
pub mod payments;
mod payouts;
mod refunds;
mod stored;
mod takeout;
mod unit_of_work;
mod webhooks;

pub use database::{Database, DatabaseSettings};
pub use idempotency::{AnswerSeal, SqlIdempotencyKeys};
pub use identity::{SqlApiKeyUses, SqlAttemptCounts};
pub use jobs::SqlJobStore;
pub use payments::{SandboxOutcomeRow, SandboxRefund, SandboxSessionRow, SandboxSessions};
pub use unit_of_work::SqlTransactor;
pub use webhooks::SqlDeliveryStore;

/// How a row is kept from others' changes until the end of a transaction. Others may still refer to it by a foreign key:
/// adding a line for a variant waits for no one who changes the variant.
const OWN: sea_orm::sea_query::LockType = sea_orm::sea_query::LockType::NoKeyUpdate;

/// The adapter of every repository and query, over a transaction or a connection.
pub struct Sql<C>(C);

impl<C> Sql<C> {
    /// The adapter over this.
    pub const fn over(connection: C) -> Self {
        Self(connection)
    }
}
