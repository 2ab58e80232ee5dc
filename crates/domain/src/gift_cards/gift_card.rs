//! A gift card, and what may be done with it when.

use crate::kernel::{Applied, EmailAddress, GiftCardId, Money, UserId};
use chrono::{DateTime, Utc};

/// A gift card. What is left on it is its balance in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiftCard {
    /// Its id.
    pub id: GiftCardId,
    /// The SHA-256 of its code, in hexadecimal: under this it is found.
    pub code_digest: String,
    /// The last characters of its code.
    pub last4: String,
    /// What it was worth when it was issued.
    pub value: Money,
    /// Who issued it.
    pub issued_by: UserId,
    /// For whom it was made.
    pub recipient_email: Option<EmailAddress>,
    /// From when on it is worth nothing, unless it never is.
    pub expires_at: Option<DateTime<Utc>>,
    /// Since when an admin keeps it from being used.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When it was taken back, untouched, since its price went back to who had bought it. It can never be used again.
    pub voided_at: Option<DateTime<Utc>>,
    /// When what was left went into someone's balance.
    pub redeemed_at: Option<DateTime<Utc>>,
    /// Into whose.
    pub redeemed_by: Option<UserId>,
    /// When it was issued.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// What a new card begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGiftCard {
    /// The id it will have.
    pub id: GiftCardId,
    /// The digest of its code.
    pub code_digest: String,
    /// The last characters of its code.
    pub last4: String,
    /// What it is worth.
    pub value: Money,
    /// Who issues it.
    pub issued_by: UserId,
    /// For whom.
    pub recipient_email: Option<EmailAddress>,
    /// From when on it is worth nothing.
    pub expires_at: Option<DateTime<Utc>>,
}

/// How a card stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiftCardStatus {
    /// It can be used.
    Active,
    /// An admin keeps it from being used, or it was taken back.
    Disabled,
    /// What was on it is someone's balance, or all spent.
    Redeemed,
    /// It is too late.
    Expired,
}

/// Why there is no new card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueRefusal {
    /// A card is worth something.
    NoValue,
    /// It would be over before it began.
    Expired,
}

/// Why a card can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseRefusal {
    /// Nothing is left on it.
    Redeemed,
    /// It is too late.
    Expired,
    /// An admin keeps it from being used.
    Disabled,
}

impl GiftCard {
    /// Makes a card.
    ///
    /// # Errors
    /// When it would be worth nothing.
    pub fn issue(new: NewGiftCard, now: DateTime<Utc>) -> Result<Self, IssueRefusal> {
        if !new.value.is_positive() {
            return Err(IssueRefusal::NoValue);
        }
        if new.expires_at.is_some_and(|end| end <= now) {
            return Err(IssueRefusal::Expired);
        }
        Ok(Self {
            id: new.id,
            code_digest: new.code_digest,
            last4: new.last4,
            value: new.value,
            issued_by: new.issued_by,
            recipient_email: new.recipient_email,
            expires_at: new.expires_at,
            disabled_at: None,
            voided_at: None,
            redeemed_at: None,
            redeemed_by: None,
            created_at: now,
            updated_at: now,
        })
    }

    /// How it stands, with so much left on it. What is used up stays used up, whatever else happens to the card.
    #[must_use]
    pub fn status(&self, balance: Money, now: DateTime<Utc>) -> GiftCardStatus {
        if self.redeemed_at.is_some() {
            GiftCardStatus::Redeemed
        } else if self.voided_at.is_some() {
            GiftCardStatus::Disabled
        } else if self.expires_at.is_some_and(|end| end <= now) {
            GiftCardStatus::Expired
        } else if !balance.is_positive() {
            GiftCardStatus::Redeemed
        } else if self.disabled_at.is_some() {
            GiftCardStatus::Disabled
        } else {
            GiftCardStatus::Active
        }
    }

    /// Whether nobody has ever kept any of it: all that it was worth is on it.
    #[must_use]
    pub fn is_whole(&self, balance: Money) -> bool {
        self.redeemed_at.is_none() && self.voided_at.is_none() && balance == self.value
    }

