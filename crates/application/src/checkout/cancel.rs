//! Giving up an order before it is paid: by its customer, or because its time is over.
//!
//! The gateway is asked first to close its page: an order is given up only when no money can arrive any more. If the
//! customer has paid in the meantime, the order is paid instead.

use crate::checkout::closing::{CloseError, Closer};
use crate::checkout::settlement::{Closing, SettlementError};
use crate::identity::{Allowed, policy};
use crate::jobs::JobFailure;
use crate::orders::ports::{OrderAccess, OrderQueries};
use crate::orders::view::may_see;
use crate::payments::ports::{GatewayError, PaymentGateway, PaymentQueries};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::kernel::OrderId;
use domain::ledger::FeeRate;
use domain::orders::{Order, OrderRefusal, OrderStatus};
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
        match self.give_up(&order, Closing::Cancelled).await? {
            OrderStatus::Cancelled => Ok(()),
            other => Err(CancelError::NotCancellable(other)),
        }
    }

    async fn expire(&self, id: OrderId) -> Result<(), CancelError> {
        let order = self.orders.find(id).await?.ok_or(CancelError::NotFound)?;
        if order.awaits_payment().is_err() {
            return Ok(());
        }
        self.give_up(&order, Closing::Expired).await.map(|_| ())
    }
}

impl Cancellation {
    /// Closes the gateway's page, then follows what the gateway says; answers where the order stands now.
    async fn give_up(&self, order: &Order, closing: Closing) -> Result<OrderStatus, CancelError> {
        let payment = self.payments.of_orders(&[order.id]).await?.remove(&order.id).ok_or(CancelError::NotFound)?;
        let closer = Closer {
            gateway: self.gateway.as_ref(),
            access: self.access.as_ref(),
            transactor: self.transactor.as_ref(),
            clock: self.clock.as_ref(),
            fee: self.fee,
        };
        Ok(closer.close(&payment, order, closing).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::ports::{MockOrderAccess, MockOrderQueries};
    use crate::payments::ports::{MockPaymentGateway, MockPaymentQueries};
    use crate::tests::{StandingSystem, order, payment, session};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::kernel::Applied;
    use domain::payments::{GatewayVerdict, Payment};
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
}
