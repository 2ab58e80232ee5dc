//! Where open password resets are kept.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::UserId;

/// A link by which a password can be set anew: one for each user at the most. The token is drawn when its mail is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordReset {
    /// Whose password.
    pub user_id: UserId,
    /// When it was last asked for.
    pub requested_at: DateTime<Utc>,
    /// The link that counts, once its mail was written.
    pub link: Option<ResetLink>,
}

/// A link that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResetLink {
    /// The SHA-256 of its token, in hexadecimal.
    pub digest: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// Reads open password resets, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PasswordResetQueries: Send + Sync {
    /// Whose the link with this digest is, if it is good at `now`.
    async fn owner(&self, digest: &str, now: DateTime<Utc>) -> Result<Option<UserId>, RepositoryError>;
}

/// Stores open password resets.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PasswordResetRepository: Send + Sync {
    /// Finds a user's, and keeps others from changing it.
    async fn lock(&self, user: UserId) -> Result<Option<PasswordReset>, RepositoryError>;
    /// Adds it, or writes what changed.
    async fn save(&self, reset: &PasswordReset) -> Result<(), RepositoryError>;
    /// Takes the one with this link away, if it is good at `now`: of many at once one alone gets it.
    async fn redeem(&self, digest: &str, now: DateTime<Utc>) -> Result<Option<UserId>, RepositoryError>;
    /// Forgets a user's.
    async fn delete(&self, user: UserId) -> Result<(), RepositoryError>;
}
