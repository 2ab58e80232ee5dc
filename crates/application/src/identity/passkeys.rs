//! Making, naming and removing passkeys.

use super::policy::{Allowed, ChangeCredentials, FinishCredentials, ViewCredentials};
use super::ports::{Ceremony, CeremonyKind, FactorQueries, PasskeyCeremonies, PasskeyFailed};
use super::totp::notice;
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::SecondFactorChange;
use crate::repository_error::{RepositoryError, UniqueKey};
use crate::system::{Clock, IdGenerator, OpaqueToken, SecretSource, digest_of};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::Passkey;
use domain::kernel::{PasskeyId, UserId};
use serde_json::Value;
use std::sync::Arc;

/// Looks after passkeys.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait KeepPasskeys: Send + Sync {
    /// The caller's, in the order of their making.
    async fn list(&self, caller: &Allowed<ViewCredentials>) -> Result<Vec<Passkey>, RepositoryError>;
    /// Begins to make one.
    async fn begin(&self, caller: &Allowed<ChangeCredentials>) -> Result<PasskeyQuestion, PasskeyError>;
    /// Keeps what a device has made. A ceremony is finished once, whatever comes of it.
    async fn add(
        &self,
        caller: &Allowed<FinishCredentials>,
        challenge: &str,
        name: &str,
        credential: &Value,
    ) -> Result<Passkey, PasskeyError>;
    /// Renames one; `None` when the caller has no such passkey.
    async fn rename(
        &self,
        caller: &Allowed<FinishCredentials>,
        id: PasskeyId,
        name: &str,
    ) -> Result<Option<Passkey>, RepositoryError>;
    /// Removes one; `false` when the caller has no such passkey.
    async fn remove(&self, caller: &Allowed<ChangeCredentials>, id: PasskeyId) -> Result<bool, RepositoryError>;
}

/// What a browser is asked.
#[derive(Clone, PartialEq)]
pub struct PasskeyQuestion {
    /// What is handed in with the answer; a secret.
    pub challenge: String,
    /// For the browser, as JSON of WebAuthn.
    pub options: Value,
}

impl PasskeyQuestion {
    /// How long there is time to answer.
    pub const LIFETIME: TimeDelta = TimeDelta::minutes(5);

    /// The ceremony that is stored behind a question.
    #[must_use]
    pub fn ceremony(
        token: &OpaqueToken,
        kind: CeremonyKind,
        user: Option<UserId>,
        data: String,
        now: DateTime<Utc>,
    ) -> Ceremony {
        Ceremony { digest: token.digest(), kind, user_id: user, data, tries_left: 1, expires_at: now + Self::LIFETIME }
    }
}

impl std::fmt::Debug for PasskeyQuestion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasskeyQuestion").finish_non_exhaustive()
    }
}

/// Why no passkey was made.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// There is no such question any more.
    #[error("the challenge has expired")]
    Expired,
    /// What the device answered is not accepted.
    #[error("the passkey is not valid")]
    Refused,
    /// The device has registered it before.
    #[error("the passkey is registered already")]
    Taken,
    /// The account has as many as it may have.
    #[error("the account has too many passkeys")]
    TooMany,
    /// No question could be asked.
    #[error(transparent)]
    Failed(#[from] PasskeyFailed),
    /// The database failed.
    #[error(transparent)]
    Repository(RepositoryError),
}

impl From<RepositoryError> for PasskeyError {
    fn from(error: RepositoryError) -> Self {
        match error {
            RepositoryError::Conflict(UniqueKey::PasskeyCredential) => Self::Taken,
            error => Self::Repository(error),
        }
    }
}

