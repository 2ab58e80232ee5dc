//! Paying an order of one's own that waits for its payment. By card that is the attempt which checkout wrote down, on its page:
//! an order never has a second one, so it can't be paid twice however often it is asked for. From the balance it is the same attempt:
//! that it is left to the balance is written down, then the page is closed, and only then the balance pays.

use super::closing::{CloseError, Closer};
use super::settlement::{Closing, SettlementError};
use super::submission;
use super::view_payment::OwnPayment;
use crate::identity::{Allowed, policy};
use crate::jobs::Job;
use crate::orders::ports::{OrderAccess, OrderQueries};
use crate::payments::SUBMIT_AGAIN_AFTER;
use crate::payments::ports::{PaymentGateway, PaymentQueries};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::kernel::{Applied, Money, OrderId, UserId};
use domain::ledger::{Account, FeeRate};
use domain::orders::{Order, OrderRefusal, OrderStatus};
use domain::payments::{Asked, Payment, PaymentStatus};
use std::sync::Arc;

/// Pays orders.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PayOrders: Send + Sync {
    /// The open attempt to pay this order by card, with its page; if the gateway is away, without.
    async fn by_card(
        &self,
        caller: &Allowed<policy::Pay>,
        order: OrderId,
        amount: Money,
    ) -> Result<Payment, PayOrderError>;
    /// Pays all that is left of this order from the caller's balance, once no card can pay it any more; if a card was faster, it has.
    /// While the gateway is away the payment waits, and is made as soon as that is back. `key` names the request: the same name
    /// again answers the same payment.
    async fn by_balance(
        &self,
        caller: &Allowed<policy::Pay>,
        order: OrderId,
        amount: Money,
        key: String,
    ) -> Result<OwnPayment, PayOrderError>;
}

