//! A bank takes a payment back for its customer, who disputes it. Sellers bear it as they bear a refund; what is more than was left
//! of the price, the platform does.

use super::TakenFrom;
use crate::kernel::{Money, OrderId, PaymentId, RefundId};
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, MovementKind, Posting, PostingError, Subject};

/// A dispute that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Our id for it.
    pub id: RefundId,
    /// The order.
    pub order: OrderId,
    /// The payment.
    pub payment: PaymentId,
    /// How much the bank took.
    pub amount: Money,
    /// Who bears it.
    pub from: TakenFrom,
    /// What nobody had earned any more: the platform's loss.
    pub excess: Money,
}

impl Dispute {
    /// From those who earned to the gateway, once for each dispute.
    ///
    /// # Errors
    /// When both sides differ, or currencies mix.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let subject = Subject::Order(self.order);
        let draft = Draft::new(MovementKind::Dispute, subject, format!("{subject}:disputed:{}", self.id))
            .about(About { order: Some(self.order), payment: Some(self.payment), gift_card: None })
            .credit(Account::Clearing, self.amount)?
            .debit(Account::PlatformFees, self.excess)?;
        self.from.give(draft)?.balanced()
    }
}
