//! Making many accounts at once.

use super::dto::RegisterRequest;
use crate::extract::{CallingClient, InOrder, Permitted, ValidJson, json};
use crate::problem::{FieldError, Problem, ProblemDocument};
use actix_web::{HttpResponse, post, web};
use application::identity::policy::AdministerUsers;
use application::identity::register::{Registrar, Registration};
use application::identity::register_many::{RegisterMany, RowRefusal};
use domain::kernel::UserId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Many who are to get an account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkRegisterRequest {
    /// Each as at a registration; what is wrong with one is told in its result.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000, value_type = Vec<RegisterRequest>)]
    pub users: Vec<Value>,
}

/// What became of the rows.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkRegisterResponse {
    /// How many accounts were made.
    pub created: usize,
    /// How many were not.
    pub failed: usize,
    /// One for each row, in their order.
    pub results: Vec<BulkResult>,
}

/// What became of a row.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkResult {
    /// Which row, from 0.
    pub index: usize,
    /// What the answer's status would be if the row had come alone: 201, 409, 422 or 503.
    #[schema(example = 201)]
    pub status: u16,
    /// The account's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<Uuid>,
    /// Everything that is wrong with the row; pointers begin at the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub errors: Option<Vec<FieldError>>,
}

impl BulkResult {
    const fn created(index: usize, id: UserId) -> Self {
        Self { index, status: 201, id: Some(id.uuid()), errors: None }
    }

    const fn failed(index: usize, status: u16, errors: Vec<FieldError>) -> Self {
        Self { index, status, id: None, errors: Some(errors) }
    }

    fn of(index: usize, outcome: Result<UserId, RowRefusal>) -> Self {
        let at = |field: &str| format!("/users/{index}{field}");
        let (status, fault) = match outcome {
            Ok(id) => return Self::created(index, id),
            Err(RowRefusal::EmailTaken) => (409, FieldError::new(at("/email"), "email-taken", "has an account")),
            Err(RowRefusal::EmailRepeated) => {
                (409, FieldError::new(at("/email"), "email-repeated", "stands in a row before"))
            }
            Err(RowRefusal::Unavailable) => {
                (503, FieldError::new(at(""), "service-unavailable", "could not be made now; send this row again"))
            }
        };
        Self::failed(index, status, vec![fault])
    }
}

/// Make up to 1000 accounts. Each row succeeds or fails by itself, and each new account is mailed its code. One password
/// is hashed at a time, so 1000 rows take some minutes: let the client wait, or send smaller batches. A row that was
/// made before (because the connection broke, say) is told as `email-taken`.
#[utoipa::path(operation_id = "register_bulk", tag = "administration", security(("bearer" = []), ("cookie" = [])),
    request_body = BulkRegisterRequest, responses(
    (status = 200, description = "What became of each row", body = BulkRegisterResponse),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/auth/register/bulk")]
pub async fn register_bulk(
    input: InOrder<Permitted<AdministerUsers>, ValidJson<BulkRegisterRequest>>,
    client: CallingClient,
    many: web::Data<dyn RegisterMany>,
) -> Result<HttpResponse, Problem> {
    let InOrder(caller, ValidJson(body)) = input;
    let (of, mut results, mut rows, mut places) = (body.users.len(), Vec::new(), Vec::new(), Vec::new());
    for (index, row) in body.users.into_iter().enumerate() {
        match registration(row, Registrar::Admin(caller.0.user_id, client.0.clone())) {
            Ok(registration) => {
                rows.push(registration);
                places.push(index);
            }
            Err(problem) => results.push(BulkResult::failed(index, 422, within_row(index, problem.errors()))),
        }
    }
    let outcomes = many.register_many(&caller.0, rows, of, &client.0).await?;
    for (index, outcome) in places.into_iter().zip(outcomes) {
        results.push(BulkResult::of(index, outcome));
    }
    results.sort_by_key(|result| result.index);
    let created = results.iter().filter(|result| result.id.is_some()).count();
    let failed = results.len().saturating_sub(created);
    Ok(HttpResponse::Ok().json(BulkRegisterResponse { created, failed, results }))
}

fn registration(row: Value, by: Registrar) -> Result<Registration, Problem> {
    json::check::<RegisterRequest>(row)?.into_registration(by)
}

fn within_row(index: usize, errors: &[FieldError]) -> Vec<FieldError> {
    let within =
        |error: &FieldError| FieldError { pointer: format!("/users/{index}{}", error.pointer), ..error.clone() };
    errors.iter().map(within).collect()
}
