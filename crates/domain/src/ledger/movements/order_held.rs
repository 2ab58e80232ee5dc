//! An order takes balance and gift cards into its hold, until its payment has succeeded or failed.

use crate::kernel::{GiftCardId, Money, OrderId, UserId};
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, MovementKind, Posting, PostingError, Subject};

/// What an order takes, or gives back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Held {
    /// From the customer's balance.
    pub balance: Option<(UserId, Money)>,
    /// From gift cards.
    pub gift_cards: Vec<(GiftCardId, Money)>,
}

/// The first of the two phases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderHeld {
    /// The order.
    pub order: OrderId,
    /// How many of its tenders were held before.
    pub before: usize,
    /// What it takes.
    pub held: Held,
}

impl OrderHeld {
    /// From balance and cards to the order's hold, once for each tender. An account that has too little refuses.
    ///
    /// # Errors
    /// When nothing moves, or currencies mix.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let hold = Account::OrderHold(self.order);
        let subject = Subject::Order(self.order);
        let reference = match self.before {
            0 => format!("{subject}:held"),
            before => format!("{subject}:held:{before}"),
        };
        let mut draft = Draft::new(MovementKind::OrderHeld, subject, reference)
            .about(About { order: Some(self.order), ..About::default() });
        if let Some((user, amount)) = self.held.balance {
            draft = draft.debit_shown(Account::StoreBalance(user), amount, Some(user))?.credit(hold, amount)?;
        }
        for (card, amount) in &self.held.gift_cards {
            draft = draft.debit(Account::GiftCard(*card), *amount)?.credit(hold, *amount)?;
        }
        draft.balanced()
    }
}
