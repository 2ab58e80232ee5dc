//! A gift card that was a line of a paid order gets its value.

use crate::kernel::{GiftCardId, Money, OrderId, UserId};
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, MovementKind, Posting, PostingError, Subject};

/// Who sold it earned its price when the order was paid, and owes its value to whoever has the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiftCardSold {
    /// The card.
    pub gift_card: GiftCardId,
    /// The order of which it was a line.
    pub order: OrderId,
    /// Who sold it.
    pub seller: UserId,
    /// Its value.
    pub value: Money,
}

impl GiftCardSold {
    /// From the seller's earnings to the card, once for each card.
    ///
    /// # Errors
    /// When nothing moves.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let subject = Subject::GiftCard(self.gift_card);
        Draft::new(MovementKind::GiftCardSold, subject, format!("{subject}:sold"))
            .about(About { gift_card: Some(self.gift_card), order: Some(self.order), payment: None })
            .debit_shown(Account::Seller(self.seller), self.value, Some(self.seller))?
            .credit(Account::GiftCard(self.gift_card), self.value)?
            .balanced()
    }
}
