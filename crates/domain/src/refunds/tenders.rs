//! What an order was paid by, and how a refund goes back to it: to whatever was taken first, first.

use crate::kernel::{GiftCardId, Money, MoneyError, UserId};

/// Where money came from, or goes back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenderKind {
    /// A gift card.
    GiftCard(GiftCardId),
    /// Someone's store balance.
    Balance(UserId),
    /// A card, by the gateway.
    Card,
}

/// What an order took of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderTender {
    /// Its place among those that the order took from.
    pub position: u32,
    /// Of what.
    pub kind: TenderKind,
    /// How much.
    pub amount: Money,
}

/// What goes back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundTender {
    /// The place of what the order took from.
    pub position: u32,
    /// Where it goes: there, or where its owner can use it.
    pub kind: TenderKind,
    /// How much.
    pub amount: Money,
}

/// Fills up what is left to give back, in the order in which it was taken; `None` when there is not as much.
///
/// # Errors
/// When currencies mix.
pub fn fill(amount: Money, left: &[OrderTender]) -> Result<Option<Vec<RefundTender>>, MoneyError> {
    let mut rest = amount;
    let mut filled = Vec::new();
    for OrderTender { position, kind, amount: left } in left {
        let part = if rest.amount() < left.amount() { rest } else { *left };
        rest = rest.minus(part)?;
        if part.is_positive() {
            filled.push(RefundTender { position: *position, kind: *kind, amount: part });
        }
    }
    Ok((rest.amount() == 0).then_some(filled))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Currency;
    use uuid::Uuid;

    fn eur(amount: i64) -> Money {
        Money::new(amount, Currency::EUR)
    }

    fn left() -> [OrderTender; 3] {
        let card = TenderKind::GiftCard(GiftCardId::new(Uuid::from_u128(1)));
        let balance = TenderKind::Balance(UserId::new(Uuid::from_u128(2)));
        let tender = |position, kind, amount| OrderTender { position, kind, amount: eur(amount) };
        [tender(0, card, 100), tender(1, balance, 0), tender(2, TenderKind::Card, 50)]
    }

    #[test]
    fn what_was_taken_first_is_filled_first() {
        let amounts = |amount| {
            let filled = fill(eur(amount), &left()).unwrap()?;
            Some(filled.iter().map(|one| (one.position, one.amount.amount())).collect::<Vec<_>>())
        };
        assert_eq!(amounts(99), Some(vec![(0, 99)]));
        assert_eq!(amounts(101), Some(vec![(0, 100), (2, 1)]));
        assert_eq!(amounts(150), Some(vec![(0, 100), (2, 50)]));
        assert_eq!(amounts(151), None, "never more than was paid");
        assert_eq!(amounts(0), Some(vec![]));
    }
}
