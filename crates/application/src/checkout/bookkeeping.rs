//! The step by which the ledger learns of a paid order: everything is told from the order's own snapshot, so that a later
//! change of a product or a seller changes no earnings.

use domain::kernel::{Money, MoneyError};
use domain::ledger::movements::{OrderPaid, SoldLine};
use domain::orders::{Order, OrderLine};
use domain::payments::Payment;

/// What moves when this payment pays this order: what the card did not bring, the order holds.
///
/// # Errors
/// When order and payment have several currencies.
pub fn paid(order: &Order, payment: &Payment) -> Result<OrderPaid, MoneyError> {
    let held: Money = order.total.minus(payment.amount)?;
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
    use crate::tests::{eur, order, payment};
    use domain::ledger::{Account, FeeRate};

    #[test]
    fn what_a_card_brought_is_earned_by_the_sellers_of_the_lines() {
        let posting = paid(&order(), &payment()).unwrap().posting(FeeRate::basis_points(1_000).unwrap()).unwrap();
        let amounts: Vec<_> = posting.legs().iter().map(|leg| leg.amount).collect();
        assert_eq!(amounts, [eur(9_000), eur(9_000), eur(-20_000), eur(2_000)]);
    }

    #[test]
    fn what_the_card_did_not_bring_the_order_holds() {
        let part = Payment { amount: eur(15_000), ..payment() };
        let posting = paid(&order(), &part).unwrap().posting(FeeRate::NONE).unwrap();
        let hold = posting.legs().iter().find(|leg| leg.account == Account::OrderHold(order().id)).unwrap();
        assert_eq!(hold.amount, eur(-5_000));
    }
}
