//! Many gift cards of one value, issued in steps. Their codes are told once, all together; until then the seed from which
//! they follow is kept, and then it is erased.

use super::{GiftCardStatus, IssueRefusal, SealedSeed};
use crate::kernel::{Applied, GiftCardBatchId, Money, UserId};
use chrono::{DateTime, TimeDelta, Utc};
use std::ops::Range;

/// A batch of gift cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiftCardBatch {
    /// Its id.
    pub id: GiftCardBatchId,
    /// What each card is worth.
    pub value: Money,
    /// How many cards it is to have.
    pub quantity: u32,
    /// How many it has.
    pub issued: u32,
    /// From when on they are worth nothing, unless they never are.
    pub expires_at: Option<DateTime<Utc>>,
    /// What they are for, for those who look after them.
    pub note: Option<String>,
    /// Who has them issued.
    pub issued_by: UserId,
    /// What their codes are derived from; none once nobody may know them any more.
    pub seed: Option<SealedSeed>,
    /// When the last card was issued.
    pub completed_at: Option<DateTime<Utc>>,
    /// When the codes were told.
    pub downloaded_at: Option<DateTime<Utc>>,
    /// To whom.
    pub downloaded_by: Option<UserId>,
    /// When the codes were forgotten because nobody had fetched them.
    pub lapsed_at: Option<DateTime<Utc>>,
    /// Since when an admin keeps all its cards from being used.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When it was ordered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// What a new batch begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGiftCardBatch {
    /// The id it will have.
    pub id: GiftCardBatchId,
    /// What each card is worth.
    pub value: Money,
    /// How many cards.
    pub quantity: u32,
    /// From when on they are worth nothing.
    pub expires_at: Option<DateTime<Utc>>,
    /// What they are for.
    pub note: Option<String>,
    /// Who has them issued.
    pub issued_by: UserId,
    /// What their codes are derived from.
    pub seed: SealedSeed,
}

/// How a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchStatus {
    /// Its cards are being issued.
    Issuing,
    /// All of them are, and their codes wait to be told.
    Ready,
    /// Their codes were told.
    Downloaded,
    /// Nobody fetched the codes in time: nobody can any more.
    Lapsed,
}

/// Why there is no new batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchRefusal {
    /// None, or more than a batch takes.
    Quantity,
    /// Cards like these make no sense.
    Card(IssueRefusal),
}

/// Why the codes of a batch are not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodesRefusal {
    /// There are not all of them yet.
    NotReady,
    /// They were told before.
    Downloaded,
    /// It was too late.
    Lapsed,
}

impl GiftCardBatch {
    /// So many cards a batch takes at the most.
    pub const MOST: u32 = 10_000;
    /// For so long the codes wait to be told.
    pub const CODES_WAIT: TimeDelta = TimeDelta::days(7);

    /// Begins a batch.
    ///
    /// # Errors
    /// When it would have no cards, too many, or ones that are worth nothing.
    pub fn order(new: NewGiftCardBatch, now: DateTime<Utc>) -> Result<Self, BatchRefusal> {
        if !(1..=Self::MOST).contains(&new.quantity) {
            return Err(BatchRefusal::Quantity);
        }
        if !new.value.is_positive() {
            return Err(BatchRefusal::Card(IssueRefusal::NoValue));
        }
        if new.expires_at.is_some_and(|end| end <= now) {
            return Err(BatchRefusal::Card(IssueRefusal::Expired));
        }
        Ok(Self {
            id: new.id,
            value: new.value,
            quantity: new.quantity,
            issued: 0,
            expires_at: new.expires_at,
            note: new.note,
            issued_by: new.issued_by,
            seed: Some(new.seed),
            completed_at: None,
            downloaded_at: None,
            downloaded_by: None,
            lapsed_at: None,
            disabled_at: None,
            created_at: now,
            updated_at: now,
        })
    }

    /// How it stands.
    #[must_use]
    pub const fn status(&self) -> BatchStatus {
        if self.downloaded_at.is_some() {
            BatchStatus::Downloaded
        } else if self.lapsed_at.is_some() {
            BatchStatus::Lapsed
        } else if self.completed_at.is_some() {
            BatchStatus::Ready
        } else {
            BatchStatus::Issuing
        }
    }

