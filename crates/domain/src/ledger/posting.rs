//! A transaction before it is stored: what moves, from where to where, and under which name. It can only be built balanced.

use super::Account;
use crate::kernel::{Currency, GiftCardId, Money, MoneyError, OrderId, PaymentId, UserId};
use std::collections::BTreeMap;
use std::fmt;

crate::named! {
    /// What happened.
    #[derive(Hash)]
    pub enum MovementKind {
        /// A customer paid into their store balance.
        TopUp = "top_up",
        /// An order took balance and gift cards into its hold.
        OrderHeld = "order_held",
        /// An order was paid.
        OrderPaid = "order_paid",
        /// An order that ended unpaid gave back what it held.
        OrderHoldReleased = "order_hold_released",
        /// A gift card was given away.
        GiftCardIssued = "gift_card_issued",
        /// A gift card was bought.
        GiftCardSold = "gift_card_sold",
        /// A gift card that was bought was taken back.
        GiftCardVoided = "gift_card_voided",
        /// A gift card's value went into a store balance.
        GiftCardRedeemed = "gift_card_redeemed",
        /// A gift card's time was over.
        GiftCardExpired = "gift_card_expired",
        /// Money went back to a customer.
        Refund = "refund",
        /// A refund's card part did not arrive.
        RefundFailed = "refund_failed",
        /// A bank took money back for its customer.
        Dispute = "dispute",
        /// The bank gave it again.
        DisputeWon = "dispute_won",
        /// A gateway kept a fee for a dispute.
        DisputeFee = "dispute_fee",
        /// It gave the fee back.
        DisputeFeeReturned = "dispute_fee_returned",
        /// Money was sent to a seller.
        Payout = "payout",
        /// It came back.
        PayoutFailed = "payout_failed",
    }
}

/// Whose history a transaction belongs to: each has a chain of its own, so that no row is touched by every sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// An order's.
    Order(OrderId),
    /// A gift card's.
    GiftCard(GiftCardId),
    /// A user's.
    User(UserId),
}

/// What a transaction is about, for people who look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct About {
    /// The order.
    pub order: Option<OrderId>,
    /// The payment.
    pub payment: Option<PaymentId>,
    /// The gift card.
    pub gift_card: Option<GiftCardId>,
}

/// What one account gets; negative where it gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// The account.
    pub account: Account,
    /// What it gets.
    pub amount: Money,
    /// In whose list of movements it stands.
    pub shown_to: Option<UserId>,
}

/// A balanced transaction: at least two legs of one currency that sum to zero, one for each account, in the accounts' order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    kind: MovementKind,
    subject: Subject,
    reference: String,
    about: About,
    legs: Vec<Leg>,
}

/// Why there is no posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostingError {
    /// The currencies differ, or a sum overflows.
    #[error(transparent)]
    Amount(#[from] MoneyError),
    /// The legs don't sum to zero.
    #[error("the legs are off by {0}")]
    Unbalanced(Money),
    /// Nothing would move.
    #[error("nothing moves")]
    Nothing,
    /// What moves is told as a positive amount.
    #[error("{0} can't be moved")]
    Negative(Money),
    /// There is a discount, and nothing to take it off.
    #[error("there is nothing to share {0} by")]
    NoShares(Money),
}

impl Posting {
    /// What happened.
    #[must_use]
    pub const fn kind(&self) -> MovementKind {
        self.kind
    }

    /// Whose chain it belongs to.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        self.subject
    }

    /// Its name, unique for ever: what has it is posted once.
    #[must_use]
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// What it is about.
    #[must_use]
    pub const fn about(&self) -> About {
        self.about
    }

    /// Its legs, in the order in which their accounts are locked.
    #[must_use]
    pub fn legs(&self) -> &[Leg] {
        &self.legs
    }
}

/// `order:019a...`: the chain's name, and the beginning of references.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order(id) => write!(f, "order:{id}"),
            Self::GiftCard(id) => write!(f, "gift-card:{id}"),
            Self::User(id) => write!(f, "user:{id}"),
        }
    }
}

/// A posting in the making. Only movements make one.
pub(super) struct Draft {
    kind: MovementKind,
    subject: Subject,
    reference: String,
    about: About,
    legs: Vec<Leg>,
}

impl Draft {
    pub(super) fn new(kind: MovementKind, subject: Subject, reference: String) -> Self {
        Self { kind, subject, reference, about: About::default(), legs: Vec::new() }
    }

    pub(super) const fn about(mut self, about: About) -> Self {
        self.about = about;
        self
    }

    /// The account gets this.
    pub(super) fn credit(self, account: Account, amount: Money) -> Result<Self, PostingError> {
        self.leg(account, amount, false, None)
    }

    /// The same, and someone sees it among their movements.
    pub(super) fn credit_shown(
        self,
        account: Account,
        amount: Money,
        to: Option<UserId>,
    ) -> Result<Self, PostingError> {
        self.leg(account, amount, false, to)
    }

    /// The account gives this.
    pub(super) fn debit(self, account: Account, amount: Money) -> Result<Self, PostingError> {
        self.leg(account, amount, true, None)
    }

    /// The same, and someone sees it among their movements.
    pub(super) fn debit_shown(self, account: Account, amount: Money, to: Option<UserId>) -> Result<Self, PostingError> {
        self.leg(account, amount, true, to)
    }

