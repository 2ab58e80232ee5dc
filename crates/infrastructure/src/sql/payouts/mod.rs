//! What sellers were sent.

mod entity;
mod queries;
mod repository;