    /// Counts the next cards, `step` of them at the most, and answers their places; empty once there are all.
    pub fn issue_next(&mut self, step: u32, now: DateTime<Utc>) -> Range<u32> {
        let places = self.issued..self.quantity.min(self.issued.saturating_add(step));
        if !places.is_empty() {
            self.issued = places.end;
            self.updated_at = now;
            self.completed_at = (self.issued == self.quantity).then_some(now);
        }
        places
    }

    /// Until when the codes wait, once there are all of them.
    #[must_use]
    pub fn codes_until(&self) -> Option<DateTime<Utc>> {
        self.completed_at.map(|at| at + Self::CODES_WAIT)
    }

    /// Gives away what the codes follow from, once.
    ///
    /// # Errors
    /// When there are not all of them yet, or it is too late.
    pub fn tell_codes(&mut self, to: UserId, now: DateTime<Utc>) -> Result<SealedSeed, CodesRefusal> {
        match self.status() {
            BatchStatus::Issuing => return Err(CodesRefusal::NotReady),
            BatchStatus::Downloaded => return Err(CodesRefusal::Downloaded),
            BatchStatus::Lapsed => return Err(CodesRefusal::Lapsed),
            BatchStatus::Ready => {}
        }
        let seed = self.seed.take().ok_or(CodesRefusal::Downloaded)?;
        self.downloaded_at = Some(now);
        self.downloaded_by = Some(to);
        self.updated_at = now;
        Ok(seed)
    }

    /// Forgets what the codes follow from when nobody has fetched them in time.
    pub fn lapse(&mut self, now: DateTime<Utc>) -> Applied {
        let over = self.codes_until().is_some_and(|end| end <= now);
        if self.status() != BatchStatus::Ready || !over {
            return Applied::Already;
        }
        self.seed = None;
        self.lapsed_at = Some(now);
        self.updated_at = now;
        Applied::Now(())
    }

    /// How its cards stand while nobody has used one, and none was disabled by itself.
    #[must_use]
    pub fn card_status(&self, now: DateTime<Utc>) -> GiftCardStatus {
        if self.expires_at.is_some_and(|end| end <= now) {
            GiftCardStatus::Expired
        } else if self.disabled_at.is_some() {
            GiftCardStatus::Disabled
        } else {
            GiftCardStatus::Active
        }
    }

    /// Keeps all its cards from being used, those to come as well, until it is enabled.
    pub fn disable(&mut self, now: DateTime<Utc>) -> Applied {
        if self.disabled_at.is_some() {
            return Applied::Already;
        }
        self.disabled_at = Some(now);
        self.updated_at = now;
        Applied::Now(())
    }

