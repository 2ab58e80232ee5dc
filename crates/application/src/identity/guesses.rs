//! How often passwords may be guessed. Every try is counted before its hash is computed, so that tries side by side can't
//! outrun the count.
//!
//! Five wrong ones for an address from one client make that pair wait for fifteen minutes. A browser that has signed in
//! before has a count of its own (OWASP: device cookies), so that strangers can't lock the owner out; all other clients
//! together get a hundred a day for an address, then the owner is mailed a link.

use super::client::Client;
use super::ports::{AttemptCounts, AttemptKey, Budget, DeviceTokens, Taken, WindowBegins};
use crate::repository_error::RepositoryError;
use chrono::{DateTime, TimeDelta, Utc};
use domain::kernel::{EmailAddress, UserId};
use std::sync::Arc;

/// From one client, for one address.
const BY_CLIENT: Budget = Budget { attempts: 5, window: TimeDelta::minutes(15), begins: WindowBegins::WithEach };
/// From all strange clients together, for one address.
const A_DAY: Budget = Budget { attempts: 100, window: TimeDelta::hours(24), begins: WindowBegins::WithTheFirst };
/// Wrong codes of all kinds, for one account.
const WRONG_CODES: Budget = Budget { attempts: 10, window: TimeDelta::hours(24), begins: WindowBegins::WithTheFirst };

/// Counts guesses.
#[derive(Clone)]
pub struct Guesses {
    /// Where they are counted.
    pub counts: Arc<dyn AttemptCounts>,
    /// Knows devices again.
    pub devices: Arc<dyn DeviceTokens>,
}

/// A guess that may be made.
pub struct Guess {
    by_client: AttemptKey,
    a_day: Option<AttemptKey>,
    /// If it is wrong, no other may be made from this client for a while.
    pub last_of_client: bool,
    /// If it is wrong, no other may be made from any strange client today.
    pub last_of_day: bool,
}

/// Why no guess may be made.
#[derive(Debug, thiserror::Error)]
pub enum NoGuess {
    /// Too many were wrong.
    #[error("too many wrong guesses")]
    Locked {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// They could not be counted, so none is made.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl Guesses {
    /// Takes one guess at the password of an address.
    ///
    /// # Errors
    /// When there is none left, or it could not be counted.
    pub async fn at_login(&self, email: &EmailAddress, client: &Client, now: DateTime<Utc>) -> Result<Guess, NoGuess> {
        let device = client.device_token.as_deref().and_then(|token| self.devices.read(token, email));
        let network = client.network();
        let whence = device.map_or_else(|| network, |device| device.to_string());
        let by_client = AttemptKey::of("login", &[email.as_str(), &whence]);
        let of_client = granted(self.counts.take(&by_client, BY_CLIENT, now).await?)?;
        let mut guess =
            Guess { by_client, a_day: None, last_of_client: of_client >= BY_CLIENT.attempts, last_of_day: false };
        if device.is_none() {
            let a_day = day_of(email);
            let of_day = granted(self.counts.take(&a_day, A_DAY, now).await?)?;
            guess.last_of_day = of_day >= A_DAY.attempts;
            guess.a_day = Some(a_day);
        }
        Ok(guess)
    }

    /// Takes one guess at the password of someone who is signed in.
    ///
    /// # Errors
    /// When there is none left, or it could not be counted.
    pub async fn at_proof(&self, user: UserId, now: DateTime<Utc>) -> Result<Guess, NoGuess> {
        let by_client = AttemptKey::of("proof", &[&user.to_string()]);
        let used = granted(self.counts.take(&by_client, BY_CLIENT, now).await?)?;
        Ok(Guess { by_client, a_day: None, last_of_client: used >= BY_CLIENT.attempts, last_of_day: false })
    }

    /// Takes one guess at any code of an account: ten wrong ones a day.
    ///
    /// # Errors
    /// When there is none left, or it could not be counted.
    pub async fn at_code(&self, user: UserId, now: DateTime<Utc>) -> Result<Guess, NoGuess> {
        let key = AttemptKey::of("wrong-codes", &[&user.to_string()]);
        let used = granted(self.counts.take(&key, WRONG_CODES, now).await?)?;
        Ok(Guess {
            by_client: key.clone(),
            a_day: Some(key),
            last_of_client: used >= WRONG_CODES.attempts,
            last_of_day: false,
        })
    }

    /// It was right: the client begins anew. What strangers may do today is not made more by it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn right(&self, guess: &Guess) -> Result<(), RepositoryError> {
        if guess.a_day.as_ref() != Some(&guess.by_client) {
            self.counts.reset(&guess.by_client).await?;
        }
        match &guess.a_day {
            Some(a_day) => self.counts.give_back(a_day).await,
            None => Ok(()),
        }
    }

    /// It was never checked: it counts as not made.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unchecked(&self, guess: &Guess) -> Result<(), RepositoryError> {
        self.counts.give_back(&guess.by_client).await?;
        match &guess.a_day {
            Some(a_day) if *a_day != guess.by_client => self.counts.give_back(a_day).await,
            _ => Ok(()),
        }
    }

    /// The owner has set a new password by a link in their mail: strangers begin anew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn new_password(&self, email: &EmailAddress) -> Result<(), RepositoryError> {
        self.counts.reset(&day_of(email)).await
    }
}

fn day_of(email: &EmailAddress) -> AttemptKey {
    AttemptKey::of("login-day", &[email.as_str()])
}

const fn granted(taken: Taken) -> Result<i64, NoGuess> {
    match taken {
        Taken::Granted { used } => Ok(used),
        Taken::Refused { until } => Err(NoGuess::Locked { until }),
    }
}

#[cfg(test)]
pub mod double {
    //! Counts that grant or refuse, and see what becomes of a guess.

    use super::Guesses;
    use crate::identity::ports::{MockAttemptCounts, MockDeviceTokens, Taken};
    use crate::tests::now;
    use std::sync::Arc;

    /// What becomes of a guess at a code or a proof.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Fate {
        /// None is made.
        NotMade,
        /// There is none left.
        Refused,
        /// It stays counted.
        Counted,
        /// It is taken off the count.
        TakenOff,
    }

    /// Guesses of which one has this fate.
    pub fn guesses(fate: Fate) -> Guesses {
        let mut counts = MockAttemptCounts::new();
        let taken = if fate == Fate::Refused { Taken::Refused { until: now() } } else { Taken::Granted { used: 1 } };
        counts.expect_take().times(usize::from(fate != Fate::NotMade)).returning(move |_, _, _| Ok(taken));
        counts.expect_give_back().times(usize::from(fate == Fate::TakenOff)).returning(|_| Ok(()));
        Guesses { counts: Arc::new(counts), devices: Arc::new(MockDeviceTokens::new()) }
    }
}
