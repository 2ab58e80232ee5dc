//! The use cases of the shop, and the ports (traits) through which they reach everything outside.
//!
//! A use case is one struct that holds its ports and one inbound trait that its callers see. It begins a
//! [`UnitOfWork`](unit_of_work::UnitOfWork), lets the domain decide, stores the outcome and pushes the jobs that follow,
//! commits, and only then talks to gateways. No use case calls another.

pub mod audit;
pub mod cart;
pub mod catalog;
pub mod checkout;
pub mod gift_cards;
pub mod idempotency;
pub mod identity;
pub mod jobs;
pub mod ledger;
pub mod media;
pub mod notifications;
pub mod orders;
pub mod payments;
pub mod payouts;
pub mod rate_limits;
pub mod refunds;
pub mod repository_error;
pub mod system;
pub mod takeout;
#[cfg(test)]
mod tests;
pub mod unit_of_work;
pub mod webhooks;

pub use repository_error::{RepositoryError, UniqueKey};
