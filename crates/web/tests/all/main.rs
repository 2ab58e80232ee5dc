//! The API as a whole, with doubles of the use cases behind it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests say what they expect by failing loudly"
)]

mod administration;
mod apps;
mod authorization;
mod documents;
mod factors;
mod gift_cards;
mod guards;
mod idempotency;
mod ledger;
mod operations;
mod pictures;
mod refunds;
mod same_site;
mod server_pages;
mod support;
mod webhooks;
mod wire;
