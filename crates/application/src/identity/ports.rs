//! What the identity use cases need from outside.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{CodeDigest, EmailVerification, Password, Role, User};
use domain::kernel::{EmailAddress, TokenId, UserId};

/// Stores people.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait UserRepository: Send + Sync {
    /// Adds one. `Conflict(UserEmail)` when the address is taken.
    async fn insert(&self, user: &User) -> Result<(), RepositoryError>;
    /// Finds one, and keeps others from changing it.
    async fn lock(&self, id: UserId) -> Result<Option<User>, RepositoryError>;
    /// The same by address.
    async fn lock_by_email(&self, email: &EmailAddress) -> Result<Option<User>, RepositoryError>;
    /// Writes what changed.
    async fn update(&self, user: &User) -> Result<(), RepositoryError>;
}

/// Stores the open proofs of address, one for each user at the most.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait EmailVerificationRepository: Send + Sync {
    /// Finds a user's, and keeps others from changing it.
    async fn lock(&self, user_id: UserId) -> Result<Option<EmailVerification>, RepositoryError>;
    /// Adds it, or writes what changed.
    async fn save(&self, verification: &EmailVerification) -> Result<(), RepositoryError>;
    /// Forgets it.
    async fn delete(&self, user_id: UserId) -> Result<(), RepositoryError>;
}

/// Tokens that are refused although they have not expired.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait TokenDenylist: Send + Sync {
    /// Refuses a token from now on; again changes nothing. May be forgotten after `expires_at`.
    async fn deny(&self, token: TokenId, expires_at: DateTime<Utc>) -> Result<(), RepositoryError>;
    /// Forgets the tokens that have expired by `now`; answers how many.
    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError>;
}

/// Reads people, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait IdentityQueries: Send + Sync {
    /// By id.
    async fn find_user(&self, id: UserId) -> Result<Option<User>, RepositoryError>;
    /// By address.
    async fn find_user_by_email(&self, email: &EmailAddress) -> Result<Option<User>, RepositoryError>;
    /// What the database says now of the bearer of a token, in one round trip.
    async fn standing(&self, user: UserId, token: TokenId) -> Result<Option<Standing>, RepositoryError>;
}

/// What the bearer of a token may do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Their role now.
    pub role: Role,
    /// Whether their address is proven by now.
    pub email_verified: bool,
    /// Whether the token is on the denylist.
    pub token_revoked: bool,
}

/// Hashes passwords, off the async threads and at most as many at once as there are cores.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// The hash of a password.
    async fn hash(&self, password: &Password) -> Result<String, HashingFailed>;
    /// Whether `candidate` is the password behind `hash`. Without a hash (there is no such user) it computes one all the
    /// same, so that both cases take the same time, and answers no.
    async fn verify<'a>(&self, candidate: &'a str, hash: Option<&'a str>) -> Result<bool, HashingFailed>;
}

/// A hash could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum HashingFailed {
    /// Too many are waiting; a later try may succeed.
    #[error("too many passwords are being hashed")]
    Busy,
    /// The stored hash can't be read, or the system failed.
    #[error("a password could not be hashed")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Signs and reads access tokens (JWT, RS256).
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait AccessTokens: Send + Sync {
    /// A token for this user.
    fn issue(&self, user: UserId, token: TokenId, now: DateTime<Utc>) -> Result<IssuedToken, SigningFailed>;
    /// What a token says, if it is ours and good now. It may still be on the denylist.
    fn read(&self, token: &str, now: DateTime<Utc>) -> Result<TokenClaims, InvalidToken>;
}

/// A signed token.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedToken {
    /// The token itself; a secret.
    pub token: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for IssuedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IssuedToken").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// What a good token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenClaims {
    /// Whose it is (`sub`).
    pub user: UserId,
    /// Its own id (`jti`).
    pub token: TokenId,
    /// Until when it is good (`exp`).
    pub expires_at: DateTime<Utc>,
}

/// The token is not ours, not yet good, or not good any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token is not valid")]
pub struct InvalidToken;

/// The signing key could not sign.
#[derive(Debug, thiserror::Error)]
#[error("the token could not be signed")]
pub struct SigningFailed(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Digests six-digit codes with a secret key: a plain digest of a million possibilities would be plain text.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait CodeHasher: Send + Sync {
    /// The digest of a user's code (HMAC-SHA256 over user and code).
    fn digest(&self, user: UserId, code: &str) -> CodeDigest;
}
