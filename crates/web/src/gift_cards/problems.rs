//! What the use cases of gift cards refuse, as problems.

use crate::problem::{Problem, registry};
use application::gift_cards::check::CheckGiftCardError;
use application::gift_cards::issue::{IssueGiftCardsError, MOST_AT_ONCE};
use application::gift_cards::redeem::RedeemGiftCardError;
use chrono::{DateTime, Utc};
use domain::gift_cards::{IssueRefusal, UseRefusal};

/// A code is waited for until this moment.
pub(crate) struct Waiting {
    pub until: DateTime<Utc>,
    pub now: DateTime<Utc>,
}

impl From<Waiting> for Problem {
    fn from(Waiting { until, now }: Waiting) -> Self {
        let seconds = u32::try_from((until - now).num_seconds()).unwrap_or(0).saturating_add(1);
        Self::new(&registry::TOO_MANY_ATTEMPTS).retry_after(seconds)
    }
}

/// Why a code tells nothing, at this moment.
pub(super) fn of_check(error: CheckGiftCardError, now: DateTime<Utc>) -> Problem {
    match error {
        CheckGiftCardError::NotFound => Problem::new(&registry::GIFT_CARD_NOT_FOUND),
        CheckGiftCardError::TooManyAttempts { until } => Waiting { until, now }.into(),
        CheckGiftCardError::Repository(error) => error.into(),
    }
}

/// Why a card is not redeemed, at this moment.
pub(super) fn of_redemption(error: RedeemGiftCardError, now: DateTime<Utc>) -> Problem {
    match error {
        RedeemGiftCardError::NotFound => Problem::new(&registry::GIFT_CARD_NOT_FOUND),
        RedeemGiftCardError::TooManyAttempts { until } => Waiting { until, now }.into(),
        RedeemGiftCardError::Refused(refusal) => refusal.into(),
        RedeemGiftCardError::Repository(error) => error.into(),
    }
}

impl From<UseRefusal> for Problem {
    fn from(refusal: UseRefusal) -> Self {
        match refusal {
            UseRefusal::Redeemed => Self::new(&registry::GIFT_CARD_ALREADY_REDEEMED),
            UseRefusal::Expired => Self::new(&registry::GIFT_CARD_EXPIRED),
            UseRefusal::Disabled => Self::new(&registry::GIFT_CARD_DISABLED),
        }
    }
}

impl From<IssueGiftCardsError> for Problem {
    fn from(error: IssueGiftCardsError) -> Self {
        match error {
            IssueGiftCardsError::Refused(IssueRefusal::NoValue) => {
                Self::invalid_field("/value/amount", "out-of-range", "must be more than nothing")
            }
            IssueGiftCardsError::Refused(IssueRefusal::Expired) => {
                Self::invalid_field("/expires_at", "past", "must be in the future")
            }
            IssueGiftCardsError::Quantity => {
                Self::invalid_field("/quantity", "out-of-range", &format!("must be between 1 and {MOST_AT_ONCE}"))
            }
            IssueGiftCardsError::Repository(error) => error.into(),
        }
    }
}
