//! The keys by which callers repeat a request, and the answers that are repeated.

mod entity;
mod keys;

pub use keys::SqlIdempotencyKeys;
