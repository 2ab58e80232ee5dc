//! An address that a merchant wants to be told of events at.

use super::delivery::Outcome;
use super::event::EventKind;
use crate::kernel::{Applied, UserId, WebhookId};
use chrono::{DateTime, TimeDelta, Utc};

/// Whose an endpoint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A seller's: told of what is theirs of an event.
    Seller(UserId),
    /// The platform's, which all admins look after: told of everything.
    Platform,
}

impl Owner {
    /// The seller, unless it is the platform.
    #[must_use]
    pub const fn seller(self) -> Option<UserId> {
        match self {
            Self::Seller(seller) => Some(seller),
            Self::Platform => None,
        }
    }

    /// Whether it may ask for this.
    #[must_use]
    pub const fn may_hear_of(self, kind: EventKind) -> bool {
        match self {
            Self::Seller(_) => kind.concerns_sellers(),
            Self::Platform => kind.can_be_asked_for(),
        }
    }
}

crate::named! {
    /// Why an endpoint is switched off.
    pub enum DisableReason {
        /// Its owner wants it so.
        ByOwner = "by_owner",
        /// It answered 410: it wants no more.
        Gone = "gone",
        /// Nothing has arrived for days.
        Failing = "failing",
    }
}

/// Since when and why an endpoint is switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disabled {
    /// Since when.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: DisableReason,
}

/// A secret that was replaced, and signs beside the new one for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviousSecret {
    /// Sealed.
    pub sealed: String,
    /// Until when it signs.
    pub until: DateTime<Utc>,
}

/// An address that is told of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Its id.
    pub id: WebhookId,
    /// Whose it is.
    pub owner: Owner,
    /// Who made it: they are mailed when it is switched off.
    pub created_by: UserId,
    /// Where messages go.
    pub url: String,
    /// What its owner calls it.
    pub description: Option<String>,
    /// What it is told of; not empty.
    pub events: Vec<EventKind>,
    /// The secret that signs, sealed.
    pub secret: String,
    /// The one before.
    pub previous_secret: Option<PreviousSecret>,
    /// Since when and why it is switched off; `None` while it is on.
    pub disabled: Option<Disabled>,
    /// Since when nothing has arrived any more.
    pub failing_since: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What an endpoint begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEndpoint {
    /// The id it will have.
    pub id: WebhookId,
    /// Whose it is.
    pub owner: Owner,
    /// Who makes it.
    pub created_by: UserId,
    /// Where messages go.
    pub url: String,
    /// What its owner calls it.
    pub description: Option<String>,
    /// What it is told of.
    pub events: Vec<EventKind>,
    /// The secret that signs, sealed.
    pub secret: String,
}

/// What is to be different about an endpoint; `None` leaves it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EndpointChange {
    /// Where messages go.
    pub url: Option<String>,
    /// What its owner calls it; the inner `None` takes the words away.
    pub description: Option<Option<String>>,
    /// What it is told of.
    pub events: Option<Vec<EventKind>>,
    /// Whether it is on.
    pub enabled: Option<bool>,
}

/// Why an endpoint can't be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointRefusal {
    /// It would be told of nothing.
    NoEvents,
    /// Its owner is not told of this.
    NotForOwner(EventKind),
}

impl Endpoint {
    /// The most that one owner has.
    pub const MOST: u64 = 10;
    /// For how long a replaced secret signs, too.
    pub const OVERLAP: TimeDelta = TimeDelta::hours(24);
    /// After so long without a single arrival it is switched off.
    pub const PATIENCE: TimeDelta = TimeDelta::days(5);

    /// Makes one; it is on.
    ///
    /// # Errors
    /// When it would be told of nothing, or of what its owner may not hear.
    pub fn create(new: NewEndpoint, now: DateTime<Utc>) -> Result<Self, EndpointRefusal> {
        let events = chosen(new.owner, &new.events)?;
        Ok(Self {
            id: new.id,
            owner: new.owner,
            created_by: new.created_by,
            url: new.url,
            description: new.description,
            events,
            secret: new.secret,
            previous_secret: None,
            disabled: None,
            failing_since: None,
            created_at: now,
            updated_at: now,
        })
    }

