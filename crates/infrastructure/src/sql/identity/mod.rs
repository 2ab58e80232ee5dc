//! People, the open proofs of their addresses, and refused tokens.

pub(super) mod entity;
mod queries;
mod repository;
