//! What the payment use cases need from outside.

use crate::jobs::JobFailure;
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Applied, Currency, EmailAddress, Money, OrderId, Page, PageRequest, PaymentId, RefundId, UserId};
use domain::orders::{Order, OrderNumber};
use domain::payments::{GatewayVerdict, HostedSession, Payment, PaymentStatus, Track};
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
    /// The payment that was asked for by this name.
    async fn lock_by_key(&self, key: &str) -> Result<Option<Payment>, RepositoryError>;
    /// The newest top-up of this customer and amount that was written down since then and has not failed. Lock the customer
    /// first, so that no other is written meanwhile.
    async fn find_twin(
        &self,
        customer: UserId,
        amount: Money,
        since: DateTime<Utc>,
    ) -> Result<Option<PaymentId>, RepositoryError>;
    /// What is recorded of attempts to pay by this customer and from this client, as far as rules look back from now.
    async fn track(
        &self,
        customer: Option<UserId>,
        client: &str,
        currency: Currency,
        now: DateTime<Utc>,
    ) -> Result<Track, RepositoryError>;
    /// Notes the cards that were tried for a payment, by their digests; those that are noted are left as they are.
    async fn note_cards(&self, payment: PaymentId, cards: &[String], now: DateTime<Utc>)
    -> Result<(), RepositoryError>;
    /// Forgets cards that were noted before then; answers how many.
    async fn purge_cards(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError>;
}

/// Reads attempts to pay, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PaymentQueries: Send + Sync {
    /// By id.
    async fn find(&self, id: PaymentId) -> Result<Option<Payment>, RepositoryError>;
    /// A customer's own.
    async fn find_owned(&self, customer: UserId, id: PaymentId) -> Result<Option<Payment>, RepositoryError>;
    /// The payment of each order that has one.
    async fn of_orders(&self, orders: &[OrderId]) -> Result<HashMap<OrderId, Payment>, RepositoryError>;
    /// Everybody's, the newest first.
    async fn list_payments(
        &self,
        filter: &PaymentFilter,
        page: &PageRequest,
    ) -> Result<Page<PaymentWithCustomer>, RepositoryError>;
    /// One of anybody's.
    async fn find_with_customer(&self, id: PaymentId) -> Result<Option<PaymentWithCustomer>, RepositoryError>;
}

/// Which payments are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentFilter {
    /// A part of the customer's address, or the order's number.
    pub text: Option<String>,
    /// Standing in one of these ways; in any, without.
    pub statuses: Vec<PaymentStatus>,
    /// Of which so much has gone back; any, without.
    pub gone_back: Option<GoneBack>,
}

/// How much of a payment has gone back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoneBack {
    /// None of it.
    Nothing,
    /// Some of it.
    Part,
    /// All of it.
    All,
}

/// A payment, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentWithCustomer {
    /// The payment.
    pub payment: Payment,
    /// The customer's address; of a guest, their order's.
    pub email: Option<EmailAddress>,
    /// The number of the order that it pays.
    pub order_number: Option<OrderNumber>,
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
    /// Opens a page on which the customer pays an order, or without one pays into their balance. The payment's id is the key: the
    /// same payment again answers the same page. For a payment that is reviewed the bank only promises the money.
    async fn open<'a>(&self, payment: &Payment, order: Option<&'a Order>) -> Result<HostedSession, GatewayError>;
    /// How a page stands.
    async fn verdict(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError>;
    /// Closes a page so that nobody can pay on it any more, and answers how it ended: paid, if someone was faster.
    async fn close(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError>;
    /// Takes money that was promised on a page, and answers how that stands: paid, also if it was taken before.
    async fn capture(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError>;
    /// Lets go of money that was promised on a page, and answers how that stands: paid, if it was taken before.
    async fn release(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError>;
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
    /// The money that it says goes back.
    pub going_back: Option<GoingBack>,
    /// Whether it tells of what the shop does not do by itself.
    pub wants_a_person: bool,
}

/// Money that goes back to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GoingBack {
    /// A refund of ours.
    Refund(RefundId),
    /// A dispute, by the gateway's id.
    Dispute(String),
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
    /// About play money, where the shop takes real money; or the reverse.
    #[error("the event is of the gateway's other mode")]
    OtherMode,
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