    /// Changes what is to be different. Who moves or switches it on starts anew: what failed before is forgotten.
    ///
    /// # Errors
    /// When it would be told of nothing, or of what its owner may not hear; it stays as it was.
    pub fn change(&mut self, change: EndpointChange, now: DateTime<Utc>) -> Result<(), EndpointRefusal> {
        if let Some(events) = change.events {
            self.events = chosen(self.owner, &events)?;
        }
        if let Some(url) = change.url {
            self.url = url;
            self.failing_since = None;
        }
        if let Some(description) = change.description {
            self.description = description;
        }
        match change.enabled {
            Some(true) if self.disabled.is_some() => {
                self.disabled = None;
                self.failing_since = None;
            }
            Some(false) if self.disabled.is_none() => {
                self.disabled = Some(Disabled { at: now, reason: DisableReason::ByOwner });
            }
            Some(_) | None => {}
        }
        self.updated_at = now;
        Ok(())
    }

    /// Signs by another secret from now on, and by the present one too for a while. One before that signs no more.
    pub fn rotate(&mut self, sealed: String, now: DateTime<Utc>) {
        let previous = std::mem::replace(&mut self.secret, sealed);
        self.previous_secret = Some(PreviousSecret { sealed: previous, until: now + Self::OVERLAP });
        self.updated_at = now;
    }

    /// The sealed secrets that sign now, the present one first.
    #[must_use]
    pub fn signing(&self, now: DateTime<Utc>) -> Vec<&str> {
        let previous = self.previous_secret.as_ref().filter(|previous| now < previous.until);
        std::iter::once(self.secret.as_str()).chain(previous.map(|previous| previous.sealed.as_str())).collect()
    }

    /// Whether it is told of anything at all.
    #[must_use]
    pub const fn is_enabled(&self) -> bool {
        self.disabled.is_none()
    }

    /// Whether it is told of this now.
    #[must_use]
    pub fn hears_of(&self, kind: EventKind) -> bool {
        self.is_enabled() && self.owner.may_hear_of(kind) && self.events.contains(&kind)
    }

    /// Notes what came of a try. Answers why it is switched off, if that is what follows.
    pub fn note(&mut self, outcome: &Outcome, now: DateTime<Utc>) -> Applied<DisableReason> {
        if outcome.arrived() {
            self.failing_since = None;
            return Applied::Already;
        }
        let since = *self.failing_since.get_or_insert(now);
        if !self.is_enabled() {
            return Applied::Already;
        }
        let reason = if outcome.is_gone() {
            DisableReason::Gone
        } else if now - since >= Self::PATIENCE {
            DisableReason::Failing
        } else {
            return Applied::Already;
        };
        self.disabled = Some(Disabled { at: now, reason });
        Applied::Now(reason)
    }
}

