//! What was sent to a seller came back: they are owed it again.

use super::Payout;
use crate::ledger::posting::Draft;
use crate::ledger::{Account, MovementKind, Posting, PostingError, Subject};

/// A payout that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutFailed(pub Payout);

impl PayoutFailed {
    /// From what was paid out to the seller's earnings, once for each payout.
    ///
    /// # Errors
    /// When nothing moves.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let Payout { id, seller, amount } = &self.0;
        let subject = Subject::User(*seller);
        Draft::new(MovementKind::PayoutFailed, subject, format!("{subject}:payout-failed:{id}"))
            .credit_shown(Account::Seller(*seller), *amount, Some(*seller))?
            .debit(Account::Payouts, *amount)?
            .balanced()
    }
}
