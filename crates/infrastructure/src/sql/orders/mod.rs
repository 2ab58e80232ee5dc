//! Orders with their lines, what they took besides the card, and their timeline.

mod entity;
mod mapping;
mod queries;
mod repository;
mod tenders;
