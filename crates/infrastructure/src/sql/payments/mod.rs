//! Attempts to pay, what gateways told us, and the pages of the sandbox gateway.

mod cards;
mod entity;
mod queries;
mod repository;
mod reviews;
mod sandbox_books;
mod sandbox_refunds;
mod sandbox_sessions;

pub use sandbox_books::SandboxTaken;
pub use sandbox_refunds::SandboxRefund;
pub use sandbox_sessions::{SandboxOutcomeRow, SandboxSessionRow, SandboxSessions};
