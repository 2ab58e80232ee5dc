//! Money goes back to a customer. How much goes where is the order's rule, not the ledger's; here it must only add up.

use crate::kernel::{GiftCardId, Money, OrderId, PaymentId, RefundId, UserId};
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, MovementKind, Posting, PostingError, Subject};

/// Where the money goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundedTo {
    /// Back to the card.
    pub card: Money,
    /// Back to gift cards.
    pub gift_cards: Vec<(GiftCardId, Money)>,
    /// To store balances.
    pub balances: Vec<(UserId, Money)>,
}

/// Who gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenFrom {
    /// Sellers, of what they earned.
    pub sellers: Vec<(UserId, Money)>,
    /// The platform, of its fee.
    pub fee: Money,
    /// Tax that is not due any more.
    pub tax: Money,
    /// What delivery cost.
    pub shipping: Money,
}

/// One refund of an order, whole or partial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// The refund.
    pub id: RefundId,
    /// The order.
    pub order: OrderId,
    /// The payment that it goes back to.
    pub payment: Option<PaymentId>,
    /// The customer; `None` for a guest.
    pub customer: Option<UserId>,
    /// Where the money goes.
    pub to: RefundedTo,
    /// Who gives it.
    pub from: TakenFrom,
}

impl Refund {
    /// From those who earned to those who paid, once for each refund.
    ///
    /// # Errors
    /// When both sides differ, or currencies mix.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let subject = Subject::Order(self.order);
        let mut draft = Draft::new(MovementKind::Refund, subject, format!("{subject}:refunded:{}", self.id))
            .about(About { order: Some(self.order), payment: self.payment, gift_card: None })
            .credit_shown(Account::Clearing, self.to.card, self.customer)?;
        for (card, amount) in &self.to.gift_cards {
            draft = draft.credit(Account::GiftCard(*card), *amount)?;
        }
        for (user, amount) in &self.to.balances {
            draft = draft.credit_shown(Account::StoreBalance(*user), *amount, Some(*user))?;
        }
        self.from.give(draft)?.balanced()
    }
}

impl TakenFrom {
    /// They give what they had earned.
    pub(super) fn give(&self, draft: Draft) -> Result<Draft, PostingError> {
        let mut draft = draft
            .debit(Account::PlatformFees, self.fee)?
            .debit(Account::Tax, self.tax)?
            .debit(Account::Shipping, self.shipping)?;
        for (seller, amount) in &self.sellers {
            draft = draft.debit_shown(Account::Seller(*seller), *amount, Some(*seller))?;
        }
        Ok(draft)
    }

    /// They get it again.
    pub(super) fn get(&self, draft: Draft) -> Result<Draft, PostingError> {
        let mut draft = draft
            .credit(Account::PlatformFees, self.fee)?
            .credit(Account::Tax, self.tax)?
            .credit(Account::Shipping, self.shipping)?;
        for (seller, amount) in &self.sellers {
            draft = draft.credit_shown(Account::Seller(*seller), *amount, Some(*seller))?;
        }
        Ok(draft)
    }
}
