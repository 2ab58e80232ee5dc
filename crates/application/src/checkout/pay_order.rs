//! Paying an order of one's own that waits for its payment. By card that is the attempt which checkout wrote down, on its page:
//! an order never has a second one, so it can't be paid twice however often it is asked for.

use super::submission;
use crate::identity::{Allowed, policy};
use crate::orders::ports::{OrderAccess, OrderQueries};
use crate::payments::ports::{PaymentGateway, PaymentQueries};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::kernel::{Money, OrderId};
use domain::orders::{OrderRefusal, OrderStatus};
use domain::payments::Payment;
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::ports::{MockOrderAccess, MockOrderQueries};
    use crate::payments::ports::{GatewayError, MockPaymentGateway, MockPaymentQueries};
    use crate::tests::{StandingSystem, allowed, eur, now, order, payment, session, user};
    use crate::unit_of_work::double::TransactorDouble;
    use domain::identity::Role;
    use domain::orders::Order;
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
}
