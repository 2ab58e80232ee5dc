//! Giving up an order before it is paid: by its customer, or because its time is over.
//!
//! The gateway is asked first to close its page: an order is given up only when no money can arrive any more. If the
//! customer has paid in the meantime, the order is paid instead. Money that is promised and held is let go for its customer, unless
//! an admin was faster to take it.

use crate::checkout::closing::{CloseError, Closer};
use crate::checkout::promises;
use crate::checkout::settlement::{self, Closing, SettlementError};
use crate::identity::{Allowed, policy};
use crate::jobs::{Job, JobFailure};
use crate::orders::ports::{OrderAccess, OrderQueries};
use crate::orders::view::may_see;
use crate::payments::SUBMIT_AGAIN_AFTER;
use crate::payments::ports::{GatewayError, PaymentGateway, PaymentQueries};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::kernel::{OrderId, UserId};
use domain::ledger::FeeRate;
use domain::orders::{Order, OrderRefusal, OrderStatus};
use domain::payments::{Payment, PaymentStatus, ReviewRefusal, ReviewStatus};
use std::sync::Arc;

/// Gives up orders that are not paid.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait CancelOrders: Send + Sync {
    /// Gives up an order for its customer.
    async fn cancel<'a>(
        &self,
        caller: Option<&'a Allowed<policy::Buy>>,
        token: Option<&'a str>,
        id: OrderId,
    ) -> Result<(), CancelError>;
    /// Gives up an order that was not paid in time; one that has ended in another way is left alone.
    async fn expire(&self, id: OrderId) -> Result<(), CancelError>;
}

/// Why an order was not given up.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    /// There is none, or it is another's.
    #[error("there is no such order")]
    NotFound,
    /// It does not wait for a payment any more.
    #[error("the order is {0:?}")]
    NotCancellable(OrderStatus),
    /// The gateway could not be asked.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The gateway's answer could not be followed.
    #[error(transparent)]
    Settlement(#[from] SettlementError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<CloseError> for CancelError {
    fn from(error: CloseError) -> Self {
        match error {
            CloseError::Gateway(error) => Self::Gateway(error),
            CloseError::Settlement(error) => Self::Settlement(error),
            CloseError::Repository(error) => Self::Repository(error),
        }
    }
}

impl From<CancelError> for JobFailure {
    fn from(error: CancelError) -> Self {
        match error {
            CancelError::NotFound | CancelError::NotCancellable(_) => Self::Fail(error.to_string()),
            CancelError::Gateway(error) => error.into(),
            CancelError::Settlement(error) => error.into(),
            CancelError::Repository(error) => error.into(),
        }
    }
}

/// The service behind [`CancelOrders`].
pub struct Cancellation {
    /// Reads orders.
    pub orders: Arc<dyn OrderQueries>,
    /// Reads payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// Closes the gateway's page.
    pub gateway: Arc<dyn PaymentGateway>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Knows guests' tokens.
    pub access: Arc<dyn OrderAccess>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// What the platform keeps of a sale.
    pub fee: FeeRate,
}

#[async_trait]
impl CancelOrders for Cancellation {
    async fn cancel<'a>(
        &self,
        caller: Option<&'a Allowed<policy::Buy>>,
        token: Option<&'a str>,
        id: OrderId,
    ) -> Result<(), CancelError> {
        let order = self.orders.find(id).await?.ok_or(CancelError::NotFound)?;
        if !may_see(&order, caller.map(|caller| caller.user_id), token, self.access.as_ref()) {
            return Err(CancelError::NotFound);
        }
        order.awaits_payment().map_err(|OrderRefusal::NotPending(status)| CancelError::NotCancellable(status))?;
        let payment = self.payment_of(id).await?;
        let mut status = OrderStatus::PendingPayment;
        if payment.status != PaymentStatus::Authorized {
            status = self.give_up(&order, &payment, Closing::Cancelled).await?;
        }
        if status == OrderStatus::PendingPayment {
            status = self.let_go(id, caller.map(|caller| caller.user_id)).await?;
        }
        if status == OrderStatus::Cancelled { Ok(()) } else { Err(CancelError::NotCancellable(status)) }
    }

    async fn expire(&self, id: OrderId) -> Result<(), CancelError> {
        let order = self.orders.find(id).await?.ok_or(CancelError::NotFound)?;
        if order.awaits_payment().is_err() {
            return Ok(());
        }
        let payment = self.payment_of(id).await?;
        // Money that is promised ends with its review.
        if payment.status == PaymentStatus::Authorized {
            return Ok(());
        }
        self.give_up(&order, &payment, Closing::Expired).await.map(|_| ())
    }
}

impl Cancellation {
    /// Closes the gateway's page, then follows what the gateway says; answers where the order stands now.
    async fn give_up(&self, order: &Order, payment: &Payment, closing: Closing) -> Result<OrderStatus, CancelError> {
        let closer = Closer {
            gateway: self.gateway.as_ref(),
            access: self.access.as_ref(),
            transactor: self.transactor.as_ref(),
            clock: self.clock.as_ref(),
            fee: self.fee,
        };
        Ok(closer.close(payment, order, closing).await?)
    }

