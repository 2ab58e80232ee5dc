//! Telling who calls.

use super::ports::{AccessTokens, IdentityQueries};
use super::{Caller, Credential, SessionProof};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use async_trait::async_trait;
use std::sync::Arc;

/// Tells who calls.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait Authenticate: Send + Sync {
    /// Who the bearer of a token is now.
    async fn authenticate(&self, token: &str) -> Result<Caller, AuthenticateError>;
}

/// Why a token tells nobody.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// Not ours, not good now, or its user is gone.
    #[error("the token is not valid")]
    Invalid,
    /// Its session has ended.
    #[error("the token was revoked")]
    Revoked,
    /// The denylist could not be read, so the token is refused.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`Authenticate`].
pub struct Gatekeeper {
    /// Reads people and what is refused.
    pub people: Arc<dyn IdentityQueries>,
    /// Reads tokens.
    pub tokens: Arc<dyn AccessTokens>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Authenticate for Gatekeeper {
    async fn authenticate(&self, token: &str) -> Result<Caller, AuthenticateError> {
        let claims = self.tokens.read(token, self.clock.now()).map_err(|_| AuthenticateError::Invalid)?;
        let standing = self.people.standing(claims.user, claims.session, claims.token).await?;
        let standing = standing.ok_or(AuthenticateError::Invalid)?;
        if standing.revoked {
            return Err(AuthenticateError::Revoked);
        }
        Ok(Caller {
            user_id: claims.user,
            role: standing.role,
            email_verified: standing.email_verified,
            credential: Credential::Session(SessionProof {
                session_id: claims.session,
                token_id: claims.token,
                token_expires_at: claims.expires_at,
                proven_at: standing.proven_at,
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::{InvalidToken, MockAccessTokens, MockIdentityQueries, Standing, TokenClaims};
    use crate::tests::{StandingSystem, caller, now, uuid};
    use domain::identity::Role;
    use domain::kernel::{SessionId, TokenId, UserId};

    const GOOD: Standing =
        Standing { role: Role::Seller, email_verified: true, proven_at: chrono::DateTime::UNIX_EPOCH, revoked: false };

    fn service(standing: Result<Option<Standing>, RepositoryError>) -> Gatekeeper {
        let mut tokens = MockAccessTokens::new();
        tokens.expect_read().returning(|_, _| {
            Ok(TokenClaims {
                user: UserId::new(uuid(1)),
                session: SessionId::new(uuid(3)),
                token: TokenId::new(uuid(2)),
                expires_at: now(),
            })
        });
        let mut people = MockIdentityQueries::new();
        people.expect_standing().times(1).return_once(move |_, _, _| standing);
        Gatekeeper { people: Arc::new(people), tokens: Arc::new(tokens), clock: StandingSystem::new() }
    }

    #[tokio::test]
    async fn a_token_tells_its_user_with_the_role_of_now() {
        let standing = Standing { proven_at: now(), ..GOOD };
        assert_eq!(service(Ok(Some(standing))).authenticate("jwt").await.unwrap(), caller(Role::Seller));
    }

    #[tokio::test]
    async fn a_revoked_token_tells_nobody() {
        let revoked = Standing { revoked: true, ..GOOD };
        let error = service(Ok(Some(revoked))).authenticate("jwt").await.unwrap_err();
        assert!(matches!(error, AuthenticateError::Revoked));
    }

    #[tokio::test]
    async fn a_token_whose_session_is_forgotten_tells_nobody() {
        assert!(matches!(service(Ok(None)).authenticate("jwt").await, Err(AuthenticateError::Invalid)));
    }

    #[tokio::test]
    async fn a_token_is_refused_while_the_denylist_cannot_be_read() {
        let away = service(Err(RepositoryError::unavailable("away")));
        assert!(matches!(away.authenticate("jwt").await, Err(AuthenticateError::Repository(_))));
    }

    #[tokio::test]
    async fn a_token_that_is_not_ours_does_not_reach_the_database() {
        let mut tokens = MockAccessTokens::new();
        tokens.expect_read().returning(|_, _| Err(InvalidToken));
        let gatekeeper = Gatekeeper {
            people: Arc::new(MockIdentityQueries::new()),
            tokens: Arc::new(tokens),
            clock: StandingSystem::new(),
        };
        assert!(matches!(gatekeeper.authenticate("x").await, Err(AuthenticateError::Invalid)));
    }
}
