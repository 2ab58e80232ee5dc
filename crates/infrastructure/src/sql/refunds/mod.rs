//! Money that goes back: refunds and disputes, and counting what they leave.

mod counting;
mod disputes;
mod entity;
mod mapping;
mod queries;
mod repository;
mod top_ups;
