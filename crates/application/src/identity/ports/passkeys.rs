//! Passkeys: where they are kept, and who checks what devices sign.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use domain::identity::{CredentialId, Passkey, PasskeyMaterial, User};
use domain::kernel::{PasskeyId, UserId};
use serde_json::Value;

/// Stores passkeys.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PasskeyRepository: Send + Sync {
    /// Adds one. `Conflict(PasskeyCredential)` when its device has registered it before, with whatever account.
    async fn insert(&self, passkey: &Passkey) -> Result<(), RepositoryError>;
    /// Finds the one that its device calls so, and keeps others from changing it.
    async fn lock_by_credential(&self, credential: &CredentialId) -> Result<Option<Passkey>, RepositoryError>;
    /// A user's, as this transaction sees them, in the order of their making.
    async fn of_user(&self, user: UserId) -> Result<Vec<Passkey>, RepositoryError>;
    /// Writes what changed at a use.
    async fn save_use(&self, passkey: &Passkey) -> Result<(), RepositoryError>;
    /// Renames one of a user's; `None` when they have no such passkey.
    async fn rename(&self, owner: UserId, id: PasskeyId, name: &str) -> Result<Option<Passkey>, RepositoryError>;
    /// Forgets one of a user's; `false` when they have no such passkey.
    async fn delete(&self, owner: UserId, id: PasskeyId) -> Result<bool, RepositoryError>;
}

/// Makes passkeys and checks what they sign (WebAuthn, level 3). User verification is always required. What it remembers
/// between the two steps of a ceremony it hands out as `state`, which stays on the server.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait PasskeyCeremonies: Send + Sync {
    /// Begins the making of a key for this person. The keys that they have are named, so that a device makes no second.
    fn begin_registration(&self, user: &User, present: &[CredentialId]) -> Result<BegunPasskey, PasskeyFailed>;
    /// The key that a device has made.
    fn finish_registration(&self, state: &str, credential: &Value) -> Result<NewPasskey, PasskeyRefused>;
    /// Begins a sign-in: by any discoverable key, or, when some are named, by one of these.
    fn begin_sign_in(&self, allowed: &[CredentialId]) -> Result<BegunPasskey, PasskeyFailed>;
    /// Which key an answer says it is by. Nothing of it is proven yet.
    fn presented(&self, credential: &Value) -> Result<PresentedPasskey, PasskeyRefused>;
    /// Checks an answer against the key that it says it is by, and answers what to keep of the key from now on.
    fn finish_sign_in(
        &self,
        state: &str,
        credential: &Value,
        material: &PasskeyMaterial,
    ) -> Result<PasskeyMaterial, PasskeyRefused>;
}

/// The first step of a ceremony.
#[derive(Clone, PartialEq)]
pub struct BegunPasskey {
    /// What the browser is handed, as JSON of WebAuthn.
    pub options: Value,
    /// What the second step needs, for the server alone.
    pub state: String,
}

impl std::fmt::Debug for BegunPasskey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BegunPasskey").finish_non_exhaustive()
    }
}

/// A key that a device has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPasskey {
    /// What its device calls it.
    pub credential_id: CredentialId,
    /// What is needed to check its signatures.
    pub material: PasskeyMaterial,
}

/// Which key an answer says it is by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentedPasskey {
    /// What its device calls it.
    pub credential_id: CredentialId,
    /// Whose it is, if the device says so: for discoverable keys it must.
    pub user: Option<UserId>,
}

/// Why a ceremony could not begin.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyFailed {
    /// The shop is reached by a bare IP address, for which no browser makes passkeys.
    #[error("passkeys need the shop to have a domain name")]
    NoDomain,
    /// The library failed.
    #[error("a passkey's ceremony could not begin")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why an answer of a device is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyRefused {
    /// Not readable, not to our question, not for our shop, not by this key, or without verifying the user.
    Invalid,
    /// Properly signed, but its counter went back: there are two of a key that there should be one of.
    Cloned,
}
