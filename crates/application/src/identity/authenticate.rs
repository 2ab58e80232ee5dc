//! Telling who calls.

use super::api_keys;
use super::ports::{AccessTokens, ApiKeyQueries, ApiKeyUses, IdentityQueries, RevokedTokens};
use super::{Caller, Credential, SessionProof};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, digest_of};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::kernel::UserId;
use std::sync::Arc;

/// Tells who calls.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait Authenticate: Send + Sync {
    /// Who the bearer of an access token or of an API key is now.
    async fn authenticate(&self, token: &str) -> Result<Caller, AuthenticateError>;
}

/// Why a token tells nobody.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// Not ours, not good now, or its user is gone.
    #[error("the token is not valid")]
    Invalid,
    /// Its session has ended, the key was taken back or is too old, or its user is kept out.
    #[error("the token was revoked")]
    Revoked {
        /// Whose it was.
        user: UserId,
    },
    /// The denylist could not be read, so the token is refused.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`Authenticate`].
pub struct Gatekeeper {
    /// Reads people and what is refused.
    pub people: Arc<dyn IdentityQueries>,
    /// Knows some of what is refused without reading it.
    pub revoked: Arc<dyn RevokedTokens>,
    /// Reads tokens.
    pub tokens: Arc<dyn AccessTokens>,
    /// Reads API keys.
    pub keys: Arc<dyn ApiKeyQueries>,
    /// Notes that they are used.
    pub uses: Arc<dyn ApiKeyUses>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Authenticate for Gatekeeper {
    async fn authenticate(&self, token: &str) -> Result<Caller, AuthenticateError> {
        let now = self.clock.now();
        if token.starts_with(api_keys::MARK) {
            return self.by_key(token, now).await;
        }
        let claims = self.tokens.read(token, now).map_err(|_| AuthenticateError::Invalid)?;
        if self.revoked.knows(claims.token) {
            return Err(AuthenticateError::Revoked { user: claims.user });
        }
        let standing = self.people.standing(claims.user, claims.session, claims.token).await?;
        let standing = standing.ok_or(AuthenticateError::Invalid)?;
        if standing.revoked {
            self.revoked.remember(claims.token);
            return Err(AuthenticateError::Revoked { user: claims.user });
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

/// How exactly the last use of a key is known.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

impl Gatekeeper {
    async fn by_key(&self, secret: &str, now: DateTime<Utc>) -> Result<Caller, AuthenticateError> {
        let standing = self.keys.key_standing(&digest_of(secret)).await?.ok_or(AuthenticateError::Invalid)?;
        let key = standing.key;
        if !standing.active || !key.is_good(now) {
            return Err(AuthenticateError::Revoked { user: key.user_id });
        }
        if key.last_used_at.is_none_or(|last| last + NOTED_EVERY <= now)
            && let Err(error) = self.uses.note(key.id, now).await
        {
            // A program is not kept waiting, let alone out, for a note to its owner.
            tracing::warn!(error = &error as &dyn std::error::Error, "the use of an API key could not be noted");
        }
        Ok(Caller {
            user_id: key.user_id,
            role: standing.role,
            email_verified: standing.email_verified,
            credential: Credential::ApiKey { id: key.id, scopes: key.scopes },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::{
        InvalidToken, KeyStanding, MockAccessTokens, MockApiKeyQueries, MockApiKeyUses, MockIdentityQueries,
        MockRevokedTokens, Standing, TokenClaims,
    };
    use crate::tests::{StandingSystem, caller, now, uuid};
    use domain::identity::{ApiKey, Role, Scope};
    use domain::kernel::{ApiKeyId, SessionId, TokenId};

    const GOOD: Standing =
        Standing { role: Role::Seller, email_verified: true, proven_at: chrono::DateTime::UNIX_EPOCH, revoked: false };

    fn reading() -> Arc<MockAccessTokens> {
        let mut tokens = MockAccessTokens::new();
        tokens.expect_read().returning(|_, _| {
            Ok(TokenClaims {
                user: UserId::new(uuid(1)),
                session: SessionId::new(uuid(3)),
                token: TokenId::new(uuid(2)),
                expires_at: now(),
            })
        });
        Arc::new(tokens)
    }

    fn service(standing: Result<Option<Standing>, RepositoryError>) -> Gatekeeper {
        let mut revoked = MockRevokedTokens::new();
        revoked.expect_knows().return_const(false);
        let refused = matches!(&standing, Ok(Some(standing)) if standing.revoked);
        revoked
            .expect_remember()
            .with(mockall::predicate::eq(TokenId::new(uuid(2))))
            .times(usize::from(refused))
            .return_const(());
        let mut people = MockIdentityQueries::new();
        people.expect_standing().times(1).return_once(move |_, _, _| standing);
        Gatekeeper { people: Arc::new(people), revoked: Arc::new(revoked), tokens: reading(), ..closed() }
    }

    /// Lets nobody in, and may be asked nothing.
    fn closed() -> Gatekeeper {
        Gatekeeper {
            people: Arc::new(MockIdentityQueries::new()),
            revoked: Arc::new(MockRevokedTokens::new()),
            tokens: Arc::new(MockAccessTokens::new()),
            keys: Arc::new(MockApiKeyQueries::new()),
            uses: Arc::new(MockApiKeyUses::new()),
            clock: StandingSystem::new(),
        }
    }

    fn key() -> KeyStanding {
        let key = ApiKey {
            id: ApiKeyId::new(uuid(9)),
            user_id: UserId::new(uuid(1)),
            name: "Till".to_owned(),
            prefix: "carat_abcdef".to_owned(),
            digest: digest_of("carat_abcdefgh"),
            scopes: [Scope::SalesRead].into_iter().collect(),
            created_at: now(),
            last_used_at: None,
            expires_at: None,
            revoked_at: None,
        };
        KeyStanding { key, role: Role::Seller, email_verified: true, active: true }
    }

    fn with_key(standing: Option<KeyStanding>, notes: usize) -> Gatekeeper {
        let (mut keys, mut uses) = (MockApiKeyQueries::new(), MockApiKeyUses::new());
        let digest = digest_of("carat_abcdefgh");
        keys.expect_key_standing().withf(move |asked| asked == digest).return_once(move |_| Ok(standing));
        uses.expect_note().times(notes).returning(|_, _| Err(RepositoryError::Contention));
        Gatekeeper { keys: Arc::new(keys), uses: Arc::new(uses), ..closed() }
    }

    #[tokio::test]
    async fn an_api_key_tells_its_owner_with_its_scopes_even_if_its_use_cannot_be_noted() {
        let caller = with_key(Some(key()), 1).authenticate("carat_abcdefgh").await.unwrap();
        let scopes = [Scope::SalesRead].into_iter().collect();
        assert_eq!(caller.credential, Credential::ApiKey { id: ApiKeyId::new(uuid(9)), scopes });
        assert_eq!((caller.user_id, caller.role), (UserId::new(uuid(1)), Role::Seller));
    }

    #[tokio::test]
    async fn the_use_of_a_key_is_noted_once_a_minute() {
        for (seconds, notes) in [(59, 0), (60, 1)] {
            let mut standing = key();
            standing.key.last_used_at = Some(now() - TimeDelta::seconds(seconds));
            with_key(Some(standing), notes).authenticate("carat_abcdefgh").await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_key_that_is_over_or_whose_owner_is_kept_out_tells_nobody() {
        let mut revoked = key();
        revoked.key.revoked_at = Some(now());
        let mut expired = key();
        expired.key.expires_at = Some(now());
        let disabled = KeyStanding { active: false, ..key() };
        for standing in [revoked, expired, disabled] {
            let refused = with_key(Some(standing), 0).authenticate("carat_abcdefgh").await;
            assert!(matches!(refused, Err(AuthenticateError::Revoked { .. })));
        }
        let unknown = with_key(None, 0).authenticate("carat_abcdefgh").await;
        assert!(matches!(unknown, Err(AuthenticateError::Invalid)));
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
        assert!(matches!(error, AuthenticateError::Revoked { .. }));
    }

    #[tokio::test]
    async fn a_token_that_is_known_to_be_revoked_does_not_reach_the_database() {
        let mut revoked = MockRevokedTokens::new();
        revoked.expect_knows().with(mockall::predicate::eq(TokenId::new(uuid(2)))).times(1).return_const(true);
        let gatekeeper = Gatekeeper { revoked: Arc::new(revoked), tokens: reading(), ..closed() };
        let error = gatekeeper.authenticate("jwt").await.unwrap_err();
        assert!(matches!(error, AuthenticateError::Revoked { user } if user == UserId::new(uuid(1))));
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
        let gatekeeper = Gatekeeper { tokens: Arc::new(tokens), ..closed() };
        assert!(matches!(gatekeeper.authenticate("x").await, Err(AuthenticateError::Invalid)));
    }
}
