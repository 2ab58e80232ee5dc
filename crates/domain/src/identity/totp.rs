//! The authenticator app of an account (RFC 6238): six digits that change every thirty seconds, each good once.
//!
//! Computing codes and sealing the secret are adapters of the application's ports. Which step a code belongs to comes from
//! there; that a step is used once is one conditional UPDATE of the repository.

use crate::kernel::UserId;
use chrono::{DateTime, Utc};
use std::fmt;

/// The secret that an app and the shop share: 160 bits, as RFC 4226 recommends. Never shown: its `Debug` is silent.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret([u8; 20]);

impl TotpSecret {
    /// Takes the bits.
    #[must_use]
    pub const fn new(bits: [u8; 20]) -> Self {
        Self(bits)
    }

    /// Out of 256 unpredictable bits, of which the first 160 are taken.
    #[must_use]
    pub fn draw(bits: [u8; 32]) -> Self {
        let mut secret = [0; 20];
        secret.iter_mut().zip(bits).for_each(|(place, byte)| *place = byte);
        Self(secret)
    }

    /// The bits, for who computes codes and who seals them.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 20] {
        &self.0
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

/// One of the thirty seconds' spans since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TotpStep(pub i64);

/// An account's authenticator app, of which there is one at the most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totp {
    /// Whose.
    pub user_id: UserId,
    /// The secret, sealed.
    pub sealed_secret: String,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When the first code proved that the app has the secret; before that it guards nothing.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The newest step whose code was used.
    pub last_step: TotpStep,
}

/// Why an app was not begun or confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TotpRefusal {
    /// There is nothing to confirm.
    NotStarted,
    /// It is on already.
    AlreadyEnabled,
}

impl Totp {
    /// Begins one; it guards nothing before it is confirmed.
    #[must_use]
    pub const fn start(user_id: UserId, sealed_secret: String, now: DateTime<Utc>) -> Self {
        Self { user_id, sealed_secret, created_at: now, confirmed_at: None, last_step: TotpStep(0) }
    }

    /// Whether it guards the account.
    #[must_use]
    pub const fn is_enabled(&self) -> bool {
        self.confirmed_at.is_some()
    }

    /// Whether another may be begun in the place of what there is.
    ///
    /// # Errors
    /// [`TotpRefusal::AlreadyEnabled`]: who wants a new app switches the old one off first.
    pub fn may_start(present: Option<&Self>) -> Result<(), TotpRefusal> {
        match present {
            Some(totp) if totp.is_enabled() => Err(TotpRefusal::AlreadyEnabled),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether there is one that waits to be confirmed.
    ///
    /// # Errors
    /// [`TotpRefusal`].
    pub fn to_confirm(present: Option<Self>) -> Result<Self, TotpRefusal> {
        match present {
            None => Err(TotpRefusal::NotStarted),
            Some(totp) if totp.is_enabled() => Err(TotpRefusal::AlreadyEnabled),
            Some(totp) => Ok(totp),
        }
    }

    /// Switches it on. The code that proved it is used up.
    pub const fn confirm(&mut self, step: TotpStep, now: DateTime<Utc>) {
        self.confirmed_at = Some(now);
        self.last_step = step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn started() -> Totp {
        Totp::start(UserId::new(Uuid::nil()), "sealed".to_owned(), now())
    }

    fn enabled() -> Totp {
        let mut totp = started();
        totp.confirm(TotpStep(7), now());
        totp
    }

    #[test]
    fn an_app_guards_nothing_before_it_is_confirmed() {
        assert!(!started().is_enabled());
        assert!(enabled().is_enabled());
    }

    #[test]
    fn the_code_that_confirms_is_used_up() {
        assert_eq!(enabled().last_step, TotpStep(7));
    }

    #[test]
    fn an_unfinished_beginning_may_be_begun_anew_and_an_app_that_is_on_may_not() {
        assert_eq!(Totp::may_start(None), Ok(()));
        assert_eq!(Totp::may_start(Some(&started())), Ok(()));
        assert_eq!(Totp::may_start(Some(&enabled())), Err(TotpRefusal::AlreadyEnabled));
    }

    #[test]
    fn only_what_was_begun_can_be_confirmed_and_once() {
        assert_eq!(Totp::to_confirm(None), Err(TotpRefusal::NotStarted));
        assert_eq!(Totp::to_confirm(Some(enabled())), Err(TotpRefusal::AlreadyEnabled));
        assert_eq!(Totp::to_confirm(Some(started())), Ok(started()));
    }

    #[test]
    fn a_secret_is_160_bits_and_does_not_show_itself() {
        let secret = TotpSecret::draw([65; 32]);
        assert_eq!(secret.expose(), &[65; 20]);
        assert_eq!(format!("{secret:?}"), "TotpSecret(…)");
    }
}
