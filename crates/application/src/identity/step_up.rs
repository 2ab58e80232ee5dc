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
