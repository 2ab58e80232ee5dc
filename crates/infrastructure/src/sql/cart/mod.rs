//! Carts with their lines.

pub(super) mod entity;
mod queries;
mod repository;
