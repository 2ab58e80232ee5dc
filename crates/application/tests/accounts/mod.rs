//! Accounts for service tests: the real services on a real database, with a hasher that counts and a clock that is set.

use application::identity::guesses::Guesses;
use application::identity::opening::{SessionOpening, SignedIn};
use application::identity::passwords::{ChangePasswordError, PasswordChange, PasswordDesk, SetPasswords};
use application::identity::policy::{Allowed, ChangePassword, ManageSessions, Permission};
use application::identity::ports::{
    AccessTokens, HashingFailed, InvalidToken, IssuedToken, PasswordHasher, SigningFailed, TokenClaims, Verdict,
};
use application::identity::sessions::{KeepSessions, RefreshError, SessionKeeping};
use application::identity::sign_in::{LogIn, LogInError, PasswordSignIn, SignIn};
use application::identity::{Caller, Client, Credential, SessionProof};
use application::system::Clock;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::{Password, User};
use domain::kernel::{EmailAddress, SessionId, TokenId, UserId};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use testkit::TestDb;
use testkit::builders::{a_user, noon};
use testkit::crypto::{HmacDeviceTokens, HmacRefreshTokens, SecretKey};
use testkit::sql::SqlAttemptCounts;
use testkit::system::{SystemSecrets, UuidGenerator};

pub const PASSWORD: &str = "Secret-123";

/// Hashes to the password itself, and counts.
#[derive(Default)]
pub struct CountingHasher {
    hashes: AtomicUsize,
    busy: Mutex<bool>,
}

impl CountingHasher {
    /// From now on too many are waiting.
    pub fn is_busy(&self, busy: bool) {
        *self.busy.lock().unwrap() = busy;
    }

    /// How many hashes were computed since this was last asked.
    pub fn hashes(&self) -> usize {
        self.hashes.swap(0, Ordering::SeqCst)
    }

    async fn compute(&self) -> Result<(), HashingFailed> {
        if *self.busy.lock().unwrap() {
            return Err(HashingFailed::Busy);
        }
        self.hashes.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await; // a hash takes a while
        Ok(())
    }
}

#[async_trait]
impl PasswordHasher for CountingHasher {
    async fn hash(&self, password: &Password) -> Result<String, HashingFailed> {
        self.compute().await?;
        Ok(password.expose().to_owned())
    }

    async fn verify<'a>(&self, candidate: &'a str, hash: Option<&'a str>) -> Result<Verdict, HashingFailed> {
        self.compute().await?;
        Ok(if hash == Some(candidate) { Verdict::Right } else { Verdict::Wrong })
    }
}

/// A clock that goes on when it is told to.
#[derive(Default)]
pub struct SetClock(AtomicI64);

impl SetClock {
    pub fn goes_on(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().unwrap(), Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        noon() + TimeDelta::microseconds(self.0.load(Ordering::SeqCst))
    }
}

struct PlainTokens;

impl AccessTokens for PlainTokens {
    fn issue(
        &self,
        _: UserId,
        session: SessionId,
        token: TokenId,
        now: DateTime<Utc>,
    ) -> Result<IssuedToken, SigningFailed> {
        Ok(IssuedToken { token: format!("{session} {token}"), expires_at: now + TimeDelta::minutes(15) })
    }

    fn read(&self, _: &str, _: DateTime<Utc>) -> Result<TokenClaims, InvalidToken> {
        Err(InvalidToken)
    }
}

/// The services on one database.
pub struct Accounts {
    pub db: TestDb,
    pub hasher: Arc<CountingHasher>,
    pub clock: Arc<SetClock>,
    sign_in: Arc<PasswordSignIn>,
    sessions: Arc<SessionKeeping>,
    pub passwords: PasswordDesk,
}

impl Accounts {
    pub fn open(db: TestDb) -> Self {
        let (hasher, clock) = (Arc::new(CountingHasher::default()), Arc::new(SetClock::default()));
        let key = |purpose| SecretKey::derive(b"the shop of a test", purpose);
        let devices = Arc::new(HmacDeviceTokens(key("devices")));
        let guesses = Guesses { counts: Arc::new(SqlAttemptCounts::new(db.database())), devices: devices.clone() };
        let opening = SessionOpening {
            access: Arc::new(PlainTokens),
            refresh: Arc::new(HmacRefreshTokens(key("refresh"))),
            devices,
            ids: Arc::new(UuidGenerator),
            secrets: Arc::new(SystemSecrets),
            lifetime: TimeDelta::days(30),
        };
        let queries = || Arc::new(db.queries());
        let transactor = Arc::new(db.database().transactor());
        let sign_in = PasswordSignIn {
            people: queries(),
            guesses: guesses.clone(),
            transactor: transactor.clone(),
            hasher: hasher.clone(),
            opening: opening.clone(),
            clock: clock.clone(),
        };
        let sessions = SessionKeeping {
            people: queries(),
            sessions: queries(),
            transactor: transactor.clone(),
            opening,
            clock: clock.clone(),
        };
        let passwords = PasswordDesk {
            people: queries(),
            resets: queries(),
            guesses,
            transactor,
            hasher: hasher.clone(),
            clock: clock.clone(),
        };
        Self { hasher, clock, sign_in: Arc::new(sign_in), sessions: Arc::new(sessions), passwords, db }
    }

