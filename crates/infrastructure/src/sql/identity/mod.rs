//! People, their sessions, the open proofs of their addresses, ceremonies, counts of attempts, identities
//! elsewhere, and refused tokens.

mod accounts;
mod api_keys;
mod attempts;
mod ceremonies;
pub(super) mod entity;
mod linked_identities;
mod password_resets;
mod queries;
mod repository;
mod sessions;

pub use api_keys::SqlApiKeyUses;
pub use attempts::SqlAttemptCounts;
