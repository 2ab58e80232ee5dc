//! A bank takes back what its customer has paid into their balance, since they dispute it. The balance gives what it still holds; what
//! was spent is the platform's loss.

use crate::kernel::{Money, PaymentId, RefundId, UserId};
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, MovementKind, Posting, PostingError, Subject};

/// A dispute of a top-up that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUpDisputed {
    /// Our id for it.
    pub id: RefundId,
    /// The payment.
    pub payment: PaymentId,
    /// Whose balance it is.
    pub user: UserId,
    /// How much the bank took.
    pub amount: Money,
    /// What of it the balance gives.
    pub taken: Money,
}

impl TopUpDisputed {
    /// From balance and platform to the gateway, once for each dispute.
    ///
    /// # Errors
    /// When the balance gives more than is taken, or nothing moves.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let Self { user, amount, taken, .. } = self;
        self.draft(MovementKind::Dispute, "disputed")
            .credit(Account::Clearing, *amount)?
            .debit_shown(Account::StoreBalance(*user), *taken, Some(*user))?
            .debit(Account::PlatformFees, amount.minus(*taken)?)?
            .balanced()
    }

    fn draft(&self, kind: MovementKind, what: &str) -> Draft {
        let subject = Subject::User(self.user);
        Draft::new(kind, subject, format!("{subject}:{what}:{}", self.id))
            .about(About { payment: Some(self.payment), ..About::default() })
    }
}

/// Such a dispute that was won: what it had taken, the other way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUpDisputeWon(pub TopUpDisputed);

impl TopUpDisputeWon {
    /// From the gateway to balance and platform, once for each dispute.
    ///
    /// # Errors
    /// When the balance gets more than came back, or nothing moves.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let Self(dispute) = self;
        let TopUpDisputed { user, amount, taken, .. } = dispute;
        dispute
            .draft(MovementKind::DisputeWon, "dispute-won")
            .debit(Account::Clearing, *amount)?
            .credit_shown(Account::StoreBalance(*user), *taken, Some(*user))?
            .credit(Account::PlatformFees, amount.minus(*taken)?)?
            .balanced()
    }
}