    /// What may be used of it, with so much left on it: all of that.
    ///
    /// # Errors
    /// When it can't be used.
    pub fn usable(&self, balance: Money, now: DateTime<Utc>) -> Result<Money, UseRefusal> {
        match self.status(balance, now) {
            GiftCardStatus::Active => Ok(balance),
            GiftCardStatus::Disabled => Err(UseRefusal::Disabled),
            GiftCardStatus::Redeemed => Err(UseRefusal::Redeemed),
            GiftCardStatus::Expired => Err(UseRefusal::Expired),
        }
    }

    /// Takes what is left into someone's balance. Answers how much that is.
    ///
    /// # Errors
    /// When it can't be used; it stays as it was.
    pub fn redeem(&mut self, by: UserId, balance: Money, now: DateTime<Utc>) -> Result<Money, UseRefusal> {
        self.usable(balance, now)?;
        self.redeemed_at = Some(now);
        self.redeemed_by = Some(by);
        self.updated_at = now;
        Ok(balance)
    }

    /// Has another code from now on; the old one is no card's any more.
    ///
    /// # Errors
    /// When it can't be used; it stays as it was.
    pub fn change_code(
        &mut self,
        code_digest: String,
        last4: String,
        balance: Money,
        now: DateTime<Utc>,
    ) -> Result<(), UseRefusal> {
        match self.status(balance, now) {
            GiftCardStatus::Active => {}
            GiftCardStatus::Disabled => return Err(UseRefusal::Disabled),
            GiftCardStatus::Redeemed => return Err(UseRefusal::Redeemed),
            GiftCardStatus::Expired => return Err(UseRefusal::Expired),
        }
        self.code_digest = code_digest;
        self.last4 = last4;
        self.updated_at = now;
        Ok(())
    }

    /// Keeps it from being used, until it is enabled.
    pub fn disable(&mut self, now: DateTime<Utc>) -> Applied {
        if self.disabled_at.is_some() {
            return Applied::Already;
        }
        self.disabled_at = Some(now);
        self.updated_at = now;
        Applied::Now(())
    }

    /// Lets it live until then, if it would have ended before.
    pub fn prolong(&mut self, end: DateTime<Utc>, now: DateTime<Utc>) -> Applied {
        if self.expires_at.is_none_or(|before| before >= end) {
            return Applied::Already;
        }
        self.expires_at = Some(end);
        self.updated_at = now;
        Applied::Now(())
    }

