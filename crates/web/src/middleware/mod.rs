//! What happens to every request around its handler, outermost first: a request id, the log, metrics and the net for
//! panics ([`observe`]); the security headers ([`headers`]); compression; CORS; the body, whole and in time ([`body`]).
//! Below `/api/v1` then the budgets of users ([`budgets`], [`known_keys`]), the flood guard ([`rate_limit`]), the budget of tries, the guard
//! against other sites ([`same_site`]), and idempotency keys ([`idempotency`]).

pub mod body;
pub mod budgets;
pub mod cors;
pub mod etag;
pub mod headers;
pub mod idempotency;
pub mod known_keys;
pub mod metrics;
pub mod observe;
pub mod rate_limit;
pub mod request_id;
pub mod same_site;

use crate::problem::Problem;
use actix_web::ResponseError;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};

/// Answers a request with a problem, before it reached its handler.
fn refuse(request: ServiceRequest, problem: &Problem) -> ServiceResponse<BoxBody> {
    request.into_response(problem.error_response())
}
