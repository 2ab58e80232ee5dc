//! The ledger: its transactions in chains, their entries, the running balances, and reading all of it to check it.

mod balances;
mod books;
mod bulk;
pub(super) mod entity;
mod queries;
mod repository;
mod rules;
mod sellers;
mod snapshot;

pub(super) use sellers::{all_seller_balances, seller_balance};
