//! What outgoing webhooks need from outside.

use super::secret::SigningSecret;
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Applied, Page, PageRequest, UserId, WebhookDeliveryId, WebhookId};
use domain::webhooks::{Attempt, Delivery, DeliveryStatus, Endpoint, Outcome, Owner};
use std::collections::HashMap;

/// Stores endpoints.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait WebhookRepository: Send + Sync {
    /// Adds one.
    async fn insert(&self, endpoint: &Endpoint) -> Result<(), RepositoryError>;
    /// Finds one of this owner's, and keeps others from changing it.
    async fn lock_owned(&self, owner: Owner, id: WebhookId) -> Result<Option<Endpoint>, RepositoryError>;
    /// The same, whosever it is.
    async fn lock(&self, id: WebhookId) -> Result<Option<Endpoint>, RepositoryError>;
    /// Writes what changed.
    async fn update(&self, endpoint: &Endpoint) -> Result<(), RepositoryError>;
    /// Removes one of this owner's, with all its deliveries; `false` when there is none.
    async fn remove(&self, owner: Owner, id: WebhookId) -> Result<bool, RepositoryError>;
    /// How many an owner has.
    async fn count(&self, owner: Owner) -> Result<u64, RepositoryError>;
    /// Whether any endpoint is on, whosever it is.
    async fn is_any_on(&self) -> Result<bool, RepositoryError>;
}

/// Stores deliveries, and what came of each try.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait DeliveryRepository: Send + Sync {
    /// Adds one, unless this event is on its way to this endpoint already.
    async fn insert(&self, delivery: &Delivery) -> Result<Applied, RepositoryError>;
    /// Adds those whose event is not on its way to their endpoint already, and answers how many these were.
    async fn insert_all(&self, deliveries: &[Delivery]) -> Result<u64, RepositoryError>;
    /// Finds one, and keeps others from changing it.
    async fn lock(&self, id: WebhookDeliveryId) -> Result<Option<Delivery>, RepositoryError>;
    /// Writes what changed; nobody has it in hand any more.
    async fn update(&self, delivery: &Delivery) -> Result<(), RepositoryError>;
    /// Writes down a try.
    async fn record(&self, delivery: WebhookDeliveryId, attempt: &Attempt) -> Result<(), RepositoryError>;
    /// Gives up all that waits for this endpoint.
    async fn give_up(&self, endpoint: WebhookId, now: DateTime<Utc>) -> Result<(), RepositoryError>;
    /// Forgets what was on its way before this moment and waits no more.
    async fn purge(&self, before: DateTime<Utc>) -> Result<(), RepositoryError>;
}

/// Reads endpoints and deliveries, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait WebhookQueries: Send + Sync {
    /// An owner's endpoints, the oldest first.
    async fn list_webhooks(&self, owner: Owner) -> Result<Vec<Endpoint>, RepositoryError>;
    /// One of them.
    async fn find_webhook(&self, owner: Owner, id: WebhookId) -> Result<Option<Endpoint>, RepositoryError>;
    /// One of them, whosever it is.
    async fn webhook(&self, id: WebhookId) -> Result<Option<Endpoint>, RepositoryError>;
    /// Those that are on and the platform's, or one of these sellers', who may sell.
    async fn listening(&self, sellers: &[UserId]) -> Result<Vec<Endpoint>, RepositoryError>;
    /// A page of an endpoint's deliveries, the newest first.
    async fn list_deliveries(
        &self,
        endpoint: WebhookId,
        status: Option<DeliveryStatus>,
        page: &PageRequest,
    ) -> Result<Page<Delivery>, RepositoryError>;
    /// A delivery to this endpoint, with its last tries, the newest first.
    async fn find_delivery(
        &self,
        endpoint: WebhookId,
        id: WebhookDeliveryId,
    ) -> Result<Option<TriedDelivery>, RepositoryError>;
    /// A delivery and where it goes.
    async fn find_dispatch(&self, id: WebhookDeliveryId) -> Result<Option<(Delivery, Endpoint)>, RepositoryError>;
}

/// A delivery, and what came of its tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriedDelivery {
    /// The delivery.
    pub delivery: Delivery,
    /// The last tries, the newest first.
    pub attempts: Vec<Attempt>,
}

/// Where the courier takes deliveries from. What is claimed is its claimer's until the lease of [jobs](crate::jobs::LEASE) ends;
/// then anyone may claim it.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait DeliveryStore: Send + Sync {
    /// Claims up to `limit` deliveries that are due, of each endpoint at most what [`room`] leaves beside those that the
    /// claimer has in hand.
    async fn claim(
        &self,
        now: DateTime<Utc>,
        limit: usize,
        in_hand: &HashMap<WebhookId, usize>,
    ) -> Result<Vec<DueDelivery>, RepositoryError>;
}

/// How many more deliveries to one endpoint a courier may take in hand: four at once, and one while nothing arrives there, so
/// that those who answer slowly or not at all take nobody else's turn.
#[must_use]
pub const fn room(in_hand: usize, failing: bool) -> usize {
    let most: usize = if failing { 1 } else { 4 };
    most.saturating_sub(in_hand)
}

/// A delivery in the hands of a courier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DueDelivery {
    /// Which.
    pub id: WebhookDeliveryId,
    /// Where it goes.
    pub endpoint: WebhookId,
}

/// A message to a merchant, by the Standard Webhooks convention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Where it goes.
    pub url: String,
    /// The event's id: `webhook-id`.
    pub id: String,
    /// When it is sent: `webhook-timestamp`.
    pub at: DateTime<Utc>,
    /// The body.
    pub body: String,
    /// What it is signed by.
    pub secrets: Vec<SigningSecret>,
}

/// Sends messages to merchants.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait MessageSender: Send + Sync {
    /// Sends one, to an address that was checked, within a quarter of a minute. Follows no redirect, and reads no more than
    /// the first of the answer.
    async fn send(&self, message: &Message) -> Outcome;
}

/// Knows where messages may go.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait TargetRules: Send + Sync {
    /// The address as it is kept, if messages may go there as far as it says itself. Where its name leads is looked at each
    /// time that something is sent.
    fn check(&self, url: &str) -> Result<String, TargetRefusal>;
}

/// Why nothing is sent to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetRefusal {
    /// It is no address of the web, or carries a name, a password or a fragment.
    Malformed,
    /// It is not `https`.
    NotSecure,
    /// It is not of the internet.
    Forbidden,
}