/// Each once, in the order in which they are listed everywhere.
fn chosen(owner: Owner, events: &[EventKind]) -> Result<Vec<EventKind>, EndpointRefusal> {
    if let Some(kind) = events.iter().find(|kind| !owner.may_hear_of(**kind)) {
        return Err(EndpointRefusal::NotForOwner(*kind));
    }
    let chosen: Vec<EventKind> = EventKind::ALL.iter().copied().filter(|kind| events.contains(kind)).collect();
    if chosen.is_empty() { Err(EndpointRefusal::NoEvents) } else { Ok(chosen) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhooks::Fault;
    use uuid::Uuid;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    fn new(owner: Owner, events: &[EventKind]) -> NewEndpoint {
        NewEndpoint {
            id: WebhookId::new(Uuid::from_u128(1)),
            owner,
            created_by: UserId::new(Uuid::from_u128(2)),
            url: "https://shop.example/hook".to_owned(),
            description: None,
            events: events.to_vec(),
            secret: "first".to_owned(),
        }
    }

    fn seller() -> Owner {
        Owner::Seller(UserId::new(Uuid::from_u128(2)))
    }

    fn endpoint() -> Endpoint {
        Endpoint::create(new(seller(), &[EventKind::OrderPaid]), at(0)).unwrap()
    }

    fn answered(status: u16) -> Outcome {
        Outcome::Answered { status, body: String::new() }
    }

    #[test]
    fn it_is_told_of_what_it_asked_for_once_each() {
        let wish = [EventKind::OrderRefunded, EventKind::OrderPaid, EventKind::OrderPaid];
        let endpoint = Endpoint::create(new(seller(), &wish), at(0)).unwrap();
        assert_eq!(endpoint.events, [EventKind::OrderPaid, EventKind::OrderRefunded]);
        assert!(endpoint.hears_of(EventKind::OrderPaid) && !endpoint.hears_of(EventKind::OrderPlaced));
        assert_eq!(Endpoint::create(new(seller(), &[]), at(0)), Err(EndpointRefusal::NoEvents));
    }

    #[test]
    fn gift_cards_are_the_platforms_and_the_test_is_nobodys_to_ask_for() {
        for kind in EventKind::ALL.iter().copied() {
            let gift_card = kind.name().starts_with("gift_card.");
            let test = kind == EventKind::Test;
            assert_eq!(seller().may_hear_of(kind), !gift_card && !test, "{kind:?}");
            assert_eq!(Owner::Platform.may_hear_of(kind), !test, "{kind:?}");
        }
        let refused = Endpoint::create(new(seller(), &[EventKind::GiftCardIssued]), at(0));
        assert_eq!(refused, Err(EndpointRefusal::NotForOwner(EventKind::GiftCardIssued)));
    }

    #[test]
    fn a_change_that_is_refused_changes_nothing() {
        let mut endpoint = endpoint();
        let change = EndpointChange {
            url: Some("https://else.example".to_owned()),
            events: Some(vec![EventKind::GiftCardIssued]),
            ..EndpointChange::default()
        };
        assert!(endpoint.change(change, at(1)).is_err());
        assert_eq!(endpoint, self::endpoint());
        endpoint.change(EndpointChange::default(), at(1)).unwrap();
        assert_eq!(endpoint, Endpoint { updated_at: at(1), ..self::endpoint() });
    }

    #[test]
    fn it_is_switched_off_and_on_by_its_owner() {
        let mut endpoint = endpoint();
        let switch = |on| EndpointChange { enabled: Some(on), ..EndpointChange::default() };
        endpoint.change(switch(true), at(1)).unwrap();
        assert!(endpoint.is_enabled());
        endpoint.change(switch(false), at(2)).unwrap();
        endpoint.change(switch(false), at(3)).unwrap();
        assert_eq!(endpoint.disabled, Some(Disabled { at: at(2), reason: DisableReason::ByOwner }));
        assert!(!endpoint.hears_of(EventKind::OrderPaid));
        endpoint.failing_since = Some(at(0));
        endpoint.change(switch(true), at(4)).unwrap();
        assert_eq!((endpoint.disabled, endpoint.failing_since), (None, None));
    }

    #[test]
    fn a_replaced_secret_signs_for_another_day() {
        let mut endpoint = endpoint();
        assert_eq!(endpoint.signing(at(0)), ["first"]);
        endpoint.rotate("second".to_owned(), at(1));
        assert_eq!(endpoint.signing(at(1)), ["second", "first"]);
        assert_eq!(endpoint.signing(at(25) - TimeDelta::microseconds(1)), ["second", "first"]);
        assert_eq!(endpoint.signing(at(25)), ["second"]);
        endpoint.rotate("third".to_owned(), at(2));
        assert_eq!(endpoint.signing(at(2)), ["third", "second"]);
    }

    #[test]
    fn who_answers_gone_is_switched_off_at_once() {
        let mut endpoint = endpoint();
        assert_eq!(endpoint.note(&answered(410), at(1)), Applied::Now(DisableReason::Gone));
        assert_eq!(endpoint.note(&answered(410), at(2)), Applied::Already);
        assert_eq!(endpoint.disabled, Some(Disabled { at: at(1), reason: DisableReason::Gone }));
    }

    #[test]
    fn five_days_of_nothing_but_failures_switch_it_off() {
        let mut endpoint = endpoint();
        let failed = Outcome::Fault(Fault::TimedOut);
        assert_eq!(endpoint.note(&failed, at(0)), Applied::Already);
        assert_eq!(endpoint.note(&failed, at(5 * 24) - TimeDelta::seconds(1)), Applied::Already);
        assert_eq!(endpoint.note(&failed, at(5 * 24)), Applied::Now(DisableReason::Failing));
    }

    #[test]
    fn a_single_arrival_begins_the_five_days_anew() {
        let mut endpoint = endpoint();
        endpoint.note(&answered(500), at(0));
        assert_eq!(endpoint.note(&answered(200), at(4 * 24)), Applied::Already);
        assert_eq!(endpoint.failing_since, None);
        endpoint.note(&answered(500), at(4 * 24 + 1));
        assert_eq!(endpoint.note(&answered(500), at(9 * 24)), Applied::Already);
        assert!(endpoint.is_enabled());
    }
}
