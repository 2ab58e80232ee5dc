//! Carts with their lines.

mod entity;
mod queries;
mod repository;