/// Why an order is not paid.
#[derive(Debug, thiserror::Error)]
pub enum PayOrderError {
    /// There is none, or it is another's.
    #[error("there is no such order")]
    NotFound,
    /// It does not wait for a payment any more.
    #[error("the order is {0:?}")]
    NotPayable(OrderStatus),
    /// Another amount is to be paid.
    #[error("{0} is to be paid")]
    OtherAmount(Money),
    /// The money is promised by card, and somebody looks at that.
    #[error("the money is promised by card")]
    Held,
    /// The balance has too little.
    #[error("{missing} is missing in the balance")]
    BalanceTooLow {
        /// How much more it takes.
        missing: Money,
    },
    /// The key stands for another payment.
    #[error("the key stands for another payment")]
    KeyReused,
    /// The order's money could not be moved.
    #[error(transparent)]
    Settlement(#[from] SettlementError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`PayOrders`].
pub struct OrderPayment {
    /// Reads orders.
    pub orders: Arc<dyn OrderQueries>,
    /// Reads payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// Has the page.
    pub gateway: Arc<dyn PaymentGateway>,
    /// Makes guests' tokens.
    pub access: Arc<dyn OrderAccess>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// What the platform keeps of a sale.
    pub fee: FeeRate,
}

#[async_trait]
impl PayOrders for OrderPayment {
    async fn by_card(
        &self,
        caller: &Allowed<policy::Pay>,
        order: OrderId,
        amount: Money,
    ) -> Result<Payment, PayOrderError> {
        let found = self.orders.find(order).await?.filter(|order| order.user_id == Some(caller.user_id));
        let order = found.ok_or(PayOrderError::NotFound)?;
        order.awaits_payment().map_err(|OrderRefusal::NotPending(status)| PayOrderError::NotPayable(status))?;
        let payments = self.payments.of_orders(&[order.id]).await?;
        let mut payment = payments.get(&order.id).cloned().ok_or(PayOrderError::NotFound)?;
        if payment.amount != amount {
            return Err(PayOrderError::OtherAmount(payment.amount));
        }
        let (gateway, access) = (self.gateway.as_ref(), self.access.as_ref());
        let (transactor, clock) = (self.transactor.as_ref(), self.clock.as_ref());
        match submission::submit(gateway, access, transactor, clock, &payment, &order).await {
            Ok(session) => {
                payment.submit(session, clock.now());
            }
            Err(error) => tracing::warn!(order = %order.id, %error, "the payment will be handed over again"),
        }
        Ok(payment)
    }

    async fn by_balance(
        &self,
        caller: &Allowed<policy::Pay>,
        order: OrderId,
        amount: Money,
        key: String,
    ) -> Result<OwnPayment, PayOrderError> {
        let (order, payment) = self.leave_to_balance(caller.user_id, order, amount, key).await?;
        if payment.status.is_final() {
            return Ok(OwnPayment::of_order(payment, &order));
        }
        let closer = Closer {
            gateway: self.gateway.as_ref(),
            access: self.access.as_ref(),
            transactor: self.transactor.as_ref(),
            clock: self.clock.as_ref(),
            fee: self.fee,
        };
        match closer.close(&payment, &order, Closing::Cancelled).await {
            Ok(OrderStatus::Paid | OrderStatus::PendingPayment) => {}
            Ok(ended @ (OrderStatus::Cancelled | OrderStatus::Expired)) => {
                return Err(PayOrderError::NotPayable(ended));
            }
            Err(CloseError::Gateway(error)) => {
                tracing::warn!(order = %order.id, %error, "the balance will pay when the page is closed");
            }
            Err(CloseError::Settlement(error)) => return Err(error.into()),
            Err(CloseError::Repository(error)) => return Err(error.into()),
        }
        let order = self.orders.find(order.id).await?.ok_or(PayOrderError::NotFound)?;
        let mut payments = self.payments.of_orders(&[order.id]).await?;
        let payment = payments.remove(&order.id).ok_or(PayOrderError::NotFound)?;
        Ok(OwnPayment::of_order(payment, &order))
    }
}

impl OrderPayment {
    /// Writes down that the balance is to pay, if there is enough in it; or finds that this very request has done so before.
    async fn leave_to_balance(
        &self,
        customer: UserId,
        order: OrderId,
        amount: Money,
        key: String,
    ) -> Result<(Order, Payment), PayOrderError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let found = tx.orders().lock(order).await?.filter(|order| order.user_id == Some(customer));
        let order = found.ok_or(PayOrderError::NotFound)?;
        let mut payment = tx.payments().lock_of_order(order.id).await?.ok_or(PayOrderError::NotFound)?;
        if payment.asked.key.as_ref() == Some(&key) {
            return Ok((order, payment));
        }
        order.awaits_payment().map_err(|OrderRefusal::NotPending(status)| PayOrderError::NotPayable(status))?;
        if payment.amount != amount {
            return Err(PayOrderError::OtherAmount(payment.amount));
        }
        let there = tx.ledger().lock_balance(Account::StoreBalance(customer), amount.currency()).await?;
        let missing = amount.minus(there).map_err(SettlementError::from)?;
        if missing.is_positive() {
            return Err(PayOrderError::BalanceTooLow { missing });
        }
        let left = payment.leave_to_balance(now).map_err(|status| match status {
            PaymentStatus::Authorized => PayOrderError::Held,
            _ => PayOrderError::NotPayable(order.status),
        })?;
        if left == Applied::Now(()) {
            if tx.payments().lock_by_key(&key).await?.is_some() {
                return Err(PayOrderError::KeyReused);
            }
            payment.asked = Asked { key: Some(key), ..payment.asked };
            tx.payments().update(&payment).await?;
            let payment_id = payment.id.uuid();
            tx.jobs().push(Job::SettlePayment { payment_id }, now + SUBMIT_AGAIN_AFTER).await?;
            tx.commit().await?;
        }
        Ok((order, payment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::ports::{MockOrderAccess, MockOrderQueries};
    use crate::payments::ports::{GatewayError, MockPaymentGateway, MockPaymentQueries};
    use crate::tests::{StandingSystem, allowed, eur, now, order, payment, session, user};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;
    use domain::payments::{GatewayVerdict, Purpose};
    use std::collections::HashMap;

    fn desk(order: Order, payment: Payment) -> OrderPayment {
        let mut orders = MockOrderQueries::new();
        let id = order.id;
        orders.expect_find().returning(move |_| Ok(Some(order.clone())));
        let mut payments = MockPaymentQueries::new();
        payments.expect_of_orders().returning(move |_| Ok(HashMap::from([(id, payment.clone())])));
        let mut gateway = MockPaymentGateway::new();
        gateway.expect_open().returning(|_, _| Err(GatewayError::Unavailable("away".into())));
        OrderPayment {
            orders: Arc::new(orders),
            payments: Arc::new(payments),
            gateway: Arc::new(gateway),
            access: Arc::new(MockOrderAccess::new()),
            transactor: TransactorDouble::new([]),
            clock: StandingSystem::new(),
            fee: FeeRate::NONE,
        }
    }

    fn own() -> Order {
        Order { user_id: Some(user(Role::Customer).id), ..order() }
    }

    async fn pays(desk: &OrderPayment, amount: Money) -> Result<Payment, PayOrderError> {
        desk.by_card(&allowed(Role::Customer), order().id, amount).await
    }

    #[tokio::test]
    async fn an_order_is_paid_on_the_page_that_it_has() {
        let mut open = payment();
        open.submit(session(), now());
        assert_eq!(pays(&desk(own(), open.clone()), eur(20_000)).await.unwrap(), open);
    }

    #[tokio::test]
    async fn while_the_gateway_is_away_there_is_no_page_and_the_attempt_stands() {
        assert_eq!(pays(&desk(own(), payment()), eur(20_000)).await.unwrap(), payment());
    }

    #[tokio::test]
    async fn a_guests_order_or_anothers_is_not_there() {
        assert!(matches!(pays(&desk(order(), payment()), eur(20_000)).await, Err(PayOrderError::NotFound)));
        let anothers = Order { user_id: Some(domain::kernel::UserId::new(crate::tests::uuid(77))), ..order() };
        assert!(matches!(pays(&desk(anothers, payment()), eur(20_000)).await, Err(PayOrderError::NotFound)));
    }

    #[tokio::test]
    async fn what_is_paid_or_over_can_not_be_paid() {
        let mut paid = own();
        paid.pay(now()).unwrap();
        let refused = pays(&desk(paid, payment()), eur(20_000)).await;
        assert!(matches!(refused, Err(PayOrderError::NotPayable(OrderStatus::Paid))));
    }

    #[tokio::test]
    async fn another_amount_than_is_to_be_paid_is_refused_and_told() {
        let refused = pays(&desk(own(), payment()), eur(19_999)).await;
        assert!(matches!(refused, Err(PayOrderError::OtherAmount(due)) if due == eur(20_000)));
    }

    /// The customer's own payment, with its page.
    fn open() -> Payment {
        let purpose = Purpose::Order { order: order().id, customer: Some(user(Role::Customer).id) };
        let mut open = Payment { purpose, ..payment() };
        open.submit(session(), now());
        open
    }

    /// A unit of work over this order and payment, with so much in the customer's balance.
    fn unit(order: Order, payment: Payment, there: i64) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.webhooks.expect_is_any_on().returning(|| Ok(true));
        tx.orders.expect_lock().returning(move |_| Ok(Some(order.clone())));
        tx.payments.expect_lock_of_order().returning(move |_| Ok(Some(payment.clone())));
        let own = |account: &Account, _: &_| *account == Account::StoreBalance(user(Role::Customer).id);
        tx.ledger.expect_lock_balance().withf(own).returning(move |_, _| Ok(eur(there)));
        tx
    }

    /// The unit of work that leaves the payment to the balance.
    fn leaving() -> UnitOfWorkDouble {
        let mut tx = unit(own(), open(), 20_000);
        tx.payments.expect_lock_by_key().withf(|key| key == "ada:key").returning(|_| Ok(None));
        let left = |payment: &Payment| payment.is_left_to_balance() && payment.asked.key.as_deref() == Some("ada:key");
        tx.payments.expect_update().withf(left).times(1).returning(|_| Ok(()));
        let settles = |job: &Job, at: &_| {
            *job == Job::SettlePayment { payment_id: payment().id.uuid() } && *at == now() + SUBMIT_AGAIN_AFTER
        };
        tx.jobs.expect_push().withf(settles).times(1).returning(|_, _| Ok(()));
        tx
    }

    fn left() -> Payment {
        let mut left = open();
        left.leave_to_balance(now()).unwrap();
        left.asked.key = Some("ada:key".to_owned());
        left
    }

    /// The desk over these units of work, at whose gateway the page closes so.
    fn closing(
        units: Vec<UnitOfWorkDouble>,
        close: fn() -> Result<GatewayVerdict, GatewayError>,
    ) -> (OrderPayment, Arc<TransactorDouble>) {
        let transactor = TransactorDouble::new(units);
        let mut gateway = MockPaymentGateway::new();
        gateway.expect_close().withf(|page| page == session().id).returning(move |_| close());
        let desk = desk(own(), left());
        (OrderPayment { transactor: transactor.clone(), gateway: Arc::new(gateway), ..desk }, transactor)
    }

    async fn pays_from_balance(desk: &OrderPayment) -> Result<OwnPayment, PayOrderError> {
        desk.by_balance(&allowed(Role::Customer), order().id, eur(20_000), "ada:key".to_owned()).await
    }

    #[tokio::test]
    async fn that_the_balance_pays_is_written_down_before_the_page_is_closed() {
        let mut following = unit(own(), left(), 20_000);
        following.payments.expect_update().times(1).returning(|_| Ok(()));
        following
            .orders
            .expect_update()
            .withf(|order| order.status == OrderStatus::Paid)
            .times(1)
            .returning(|_| Ok(()));
        following.ledger.expect_post().times(2).returning(|_, _| Ok(Applied::Now(())));
        following.jobs.expect_push().returning(|_, _| Ok(()));
        let (desk, transactor) = closing(vec![leaving(), following], || Ok(GatewayVerdict::Closed));
        pays_from_balance(&desk).await.unwrap();
        assert_eq!(transactor.commits(), 2);
    }

    #[tokio::test]
    async fn while_the_gateway_is_away_the_payment_waits_and_nothing_is_taken() {
        let (desk, transactor) = closing(vec![leaving()], || Err(GatewayError::Unavailable("away".into())));
        let waiting = pays_from_balance(&desk).await.unwrap();
        assert!(waiting.payment.is_left_to_balance());
        assert_eq!((waiting.amount, transactor.commits()), (eur(20_000), 1));
    }

    #[tokio::test]
    async fn the_same_request_again_goes_on_where_the_first_was_cut_off() {
        let again = unit(own(), left(), 0);
        let (desk, transactor) = closing(vec![again], || Err(GatewayError::Unavailable("away".into())));
        assert_eq!(pays_from_balance(&desk).await.unwrap().payment, left());
        let mut paid = own();
        paid.take_rest(user(Role::Customer).id).unwrap();
        paid.pay(now()).unwrap();
        let mut settled = left();
        settled.settle_from_balance(now());
        let (desk, _) = closing(vec![unit(paid, settled, 0)], || panic!("it is paid"));
        assert_eq!(pays_from_balance(&desk).await.unwrap().amount, eur(20_000));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn a_balance_that_is_spent_while_the_page_closes_ends_the_order() {
        let mut spent = unit(own(), left(), 1);
        spent.payments.expect_update().times(1).returning(|_| Ok(()));
        spent.jobs.expect_push().times(1).returning(|_, _| Ok(()));
        let mut ending = unit(own(), open(), 1);
        ending.payments.expect_update().withf(|p| p.status == PaymentStatus::Voided).times(1).returning(|_| Ok(()));
        ending.orders.expect_update().times(1).returning(|_| Ok(()));
        ending.stock.expect_give_back().returning(|_, _| Ok(()));
        ending.jobs.expect_push().returning(|_, _| Ok(()));
        let (desk, transactor) = closing(vec![leaving(), spent, ending], || Ok(GatewayVerdict::Closed));
        let refused = pays_from_balance(&desk).await;
        assert!(matches!(refused, Err(PayOrderError::NotPayable(OrderStatus::Cancelled))));
        assert_eq!(transactor.commits(), 3);
    }

    #[tokio::test]
    async fn too_little_in_the_balance_is_told_and_no_page_is_closed() {
        let (desk, transactor) = closing(vec![unit(own(), open(), 19_950)], || panic!("it stays open"));
        let refused = pays_from_balance(&desk).await;
        assert!(matches!(refused, Err(PayOrderError::BalanceTooLow { missing }) if missing == eur(50)));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn what_is_not_ones_own_or_does_not_wait_or_is_held_is_not_paid_from_the_balance() {
        let mut paid = own();
        paid.pay(now()).unwrap();
        let mut held = open();
        held.follow(GatewayVerdict::Authorized, now()).unwrap();
        let other_amount = Payment { amount: eur(1), ..open() };
        for (order, payment, expected) in [
            (order(), open(), "there is no such order"),
            (paid, open(), "the order is Paid"),
            (own(), other_amount, "0.01 EUR is to be paid"),
            (own(), held, "the money is promised by card"),
        ] {
            let (desk, transactor) = closing(vec![unit(order, payment, 20_000)], || panic!("it stays open"));
            assert_eq!(pays_from_balance(&desk).await.unwrap_err().to_string(), expected);
            assert_eq!(transactor.commits(), 0);
        }
    }

    #[tokio::test]
    async fn a_key_that_stands_for_another_payment_pays_nothing() {
        let mut tx = unit(own(), open(), 20_000);
        tx.payments.expect_lock_by_key().returning(|_| Ok(Some(payment())));
        let (desk, _) = closing(vec![tx], || panic!("it stays open"));
        assert!(matches!(pays_from_balance(&desk).await, Err(PayOrderError::KeyReused)));
    }
}