/// The service behind [`KeepPasskeys`].
pub struct PasskeyDesk {
    /// Reads passkeys.
    pub factors: Arc<dyn FactorQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Asks devices, and checks their answers.
    pub ceremonies: Arc<dyn PasskeyCeremonies>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Draws challenges.
    pub secrets: Arc<dyn SecretSource>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl KeepPasskeys for PasskeyDesk {
    async fn list(&self, caller: &Allowed<ViewCredentials>) -> Result<Vec<Passkey>, RepositoryError> {
        self.factors.passkeys(caller.user_id).await
    }

    async fn begin(&self, caller: &Allowed<ChangeCredentials>) -> Result<PasskeyQuestion, PasskeyError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let user = tx.users().lock(caller.user_id).await?.ok_or(PasskeyError::Expired)?;
        let present = tx.passkeys().of_user(user.id).await?;
        if present.len() >= Passkey::LIMIT {
            return Err(PasskeyError::TooMany);
        }
        let present: Vec<_> = present.into_iter().map(|passkey| passkey.credential_id).collect();
        let begun = self.ceremonies.begin_registration(&user, &present)?;
        let token = OpaqueToken::draw(&*self.secrets);
        let kind = CeremonyKind::PasskeyRegistration;
        tx.ceremonies().insert(&PasskeyQuestion::ceremony(&token, kind, Some(user.id), begun.state, now)).await?;
        tx.commit().await?;
        Ok(PasskeyQuestion { challenge: token.reveal(), options: begun.options })
    }

    async fn add(
        &self,
        caller: &Allowed<FinishCredentials>,
        challenge: &str,
        name: &str,
        credential: &Value,
    ) -> Result<Passkey, PasskeyError> {
        let (now, user) = (self.clock.now(), caller.user_id);
        let ceremony = self.finish(challenge, now).await?;
        if ceremony.user_id != Some(user) {
            return Err(PasskeyError::Expired);
        }
        let new = self.ceremonies.finish_registration(&ceremony.data, credential).map_err(|_| PasskeyError::Refused)?;
        let passkey = Passkey {
            id: PasskeyId::new(self.ids.next()),
            user_id: user,
            credential_id: new.credential_id,
            material: new.material,
            name: name.to_owned(),
            created_at: now,
            last_used_at: None,
        };
        let tx = self.transactor.begin().await?;
        tx.users().lock(user).await?;
        if tx.passkeys().of_user(user).await?.len() >= Passkey::LIMIT {
            return Err(PasskeyError::TooMany);
        }
        tx.passkeys().insert(&passkey).await?;
        tx.security_log().record(&SecurityEvent::new(SecurityEventKind::PasskeyAdded).about(user), now).await?;
        tx.jobs().push(notice(user, SecondFactorChange::PasskeyAdded), now).await?;
        tx.commit().await?;
        Ok(passkey)
    }

    async fn rename(
        &self,
        caller: &Allowed<FinishCredentials>,
        id: PasskeyId,
        name: &str,
    ) -> Result<Option<Passkey>, RepositoryError> {
        let tx = self.transactor.begin().await?;
        let renamed = tx.passkeys().rename(caller.user_id, id, name).await?;
        tx.commit().await?;
        Ok(renamed)
    }

    async fn remove(&self, caller: &Allowed<ChangeCredentials>, id: PasskeyId) -> Result<bool, RepositoryError> {
        let (now, user) = (self.clock.now(), caller.user_id);
        let tx = self.transactor.begin().await?;
        if !tx.passkeys().delete(user, id).await? {
            return Ok(false);
        }
        tx.security_log().record(&SecurityEvent::new(SecurityEventKind::PasskeyRemoved).about(user), now).await?;
        tx.jobs().push(notice(user, SecondFactorChange::PasskeyRemoved), now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

impl PasskeyDesk {
    /// Takes the ceremony away, before anything is checked.
    async fn finish(&self, challenge: &str, now: DateTime<Utc>) -> Result<Ceremony, PasskeyError> {
        let tx = self.transactor.begin().await?;
        let found = tx.ceremonies().finish(&digest_of(challenge), CeremonyKind::PasskeyRegistration, now).await?;
        tx.commit().await?;
        found.ok_or(PasskeyError::Expired)
    }
}
