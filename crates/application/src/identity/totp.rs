//! Switching the authenticator app on and off.

use super::codes::{CodeChecking, UncheckedCode};
use super::guesses::{Guesses, NoGuess};
use super::policy::{Allowed, ChangeCredentials, FinishCredentials, ViewCredentials};
use super::ports::{FactorQueries, SealFailed, TotpEnrolment, TotpFailed};
use super::recovery_codes::FactorDrawing;
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::{Job, SecondFactorChange};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{FactorCode, RecoveryCode, Totp, TotpRefusal, TotpSecret};
use std::sync::Arc;

/// Looks after authenticator apps.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait KeepTotp: Send + Sync {
    /// Since when the caller's app is on; `None` while it is not.
    async fn enabled_at(&self, caller: &Allowed<ViewCredentials>) -> Result<Option<DateTime<Utc>>, RepositoryError>;
    /// Begins setting one up: a new secret, which guards nothing before it is confirmed.
    async fn start(&self, caller: &Allowed<ChangeCredentials>) -> Result<TotpEnrolment, TotpError>;
    /// Switches it on by a first code, and gives out ten recovery codes.
    async fn confirm(&self, caller: &Allowed<FinishCredentials>, code: &str) -> Result<Vec<RecoveryCode>, TotpError>;
    /// Switches it off; the recovery codes go with it. Again changes nothing.
    async fn disable(&self, caller: &Allowed<ChangeCredentials>) -> Result<(), RepositoryError>;
}

/// Why an app is not set up.
#[derive(Debug, thiserror::Error)]
pub enum TotpError {
    /// There is nothing to confirm.
    #[error("no authenticator app is being set up")]
    NotStarted,
    /// It is on already.
    #[error("an authenticator app is on already")]
    AlreadyEnabled,
    /// Not the app's code.
    #[error("the code is wrong")]
    WrongCode,
    /// Too many were wrong today.
    #[error("too many wrong codes")]
    Locked {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The code could not be checked, or nothing could be set up.
    #[error(transparent)]
    Unchecked(#[from] UncheckedCode),
}

impl From<TotpRefusal> for TotpError {
    fn from(refusal: TotpRefusal) -> Self {
        match refusal {
            TotpRefusal::NotStarted => Self::NotStarted,
            TotpRefusal::AlreadyEnabled => Self::AlreadyEnabled,
        }
    }
}

impl From<NoGuess> for TotpError {
    fn from(error: NoGuess) -> Self {
        match error {
            NoGuess::Locked { until } => Self::Locked { until },
            NoGuess::Repository(error) => error.into(),
        }
    }
}

impl From<RepositoryError> for TotpError {
    fn from(error: RepositoryError) -> Self {
        Self::Unchecked(error.into())
    }
}

impl From<TotpFailed> for TotpError {
    fn from(error: TotpFailed) -> Self {
        Self::Unchecked(error.into())
    }
}

impl From<SealFailed> for TotpError {
    fn from(error: SealFailed) -> Self {
        Self::Unchecked(error.into())
    }
}

/// The service behind [`KeepTotp`].
pub struct TotpDesk {
    /// Reads factors.
    pub factors: Arc<dyn FactorQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Counts wrong codes.
    pub guesses: Guesses,
    /// Checks codes.
    pub codes: CodeChecking,
    /// Draws secrets and recovery codes.
    pub drawing: FactorDrawing,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl KeepTotp for TotpDesk {
    async fn enabled_at(&self, caller: &Allowed<ViewCredentials>) -> Result<Option<DateTime<Utc>>, RepositoryError> {
        self.factors.totp_enabled_at(caller.user_id).await
    }

    async fn start(&self, caller: &Allowed<ChangeCredentials>) -> Result<TotpEnrolment, TotpError> {
        let now = self.clock.now();
        let secret = TotpSecret::draw(self.drawing.secrets.bytes());
        let sealed = self.codes.seal(caller.user_id, &secret)?;
        let tx = self.transactor.begin().await?;
        let user = tx.users().lock(caller.user_id).await?.ok_or(TotpError::NotStarted)?;
        Totp::may_start(tx.totp().lock(user.id).await?.as_ref())?;
        let enrolment = self.codes.totp.enrolment(&secret, &user.email)?;
        tx.totp().save(&Totp::start(user.id, sealed, now)).await?;
        tx.commit().await?;
        Ok(enrolment)
    }

    async fn confirm(&self, caller: &Allowed<FinishCredentials>, code: &str) -> Result<Vec<RecoveryCode>, TotpError> {
        let (now, user) = (self.clock.now(), caller.user_id);
        let guess = self.guesses.at_code(user, now).await?;
        let outcome = self.switch_on(caller, code, now).await;
        match &outcome {
            Ok(_) => self.guesses.right(&guess).await?,
            Err(TotpError::WrongCode) => {}
            Err(_) => self.guesses.unchecked(&guess).await?,
        }
        outcome
    }

    async fn disable(&self, caller: &Allowed<ChangeCredentials>) -> Result<(), RepositoryError> {
        let (now, user) = (self.clock.now(), caller.user_id);
        let tx = self.transactor.begin().await?;
        tx.users().lock(user).await?;
        let Some(totp) = tx.totp().lock(user).await? else { return Ok(()) };
        tx.totp().delete(user).await?;
        tx.recovery_codes().delete(user).await?;
        if totp.is_enabled() {
            tx.security_log().record(&SecurityEvent::new(SecurityEventKind::TotpDisabled).about(user), now).await?;
            tx.jobs().push(notice(user, SecondFactorChange::TotpDisabled), now).await?;
        }
        tx.commit().await
    }
}

impl TotpDesk {
    async fn switch_on(
        &self,
        caller: &Allowed<FinishCredentials>,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<RecoveryCode>, TotpError> {
        let user = caller.user_id;
        let tx = self.transactor.begin().await?;
        tx.users().lock(user).await?;
        let mut totp = Totp::to_confirm(tx.totp().lock(user).await?)?;
        let Some(FactorCode::Totp(digits)) = FactorCode::parse(code) else { return Err(TotpError::WrongCode) };
        let step = self.codes.step(&totp, &digits, now)?.ok_or(TotpError::WrongCode)?;
        totp.confirm(step, now);
        tx.totp().save(&totp).await?;
        let (shown, stored) = self.drawing.draw(&self.codes, user);
        tx.recovery_codes().replace(user, &stored).await?;
        tx.security_log().record(&SecurityEvent::new(SecurityEventKind::TotpEnabled).about(user), now).await?;
        tx.jobs().push(notice(user, SecondFactorChange::TotpEnabled), now).await?;
        tx.commit().await?;
        Ok(shown)
    }
}

pub(super) const fn notice(user: domain::kernel::UserId, change: SecondFactorChange) -> Job {
    Job::SendSecondFactorNotice { user_id: user.uuid(), change }
}
