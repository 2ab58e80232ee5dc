//! Someone's data on the wire. No secret stands in it: no hash, no token, no key.

use crate::identity::addresses::Address;
use crate::identity::dto::User;
use crate::identity::sessions::SessionView;
use crate::orders::dto::Order;
use application::takeout::Takeout;
use application::takeout::ports::{
    ApiKeyRecord, Belongings, EventRecord, IdentityRecord, PasskeyRecord, WebhookRecord,
};
use chrono::{DateTime, Utc};
use domain::kernel::SessionId;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Everything that is kept of a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Export {
    /// When it was gathered.
    pub exported_at: DateTime<Utc>,
    /// Whether this is all: false where there are more than 10,000 orders or security events.
    pub complete: bool,
    /// The account.
    pub user: User,
    /// The address book.
    pub addresses: Vec<Address>,
    /// The orders, newest first.
    pub orders: Vec<Order>,
    /// Where you are signed in.
    pub sessions: Vec<SessionView>,
    /// Since when signing in asks for a code of an authenticator app.
    #[schema(required)]
    pub totp_enabled_at: Option<DateTime<Utc>>,
    /// The passkeys.
    pub passkeys: Vec<ExportedPasskey>,
    /// The API keys, without the keys themselves.
    pub api_keys: Vec<ExportedApiKey>,
    /// The webhooks, without the secrets that sign their messages.
    pub webhooks: Vec<ExportedWebhook>,
    /// The identities elsewhere.
    pub identities: Vec<ExportedIdentity>,
    /// What the security log says of you, newest first.
    pub security_events: Vec<ExportedEvent>,
}

/// A passkey.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedPasskey {
    /// As you call it.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    #[schema(required)]
    pub last_used_at: Option<DateTime<Utc>>,
}

/// An API key.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedApiKey {
    /// As you call it.
    pub name: String,
    /// How it begins.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    #[schema(required)]
    pub last_used_at: Option<DateTime<Utc>>,
    /// Until when it is good.
    #[schema(required)]
    pub expires_at: Option<DateTime<Utc>>,
    /// Since when it isn't any more.
    #[schema(required)]
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A webhook that you made.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedWebhook {
    /// Where messages go.
    pub url: String,
    /// As you call it.
    #[schema(required)]
    pub description: Option<String>,
    /// What it is told of.
    pub events: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Since when it is told of nothing any more.
    #[schema(required)]
    pub disabled_at: Option<DateTime<Utc>>,
}

/// An identity elsewhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedIdentity {
    /// Where.
    pub provider: String,
    /// Who you are there.
    pub subject: String,
    /// Your address there.
    #[schema(required)]
    pub email: Option<String>,
    /// When it was linked.
    pub created_at: DateTime<Utc>,
}

/// A line of the security log.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    #[schema(example = "login_succeeded")]
    pub kind: String,
    /// From where; null where somebody else did it.
    #[schema(required)]
    pub address: Option<String>,
    /// By what device.
    #[schema(required)]
    pub device: Option<String>,
    /// More of it.
    pub details: BTreeMap<String, String>,
}

impl Export {
    /// What is given to someone in this session.
    #[must_use]
    pub fn of(takeout: Takeout, this: Option<SessionId>) -> Self {
        let Belongings { passkeys, api_keys, webhooks, identities, security_events, totp_since } = takeout.belongings;
        Self {
            exported_at: takeout.exported_at,
            complete: takeout.complete,
            user: takeout.user.into(),
            addresses: takeout.addresses.into_iter().map(Into::into).collect(),
            orders: takeout.orders.into_iter().map(Into::into).collect(),
            sessions: takeout.sessions.into_iter().map(|session| SessionView::of(session, this)).collect(),
            totp_enabled_at: totp_since,
            passkeys: passkeys.into_iter().map(Into::into).collect(),
            api_keys: api_keys.into_iter().map(Into::into).collect(),
            webhooks: webhooks.into_iter().map(Into::into).collect(),
            identities: identities.into_iter().map(Into::into).collect(),
            security_events: security_events.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<PasskeyRecord> for ExportedPasskey {
    fn from(record: PasskeyRecord) -> Self {
        Self { name: record.name, created_at: record.created_at, last_used_at: record.last_used_at }
    }
}

impl From<ApiKeyRecord> for ExportedApiKey {
    fn from(record: ApiKeyRecord) -> Self {
        let ApiKeyRecord { name, prefix, scopes, created_at, last_used_at, expires_at, revoked_at } = record;
        Self { name, prefix, scopes, created_at, last_used_at, expires_at, revoked_at }
    }
}

impl From<WebhookRecord> for ExportedWebhook {
    fn from(record: WebhookRecord) -> Self {
        let WebhookRecord { url, description, events, created_at, disabled_at } = record;
        Self { url, description, events, created_at, disabled_at }
    }
}

impl From<IdentityRecord> for ExportedIdentity {
    fn from(record: IdentityRecord) -> Self {
        let IdentityRecord { provider, subject, email, created_at } = record;
        Self { provider, subject, email, created_at }
    }
}

impl From<EventRecord> for ExportedEvent {
    fn from(record: EventRecord) -> Self {
        let EventRecord { at, kind, address, device, details } = record;
        Self { at, kind, address, device, details }
    }
}
