//! A gift card that was bought is taken back untouched, since its price goes back to who bought it.

use crate::kernel::{GiftCardId, Money, OrderId, UserId};
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, MovementKind, Posting, PostingError, Subject};

/// Who sold it owes its value no more; from what they have so again, the refund takes its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiftCardVoided {
    /// The card.
    pub gift_card: GiftCardId,
    /// The order of which it was a line.
    pub order: OrderId,
    /// Who sold it.
    pub seller: UserId,
    /// Its value, all of which is on it.
    pub value: Money,
}

impl GiftCardVoided {
    /// From the card to the seller's earnings, once for each card.
    ///
    /// # Errors
    /// When nothing moves.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let subject = Subject::GiftCard(self.gift_card);
        Draft::new(MovementKind::GiftCardVoided, subject, format!("{subject}:voided"))
            .about(About { gift_card: Some(self.gift_card), order: Some(self.order), payment: None })
            .debit(Account::GiftCard(self.gift_card), self.value)?
            .credit_shown(Account::Seller(self.seller), self.value, Some(self.seller))?
            .balanced()
    }
}
