//! The keys by which callers repeat a request, and the answers that are repeated.

mod entity;
mod keys;
mod sealing;

pub use keys::SqlIdempotencyKeys;
pub use sealing::AnswerSeal;