    /// Somebody with an account, and [`PASSWORD`].
    pub async fn somebody(&self) -> User {
        self.stored(User { password_hash: Some(PASSWORD.to_owned()), ..a_user() }).await
    }

    /// Stores a user.
    pub async fn stored(&self, user: User) -> User {
        let tx = self.db.begin().await;
        tx.users().insert(&user).await.unwrap();
        tx.commit().await.unwrap();
        user
    }

    /// Tries a password, from this address.
    pub async fn tries(&self, email: &EmailAddress, password: &str, from: &Client) -> Result<LogIn, LogInError> {
        self.sign_in.log_in(email, password, from).await
    }

    /// Signs in, from this address.
    pub async fn signs_in(&self, user: &User, from: &Client) -> SignedIn {
        match self.tries(&user.email, PASSWORD, from).await.unwrap() {
            LogIn::SignedIn(signed_in) => *signed_in,
            LogIn::SecondFactor(_) => panic!("a second factor is asked for"),
        }
    }

    /// Tries a password many times at once.
    pub async fn tries_at_once(
        &self,
        times: usize,
        email: &EmailAddress,
        password: &'static str,
    ) -> Vec<Result<LogIn, LogInError>> {
        let tries = (0..times).map(|_| {
            let (service, email, from) = (Arc::clone(&self.sign_in), email.clone(), client("192.0.2.1"));
            tokio::spawn(async move { service.log_in(&email, password, &from).await })
        });
        let mut outcomes = Vec::new();
        for one in tries.collect::<Vec<_>>() {
            outcomes.push(one.await.unwrap());
        }
        outcomes
    }

    /// Refreshes.
    pub async fn refreshes(&self, token: &str) -> Result<SignedIn, RefreshError> {
        self.sessions.refresh(token, &client("192.0.2.1")).await
    }

    /// Refreshes many times at once.
    pub async fn refreshes_at_once(&self, times: usize, token: &str) -> Vec<Result<SignedIn, RefreshError>> {
        let tries = (0..times).map(|_| {
            let (service, token) = (Arc::clone(&self.sessions), token.to_owned());
            tokio::spawn(async move { service.refresh(&token, &client("192.0.2.1")).await })
        });
        let mut outcomes = Vec::new();
        for one in tries.collect::<Vec<_>>() {
            outcomes.push(one.await.unwrap());
        }
        outcomes
    }

    /// Changes the password.
    pub async fn changes_password(&self, signed_in: &SignedIn, current: &str) -> Result<(), ChangePasswordError> {
        let change = PasswordChange { current: Some(current.to_owned()), new: "Other-4567".to_owned() };
        self.passwords.change(&self.allowed::<ChangePassword>(signed_in), change).await
    }

    /// Logs out.
    pub async fn logs_out(&self, signed_in: &SignedIn) {
        self.sessions.log_out(&self.allowed::<ManageSessions>(signed_in)).await.unwrap();
    }

    /// How many sessions they have.
    pub async fn sessions(&self, signed_in: &SignedIn) -> usize {
        self.sessions.list(&self.allowed::<ManageSessions>(signed_in)).await.unwrap().len()
    }

    /// How many rows the security log has of this kind.
    pub async fn events(&self, kind: &str) -> u64 {
        let marked = format!("UPDATE security_events SET kind = kind WHERE kind = '{kind}'");
        self.db.execute(&marked).await.unwrap()
    }

    /// How many jobs of this kind wait.
    pub async fn jobs(&self, kind: &str) -> u64 {
        self.db.execute(&format!("UPDATE jobs SET kind = kind WHERE kind = '{kind}'")).await.unwrap()
    }

    fn allowed<P: Permission>(&self, signed_in: &SignedIn) -> Allowed<P> {
        let mut ids = signed_in.access.token.split(' ').map(|id| id.parse().unwrap());
        let caller = Caller {
            user_id: signed_in.user.id,
            role: signed_in.user.role,
            email_verified: true,
            credential: Credential::Session(SessionProof {
                session_id: SessionId::new(ids.next().unwrap()),
                token_id: TokenId::new(ids.next().unwrap()),
                token_expires_at: signed_in.access.expires_at,
                proven_at: self.clock.now(),
            }),
        };
        Allowed::check(&caller, self.clock.now()).unwrap()
    }
}

/// A browser at this address that has never signed in.
pub fn client(address: &str) -> Client {
    Client { address: address.parse().unwrap(), device: "Firefox on Linux".to_owned(), device_token: None }
}
