//! What was paid into a balance goes back to the card, and may come back from there.

use crate::kernel::{Money, PaymentId, RefundId, UserId};
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, MovementKind, Posting, PostingError, Subject};

/// A refund of a top-up, whole or partial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUpRefunded {
    /// The refund.
    pub id: RefundId,
    /// The payment that it goes back to.
    pub payment: PaymentId,
    /// Whose balance it is.
    pub user: UserId,
    /// How much.
    pub amount: Money,
}

impl TopUpRefunded {
    /// From the balance to the gateway, once for each refund.
    ///
    /// # Errors
    /// When nothing moves.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        self.draft(MovementKind::Refund, "refunded")
            .credit(Account::Clearing, self.amount)?
            .debit_shown(Account::StoreBalance(self.user), self.amount, Some(self.user))?
            .balanced()
    }

    fn draft(&self, kind: MovementKind, what: &str) -> Draft {
        let subject = Subject::User(self.user);
        Draft::new(kind, subject, format!("{subject}:{what}:{}", self.id))
            .about(About { payment: Some(self.payment), ..About::default() })
    }
}

/// Such a refund that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUpRefundFailed(pub TopUpRefunded);

impl TopUpRefundFailed {
    /// From the gateway to the balance again, once for each refund.
    ///
    /// # Errors
    /// When nothing moves.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let Self(refund) = self;
        refund
            .draft(MovementKind::RefundFailed, "refund-failed")
            .debit(Account::Clearing, refund.amount)?
            .credit_shown(Account::StoreBalance(refund.user), refund.amount, Some(refund.user))?
            .balanced()
    }
}
