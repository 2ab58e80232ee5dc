//! People, their sessions, the open proofs of their addresses, ceremonies, counts of attempts, identities
//! elsewhere, and refused tokens.

mod attempts;
mod ceremonies;
pub(super) mod entity;
mod linked_identities;
mod password_resets;
mod queries;
mod repository;
mod sessions;

pub use attempts::SqlAttemptCounts;
