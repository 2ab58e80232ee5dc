//! The security log, as admins read it.

use crate::extract::{FromQuery, InOrder, PageQuery, Permitted, QueryReader, ValidQuery};
use crate::problem::{Problem, ProblemDocument};
use crate::wire::lists;
use actix_web::{HttpResponse, get, web};
use application::audit::SecurityEventKind;
use application::audit::ports::{LoggedEvent, SecurityLogFilter};
use application::audit::read::ViewSecurityLog;
use application::identity::policy::ReadSecurityLog;
use chrono::{DateTime, Utc};
use domain::kernel::{PageRequest, UserId};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_security_events);
}

/// A line of the security log.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecurityEvent {
    /// Its id.
    pub id: Uuid,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What happened.
    #[schema(example = "login_failed")]
    pub kind: String,
    /// Whom it is about.
    #[schema(required)]
    pub user_id: Option<Uuid>,
    /// Who did it, where that is someone else.
    #[schema(required)]
    pub actor_id: Option<Uuid>,
    /// The address that was tried, masked.
    #[schema(required, example = "a…@example.com")]
    pub email: Option<String>,
    /// From where.
    #[schema(required)]
    pub address: Option<String>,
    /// By what device.
    #[schema(required)]
    pub device: Option<String>,
    /// More of it.
    pub details: BTreeMap<String, String>,
}

lists! {
    /// A page of the security log.
    SecurityEventPage of SecurityEvent,
}

impl From<LoggedEvent> for SecurityEvent {
    fn from(event: LoggedEvent) -> Self {
        Self {
            id: event.id.uuid(),
            at: event.at,
            kind: event.kind,
            user_id: event.user_id.map(UserId::uuid),
            actor_id: event.actor_id.map(UserId::uuid),
            email: event.email,
            address: event.address,
            device: event.device,
            details: event.details,
        }
    }
}

/// The parameters of the log.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the OpenAPI document's view of `SecurityLogQuery`, which reads them")]
pub struct SecurityLogParams {
    /// Only lines of this kind, such as `login_failed`.
    kind: Option<String>,
    /// Only lines about this user.
    user: Option<Uuid>,
    /// Only lines from this moment on.
    since: Option<DateTime<Utc>>,
}

/// What the log is asked for.
#[derive(Debug)]
pub struct SecurityLogQuery {
    /// Which lines.
    pub filter: SecurityLogFilter,
    /// Which part.
    pub page: PageRequest,
}

impl SecurityLogQuery {
    /// The list's name in cursors.
    pub const LIST: &'static str = "security-log";
}

impl FromQuery for SecurityLogQuery {
    fn read(query: &mut QueryReader) -> Self {
        let time = |text: &str| DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc));
        let filter = SecurityLogFilter {
            kind: query.parsed("kind", "kind", "is no kind of the security log", SecurityEventKind::parse),
            user: query.parsed("user", "id", "is no id", |text| Uuid::parse_str(text).ok().map(UserId::new)),
            since: query.parsed("since", "time", "is no time of RFC 3339", time),
        };
        let page = PageQuery::read(query).of_list(Self::LIST, query);
        Self { filter, page }
    }
}

/// Read the security log, newest first.
#[utoipa::path(operation_id = "list_security_events", tag = "administration", security(("bearer" = []), ("cookie" = [])),
    params(SecurityLogParams, PageQuery), responses(
    (status = 200, description = "A page of the log", body = SecurityEventPage),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/admin/security-log")]
pub async fn list_security_events(
    input: InOrder<Permitted<ReadSecurityLog>, ValidQuery<SecurityLogQuery>>,
    log: web::Data<dyn ViewSecurityLog>,
) -> Result<HttpResponse, Problem> {
    let InOrder(caller, ValidQuery(query)) = input;
    let page = log.list(&caller.0, &query.filter, &query.page).await?;
    Ok(HttpResponse::Ok().json(SecurityEventPage::page(SecurityLogQuery::LIST, page)))
}
