//! What is counted or remembered for a moment, and may be lost: nothing here decides about money or stock.

mod memory_limits;
mod revoked_tokens;

pub use memory_limits::MemoryRateLimits;
pub use revoked_tokens::MemoryRevokedTokens;
