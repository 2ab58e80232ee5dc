//! A bank gives back what it took for a dispute: the shop has won it.

use super::Dispute;
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, MovementKind, Posting, PostingError, Subject};

/// A dispute that was won: what it had taken, the other way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeWon(pub Dispute);

impl DisputeWon {
    /// From the gateway to those who gave it, once for each dispute.
    ///
    /// # Errors
    /// When both sides differ, or currencies mix.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let Dispute { id, order, payment, amount, from, excess } = &self.0;
        let subject = Subject::Order(*order);
        let draft = Draft::new(MovementKind::DisputeWon, subject, format!("{subject}:dispute-won:{id}"))
            .about(About { order: Some(*order), payment: Some(*payment), gift_card: None })
            .debit(Account::Clearing, *amount)?
            .credit(Account::PlatformFees, *excess)?;
        from.get(draft)?.balanced()
    }
}
