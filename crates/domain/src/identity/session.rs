//! A session: one sign-in on one device. Its refresh token moves on by one generation at each use, so that a stolen one
//! betrays itself (RFC 9700, 4.14.2).

use crate::kernel::{SessionId, UserId};
use chrono::{DateTime, TimeDelta, Utc};
use std::fmt;

/// One sign-in on one device, until it ends.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, which its access tokens carry as `sid`.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// 256 random bits, from which its refresh tokens are made together with a key that the database doesn't hold.
    pub seed: [u8; 32],
    /// Which of its refresh tokens counts: 0 is the first.
    pub generation: i64,
    /// The client's address at the sign-in or the last use.
    pub address: String,
    /// What the client says it is, shortened: "Firefox on Linux".
    pub device: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When its user last proved who they are, by password, second factor or passkey.
    pub proven_at: DateTime<Utc>,
    /// When its refresh token was last used, or made.
    pub rotated_at: DateTime<Utc>,
    /// Until when it can be refreshed.
    pub expires_at: DateTime<Utc>,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// What a session begins with.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The id it will have.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// 256 random bits.
    pub seed: [u8; 32],
    /// The client's address.
    pub address: String,
    /// What the client says it is.
    pub device: String,
    /// How long it lasts unused.
    pub lifetime: TimeDelta,
}

/// What becomes of a refresh token that was presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// It counts: the session moves on to the next generation.
    Next,
    /// It counted until a moment ago, and its answer may have been lost: the successor is handed out again.
    SameAgain,
    /// It was used up before: somebody has a copy, and the session ends.
    Reused,
    /// The session is over.
    Over,
}

impl Session {
    /// For how long the last refresh token still gets its successor again.
    pub const GRACE: TimeDelta = TimeDelta::seconds(10);
    /// For how long a proof counts as fresh.
    pub const FRESH: TimeDelta = TimeDelta::minutes(10);

    /// A session that begins with a proof.
    #[must_use]
    pub fn open(new: NewSession, now: DateTime<Utc>) -> Self {
        Self {
            id: new.id,
            user_id: new.user_id,
            seed: new.seed,
            generation: 0,
            address: new.address,
            device: new.device,
            created_at: now,
            proven_at: now,
            rotated_at: now,
            expires_at: now + new.lifetime,
            ended_at: None,
        }
    }

    /// What becomes of the refresh token of this generation.
    #[must_use]
    pub fn rotation(&self, generation: i64, now: DateTime<Utc>) -> Rotation {
        if !self.is_open(now) {
            Rotation::Over
        } else if generation == self.generation {
            Rotation::Next
        } else if generation.checked_add(1) == Some(self.generation) && now < self.rotated_at + Self::GRACE {
            Rotation::SameAgain
        } else {
            Rotation::Reused
        }
    }

    /// Whether it can still be used.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("id", &self.id).field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

impl fmt::Debug for NewSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewSession").field("id", &self.id).field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn session() -> Session {
        let new = NewSession {
            id: SessionId::new(Uuid::nil()),
            user_id: UserId::new(Uuid::nil()),
            seed: [7; 32],
            address: "192.0.2.1".to_owned(),
            device: "Firefox on Linux".to_owned(),
            lifetime: TimeDelta::days(30),
        };
        Session { generation: 3, ..Session::open(new, start()) }
    }

    #[test]
    fn the_newest_token_moves_the_session_on() {
        assert_eq!(session().rotation(3, start() + TimeDelta::days(29)), Rotation::Next);
    }

    #[test]
    fn a_lost_answer_signs_nobody_out_for_ten_seconds() {
        assert_eq!(session().rotation(2, start() + TimeDelta::milliseconds(9_999)), Rotation::SameAgain);
        assert_eq!(session().rotation(2, start() + TimeDelta::seconds(10)), Rotation::Reused);
    }

    #[test]
    fn an_older_token_and_one_that_was_never_made_are_copies() {
        assert_eq!(session().rotation(1, start()), Rotation::Reused);
        assert_eq!(session().rotation(4, start()), Rotation::Reused);
        assert_eq!(session().rotation(i64::MAX, start()), Rotation::Reused);
    }

    #[test]
    fn a_session_that_ended_or_expired_is_over() {
        let ended = Session { ended_at: Some(start()), ..session() };
        assert_eq!(ended.rotation(3, start()), Rotation::Over);
        assert_eq!(session().rotation(3, start() + TimeDelta::days(30)), Rotation::Over);
    }

    #[test]
    fn the_seed_is_not_shown() {
        assert!(!format!("{:?}", session()).contains("[7"));
    }
}
