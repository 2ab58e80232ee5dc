//! An order that ended unpaid gives back what it held.

use super::Held;
use crate::kernel::{Money, OrderId, UserId};
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, MovementKind, Posting, PostingError, Subject};

/// The second phase, where the payment failed or never came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderHoldReleased {
    /// The order.
    pub order: OrderId,
    /// What it held.
    pub held: Held,
    /// What it held of gift cards that were redeemed meanwhile, and who has the rest of them: a card that is redeemed takes
    /// nothing back.
    pub redeemed: Vec<(UserId, Money)>,
}

impl OrderHoldReleased {
    /// From the hold back to where it came from, once for each order. What was spent already can't be given back: the hold
    /// has a floor.
    ///
    /// # Errors
    /// When nothing moves, or currencies mix.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let hold = Account::OrderHold(self.order);
        let subject = Subject::Order(self.order);
        let mut draft = Draft::new(MovementKind::OrderHoldReleased, subject, format!("{subject}:released"))
            .about(About { order: Some(self.order), ..About::default() });
        if let Some((user, amount)) = self.held.balance {
            draft = draft.debit(hold, amount)?.credit_shown(Account::StoreBalance(user), amount, Some(user))?;
        }
        for (user, amount) in &self.redeemed {
            draft = draft.debit(hold, *amount)?.credit_shown(Account::StoreBalance(*user), *amount, Some(*user))?;
        }
        for (card, amount) in &self.held.gift_cards {
            draft = draft.debit(hold, *amount)?.credit(Account::GiftCard(*card), *amount)?;
        }
        draft.balanced()
    }
}
