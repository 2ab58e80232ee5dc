//! A gift card's time is over.

use crate::kernel::{GiftCardId, Money};
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, MovementKind, Posting, PostingError, Subject};

/// The shop keeps what was left on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiftCardExpired {
    /// The card.
    pub gift_card: GiftCardId,
    /// What was left.
    pub left: Money,
    /// How often this happened to the card before: an order that held some of it may have given it back since.
    pub before: u32,
}

impl GiftCardExpired {
    /// From the card to breakage, once for each time.
    ///
    /// # Errors
    /// When nothing moves.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let subject = Subject::GiftCard(self.gift_card);
        let reference = match self.before {
            0 => format!("{subject}:expired"),
            before => format!("{subject}:expired:{before}"),
        };
        Draft::new(MovementKind::GiftCardExpired, subject, reference)
            .about(About { gift_card: Some(self.gift_card), ..About::default() })
            .debit(Account::GiftCard(self.gift_card), self.left)?
            .credit(Account::Breakage, self.left)?
            .balanced()
    }
}
