//! The step that giving up an order and paying it from the balance share: the gateway closes its page, so that no money can arrive
//! by card any more, and the order follows what the gateway says then.

use super::settlement::{self, Closing, SettlementError};
use super::submission::{self, SubmissionError};
use crate::orders::ports::OrderAccess;
use crate::payments::ports::{GatewayError, PaymentGateway};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use domain::ledger::FeeRate;
use domain::orders::{Order, OrderStatus};
use domain::payments::{GatewayVerdict, Payment};

/// Why a page may not be closed, or the order has not followed.
#[derive(Debug, thiserror::Error)]
pub enum CloseError {
    /// The gateway could not be asked.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// Its answer could not be followed.
    #[error(transparent)]
    Settlement(#[from] SettlementError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<SubmissionError> for CloseError {
    fn from(error: SubmissionError) -> Self {
        match error {
            SubmissionError::Gateway(error) => Self::Gateway(error),
            SubmissionError::Repository(error) => Self::Repository(error),
        }
    }
}

/// What closing a page takes.
pub struct Closer<'a> {
    pub gateway: &'a dyn PaymentGateway,
    pub access: &'a dyn OrderAccess,
    pub transactor: &'a dyn Transactor,
    pub clock: &'a dyn Clock,
    pub fee: FeeRate,
}

impl Closer<'_> {
    /// Closes the page of an order's payment, then follows what the gateway says. Answers where the order stands then.
    ///
    /// # Errors
    /// [`CloseError`]; asking again is safe.
    pub async fn close(&self, payment: &Payment, order: &Order, closing: Closing) -> Result<OrderStatus, CloseError> {
        let verdict = self.verdict(payment, order).await?;
        let status = self.follow(order, verdict, closing).await?;
        let over = verdict.is_none_or(GatewayVerdict::brings_nothing);
        // The balance to which it was left had too little: now it ends as one that nobody pays.
        if over && status == OrderStatus::PendingPayment {
            self.follow(order, verdict, closing).await
        } else {
            Ok(status)
        }
    }

    /// How the page ended; `None` where there is no page that could be closed.
    async fn verdict(&self, payment: &Payment, order: &Order) -> Result<Option<GatewayVerdict>, CloseError> {
        let Self { gateway, access, transactor, clock, .. } = *self;
        match submission::submit(gateway, access, transactor, clock, payment, order).await {
            Ok(session) => match gateway.close(&session.id).await {
                Ok(verdict) => Ok(Some(verdict)),
                Err(error) => Err(submission::lost_sight(transactor, clock, payment.id, error).await.into()),
            },
            Err(SubmissionError::Gateway(GatewayError::Refused(_))) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn follow(
        &self,
        order: &Order,
        verdict: Option<GatewayVerdict>,
        closing: Closing,
    ) -> Result<OrderStatus, CloseError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let status = match verdict {
            Some(verdict) => settlement::follow(tx.as_ref(), order.id, verdict, closing, self.fee, now).await?,
            None => settlement::turn_away(tx.as_ref(), order.id, self.fee, now).await?,
        };
        tx.commit().await?;
        Ok(status)
    }
}
