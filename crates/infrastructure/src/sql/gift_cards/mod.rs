//! Gift cards, with what the ledger says is left on them.

mod entity;
mod queries;
mod repository;
