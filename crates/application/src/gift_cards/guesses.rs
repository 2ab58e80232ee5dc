//! How often codes may be guessed: five wrong ones a minute from one client. A code has 120 random bits, so guessing finds
//! none; the limit keeps those who try from being a burden, and tells the admins that someone tries.

use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::Client;
use crate::identity::ports::{AttemptCounts, AttemptKey, Budget, Taken, WindowBegins};
use crate::repository_error::RepositoryError;
use crate::unit_of_work::Transactor;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;

const WRONG_CODES: Budget = Budget { attempts: 5, window: TimeDelta::minutes(1), begins: WindowBegins::WithTheFirst };

/// Counts wrong codes.
#[derive(Clone)]
pub struct CodeGuesses {
    /// Where they are counted.
    pub counts: Arc<dyn AttemptCounts>,
    /// Writes the alarm.
    pub transactor: Arc<dyn Transactor>,
}

/// What is said of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// No card has it.
    NotFound,
    /// This client has tried too many that no card has.
    TooManyAttempts {
        /// When it may try again.
        until: DateTime<Utc>,
    },
}

impl CodeGuesses {
    /// Refuses a client that has tried too many wrong ones. Right codes are not counted, however many come at once.
    pub(crate) async fn before(&self, client: &Client, now: DateTime<Utc>) -> Result<Option<Verdict>, RepositoryError> {
        Ok(match self.counts.look(&key(client), WRONG_CODES, now).await? {
            Taken::Granted { .. } => None,
            Taken::Refused { until } => Some(Verdict::TooManyAttempts { until }),
        })
    }

    /// Counts a wrong one, and says what its client is told: of many at once, five are told that there is no such card.
    /// The last of them sounds the alarm.
    pub(crate) async fn wrong(&self, client: &Client, now: DateTime<Utc>) -> Result<Verdict, RepositoryError> {
        match self.counts.take(&key(client), WRONG_CODES, now).await? {
            Taken::Granted { used } => {
                if used >= WRONG_CODES.attempts {
                    self.sound(client, now).await?;
                }
                Ok(Verdict::NotFound)
            }
            Taken::Refused { until } => Ok(Verdict::TooManyAttempts { until }),
        }
    }

    async fn sound(&self, client: &Client, now: DateTime<Utc>) -> Result<(), RepositoryError> {
        let tx = self.transactor.begin().await?;
        let event = SecurityEvent::new(SecurityEventKind::GiftCardGuessing).from(client);
        tx.security_log().record(&event, now).await?;
        tx.commit().await
    }
}

fn key(client: &Client) -> AttemptKey {
    AttemptKey::of("gift-card-codes", &[&client.network()])
}
