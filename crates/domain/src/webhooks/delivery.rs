//! An event on its way to one endpoint: tried until it arrives, or often enough.

use super::event::EventKind;
use super::schedule::{Jitter, pause};
use crate::kernel::{WebhookDeliveryId, WebhookId};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

crate::named! {
    /// How a delivery stands.
    pub enum DeliveryStatus {
        /// It will be tried, for the first time or again.
        Waiting = "waiting",
        /// It has arrived.
        Delivered = "delivered",
        /// It was tried often enough, or its endpoint was switched off.
        Failed = "failed",
    }
}

crate::named! {
    /// Why a try got no answer.
    pub enum Fault {
        /// It took too long.
        TimedOut = "timed_out",
        /// The host's name leads nowhere.
        NameNotFound = "name_not_found",
        /// It leads to an address that nothing is sent to.
        ForbiddenAddress = "forbidden_address",
        /// No connection, or none that is secure.
        NotReached = "not_reached",
        /// The connection ended without an answer.
        NoAnswer = "no_answer",
        /// The endpoint's secret could not be opened.
        NotSigned = "not_signed",
    }
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint answered: the status, and how its answer begins.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The first of the answer.
        body: String,
    },
    /// It did not.
    Fault(Fault),
}

impl Outcome {
    /// Whether it arrived: any status from 200 to 299. A redirect is none: nothing is followed.
    #[must_use]
    pub const fn arrived(&self) -> bool {
        matches!(self, Self::Answered { status: 200..=299, .. })
    }

    /// Whether the endpoint wants no more, ever.
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        matches!(self, Self::Answered { status: 410, .. })
    }
}

/// A try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its id.
    pub id: Uuid,
    /// When it began.
    pub at: DateTime<Utc>,
    /// How long it took.
    pub took: TimeDelta,
    /// What came of it.
    pub outcome: Outcome,
}

/// An event on its way to one endpoint. There is one for each of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: WebhookDeliveryId,
    /// Where it goes.
    pub endpoint_id: WebhookId,
    /// The event: the same for all endpoints, and each time that it is sent.
    pub event_id: Uuid,
    /// What happened.
    pub kind: EventKind,
    /// The body, byte for byte as it is sent each time.
    pub payload: String,
    /// How it stands.
    pub status: DeliveryStatus,
    /// How often it was tried since it was last asked for.
    pub tries: u32,
    /// When it is tried next, if it is.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// When the event was on its way first.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// What a delivery begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// The id it will have.
    pub id: WebhookDeliveryId,
    /// Where it goes.
    pub endpoint_id: WebhookId,
    /// The event.
    pub event_id: Uuid,
    /// What happened.
    pub kind: EventKind,
    /// The body.
    pub payload: String,
}

impl Delivery {
    /// For how long deliveries are kept, to be looked at and sent again.
    pub const KEPT: TimeDelta = TimeDelta::days(30);

    /// An event that goes out at once.
    #[must_use]
    pub fn begin(new: NewDelivery, now: DateTime<Utc>) -> Self {
        Self {
            id: new.id,
            endpoint_id: new.endpoint_id,
            event_id: new.event_id,
            kind: new.kind,
            payload: new.payload,
            status: DeliveryStatus::Waiting,
            tries: 0,
            next_attempt_at: Some(now),
            created_at: now,
            updated_at: now,
        }
    }

    /// Notes what came of a try. What has arrived has arrived, even if another try says otherwise later.
    pub fn note(&mut self, outcome: &Outcome, jitter: Jitter, now: DateTime<Utc>) {
        self.updated_at = now;
        if self.status == DeliveryStatus::Delivered {
            return;
        }
        self.tries = self.tries.saturating_add(1);
        if outcome.arrived() {
            self.status = DeliveryStatus::Delivered;
            self.next_attempt_at = None;
        } else if outcome.is_gone() || self.status == DeliveryStatus::Failed {
            self.give_up(now);
        } else if let Some(pause) = pause(self.tries, jitter) {
            self.next_attempt_at = Some(now + pause);
        } else {
            self.give_up(now);
        }
    }

    /// Tries it no more.
    pub fn give_up(&mut self, now: DateTime<Utc>) {
        self.status = DeliveryStatus::Failed;
        self.next_attempt_at = None;
        self.updated_at = now;
    }

