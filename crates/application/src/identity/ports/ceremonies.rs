//! Ceremonies: what the server remembers between two steps of signing in or of setting something up.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::UserId;

/// Something that was begun and is to be finished soon, once.
#[derive(Clone, PartialEq, Eq)]
pub struct Ceremony {
    /// The SHA-256 (hexadecimal) of the token by which it is found again; the token itself is with the client alone.
    pub digest: String,
    /// What it is.
    pub kind: CeremonyKind,
    /// Whom it is about, where that is known.
    pub user_id: Option<UserId>,
    /// What the finish needs, as JSON.
    pub data: String,
    /// How many wrong tries it still bears.
    pub tries_left: i64,
    /// Until when it can be finished.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for Ceremony {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ceremony").field("kind", &self.kind).field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// What was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CeremonyKind {
    /// The password was right; the second factor is missing.
    SecondFactor,
    /// A passkey is being made.
    PasskeyRegistration,
    /// Someone signs in by a passkey.
    PasskeySignIn,
    /// Someone is away at an identity provider.
    SocialSignIn,
}

/// Stores ceremonies.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait CeremonyRepository: Send + Sync {
    /// Adds one.
    async fn insert(&self, ceremony: &Ceremony) -> Result<(), RepositoryError>;
    /// Finds one that is open at `now`, as this transaction sees it.
    async fn find(
        &self,
        digest: &str,
        kind: CeremonyKind,
        now: DateTime<Utc>,
    ) -> Result<Option<Ceremony>, RepositoryError>;
    /// Takes it away: of many at once one alone gets it, and only while it is open. (The try that finishes it was taken
    /// before.)
    async fn finish(
        &self,
        digest: &str,
        kind: CeremonyKind,
        now: DateTime<Utc>,
    ) -> Result<Option<Ceremony>, RepositoryError>;
    /// Takes one try, by one conditional UPDATE, before it is made; `false` when there is none left or it is over.
    async fn take_try(&self, digest: &str, kind: CeremonyKind, now: DateTime<Utc>) -> Result<bool, RepositoryError>;
    /// Forgets a user's ceremonies of all kinds.
    async fn forget_user(&self, user: UserId) -> Result<(), RepositoryError>;
    /// Forgets those that are over; answers how many.
    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError>;
}
