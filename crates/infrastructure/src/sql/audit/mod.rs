//! The security log.

mod entity;
mod repository;
