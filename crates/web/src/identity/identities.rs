//! The identities elsewhere by which somebody can sign in: seeing them, and unlinking one.

use crate::extract::{InOrder, Permitted};
use crate::problem::{Problem, ProblemDocument, registry};
use actix_web::{HttpResponse, delete, get, web};
use application::identity::policy::{ChangeCredentials, ViewCredentials};
use application::identity::ports::LinkedIdentity;
use application::identity::social::identities::{KeepIdentities, UnlinkError};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;

/// Identities elsewhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityList {
    /// All of them, the oldest first.
    pub data: Vec<Identity>,
    /// Always `null`: they all are here.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// An identity elsewhere by which one can sign in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Identity {
    /// Its id.
    pub id: Uuid,
    /// Where it is from.
    #[schema(example = "google")]
    pub provider: String,
    /// Its address there when it was linked.
    #[schema(required)]
    pub email: Option<String>,
    /// When it was linked.
    pub created_at: DateTime<Utc>,
}

impl From<LinkedIdentity> for Identity {
    fn from(identity: LinkedIdentity) -> Self {
        Self {
            id: identity.id,
            provider: identity.provider,
            email: identity.email.map(|email| email.to_string()),
            created_at: identity.created_at,
        }
    }
}

/// The identities elsewhere by which you can sign in.
#[utoipa::path(operation_id = "list_identities", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "Your identities", body = IdentityList),
))]
#[get("/users/me/identities")]
pub async fn list_identities(caller: Permitted<ViewCredentials>, identities: web::Data<dyn KeepIdentities>) -> Answer {
    let data = identities.list(&caller.0).await?.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(IdentityList { data, next_cursor: None }))
}

/// Unlink one of them.
#[utoipa::path(operation_id = "unlink_identity", tag = "identity", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The identity")), responses(
    (status = 204, description = "It is unlinked"),
    (status = 404, description = "`not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`last-sign-in-method`: you could not sign in any more", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[delete("/users/me/identities/{id}")]
pub async fn unlink_identity(
    input: InOrder<Permitted<ChangeCredentials>, web::Path<Uuid>>,
    identities: web::Data<dyn KeepIdentities>,
) -> Answer {
    let InOrder(Permitted(caller), id) = input;
    identities.unlink(&caller, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<UnlinkError> for Problem {
    fn from(error: UnlinkError) -> Self {
        match error {
            UnlinkError::NotFound => Self::new(&registry::NOT_FOUND),
            UnlinkError::LastSignInMethod => Self::new(&registry::LAST_SIGN_IN_METHOD),
            UnlinkError::Repository(error) => error.into(),
        }
    }
}
