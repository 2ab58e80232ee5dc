//! Following the gateway: after an event, and by asking again until a payment has ended.

use super::settlement::{self, Closing, SettlementError};
use super::submission::{self, SubmissionError};
use crate::jobs::{Job, JobFailure};
use crate::orders::ports::{OrderAccess, OrderQueries};
use crate::payments::ports::{GatewayError, PaymentGateway, PaymentQueries};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::TimeDelta;
use domain::kernel::PaymentId;
use domain::ledger::FeeRate;
use domain::orders::Order;
use domain::payments::{HostedSession, Payment};
use std::sync::Arc;

/// How long after checkout, and how often, the gateway is asked about a payment of which nothing was heard.
pub const RECONCILE_EVERY: TimeDelta = TimeDelta::minutes(2);

/// Brings payments to their end.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SettlePayments: Send + Sync {
    /// Sees to it that the gateway has a payment that was written down.
    async fn submit(&self, id: PaymentId) -> Result<(), SettleError>;
    /// Asks the gateway how a payment stands, and follows it.
    async fn settle(&self, id: PaymentId) -> Result<(), SettleError>;
    /// The same, and plans to ask again while the payment has not ended.
    async fn reconcile(&self, id: PaymentId) -> Result<(), SettleError>;
}

/// Why a payment was not brought further.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// There is no such payment, or its order is gone.
    #[error("there is no such payment")]
    NotFound,
    /// The gateway failed.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The verdict could not be followed.
    #[error(transparent)]
    Settlement(#[from] SettlementError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<SubmissionError> for SettleError {
    fn from(error: SubmissionError) -> Self {
        match error {
            SubmissionError::Gateway(error) => Self::Gateway(error),
            SubmissionError::Repository(error) => Self::Repository(error),
        }
    }
}

impl From<SettleError> for JobFailure {
    fn from(error: SettleError) -> Self {
        match error {
            SettleError::NotFound => Self::Fail(error.to_string()),
            SettleError::Gateway(error) => error.into(),
            SettleError::Settlement(error) => error.into(),
            SettleError::Repository(error) => error.into(),
        }
    }
}

/// The service behind [`SettlePayments`].
pub struct Settlement {
    /// Reads payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// Reads orders.
    pub orders: Arc<dyn OrderQueries>,
    /// Knows the truth.
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
impl SettlePayments for Settlement {
    async fn submit(&self, id: PaymentId) -> Result<(), SettleError> {
        let (payment, order) = self.find(id).await?;
        if payment.status.is_final() {
            return Ok(());
        }
        self.submitted(&payment, &order).await.map(|_| ())
    }

    async fn settle(&self, id: PaymentId) -> Result<(), SettleError> {
        let (payment, order) = self.find(id).await?;
        if payment.status.is_final() {
            return Ok(());
        }
        let Some(session) = self.submitted(&payment, &order).await? else { return Ok(()) };
        let verdict = self.gateway.verdict(&session.id).await?;
        let tx = self.transactor.begin().await?;
        settlement::follow(tx.as_ref(), order.id, verdict, Closing::Cancelled, self.fee, self.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    async fn reconcile(&self, id: PaymentId) -> Result<(), SettleError> {
        match self.settle(id).await {
            Ok(()) => {}
            // It is asked again as soon as one that has no news, however long it has been away.
            Err(SettleError::Gateway(error @ (GatewayError::Unavailable(_) | GatewayError::Lost(_)))) => {
                tracing::warn!(payment = %id, error = &error as &dyn std::error::Error, "the gateway will be asked again");
            }
            Err(error) => return Err(error),
        }
        let payment = self.payments.find(id).await?.ok_or(SettleError::NotFound)?;
        if payment.status.is_final() {
            return Ok(());
        }
        let tx = self.transactor.begin().await?;
        let next = self.clock.now() + RECONCILE_EVERY;
        tx.jobs().push(Job::ReconcilePayment { payment_id: id.uuid() }, next).await?;
        Ok(tx.commit().await?)
    }
}

impl Settlement {
    /// The payment's page; `None` when the gateway takes no such payment, which ends the order.
    async fn submitted(&self, payment: &Payment, order: &Order) -> Result<Option<HostedSession>, SettleError> {
        let (gateway, access) = (self.gateway.as_ref(), self.access.as_ref());
        let (transactor, clock) = (self.transactor.as_ref(), self.clock.as_ref());
        let why = match submission::submit(gateway, access, transactor, clock, payment, order).await {
            Ok(session) => return Ok(Some(session)),
            Err(SubmissionError::Gateway(GatewayError::Refused(why))) => why,
            Err(error) => return Err(error.into()),
        };
        tracing::warn!(payment = %payment.id, why, "the gateway does not take the payment");
        let tx = self.transactor.begin().await?;
        settlement::turn_away(tx.as_ref(), order.id, self.clock.now()).await?;
        tx.commit().await?;
        Ok(None)
    }

    async fn find(&self, id: PaymentId) -> Result<(Payment, Order), SettleError> {
        let payment = self.payments.find(id).await?.ok_or(SettleError::NotFound)?;
        let order = payment.purpose.order().ok_or(SettleError::NotFound)?;
        let order = self.orders.find(order).await?.ok_or(SettleError::NotFound)?;
        Ok((payment, order))
    }
}
