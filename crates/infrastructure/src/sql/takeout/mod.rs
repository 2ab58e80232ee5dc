//! Reading what hangs on an account, for its owner to take along: names and dates, and no column that holds a secret.

use super::Sql;
use super::error::from_db;
use application::RepositoryError;
use application::takeout::ports::{
    ApiKeyRecord, Belongings, EventRecord, IdentityRecord, PasskeyRecord, TakeoutQueries, WebhookRecord,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::UserId;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{DatabaseConnection, FromQueryResult, JsonValue, SelectModel, SelectorRaw};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct PasskeyRow {
    name: String,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct ApiKeyRow {
    name: String,
    prefix: String,
    scopes: JsonValue,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct WebhookRow {
    url: String,
    description: Option<String>,
    events: JsonValue,
    created_at: DateTime<Utc>,
    disabled_at: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct IdentityRow {
    provider: String,
    subject: String,
    email: Option<String>,
    created_at: DateTime<Utc>,
}

#[derive(FromQueryResult)]
struct EventRow {
    at: DateTime<Utc>,
    kind: String,
    actor_id: Option<Uuid>,
    address: Option<String>,
    device: Option<String>,
    details: JsonValue,
}

#[derive(FromQueryResult)]
struct TotpRow {
    confirmed_at: Option<DateTime<Utc>>,
}

/// These columns of a user's rows of a table.
fn own(table: &'static str, columns: &[&'static str], user: UserId) -> SelectStatement {
    let mut rows = Query::select();
    rows.from(table).columns(columns.iter().copied()).and_where(Expr::col("user_id").eq(user.uuid()));
    rows
}

impl Sql<DatabaseConnection> {
    async fn rows<T: FromQueryResult>(&self, select: &SelectStatement) -> Result<Vec<T>, RepositoryError> {
        let statement = self.0.get_database_backend().build(select);
        SelectorRaw::<SelectModel<T>>::from_statement(statement).all(&self.0).await.map_err(from_db)
    }
}

#[async_trait]
impl TakeoutQueries for Sql<DatabaseConnection> {
    async fn belongings(&self, user: UserId, most_events: u64) -> Result<Belongings, RepositoryError> {
        let oldest_first = |mut select: SelectStatement| select.order_by("created_at", Order::Asc).take();
        let passkeys = oldest_first(own("passkeys", &["name", "created_at", "last_used_at"], user));
        let columns = ["name", "prefix", "scopes", "created_at", "last_used_at", "expires_at", "revoked_at"];
        let api_keys = oldest_first(own("api_keys", &columns, user));
        let identities = oldest_first(own("linked_identities", &["provider", "subject", "email", "created_at"], user));
        let mut webhooks = Query::select();
        webhooks.from("webhooks").columns(["url", "description", "events", "created_at", "disabled_at"]);
        webhooks.and_where(Expr::col("created_by").eq(user.uuid())); // a seller's own, or what an admin made for the platform
        let webhooks = oldest_first(webhooks);
        let totp = own("totp", &["confirmed_at"], user);
        let mut events = own("security_events", &["at", "kind", "actor_id", "address", "device", "details"], user);
        events.order_by("at", Order::Desc).order_by("id", Order::Desc).limit(most_events);
        let event = |row: EventRow| {
            let theirs = row.actor_id.is_none_or(|actor| actor == user.uuid());
            EventRecord {
                at: row.at,
                kind: row.kind,
                address: row.address.filter(|_| theirs),
                device: row.device.filter(|_| theirs),
                details: serde_json::from_value(row.details).unwrap_or_default(),
            }
        };
        Ok(Belongings {
            passkeys: self.rows::<PasskeyRow>(&passkeys).await?.into_iter().map(Into::into).collect(),
            api_keys: self.rows::<ApiKeyRow>(&api_keys).await?.into_iter().map(Into::into).collect(),
            webhooks: self.rows::<WebhookRow>(&webhooks).await?.into_iter().map(Into::into).collect(),
            identities: self.rows::<IdentityRow>(&identities).await?.into_iter().map(Into::into).collect(),
            security_events: self.rows::<EventRow>(&events).await?.into_iter().map(event).collect(),
            totp_since: self.rows::<TotpRow>(&totp).await?.into_iter().find_map(|row| row.confirmed_at),
        })
    }
}

impl From<PasskeyRow> for PasskeyRecord {
    fn from(row: PasskeyRow) -> Self {
        Self { name: row.name, created_at: row.created_at, last_used_at: row.last_used_at }
    }
}

impl From<ApiKeyRow> for ApiKeyRecord {
    fn from(row: ApiKeyRow) -> Self {
        Self {
            name: row.name,
            prefix: row.prefix,
            scopes: serde_json::from_value(row.scopes).unwrap_or_default(),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
        }
    }
}

impl From<WebhookRow> for WebhookRecord {
    fn from(row: WebhookRow) -> Self {
        let WebhookRow { url, description, events, created_at, disabled_at } = row;
        let events = serde_json::from_value(events).unwrap_or_default();
        Self { url, description, events, created_at, disabled_at }
    }
}

impl From<IdentityRow> for IdentityRecord {
    fn from(row: IdentityRow) -> Self {
        Self { provider: row.provider, subject: row.subject, email: row.email, created_at: row.created_at }
    }
}
