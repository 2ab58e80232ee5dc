//! Proving an address by the code that was mailed to it.

use super::guesses::{Guesses, NoGuess};
use super::ports::{CodeHasher, IdentityQueries};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::Job;
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::identity::{CodeRefusal, User};
use domain::kernel::EmailAddress;
use std::sync::Arc;

/// Proves addresses.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait VerifyEmails: Send + Sync {
    /// Tries a code. An address without an account is answered like a wrong code; one that is proven already is told so
    /// only to who knows a code, by answering as for a code that has expired.
    async fn verify(&self, email: &EmailAddress, code: &str) -> Result<User, VerifyEmailError>;
    /// Sees to it that another code is mailed, unless there is nothing to prove or one was asked for a moment ago.
    async fn resend(&self, email: &EmailAddress) -> Result<(), RepositoryError>;
}

/// Why an address is not proven.
#[derive(Debug, thiserror::Error)]
pub enum VerifyEmailError {
    /// It is not the code.
    #[error("the code is wrong")]
    Wrong,
    /// There is no code any more.
    #[error("the code has expired")]
    Expired,
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<CodeRefusal> for VerifyEmailError {
    fn from(refusal: CodeRefusal) -> Self {
        match refusal {
            CodeRefusal::Wrong => Self::Wrong,
            CodeRefusal::Expired => Self::Expired,
        }
    }
}

/// The service behind [`VerifyEmails`].
pub struct EmailProof {
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Counts wrong codes.
    pub guesses: Guesses,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Digests codes.
    pub codes: Arc<dyn CodeHasher>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl VerifyEmails for EmailProof {
    async fn verify(&self, email: &EmailAddress, code: &str) -> Result<User, VerifyEmailError> {
        let now = self.clock.now();
        let known = self.people.find_user_by_email(email).await?.ok_or(VerifyEmailError::Wrong)?;
        let guess = match self.guesses.at_code(known.id, now).await {
            Ok(guess) => guess,
            Err(NoGuess::Locked { .. }) => return Err(VerifyEmailError::Expired),
            Err(NoGuess::Repository(error)) => return Err(error.into()),
        };
        let tx = self.transactor.begin().await?;
        let mut user = tx.users().lock(known.id).await?.ok_or(VerifyEmailError::Wrong)?;
        let Some(mut verification) = tx.email_verifications().lock(user.id).await? else {
            drop(tx);
            self.guesses.unchecked(&guess).await?;
            return Err(VerifyEmailError::Expired);
        };
        let verdict = verification.try_code(&self.codes.digest(user.id, code), now);
        match verdict {
            Ok(()) => {
                user.verify_email(now);
                tx.users().update(&user).await?;
                tx.email_verifications().delete(user.id).await?;
            }
            Err(_) => {
                tx.email_verifications().save(&verification).await?;
                let event = SecurityEvent::new(SecurityEventKind::VerificationCodeFailed).about(user.id);
                tx.security_log().record(&event, now).await?;
            }
        }
        tx.commit().await?; // a wrong try is counted although it is refused
        match verdict {
            Ok(()) => self.guesses.right(&guess).await?,
            Err(CodeRefusal::Expired) => self.guesses.unchecked(&guess).await?, // there was nothing to guess
            Err(CodeRefusal::Wrong) => {}
        }
        verdict?;
        Ok(user)
    }

    async fn resend(&self, email: &EmailAddress) -> Result<(), RepositoryError> {
        let tx = self.transactor.begin().await?;
        let Some(user) = tx.users().lock_by_email(email).await? else { return Ok(()) };
        let Some(mut verification) = tx.email_verifications().lock(user.id).await? else { return Ok(()) };
        let now = self.clock.now();
        if !verification.request_again(now) {
            return Ok(());
        }
        tx.email_verifications().save(&verification).await?;
        tx.jobs().push(Job::SendVerificationCode { user_id: user.id.uuid() }, now).await?;
        tx.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::{MockAttemptCounts, MockCodeHasher, MockDeviceTokens, MockIdentityQueries, Taken};
    use crate::tests::{StandingSystem, email, now, user};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use chrono::TimeDelta;
    use domain::identity::{CodeDigest, EmailVerification, Role};

    /// A unit of work with an unproven user whose code is 123456, asked for a while ago.
    fn with_code() -> UnitOfWorkDouble {
        let user = user(Role::Customer);
        let mut verification = EmailVerification::request(user.id, now() - TimeDelta::minutes(5));
        verification.issue(CodeDigest("123456".to_owned()), now() - TimeDelta::minutes(5));
        let mut tx = UnitOfWorkDouble::default();
        let by_email = user.clone();
        tx.users.expect_lock_by_email().returning(move |_| Ok(Some(by_email.clone())));
        tx.users.expect_lock().returning(move |_| Ok(Some(user.clone())));
        tx.email_verifications.expect_lock().returning(move |_| Ok(Some(verification.clone())));
        tx
    }

    fn service(transactor: &Arc<TransactorDouble>) -> EmailProof {
        let mut codes = MockCodeHasher::new();
        codes.expect_digest().returning(|_, code| CodeDigest(code.to_owned()));
        service_with(transactor, true, Taken::Granted { used: 1 }, codes)
    }

    /// With an account or none, and this many guesses left.
    fn service_with(
        transactor: &Arc<TransactorDouble>,
        known: bool,
        taken: Taken,
        codes: MockCodeHasher,
    ) -> EmailProof {
        let mut people = MockIdentityQueries::new();
        people.expect_find_user_by_email().returning(move |_| Ok(known.then(|| user(Role::Customer))));
        let mut counts = MockAttemptCounts::new();
        counts.expect_take().returning(move |_, _, _| Ok(taken));
        counts.expect_give_back().returning(|_| Ok(()));
        EmailProof {
            people: Arc::new(people),
            guesses: Guesses { counts: Arc::new(counts), devices: Arc::new(MockDeviceTokens::new()) },
            transactor: transactor.clone(),
            codes: Arc::new(codes),
            clock: StandingSystem::new(),
        }
    }

    #[tokio::test]
    async fn the_right_code_proves_the_address_and_is_forgotten() {
        let mut tx = with_code();
        tx.users.expect_update().withf(User::is_verified).times(1).returning(|_| Ok(()));
        tx.email_verifications.expect_delete().times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let user = service(&transactor).verify(&email("ada@example.com"), "123456").await.unwrap();
        assert_eq!(user.email_verified_at, Some(now()));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn a_wrong_try_is_counted_although_it_is_refused() {
        let mut tx = with_code();
        let four_left = |v: &EmailVerification| v.code.as_ref().is_some_and(|code| code.tries_left == 4);
        tx.email_verifications.expect_save().withf(four_left).times(1).returning(|_| Ok(()));
        tx.security_log.expect_record().times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let error = service(&transactor).verify(&email("ada@example.com"), "000000").await.unwrap_err();
        assert!(matches!(error, VerifyEmailError::Wrong));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn an_address_without_an_account_looks_like_a_wrong_code() {
        let transactor = TransactorDouble::new([]);
        let service = service_with(&transactor, false, Taken::Granted { used: 1 }, MockCodeHasher::new());
        let error = service.verify(&email("eve@example.com"), "123456").await.unwrap_err();
        assert!(matches!(error, VerifyEmailError::Wrong));
    }

    #[tokio::test]
    async fn after_ten_wrong_codes_a_day_none_is_tried() {
        let transactor = TransactorDouble::new([]);
        let service = service_with(&transactor, true, Taken::Refused { until: now() }, MockCodeHasher::new());
        let error = service.verify(&email("ada@example.com"), "123456").await.unwrap_err();
        assert!(matches!(error, VerifyEmailError::Expired));
    }

    #[tokio::test]
    async fn another_code_is_sent_only_after_a_pause() {
        let mut waiting = with_code();
        waiting.email_verifications.expect_save().times(1).returning(|_| Ok(()));
        waiting.jobs.expect_push().times(1).returning(|_, _| Ok(()));
        let mut hasty = UnitOfWorkDouble::default();
        let person = user(Role::Customer);
        hasty.users.expect_lock_by_email().returning(move |_| Ok(Some(person.clone())));
        let recent = EmailVerification::request(user(Role::Customer).id, now());
        hasty.email_verifications.expect_lock().returning(move |_| Ok(Some(recent.clone())));
        let transactor = TransactorDouble::new([waiting, hasty]);
        let service = service(&transactor);
        service.resend(&email("ada@example.com")).await.unwrap();
        service.resend(&email("ada@example.com")).await.unwrap();
        assert_eq!(transactor.commits(), 1, "the second asked too soon");
    }
}
