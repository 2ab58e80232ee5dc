//! Checking the codes of authenticator apps and recovery codes. Each is good once: using one up is one conditional UPDATE.

use super::ports::{CodeHasher, SealFailed, SecretBox, TotpCodes, TotpFailed};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::repository_error::RepositoryError;
use crate::unit_of_work::UnitOfWork;
use chrono::{DateTime, Utc};
use domain::identity::{CodeDigest, FactorCode, RecoveryCode, Totp, TotpSecret, TotpStep};
use domain::kernel::UserId;
use std::sync::Arc;

/// Checks codes and uses them up.
#[derive(Clone)]
pub struct CodeChecking {
    /// Seals and opens the secrets of apps.
    pub secrets: Arc<dyn SecretBox>,
    /// Computes the codes of apps.
    pub totp: Arc<dyn TotpCodes>,
    /// Digests recovery codes.
    pub digests: Arc<dyn CodeHasher>,
}

/// Why a code could not be checked at all.
#[derive(Debug, thiserror::Error)]
pub enum UncheckedCode {
    /// The app's secret could not be opened.
    #[error(transparent)]
    Seal(#[from] SealFailed),
    /// The app's codes could not be computed.
    #[error(transparent)]
    Totp(#[from] TotpFailed),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl CodeChecking {
    /// Uses a code of a user up; `false` when it is wrong or was used before. Nothing else of the unit of work may depend
    /// on a `false`, but what notes it.
    ///
    /// # Errors
    /// When it could not be checked.
    pub async fn spend(
        &self,
        tx: &dyn UnitOfWork,
        user: UserId,
        code: &FactorCode,
        now: DateTime<Utc>,
    ) -> Result<bool, UncheckedCode> {
        match code {
            FactorCode::Totp(digits) => {
                let enabled = tx.totp().lock(user).await?.filter(Totp::is_enabled);
                let Some(totp) = enabled else { return Ok(false) };
                match self.step(&totp, digits, now)? {
                    Some(step) => Ok(tx.totp().use_step(user, step).await?),
                    None => Ok(false),
                }
            }
            FactorCode::Recovery(code) => {
                let spent = tx.recovery_codes().spend(user, &self.digest(user, code), now).await?;
                if spent {
                    let event = SecurityEvent::new(SecurityEventKind::RecoveryCodeUsed).about(user);
                    tx.security_log().record(&event, now).await?;
                }
                Ok(spent)
            }
        }
    }

    /// The step of which this is the app's code.
    ///
    /// # Errors
    /// When it could not be computed.
    pub fn step(&self, totp: &Totp, digits: &str, now: DateTime<Utc>) -> Result<Option<TotpStep>, UncheckedCode> {
        let secret = self.secrets.open(&context(totp.user_id), &totp.sealed_secret)?;
        let secret: [u8; 20] = secret.try_into().map_err(|_| SealFailed)?;
        Ok(self.totp.step(&TotpSecret::new(secret), digits, now)?)
    }

    /// The secret of a user's app, as it is kept.
    ///
    /// # Errors
    /// When it could not be sealed.
    pub fn seal(&self, user: UserId, secret: &TotpSecret) -> Result<String, SealFailed> {
        self.secrets.seal(&context(user), secret.expose())
    }

    /// The digest of a recovery code, as it is kept.
    #[must_use]
    pub fn digest(&self, user: UserId, code: &RecoveryCode) -> CodeDigest {
        self.digests.digest(user, code.expose())
    }
}

/// What a sealed secret is for and whose: it opens nothing in another's row.
fn context(user: UserId) -> Vec<u8> {
    [b"totp ".as_slice(), user.uuid().as_bytes()].concat()
}

#[cfg(test)]
pub mod double {
    //! Codes without cryptography: the app's code of a step is the step, and nothing is sealed.

    use super::CodeChecking;
    use crate::identity::ports::{MockCodeHasher, MockSecretBox, MockTotpCodes, TotpEnrolment};
    use domain::identity::{CodeDigest, TotpStep};
    use std::sync::Arc;

    pub fn codes() -> CodeChecking {
        let mut secrets = MockSecretBox::new();
        secrets.expect_seal().returning(|_, secret| Ok(hex::encode(secret)));
        secrets.expect_open().returning(|_, sealed| hex::decode(sealed).map_err(|_| super::SealFailed));
        let mut totp = MockTotpCodes::new();
        totp.expect_step().returning(|_, code, _| Ok(code.parse().ok().filter(|step| *step > 0).map(TotpStep)));
        totp.expect_enrolment().returning(|_, account| {
            Ok(TotpEnrolment {
                secret: "S".to_owned(),
                uri: format!("otpauth://{account}"),
                qr_svg: "<svg/>".to_owned(),
            })
        });
        let mut digests = MockCodeHasher::new();
        digests.expect_digest().returning(|_, code| CodeDigest(code.to_owned()));
        CodeChecking { secrets: Arc::new(secrets), totp: Arc::new(totp), digests: Arc::new(digests) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{now, uuid};
    use crate::unit_of_work::double::UnitOfWorkDouble;

    fn ada() -> UserId {
        UserId::new(uuid(1))
    }

    fn totp(enabled: bool) -> Totp {
        let mut totp = Totp::start(ada(), hex::encode([0; 20]), now());
        if enabled {
            totp.confirm(TotpStep(7), now());
        }
        totp
    }

    async fn spend(tx: &UnitOfWorkDouble, code: &str) -> bool {
        double::codes().spend(tx, ada(), &FactorCode::parse(code).unwrap(), now()).await.unwrap()
    }

    #[tokio::test]
    async fn a_code_of_the_app_uses_its_step_up() {
        for fresh in [true, false] {
            let mut tx = UnitOfWorkDouble::default();
            tx.totp.expect_lock().returning(|_| Ok(Some(totp(true))));
            tx.totp.expect_use_step().withf(|_, step| step.0 == 8).times(1).returning(move |_, _| Ok(fresh));
            assert_eq!(spend(&tx, "000008").await, fresh);
        }
    }

    #[tokio::test]
    async fn a_wrong_code_and_an_app_that_is_not_on_use_nothing_up() {
        for (app, code) in [(Some(totp(true)), "000000"), (Some(totp(false)), "000008"), (None, "000008")] {
            let mut tx = UnitOfWorkDouble::default();
            tx.totp.expect_lock().return_once(move |_| Ok(app));
            tx.totp.expect_use_step().times(0);
            assert!(!spend(&tx, code).await);
        }
    }

    #[tokio::test]
    async fn a_recovery_code_is_used_up_by_its_digest_and_noted() {
        for fresh in [true, false] {
            let mut tx = UnitOfWorkDouble::default();
            tx.recovery_codes
                .expect_spend()
                .withf(|user, digest, at| *user == ada() && digest.0 == "ab1d0-zz234" && *at == now())
                .times(1)
                .returning(move |_, _, _| Ok(fresh));
            tx.security_log.expect_record().times(usize::from(fresh)).returning(|_, _| Ok(()));
            assert_eq!(spend(&tx, "AB1D0 ZZ234").await, fresh);
        }
    }
}
