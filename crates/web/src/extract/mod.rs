//! What handlers take out of a request: bodies and queries that obey their rules, who calls, from where, and under which
//! key. Each refuses with the problem that the contract names.

pub mod caller;
pub mod client;
pub mod client_address;
pub mod idempotency_key;
pub mod in_order;
pub mod json;
pub mod page;
pub mod path;
pub mod permitted;
pub mod query;
mod repair;
pub mod text;

pub use caller::CurrentUser;
pub use client::{CallingClient, DEVICE_COOKIE};
pub use client_address::{ClientAddress, Network, TrustedProxies};
pub use idempotency_key::RequiredKey;
pub use in_order::InOrder;
pub use json::{MaybeJson, ValidJson};
pub use page::PageQuery;
pub use permitted::{MaybePermitted, Permitted};
pub use query::{FromQuery, QueryReader, ValidQuery};
