//! Keys by which a caller repeats a request without repeating its effect (the IETF draft "The Idempotency-Key HTTP
//! Header Field"). The web claims a key before it runs a request, and keeps the answer under it.
//!
//! Answers may hold secrets (a login's tokens, a new key, a guest's order token), and fingerprints are made of passwords:
//! an adapter stores neither in a form that can be read or guessed by who has only the database.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// How long an answer is kept.
pub const KEPT: TimeDelta = TimeDelta::hours(24);
/// How long a request whose server died keeps its twin out; then the twin takes over. While it runs, the lease is renewed.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);

/// A key of one caller, and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedRequest {
    /// Who: a user's id, or what guests are told apart by.
    pub caller: String,
    /// The key as the caller sent it, 1 to 255 visible characters.
    pub key: String,
    /// A digest of method, path, query and body.
    pub fingerprint: String,
}

/// Names one claim of a key: who ran into the end of their lease must not end the claim of the twin that took over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimId(pub Uuid);

/// An answer as it was first given.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The headers that belong to the answer itself.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for StoredAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredAnswer").field("status", &self.status).finish_non_exhaustive()
    }
}

/// What came of claiming a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The caller runs the request now, and ends this claim.
    Granted(ClaimId),
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
    /// Begins the lease of a claim anew, since its request still runs; tells whether the claim still stands.
    async fn renew(&self, request: &KeyedRequest, claim: ClaimId, now: DateTime<Utc>) -> Result<bool, RepositoryError>;
    /// Keeps the answer until [`KEPT`] after the claim, if the claim still stands; tells whether it did.
    async fn keep(
        &self,
        request: &KeyedRequest,
        claim: ClaimId,
        answer: &StoredAnswer,
    ) -> Result<bool, RepositoryError>;
    /// Gives a claimed key back, so that the next try runs the request; if the claim still stands.
    async fn release(&self, request: &KeyedRequest, claim: ClaimId) -> Result<(), RepositoryError>;
    /// Forgets what is older than [`KEPT`]; answers how many.
    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError>;
}
