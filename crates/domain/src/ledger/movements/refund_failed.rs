//! The card's part of a refund did not arrive: it came back from the gateway, and those who gave it get it again.

use super::TakenFrom;
use crate::kernel::{Money, OrderId, PaymentId, RefundId, UserId};
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, MovementKind, Posting, PostingError, Subject};

/// A refund whose card part came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundFailed {
    /// The refund.
    pub id: RefundId,
    /// The order.
    pub order: OrderId,
    /// The payment that it would have gone back to.
    pub payment: Option<PaymentId>,
    /// The customer; `None` for a guest.
    pub customer: Option<UserId>,
    /// How much came back.
    pub card: Money,
    /// To whom.
    pub to: TakenFrom,
}

impl RefundFailed {
    /// From the gateway to those who gave it, once for each refund.
    ///
    /// # Errors
    /// When both sides differ, or currencies mix.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let subject = Subject::Order(self.order);
        let reference = format!("{subject}:refund-failed:{}", self.id);
        let draft = Draft::new(MovementKind::RefundFailed, subject, reference)
            .about(About { order: Some(self.order), payment: self.payment, gift_card: None })
            .debit_shown(Account::Clearing, self.card, self.customer)?;
        self.to.get(draft)?.balanced()
    }
}
