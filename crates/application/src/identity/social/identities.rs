//! Seeing and unlinking the identities elsewhere by which one can sign in.

use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::policy::{Allowed, ChangeCredentials, ViewCredentials};
use crate::identity::ports::{IdentityQueries, LinkedIdentity, LinkedIdentityQueries, SecondFactor};
use crate::jobs::{Job, SecondFactorChange};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use std::sync::Arc;
use uuid::Uuid;

/// Shows and unlinks identities.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait KeepIdentities: Send + Sync {
    /// The caller's, the oldest first.
    async fn list(&self, caller: &Allowed<ViewCredentials>) -> Result<Vec<LinkedIdentity>, RepositoryError>;
    /// Unlinks one of them.
    async fn unlink(&self, caller: &Allowed<ChangeCredentials>, id: Uuid) -> Result<(), UnlinkError>;
}

/// Why an identity stays linked.
#[derive(Debug, thiserror::Error)]
pub enum UnlinkError {
    /// There is no such.
    #[error("there is no such identity")]
    NotFound,
    /// There is no other way to sign in.
    #[error("there is no other way to sign in")]
    LastSignInMethod,
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`KeepIdentities`].
pub struct IdentityKeeping {
    /// Reads identities.
    pub identities: Arc<dyn LinkedIdentityQueries>,
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl KeepIdentities for IdentityKeeping {
    async fn list(&self, caller: &Allowed<ViewCredentials>) -> Result<Vec<LinkedIdentity>, RepositoryError> {
        self.identities.linked_identities(caller.user_id).await
    }

    async fn unlink(&self, caller: &Allowed<ChangeCredentials>, id: Uuid) -> Result<(), UnlinkError> {
        let now = self.clock.now();
        let has_passkey = self.people.second_factors(caller.user_id).await?.contains(&SecondFactor::Passkey);
        let tx = self.transactor.begin().await?;
        let user = tx.users().lock(caller.user_id).await?.ok_or(UnlinkError::NotFound)?;
        let all = tx.linked_identities().list(user.id).await?;
        let identity = all.iter().find(|identity| identity.id == id).ok_or(UnlinkError::NotFound)?;
        if all.len() == 1 && user.password_hash.is_none() && !has_passkey {
            return Err(UnlinkError::LastSignInMethod);
        }
        tx.linked_identities().delete(user.id, id).await?;
        let event = SecurityEvent::new(SecurityEventKind::IdentityUnlinked).about(user.id);
        tx.security_log().record(&event.with("provider", &identity.provider), now).await?;
        let change = SecondFactorChange::IdentityUnlinked;
        tx.jobs().push(Job::SendSecondFactorNotice { user_id: user.id.uuid(), change }, now).await?;
        tx.commit().await?;
        Ok(())
    }
}
