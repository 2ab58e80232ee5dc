//! A gift card is given away.

use crate::kernel::{GiftCardId, Money};
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, MovementKind, Posting, PostingError, Subject};

/// The shop promises a value for which nobody paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiftCardIssued {
    /// The card.
    pub gift_card: GiftCardId,
    /// Its value.
    pub value: Money,
}

impl GiftCardIssued {
    /// From the shop's expense to the card, once for each card.
    ///
    /// # Errors
    /// When nothing moves.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let subject = Subject::GiftCard(self.gift_card);
        Draft::new(MovementKind::GiftCardIssued, subject, format!("{subject}:issued"))
            .about(About { gift_card: Some(self.gift_card), ..About::default() })
            .debit(Account::GiftCardsGranted, self.value)?
            .credit(Account::GiftCard(self.gift_card), self.value)?
            .balanced()
    }
}
