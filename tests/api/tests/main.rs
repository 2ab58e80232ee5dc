//! Black-box tests: each starts the real server (`CARAT_BIN`) on a database of its own and speaks HTTP with it.
//! Run them through `make test-api`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "tests fail loudly, tell what they saw, and stand outside the house with its ports for time, ids and settings"
)]

mod harness;

mod administration;
mod cart;
mod catalog;
mod checkout;
mod gift_cards;
mod identity;
mod ledger;
mod orders;
mod ownership;
mod payments;
mod platform;
mod webhooks;
