//! What is read for someone who takes their data along, beyond what other contexts read anyway.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::UserId;
use std::collections::BTreeMap;

/// Reads what hangs on an account, without its secrets.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait TakeoutQueries: Send + Sync {
    /// A user's keys, identities and webhooks, the oldest first, and at most so many lines of the security log about them, the
    /// newest first. What somebody else did to them doesn't say where that other one was.
    async fn belongings(&self, user: UserId, most_events: u64) -> Result<Belongings, RepositoryError>;
}

/// What hangs on an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Belongings {
    /// Passkeys.
    pub passkeys: Vec<PasskeyRecord>,
    /// API keys.
    pub api_keys: Vec<ApiKeyRecord>,
    /// Where they have messages sent, without the secrets that sign them.
    pub webhooks: Vec<WebhookRecord>,
    /// Identities elsewhere.
    pub identities: Vec<IdentityRecord>,
    /// What the security log says of them.
    pub security_events: Vec<EventRecord>,
    /// Since when an authenticator app is asked for, if it is.
    pub totp_since: Option<DateTime<Utc>>,
}

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyRecord {
    /// As its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// An API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRecord {
    /// As its owner calls it.
    pub name: String,
    /// How it begins.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Until when it is good.
    pub expires_at: Option<DateTime<Utc>>,
    /// Since when it isn't any more.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// An endpoint that is told of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRecord {
    /// Where messages go.
    pub url: String,
    /// As its owner calls it.
    pub description: Option<String>,
    /// What it is told of.
    pub events: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Since when it is told of nothing any more.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// An identity elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityRecord {
    /// Where.
    pub provider: String,
    /// Who they are there.
    pub subject: String,
    /// Their address there.
    pub email: Option<String>,
    /// When it was linked.
    pub created_at: DateTime<Utc>,
}

/// A line of the security log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRecord {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: String,
    /// From where.
    pub address: Option<String>,
    /// By what device.
    pub device: Option<String>,
    /// More of it.
    pub details: BTreeMap<String, String>,
}
