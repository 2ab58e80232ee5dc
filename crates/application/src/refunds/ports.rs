//! What giving money back needs from outside.

use crate::payments::ports::GatewayError;
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Money, OrderId, PaymentId, RefundId, UserId};
use domain::payments::Payment;
use domain::refunds::{Refund, RefundStatus, RefundVerdict};
use std::collections::BTreeMap;

/// Stores refunds, and counts what they leave. Lock the order first, then its payment.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait RefundRepository: Send + Sync {
    /// Adds one.
    async fn insert(&self, refund: &Refund) -> Result<(), RepositoryError>;
    /// Finds one, and keeps others from changing it.
    async fn lock(&self, id: RefundId) -> Result<Option<Refund>, RepositoryError>;
    /// The one that this request made before.
    async fn find_by_key(&self, request_key: &str) -> Result<Option<Refund>, RepositoryError>;
    /// The one that the gateway knows by this id.
    async fn lock_by_gateway_id(&self, gateway_id: &str) -> Result<Option<Refund>, RepositoryError>;
    /// All of an order, the oldest first.
    async fn of_order(&self, order: OrderId) -> Result<Vec<Refund>, RepositoryError>;
    /// Writes what changed: where it stands, and what the gateway said.
    async fn update(&self, refund: &Refund) -> Result<(), RepositoryError>;
    /// Counts so much of an order, and so much of it of its payment, as given back, if there is so much left of both: one
    /// statement each decides. If it answers `false` the caller rolls back.
    async fn count(
        &self,
        order: OrderId,
        amount: Money,
        payment: Option<PaymentId>,
        card: Money,
    ) -> Result<bool, RepositoryError>;
    /// Counts it as not given back after all.
    async fn count_back(
        &self,
        order: OrderId,
        amount: Money,
        payment: Option<PaymentId>,
        card: Money,
    ) -> Result<bool, RepositoryError>;
    /// What each seller earned by an order, as the ledger has it; `None` of an order that was paid before there was one.
    async fn earned(&self, order: OrderId) -> Result<Option<BTreeMap<UserId, Money>>, RepositoryError>;
    /// Whether a payment is disputed, and how that ended.
    async fn dispute_of(&self, payment: PaymentId) -> Result<Option<DisputeState>, RepositoryError>;
    /// Notes that on the payment.
    async fn note_dispute(&self, payment: PaymentId, state: DisputeState) -> Result<(), RepositoryError>;
}

/// Reads refunds, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait RefundQueries: Send + Sync {
    /// One of them.
    async fn find_refund(&self, id: RefundId) -> Result<Option<Refund>, RepositoryError>;
    /// All of an order, the newest first.
    async fn refunds_of(&self, order: OrderId) -> Result<Vec<Refund>, RepositoryError>;
}

/// How a dispute of a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisputeState {
    /// The bank has the money, and the case is open.
    Open,
    /// The bank gave it again.
    Won,
    /// The bank keeps it.
    Lost,
}

impl DisputeState {
    /// How a payment stands of which there are these disputes: open while one is, lost when one was.
    #[must_use]
    pub fn of(disputes: impl IntoIterator<Item = RefundStatus>) -> Option<Self> {
        let each = disputes.into_iter().map(|status| match status {
            RefundStatus::Pending => Self::Open,
            RefundStatus::Succeeded => Self::Lost,
            RefundStatus::Failed => Self::Won,
        });
        each.max_by_key(|state| match state {
            Self::Won => 0,
            Self::Lost => 1,
            Self::Open => 2,
        })
    }
}

/// The gateway as it gives money back.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait RefundGateway: Send + Sync {
    /// Gives back, once for each refund: asked again, it answers how that stands. [`GatewayError::Refused`] means that nothing was
    /// given back, and that nothing will be.
    async fn refund(&self, payment: &Payment, wish: &CardRefund) -> Result<GatewayRefund, GatewayError>;
    /// How a dispute stands; `None` where it takes no money, or is none of ours.
    async fn dispute(&self, gateway_id: &str) -> Result<Option<GatewayDispute>, GatewayError>;
}

/// What is to go back to a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardRefund {
    /// By this the gateway tells a repeated request from a new one.
    pub id: RefundId,
    /// How much.
    pub amount: Money,
    /// Whether it may have been asked for this before: then it is looked for first, since gateways forget their keys.
    pub asked_before: bool,
    /// The gateway's id for it, if it has told one.
    pub known_as: Option<String>,
}

/// What the gateway says about a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayRefund {
    /// Its id for it.
    pub id: String,
    /// How it stands.
    pub verdict: RefundVerdict,
}

/// What the gateway says about a dispute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayDispute {
    /// The payment.
    pub payment: PaymentId,
    /// How much the bank took.
    pub amount: Money,
    /// How it stands: succeeded when it is lost, failed when it is won.
    pub verdict: RefundVerdict,
    /// What the gateway took for itself, and gave back of that.
    pub fees: Vec<GatewayFee>,
}

/// What a gateway took for a dispute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayFee {
    /// Its name for taking it.
    pub transfer: String,
    /// How much, in the currency in which it keeps the shop's money; negative where it gave it back.
    pub amount: Money,
}

/// The gateway's list of disputes: how they are known when no event tells of them.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait DisputeList: Send + Sync {
    /// The ids of those of this shop's payments that were opened since then and take money.
    async fn disputes_since(&self, since: DateTime<Utc>) -> Result<Vec<String>, GatewayError>;
}

/// Reads which disputes are known, outside any transaction, by the gateway's ids.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait DisputeQueries: Send + Sync {
    /// Which of these are.
    async fn known_disputes(&self, gateway_ids: &[String]) -> Result<Vec<String>, RepositoryError>;
    /// Those that are open, or have moved since then.
    async fn moving_disputes(&self, since: DateTime<Utc>) -> Result<Vec<String>, RepositoryError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_disputes_the_worst_counts() {
        use {DisputeState as D, RefundStatus as S};
        for (disputes, state) in [
            (&[][..], None),
            (&[S::Failed], Some(D::Won)),
            (&[S::Succeeded, S::Failed], Some(D::Lost)),
            (&[S::Failed, S::Pending], Some(D::Open)),
            (&[S::Pending, S::Succeeded], Some(D::Open)),
        ] {
            assert_eq!(DisputeState::of(disputes.iter().copied()), state, "{disputes:?}");
        }
    }
}
