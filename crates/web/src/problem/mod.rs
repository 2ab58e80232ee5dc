//! Errors as callers see them: RFC 9457 documents with a stable code, and nothing of what went wrong inside.
//!
//! A [`Problem`] is made from an error of a use case (`problems.rs` of each context) and answered at the boundary, where
//! a fault of ours is logged once with the chain of its causes.

mod general;
pub mod pages;
pub mod registry;

use crate::middleware::request_id;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
pub use registry::Kind;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::error::Error;
use std::fmt;
use utoipa::ToSchema;

type Source = Box<dyn Error + Send + Sync>;

/// A refusal or a failure, on its way to the caller.
#[derive(Debug)]
pub struct Problem {
    kind: &'static Kind,
    detail: Option<Box<str>>,
    errors: Vec<FieldError>,
    extras: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
    source: Option<Source>,
    mends_itself: bool,
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Where: a JSON pointer (RFC 6901) into the body, or the name of a query parameter behind a slash.
    pub pointer: String,
    /// What, for programs.
    pub code: String,
    /// What, for people.
    pub message: String,
}

impl FieldError {
    /// One thing that is wrong.
    pub fn new(pointer: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: code.into(), message: message.into() }
    }
}

impl Problem {
    /// A problem of this kind; its detail is the kind's explanation unless one is given.
    #[must_use]
    pub fn new(kind: &'static Kind) -> Self {
        let (errors, extras, headers) = (Vec::new(), Map::new(), Vec::new());
        Self { kind, detail: None, errors, extras, headers, source: None, mends_itself: false }
    }

    /// A well-formed request that is wrong in these places.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(&registry::VALIDATION_FAILED) }
    }

    /// A well-formed request that is wrong in one place.
    pub fn invalid_field(pointer: &str, code: &str, message: &str) -> Self {
        Self::invalid(vec![FieldError::new(pointer, code, message)])
    }

    /// A fault of ours; the cause is logged and not told.
    pub fn internal(source: impl Into<Source>) -> Self {
        Self::new(&registry::INTERNAL).caused_by(source)
    }

    /// Something that we need is away; the caller may try again after so many seconds.
    pub fn unavailable(source: impl Into<Source>, retry_after: u32) -> Self {
        Self::new(&registry::SERVICE_UNAVAILABLE).caused_by(source).retry_after(retry_after)
    }

    /// What this time is the matter, for people.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into().into_boxed_str());
        self
    }

    /// A member of the document beyond the usual ones.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.extras.insert(name.to_owned(), serde_json::to_value(value).unwrap_or_default());
        self
    }

    /// Puts a header on the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// After how many seconds the caller may try again.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        self.header(RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// Keeps the cause for the log.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Nobody needs to do anything about it: what could not be done now is done later, or asked for again.
    #[must_use]
    pub const fn that_mends_itself(mut self) -> Self {
        self.mends_itself = true;
        self
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.kind.code
    }

    /// Everything that is wrong with the request, when that is the problem.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    fn document(&self) -> Value {
        let mut document = self.extras.clone();
        document.insert("type".to_owned(), format!("/problems/{}", self.kind.code).into());
        document.insert("title".to_owned(), self.kind.title.into());
        document.insert("status".to_owned(), self.kind.status.as_u16().into());
        document.insert("detail".to_owned(), self.detail.as_deref().unwrap_or(self.kind.explanation).into());
        document.insert("code".to_owned(), self.kind.code.into());
        document.insert("request_id".to_owned(), request_id::current().into());
        if !self.errors.is_empty() {
            document.insert("errors".to_owned(), json!(self.errors));
        }
        Value::Object(document)
    }

    /// Says once, at the boundary, what went wrong inside.
    fn log(&self) {
        if self.kind.status.is_server_error() {
            let causes = self.source.as_ref().map_or_else(String::new, |source| chain(source.as_ref()));
            let (code, request_id) = (self.kind.code, request_id::current());
            if self.mends_itself {
                tracing::warn!(code, request_id, causes, "a request failed for now");
            } else {
                tracing::error!(code, request_id, causes, "a request failed");
            }
        }
    }
}

/// An error with everything that caused it, outermost first.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}

/// Left on an answer so that the middleware knows which problem it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToldProblem(pub &'static str);

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.code, self.detail.as_deref().unwrap_or(self.kind.title))
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.kind.status
    }

    fn error_response(&self) -> HttpResponse {
        self.log();
        let mut answer = HttpResponse::build(self.kind.status);
        answer.insert_header((CONTENT_TYPE, "application/problem+json"));
        if self.kind.status == StatusCode::UNAUTHORIZED {
            answer.insert_header((WWW_AUTHENTICATE, "Bearer"));
        }
        for (name, value) in &self.headers {
            answer.insert_header((name.clone(), value.clone()));
        }
        let mut answer = answer.body(self.document().to_string());
        answer.extensions_mut().insert(ToldProblem(self.kind.code));
        answer
    }
}

/// An error document (RFC 9457). Some kinds have members of their own beside these.
#[derive(Debug, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// A page that explains the kind.
    #[schema(example = "/problems/validation-failed")]
    pub r#type: String,
    /// The kind, for people.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What this time is the matter.
    pub detail: String,
    /// The kind, for programs; stable.
    #[schema(example = "validation-failed")]
    pub code: String,
    /// What to quote when asking about it.
    pub request_id: String,
    /// Everything that is wrong with the request, when the status is 422.
    #[schema(nullable = false)]
    pub errors: Option<Vec<FieldError>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::body::to_bytes;

    async fn body(problem: &Problem) -> Value {
        let bytes = to_bytes(problem.error_response().into_body()).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[actix_web::test]
    async fn a_problem_names_its_kind_and_all_faults() {
        let problem = Problem::invalid(vec![
            FieldError::new("/email", "email", "is no e-mail address"),
            FieldError::new("/password", "too-short", "has fewer than 8 characters"),
        ]);
        let document = body(&problem).await;
        assert_eq!(document["type"], "/problems/validation-failed");
        assert_eq!(document["status"], 422);
        assert_eq!(document["code"], "validation-failed");
        assert_eq!(document["errors"].as_array().unwrap().len(), 2);
        assert_eq!(document["errors"][1]["pointer"], "/password");
    }

    #[actix_web::test]
    async fn the_cause_of_a_failure_is_not_told() {
        let document = body(&Problem::internal("SELECT * FROM secrets failed")).await;
        assert_eq!(document["status"], 500);
        assert!(!document.to_string().contains("SELECT"));
    }

    #[actix_web::test]
    async fn extras_stand_beside_the_usual_members_and_cannot_replace_them() {
        let document = body(&Problem::new(&registry::PRICE_CHANGED).with("total", 5).with("status", 200)).await;
        assert_eq!(document["total"], 5);
        assert_eq!(document["status"], 409);
    }

    #[test]
    fn an_unavailable_service_says_when_to_try_again() {
        let answer = Problem::unavailable("away", 5).error_response();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers().get(RETRY_AFTER).unwrap(), "5");
    }

    #[test]
    fn an_error_is_logged_with_everything_that_caused_it() {
        let error = application::RepositoryError::unavailable("connection refused");
        assert_eq!(chain(&error), "the database did not answer as it should: connection refused");
    }
}
