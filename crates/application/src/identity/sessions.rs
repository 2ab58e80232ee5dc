//! Keeping, seeing and ending sessions.

use super::client::Client;
use super::opening::{SessionOpening, SignedIn};
use super::policy::{Allowed, ManageSessions};
use super::ports::{IdentityQueries, SessionQueries, SessionUse, SigningFailed};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{Rotation, Session};
use domain::kernel::SessionId;
use std::sync::Arc;

/// Keeps, shows and ends sessions.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait KeepSessions: Send + Sync {
    /// New tokens for a refresh token, which is used up by it. The same token again within ten seconds gets the same
    /// refresh token again, since its answer may have been lost; later the session ends (RFC 9700, 4.14.2).
    async fn refresh(&self, token: &str, client: &Client) -> Result<SignedIn, RefreshError>;
    /// Ends the caller's session; its access token is refused from now on.
    async fn log_out(&self, caller: &Allowed<ManageSessions>) -> Result<(), RepositoryError>;
    /// The caller's open sessions, the last used first.
    async fn list(&self, caller: &Allowed<ManageSessions>) -> Result<Vec<Session>, RepositoryError>;
    /// Ends one of them; `false` when there is no such.
    async fn end(&self, caller: &Allowed<ManageSessions>, id: SessionId) -> Result<bool, RepositoryError>;
    /// Ends all but this one.
    async fn end_others(&self, caller: &Allowed<ManageSessions>) -> Result<(), RepositoryError>;
}

/// Why there are no new tokens.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// Not ours, or its session is over.
    #[error("the refresh token is not valid")]
    Invalid,
    /// It had been used before; its session has been ended.
    #[error("the refresh token had been used before")]
    Reused,
    /// The token could not be signed.
    #[error(transparent)]
    Signing(#[from] SigningFailed),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`KeepSessions`].
pub struct SessionKeeping {
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Reads sessions.
    pub sessions: Arc<dyn SessionQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Makes tokens.
    pub opening: SessionOpening,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl KeepSessions for SessionKeeping {
    async fn refresh(&self, token: &str, client: &Client) -> Result<SignedIn, RefreshError> {
        let claims = self.opening.refresh.read(token).map_err(|_| RefreshError::Invalid)?;
        let session = self.sessions.find_session(claims.session).await?.ok_or(RefreshError::Invalid)?;
        if !self.opening.refresh.matches(&claims, &session.seed) {
            return Err(RefreshError::Invalid);
        }
        let user = self.people.find_user(session.user_id).await?;
        let user = user.filter(domain::identity::User::is_active).ok_or(RefreshError::Invalid)?;
        let generation = self.advance(&session, claims.generation, client).await?;
        Ok(self.opening.tokens(&session, generation, user, None, self.clock.now())?)
    }

    async fn log_out(&self, caller: &Allowed<ManageSessions>) -> Result<(), RepositoryError> {
        let Some(proof) = caller.session() else { return Ok(()) };
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        tx.token_denylist().deny(proof.token_id, proof.token_expires_at).await?;
        tx.sessions().end(caller.user_id, proof.session_id, now).await?;
        let event = SecurityEvent::new(SecurityEventKind::LoggedOut).about(caller.user_id);
        tx.security_log().record(&event, now).await?;
        tx.commit().await
    }

    async fn list(&self, caller: &Allowed<ManageSessions>) -> Result<Vec<Session>, RepositoryError> {
        self.sessions.open_sessions(caller.user_id, self.clock.now()).await
    }

    async fn end(&self, caller: &Allowed<ManageSessions>, id: SessionId) -> Result<bool, RepositoryError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        if !tx.sessions().end(caller.user_id, id, now).await? {
            return Ok(false);
        }
        tx.security_log().record(&ended(caller, 1), now).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn end_others(&self, caller: &Allowed<ManageSessions>) -> Result<(), RepositoryError> {
        let now = self.clock.now();
        let this = caller.session().map(|proof| proof.session_id);
        let tx = self.transactor.begin().await?;
        let count = tx.sessions().end_all(caller.user_id, this, now).await?;
        tx.security_log().record(&ended(caller, count), now).await?;
        tx.commit().await
    }
}

fn ended(caller: &Allowed<ManageSessions>, count: u64) -> SecurityEvent {
    SecurityEvent::new(SecurityEventKind::SessionEnded).about(caller.user_id).with("sessions", count)
}

impl SessionKeeping {
    /// Moves the session on, and answers the generation whose token is handed out.
    async fn advance(&self, session: &Session, generation: i64, client: &Client) -> Result<i64, RefreshError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let next = self.next_use(now, client);
        if tx.sessions().rotate(session.id, generation, &next).await? {
            tx.commit().await?;
            return generation.checked_add(1).ok_or(RefreshError::Invalid);
        }
        // It was not the one that counts. Read it anew: another request may have been faster by a moment.
        let session = tx.sessions().find(session.id).await?.ok_or(RefreshError::Invalid)?;
        match session.rotation(generation, now) {
            Rotation::SameAgain => Ok(session.generation),
            Rotation::Over => Err(RefreshError::Invalid),
            Rotation::Reused | Rotation::Next => {
                tx.sessions().end(session.user_id, session.id, now).await?;
                let event =
                    SecurityEvent::new(SecurityEventKind::RefreshTokenReused).about(session.user_id).from(client);
                tx.security_log().record(&event, now).await?;
                tx.commit().await?;
                Err(RefreshError::Reused)
            }
        }
    }

    fn next_use(&self, at: DateTime<Utc>, client: &Client) -> SessionUse {
        SessionUse { at, expires_at: at + self.opening.lifetime, address: client.address.to_string() }
    }
}
