//! What the payment use cases need from outside.

use crate::jobs::JobFailure;
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Applied, Money, OrderId, PaymentId};
use domain::orders::Order;
use domain::payments::{GatewayVerdict, HostedSession, Payment};
use std::collections::HashMap;

/// Stores attempts to pay.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PaymentRepository: Send + Sync {
    /// Adds one.
    async fn insert(&self, payment: &Payment) -> Result<(), RepositoryError>;
    /// Finds one, and keeps others from changing it.
    async fn lock(&self, id: PaymentId) -> Result<Option<Payment>, RepositoryError>;
    /// The same by what it pays. Lock the order first.
    async fn lock_of_order(&self, order: OrderId) -> Result<Option<Payment>, RepositoryError>;
    /// Writes what changed.
    async fn update(&self, payment: &Payment) -> Result<(), RepositoryError>;
}

/// Reads attempts to pay, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PaymentQueries: Send + Sync {
    /// By id.
    async fn find(&self, id: PaymentId) -> Result<Option<Payment>, RepositoryError>;
    /// The payment of each order that has one.
    async fn of_orders(&self, orders: &[OrderId]) -> Result<HashMap<OrderId, Payment>, RepositoryError>;
}

/// Stores what gateways told us.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait WebhookEventRepository: Send + Sync {
    /// Keeps an event as it came; `Already` when its id is known.
    async fn insert(&self, event: &ReceivedEvent) -> Result<Applied, RepositoryError>;
}

/// An event as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedEvent {
    /// The gateway's name.
    pub gateway: &'static str,
    /// Its id for the event.
    pub id: String,
    /// What kind of event.
    pub kind: String,
    /// The body, as it was signed.
    pub payload: String,
    /// When it came.
    pub received_at: DateTime<Utc>,
}

/// A provider of hosted card payments.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PaymentGateway: Send + Sync {
    /// Its name, as in the address of its webhook.
    fn name(&self) -> &'static str;
    /// The least amount that it takes on a page and that is no less than this one: gateways take nothing very small, and some
    /// currencies only in steps.
    fn payable(&self, amount: Money) -> Money;
    /// Opens a page on which the customer pays. The payment's id is the key: the same payment again answers the same page.
    async fn open(&self, payment: &Payment, order: &Order) -> Result<HostedSession, GatewayError>;
    /// How a page stands.
    async fn verdict(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError>;
    /// Closes a page so that nobody can pay on it any more, and answers how it ended: paid, if someone was faster.
    async fn close(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError>;
    /// Reads an event, if the signature is the gateway's and not older than it may be.
    fn read_event(&self, body: &[u8], signature: &str, now: DateTime<Utc>) -> Result<GatewayEvent, InvalidEvent>;
}

/// What an event says. Only whom it concerns is believed; how that stands is asked of the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayEvent {
    /// The gateway's id for the event.
    pub id: String,
    /// What kind of event.
    pub kind: String,
    /// The payment that it is about, if it is about one of ours.
    pub payment: Option<PaymentId>,
    /// Whether it tells of what the shop does not do by itself, such as a dispute.
    pub wants_a_person: bool,
}

/// The body or its signature is not the gateway's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEvent {
    /// Not signed by the gateway, or too long ago.
    #[error("the signature is not valid")]
    Signature,
    /// Signed, but not an event.
    #[error("the body is not an event")]
    Body,
}

/// Why the gateway did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// It refused; asking again changes nothing.
    #[error("the payment gateway refused: {0}")]
    Refused(String),
    /// It is away, or has too much to do: it has done nothing.
    #[error("the payment gateway is away")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Its answer was lost: it may have done it. Asking again is safe.
    #[error("the payment gateway's answer was lost")]
    Lost(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A refusal is for a person; a gateway that was away may be back.
impl From<GatewayError> for JobFailure {
    fn from(error: GatewayError) -> Self {
        match &error {
            GatewayError::Refused(_) => Self::Fail(error.to_string()),
            GatewayError::Unavailable(why) | GatewayError::Lost(why) => Self::Retry(format!("{error}: {why}")),
        }
    }
}
