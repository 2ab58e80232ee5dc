//! Outgoing webhooks: where merchants are told of events, and what is on its way there.

mod deliveries;
mod endpoints;
pub mod entity;
mod queries;
mod store;

pub use store::SqlDeliveryStore;
