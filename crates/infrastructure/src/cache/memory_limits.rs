//! Budgets of one process, in memory (the generic cell rate algorithm, by `governor`).

use application::rate_limits::{Budget, RateLimits, RateLimitsUnavailable, Taken};
use async_trait::async_trait;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

type Clients = DefaultKeyedRateLimiter<String, StateInformationMiddleware>;

/// Remembers who asked how often.
#[derive(Default)]
pub struct MemoryRateLimits {
    budgets: RwLock<HashMap<Budget, Arc<Clients>>>,
    clock: DefaultClock,
}

impl MemoryRateLimits {
    /// Knows nobody yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn clients(&self, budget: Budget) -> Arc<Clients> {
        // Who panicked under the lock left whole maps behind.
        let known = self.budgets.read().unwrap_or_else(PoisonError::into_inner).get(&budget).map(Arc::clone);
        known.unwrap_or_else(|| {
            let mut budgets = self.budgets.write().unwrap_or_else(PoisonError::into_inner);
            let fresh = || Arc::new(RateLimiter::keyed(Quota::per_minute(budget.a_minute)).with_middleware());
            Arc::clone(budgets.entry(budget).or_insert_with(fresh))
        })
    }
}

#[async_trait]
impl RateLimits for MemoryRateLimits {
    async fn take(&self, budget: Budget, client: &str) -> Result<Taken, RateLimitsUnavailable> {
        Ok(match self.clients(budget).check_key(&client.to_owned()) {
            Ok(state) => Taken { remaining: state.remaining_burst_capacity(), refused_for: None },
            Err(refused) => {
                let wait = refused.wait_time_from(self.clock.now()).max(Duration::from_millis(1));
                Taken { remaining: 0, refused_for: Some(wait) }
            }
        })
    }

    fn forget_idle(&self) {
        let budgets = self.budgets.read().unwrap_or_else(PoisonError::into_inner);
        for clients in budgets.values() {
            clients.retain_recent();
            clients.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;

    fn budget(name: &'static str, a_minute: u32) -> Budget {
        Budget { name, a_minute: NonZeroU32::new(a_minute).unwrap() }
    }

    #[tokio::test]
    async fn a_budget_is_spent_one_by_one_and_then_refused_for_a_while() {
        let limits = MemoryRateLimits::new();
        for left in [2, 1, 0] {
            let taken = limits.take(budget("b", 3), "ada").await.unwrap();
            assert_eq!(taken, Taken { remaining: left, refused_for: None });
        }
        let wait = limits.take(budget("b", 3), "ada").await.unwrap().refused_for.unwrap();
        assert!(wait > Duration::from_secs(15) && wait <= Duration::from_secs(20), "{wait:?}");
    }

    #[tokio::test]
    async fn neither_another_client_nor_another_budget_pays() {
        let limits = MemoryRateLimits::new();
        limits.take(budget("b", 1), "ada").await.unwrap();
        assert!(limits.take(budget("b", 1), "ada").await.unwrap().refused_for.is_some());
        assert_eq!(limits.take(budget("b", 1), "eve").await.unwrap().refused_for, None);
        assert_eq!(limits.take(budget("c", 1), "ada").await.unwrap().refused_for, None);
    }

    #[tokio::test]
    async fn who_is_in_debt_is_not_forgotten() {
        let limits = MemoryRateLimits::new();
        limits.take(budget("b", 1), "ada").await.unwrap();
        limits.forget_idle();
        assert!(limits.take(budget("b", 1), "ada").await.unwrap().refused_for.is_some());
    }
}
