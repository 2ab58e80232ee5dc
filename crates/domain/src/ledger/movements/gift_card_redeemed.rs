//! A gift card's value goes into a store balance.

use crate::kernel::{GiftCardId, Money, UserId};
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, MovementKind, Posting, PostingError, Subject};

/// A customer takes what is on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiftCardRedeemed {
    /// The card.
    pub gift_card: GiftCardId,
    /// Whose balance it becomes.
    pub user: UserId,
    /// What is on the card.
    pub value: Money,
}

impl GiftCardRedeemed {
    /// From the card to the balance, once for each card.
    ///
    /// # Errors
    /// When nothing moves.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let subject = Subject::GiftCard(self.gift_card);
        Draft::new(MovementKind::GiftCardRedeemed, subject, format!("{subject}:redeemed"))
            .about(About { gift_card: Some(self.gift_card), ..About::default() })
            .debit(Account::GiftCard(self.gift_card), self.value)?
            .credit_shown(Account::StoreBalance(self.user), self.value, Some(self.user))?
            .balanced()
    }
}
