//! Logging in and out, and telling who calls.

use super::Caller;
use super::ports::{AccessTokens, HashingFailed, IdentityQueries, IssuedToken, PasswordHasher, SigningFailed, Verdict};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::identity::User;
use domain::kernel::{EmailAddress, SessionId, TokenId};
use std::sync::Arc;

/// Signs people in and out.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SignIn: Send + Sync {
    /// Checks a password and hands out a token. An unknown address and a wrong password look the same, in answer and in
    /// time: exactly one hash is computed on each path.
    async fn log_in(&self, email: &EmailAddress, password: &str) -> Result<LoggedIn, LogInError>;
    /// Refuses the caller's token from now on.
    async fn log_out(&self, caller: &Caller) -> Result<(), RepositoryError>;
    /// Who the bearer of a token is now.
    async fn authenticate(&self, token: &str) -> Result<Caller, AuthenticateError>;
}

/// Someone who has just logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedIn {
    /// Who.
    pub user: User,
    /// Their token.
    pub token: IssuedToken,
}

/// Why nobody was logged in.
#[derive(Debug, thiserror::Error)]
pub enum LogInError {
    /// Unknown address, or not its password.
    #[error("the address or the password is wrong")]
    InvalidCredentials,
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

/// Why a token tells nobody.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// Not ours, not good now, or its user is gone.
    #[error("the token is not valid")]
    Invalid,
    /// Logged out.
    #[error("the token was revoked")]
    Revoked,
    /// The denylist could not be read, so the token is refused.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`SignIn`].
pub struct PasswordSignIn {
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Writes the denylist.
    pub transactor: Arc<dyn Transactor>,
    /// Checks passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Signs and reads tokens.
    pub tokens: Arc<dyn AccessTokens>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws token ids.
    pub ids: Arc<dyn IdGenerator>,
}

#[async_trait]
impl SignIn for PasswordSignIn {
    async fn log_in(&self, email: &EmailAddress, password: &str) -> Result<LoggedIn, LogInError> {
        let user = self.people.find_user_by_email(email).await?;
        let hash = user.as_ref().map(|user| user.password_hash.as_str());
        let verdict = self.hasher.verify(password, hash).await?;
        let user = user.filter(|_| verdict != Verdict::Wrong).ok_or(LogInError::InvalidCredentials)?;
        let (session, token) = (SessionId::new(self.ids.next()), TokenId::new(self.ids.next()));
        let token = self.tokens.issue(user.id, session, token, self.clock.now())?;
        Ok(LoggedIn { user, token })
    }

    async fn log_out(&self, caller: &Caller) -> Result<(), RepositoryError> {
        let tx = self.transactor.begin().await?;
        tx.token_denylist().deny(caller.token_id, caller.token_expires_at).await?;
        tx.commit().await
    }

