//! What the use cases of gift cards refuse, as problems.

use crate::problem::{Problem, registry};
use crate::wire::gift::of_day;
use application::gift_cards::batch_desk::{OrderBatchError, TellCodesError};
use application::gift_cards::check::CheckGiftCardError;
use application::gift_cards::issue::{IssueGiftCardsError, MOST_AT_ONCE};
use application::gift_cards::redeem::RedeemGiftCardError;
use application::gift_cards::sell::FollowGiftError;
use application::gift_cards::send_again::SendAgainError;
use chrono::{DateTime, Utc};
use domain::gift_cards::{BatchRefusal, CodesRefusal, GiftCardBatch, IssueRefusal, UseRefusal};

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
            IssueGiftCardsError::Refused(refusal) => refusal.into(),
            IssueGiftCardsError::Quantity => quantity(MOST_AT_ONCE),
            IssueGiftCardsError::Day(refusal) => of_day(refusal, "/deliver_on"),
            IssueGiftCardsError::EndsBefore => {
                Self::invalid_field("/deliver_on", "out-of-range", "must be before the cards end")
            }
            IssueGiftCardsError::Seal(error) => Self::internal(error.to_string()),
            IssueGiftCardsError::Repository(error) => error.into(),
        }
    }
}

impl From<IssueRefusal> for Problem {
    fn from(refusal: IssueRefusal) -> Self {
        match refusal {
            IssueRefusal::NoValue => Self::invalid_field("/value/amount", "out-of-range", "must be more than nothing"),
            IssueRefusal::Expired => Self::invalid_field("/expires_at", "past", "must be in the future"),
        }
    }
}

impl From<OrderBatchError> for Problem {
    fn from(error: OrderBatchError) -> Self {
        match error {
            OrderBatchError::Refused(BatchRefusal::Card(refusal)) => refusal.into(),
            OrderBatchError::Refused(BatchRefusal::Quantity) => quantity(GiftCardBatch::MOST),
            OrderBatchError::Seal(error) => Self::internal(error.to_string()),
            OrderBatchError::Repository(error) => error.into(),
        }
    }
}

impl From<TellCodesError> for Problem {
    fn from(error: TellCodesError) -> Self {
        match error {
            TellCodesError::NotFound => Self::new(&registry::GIFT_CARD_BATCH_NOT_FOUND),
            TellCodesError::Refused(CodesRefusal::NotReady) => {
                Self::new(&registry::GIFT_CARD_BATCH_NOT_READY).retry_after(2)
            }
            TellCodesError::Refused(CodesRefusal::Downloaded) => Self::new(&registry::CODES_ALREADY_DOWNLOADED),
            TellCodesError::Refused(CodesRefusal::Lapsed) => Self::new(&registry::CODES_LAPSED),
            TellCodesError::OtherKey => Self::internal("the codes of a batch do not follow from this shop's key"),
            TellCodesError::Repository(error) => error.into(),
        }
    }
}

impl From<SendAgainError> for Problem {
    fn from(error: SendAgainError) -> Self {
        match error {
            SendAgainError::NotFound => Self::new(&registry::GIFT_DELIVERY_NOT_FOUND),
            SendAgainError::Refused(refusal) => refusal.into(),
            SendAgainError::Seal(error) => Self::internal(error.to_string()),
            SendAgainError::Repository(error) => error.into(),
        }
    }
}

impl From<FollowGiftError> for Problem {
    fn from(error: FollowGiftError) -> Self {
        match error {
            FollowGiftError::OrderNotFound => Self::new(&registry::ORDER_NOT_FOUND),
            FollowGiftError::NotFound => Self::new(&registry::GIFT_CARD_NOT_FOUND),
            FollowGiftError::OnItsWay => Self::new(&registry::GIFT_ON_ITS_WAY),
            FollowGiftError::Repository(error) => error.into(),
        }
    }
}

fn quantity(most: u32) -> Problem {
    Problem::invalid_field("/quantity", "out-of-range", &format!("must be between 1 and {most}"))
}
