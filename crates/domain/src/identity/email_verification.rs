//! Proving an address with a six-digit code: fifteen minutes, five wrong tries, single use.
//!
//! The code itself is drawn when its mail is written, and only a keyed digest of it is kept (NIST SP 800-63B 5.1.3.2).

use crate::kernel::UserId;
use chrono::{DateTime, TimeDelta, Utc};

/// The keyed digest of a code (HMAC-SHA256, in hexadecimal).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeDigest(pub String);

/// A user's open proof of their address. There is one for each user who has not finished it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailVerification {
    /// Whose address.
    pub user_id: UserId,
    /// When a code was last asked for.
    pub requested_at: DateTime<Utc>,
    /// The code that counts, once its mail was written.
    pub code: Option<IssuedCode>,
}

/// A code that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedCode {
    /// Its digest.
    pub digest: CodeDigest,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// How many wrong tries it still bears.
    pub tries_left: u8,
}

impl IssuedCode {
    /// How long a code is good.
    pub const LIFETIME: TimeDelta = TimeDelta::minutes(15);
    /// How many wrong tries a code bears.
    pub const TRIES: u8 = 5;

    /// A code that is being sent.
    #[must_use]
    pub fn issue(digest: CodeDigest, now: DateTime<Utc>) -> Self {
        Self { digest, expires_at: now + Self::LIFETIME, tries_left: Self::TRIES }
    }

    /// Tries a code, if there is one. The right one is used up, and a wrong one is counted.
    pub(super) fn try_one(code: &mut Option<Self>, digest: &CodeDigest, now: DateTime<Utc>) -> Result<(), CodeRefusal> {
        let issued = code.as_mut().ok_or(CodeRefusal::Expired)?;
        if issued.tries_left == 0 || now >= issued.expires_at {
            return Err(CodeRefusal::Expired);
        }
        if issued.digest == *digest {
            *code = None;
            return Ok(());
        }
        issued.tries_left -= 1;
        Err(CodeRefusal::Wrong)
    }
}

/// Why a code was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeRefusal {
    /// It is not the code.
    Wrong,
    /// There is no code any more: too old, too many wrong tries, or never sent.
    Expired,
}

impl EmailVerification {
    /// How long one waits before asking for another code.
    pub const PAUSE: TimeDelta = TimeDelta::minutes(1);

    /// Asks for a first code.
    #[must_use]
    pub const fn request(user_id: UserId, now: DateTime<Utc>) -> Self {
        Self { user_id, requested_at: now, code: None }
    }

    /// Asks for another code. Answers whether one is to be sent: not if the last was asked for less than a minute ago.
    pub fn request_again(&mut self, now: DateTime<Utc>) -> bool {
        let allowed = now >= self.requested_at + Self::PAUSE;
        if allowed {
            self.requested_at = now;
        }
        allowed
    }

    /// Notes the code that is being sent; an earlier one is good no longer.
    pub fn issue(&mut self, digest: CodeDigest, now: DateTime<Utc>) {
        self.code = Some(IssuedCode::issue(digest, now));
    }

    /// Tries a code, given as its digest. A wrong one is counted, so the caller stores the result either way.
    ///
    /// # Errors
    /// [`CodeRefusal`]; after the fifth wrong try the code counts as expired.
    pub fn try_code(&mut self, digest: &CodeDigest, now: DateTime<Utc>) -> Result<(), CodeRefusal> {
        IssuedCode::try_one(&mut self.code, digest, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn digest(text: &str) -> CodeDigest {
        CodeDigest(text.to_owned())
    }

    fn issued() -> EmailVerification {
        let mut verification = EmailVerification::request(UserId::new(Uuid::nil()), start());
        verification.issue(digest("right"), start());
        verification
    }

    #[test]
    fn the_right_code_is_good_once() {
        let mut verification = issued();
        assert_eq!(verification.try_code(&digest("right"), start()), Ok(()));
        assert_eq!(verification.try_code(&digest("right"), start()), Err(CodeRefusal::Expired));
    }

    #[test]
    fn after_five_wrong_tries_even_the_right_code_is_refused() {
        let mut verification = issued();
        for _ in 0..5 {
            assert_eq!(verification.try_code(&digest("wrong"), start()), Err(CodeRefusal::Wrong));
        }
        assert_eq!(verification.try_code(&digest("right"), start()), Err(CodeRefusal::Expired));
    }

    #[test]
    fn a_code_is_good_for_less_than_fifteen_minutes() {
        let last_moment = start() + IssuedCode::LIFETIME - TimeDelta::microseconds(1);
        assert_eq!(issued().try_code(&digest("right"), last_moment), Ok(()));
        let too_late = start() + IssuedCode::LIFETIME;
        assert_eq!(issued().try_code(&digest("right"), too_late), Err(CodeRefusal::Expired));
    }

    #[test]
    fn another_code_may_be_asked_for_after_a_minute() {
        let mut verification = issued();
        assert!(!verification.request_again(start() + TimeDelta::seconds(59)));
        assert!(verification.request_again(start() + TimeDelta::seconds(60)));
        assert!(!verification.request_again(start() + TimeDelta::seconds(61)));
    }

    #[test]
    fn a_new_code_replaces_the_old_one() {
        let mut verification = issued();
        verification.issue(digest("newer"), start());
        assert_eq!(verification.try_code(&digest("right"), start()), Err(CodeRefusal::Wrong));
        assert_eq!(verification.try_code(&digest("newer"), start()), Ok(()));
    }
}
