//! A customer pays into their store balance.

use crate::kernel::{Money, PaymentId, UserId};
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, MovementKind, Posting, PostingError, Subject};

/// A captured payment becomes balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUp {
    /// The payment.
    pub payment: PaymentId,
    /// Who paid, and whose balance it is.
    pub user: UserId,
    /// How much.
    pub amount: Money,
}

impl TopUp {
    /// From the gateway to the balance, once for each payment.
    ///
    /// # Errors
    /// When nothing moves.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let reference = format!("payment:{}:captured", self.payment);
        Draft::new(MovementKind::TopUp, Subject::User(self.user), reference)
            .about(About { payment: Some(self.payment), ..About::default() })
            .debit(Account::Clearing, self.amount)?
            .credit_shown(Account::StoreBalance(self.user), self.amount, Some(self.user))?
            .balanced()
    }
}
