//! For tests only: fresh databases on both engines, and builders of values.

// Failing loudly is what code for tests is for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't be set up fails")]

pub mod builders;
pub mod database;

pub use database::TestDb;
/// The real clock, ids and random numbers.
pub use infrastructure::system;
pub use migration;
