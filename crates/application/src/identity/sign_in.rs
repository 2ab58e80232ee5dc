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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::opening::double::opening;
    use crate::identity::ports::{
        AttemptKey, MockAttemptCounts, MockDeviceTokens, MockIdentityQueries, MockPasswordHasher, Taken,
    };
    use crate::system::digest_of;
    use crate::tests::{StandingSystem, client, email, now, user};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;

    /// Who tries, and what becomes of it.
    struct Scene {
        known: Option<User>,
        verdict: fn() -> Result<Verdict, HashingFailed>,
        hashed_anew: Option<fn() -> Result<String, HashingFailed>>,
        factors: Vec<SecondFactor>,
        /// How many were wrong before, from this client and today.
        before: (i64, i64),
    }

    fn ada() -> User {
        user(Role::Customer)
    }

    const fn right() -> Result<Verdict, HashingFailed> {
        Ok(Verdict::Right)
    }

    const fn wrong() -> Result<Verdict, HashingFailed> {
        Ok(Verdict::Wrong)
    }

    const fn outdated() -> Result<Verdict, HashingFailed> {
        Ok(Verdict::RightButOutdated)
    }

    impl Default for Scene {
        fn default() -> Self {
            Self { known: Some(ada()), verdict: right, hashed_anew: None, factors: vec![], before: (0, 0) }
        }
    }

    impl Scene {
        /// Tries once: exactly one hash is compared, whoever it is, and one is computed only where the scene says so.
        async fn log_in(self, units: impl IntoIterator<Item = UnitOfWorkDouble>) -> (Result<LogIn, LogInError>, usize) {
            let (mut people, mut hasher) = (MockIdentityQueries::new(), MockPasswordHasher::new());
            let Self { known, verdict, hashed_anew, factors, before } = self;
            let stored = known.as_ref().and_then(|user| user.password_hash.clone());
            people.expect_find_user_by_email().times(1).return_once(|_| Ok(known));
            people.expect_second_factors().returning(move |_| Ok(factors.clone()));
            hasher
                .expect_verify()
                .withf(move |candidate, hash| candidate == "Secret-123" && *hash == stored.as_deref())
                .times(1)
                .returning(move |_, _| verdict());
            hasher.expect_hash().times(usize::from(hashed_anew.is_some())).returning(move |_| hashed_anew.unwrap()());
            let transactor = TransactorDouble::new(units);
            let desk = PasswordSignIn {
                people: Arc::new(people),
                guesses: Guesses { counts: Arc::new(counts(before)), devices: Arc::new(MockDeviceTokens::new()) },
                transactor: transactor.clone(),
                hasher: Arc::new(hasher),
                opening: opening(),
                clock: StandingSystem::new(),
            };
            let outcome = desk.log_in(&email("ada@example.com"), "Secret-123", &client()).await;
            (outcome, transactor.commits())
        }
    }

    fn counts(before: (i64, i64)) -> MockAttemptCounts {
        let mut counts = MockAttemptCounts::new();
        counts.expect_take().times(2).returning(move |key: &AttemptKey, _, _| {
            let of_day = key.as_str().starts_with("login-day");
            Ok(Taken::Granted { used: 1 + if of_day { before.1 } else { before.0 } })
        });
        counts.expect_reset().returning(|_| Ok(()));
        counts.expect_give_back().returning(|_| Ok(()));
        counts
    }

    fn locking(person: Option<User>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(move |_| Ok(person.clone()));
        tx
    }

    fn opened(mut tx: UnitOfWorkDouble) -> UnitOfWorkDouble {
        tx.sessions.expect_insert().withf(|session| session.user_id == ada().id).times(1).returning(|_| Ok(()));
        noting(&mut tx, SecurityEventKind::LoginSucceeded, true);
        tx
    }

    fn noting(tx: &mut UnitOfWorkDouble, kind: SecurityEventKind, known: bool) {
        tx.security_log
            .expect_record()
            .withf(move |event, _| event.kind == kind && event.user_id.is_some() == known && event.address.is_some())
            .times(1)
            .returning(|_, _| Ok(()));
    }

    #[tokio::test]
    async fn a_right_password_opens_a_session_and_changes_nothing_else() {
        let (outcome, commits) = Scene::default().log_in([opened(locking(Some(ada())))]).await;
        let Ok(LogIn::SignedIn(signed_in)) = outcome else { panic!("{outcome:?}") };
        assert_eq!((signed_in.user, commits), (ada(), 1));
    }

    #[tokio::test]
    async fn an_outdated_hash_is_replaced_with_the_session_that_it_opens() {
        let mut tx = opened(locking(Some(ada())));
        let renewed = |user: &User| user.password_hash.as_deref() == Some("renewed");
        tx.users.expect_update().withf(renewed).times(1).returning(|_| Ok(()));
        let hashed_anew: fn() -> _ = || Ok("renewed".to_owned());
        let scene = Scene { verdict: outdated, hashed_anew: Some(hashed_anew), ..Scene::default() };
        let (outcome, commits) = scene.log_in([tx]).await;
        assert!(matches!(outcome, Ok(LogIn::SignedIn(_))));
        assert_eq!(commits, 1);
    }

    #[tokio::test]
    async fn who_comes_while_there_is_no_time_to_hash_keeps_the_old_hash_and_is_let_in() {
        let hashed_anew: fn() -> _ = || Err(HashingFailed::Busy);
        let scene = Scene { verdict: outdated, hashed_anew: Some(hashed_anew), ..Scene::default() };
        let (outcome, _) = scene.log_in([opened(locking(Some(ada())))]).await;
        assert!(matches!(outcome, Ok(LogIn::SignedIn(_))));
    }

    #[tokio::test]
    async fn an_authenticator_app_is_asked_for_instead_of_a_session() {
        let mut tx = locking(Some(ada()));
        let kept = Arc::new(std::sync::Mutex::new(None));
        let keeping = kept.clone();
        tx.ceremonies.expect_insert().times(1).returning(move |ceremony| {
            *keeping.lock().unwrap() = Some(ceremony.clone());
            Ok(())
        });
        let factors = vec![SecondFactor::Totp, SecondFactor::RecoveryCode, SecondFactor::Passkey];
        let scene = Scene { factors: factors.clone(), ..Scene::default() };
        let (outcome, commits) = scene.log_in([tx]).await;
        let Ok(LogIn::SecondFactor(challenge)) = outcome else { panic!("{outcome:?}") };
        let kept = kept.lock().unwrap().clone().unwrap();
        assert_eq!((kept.digest, kept.user_id), (digest_of(&challenge.token), Some(ada().id)));
        assert_eq!((kept.tries_left, kept.expires_at), (5, now() + TimeDelta::minutes(5)));
        assert_eq!((challenge.methods, commits), (factors, 1));
    }

    #[tokio::test]
    async fn a_passkey_alone_asks_for_nothing() {
        let scene = Scene { factors: vec![SecondFactor::Passkey], ..Scene::default() };
        let (outcome, _) = scene.log_in([opened(locking(Some(ada())))]).await;
        assert!(matches!(outcome, Ok(LogIn::SignedIn(_))));
    }

    #[tokio::test]
    async fn what_changed_while_the_hash_was_compared_opens_nothing() {
        let changed = User { password_hash: Some("another".to_owned()), ..ada() };
        let disabled = User { disabled_at: Some(now()), ..ada() };
        for meanwhile in [Some(changed), Some(disabled), None] {
            let (outcome, commits) = Scene::default().log_in([locking(meanwhile)]).await;
            assert!(matches!(outcome, Err(LogInError::InvalidCredentials)));
            assert_eq!(commits, 0);
        }
    }

    #[tokio::test]
    async fn unknown_wrong_and_kept_out_look_the_same_and_are_noted() {
        let disabled = User { disabled_at: Some(now()), ..ada() };
        let scenes = [
            Scene { known: None, verdict: wrong, ..Scene::default() },
            Scene { verdict: wrong, ..Scene::default() },
            Scene { known: Some(disabled), ..Scene::default() },
        ];
        for scene in scenes {
            let mut tx = UnitOfWorkDouble::default();
            noting(&mut tx, SecurityEventKind::LoginFailed, scene.known.is_some());
            let (outcome, commits) = scene.log_in([tx]).await;
            assert!(matches!(outcome, Err(LogInError::InvalidCredentials)));
            assert_eq!(commits, 1);
        }
    }

    #[tokio::test]
    async fn the_last_wrong_one_is_noted_as_a_lock_and_only_the_last_of_a_day_is_mailed() {
        for (before, mails) in [((4, 0), 0), ((0, 99), 1)] {
            for known in [Some(ada()), None] {
                let mut tx = UnitOfWorkDouble::default();
                noting(&mut tx, SecurityEventKind::LoginFailed, known.is_some());
                noting(&mut tx, SecurityEventKind::LoginLocked, known.is_some());
                let help = Job::SendSignInHelp { user_id: ada().id.uuid() };
                let mails = if known.is_some() { mails } else { 0 };
                tx.jobs.expect_push().withf(move |job, _| *job == help).times(mails).returning(|_, _| Ok(()));
                let (outcome, _) = Scene { known, verdict: wrong, before, ..Scene::default() }.log_in([tx]).await;
                assert!(matches!(outcome, Err(LogInError::InvalidCredentials)));
            }
        }
    }

    #[tokio::test]
    async fn what_could_not_be_compared_writes_nothing() {
        let scene = Scene { verdict: || Err(HashingFailed::Busy), ..Scene::default() };
        let (outcome, commits) = scene.log_in([]).await;
        assert!(matches!(outcome, Err(LogInError::Hashing(HashingFailed::Busy))));
        assert_eq!(commits, 0);
    }
}