    fn leg(
        mut self,
        account: Account,
        amount: Money,
        gives: bool,
        shown_to: Option<UserId>,
    ) -> Result<Self, PostingError> {
        if amount.amount() < 0 {
            return Err(PostingError::Negative(amount));
        }
        let amount = if gives { amount.negated()? } else { amount };
        self.legs.push(Leg { account, amount, shown_to });
        Ok(self)
    }

    /// The posting, if its legs are of one currency and sum to zero. Legs of one account become one; those of nothing go.
    ///
    /// # Errors
    /// [`PostingError`].
    pub(super) fn balanced(self) -> Result<Posting, PostingError> {
        let mut by_account: BTreeMap<Account, Leg> = BTreeMap::new();
        for leg in self.legs {
            match by_account.get_mut(&leg.account) {
                Some(there) => {
                    there.amount = there.amount.plus(leg.amount)?;
                    there.shown_to = there.shown_to.or(leg.shown_to);
                }
                None => {
                    by_account.insert(leg.account, leg);
                }
            }
        }
        let currency = by_account.values().next().map_or(Currency::EUR, |leg| leg.amount.currency());
        let off = Money::sum(currency, by_account.values().map(|leg| leg.amount))?;
        if off.amount() != 0 {
            return Err(PostingError::Unbalanced(off));
        }
        let legs: Vec<Leg> = by_account.into_values().filter(|leg| leg.amount.amount() != 0).collect();
        if legs.is_empty() {
            return Err(PostingError::Nothing);
        }
        let Self { kind, subject, reference, about, .. } = self;
        Ok(Posting { kind, subject, reference, about, legs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn draft() -> Draft {
        let user = UserId::new(Uuid::nil());
        Draft::new(MovementKind::TopUp, Subject::User(user), "payment:1:captured".to_owned())
    }

    fn account(number: u8) -> Account {
        let id = Uuid::from_u128(u128::from(number / 11));
        match number % 11 {
            0 => Account::GiftCard(GiftCardId::new(id)),
            1 => Account::OrderHold(OrderId::new(id)),
            2 => Account::StoreBalance(UserId::new(id)),
            3 => Account::Seller(UserId::new(id)),
            4 => Account::Clearing,
            5 => Account::PlatformFees,
            6 => Account::Tax,
            7 => Account::Shipping,
            8 => Account::GiftCardsGranted,
            9 => Account::Breakage,
            _ => Account::Payouts,
        }
    }

    fn currencies() -> impl Strategy<Value = Currency> {
        prop::sample::select(vec!["JPY", "EUR", "KWD"]).prop_map(|code| Currency::parse(code).unwrap())
    }

    fn built(legs: &[(u8, Money)]) -> Result<Posting, PostingError> {
        let add = |draft: Draft, (number, amount): &(u8, Money)| match amount.amount() {
            0.. => draft.credit(account(*number), *amount),
            _ => draft.debit(account(*number), amount.negated()?),
        };
        legs.iter().try_fold(draft(), add)?.balanced()
    }

    #[test]
    fn every_kind_is_known_by_its_name() {
        assert!(MovementKind::ALL.iter().all(|kind| MovementKind::parse(kind.name()) == Some(*kind)));
        assert_eq!(MovementKind::parse("theft"), None);
    }

    #[test]
    fn legs_that_do_not_sum_to_zero_are_no_posting() {
        let euro = |amount| Money::new(amount, Currency::EUR);
        assert_eq!(built(&[(4, euro(-5)), (2, euro(4))]), Err(PostingError::Unbalanced(euro(-1))));
        assert_eq!(built(&[]), Err(PostingError::Nothing));
        assert_eq!(built(&[(4, euro(-5)), (4, euro(5))]), Err(PostingError::Nothing));
        let negative = draft().credit(Account::Clearing, euro(-1)).err();
        assert_eq!(negative, Some(PostingError::Negative(euro(-1))));
    }

    proptest! {
        #[test]
        fn what_is_built_sums_to_zero_in_one_currency_with_one_leg_an_account(
            legs in prop::collection::vec((0_u8..33, -1_000_000_i64..1_000_000), 0..12),
            currency in currencies(),
        ) {
            let mut legs: Vec<_> = legs.into_iter().map(|(n, amount)| (n, Money::new(amount, currency))).collect();
            let off = Money::sum(currency, legs.iter().map(|(_, amount)| *amount)).unwrap();
            prop_assert!(off.amount() == 0 || built(&legs) == Err(PostingError::Unbalanced(off)));
            legs.push((4, off.negated().unwrap()));
            match built(&legs) {
                Err(refused) => prop_assert_eq!(refused, PostingError::Nothing),
                Ok(posting) => {
                    let sum: i64 = posting.legs().iter().map(|leg| leg.amount.amount()).sum();
                    prop_assert_eq!(sum, 0);
                    prop_assert!(posting.legs().len() >= 2);
                    prop_assert!(posting.legs().iter().all(|leg| leg.amount.amount() != 0 && leg.amount.currency() == currency));
                    prop_assert!(posting.legs().is_sorted_by(|a, b| a.account < b.account));
                }
            }
        }

        #[test]
        fn currencies_never_mix(one in currencies(), other in currencies(), amount in 1_i64..1_000_000) {
            prop_assume!(one != other);
            let mixed = built(&[(4, Money::new(-amount, one)), (2, Money::new(amount, other))]);
            prop_assert_eq!(mixed, Err(PostingError::Amount(MoneyError::CurrencyMismatch)));
        }
    }
}
