//! Giving out recovery codes: shown once, kept as keyed digests.

use super::codes::CodeChecking;
use super::policy::{Allowed, ChangeCredentials, ViewCredentials};
use super::ports::{FactorQueries, StoredRecoveryCode};
use super::totp::notice;
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::SecondFactorChange;
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator, SecretSource};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::identity::{RecoveryCode, Totp};
use domain::kernel::UserId;
use std::sync::Arc;

/// Looks after recovery codes.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait KeepRecoveryCodes: Send + Sync {
    /// How many the caller has left.
    async fn remaining(&self, caller: &Allowed<ViewCredentials>) -> Result<u64, RepositoryError>;
    /// Ten new ones; the old ones are void.
    async fn renew(&self, caller: &Allowed<ChangeCredentials>) -> Result<Vec<RecoveryCode>, RenewError>;
}

/// Why there are no new codes.
#[derive(Debug, thiserror::Error)]
pub enum RenewError {
    /// Without an authenticator app there is nothing to recover from.
    #[error("no authenticator app is on")]
    TotpOff,
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// Draws secrets and codes.
#[derive(Clone)]
pub struct FactorDrawing {
    /// Draws secrets.
    pub secrets: Arc<dyn SecretSource>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
}

impl FactorDrawing {
    /// Ten codes for a user: as they are shown, and as they are kept.
    #[must_use]
    pub fn draw(&self, codes: &CodeChecking, user: UserId) -> (Vec<RecoveryCode>, Vec<StoredRecoveryCode>) {
        let drawn = (0..RecoveryCode::COUNT).map(|_| RecoveryCode::draw(self.secrets.bytes()));
        drawn
            .map(|code| {
                let stored = StoredRecoveryCode { id: self.ids.next(), digest: codes.digest(user, &code) };
                (code, stored)
            })
            .unzip()
    }
}

/// The service behind [`KeepRecoveryCodes`].
pub struct RecoveryCodeDesk {
    /// Reads factors.
    pub factors: Arc<dyn FactorQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Digests codes.
    pub codes: CodeChecking,
    /// Draws codes.
    pub drawing: FactorDrawing,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl KeepRecoveryCodes for RecoveryCodeDesk {
    async fn remaining(&self, caller: &Allowed<ViewCredentials>) -> Result<u64, RepositoryError> {
        self.factors.recovery_codes_left(caller.user_id).await
    }

    async fn renew(&self, caller: &Allowed<ChangeCredentials>) -> Result<Vec<RecoveryCode>, RenewError> {
        let (now, user) = (self.clock.now(), caller.user_id);
        let tx = self.transactor.begin().await?;
        tx.users().lock(user).await?;
        tx.totp().lock(user).await?.filter(Totp::is_enabled).ok_or(RenewError::TotpOff)?;
        let (shown, stored) = self.drawing.draw(&self.codes, user);
        tx.recovery_codes().replace(user, &stored).await?;
        let event = SecurityEvent::new(SecurityEventKind::RecoveryCodesRenewed).about(user);
        tx.security_log().record(&event, now).await?;
        tx.jobs().push(notice(user, SecondFactorChange::RecoveryCodesRenewed), now).await?;
        tx.commit().await?;
        Ok(shown)
    }
}
