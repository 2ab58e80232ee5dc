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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::codes::double::codes;
    use crate::identity::ports::MockFactorQueries;
    use crate::system::MockSecretSource;
    use crate::tests::{StandingSystem, allowed, now, user};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::{Role, TotpStep};
    use std::collections::HashSet;

    fn desk(transactor: &Arc<TransactorDouble>, factors: MockFactorQueries) -> RecoveryCodeDesk {
        let (system, mut drawn) = (StandingSystem::new(), 0);
        let mut secrets = MockSecretSource::new();
        secrets.expect_bytes().returning(move || {
            drawn += 1;
            [drawn; 32]
        });
        RecoveryCodeDesk {
            factors: Arc::new(factors),
            transactor: transactor.clone(),
            codes: codes(),
            drawing: FactorDrawing { secrets: Arc::new(secrets), ids: system.clone() },
            clock: system,
        }
    }

    fn ada() -> UserId {
        user(Role::Customer).id
    }

    fn with_app(app: Option<Totp>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().times(1).returning(|_| Ok(Some(user(Role::Customer))));
        tx.totp.expect_lock().return_once(move |_| Ok(app));
        tx
    }

    fn app(on: bool) -> Totp {
        let mut totp = Totp::start(ada(), String::new(), now());
        if on {
            totp.confirm(TotpStep(7), now());
        }
        totp
    }

    #[tokio::test]
    async fn ten_new_codes_take_the_place_of_the_old_ones_and_the_owner_is_told() {
        let mut tx = with_app(Some(app(true)));
        let kept = Arc::new(std::sync::Mutex::new(Vec::new()));
        let keeping = kept.clone();
        tx.recovery_codes.expect_replace().withf(|user, _| *user == ada()).times(1).returning(move |_, codes| {
            *keeping.lock().unwrap() = codes.to_vec();
            Ok(())
        });
        tx.security_log
            .expect_record()
            .withf(|event, _| event.kind == SecurityEventKind::RecoveryCodesRenewed && event.details.is_empty())
            .times(1)
            .returning(|_, _| Ok(()));
        let told = notice(ada(), SecondFactorChange::RecoveryCodesRenewed);
        tx.jobs.expect_push().withf(move |job, _| *job == told).times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let shown = desk(&transactor, MockFactorQueries::new()).renew(&allowed(Role::Customer)).await.unwrap();
        let kept = kept.lock().unwrap().clone();
        assert_eq!(transactor.commits(), 1);
        let digests: Vec<_> = kept.iter().map(|stored| stored.digest.0.clone()).collect();
        assert_eq!(shown.iter().map(|code| code.expose().to_owned()).collect::<Vec<_>>(), digests);
        assert_eq!(digests.iter().collect::<HashSet<_>>().len(), RecoveryCode::COUNT, "no two are alike");
        assert_eq!(kept.iter().map(|stored| stored.id).collect::<HashSet<_>>().len(), RecoveryCode::COUNT);
    }

    #[tokio::test]
    async fn without_an_app_that_is_on_the_old_codes_stay() {
        for app in [None, Some(app(false))] {
            let transactor = TransactorDouble::new([with_app(app)]);
            let error = desk(&transactor, MockFactorQueries::new()).renew(&allowed(Role::Customer)).await.unwrap_err();
            assert!(matches!(error, RenewError::TotpOff));
            assert_eq!(transactor.commits(), 0);
        }
    }

    #[tokio::test]
    async fn one_sees_how_many_of_ones_own_are_left() {
        let mut factors = MockFactorQueries::new();
        factors.expect_recovery_codes_left().withf(|user| *user == ada()).times(1).returning(|_| Ok(7));
        let left = desk(&TransactorDouble::new([]), factors).remaining(&allowed(Role::Customer)).await.unwrap();
        assert_eq!(left, 7);
    }
}
