//! Authenticator apps and recovery codes: where they are kept, and who computes their codes.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{CodeDigest, CredentialId, Passkey, Totp, TotpSecret, TotpStep};
use domain::kernel::{EmailAddress, UserId};
use uuid::Uuid;

/// Stores authenticator apps, one for each user at the most.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait TotpRepository: Send + Sync {
    /// Finds a user's, and keeps others from changing it.
    async fn lock(&self, user: UserId) -> Result<Option<Totp>, RepositoryError>;
    /// Adds it, or writes what changed.
    async fn save(&self, totp: &Totp) -> Result<(), RepositoryError>;
    /// Uses the code of a step up, by one conditional UPDATE: of many at once one alone gets `true`, and none gets it for a
    /// step that is not newer than the last.
    async fn use_step(&self, user: UserId, step: TotpStep) -> Result<bool, RepositoryError>;
    /// Forgets a user's.
    async fn delete(&self, user: UserId) -> Result<(), RepositoryError>;
}

/// Stores the digests of recovery codes.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait RecoveryCodeRepository: Send + Sync {
    /// Gives a user these codes instead of those they had.
    async fn replace(&self, user: UserId, codes: &[StoredRecoveryCode]) -> Result<(), RepositoryError>;
    /// Uses one up, by one conditional UPDATE: of many at once one alone gets `true`.
    async fn spend(&self, user: UserId, digest: &CodeDigest, now: DateTime<Utc>) -> Result<bool, RepositoryError>;
    /// Forgets a user's.
    async fn delete(&self, user: UserId) -> Result<(), RepositoryError>;
}

/// A recovery code as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecoveryCode {
    /// Its id.
    pub id: Uuid,
    /// Its keyed digest.
    pub digest: CodeDigest,
}

/// Reads second factors, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait FactorQueries: Send + Sync {
    /// Since when a user's authenticator app is on; `None` while it is not.
    async fn totp_enabled_at(&self, user: UserId) -> Result<Option<DateTime<Utc>>, RepositoryError>;
    /// How many recovery codes a user has left.
    async fn recovery_codes_left(&self, user: UserId) -> Result<u64, RepositoryError>;
    /// A user's passkeys, in the order of their making.
    async fn passkeys(&self, user: UserId) -> Result<Vec<Passkey>, RepositoryError>;
    /// The passkey that its device calls so.
    async fn find_passkey(&self, credential: &CredentialId) -> Result<Option<Passkey>, RepositoryError>;
}

/// Computes the codes of authenticator apps (RFC 6238: SHA-1, six digits, thirty seconds).
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait TotpCodes: Send + Sync {
    /// What a person needs to set their app up.
    fn enrolment(&self, secret: &TotpSecret, account: &EmailAddress) -> Result<TotpEnrolment, TotpFailed>;
    /// The step of which this is the code: the present one, or a neighbour of it, since clocks differ. `None` when it is
    /// of none.
    fn step(&self, secret: &TotpSecret, code: &str, now: DateTime<Utc>) -> Result<Option<TotpStep>, TotpFailed>;
}

/// What a person needs to set their authenticator app up. All of it is secret.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpEnrolment {
    /// The secret in base 32, for typing.
    pub secret: String,
    /// The same as an `otpauth` address, with the shop's name and the account's address.
    pub uri: String,
    /// The address as a QR code (SVG), for the app's camera.
    pub qr_svg: String,
}

impl std::fmt::Debug for TotpEnrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpEnrolment(…)")
    }
}

/// The secret or the address can't be used.
#[derive(Debug, thiserror::Error)]
#[error("an authenticator app's secret could not be used")]
pub struct TotpFailed(#[source] pub Box<dyn std::error::Error + Send + Sync>);
