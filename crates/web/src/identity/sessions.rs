//! Keeping, seeing and ending sessions.

use super::cookies::{self, REFRESH_COOKIE};
use super::sign_in::{SignedInResponse, welcome};
use crate::extract::{CallingClient, InOrder, MaybeJson, Permitted};
use crate::problem::{Problem, ProblemDocument, registry};
use crate::settings::Settings;
use crate::wire::Message;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use application::identity::policy::ManageSessions;
use application::identity::sessions::{KeepSessions, RefreshError};
use application::system::Clock;
use chrono::{DateTime, Utc};
use domain::kernel::SessionId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

type Answer = Result<HttpResponse, Problem>;

/// Who wants the next tokens.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    /// The refresh token; browsers leave it out and send the cookie.
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub refresh_token: Option<String>,
}

/// A session: one sign-in on one device.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// Its id.
    pub id: Uuid,
    /// Whether it is the one that asks.
    pub current: bool,
    /// What the client says it is: "Firefox on Linux".
    pub device: String,
    /// The address from which it was last used.
    pub address: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When its tokens were last renewed.
    pub last_used_at: DateTime<Utc>,
    /// Until when it can be used, unless it is used before.
    pub expires_at: DateTime<Utc>,
}

impl SessionView {
    /// A session as someone in `this` one sees it.
    #[must_use]
    pub fn of(session: domain::identity::Session, this: Option<SessionId>) -> Self {
        Self {
            id: session.id.uuid(),
            current: Some(session.id) == this,
            device: session.device,
            address: session.address,
            created_at: session.created_at,
            last_used_at: session.rotated_at,
            expires_at: session.expires_at,
        }
    }
}

/// Someone's sessions, the last used first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionList {
    /// All of them.
    pub data: Vec<SessionView>,
    /// Always `null`.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// Get the next tokens for a refresh token, which is used up by it. One that was used before ends its session.
#[utoipa::path(operation_id = "refresh", tag = "identity", request_body = RefreshRequest, responses(
    (status = 200, description = "The next tokens, also as cookies", body = SignedInResponse, headers(("Set-Cookie" = String, description = "The session's cookies"))),
    (status = 401, description = "`refresh-token-invalid`, `refresh-token-reused`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/auth/refresh")]
pub async fn refresh(
    request: HttpRequest,
    body: MaybeJson<RefreshRequest>,
    client: CallingClient,
    sessions: web::Data<dyn KeepSessions>,
    clock: web::Data<dyn Clock>,
    settings: web::Data<Settings>,
) -> Answer {
    let cookie = request.cookie(REFRESH_COOKIE).map(|cookie| cookie.value().to_owned());
    let token = body.0.refresh_token.or(cookie).ok_or_else(|| Problem::new(&registry::REFRESH_TOKEN_INVALID))?;
    let signed_in = sessions.refresh(&token, &client.0).await?;
    Ok(welcome(signed_in, clock.now(), &settings))
}

/// Sign out: the session ends, and its tokens are refused from now on.
#[utoipa::path(operation_id = "logout", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "Signed out; the cookies are cleared", body = Message),
))]
#[post("/auth/logout")]
pub async fn logout(
    caller: Permitted<ManageSessions>,
    sessions: web::Data<dyn KeepSessions>,
    settings: web::Data<Settings>,
) -> Answer {
    sessions.log_out(&caller.0).await?;
    let mut answer = HttpResponse::Ok();
    for cookie in cookies::signed_out(&settings) {
        answer.cookie(cookie);
    }
    Ok(answer.json(Message { message: "You are signed out.".to_owned() }))
}

/// Where you are signed in.
#[utoipa::path(operation_id = "list_sessions", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "Your sessions, the last used first", body = SessionList),
))]
#[get("/auth/sessions")]
pub async fn list_sessions(caller: Permitted<ManageSessions>, sessions: web::Data<dyn KeepSessions>) -> Answer {
    let this = caller.0.session().map(|proof| proof.session_id);
    let view = |session| SessionView::of(session, this);
    let data = sessions.list(&caller.0).await?.into_iter().map(view).collect();
    Ok(HttpResponse::Ok().json(SessionList { data, next_cursor: None }))
}

/// End one of your sessions.
#[utoipa::path(operation_id = "end_session", tag = "identity", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The session")), responses(
    (status = 204, description = "It has ended"),
    (status = 404, description = "`not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[delete("/auth/sessions/{id}")]
pub async fn end_session(
    input: InOrder<Permitted<ManageSessions>, web::Path<Uuid>>,
    sessions: web::Data<dyn KeepSessions>,
) -> Answer {
    let InOrder(Permitted(caller), id) = input;
    if sessions.end(&caller, SessionId::new(*id)).await? {
        return Ok(HttpResponse::NoContent().finish());
    }
    Err(Problem::new(&registry::NOT_FOUND))
}

/// End all your sessions but this one.
#[utoipa::path(operation_id = "end_other_sessions", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204, description = "They have ended"),
))]
#[delete("/auth/sessions")]
pub async fn end_other_sessions(caller: Permitted<ManageSessions>, sessions: web::Data<dyn KeepSessions>) -> Answer {
    sessions.end_others(&caller.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<RefreshError> for Problem {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::Invalid => Self::new(&registry::REFRESH_TOKEN_INVALID),
            RefreshError::Reused => Self::new(&registry::REFRESH_TOKEN_REUSED),
            RefreshError::Signing(error) => error.into(),
            RefreshError::Repository(error) => error.into(),
        }
    }
}
