//! What the identity use cases need from outside.

mod account;
mod accounts;
mod api_keys;
mod attempts;
mod ceremonies;
mod linked_identities;
mod passkeys;
mod password_resets;
mod sessions;
mod totp;

pub use account::*;
pub use accounts::*;
pub use api_keys::*;
pub use attempts::*;
pub use ceremonies::*;
pub use linked_identities::*;
pub use passkeys::*;
pub use password_resets::*;
pub use sessions::*;
pub use totp::*;

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{CodeDigest, EmailVerification, Password, Role, User};
use domain::kernel::{EmailAddress, SessionId, TokenId, UserId};
use uuid::Uuid;

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
    /// The admins who may come in, kept from being changed by others: whoever may not be the last one to go.
    async fn lock_admins(&self) -> Result<Vec<UserId>, RepositoryError>;
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

/// Remembers tokens that were refused as revoked, in front of the database. Only refusals are remembered: what a token
/// was revoked by never ends before the token does, whereas who is let in is asked anew each time.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait RevokedTokens: Send + Sync {
    /// This token was refused.
    fn remember(&self, token: TokenId);
    /// Whether this token was refused before. `false` means nothing: ask the database.
    fn knows(&self, token: TokenId) -> bool;
}

/// Reads people, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait IdentityQueries: Send + Sync {
    /// By id. Who has deleted their account is not found, here and below.
    async fn find_user(&self, id: UserId) -> Result<Option<User>, RepositoryError>;
    /// By address.
    async fn find_user_by_email(&self, email: &EmailAddress) -> Result<Option<User>, RepositoryError>;
    /// All admins who may come in.
    async fn find_admins(&self) -> Result<Vec<User>, RepositoryError>;
    /// What the database says now of the bearer of a token of a session, in one round trip.
    async fn standing(
        &self,
        user: UserId,
        session: SessionId,
        token: TokenId,
    ) -> Result<Option<Standing>, RepositoryError>;
    /// By what a user can prove themself besides the password; empty for most.
    async fn second_factors(&self, user: UserId) -> Result<Vec<SecondFactor>, RepositoryError>;
}

/// What the bearer of a token may do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Their role now.
    pub role: Role,
    /// Whether their address is proven by now.
    pub email_verified: bool,
    /// When they last proved in this session who they are.
    pub proven_at: DateTime<Utc>,
    /// Whether the token is refused: it is on the denylist, its session has ended, or its user is kept out.
    pub revoked: bool,
}

/// A way to prove who one is besides the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// An authenticator app (RFC 6238).
    Totp,
    /// A recovery code that is not used up yet.
    RecoveryCode,
    /// A passkey (WebAuthn).
    Passkey,
}

impl SecondFactor {
    /// What a sign-in by password has to be completed by, of all that a user has. It is the authenticator app that asks for
    /// a second factor, since its owner has recovery codes; a passkey then does as well. Passkeys by themselves ask for none:
    /// who loses their only device would be locked out.
    #[must_use]
    pub fn asked_at_sign_in(factors: Vec<Self>) -> Vec<Self> {
        if factors.contains(&Self::Totp) { factors } else { Vec::new() }
    }
}

/// Hashes passwords, off the async threads and at most as many at once as there are cores.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// The hash of a password.
    async fn hash(&self, password: &Password) -> Result<String, HashingFailed>;
    /// Whether `candidate` is the password behind `hash`. Without a hash (there is no such user, or they have no
    /// password) it computes one all the same, so that both cases take the same time, and answers `Wrong`.
    async fn verify<'a>(&self, candidate: &'a str, hash: Option<&'a str>) -> Result<Verdict, HashingFailed>;
}

/// What a try of a password came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Not the password.
    Wrong,
    /// The password.
    Right,
    /// The password; but its stored hash is not of the kind that the configuration asks for, so hash it anew.
    RightButOutdated,
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
    /// A token for this user in this session.
    fn issue(
        &self,
        user: UserId,
        session: SessionId,
        token: TokenId,
        now: DateTime<Utc>,
    ) -> Result<IssuedToken, SigningFailed>;
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
    /// The session that it belongs to (`sid`).
    pub session: SessionId,
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
    /// The digest of a code that proves this new address of the user's, and no other (over user, address and code).
    fn digest_for_address(&self, user: UserId, email: &EmailAddress, code: &str) -> CodeDigest;
}

/// Makes and reads refresh tokens. Nothing is stored to look one up by: it says itself which session and which
/// generation of it it is, under a tag that only the shop can compute.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait RefreshTokens: Send + Sync {
    /// The token of this generation of a session; the same again for the same three. `seed` is the session's own secret.
    fn token(&self, session: SessionId, generation: i64, seed: &[u8; 32]) -> String;
    /// What a token says of itself. Whether that is true only [`RefreshTokens::matches`] tells.
    fn read(&self, token: &str) -> Result<RefreshClaims, InvalidToken>;
    /// Whether we made it, for the session with this seed. In constant time.
    fn matches(&self, claims: &RefreshClaims, seed: &[u8; 32]) -> bool;
}

/// What a refresh token says of itself.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshClaims {
    /// Which session.
    pub session: SessionId,
    /// How often the session had been refreshed when it was given out.
    pub generation: i64,
    /// The proof; a secret.
    pub tag: [u8; 32],
}

impl std::fmt::Debug for RefreshClaims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = f.debug_struct("RefreshClaims");
        text.field("session", &self.session).field("generation", &self.generation).finish_non_exhaustive()
    }
}

/// Makes and reads device tokens: the proof that somebody has signed in to an account from this browser before, so that
/// strangers who try passwords can't lock its owner out. It is no sign-in.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait DeviceTokens: Send + Sync {
    /// The token of a device that has signed in with this address.
    fn issue(&self, email: &EmailAddress, device: Uuid) -> String;
    /// The device, if we made this token for this address.
    fn read(&self, token: &str, email: &EmailAddress) -> Option<Uuid>;
}

/// Seals secrets that are stored and must be read back, such as those of authenticator apps.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait SecretBox: Send + Sync {
    /// The sealed text of a secret. It opens only with the same `context` (what it is for and whose it is), so that one
    /// copied into another's row is worth nothing.
    fn seal(&self, context: &[u8], secret: &[u8]) -> Result<String, SealFailed>;
    /// The secret again.
    fn open(&self, context: &[u8], sealed: &str) -> Result<Vec<u8>, SealFailed>;
}

/// A secret could not be sealed, or this is not what was sealed for this context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret could not be sealed or opened")]
pub struct SealFailed;
