//! The security log: who tried what, from where, and what became of it. No secret ever stands in it.

pub mod event;
pub mod ports;
pub mod read;
pub mod refused_tokens;

pub use event::{SecurityEvent, SecurityEventKind};
