//! Webhooks on the wire.

use crate::extract::text;
use application::webhooks::keep::{KeyedWebhook, WebhookWish};
use chrono::{DateTime, Utc};
use domain::webhooks::{DisableReason, Endpoint, EndpointChange, EventKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

macro_rules! events {
    ($($(#[$doc:meta])+ $name:ident = $text:tt,)+) => {
        /// What a webhook can be told of. Gift cards are the platform's: only admins ask for them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub enum WebhookEvent {
            $($(#[$doc])+ #[serde(rename = $text)] $name,)+
        }

        impl From<WebhookEvent> for EventKind {
            fn from(event: WebhookEvent) -> Self {
                match event { $(WebhookEvent::$name => Self::$name),+ }
            }
        }

        impl From<EventKind> for WebhookEvent {
            fn from(kind: EventKind) -> Self {
                match kind { $(EventKind::$name => Self::$name),+ }
            }
        }
    };
}

events! {
    /// A customer placed an order.
    OrderPlaced = "order.placed",
    /// It is paid.
    OrderPaid = "order.paid",
    /// It was given up before it was paid.
    OrderCancelled = "order.cancelled",
    /// It was not paid in time.
    OrderExpired = "order.expired",
    /// Money of it went back.
    OrderRefunded = "order.refunded",
    /// An attempt to pay succeeded.
    PaymentSucceeded = "payment.succeeded",
    /// It failed.
    PaymentFailed = "payment.failed",
    /// It waits for somebody to look at it.
    PaymentHeld = "payment.held",
    /// The customer disputes it.
    PaymentDisputed = "payment.disputed",
    /// A gift card was issued.
    GiftCardIssued = "gift_card.issued",
    /// What was on it went into someone's balance.
    GiftCardRedeemed = "gift_card.redeemed",
    /// It is kept from being used.
    GiftCardDisabled = "gift_card.disabled",
    /// It may be used again.
    GiftCardEnabled = "gift_card.enabled",
    /// Its time is over.
    GiftCardExpired = "gift_card.expired",
    /// Nothing happened: sent by a test alone, and not to be asked for.
    Test = "webhook.test",
}

/// Why a webhook is switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookDisabledReason {
    /// You want it so.
    ByOwner,
    /// It answered 410: it wants no more.
    Gone,
    /// Nothing has arrived for five days.
    Failing,
}

impl From<DisableReason> for WebhookDisabledReason {
    fn from(reason: DisableReason) -> Self {
        match reason {
            DisableReason::ByOwner => Self::ByOwner,
            DisableReason::Gone => Self::Gone,
            DisableReason::Failing => Self::Failing,
        }
    }
}

/// A new webhook.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateWebhookRequest {
    /// Where messages go: `https`, and an address of the internet.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 2_000), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 2_000, example = "https://hooks.example.com/carat")]
    pub url: String,
    /// What it is told of.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_items = 1, max_items = 50)]
    pub events: Vec<WebhookEvent>,
    /// What you call it.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 200), custom(function = text::one_line))]
    #[schema(max_length = 200)]
    pub description: Option<String>,
}

impl From<CreateWebhookRequest> for WebhookWish {
    fn from(body: CreateWebhookRequest) -> Self {
        let events = body.events.into_iter().map(Into::into).collect();
        Self { url: body.url, description: body.description, events }
    }
}

/// What is to be different about a webhook; what is left out stays as it is.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateWebhookRequest {
    /// Where messages go.
    #[serde(default, deserialize_with = "text::trimmed_if_present")]
    #[validate(length(min = 1, max = 2_000), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 2_000, nullable = false)]
    pub url: Option<String>,
    /// What it is told of.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_items = 1, max_items = 50, nullable = false)]
    pub events: Option<Vec<WebhookEvent>>,
    /// What you call it; null for nothing.
    #[serde(default, deserialize_with = "text::trimmed_or_taken_away")]
    #[validate(length(max = 200), custom(function = text::one_line))]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub description: Option<Option<String>>,
    /// Whether it is on. Switched off, what waits for it is given up; it can be replayed later.
    #[schema(nullable = false)]
    pub enabled: Option<bool>,
}

impl From<UpdateWebhookRequest> for EndpointChange {
    fn from(body: UpdateWebhookRequest) -> Self {
        let events = body.events.map(|events| events.into_iter().map(Into::into).collect());
        Self { url: body.url, description: body.description, events, enabled: body.enabled }
    }
}

/// A webhook: an address that is told of events.
#[derive(Debug, Serialize, ToSchema)]
pub struct Webhook {
    /// Its id.
    pub id: Uuid,
    /// Where messages go.
    pub url: String,
    /// What you call it.
    #[schema(required)]
    pub description: Option<String>,
    /// What it is told of.
    pub events: Vec<WebhookEvent>,
    /// Whether it is on.
    pub enabled: bool,
    /// Why it is off.
    #[schema(required)]
    pub disabled_reason: Option<WebhookDisabledReason>,
    /// Since when it is off.
    #[schema(required)]
    pub disabled_at: Option<DateTime<Utc>>,
    /// Since when nothing has arrived any more.
    #[schema(required)]
    pub failing_since: Option<DateTime<Utc>>,
    /// Until when the secret before the present one signs, too.
    #[schema(required)]
    pub previous_secret_until: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<Endpoint> for Webhook {
    fn from(endpoint: Endpoint) -> Self {
        Self {
            id: endpoint.id.uuid(),
            enabled: endpoint.is_enabled(),
            url: endpoint.url,
            description: endpoint.description,
            events: endpoint.events.into_iter().map(Into::into).collect(),
            disabled_reason: endpoint.disabled.map(|disabled| disabled.reason.into()),
            disabled_at: endpoint.disabled.map(|disabled| disabled.at),
            failing_since: endpoint.failing_since,
            previous_secret_until: endpoint.previous_secret.map(|previous| previous.until),
            created_at: endpoint.created_at,
            updated_at: endpoint.updated_at,
        }
    }
}

/// A webhook with its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookWithSecret {
    /// The webhook.
    #[serde(flatten)]
    pub webhook: Webhook,
    /// By what you know that a message is ours (Standard Webhooks); shown this once.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=")]
    pub secret: String,
}

impl From<KeyedWebhook> for WebhookWithSecret {
    fn from(keyed: KeyedWebhook) -> Self {
        Self { secret: keyed.secret.reveal(), webhook: keyed.endpoint.into() }
    }
}

/// All webhooks of somebody, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookList {
    /// All of them.
    pub data: Vec<Webhook>,
    /// Always `null`.
    #[schema(required)]
    pub next_cursor: Option<String>,
}
