//! Where sessions are kept.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::Session;
use domain::kernel::{SessionId, UserId};

/// Stores sessions.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SessionRepository: Send + Sync {
    /// Adds one.
    async fn insert(&self, session: &Session) -> Result<(), RepositoryError>;
    /// Finds one, as this transaction sees it.
    async fn find(&self, id: SessionId) -> Result<Option<Session>, RepositoryError>;
    /// Moves an open session on from this generation to the next, by one conditional UPDATE: of many at once one alone
    /// gets `true`.
    async fn rotate(&self, id: SessionId, from: i64, use_: &SessionUse) -> Result<bool, RepositoryError>;
    /// Notes that its user has proven who they are.
    async fn prove(&self, id: SessionId, now: DateTime<Utc>) -> Result<(), RepositoryError>;
    /// Ends a user's session; `false` when there was none to end.
    async fn end(&self, user: UserId, id: SessionId, now: DateTime<Utc>) -> Result<bool, RepositoryError>;
    /// Ends all of a user's sessions, but not this one; answers how many.
    async fn end_all(&self, user: UserId, but: Option<SessionId>, now: DateTime<Utc>) -> Result<u64, RepositoryError>;
    /// Forgets those that were over before this moment; answers how many.
    async fn purge(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError>;
}

/// How a session is used at a refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionUse {
    /// When.
    pub at: DateTime<Utc>,
    /// Until when it can be refreshed from now on.
    pub expires_at: DateTime<Utc>,
    /// From which address.
    pub address: String,
}

/// Reads sessions, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SessionQueries: Send + Sync {
    /// By id.
    async fn find_session(&self, id: SessionId) -> Result<Option<Session>, RepositoryError>;
    /// A user's open sessions, the last used first.
    async fn open_sessions(&self, user: UserId, now: DateTime<Utc>) -> Result<Vec<Session>, RepositoryError>;
}
