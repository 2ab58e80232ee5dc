//! Noting that tokens were refused: someone may be trying stolen or made-up ones. Anyone can send such a token as often as
//! they like, so only the first few of a client and hour are written down, and only so many of all clients together.

use super::{SecurityEvent, SecurityEventKind};
use crate::identity::Client;
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::kernel::UserId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Of one client, in an hour.
const OF_A_CLIENT: u32 = 10;
/// Of all clients together, in an hour.
const OF_ALL: u32 = 1_000;

/// Notes that tokens were refused.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait NoteRefusedTokens: Send + Sync {
    /// A token was refused that this client sent.
    async fn note(&self, token: RefusedToken, client: &Client) -> Result<(), RepositoryError>;
}

/// A token that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusedToken {
    /// Not ours, or too old.
    Invalid,
    /// It was this user's, and is over.
    Revoked(UserId),
}

/// The service behind [`NoteRefusedTokens`]. It counts for this process alone: counting in the database would let
/// strangers make it work.
pub struct RefusedTokenLog {
    transactor: Arc<dyn Transactor>,
    clock: Arc<dyn Clock>,
    hour: Mutex<Hour>,
}

#[derive(Default)]
struct Hour {
    began: DateTime<Utc>,
    of_all: u32,
    of_client: HashMap<String, u32>,
}

impl RefusedTokenLog {
    /// Writes through this.
    #[must_use]
    pub fn new(transactor: Arc<dyn Transactor>, clock: Arc<dyn Clock>) -> Self {
        Self { transactor, clock, hour: Mutex::default() }
    }
}

#[async_trait]
impl NoteRefusedTokens for RefusedTokenLog {
    async fn note(&self, token: RefusedToken, client: &Client) -> Result<(), RepositoryError> {
        let now = self.clock.now();
        if !self.hour.lock().unwrap_or_else(PoisonError::into_inner).takes(&client.network(), now) {
            return Ok(());
        }
        let event = match token {
            RefusedToken::Invalid => SecurityEvent::new(SecurityEventKind::TokenInvalid),
            RefusedToken::Revoked(user) => SecurityEvent::new(SecurityEventKind::TokenRevokedUsed).about(user),
        };
        let tx = self.transactor.begin().await?;
        tx.security_log().record(&event.from(client), now).await?;
        tx.commit().await
    }
}

impl Hour {
    /// Whether one more is written down. Clients are remembered only while something is, so there are not many.
    fn takes(&mut self, network: &str, now: DateTime<Utc>) -> bool {
        if now >= self.began + TimeDelta::hours(1) {
            *self = Self { began: now, ..Self::default() };
        }
        let of_client = self.of_client.get(network).copied().unwrap_or_default();
        if self.of_all >= OF_ALL || of_client >= OF_A_CLIENT {
            return false;
        }
        self.of_all = self.of_all.saturating_add(1);
        self.of_client.insert(network.to_owned(), of_client.saturating_add(1));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{StandingSystem, now};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};

    #[test]
    fn a_flood_of_one_client_is_written_down_ten_times_an_hour() {
        let mut hour = Hour::default();
        let taken = (0..1_000).filter(|_| hour.takes("192.0.2.1", now())).count();
        assert_eq!(taken, 10);
        assert!(hour.takes("192.0.2.2", now()));
        assert!(hour.takes("192.0.2.1", now() + TimeDelta::hours(1)));
    }

    #[test]
    fn a_flood_from_everywhere_fills_neither_the_log_nor_the_memory() {
        let mut hour = Hour::default();
        let taken = (0..100_000).filter(|client: &u32| hour.takes(&client.to_string(), now())).count();
        assert_eq!((taken, hour.of_client.len()), (1_000, 1_000));
    }

    #[tokio::test]
    async fn a_revoked_token_is_noted_with_its_user() {
        let user = UserId::new(crate::tests::uuid(1));
        let mut tx = UnitOfWorkDouble::default();
        tx.security_log
            .expect_record()
            .withf(move |event, _| event.kind == SecurityEventKind::TokenRevokedUsed && event.user_id == Some(user))
            .times(1)
            .returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let log = RefusedTokenLog::new(transactor.clone(), StandingSystem::new());
        log.note(RefusedToken::Revoked(user), &crate::tests::client()).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }
}
