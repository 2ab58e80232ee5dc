//! The step by which the ledger learns of a paid order: everything is told from the order's own snapshot, so that a later
//! change of a product or a seller changes no earnings.

use domain::kernel::{Money, MoneyError};
use domain::ledger::movements::{Held, OrderPaid, SoldLine};
use domain::orders::{Order, OrderLine, Tender, TenderSource};
use domain::payments::Payment;

/// What was taken of a customer's balance and of gift cards.
///
/// # Errors
/// When a sum overflows.
pub fn held(tenders: &[Tender]) -> Result<Held, MoneyError> {
    let mut held = Held::default();
    for tender in tenders {
        match tender.source {
            TenderSource::GiftCard { id, .. } => held.gift_cards.push((id, tender.amount)),
            TenderSource::Balance(user) => {
                let before = held.balance.map_or(Money::zero(tender.amount.currency()), |(_, amount)| amount);
                held.balance = Some((user, before.plus(tender.amount)?));
            }
        }
    }
    Ok(held)
}

/// What moves when this payment pays this order, together with what the order holds.
///
/// # Errors
/// When order and payment have several currencies.
pub fn paid(order: &Order, payment: &Payment) -> Result<OrderPaid, MoneyError> {
    let held = order.taken()?;
    let line = |line: &OrderLine| SoldLine { seller: line.seller.id, total: line.total, fee_free: line.gift.is_some() };
    Ok(OrderPaid {
        order: order.id,
        payment: Some(payment.id),
        customer: order.user_id,
        lines: order.lines.iter().map(line).collect(),
        discount: order.discount,
        shipping: order.shipping,
        tax: order.tax,
        card: payment.amount,
        held,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{eur, order, payment, uuid};
    use domain::kernel::{GiftCardId, UserId};
    use domain::ledger::{Account, FeeRate};

    #[test]
    fn what_a_card_brought_is_earned_by_the_sellers_of_the_lines() {
        let posting = paid(&order(), &payment()).unwrap().posting(FeeRate::basis_points(1_000).unwrap()).unwrap();
        let amounts: Vec<_> = posting.legs().iter().map(|leg| leg.amount).collect();
        assert_eq!(amounts, [eur(9_000), eur(9_000), eur(-20_000), eur(2_000)]);
    }

    fn balance(amount: i64) -> Tender {
        Tender { source: TenderSource::Balance(UserId::new(uuid(1))), amount: eur(amount) }
    }

    #[test]
    fn what_the_card_did_not_bring_the_order_holds() {
        let part = Payment { amount: eur(15_000), ..payment() };
        let order = Order { tenders: vec![balance(5_000)], ..order() };
        let posting = paid(&order, &part).unwrap().posting(FeeRate::NONE).unwrap();
        let hold = posting.legs().iter().find(|leg| leg.account == Account::OrderHold(order.id)).unwrap();
        assert_eq!(hold.amount, eur(-5_000));
        let short = Payment { amount: eur(14_999), ..payment() };
        assert!(paid(&order, &short).unwrap().posting(FeeRate::NONE).is_err(), "a cent is missing");
    }

    #[test]
    fn what_was_taken_is_told_by_where_it_came_from() {
        let card = Tender {
            source: TenderSource::GiftCard { id: GiftCardId::new(uuid(2)), last4: "YZ01".to_owned() },
            amount: eur(7),
        };
        let held = held(&[card, balance(5), balance(4)]).unwrap();
        assert_eq!(held.gift_cards, [(GiftCardId::new(uuid(2)), eur(7))]);
        assert_eq!(held.balance, Some((UserId::new(uuid(1)), eur(9))));
    }
}