    async fn payment_of(&self, order: OrderId) -> Result<Payment, CancelError> {
        self.payments.of_orders(&[order]).await?.remove(&order).ok_or(CancelError::NotFound)
    }

    /// Lets go of money that is promised and on which no admin has decided; answers where the order stands then. That it is let go
    /// is written down first, as an admin's decision is, and carried out later if the gateway is away.
    async fn let_go(&self, id: OrderId, by: Option<UserId>) -> Result<OrderStatus, CancelError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let order = tx.orders().lock(id).await?.ok_or(CancelError::NotFound)?;
        let mut payment = tx.payments().lock_of_order(id).await?.ok_or(CancelError::NotFound)?;
        match payment.decide(ReviewStatus::Rejected, by, now) {
            Ok(()) => {
                tx.payments().update(&payment).await?;
                let payment_id = payment.id.uuid();
                tx.jobs().push(Job::SettlePayment { payment_id }, now + SUBMIT_AGAIN_AFTER).await?;
                tx.commit().await?;
            }
            Err(ReviewRefusal::Decided(ReviewStatus::Rejected)) if payment.status == PaymentStatus::Authorized => {
                drop(tx);
            }
            Err(_) => return Ok(order.status),
        }
        let Some(session) = &payment.session else { return Ok(order.status) };
        let (gateway, transactor, clock) = (self.gateway.as_ref(), self.transactor.as_ref(), self.clock.as_ref());
        let verdict = promises::verdict(gateway, transactor, clock, &payment, &session.id).await;
        let verdict = verdict.map_err(CloseError::from)?;
        let tx = self.transactor.begin().await?;
        let status = settlement::follow(tx.as_ref(), id, verdict, Closing::Cancelled, self.fee, clock.now()).await?;
        tx.commit().await?;
        Ok(status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::ports::{MockOrderAccess, MockOrderQueries};
    use crate::payments::ports::{MockPaymentGateway, MockPaymentQueries};
    use crate::tests::{StandingSystem, allowed, now, order, payment, session, user};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;
    use domain::kernel::Applied;
    use domain::payments::{GatewayVerdict, Review};
    use std::collections::HashMap;

    fn submitted() -> Payment {
        let mut payment = payment();
        payment.submit(session(), payment.created_at);
        payment
    }

    /// The service over one pending order whose page closes with this verdict.
    fn service(transactor: &Arc<TransactorDouble>, verdict: Option<GatewayVerdict>) -> Cancellation {
        let mut orders = MockOrderQueries::new();
        orders.expect_find().returning(|_| Ok(Some(order())));
        let mut payments = MockPaymentQueries::new();
        payments.expect_of_orders().returning(|_| Ok(HashMap::from([(order().id, submitted())])));
        let mut gateway = MockPaymentGateway::new();
        gateway.expect_close().returning(move |_| verdict.ok_or_else(|| GatewayError::Unavailable("away".into())));
        let mut access = MockOrderAccess::new();
        access.expect_opens().returning(|_, token| token == "token");
        Cancellation {
            orders: Arc::new(orders),
            payments: Arc::new(payments),
            gateway: Arc::new(gateway),
            transactor: transactor.clone(),
            access: Arc::new(access),
            clock: StandingSystem::new(),
            fee: FeeRate::NONE,
        }
    }

    fn unit() -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.webhooks.expect_is_any_on().returning(|| Ok(true));
        tx.orders.expect_lock().returning(|_| Ok(Some(order())));
        tx.payments.expect_lock_of_order().returning(|_| Ok(Some(submitted())));
        tx.payments.expect_update().returning(|_| Ok(()));
        tx.orders.expect_update().returning(|_| Ok(()));
        tx.stock.expect_give_back().returning(|_, _| Ok(()));
        tx.jobs.expect_push().returning(|_, _| Ok(()));
        tx.ledger.expect_post().returning(|_, _| Ok(Applied::Now(())));
        tx
    }

