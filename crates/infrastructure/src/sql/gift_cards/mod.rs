//! Gift cards, with what the ledger says is left on them.

mod batches;
mod deliveries;
mod entity;
mod queries;
mod repository;
