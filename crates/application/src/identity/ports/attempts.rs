//! Counting attempts before they are made.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

/// Counts attempts at guessing. Each count stands by itself and is kept whatever becomes of the attempt, so this is no part
/// of a unit of work.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait AttemptCounts: Send + Sync {
    /// Takes one attempt, by one conditional statement: of many at once no more than the budget has are granted, on all
    /// nodes together. A refused one changes nothing.
    async fn take(&self, key: &AttemptKey, budget: Budget, now: DateTime<Utc>) -> Result<Taken, RepositoryError>;
    /// What is left, without taking.
    async fn look(&self, key: &AttemptKey, budget: Budget, now: DateTime<Utc>) -> Result<Taken, RepositoryError>;
    /// Gives one back: it was no guess after all.
    async fn give_back(&self, key: &AttemptKey) -> Result<(), RepositoryError>;
    /// Begins anew.
    async fn reset(&self, key: &AttemptKey) -> Result<(), RepositoryError>;
    /// Forgets the counts whose time has passed; answers how many.
    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError>;
}

/// What is counted: a purpose and whom it is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AttemptKey(String);

impl AttemptKey {
    /// Attempts at this, by or at these.
    #[must_use]
    pub fn of(purpose: &'static str, whom: &[&str]) -> Self {
        Self(format!("{purpose}:{}", whom.join(" ")))
    }

    /// As it is written down.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How many attempts there are in what time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// How many.
    pub attempts: i64,
    /// In what time.
    pub window: TimeDelta,
    /// When the time begins.
    pub begins: WindowBegins,
}

/// When the time of a budget begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowBegins {
    /// With the first attempt: so many a day.
    WithTheFirst,
    /// Anew with each attempt that is granted: after the last one, so long a pause.
    WithEach,
}

/// Whether an attempt may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It may; so many have been taken, this one among them.
    Granted {
        /// How many.
        used: i64,
    },
    /// Not before this moment.
    Refused {
        /// When the budget is whole again.
        until: DateTime<Utc>,
    },
}
