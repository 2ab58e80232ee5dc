//! Signing in by password.

use super::client::Client;
use super::guesses::{Guess, Guesses, NoGuess};
use super::opening::{SessionOpening, SignInMethod, SignedIn};
use super::ports::{
    Ceremony, CeremonyKind, HashingFailed, IdentityQueries, PasswordHasher, SecondFactor, SigningFailed, Verdict,
};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::Job;
use crate::repository_error::RepositoryError;
use crate::system::{Clock, OpaqueToken};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::{Password, User};
use domain::kernel::EmailAddress;
use std::fmt;
use std::sync::Arc;

/// Signs people in by their password.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SignIn: Send + Sync {
    /// Checks a password and opens a session, or asks for the second factor. An unknown address, a wrong password and a
    /// disabled account look the same, in answer and in time: exactly one hash is computed on each path.
    async fn log_in(&self, email: &EmailAddress, password: &str, client: &Client) -> Result<LogIn, LogInError>;
}

/// What a right password leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogIn {
    /// They are signed in.
    SignedIn(Box<SignedIn>),
    /// The second factor is missing.
    SecondFactor(SecondFactorChallenge),
}

/// What is to be answered by a second factor.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactorChallenge {
    /// What is handed in with the code; a secret.
    pub token: String,
    /// By what it can be answered.
    pub methods: Vec<SecondFactor>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

impl SecondFactorChallenge {
    /// How long there is time to answer.
    pub const LIFETIME: TimeDelta = TimeDelta::minutes(5);
    /// How many wrong answers there may be.
    pub const TRIES: i64 = 5;

    /// A challenge to a user, and what is to be stored of it.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "a token is drawn for one challenge alone")]
    pub fn new(user: &User, methods: Vec<SecondFactor>, token: OpaqueToken, now: DateTime<Utc>) -> (Self, Ceremony) {
        let expires_at = now + Self::LIFETIME;
        let ceremony = Ceremony {
            digest: token.digest(),
            kind: CeremonyKind::SecondFactor,
            user_id: Some(user.id),
            data: "{}".to_owned(),
            tries_left: Self::TRIES,
            expires_at,
        };
        (Self { token: token.reveal(), methods, expires_at }, ceremony)
    }
}

impl fmt::Debug for SecondFactorChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecondFactorChallenge").field("methods", &self.methods).finish_non_exhaustive()
    }
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum LogInError {
    /// Unknown address, not its password, or kept out.
    #[error("the address or the password is wrong")]
    InvalidCredentials,
    /// Too many were wrong before.
    #[error("too many wrong passwords")]
    Locked {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The password could not be checked.
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    /// The token could not be signed.
    #[error(transparent)]
    Signing(#[from] SigningFailed),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<NoGuess> for LogInError {
    fn from(error: NoGuess) -> Self {
        match error {
            NoGuess::Locked { until } => Self::Locked { until },
            NoGuess::Repository(error) => Self::Repository(error),
        }
    }
}

/// The service behind [`SignIn`].
pub struct PasswordSignIn {
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Counts guesses.
    pub guesses: Guesses,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Checks passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Opens sessions.
    pub opening: SessionOpening,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl SignIn for PasswordSignIn {
    async fn log_in(&self, email: &EmailAddress, password: &str, client: &Client) -> Result<LogIn, LogInError> {
        let now = self.clock.now();
        let guess = self.guesses.at_login(email, client, now).await?;
        let user = self.people.find_user_by_email(email).await?;
        let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let verdict = match self.hasher.verify(password, hash).await {
            Ok(verdict) => verdict,
            Err(error) => {
                self.guesses.unchecked(&guess).await?;
                return Err(error.into());
            }
        };
        let user = match user {
            Some(user) if verdict != Verdict::Wrong && user.is_active() => user,
            user => {
                self.note_failure(email, user.as_ref(), client, &guess, now).await?;
                return Err(LogInError::InvalidCredentials);
            }
        };
        self.guesses.right(&guess).await?;
        let renewed = if verdict == Verdict::RightButOutdated { self.hash_anew(password).await } else { None };
        self.welcome(user, renewed, client).await
    }
}

impl PasswordSignIn {
    /// The password is right: a session, or the second factor.
    async fn welcome(&self, user: User, renewed: Option<String>, client: &Client) -> Result<LogIn, LogInError> {
        let now = self.clock.now();
        let methods = SecondFactor::asked_at_sign_in(self.people.second_factors(user.id).await?);
        let opened = if methods.is_empty() { Some(self.opening.prepare(&user, client, now)?) } else { None };
        let tx = self.transactor.begin().await?;
        // What was read before may have changed while the hash was computed.
        let known = tx.users().lock(user.id).await?;
        let unchanged = known.filter(|known| known.is_active() && known.password_hash == user.password_hash);
        let mut user = unchanged.ok_or(LogInError::InvalidCredentials)?;
        if renewed.is_some() {
            user.password_hash = renewed;
            tx.users().update(&user).await?;
        }
        let outcome = if let Some(opened) = opened {
            LogIn::SignedIn(Box::new(opened.store(&*tx, SignInMethod::Password, client, now).await?))
        } else {
            let token = OpaqueToken::draw(&*self.opening.secrets);
            let (challenge, ceremony) = SecondFactorChallenge::new(&user, methods, token, now);
            tx.ceremonies().insert(&ceremony).await?;
            LogIn::SecondFactor(challenge)
        };
        tx.commit().await?;
        Ok(outcome)
    }

    /// A hash as the configuration asks for it; none when there is no time for it now.
    async fn hash_anew(&self, password: &str) -> Option<String> {
        let password = Password::parse(password).ok()?; // made under an older rule: it stays as it is
        self.hasher.hash(&password).await.ok()
    }

    /// The same for a known and an unknown address, up to the mail that only an owner gets.
    async fn note_failure(
        &self,
        email: &EmailAddress,
        user: Option<&User>,
        client: &Client,
        guess: &Guess,
        now: DateTime<Utc>,
    ) -> Result<(), RepositoryError> {
        let event = |kind| {
            let event = SecurityEvent::new(kind).tried(email).from(client);
            match user {
                Some(user) => event.about(user.id),
                None => event,
            }
        };
        let tx = self.transactor.begin().await?;
        tx.security_log().record(&event(SecurityEventKind::LoginFailed), now).await?;
        if guess.last_of_client || guess.last_of_day {
            let whence = if guess.last_of_day { "all clients" } else { "this client" };
            tx.security_log().record(&event(SecurityEventKind::LoginLocked).with("locked", whence), now).await?;
        }
        if let Some(user) = user.filter(|user| guess.last_of_day && user.is_active()) {
            tx.jobs().push(Job::SendSignInHelp { user_id: user.id.uuid() }, now).await?;
        }
        tx.commit().await
    }
}