    async fn authenticate(&self, token: &str) -> Result<Caller, AuthenticateError> {
        let claims = self.tokens.read(token, self.clock.now()).map_err(|_| AuthenticateError::Invalid)?;
        let standing = self.people.standing(claims.user, claims.token).await?.ok_or(AuthenticateError::Invalid)?;
        if standing.token_revoked {
            return Err(AuthenticateError::Revoked);
        }
        Ok(Caller {
            user_id: claims.user,
            role: standing.role,
            email_verified: standing.email_verified,
            token_id: claims.token,
            token_expires_at: claims.expires_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::{
        InvalidToken, MockAccessTokens, MockIdentityQueries, MockPasswordHasher, Standing, TokenClaims,
    };
    use crate::tests::{StandingSystem, caller, email, now, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;
    use domain::kernel::UserId;

    struct Ports {
        people: MockIdentityQueries,
        hasher: MockPasswordHasher,
        tokens: MockAccessTokens,
        transactor: Arc<TransactorDouble>,
    }

    fn ports() -> Ports {
        Ports {
            people: MockIdentityQueries::new(),
            hasher: MockPasswordHasher::new(),
            tokens: MockAccessTokens::new(),
            transactor: TransactorDouble::new([]),
        }
    }

    impl Ports {
        fn service(self) -> PasswordSignIn {
            let system = StandingSystem::new();
            PasswordSignIn {
                people: Arc::new(self.people),
                transactor: self.transactor,
                hasher: Arc::new(self.hasher),
                tokens: Arc::new(self.tokens),
                clock: system.clone(),
                ids: system,
            }
        }

        fn standing(mut self, standing: Option<Standing>) -> Self {
            self.tokens.expect_read().returning(move |_, _| Ok(claims()));
            self.people.expect_standing().returning(move |_, _| Ok(standing));
            self
        }
    }

    fn claims() -> TokenClaims {
        TokenClaims {
            user: UserId::new(uuid(1)),
            session: SessionId::new(uuid(3)),
            token: TokenId::new(uuid(2)),
            expires_at: now(),
        }
    }

    const GOOD: Standing = Standing { role: Role::Seller, email_verified: true, token_revoked: false };

    #[tokio::test]
    async fn the_right_password_gets_a_token() {
        let mut ports = ports();
        ports.people.expect_find_user_by_email().returning(|_| Ok(Some(user(Role::Customer))));
        ports
            .hasher
            .expect_verify()
            .withf(|_, hash| *hash == Some("hash"))
            .times(1)
            .returning(|_, _| Ok(Verdict::Right));
        let issued = IssuedToken { token: "jwt".to_owned(), expires_at: now() };
        ports.tokens.expect_issue().times(1).returning(move |_, _, _, _| Ok(issued.clone()));
        let logged_in = ports.service().log_in(&email("ada@example.com"), "right").await.unwrap();
        assert_eq!(logged_in.token.token, "jwt");
    }

    #[tokio::test]
    async fn unknown_address_and_wrong_password_take_one_hash_each_and_look_alike() {
        for known in [true, false] {
            let mut ports = ports();
            ports.people.expect_find_user_by_email().returning(move |_| Ok(known.then(|| user(Role::Customer))));
            ports.hasher.expect_verify().times(1).returning(|_, _| Ok(Verdict::Wrong));
            let error = ports.service().log_in(&email("ada@example.com"), "wrong").await.unwrap_err();
            assert!(matches!(error, LogInError::InvalidCredentials));
        }
    }

    #[tokio::test]
    async fn too_many_logins_at_once_are_told_to_come_back() {
        let mut ports = ports();
        ports.people.expect_find_user_by_email().returning(|_| Ok(None));
        ports.hasher.expect_verify().returning(|_, _| Err(HashingFailed::Busy));
        let error = ports.service().log_in(&email("ada@example.com"), "x").await.unwrap_err();
        assert!(matches!(error, LogInError::Hashing(HashingFailed::Busy)));
    }

    #[tokio::test]
    async fn a_caller_is_what_the_database_says_now() {
        let caller = ports().standing(Some(GOOD)).service().authenticate("jwt").await.unwrap();
        assert_eq!((caller.role, caller.email_verified), (Role::Seller, true));
    }

    #[tokio::test]
    async fn a_revoked_token_is_refused() {
        let revoked = Standing { token_revoked: true, ..GOOD };
        let error = ports().standing(Some(revoked)).service().authenticate("jwt").await.unwrap_err();
        assert!(matches!(error, AuthenticateError::Revoked));
    }

    #[tokio::test]
    async fn a_token_of_a_user_who_is_gone_is_refused() {
        let error = ports().standing(None).service().authenticate("jwt").await.unwrap_err();
        assert!(matches!(error, AuthenticateError::Invalid));
    }

    #[tokio::test]
    async fn a_token_is_refused_while_the_denylist_cannot_be_read() {
        let mut ports = ports();
        ports.tokens.expect_read().returning(move |_, _| Ok(claims()));
        ports.people.expect_standing().returning(|_, _| Err(RepositoryError::unavailable("away")));
        let error = ports.service().authenticate("jwt").await.unwrap_err();
        assert!(matches!(error, AuthenticateError::Repository(_)));
    }

    #[tokio::test]
    async fn a_forged_token_never_reaches_the_database() {
        let mut ports = ports();
        ports.tokens.expect_read().returning(|_, _| Err(InvalidToken));
        ports.people.expect_standing().times(0);
        let error = ports.service().authenticate("forged").await.unwrap_err();
        assert!(matches!(error, AuthenticateError::Invalid));
    }

    #[tokio::test]
    async fn logging_out_denies_the_callers_own_token() {
        let mut tx = UnitOfWorkDouble::default();
        tx.token_denylist
            .expect_deny()
            .withf(|token, until| *token == TokenId::new(uuid(2)) && *until == now())
            .times(1)
            .returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let ports = Ports { transactor: transactor.clone(), ..ports() };
        ports.service().log_out(&caller(Role::Customer)).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }
}
