//! Where the security log is kept.

use super::{SecurityEvent, SecurityEventKind};
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Page, PageRequest, SecurityEventId, UserId};
use std::collections::BTreeMap;

/// Writes the security log. Each line also becomes a structured line of the program's own log.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SecurityLog: Send + Sync {
    /// Writes a line.
    async fn record(&self, event: &SecurityEvent, now: DateTime<Utc>) -> Result<(), RepositoryError>;
    /// Forgets the lines before this moment; answers how many.
    async fn purge(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError>;
}

/// Reads the security log, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SecurityLogQueries: Send + Sync {
    /// A page of it, the newest first.
    async fn list_events(
        &self,
        filter: &SecurityLogFilter,
        page: &PageRequest,
    ) -> Result<Page<LoggedEvent>, RepositoryError>;
}

/// Which lines are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SecurityLogFilter {
    /// Of this kind.
    pub kind: Option<SecurityEventKind>,
    /// About this user.
    pub user: Option<UserId>,
    /// Not before this moment.
    pub since: Option<DateTime<Utc>>,
}

/// A line as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedEvent {
    /// Its id.
    pub id: SecurityEventId,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What happened, as it was written; perhaps by a version that knows more kinds.
    pub kind: String,
    /// Whom it is about.
    pub user_id: Option<UserId>,
    /// Who did it, where that is someone else.
    pub actor_id: Option<UserId>,
    /// The address that was tried, masked.
    pub email: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// By what device.
    pub device: Option<String>,
    /// More of it.
    pub details: BTreeMap<String, String>,
}