    /// Lets its cards be used again. Answers since when they could not be: by that they are told from those that were
    /// disabled one by one.
    pub fn enable(&mut self, now: DateTime<Utc>) -> Applied<DateTime<Utc>> {
        let Some(since) = self.disabled_at.take() else { return Applied::Already };
        self.updated_at = now;
        Applied::Now(since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Currency;
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn new(quantity: u32) -> NewGiftCardBatch {
        NewGiftCardBatch {
            id: GiftCardBatchId::new(Uuid::nil()),
            value: Money::new(5_000, Currency::EUR),
            quantity,
            expires_at: None,
            note: None,
            issued_by: UserId::new(Uuid::from_u128(1)),
            seed: SealedSeed::new("sealed".to_owned()),
        }
    }

    fn batch(quantity: u32) -> GiftCardBatch {
        GiftCardBatch::order(new(quantity), now()).unwrap()
    }

    fn complete() -> GiftCardBatch {
        let mut batch = batch(3);
        assert_eq!(batch.issue_next(3, now()), 0..3);
        batch
    }

    fn ada() -> UserId {
        UserId::new(Uuid::from_u128(2))
    }

    #[test]
    fn a_batch_has_some_cards_that_are_worth_something() {
        for quantity in [0, GiftCardBatch::MOST + 1] {
            assert_eq!(GiftCardBatch::order(new(quantity), now()), Err(BatchRefusal::Quantity));
        }
        let nothing = NewGiftCardBatch { value: Money::new(0, Currency::EUR), ..new(1) };
        assert_eq!(GiftCardBatch::order(nothing, now()), Err(BatchRefusal::Card(IssueRefusal::NoValue)));
        let over = NewGiftCardBatch { expires_at: Some(now()), ..new(1) };
        assert_eq!(GiftCardBatch::order(over, now()), Err(BatchRefusal::Card(IssueRefusal::Expired)));
        assert_eq!(batch(GiftCardBatch::MOST).status(), BatchStatus::Issuing);
    }

    #[test]
    fn its_cards_stand_as_it_does() {
        let end = now() + TimeDelta::days(1);
        let mut batch = GiftCardBatch::order(NewGiftCardBatch { expires_at: Some(end), ..new(3) }, now()).unwrap();
        assert_eq!(batch.card_status(now()), GiftCardStatus::Active);
        batch.disable(now());
        assert_eq!(batch.card_status(now()), GiftCardStatus::Disabled);
        assert_eq!(batch.card_status(end), GiftCardStatus::Expired, "what is over is over");
    }

    #[test]
    fn steps_add_up_to_the_whole_and_no_further() {
        let mut batch = batch(7);
        assert_eq!(batch.issue_next(3, now()), 0..3);
        assert_eq!(batch.issue_next(3, now()), 3..6);
        assert_eq!((batch.issued, batch.completed_at), (6, None));
        assert_eq!(batch.issue_next(3, now()), 6..7);
        assert_eq!((batch.issued, batch.status()), (7, BatchStatus::Ready));
        let later = now() + TimeDelta::days(1);
        assert!(batch.issue_next(3, later).is_empty());
        assert_eq!(batch.completed_at, Some(now()), "what is whole stays as it is");
    }

    #[test]
    fn codes_are_told_once_when_all_are_there() {
        let mut early = batch(3);
        early.issue_next(2, now());
        assert_eq!(early.tell_codes(ada(), now()), Err(CodesRefusal::NotReady));
        let mut batch = complete();
        assert_eq!(batch.tell_codes(ada(), now()).unwrap().expose(), "sealed");
        assert_eq!((batch.seed.as_ref(), batch.status()), (None, BatchStatus::Downloaded));
        assert_eq!((batch.downloaded_by, batch.downloaded_at), (Some(ada()), Some(now())));
        assert_eq!(batch.tell_codes(ada(), now()), Err(CodesRefusal::Downloaded));
    }

    #[test]
    fn codes_that_nobody_fetches_are_forgotten_after_a_week() {
        let mut batch = complete();
        let end = now() + GiftCardBatch::CODES_WAIT;
        assert_eq!(batch.codes_until(), Some(end));
        assert_eq!(batch.lapse(end - TimeDelta::microseconds(1)), Applied::Already);
        assert_eq!(batch.lapse(end), Applied::Now(()));
        assert_eq!((batch.seed.as_ref(), batch.status()), (None, BatchStatus::Lapsed));
        assert_eq!(batch.lapse(end), Applied::Already);
        assert_eq!(batch.tell_codes(ada(), end), Err(CodesRefusal::Lapsed));
        let mut told = complete();
        told.tell_codes(ada(), now()).unwrap();
        assert_eq!(told.lapse(end), Applied::Already);
        assert_eq!(told.status(), BatchStatus::Downloaded);
    }

    #[test]
    fn a_disabled_batch_is_enabled_again_and_tells_since_when_it_was_not() {
        let mut batch = complete();
        assert_eq!(batch.disable(now()), Applied::Now(()));
        assert_eq!(batch.disable(now() + TimeDelta::days(1)), Applied::Already);
        assert_eq!(batch.enable(now() + TimeDelta::days(1)), Applied::Now(now()));
        assert_eq!(batch.enable(now()), Applied::Already);
    }
}
