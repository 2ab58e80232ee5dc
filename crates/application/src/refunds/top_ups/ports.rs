//! What refunds of top-ups need from outside.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use domain::kernel::{Money, PaymentId, RefundId};
use domain::refunds::TopUpRefund;

/// Stores what goes back of top-ups, and counts what it leaves. Lock the customer first, then the payment.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait TopUpRefundRepository: Send + Sync {
    /// Adds one.
    async fn insert(&self, refund: &TopUpRefund) -> Result<(), RepositoryError>;
    /// Finds one, and keeps others from changing it.
    async fn lock(&self, id: RefundId) -> Result<Option<TopUpRefund>, RepositoryError>;
    /// The one that this request made before.
    async fn find_by_key(&self, request_key: &str) -> Result<Option<TopUpRefund>, RepositoryError>;
    /// The one that the gateway knows by this id.
    async fn lock_by_gateway_id(&self, gateway_id: &str) -> Result<Option<TopUpRefund>, RepositoryError>;
    /// All of a payment, the oldest first.
    async fn of_payment(&self, payment: PaymentId) -> Result<Vec<TopUpRefund>, RepositoryError>;
    /// Writes what changed: where it stands, and what the gateway said.
    async fn update(&self, refund: &TopUpRefund) -> Result<(), RepositoryError>;
    /// Counts so much of a payment as given back, if so much was taken and has not gone back: one statement decides. If it
    /// answers `false` the caller rolls back.
    async fn count(&self, payment: PaymentId, amount: Money) -> Result<bool, RepositoryError>;
    /// Counts it as not given back after all.
    async fn count_back(&self, payment: PaymentId, amount: Money) -> Result<bool, RepositoryError>;
}

/// Reads what went back of top-ups, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait TopUpRefundQueries: Send + Sync {
    /// One of them.
    async fn find_top_up_refund(&self, id: RefundId) -> Result<Option<TopUpRefund>, RepositoryError>;
    /// All of a payment, the newest first.
    async fn top_up_refunds_of(&self, payment: PaymentId) -> Result<Vec<TopUpRefund>, RepositoryError>;
}
