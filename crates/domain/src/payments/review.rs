//! A payment that somebody looks at before its money is taken. The gateway has the bank promise the money; an admin then
//! takes it or lets it go, once, within the time for which promises are kept.

use super::{Payment, PaymentStatus};
use crate::kernel::UserId;
use chrono::{DateTime, TimeDelta, Utc};

crate::named! {
    /// How a review stands.
    pub enum ReviewStatus {
        /// Nobody has decided.
        Open = "open",
        /// The money is to be taken.
        Approved = "approved",
        /// It is to be let go.
        Rejected = "rejected",
    }
}

/// A review of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Why: the names of the rules.
    pub reasons: Vec<String>,
    /// How it stands.
    pub status: ReviewStatus,
    /// Who decided: an admin, or the customer who gave up; `None` while it is open, and where time or a guest did.
    pub by: Option<UserId>,
    /// When it was decided.
    pub at: Option<DateTime<Utc>>,
}

/// Why a review takes no decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReviewRefusal {
    /// There is nothing to decide: no money is promised that waits.
    #[error("the payment is {0:?}, and not held")]
    NotHeld(PaymentStatus),
    /// Somebody has decided.
    #[error("it was decided before: {0:?}")]
    Decided(ReviewStatus),
}

impl Review {
    /// How long money that is promised waits for a decision. Banks keep their promise for a week; this ends before.
    pub const TIME_TO_DECIDE: TimeDelta = TimeDelta::days(6);

    /// A review for these reasons.
    #[must_use]
    pub const fn open(reasons: Vec<String>) -> Self {
        Self { reasons, status: ReviewStatus::Open, by: None, at: None }
    }
}

impl Payment {
    /// Whether its money may only be promised until somebody has decided.
    #[must_use]
    pub const fn is_reviewed(&self) -> bool {
        self.review.is_some()
    }

    /// Whether money is promised, and waits for somebody's decision.
    #[must_use]
    pub fn awaits_review(&self) -> bool {
        self.status == PaymentStatus::Authorized && self.decision() == ReviewStatus::Open
    }

    /// Whether money was promised of which somebody was told that it is looked at.
    #[must_use]
    pub fn was_held(&self) -> bool {
        self.is_reviewed() && (self.status == PaymentStatus::Authorized || self.decision() != ReviewStatus::Open)
    }

    /// What is to be done with money that is promised. What nobody wants to look at is taken.
    #[must_use]
    pub fn decision(&self) -> ReviewStatus {
        self.review.as_ref().map_or(ReviewStatus::Approved, |review| review.status)
    }

    /// Decides that the money is to be taken, or to be let go. Whoever is first decides.
    ///
    /// # Errors
    /// When no money waits, or somebody has decided.
    pub fn decide(
        &mut self,
        decision: ReviewStatus,
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> Result<(), ReviewRefusal> {
        let Some(review) = self.review.as_mut() else { return Err(ReviewRefusal::NotHeld(self.status)) };
        if review.status != ReviewStatus::Open {
            return Err(ReviewRefusal::Decided(review.status));
        }
        if self.status != PaymentStatus::Authorized {
            return Err(ReviewRefusal::NotHeld(self.status));
        }
        (review.status, review.by, review.at) = (decision, by, Some(now));
        self.updated_at = now;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Currency, Money, PaymentId};
    use crate::payments::{Purpose, ReturnUrls};
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn admin() -> UserId {
        UserId::new(Uuid::from_u128(9))
    }

    fn payment(status: PaymentStatus, review: Option<ReviewStatus>) -> Payment {
        let urls = ReturnUrls { success: "/a".to_owned(), cancel: "/b".to_owned() };
        let purpose = Purpose::TopUp { customer: UserId::new(Uuid::nil()) };
        let amount = Money::new(100, Currency::EUR);
        let review = review.map(|status| Review { status, ..Review::open(vec!["large_amount".to_owned()]) });
        Payment { status, review, ..Payment::intend(PaymentId::new(Uuid::nil()), purpose, amount, urls, now()) }
    }

    #[test]
    fn a_promise_is_decided_on_once() {
        for decision in [ReviewStatus::Approved, ReviewStatus::Rejected] {
            let mut held = payment(PaymentStatus::Authorized, Some(ReviewStatus::Open));
            assert!(held.awaits_review());
            assert_eq!(held.decide(decision, Some(admin()), now()), Ok(()));
            let review = held.review.clone().unwrap();
            assert_eq!((review.status, review.by, review.at), (decision, Some(admin()), Some(now())));
            assert!(!held.awaits_review() && held.was_held());
            for late in [ReviewStatus::Approved, ReviewStatus::Rejected] {
                assert_eq!(held.decide(late, None, now()), Err(ReviewRefusal::Decided(decision)));
            }
            assert_eq!(held.review, Some(review), "the first decision stands");
        }
    }

    #[test]
    fn without_a_promise_there_is_nothing_to_decide() {
        use PaymentStatus as S;
        for status in [S::Created, S::Submitted, S::Unknown, S::Captured, S::Declined, S::Voided] {
            let mut open = payment(status, Some(ReviewStatus::Open));
            let refused = open.decide(ReviewStatus::Approved, Some(admin()), now());
            assert_eq!(refused, Err(ReviewRefusal::NotHeld(status)), "{status:?}");
        }
        let mut plain = payment(S::Authorized, None);
        let refused = plain.decide(ReviewStatus::Approved, None, now());
        assert_eq!(refused, Err(ReviewRefusal::NotHeld(S::Authorized)));
    }

    #[test]
    fn every_state_has_an_answer_to_every_decision() {
        use {PaymentStatus as S, ReviewStatus as R};
        for status in [S::Created, S::Submitted, S::Unknown, S::Authorized, S::Captured, S::Declined, S::Voided] {
            for review in [None, Some(R::Open), Some(R::Approved), Some(R::Rejected)] {
                for decision in [R::Approved, R::Rejected] {
                    let mut asked = payment(status, review);
                    let before = asked.clone();
                    let expected = match (review, status) {
                        (Some(R::Open), S::Authorized) => Ok(()),
                        (Some(decided @ (R::Approved | R::Rejected)), _) => Err(ReviewRefusal::Decided(decided)),
                        (None | Some(R::Open), _) => Err(ReviewRefusal::NotHeld(status)),
                    };
                    assert_eq!(asked.decide(decision, None, now()), expected, "{status:?} {review:?}");
                    assert_eq!(asked.status, status, "the bank's part is the gateway's to tell");
                    assert!(expected.is_ok() || asked == before, "what is refused changes nothing");
                }
            }
        }
    }

    #[test]
    fn what_nobody_wants_to_look_at_is_taken() {
        let plain = payment(PaymentStatus::Authorized, None);
        assert_eq!(
            (plain.decision(), plain.awaits_review(), plain.is_reviewed(), plain.was_held()),
            (ReviewStatus::Approved, false, false, false)
        );
        let created = payment(PaymentStatus::Created, Some(ReviewStatus::Open));
        assert!(created.is_reviewed() && !created.was_held());
    }
}
