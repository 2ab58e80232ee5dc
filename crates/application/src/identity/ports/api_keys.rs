//! Where API keys are kept.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{ApiKey, Role};
use domain::kernel::{ApiKeyId, UserId};

/// Stores API keys.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ApiKeyRepository: Send + Sync {
    /// Adds one.
    async fn insert(&self, key: &ApiKey) -> Result<(), RepositoryError>;
    /// How many of a user's have not been taken back.
    async fn count(&self, user: UserId) -> Result<u64, RepositoryError>;
    /// Takes a user's key back; `false` when there is none to take back.
    async fn revoke(&self, user: UserId, id: ApiKeyId, now: DateTime<Utc>) -> Result<bool, RepositoryError>;
    /// Takes all of a user's keys back; answers how many.
    async fn revoke_all(&self, user: UserId, now: DateTime<Utc>) -> Result<u64, RepositoryError>;
    /// Forgets those that were taken back before this moment; answers how many.
    async fn purge(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError>;
}

/// Reads API keys, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ApiKeyQueries: Send + Sync {
    /// A user's keys that have not been taken back, the newest first.
    async fn list_keys(&self, user: UserId) -> Result<Vec<ApiKey>, RepositoryError>;
    /// What the database says now of the bearer of the key with this digest, in one round trip.
    async fn key_standing(&self, digest: &str) -> Result<Option<KeyStanding>, RepositoryError>;
}

/// What the bearer of an API key may do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStanding {
    /// The key.
    pub key: ApiKey,
    /// Its owner's role now.
    pub role: Role,
    /// Whether the owner's address is proven by now.
    pub email_verified: bool,
    /// Whether the owner may come in.
    pub active: bool,
}

/// Notes that keys are used.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ApiKeyUses: Send + Sync {
    /// This key is used now.
    async fn note(&self, id: ApiKeyId, now: DateTime<Utc>) -> Result<(), RepositoryError>;
}
