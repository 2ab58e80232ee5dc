//! The rules of the shop as plain values: what a price, an order or a payment is, and which verbs it allows.
//!
//! Nothing here waits, reads a clock, draws a random number or knows how it is stored or shown: the callers hand in
//! the time, the ids and the secrets. A context imports [`kernel`] only and knows the others by id or by a snapshot.

pub mod cart;
pub mod catalog;
pub mod gift_cards;
pub mod identity;
pub mod kernel;
pub mod ledger;
pub mod orders;
pub mod payments;
pub mod webhooks;
