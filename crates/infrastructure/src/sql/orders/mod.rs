//! Orders with their lines and their timeline.

mod entity;
mod mapping;
mod queries;
mod repository;
