//! Completing a sign-in by a second factor: a code of the authenticator app, or a recovery code.

use super::client::Client;
use super::codes::{CodeChecking, UncheckedCode};
use super::guesses::{Guesses, NoGuess};
use super::opening::{SessionOpening, SignInMethod, SignedIn};
use super::ports::{CeremonyKind, IdentityQueries, SigningFailed};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, digest_of};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{FactorCode, User};
use domain::kernel::UserId;
use std::sync::Arc;

/// Completes sign-ins.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait AnswerChallenges: Send + Sync {
    /// Answers a challenge by a code, and opens the session. A try is counted before the code is checked.
    async fn answer(&self, challenge: &str, code: &str, client: &Client) -> Result<SignedIn, AnswerError>;
}

/// Why a sign-in is not complete.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// There is no such challenge any more: too old, answered, or tried too often.
    #[error("the challenge has expired")]
    Expired,
    /// The code is wrong, or was used before.
    #[error("the second factor is wrong")]
    Wrong,
    /// Too many codes were wrong today.
    #[error("too many wrong codes")]
    Locked {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The code could not be checked.
    #[error(transparent)]
    Unchecked(#[from] UncheckedCode),
    /// The token could not be signed.
    #[error(transparent)]
    Signing(#[from] SigningFailed),
}

impl From<NoGuess> for AnswerError {
    fn from(error: NoGuess) -> Self {
        match error {
            NoGuess::Locked { until } => Self::Locked { until },
            NoGuess::Repository(error) => error.into(),
        }
    }
}

impl From<RepositoryError> for AnswerError {
    fn from(error: RepositoryError) -> Self {
        Self::Unchecked(error.into())
    }
}

/// The service behind [`AnswerChallenges`].
pub struct ChallengeDesk {
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Counts wrong codes.
    pub guesses: Guesses,
    /// Checks codes.
    pub codes: CodeChecking,
    /// Opens sessions.
    pub opening: SessionOpening,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl AnswerChallenges for ChallengeDesk {
    async fn answer(&self, challenge: &str, code: &str, client: &Client) -> Result<SignedIn, AnswerError> {
        let (now, digest) = (self.clock.now(), digest_of(challenge));
        let user = self.take_try(&digest, now).await?;
        let guess = self.guesses.at_code(user, now).await?;
        let outcome = self.complete(user, &digest, code, client).await;
        match &outcome {
            Ok(_) => self.guesses.right(&guess).await?,
            Err(AnswerError::Wrong) => {}
            Err(_) => self.guesses.unchecked(&guess).await?,
        }
        outcome
    }
}

impl ChallengeDesk {
    /// Takes a try of the challenge, and tells whose sign-in it is.
    async fn take_try(&self, digest: &str, now: DateTime<Utc>) -> Result<UserId, AnswerError> {
        let tx = self.transactor.begin().await?;
        if !tx.ceremonies().take_try(digest, CeremonyKind::SecondFactor, now).await? {
            return Err(AnswerError::Expired);
        }
        let challenge = tx.ceremonies().find(digest, CeremonyKind::SecondFactor, now).await?;
        let user = challenge.and_then(|challenge| challenge.user_id).ok_or(AnswerError::Expired)?;
        tx.commit().await?;
        Ok(user)
    }

    /// Checks the code, and with a right one puts the session in the challenge's place.
    async fn complete(&self, user: UserId, digest: &str, code: &str, client: &Client) -> Result<SignedIn, AnswerError> {
        let now = self.clock.now();
        let person = self.people.find_user(user).await?.filter(User::is_active).ok_or(AnswerError::Expired)?;
        let opened = self.opening.prepare(&person, client, now)?;
        let tx = self.transactor.begin().await?;
        tx.users().lock(user).await?.filter(User::is_active).ok_or(AnswerError::Expired)?;
        let right = match FactorCode::parse(code) {
            Some(code) => self.codes.spend(&*tx, user, &code, now).await?,
            None => false,
        };
        if !right {
            let event = SecurityEvent::new(SecurityEventKind::SecondFactorFailed).about(user).from(client);
            tx.security_log().record(&event, now).await?;
            tx.commit().await?;
            return Err(AnswerError::Wrong);
        }
        // Whoever comes second with another code finds the challenge answered, and the code is not used up.
        tx.ceremonies().finish(digest, CeremonyKind::SecondFactor, now).await?.ok_or(AnswerError::Expired)?;
        let signed_in = opened.store(&*tx, SignInMethod::SecondFactor, client, now).await?;
        tx.commit().await?;
        Ok(signed_in)
    }
}
