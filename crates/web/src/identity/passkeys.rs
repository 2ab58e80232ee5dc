//! Making, naming and removing passkeys.

use crate::extract::{InOrder, Permitted, ValidJson, text};
use crate::problem::{Problem, ProblemDocument, registry};
use actix_web::{HttpResponse, delete, get, patch, post, web};
use application::identity::passkeys::{KeepPasskeys, PasskeyError, PasskeyQuestion};
use application::identity::policy::{ChangeCredentials, FinishCredentials, ViewCredentials};
use application::identity::ports::PasskeyFailed;
use chrono::{DateTime, Utc};
use domain::kernel::PasskeyId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

type Answer = Result<HttpResponse, Problem>;

/// A passkey.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasskeyView {
    /// Its id.
    pub id: Uuid,
    /// What you call it.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last signed you in.
    #[schema(required)]
    pub last_used_at: Option<DateTime<Utc>>,
}

impl From<domain::identity::Passkey> for PasskeyView {
    fn from(passkey: domain::identity::Passkey) -> Self {
        let (created_at, last_used_at) = (passkey.created_at, passkey.last_used_at);
        Self { id: passkey.id.uuid(), name: passkey.name, created_at, last_used_at }
    }
}

/// Someone's passkeys, in the order of their making.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasskeyList {
    /// All of them.
    pub data: Vec<PasskeyView>,
    /// Always `null`.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// What a device is asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasskeyQuestionView {
    /// To be handed in with the answer, within five minutes.
    pub challenge: String,
    /// For `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` of WebAuthn, level 3.
    #[schema(value_type = Object)]
    pub options: Value,
}

impl From<PasskeyQuestion> for PasskeyQuestionView {
    fn from(question: PasskeyQuestion) -> Self {
        Self { challenge: question.challenge, options: question.options }
    }
}

/// A passkey that a device has made.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPasskeyRequest {
    /// The `challenge` of the question.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub challenge: String,
    /// What you call it.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 100), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 100, example = "My laptop")]
    pub name: String,
    /// What `navigator.credentials.create()` answers, by its `toJSON()`.
    #[schema(value_type = HashMap<String, Value>)]
    pub credential: Value,
}

/// Another name for a passkey.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenamePasskeyRequest {
    /// What you call it from now on.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 100), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
}

/// Your passkeys.
#[utoipa::path(operation_id = "list_passkeys", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "Your passkeys", body = PasskeyList),
))]
#[get("/users/me/passkeys")]
pub async fn list_passkeys(caller: Permitted<ViewCredentials>, passkeys: web::Data<dyn KeepPasskeys>) -> Answer {
    let data = passkeys.list(&caller.0).await?.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(PasskeyList { data, next_cursor: None }))
}

/// Begin to make a passkey.
#[utoipa::path(operation_id = "begin_passkey", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "What to ask the device", body = PasskeyQuestionView),
    (status = 403, description = "`fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`too-many-passkeys`, `passkeys-unavailable`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/users/me/passkeys/options")]
pub async fn begin_passkey(caller: Permitted<ChangeCredentials>, passkeys: web::Data<dyn KeepPasskeys>) -> Answer {
    Ok(HttpResponse::Ok().json(PasskeyQuestionView::from(passkeys.begin(&caller.0).await?)))
}

/// Keep a passkey that a device has made.
#[utoipa::path(operation_id = "add_passkey", tag = "identity", security(("bearer" = []), ("cookie" = [])),
    request_body = AddPasskeyRequest, responses(
    (status = 201, description = "The passkey", body = PasskeyView),
    (status = 409, description = "`passkey-taken`, `too-many-passkeys`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`challenge-expired`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 422, description = "`passkey-refused`, `validation-failed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/users/me/passkeys")]
pub async fn add_passkey(
    input: InOrder<Permitted<FinishCredentials>, ValidJson<AddPasskeyRequest>>,
    passkeys: web::Data<dyn KeepPasskeys>,
) -> Answer {
    let InOrder(Permitted(caller), ValidJson(body)) = input;
    let passkey = passkeys.add(&caller, &body.challenge, &body.name, &body.credential).await?;
    Ok(HttpResponse::Created().json(PasskeyView::from(passkey)))
}

/// Rename a passkey.
#[utoipa::path(operation_id = "rename_passkey", tag = "identity", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The passkey")), request_body = RenamePasskeyRequest, responses(
    (status = 200, description = "The passkey", body = PasskeyView),
    (status = 404, description = "`not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[patch("/users/me/passkeys/{id}")]
pub async fn rename_passkey(
    input: InOrder<Permitted<FinishCredentials>, InOrder<web::Path<Uuid>, ValidJson<RenamePasskeyRequest>>>,
    passkeys: web::Data<dyn KeepPasskeys>,
) -> Answer {
    let InOrder(Permitted(caller), InOrder(id, ValidJson(body))) = input;
    let renamed = passkeys.rename(&caller, PasskeyId::new(*id), &body.name).await?;
    let passkey = renamed.ok_or_else(|| Problem::new(&registry::NOT_FOUND))?;
    Ok(HttpResponse::Ok().json(PasskeyView::from(passkey)))
}

/// Remove a passkey.
#[utoipa::path(operation_id = "remove_passkey", tag = "identity", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The passkey")), responses(
    (status = 204, description = "It signs nobody in any more"),
    (status = 403, description = "`fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[delete("/users/me/passkeys/{id}")]
pub async fn remove_passkey(
    input: InOrder<Permitted<ChangeCredentials>, web::Path<Uuid>>,
    passkeys: web::Data<dyn KeepPasskeys>,
) -> Answer {
    let InOrder(Permitted(caller), id) = input;
    if passkeys.remove(&caller, PasskeyId::new(*id)).await? {
        return Ok(HttpResponse::NoContent().finish());
    }
    Err(Problem::new(&registry::NOT_FOUND))
}

impl From<PasskeyFailed> for Problem {
    fn from(error: PasskeyFailed) -> Self {
        match error {
            PasskeyFailed::NoDomain => Self::new(&registry::PASSKEYS_UNAVAILABLE),
            PasskeyFailed::Broken(_) => Self::internal(error),
        }
    }
}

impl From<PasskeyError> for Problem {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Expired => Self::new(&registry::CHALLENGE_EXPIRED),
            PasskeyError::Refused => Self::new(&registry::PASSKEY_REFUSED),
            PasskeyError::Taken => Self::new(&registry::PASSKEY_TAKEN),
            PasskeyError::TooMany => Self::new(&registry::TOO_MANY_PASSKEYS),
            PasskeyError::Failed(error) => error.into(),
            PasskeyError::Repository(error) => error.into(),
        }
    }
}
