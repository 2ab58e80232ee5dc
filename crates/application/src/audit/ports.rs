//! Where the security log is kept.

use super::SecurityEvent;
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Writes the security log. Each line also becomes a structured line of the program's own log.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SecurityLog: Send + Sync {
    /// Writes a line.
    async fn record(&self, event: &SecurityEvent, now: DateTime<Utc>) -> Result<(), RepositoryError>;
}
