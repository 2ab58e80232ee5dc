//! What is to be done after a commit, and who does it.

mod entity;
mod queue;
mod store;

pub use store::SqlJobStore;
