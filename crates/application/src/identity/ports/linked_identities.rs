//! Where it is kept which identities elsewhere belong to whom.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{EmailAddress, UserId};
use uuid::Uuid;

/// An identity elsewhere by which a user can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedIdentity {
    /// Its id here.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: UserId,
    /// Where it is from.
    pub provider: String,
    /// Its id there.
    pub subject: String,
    /// Its address there when it was linked, to be told apart by.
    pub email: Option<EmailAddress>,
    /// When it was linked.
    pub created_at: DateTime<Utc>,
}

/// Stores linked identities.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait LinkedIdentityRepository: Send + Sync {
    /// Adds one. `Conflict` when it is linked already, to whomever.
    async fn insert(&self, identity: &LinkedIdentity) -> Result<(), RepositoryError>;
    /// By where it is from and its id there.
    async fn find(&self, provider: &str, subject: &str) -> Result<Option<LinkedIdentity>, RepositoryError>;
    /// A user's, the oldest first.
    async fn list(&self, user: UserId) -> Result<Vec<LinkedIdentity>, RepositoryError>;
    /// Unlinks a user's; `false` when there is no such.
    async fn delete(&self, user: UserId, id: Uuid) -> Result<bool, RepositoryError>;
    /// Unlinks all of a user's; answers how many.
    async fn delete_all(&self, user: UserId) -> Result<u64, RepositoryError>;
}

/// Reads linked identities, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait LinkedIdentityQueries: Send + Sync {
    /// A user's, the oldest first.
    async fn linked_identities(&self, user: UserId) -> Result<Vec<LinkedIdentity>, RepositoryError>;
}
