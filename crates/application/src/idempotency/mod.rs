//! Keys by which a caller repeats a request without repeating its effect (the IETF draft "The Idempotency-Key HTTP
//! Header Field"). The web claims a key before it runs a request, and keeps the answer under it.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

/// How long an answer is kept.
pub const KEPT: TimeDelta = TimeDelta::hours(24);
/// How long a request that does not end keeps its twin out; then the twin takes over.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);

/// A key of one caller, and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedRequest {
    /// Who: a user's id, or for guests the client's address.
    pub caller: String,
    /// The key as the caller sent it, 1 to 255 visible characters.
    pub key: String,
    /// A digest of method, path, query and body.
    pub fingerprint: String,
}

/// An answer as it was first given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The headers that belong to the answer itself.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

/// What came of claiming a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The caller runs the request now.
    Granted,
    /// It ran before: this was its answer.
    Replay(StoredAnswer),
    /// The key stands for another request.
    Mismatch,
    /// The same request is running.
    InUse,
}

/// Keeps the keys and the answers.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait IdempotencyKeys: Send + Sync {
    /// Claims a key, for [`LEASE`]. Of any number of callers at the same time one is granted it.
    async fn claim(&self, request: &KeyedRequest, now: DateTime<Utc>) -> Result<Claim, RepositoryError>;
    /// Keeps the answer until [`KEPT`] after the claim.
    async fn keep(&self, request: &KeyedRequest, answer: &StoredAnswer) -> Result<(), RepositoryError>;
    /// Gives a claimed key back, so that the next try runs the request.
    async fn release(&self, request: &KeyedRequest) -> Result<(), RepositoryError>;
    /// Forgets what is older than [`KEPT`]; answers how many.
    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError>;
}