    /// Lets it be used again.
    pub fn enable(&mut self, now: DateTime<Utc>) -> Applied {
        if self.disabled_at.take().is_none() {
            return Applied::Already;
        }
        self.updated_at = now;
        Applied::Now(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Currency;
    use chrono::TimeDelta;
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn euros(amount: i64) -> Money {
        Money::new(amount, Currency::EUR)
    }

    fn new(value: i64, expires_at: Option<DateTime<Utc>>) -> NewGiftCard {
        NewGiftCard {
            id: GiftCardId::new(Uuid::nil()),
            code_digest: "digest".to_owned(),
            last4: "YZ01".to_owned(),
            value: euros(value),
            issued_by: UserId::new(Uuid::from_u128(1)),
            recipient_email: None,
            expires_at,
        }
    }

    fn card() -> GiftCard {
        GiftCard::issue(new(5_000, Some(now() + TimeDelta::days(1))), now()).unwrap()
    }

    fn ada() -> UserId {
        UserId::new(Uuid::from_u128(2))
    }

    #[test]
    fn a_card_is_worth_something_for_some_time() {
        assert_eq!(GiftCard::issue(new(0, None), now()), Err(IssueRefusal::NoValue));
        assert_eq!(GiftCard::issue(new(-1, None), now()), Err(IssueRefusal::NoValue));
        assert_eq!(GiftCard::issue(new(1, Some(now())), now()), Err(IssueRefusal::Expired));
        assert!(GiftCard::issue(new(1, None), now()).is_ok());
    }

    #[test]
    fn what_is_left_is_redeemed_once() {
        let mut card = card();
        assert_eq!(card.redeem(ada(), euros(3_000), now()), Ok(euros(3_000)));
        assert_eq!((card.redeemed_at, card.redeemed_by), (Some(now()), Some(ada())));
        assert_eq!(card.redeem(ada(), euros(3_000), now()), Err(UseRefusal::Redeemed));
    }

    #[test]
    fn each_reason_why_a_card_cannot_be_used_is_its_own() {
        let used = |card: &GiftCard, balance, at| card.clone().redeem(ada(), euros(balance), at);
        let mut disabled = card();
        disabled.disable(now());
        assert_eq!(used(&disabled, 1, now()), Err(UseRefusal::Disabled));
        assert_eq!(used(&card(), 0, now()), Err(UseRefusal::Redeemed));
        let end = now() + TimeDelta::days(1);
        assert_eq!(used(&card(), 1, end), Err(UseRefusal::Expired));
        assert_eq!(used(&card(), 1, end - TimeDelta::microseconds(1)), Ok(euros(1)));
        assert_eq!(used(&disabled, 1, end), Err(UseRefusal::Expired), "an admin's mistake is no way to stop the clock");
        assert_eq!(card().redeemed_at, None);
    }

    #[test]
    fn a_disabled_card_is_enabled_again() {
        let mut card = card();
        let later = now() + TimeDelta::seconds(1);
        assert_eq!(card.disable(later), Applied::Now(()));
        assert_eq!(card.disable(later + TimeDelta::seconds(1)), Applied::Already);
        assert_eq!((card.disabled_at, card.updated_at), (Some(later), later));
        assert_eq!(card.status(euros(1), later), GiftCardStatus::Disabled);
        assert_eq!(card.enable(later), Applied::Now(()));
        assert_eq!(card.enable(later), Applied::Already);
        assert_eq!(card.status(euros(1), later), GiftCardStatus::Active);
    }

    #[test]
    fn a_card_lives_longer_and_never_shorter() {
        let mut card = card();
        let (later, end) = (now() + TimeDelta::days(2), now() + TimeDelta::days(9));
        assert_eq!(card.prolong(end, later), Applied::Now(()));
        assert_eq!((card.expires_at, card.updated_at), (Some(end), later));
        assert_eq!(card.prolong(end, later), Applied::Already);
        let mut endless = GiftCard::issue(new(1, None), now()).unwrap();
        assert_eq!(endless.prolong(end, later), Applied::Already);
    }

    #[test]
    fn a_card_that_can_be_used_gets_another_code() {
        let mut card = card();
        let later = now() + TimeDelta::seconds(1);
        let change = |card: &mut GiftCard| card.change_code("new".to_owned(), "7KX2".to_owned(), euros(1), later);
        assert_eq!(change(&mut card), Ok(()));
        assert_eq!((card.code_digest.as_str(), card.last4.as_str(), card.updated_at), ("new", "7KX2", later));
        card.disable(later);
        let before = card.clone();
        assert_eq!(change(&mut card), Err(UseRefusal::Disabled));
        assert_eq!(card, before);
    }

    #[test]
    fn a_refused_card_stays_as_it_was() {
        let mut disabled = card();
        disabled.disable(now());
        let before = disabled.clone();
        assert!(disabled.redeem(ada(), euros(1), now()).is_err());
        assert_eq!(disabled, before);
    }

    #[test]
    fn a_card_is_whole_until_something_is_taken_from_it_and_of_no_use_once_it_was_taken_back() {
        let mut card = GiftCard::issue(new(5_000, None), now()).unwrap();
        assert!(card.is_whole(euros(5_000)));
        assert!(!card.is_whole(euros(4_999)), "an order has, or holds, some of it");
        let mut redeemed = card.clone();
        redeemed.redeem(UserId::new(Uuid::from_u128(2)), euros(5_000), now()).unwrap();
        assert!(!redeemed.is_whole(euros(5_000)));
        card.voided_at = Some(now());
        assert!(!card.is_whole(euros(5_000)), "it is taken back once");
        card.enable(now());
        assert_eq!(card.status(euros(0), now()), GiftCardStatus::Disabled, "and never enabled again");
        assert_eq!(card.usable(euros(0), now()), Err(UseRefusal::Disabled));
    }
}
