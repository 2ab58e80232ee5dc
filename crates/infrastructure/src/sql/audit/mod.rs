//! The security log.

pub(super) mod entity;
mod queries;
mod repository;