    #[tokio::test]
    async fn a_guest_gives_up_their_order_by_its_token() {
        let transactor = TransactorDouble::new([unit()]);
        service(&transactor, Some(GatewayVerdict::Closed)).cancel(None, Some("token"), order().id).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn without_the_token_there_is_no_such_order() {
        let transactor = TransactorDouble::new([]);
        for token in [None, Some("guess")] {
            let cancelled = service(&transactor, Some(GatewayVerdict::Closed)).cancel(None, token, order().id).await;
            assert!(matches!(cancelled, Err(CancelError::NotFound)));
        }
    }

    #[tokio::test]
    async fn who_has_paid_meanwhile_cannot_cancel_and_the_order_is_paid() {
        let transactor = TransactorDouble::new([unit()]);
        let cancelled = service(&transactor, Some(GatewayVerdict::Paid)).cancel(None, Some("token"), order().id).await;
        assert!(matches!(cancelled, Err(CancelError::NotCancellable(OrderStatus::Paid))));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn nothing_is_given_up_while_the_gateway_cannot_be_asked() {
        let transactor = TransactorDouble::new([]);
        let expired = service(&transactor, None).expire(order().id).await;
        assert!(matches!(expired, Err(CancelError::Gateway(GatewayError::Unavailable(_)))));
        assert_eq!(transactor.commits(), 0);
    }

    /// The payment of an order that is its customer's, whose money is promised and looked at.
    fn held() -> Payment {
        let mut held = Payment { review: Some(Review::open(vec!["declines".to_owned()])), ..submitted() };
        held.follow(GatewayVerdict::Authorized, now()).unwrap();
        held
    }

    fn own() -> Order {
        let mut own = Order { user_id: Some(user(Role::Customer).id), ..order() };
        own.hold_payment(now()).unwrap();
        own
    }

    /// The service over such an order, at whose gateway the promise ends so.
    fn holding(
        transactor: &Arc<TransactorDouble>,
        release: fn() -> Result<GatewayVerdict, GatewayError>,
    ) -> Cancellation {
        let mut orders = MockOrderQueries::new();
        orders.expect_find().returning(|_| Ok(Some(own())));
        let mut payments = MockPaymentQueries::new();
        payments.expect_of_orders().returning(|_| Ok(HashMap::from([(order().id, held())])));
        let mut gateway = MockPaymentGateway::new();
        gateway.expect_close().never();
        gateway.expect_verdict().returning(|_| Ok(GatewayVerdict::Authorized));
        gateway.expect_release().returning(move |_| release());
        let service = service(transactor, None);
        Cancellation { orders: Arc::new(orders), payments: Arc::new(payments), gateway: Arc::new(gateway), ..service }
    }

    fn locking(payment: Payment) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.webhooks.expect_is_any_on().returning(|| Ok(true));
        tx.orders.expect_lock().returning(|_| Ok(Some(own())));
        tx.payments.expect_lock_of_order().returning(move |_| Ok(Some(payment.clone())));
        tx
    }

    /// The unit of work that notes that the customer lets the money go.
    fn noting() -> UnitOfWorkDouble {
        let mut tx = locking(held());
        let by_them = |payment: &Payment| {
            let review = payment.review.as_ref().unwrap();
            (review.status, review.by) == (ReviewStatus::Rejected, Some(user(Role::Customer).id))
        };
        tx.payments.expect_update().withf(by_them).times(1).returning(|_| Ok(()));
        let again = |job: &Job, _: &_| *job == Job::SettlePayment { payment_id: payment().id.uuid() };
        tx.jobs.expect_push().withf(again).times(1).returning(|_, _| Ok(()));
        tx
    }

    fn decided(decision: ReviewStatus) -> Payment {
        let mut decided = held();
        decided.decide(decision, None, now()).unwrap();
        decided
    }

    /// The unit of work in which the order ends.
    fn ending() -> UnitOfWorkDouble {
        let mut tx = locking(decided(ReviewStatus::Rejected));
        tx.payments.expect_update().withf(|p| p.status == PaymentStatus::Voided).times(1).returning(|_| Ok(()));
        tx.orders.expect_update().withf(|o| o.status == OrderStatus::Cancelled).times(1).returning(|_| Ok(()));
        tx.stock.expect_give_back().returning(|_, _| Ok(()));
        tx.jobs.expect_push().returning(|_, _| Ok(()));
        tx
    }

    async fn cancels(service: &Cancellation) -> Result<(), CancelError> {
        service.cancel(Some(&allowed(Role::Customer)), None, order().id).await
    }

    #[tokio::test]
    async fn who_gives_up_while_their_payment_is_looked_at_is_charged_nothing() {
        let transactor = TransactorDouble::new([noting(), ending()]);
        cancels(&holding(&transactor, || Ok(GatewayVerdict::Closed))).await.unwrap();
        assert_eq!(transactor.commits(), 2);
    }

    #[tokio::test]
    async fn that_the_money_is_let_go_stands_while_the_gateway_is_away_and_asking_again_carries_it_out() {
        let transactor = TransactorDouble::new([noting()]);
        let away = holding(&transactor, || Err(GatewayError::Unavailable("away".into())));
        assert!(matches!(cancels(&away).await, Err(CancelError::Gateway(_))));
        assert_eq!(transactor.commits(), 1);
        let transactor = TransactorDouble::new([locking(decided(ReviewStatus::Rejected)), ending()]);
        cancels(&holding(&transactor, || Ok(GatewayVerdict::Closed))).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn an_admin_who_was_faster_to_take_the_money_has_taken_it() {
        let transactor = TransactorDouble::new([locking(decided(ReviewStatus::Approved))]);
        let refused = cancels(&holding(&transactor, || panic!("nobody let it go"))).await;
        assert!(matches!(refused, Err(CancelError::NotCancellable(OrderStatus::PendingPayment))));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn an_order_whose_money_is_held_does_not_expire() {
        let transactor = TransactorDouble::new([]);
        holding(&transactor, || panic!("nobody let it go")).expire(order().id).await.unwrap();
    }
}
