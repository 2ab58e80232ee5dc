//! Deliveries on the wire.

use super::dto::WebhookEvent;
use crate::wire::lists;
use application::webhooks::ports::TriedDelivery;
use chrono::{DateTime, Utc};
use domain::webhooks::{Attempt, Delivery, DeliveryStatus, Fault, Outcome};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookDeliveryStatus {
    /// It will be tried, for the first time or again.
    Waiting,
    /// It has arrived.
    Delivered,
    /// It was tried often enough, or the webhook was switched off.
    Failed,
}

impl From<DeliveryStatus> for WebhookDeliveryStatus {
    fn from(status: DeliveryStatus) -> Self {
        match status {
            DeliveryStatus::Waiting => Self::Waiting,
            DeliveryStatus::Delivered => Self::Delivered,
            DeliveryStatus::Failed => Self::Failed,
        }
    }
}

/// Why a try got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookFault {
    /// It took longer than 15 seconds.
    TimedOut,
    /// The host's name leads nowhere.
    NameNotFound,
    /// It leads to an address that nothing is sent to.
    ForbiddenAddress,
    /// No connection, or none that is secure.
    NotReached,
    /// The connection ended without an answer.
    NoAnswer,
    /// The webhook's secret could not be opened: give it another.
    NotSigned,
}

impl From<Fault> for WebhookFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::TimedOut => Self::TimedOut,
            Fault::NameNotFound => Self::NameNotFound,
            Fault::ForbiddenAddress => Self::ForbiddenAddress,
            Fault::NotReached => Self::NotReached,
            Fault::NoAnswer => Self::NoAnswer,
            Fault::NotSigned => Self::NotSigned,
        }
    }
}

/// An event on its way to a webhook.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookDelivery {
    /// Its id.
    pub id: Uuid,
    /// The message's `webhook-id`: the same each time that it is sent.
    #[schema(example = "evt_01934e8a6c0b7c2f9d1e5a7b3c4d5e6f")]
    pub event_id: String,
    /// What happened.
    pub event: WebhookEvent,
    /// How it stands.
    pub status: WebhookDeliveryStatus,
    /// How often it was tried since it was last asked for.
    pub tries: u32,
    /// When it is tried next, if it is.
    #[schema(required)]
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// When the event was on its way first.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<Delivery> for WebhookDelivery {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id.uuid(),
            event_id: format!("evt_{}", delivery.event_id.simple()),
            event: delivery.kind.into(),
            status: delivery.status.into(),
            tries: delivery.tries,
            next_attempt_at: delivery.next_attempt_at,
            created_at: delivery.created_at,
            updated_at: delivery.updated_at,
        }
    }
}

lists! {
    /// A page of deliveries, the newest first.
    WebhookDeliveryPage of WebhookDelivery,
}

/// A try.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookAttempt {
    /// When it began.
    pub at: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// The HTTP status of the answer; without one, see `fault`.
    #[schema(required)]
    pub status_code: Option<u16>,
    /// Why there was no answer.
    #[schema(required)]
    pub fault: Option<WebhookFault>,
    /// How the answer begins: 4 kB at the most.
    #[schema(required)]
    pub answer: Option<String>,
}

impl From<Attempt> for WebhookAttempt {
    fn from(attempt: Attempt) -> Self {
        let (status_code, fault, answer) = match attempt.outcome {
            Outcome::Answered { status, body } => (Some(status), None, Some(body)),
            Outcome::Fault(fault) => (None, Some(fault.into()), None),
        };
        Self { at: attempt.at, duration_ms: attempt.took.num_milliseconds(), status_code, fault, answer }
    }
}

/// A delivery with what was sent, and what came of each try.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookDeliveryDetails {
    /// The delivery.
    #[serde(flatten)]
    pub delivery: WebhookDelivery,
    /// The body as it is sent.
    #[schema(value_type = Object)]
    pub payload: Value,
    /// The last tries, the newest first: 50 at the most.
    pub attempts: Vec<WebhookAttempt>,
}

impl From<TriedDelivery> for WebhookDeliveryDetails {
    fn from(tried: TriedDelivery) -> Self {
        let payload = serde_json::from_str(&tried.delivery.payload).unwrap_or_default();
        let attempts = tried.attempts.into_iter().map(Into::into).collect();
        Self { payload, delivery: tried.delivery.into(), attempts }
    }
}
