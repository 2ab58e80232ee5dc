//! Following the gateway: after an event, and by asking again until it has said what became of a refund.

use super::ports::{RefundGateway, RefundQueries};
use super::settling::{self, SettleRefundError};
use crate::jobs::Job;
use crate::payments::ports::{GatewayError, PaymentQueries};
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::TimeDelta;
use domain::kernel::RefundId;
use domain::refunds::{Refund, RefundKind, RefundStatus};
use std::sync::Arc;

/// Brings refunds to their end.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait FollowRefunds: Send + Sync {
    /// Asks the gateway how a refund stands, and follows it: also what had gone well, since a bank may send it back.
    async fn follow(&self, id: RefundId) -> Result<(), SettleRefundError>;
    /// The same while it is pending, and plans to ask again.
    async fn reconcile(&self, id: RefundId) -> Result<(), SettleRefundError>;
}

/// The service behind [`FollowRefunds`].
pub struct RefundFollowing {
    /// Reads refunds.
    pub refunds: Arc<dyn RefundQueries>,
    /// Reads payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// Knows the truth.
    pub gateway: Arc<dyn RefundGateway>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl FollowRefunds for RefundFollowing {
    async fn follow(&self, id: RefundId) -> Result<(), SettleRefundError> {
        let refund = self.find(id).await?;
        self.ask(&refund).await.map(|_| ())
    }

    async fn reconcile(&self, id: RefundId) -> Result<(), SettleRefundError> {
        let refund = self.find(id).await?;
        if refund.status != RefundStatus::Pending {
            return Ok(());
        }
        let status = match self.ask(&refund).await {
            Ok(asked) => asked.status,
            // It is asked again as soon as one that has no news, however long it has been away.
            Err(SettleRefundError::Gateway(error @ (GatewayError::Unavailable(_) | GatewayError::Lost(_)))) => {
                tracing::warn!(refund = %id, error = &error as &dyn std::error::Error, "the gateway will be asked again");
                RefundStatus::Pending
            }
            Err(error) => return Err(error),
        };
        if status == RefundStatus::Pending {
            let now = self.clock.now();
            let tx = self.transactor.begin().await?;
            let again = Job::ReconcileRefund { refund_id: id.uuid() };
            tx.jobs().push(again, now + pause(now - refund.created_at)).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

impl RefundFollowing {
    async fn find(&self, id: RefundId) -> Result<Refund, SettleRefundError> {
        self.refunds.find_refund(id).await?.ok_or(SettleRefundError::NotFound)
    }

    async fn ask(&self, refund: &Refund) -> Result<Refund, SettleRefundError> {
        let by_gateway = refund.kind == RefundKind::Refund && refund.card_part().is_positive();
        let Some(payment) = refund.payment_id.filter(|_| by_gateway && refund.status != RefundStatus::Failed) else {
            return Ok(refund.clone());
        };
        let payment = self.payments.find(payment).await?.ok_or(SettleRefundError::NotFound)?;
        let (gateway, transactor) = (self.gateway.as_ref(), self.transactor.as_ref());
        settling::ask(gateway, transactor, self.clock.as_ref(), &payment, refund, true).await
    }
}

/// Banks take days: the longer it takes, the less often it is asked for.
pub(super) fn pause(age: TimeDelta) -> TimeDelta {
    (age / 4).clamp(TimeDelta::minutes(2), TimeDelta::hours(6))
}

#[cfg(test)]
mod tests;
