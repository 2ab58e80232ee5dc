//! People, their sessions, second factors and passkeys, the open proofs of their addresses, ceremonies, counts of
//! attempts, identities elsewhere, and refused tokens.

mod accounts;
mod addresses;
mod api_keys;
mod attempts;
mod ceremonies;
mod email_changes;
pub(super) mod entity;
mod erasure;
mod factors;
mod linked_identities;
mod passkeys;
mod password_resets;
mod queries;
mod repository;
mod sessions;
mod shop_names;

pub use api_keys::SqlApiKeyUses;
pub use attempts::SqlAttemptCounts;
pub(super) use shop_names::shop_names;
