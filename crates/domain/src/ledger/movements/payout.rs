//! A seller gets what they are owed.

use crate::kernel::{Money, PayoutId, UserId};
use crate::ledger::posting::Draft;
use crate::ledger::{Account, MovementKind, Posting, PostingError, Subject};

/// Money is sent to a seller's bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    /// The payout.
    pub id: PayoutId,
    /// The seller.
    pub seller: UserId,
    /// How much.
    pub amount: Money,
}

impl Payout {
    /// From the seller's earnings to what was paid out, once for each payout.
    ///
    /// # Errors
    /// When nothing moves.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let subject = Subject::User(self.seller);
        Draft::new(MovementKind::Payout, subject, format!("{subject}:paid-out:{}", self.id))
            .debit_shown(Account::Seller(self.seller), self.amount, Some(self.seller))?
            .credit(Account::Payouts, self.amount)?
            .balanced()
    }
}
