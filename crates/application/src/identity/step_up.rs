//! Proving anew who one is, before a sensitive change.

use super::codes::{CodeChecking, UncheckedCode};
use super::guesses::{Guesses, NoGuess};
use super::policy::{Allowed, ProveAnew};
use super::ports::{HashingFailed, IdentityQueries, PasswordHasher, SecondFactor, Verdict};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{FactorCode, Session};
use domain::kernel::UserId;
use std::sync::Arc;

/// Takes fresh proofs.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait StepUp: Send + Sync {
    /// Proves the caller by their password; answers until when the proof counts as fresh.
    async fn by_password(&self, caller: &Allowed<ProveAnew>, password: &str) -> Result<DateTime<Utc>, StepUpError>;
    /// Proves the caller by a code of their authenticator app or a recovery code.
    async fn by_code(&self, caller: &Allowed<ProveAnew>, code: &str) -> Result<DateTime<Utc>, StepUpError>;
    /// By what someone can prove themself.
    async fn methods(&self, user: UserId) -> Result<Vec<ProofMethod>, RepositoryError>;
}

/// A way to prove who one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofMethod {
    /// The password.
    Password,
    /// A second factor or a passkey.
    Factor(SecondFactor),
}

/// Why it was no proof.
#[derive(Debug, thiserror::Error)]
pub enum StepUpError {
    /// It is wrong.
    #[error("the proof is wrong")]
    Wrong,
    /// Too many were wrong before.
    #[error("too many wrong proofs")]
    Locked {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The password could not be checked.
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    /// The code could not be checked.
    #[error(transparent)]
    Code(#[from] UncheckedCode),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<NoGuess> for StepUpError {
    fn from(error: NoGuess) -> Self {
        match error {
            NoGuess::Locked { until } => Self::Locked { until },
            NoGuess::Repository(error) => Self::Repository(error),
        }
    }
}

/// The service behind [`StepUp`].
pub struct FreshProof {
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Counts guesses.
    pub guesses: Guesses,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Checks passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Checks codes.
    pub codes: CodeChecking,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl StepUp for FreshProof {
    async fn by_password(&self, caller: &Allowed<ProveAnew>, password: &str) -> Result<DateTime<Utc>, StepUpError> {
        let now = self.clock.now();
        let guess = self.guesses.at_proof(caller.user_id, now).await?;
        let user = self.people.find_user(caller.user_id).await?;
        let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let verdict = match self.hasher.verify(password, hash).await {
            Ok(verdict) => verdict,
            Err(error) => {
                self.guesses.unchecked(&guess).await?;
                return Err(error.into());
            }
        };
        let proven_at = self.clock.now();
        let tx = self.transactor.begin().await?;
        if verdict == Verdict::Wrong {
            let event = SecurityEvent::new(SecurityEventKind::StepUpFailed).about(caller.user_id);
            tx.security_log().record(&event, proven_at).await?;
            tx.commit().await?;
            return Err(StepUpError::Wrong);
        }
        if let Some(proof) = caller.session() {
            tx.sessions().prove(proof.session_id, proven_at).await?;
        }
        tx.commit().await?;
        self.guesses.right(&guess).await?;
        Ok(proven_at + Session::FRESH)
    }

    async fn by_code(&self, caller: &Allowed<ProveAnew>, code: &str) -> Result<DateTime<Utc>, StepUpError> {
        let guess = self.guesses.at_code(caller.user_id, self.clock.now()).await?;
        let outcome = self.prove_by_code(caller, code).await;
        match &outcome {
            Ok(_) => self.guesses.right(&guess).await?,
            Err(StepUpError::Wrong) => {}
            Err(_) => self.guesses.unchecked(&guess).await?,
        }
        outcome
    }

    async fn methods(&self, user: UserId) -> Result<Vec<ProofMethod>, RepositoryError> {
        let known = self.people.find_user(user).await?;
        let password = known.is_some_and(|user| user.password_hash.is_some()).then_some(ProofMethod::Password);
        let factors = self.people.second_factors(user).await?;
        Ok(password.into_iter().chain(factors.into_iter().map(ProofMethod::Factor)).collect())
    }
}

impl FreshProof {
    async fn prove_by_code(&self, caller: &Allowed<ProveAnew>, code: &str) -> Result<DateTime<Utc>, StepUpError> {
        let (now, user) = (self.clock.now(), caller.user_id);
        let tx = self.transactor.begin().await?;
        tx.users().lock(user).await?;
        let right = match FactorCode::parse(code) {
            Some(code) => self.codes.spend(&*tx, user, &code, now).await?,
            None => false,
        };
        if !right {
            let event = SecurityEvent::new(SecurityEventKind::StepUpFailed).about(user);
            tx.security_log().record(&event, now).await?;
            tx.commit().await?;
            return Err(StepUpError::Wrong);
        }
        if let Some(proof) = caller.session() {
            tx.sessions().prove(proof.session_id, now).await?;
        }
        tx.commit().await?;
        Ok(now + Session::FRESH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::codes::double::codes;
    use crate::identity::guesses::double::Fate;
    use crate::identity::guesses::double::guesses as at_codes;
    use crate::identity::ports::{MockAttemptCounts, MockDeviceTokens, MockIdentityQueries, MockPasswordHasher, Taken};
    use crate::tests::{StandingSystem, allowed, now, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::{Role, Totp, TotpStep, User};
    use domain::kernel::SessionId;

    type Verified = fn(Option<&str>) -> Result<Verdict, HashingFailed>;

    /// The caller is Ada; her password's hash is `hash`.
    fn proof(
        transactor: &Arc<TransactorDouble>,
        guesses: Guesses,
        person: User,
        verified: Option<Verified>,
    ) -> FreshProof {
        let (mut people, mut hasher) = (MockIdentityQueries::new(), MockPasswordHasher::new());
        people.expect_find_user().returning(move |_| Ok(Some(person.clone())));
        people.expect_second_factors().returning(|_| Ok(vec![SecondFactor::Totp, SecondFactor::RecoveryCode]));
        if let Some(verified) = verified {
            hasher.expect_verify().times(1).returning(move |_, hash| verified(hash));
        }
        FreshProof {
            people: Arc::new(people),
            guesses,
            transactor: transactor.clone(),
            hasher: Arc::new(hasher),
            codes: codes(),
            clock: StandingSystem::new(),
        }
    }

    /// Guesses at the password: a right one lets the client begin anew, one that was not checked is given back.
    fn at_passwords(anew: usize, given_back: usize) -> Guesses {
        let mut counts = MockAttemptCounts::new();
        counts.expect_take().times(1).returning(|_, _, _| Ok(Taken::Granted { used: 1 }));
        counts.expect_reset().times(anew).returning(|_| Ok(()));
        counts.expect_give_back().times(given_back).returning(|_| Ok(()));
        Guesses { counts: Arc::new(counts), devices: Arc::new(MockDeviceTokens::new()) }
    }

    fn ada() -> User {
        user(Role::Customer)
    }

    /// A unit of work in which a code of an app can be checked.
    fn with_app() -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().times(1).returning(|_| Ok(Some(ada())));
        tx.totp.expect_lock().returning(|user| {
            let mut totp = Totp::start(user, hex::encode([0; 20]), now());
            totp.confirm(TotpStep(7), now());
            Ok(Some(totp))
        });
        tx.totp.expect_use_step().returning(|_, step| Ok(step == TotpStep(8)));
        tx
    }

    fn proving(mut tx: UnitOfWorkDouble) -> UnitOfWorkDouble {
        let this = SessionId::new(uuid(3));
        tx.sessions.expect_prove().withf(move |id, at| *id == this && *at == now()).times(1).returning(|_, _| Ok(()));
        tx
    }

    fn noting_failure(mut tx: UnitOfWorkDouble) -> UnitOfWorkDouble {
        tx.security_log
            .expect_record()
            .withf(|event, _| event.kind == SecurityEventKind::StepUpFailed && event.user_id == Some(ada().id))
            .times(1)
            .returning(|_, _| Ok(()));
        tx
    }

    #[tokio::test]
    async fn a_right_code_proves_this_session_for_ten_minutes() {
        let transactor = TransactorDouble::new([proving(with_app())]);
        let proof = proof(&transactor, at_codes(Fate::TakenOff), ada(), None);
        let until = proof.by_code(&allowed(Role::Customer), "000008").await.unwrap();
        assert_eq!((until, transactor.commits()), (now() + Session::FRESH, 1));
    }

    #[tokio::test]
    async fn a_wrong_code_or_one_that_was_used_proves_nothing_and_stays_counted() {
        for wrong in ["000000", "000007", "nonsense"] {
            let transactor = TransactorDouble::new([noting_failure(with_app())]);
            let proof = proof(&transactor, at_codes(Fate::Counted), ada(), None);
            let error = proof.by_code(&allowed(Role::Customer), wrong).await.unwrap_err();
            assert!(matches!(error, StepUpError::Wrong), "{wrong}");
            assert_eq!(transactor.commits(), 1, "the failure is noted");
        }
    }

    #[tokio::test]
    async fn a_recovery_code_is_spent_by_the_proof() {
        let mut tx = proving(with_app());
        tx.recovery_codes.expect_spend().times(1).returning(|_, _, _| Ok(true));
        let used = SecurityEventKind::RecoveryCodeUsed;
        tx.security_log.expect_record().withf(move |event, _| event.kind == used).times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let proof = proof(&transactor, at_codes(Fate::TakenOff), ada(), None);
        proof.by_code(&allowed(Role::Customer), "ab1d0-zz234").await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn after_too_many_wrong_ones_neither_code_nor_password_is_looked_at() {
        let transactor = TransactorDouble::new([]);
        let by_code = proof(&transactor, at_codes(Fate::Refused), ada(), None);
        let error = by_code.by_code(&allowed(Role::Customer), "000008").await.unwrap_err();
        assert!(matches!(error, StepUpError::Locked { until } if until == now()));
        let by_password = proof(&transactor, at_codes(Fate::Refused), ada(), None);
        let error = by_password.by_password(&allowed(Role::Customer), "password").await.unwrap_err();
        assert!(matches!(error, StepUpError::Locked { .. }));
    }

    #[tokio::test]
    async fn what_could_not_be_checked_is_no_guess_and_no_proof() {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(|_| Err(RepositoryError::Contention));
        let transactor = TransactorDouble::new([tx]);
        let by_code = proof(&transactor, at_codes(Fate::TakenOff), ada(), None);
        let error = by_code.by_code(&allowed(Role::Customer), "000008").await.unwrap_err();
        assert!(matches!(error, StepUpError::Repository(RepositoryError::Contention)));
        let busy: Verified = |_| Err(HashingFailed::Busy);
        let by_password = proof(&transactor, at_passwords(0, 1), ada(), Some(busy));
        let error = by_password.by_password(&allowed(Role::Customer), "password").await.unwrap_err();
        assert!(matches!(error, StepUpError::Hashing(HashingFailed::Busy)));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn the_password_proves_this_session_whatever_its_hash_is_made_of() {
        let right: Verified = |hash| Ok(if hash == Some("hash") { Verdict::Right } else { Verdict::Wrong });
        let outdated: Verified = |_| Ok(Verdict::RightButOutdated);
        for verified in [right, outdated] {
            let transactor = TransactorDouble::new([proving(UnitOfWorkDouble::default())]);
            let proof = proof(&transactor, at_passwords(1, 0), ada(), Some(verified));
            let until = proof.by_password(&allowed(Role::Customer), "password").await.unwrap();
            assert_eq!((until, transactor.commits()), (now() + Session::FRESH, 1));
        }
    }

    #[tokio::test]
    async fn a_wrong_password_proves_nothing_and_neither_does_any_where_there_is_none() {
        let without = User { password_hash: None, ..ada() };
        let verified: Verified = |_| Ok(Verdict::Wrong);
        for person in [ada(), without] {
            let transactor = TransactorDouble::new([noting_failure(UnitOfWorkDouble::default())]);
            let proof = proof(&transactor, at_passwords(0, 0), person, Some(verified));
            let error = proof.by_password(&allowed(Role::Customer), "password").await.unwrap_err();
            assert!(matches!(error, StepUpError::Wrong));
            assert_eq!(transactor.commits(), 1, "the failure is noted");
        }
    }

    #[tokio::test]
    async fn one_is_asked_for_what_one_has() {
        let factors = [ProofMethod::Factor(SecondFactor::Totp), ProofMethod::Factor(SecondFactor::RecoveryCode)];
        let without = User { password_hash: None, ..ada() };
        for (person, password) in [(ada(), Some(ProofMethod::Password)), (without, None)] {
            let proof = proof(&TransactorDouble::new([]), at_codes(Fate::NotMade), person, None);
            let expected: Vec<_> = password.into_iter().chain(factors).collect();
            assert_eq!(proof.methods(ada().id).await.unwrap(), expected);
        }
    }
}
