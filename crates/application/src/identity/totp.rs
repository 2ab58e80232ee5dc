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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::codes::double::codes;
    use crate::identity::ports::{MockAttemptCounts, MockDeviceTokens, MockFactorQueries, Taken};
    use crate::tests::{StandingSystem, allowed, now, user};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::{Role, TotpStep};

    /// A desk whose guesses are granted; a wrong one stays counted, any other is given back.
    fn desk(transactor: &Arc<TransactorDouble>, given_back: usize) -> TotpDesk {
        let mut counts = MockAttemptCounts::new();
        counts.expect_take().returning(|_, _, _| Ok(Taken::Granted { used: 1 }));
        counts.expect_give_back().times(given_back).returning(|_| Ok(()));
        let system = StandingSystem::new();
        TotpDesk {
            factors: Arc::new(MockFactorQueries::new()),
            transactor: transactor.clone(),
            guesses: Guesses { counts: Arc::new(counts), devices: Arc::new(MockDeviceTokens::new()) },
            codes: codes(),
            drawing: FactorDrawing { secrets: system.clone(), ids: system.clone() },
            clock: system,
        }
    }

    fn with_app(app: Option<Totp>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(|_| Ok(Some(user(Role::Customer))));
        tx.totp.expect_lock().return_once(move |_| Ok(app));
        tx
    }

    fn started() -> Totp {
        Totp::start(user(Role::Customer).id, hex::encode([0; 20]), now())
    }

    fn enabled() -> Totp {
        let mut totp = started();
        totp.confirm(TotpStep(7), now());
        totp
    }

    #[tokio::test]
    async fn what_is_begun_is_kept_sealed_and_guards_nothing() {
        let mut tx = with_app(None);
        tx.totp.expect_save().withf(|totp| *totp == started()).times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        desk(&transactor, 0).start(&allowed(Role::Customer)).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn an_app_that_is_on_is_not_begun_anew() {
        let transactor = TransactorDouble::new([with_app(Some(enabled()))]);
        let error = desk(&transactor, 0).start(&allowed(Role::Customer)).await.unwrap_err();
        assert!(matches!(error, TotpError::AlreadyEnabled));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn the_first_code_switches_it_on_and_gives_out_ten_codes() {
        let mut tx = with_app(Some(started()));
        let on = |totp: &Totp| totp.is_enabled() && totp.last_step == TotpStep(8);
        tx.totp.expect_save().withf(on).times(1).returning(|_| Ok(()));
        tx.recovery_codes.expect_replace().withf(|_, codes| codes.len() == 10).times(1).returning(|_, _| Ok(()));
        tx.security_log.expect_record().times(1).returning(|_, _| Ok(()));
        tx.jobs.expect_push().times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let codes = desk(&transactor, 1).confirm(&allowed(Role::Customer), "000 008").await.unwrap();
        assert_eq!((codes.len(), transactor.commits()), (10, 1));
    }

    #[tokio::test]
    async fn a_wrong_first_code_stays_counted_and_changes_nothing() {
        for wrong in ["000000", "ab1d0-zz234", "nonsense"] {
            let transactor = TransactorDouble::new([with_app(Some(started()))]);
            let error = desk(&transactor, 0).confirm(&allowed(Role::Customer), wrong).await.unwrap_err();
            assert!(matches!(error, TotpError::WrongCode), "{wrong}");
            assert_eq!(transactor.commits(), 0);
        }
    }

    #[tokio::test]
    async fn what_there_is_nothing_to_confirm_of_is_no_guess() {
        for app in [None, Some(enabled())] {
            let transactor = TransactorDouble::new([with_app(app)]);
            let error = desk(&transactor, 1).confirm(&allowed(Role::Customer), "000008").await.unwrap_err();
            assert!(matches!(error, TotpError::NotStarted | TotpError::AlreadyEnabled));
        }
    }

    #[tokio::test]
    async fn switching_it_off_takes_the_recovery_codes_along_and_is_told_once() {
        for (app, told) in [(enabled(), 1), (started(), 0)] {
            let mut tx = with_app(Some(app));
            tx.totp.expect_delete().times(1).returning(|_| Ok(()));
            tx.recovery_codes.expect_delete().times(1).returning(|_| Ok(()));
            tx.security_log.expect_record().times(told).returning(|_, _| Ok(()));
            tx.jobs.expect_push().times(told).returning(|_, _| Ok(()));
            let transactor = TransactorDouble::new([tx]);
            desk(&transactor, 0).disable(&allowed(Role::Customer)).await.unwrap();
            assert_eq!(transactor.commits(), 1);
        }
    }
}