    /// Sends the same event once more, now, and as often as a new one if it does not arrive.
    pub const fn replay(&mut self, now: DateTime<Utc>) {
        self.status = DeliveryStatus::Waiting;
        self.tries = 0;
        self.next_attempt_at = Some(now);
        self.updated_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn delivery() -> Delivery {
        let new = NewDelivery {
            id: WebhookDeliveryId::new(Uuid::from_u128(1)),
            endpoint_id: WebhookId::new(Uuid::from_u128(2)),
            event_id: Uuid::from_u128(3),
            kind: EventKind::OrderPaid,
            payload: "{}".to_owned(),
        };
        Delivery::begin(new, at(0))
    }

    fn answered(status: u16) -> Outcome {
        Outcome::Answered { status, body: String::new() }
    }

    #[test]
    fn it_is_tried_at_once_and_ends_when_it_arrives() {
        let mut delivery = delivery();
        assert_eq!((delivery.status, delivery.next_attempt_at), (DeliveryStatus::Waiting, Some(at(0))));
        delivery.note(&answered(204), Jitter(0), at(1));
        assert_eq!((delivery.status, delivery.next_attempt_at), (DeliveryStatus::Delivered, None));
        assert_eq!((delivery.tries, delivery.updated_at), (1, at(1)));
    }

    #[test]
    fn only_a_status_of_success_is_an_arrival() {
        for (status, arrives) in [(199, false), (200, true), (299, true), (300, false), (302, false), (404, false)] {
            assert_eq!(answered(status).arrived(), arrives, "{status}");
        }
        assert!(!Outcome::Fault(Fault::NoAnswer).arrived());
    }

    #[test]
    fn a_failure_is_tried_again_after_five_seconds() {
        for outcome in [answered(500), answered(302), Outcome::Fault(Fault::TimedOut)] {
            let mut delivery = delivery();
            delivery.note(&outcome, Jitter(0), at(10));
            assert_eq!((delivery.status, delivery.next_attempt_at), (DeliveryStatus::Waiting, Some(at(15))));
        }
    }

    #[test]
    fn it_is_given_up_after_eleven_tries_within_three_days() {
        let mut delivery = delivery();
        let mut tries = 0;
        while let Some(now) = delivery.next_attempt_at {
            delivery.note(&answered(500), Jitter(0), now);
            tries += 1;
        }
        assert_eq!((delivery.status, tries, delivery.tries), (DeliveryStatus::Failed, 11, 11));
        assert!(delivery.updated_at - delivery.created_at <= TimeDelta::days(3));
    }

    #[test]
    fn who_is_gone_is_tried_no_more() {
        let mut delivery = delivery();
        delivery.note(&answered(410), Jitter(0), at(1));
        assert_eq!((delivery.status, delivery.next_attempt_at), (DeliveryStatus::Failed, None));
    }

    #[test]
    fn a_late_failure_does_not_undo_an_arrival_and_a_late_arrival_undoes_a_failure() {
        let mut arrived = delivery();
        arrived.note(&answered(200), Jitter(0), at(1));
        arrived.note(&answered(500), Jitter(0), at(2));
        assert_eq!((arrived.status, arrived.next_attempt_at), (DeliveryStatus::Delivered, None));
        let mut given_up = delivery();
        given_up.give_up(at(1));
        given_up.note(&answered(500), Jitter(0), at(2));
        assert_eq!((given_up.status, given_up.next_attempt_at), (DeliveryStatus::Failed, None));
        given_up.note(&answered(200), Jitter(0), at(3));
        assert_eq!(given_up.status, DeliveryStatus::Delivered);
    }

    #[test]
    fn a_replay_is_the_same_event_from_the_beginning() {
        let mut delivery = delivery();
        let before = delivery.clone();
        delivery.note(&answered(410), Jitter(0), at(1));
        delivery.replay(at(2));
        let expected = Delivery { next_attempt_at: Some(at(2)), updated_at: at(2), ..before };
        assert_eq!(delivery, expected);
    }

    proptest! {
        #[test]
        fn it_waits_exactly_while_it_has_a_next_try(statuses in proptest::collection::vec(100_u16..600, 0..20)) {
            let mut delivery = delivery();
            for (turn, status) in (0..).zip(statuses) {
                delivery.note(&answered(status), Jitter(7), at(turn));
                prop_assert_eq!(delivery.status == DeliveryStatus::Waiting, delivery.next_attempt_at.is_some());
            }
        }
    }
}
