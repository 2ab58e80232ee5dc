//! Budgets of requests: how often a client may ask for what is dear. Copies of the server that share an adapter share the
//! budgets. What a request is worth, and who counts as one client, its callers decide.

use async_trait::async_trait;
use std::num::NonZeroU32;
use std::time::Duration;

/// So many requests a minute, with bursts up to as many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Budget {
    /// What is counted: no budget draws on another's.
    pub name: &'static str,
    /// How many.
    pub a_minute: NonZeroU32,
}

/// What came of taking one from a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// How many are left; none when it was refused.
    pub remaining: u32,
    /// When it was refused: after how long there is one again.
    pub refused_for: Option<Duration>,
}

/// The budgets can't be reached.
#[derive(Debug, thiserror::Error)]
#[error("the rate limits can't be reached")]
pub struct RateLimitsUnavailable(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Counts requests.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait RateLimits: Send + Sync {
    /// Takes one from a client's budget, if there is one. It is refused by the same statement that counts.
    async fn take(&self, budget: Budget, client: &str) -> Result<Taken, RateLimitsUnavailable>;
    /// Forgets clients whose budgets are whole again; for adapters that remember by themselves.
    fn forget_idle(&self);
}
