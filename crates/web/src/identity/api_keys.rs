//! API keys.

use crate::extract::{CallingClient, InOrder, Permitted, ValidJson, text};
use crate::problem::{Problem, ProblemDocument, registry};
use crate::wire;
use actix_web::{HttpResponse, delete, get, post, web};
use application::identity::api_keys::{ApiKeyWish, CreateApiKeyError, CreatedApiKey, KeepApiKeys};
use application::identity::policy::{ChangeCredentials, RevokeApiKeys, ViewCredentials};
use chrono::{DateTime, Utc};
use domain::identity::{ApiKey, ApiKeyRefusal, Scope};
use domain::kernel::ApiKeyId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

type Answer = Result<HttpResponse, Problem>;

macro_rules! scopes {
    ($($(#[$doc:meta])+ $name:ident = $text:tt,)+) => {
        /// What an API key may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub enum ApiKeyScope {
            $($(#[$doc])+ #[serde(rename = $text)] $name,)+
        }

        impl From<ApiKeyScope> for Scope {
            fn from(scope: ApiKeyScope) -> Self {
                match scope { $(ApiKeyScope::$name => Self::$name),+ }
            }
        }

        impl From<Scope> for ApiKeyScope {
            fn from(scope: Scope) -> Self {
                match scope { $(Scope::$name => Self::$name),+ }
            }
        }
    };
}

scopes! {
    /// Reading the profile.
    ProfileRead = "profile:read",
    /// Reading orders.
    OrdersRead = "orders:read",
    /// Filling carts, checking out, cancelling.
    OrdersWrite = "orders:write",
    /// Reading one's own products.
    ProductsRead = "products:read",
    /// Making and changing one's own products.
    ProductsWrite = "products:write",
    /// Reading what one has sold.
    SalesRead = "sales:read",
}

/// What a key is to be.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateApiKeyRequest {
    /// What you call it.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 100), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it may do; no more than you may yourself.
    #[validate(length(min = 1, max = 6))]
    #[schema(min_items = 1, max_items = 6)]
    pub scopes: Vec<ApiKeyScope>,
    /// Until when it is good; without it, until you revoke it.
    #[validate(custom(function = wire::time))]
    pub expires_at: Option<DateTime<Utc>>,
}

/// An API key; the key itself is never shown again.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub struct ApiKeyView {
    /// Its id.
    pub id: Uuid,
    /// What you call it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<ApiKeyScope>,
    /// How it begins.
    #[schema(example = "carat_q2X9fA")]
    pub prefix: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    #[schema(required)]
    pub last_used_at: Option<DateTime<Utc>>,
    /// Until when it is good.
    #[schema(required)]
    pub expires_at: Option<DateTime<Utc>>,
}

/// A new API key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewApiKey)]
pub struct CreatedApiKeyView {
    /// What is kept of it.
    #[serde(flatten)]
    pub view: ApiKeyView,
    /// The key itself, to be sent as a Bearer token; shown this once.
    pub key: String,
}

/// Someone's API keys, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeyList {
    /// All of them.
    pub data: Vec<ApiKeyView>,
    /// Always `null`.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl From<ApiKey> for ApiKeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id.uuid(),
            name: key.name,
            scopes: key.scopes.iter().map(Into::into).collect(),
            prefix: key.prefix,
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            expires_at: key.expires_at,
        }
    }
}

impl From<CreatedApiKey> for CreatedApiKeyView {
    fn from(created: CreatedApiKey) -> Self {
        Self { view: created.key.into(), key: created.secret }
    }
}

impl From<CreateApiKeyError> for Problem {
    fn from(error: CreateApiKeyError) -> Self {
        match error {
            CreateApiKeyError::Refused(ApiKeyRefusal::NoScope) => {
                Self::invalid_field("/scopes", "required", "must not be empty")
            }
            CreateApiKeyError::Refused(ApiKeyRefusal::Expired) => {
                Self::invalid_field("/expires_at", "past", "must be in the future")
            }
            CreateApiKeyError::TooMany => Self::new(&registry::TOO_MANY_API_KEYS),
            CreateApiKeyError::Repository(error) => error.into(),
        }
    }
}

/// Your API keys.
#[utoipa::path(operation_id = "list_api_keys", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "Your API keys, the newest first", body = ApiKeyList),
))]
#[get("/users/me/api-keys")]
pub async fn list_api_keys(caller: Permitted<ViewCredentials>, keys: web::Data<dyn KeepApiKeys>) -> Answer {
    let data = keys.list(&caller.0).await?.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(ApiKeyList { data, next_cursor: None }))
}

/// Make an API key, by which a program acts for you. You are told of it by mail.
#[utoipa::path(operation_id = "create_api_key", tag = "identity", security(("bearer" = []), ("cookie" = [])),
    request_body = CreateApiKeyRequest, responses(
    (status = 201, description = "The key, shown this once", body = CreatedApiKeyView),
    (status = 403, description = "`fresh-proof-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`too-many-api-keys`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/users/me/api-keys")]
pub async fn create_api_key(
    input: InOrder<Permitted<ChangeCredentials>, ValidJson<CreateApiKeyRequest>>,
    client: CallingClient,
    keys: web::Data<dyn KeepApiKeys>,
) -> Answer {
    let InOrder(caller, ValidJson(body)) = input;
    let scopes = body.scopes.into_iter().map(Scope::from).collect();
    let wish = ApiKeyWish { name: body.name, scopes, expires_at: body.expires_at };
    let created = keys.create(&caller.0, wish, &client.0).await?;
    Ok(HttpResponse::Created().json(CreatedApiKeyView::from(created)))
}

/// Revoke an API key: it is refused from now on.
#[utoipa::path(operation_id = "revoke_api_key", tag = "identity", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The key's id")), responses(
    (status = 204, description = "It is revoked"),
    (status = 403, description = "`api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[delete("/users/me/api-keys/{id}")]
pub async fn revoke_api_key(
    input: InOrder<Permitted<RevokeApiKeys>, web::Path<Uuid>>,
    client: CallingClient,
    keys: web::Data<dyn KeepApiKeys>,
) -> Answer {
    let InOrder(caller, id) = input;
    if keys.revoke(&caller.0, ApiKeyId::new(*id), &client.0).await? {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(Problem::new(&registry::NOT_FOUND))
    }
}
