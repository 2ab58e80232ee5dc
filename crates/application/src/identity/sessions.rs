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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::opening::double::opening;
    use crate::identity::ports::{
        InvalidToken, MockIdentityQueries, MockRefreshTokens, MockSessionQueries, RefreshClaims,
    };
    use crate::tests::{StandingSystem, allowed, client, now, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use chrono::TimeDelta;
    use domain::identity::{NewSession, Role, User};

    fn ada() -> User {
        user(Role::Customer)
    }

    /// Ada's session at its third generation, since `rotated_at`.
    fn session(rotated_at: DateTime<Utc>) -> Session {
        let new = NewSession {
            id: SessionId::new(uuid(3)),
            user_id: ada().id,
            seed: [7; 32],
            address: "192.0.2.1".to_owned(),
            device: "Firefox on Linux".to_owned(),
            lifetime: TimeDelta::days(30),
        };
        Session { generation: 3, rotated_at, ..Session::open(new, now() - TimeDelta::hours(1)) }
    }

    /// Sessions of which this one is found, and tokens that say so of themselves, rightly or not.
    fn keeping(
        transactor: &Arc<TransactorDouble>,
        found: Option<Session>,
        person: User,
        token: Result<i64, InvalidToken>,
        genuine: bool,
    ) -> SessionKeeping {
        let (mut people, mut sessions, mut refresh) =
            (MockIdentityQueries::new(), MockSessionQueries::new(), MockRefreshTokens::new());
        people.expect_find_user().returning(move |_| Ok(Some(person.clone())));
        sessions.expect_find_session().returning(move |_| Ok(found.clone()));
        refresh.expect_read().returning(move |_| {
            token.map(|generation| RefreshClaims { session: SessionId::new(uuid(3)), generation, tag: [0; 32] })
        });
        refresh.expect_matches().withf(|_, seed| *seed == [7; 32]).returning(move |_, _| genuine);
        refresh.expect_token().returning(|_, generation, _| format!("generation {generation}"));
        SessionKeeping {
            people: Arc::new(people),
            sessions: Arc::new(sessions),
            transactor: transactor.clone(),
            opening: SessionOpening { refresh: Arc::new(refresh), ..opening() },
            clock: StandingSystem::new(),
        }
    }

    fn sound(transactor: &Arc<TransactorDouble>, generation: i64) -> SessionKeeping {
        keeping(transactor, Some(session(now())), ada(), Ok(generation), true)
    }

    /// A unit of work in which a session does not move on, since it has moved already.
    fn standing_still(session: Session) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.sessions.expect_rotate().times(1).returning(|_, _, _| Ok(false));
        tx.sessions.expect_find().times(1).return_once(move |_| Ok(Some(session)));
        tx
    }

    #[tokio::test]
    async fn a_refresh_moves_the_session_on_by_one_and_prolongs_it() {
        let mut tx = UnitOfWorkDouble::default();
        tx.sessions
            .expect_rotate()
            .withf(|id, from, used| {
                let prolonged = used.at == now() && used.expires_at == now() + TimeDelta::days(30);
                *id == SessionId::new(uuid(3)) && *from == 3 && prolonged && used.address == "192.0.2.1"
            })
            .times(1)
            .returning(|_, _, _| Ok(true));
        let transactor = TransactorDouble::new([tx]);
        let signed_in = sound(&transactor, 3).refresh("token", &client()).await.unwrap();
        assert_eq!((signed_in.refresh_token.as_str(), transactor.commits()), ("generation 4", 1));
        assert_eq!(signed_in.device_token, None, "a refresh is no sign-in");
    }

    #[tokio::test]
    async fn what_is_not_ours_or_of_somebody_who_is_kept_out_moves_nothing() {
        let transactor = TransactorDouble::new([]);
        let disabled = User { disabled_at: Some(now()), ..ada() };
        let there = || Some(session(now()));
        for keeping in [
            keeping(&transactor, there(), ada(), Err(InvalidToken), true),
            keeping(&transactor, None, ada(), Ok(3), true),
            keeping(&transactor, there(), ada(), Ok(3), false),
            keeping(&transactor, there(), disabled, Ok(3), true),
        ] {
            let refused = keeping.refresh("token", &client()).await;
            assert!(matches!(refused, Err(RefreshError::Invalid)));
        }
    }

    #[tokio::test]
    async fn the_parent_within_ten_seconds_gets_the_same_successor_and_writes_nothing() {
        let transactor = TransactorDouble::new([standing_still(session(now() - TimeDelta::seconds(9)))]);
        let signed_in = sound(&transactor, 2).refresh("token", &client()).await.unwrap();
        assert_eq!((signed_in.refresh_token.as_str(), transactor.commits()), ("generation 3", 0));
    }

    #[tokio::test]
    async fn a_copy_ends_the_session_and_is_noted() {
        for (generation, rotated) in [(2, 11), (1, 1)] {
            let mut tx = standing_still(session(now() - TimeDelta::seconds(rotated)));
            let this = |user: &domain::kernel::UserId, id: &SessionId, _: &DateTime<Utc>| {
                *user == ada().id && *id == SessionId::new(uuid(3))
            };
            tx.sessions.expect_end().withf(this).times(1).returning(|_, _, _| Ok(true));
            tx.security_log
                .expect_record()
                .withf(|event, _| event.kind == SecurityEventKind::RefreshTokenReused && event.address.is_some())
                .times(1)
                .returning(|_, _| Ok(()));
            let transactor = TransactorDouble::new([tx]);
            let refused = sound(&transactor, generation).refresh("token", &client()).await;
            assert!(matches!(refused, Err(RefreshError::Reused)), "{generation}");
            assert_eq!(transactor.commits(), 1);
        }
    }

    #[tokio::test]
    async fn a_session_that_is_over_is_not_ended_again() {
        let over = Session { ended_at: Some(now()), ..session(now()) };
        let transactor = TransactorDouble::new([standing_still(over)]);
        let refused = sound(&transactor, 3).refresh("token", &client()).await;
        assert!(matches!(refused, Err(RefreshError::Invalid)));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn a_logout_denies_the_token_for_as_long_as_it_would_be_good() {
        let mut tx = UnitOfWorkDouble::default();
        tx.token_denylist
            .expect_deny()
            .withf(|token, until| token.uuid() == uuid(2) && *until == now())
            .times(1)
            .returning(|_, _| Ok(()));
        tx.sessions.expect_end().withf(|_, id, _| id.uuid() == uuid(3)).times(1).returning(|_, _, _| Ok(true));
        tx.security_log.expect_record().times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        sound(&transactor, 3).log_out(&allowed(Role::Customer)).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn a_session_that_is_not_ones_own_is_not_ended_and_nothing_is_noted() {
        let mut tx = UnitOfWorkDouble::default();
        tx.sessions.expect_end().times(1).returning(|_, _, _| Ok(false));
        let transactor = TransactorDouble::new([tx]);
        let id = SessionId::new(uuid(77));
        assert!(!sound(&transactor, 3).end(&allowed(Role::Customer), id).await.unwrap());
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn ending_the_others_spares_this_one() {
        let mut tx = UnitOfWorkDouble::default();
        tx.sessions
            .expect_end_all()
            .withf(|user, but, _| *user == ada().id && *but == Some(SessionId::new(uuid(3))))
            .times(1)
            .returning(|_, _, _| Ok(2));
        tx.security_log
            .expect_record()
            .withf(|event, _| event.kind == SecurityEventKind::SessionEnded && event.details["sessions"] == "2")
            .times(1)
            .returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        sound(&transactor, 3).end_others(&allowed(Role::Customer)).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }
}
