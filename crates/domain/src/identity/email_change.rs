//! Changing the address of an account: the new one is proven by a code before it counts.

use super::email_verification::{CodeDigest, CodeRefusal, IssuedCode};
use crate::kernel::{EmailAddress, UserId};
use chrono::{DateTime, TimeDelta, Utc};

/// A user's open change of address; one at the most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailChange {
    /// Whose address.
    pub user_id: UserId,
    /// The new one.
    pub email: EmailAddress,
    /// When a code was last asked for.
    pub requested_at: DateTime<Utc>,
    /// The code that counts, once its mail was written.
    pub code: Option<IssuedCode>,
}

impl EmailChange {
    /// How long one waits before asking for another code to the same address.
    pub const PAUSE: TimeDelta = TimeDelta::minutes(1);

    /// Asks for a code to a new address.
    #[must_use]
    pub const fn request(user_id: UserId, email: EmailAddress, now: DateTime<Utc>) -> Self {
        Self { user_id, email, requested_at: now, code: None }
    }

    /// Whether a code to this address was asked for just now, so that none is to be sent.
    #[must_use]
    pub fn is_on_its_way_to(&self, email: &EmailAddress, now: DateTime<Utc>) -> bool {
        self.email == *email && now < self.requested_at + Self::PAUSE
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

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    fn change() -> EmailChange {
        EmailChange::request(UserId::new(Uuid::nil()), address("new@example.com"), start())
    }

    #[test]
    fn another_code_to_the_same_address_has_to_wait_a_minute() {
        let last = start() + TimeDelta::seconds(59);
        assert!(change().is_on_its_way_to(&address("new@example.com"), last));
        assert!(!change().is_on_its_way_to(&address("other@example.com"), last));
        assert!(!change().is_on_its_way_to(&address("new@example.com"), start() + EmailChange::PAUSE));
    }

    #[test]
    fn five_wrong_tries_spend_the_code() {
        let mut change = change();
        let digest = |text: &str| CodeDigest(text.to_owned());
        assert_eq!(change.try_code(&digest("right"), start()), Err(CodeRefusal::Expired), "none was sent");
        change.issue(digest("right"), start());
        for _ in 0..5 {
            assert_eq!(change.try_code(&digest("wrong"), start()), Err(CodeRefusal::Wrong));
        }
        assert_eq!(change.try_code(&digest("right"), start()), Err(CodeRefusal::Expired));
        change.issue(digest("right"), start());
        assert_eq!(change.try_code(&digest("right"), start() + IssuedCode::LIFETIME), Err(CodeRefusal::Expired));
        change.issue(digest("right"), start());
        assert_eq!(change.try_code(&digest("right"), start()), Ok(()));
        assert_eq!(change.try_code(&digest("right"), start()), Err(CodeRefusal::Expired), "good once");
    }
}
