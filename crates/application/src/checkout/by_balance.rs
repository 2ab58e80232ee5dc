//! The step by which a balance pays what was left of an order for the card, once no card can pay it any more.

use super::settlement::{self, SettlementError};
use super::tenders;
use crate::jobs::Job;
use crate::unit_of_work::UnitOfWork;
use chrono::{DateTime, Utc};
use domain::ledger::{Account, FeeRate};
use domain::orders::{Order, OrderStatus};
use domain::payments::{Payment, PaymentStatus};

/// Takes the whole rest from the balance and sells the order. If there is too little, since it was spent elsewhere at the same
/// moment, the payment is left to the card whose page is over, and a job ends it with its order: here the balance is locked, and
/// stock is locked before balances. Answers where the order stands; the caller, who has locked both, commits.
///
/// # Errors
/// [`SettlementError`]; the caller rolls back.
pub(super) async fn pay(
    tx: &dyn UnitOfWork,
    mut order: Order,
    mut payment: Payment,
    fee: FeeRate,
    now: DateTime<Utc>,
) -> Result<OrderStatus, SettlementError> {
    let customer = payment.purpose.customer().ok_or(SettlementError::NotFound)?;
    let there = tx.ledger().lock_balance(Account::StoreBalance(customer), payment.amount.currency()).await?;
    if payment.amount.minus(there)?.is_positive() {
        payment.leave_to_card(now);
        tx.payments().update(&payment).await?;
        tx.jobs().push(Job::SettlePayment { payment_id: payment.id.uuid() }, now).await?;
        return Ok(order.status);
    }
    let before = order.tenders.len();
    order.take_rest(customer)?;
    payment.settle_from_balance(now);
    order.pay(now).map_err(|order| SettlementError::OrderEnded { payment: PaymentStatus::Captured, order })?;
    tx.payments().update(&payment).await?;
    tx.orders().update(&order).await?;
    tenders::hold(tx, &order, before, now).await?;
    settlement::sold(tx, &order, &payment, fee, now).await?;
    Ok(order.status)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkout::settlement::{Closing, follow};
    use crate::tests::{eur, now, order, payment, session, uuid};
    use crate::unit_of_work::double::UnitOfWorkDouble;
    use crate::webhooks::tests::announces;
    use domain::kernel::{Applied, UserId};
    use domain::ledger::{MovementKind, Posting};
    use domain::orders::{Tender, TenderSource};
    use domain::payments::{GatewayVerdict, Purpose};

    fn ada() -> UserId {
        UserId::new(uuid(1))
    }

    /// An order of 200.00 EUR that has taken 50.00 of the balance, and whose rest is left to it.
    fn unit(there: i64) -> UnitOfWorkDouble {
        let taken = Tender { source: TenderSource::Balance(ada()), amount: eur(5_000) };
        let order = Order { user_id: Some(ada()), tenders: vec![taken], ..order() };
        let purpose = Purpose::Order { order: order.id, customer: Some(ada()) };
        let mut payment = Payment { purpose, amount: eur(15_000), ..payment() };
        payment.submit(session(), now());
        payment.leave_to_balance(now()).unwrap();
        let mut tx = UnitOfWorkDouble::default();
        tx.orders.expect_lock().returning(move |_| Ok(Some(order.clone())));
        tx.payments.expect_lock_of_order().returning(move |_| Ok(Some(payment.clone())));
        tx.ledger.expect_lock_balance().returning(move |_, _| Ok(eur(there)));
        tx
    }

    async fn ends(tx: &UnitOfWorkDouble, verdict: GatewayVerdict, closing: Closing) -> OrderStatus {
        follow(tx, order().id, verdict, closing, FeeRate::NONE, now()).await.unwrap()
    }

    fn posts(tx: &mut UnitOfWorkDouble, kind: MovementKind, reference: String, legs: Vec<(Account, i64)>) {
        let told = move |posting: &Posting, _: &_| {
            let told: Vec<_> = posting.legs().iter().map(|leg| (leg.account, leg.amount.amount())).collect();
            (posting.kind(), posting.reference(), &told) == (kind, reference.as_str(), &legs)
        };
        tx.ledger.expect_post().withf(told).times(1).returning(|_, _| Ok(Applied::Now(())));
    }

    #[tokio::test]
    async fn when_the_page_is_over_without_money_the_balance_pays_the_rest_whoever_closed_it() {
        for (verdict, closing) in [
            (GatewayVerdict::Closed, Closing::Cancelled),
            (GatewayVerdict::Closed, Closing::Expired),
            (GatewayVerdict::Declined, Closing::Cancelled),
        ] {
            let mut tx = unit(15_000);
            let hold = Account::OrderHold(order().id);
            let legs = vec![(hold, 15_000), (Account::StoreBalance(ada()), -15_000)];
            posts(&mut tx, MovementKind::OrderHeld, format!("order:{}:held:1", order().id), legs);
            let seller = Account::Seller(UserId::new(uuid(7)));
            let sold = tx.ledger.expect_post().withf(move |posting, _| {
                posting.kind() == MovementKind::OrderPaid
                    && posting.legs().iter().any(|leg| (leg.account, leg.amount) == (hold, eur(-20_000)))
                    && posting.legs().iter().any(|leg| leg.account == seller)
            });
            sold.times(1).returning(|_, _| Ok(Applied::Now(())));
            let settled = |payment: &Payment| payment.came_from_balance() && payment.amount == eur(0);
            tx.payments.expect_update().withf(settled).times(1).returning(|_| Ok(()));
            let paid = |order: &Order| order.status == OrderStatus::Paid && order.tenders.len() == 2;
            tx.orders.expect_update().withf(paid).times(1).returning(|_| Ok(()));
            announces(&mut tx, &["payment.succeeded", "order.paid"]);
            tx.jobs.expect_push().times(2).returning(|_, _| Ok(()));
            assert_eq!(ends(&tx, verdict, closing).await, OrderStatus::Paid);
        }
    }

    #[tokio::test]
    async fn a_card_that_was_faster_pays_and_the_balance_keeps_its_money() {
        let mut tx = unit(15_000);
        let by_card = |payment: &Payment| !payment.came_from_balance() && payment.amount == eur(15_000);
        tx.payments.expect_update().withf(by_card).times(1).returning(|_| Ok(()));
        tx.orders.expect_update().withf(|order| order.tenders.len() == 1).times(1).returning(|_| Ok(()));
        let sold = tx.ledger.expect_post().withf(|posting, _| posting.kind() == MovementKind::OrderPaid);
        sold.times(1).returning(|_, _| Ok(Applied::Now(())));
        announces(&mut tx, &["payment.succeeded", "order.paid"]);
        tx.jobs.expect_push().times(2).returning(|_, _| Ok(()));
        assert_eq!(ends(&tx, GatewayVerdict::Paid, Closing::Cancelled).await, OrderStatus::Paid);
    }

    #[tokio::test]
    async fn a_balance_that_was_spent_meanwhile_pays_nothing_and_the_order_is_ended_by_its_job() {
        let mut tx = unit(14_999);
        tx.payments.expect_update().withf(|payment| !payment.is_left_to_balance()).times(1).returning(|_| Ok(()));
        let ended = |job: &Job, at: &_| *job == Job::SettlePayment { payment_id: payment().id.uuid() } && *at == now();
        tx.jobs.expect_push().withf(ended).times(1).returning(|_, _| Ok(()));
        assert_eq!(ends(&tx, GatewayVerdict::Closed, Closing::Cancelled).await, OrderStatus::PendingPayment);
    }
}
