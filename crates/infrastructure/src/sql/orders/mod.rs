//! Orders with their lines, what they took besides the card, and their timeline.

pub(super) mod entity;
mod mapping;
mod queries;
mod repository;
mod sold;
mod tenders;

pub(super) use sold::{Sold, sold_of};
