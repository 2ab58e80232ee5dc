//! The outermost layer: every request gets an id, a span, a line in the log and its place in the metrics; a panic becomes
//! a 500. Addresses are logged by their route's template, since a cart's id and an order's token are secrets.

use super::metrics::Metrics;
use super::{headers, request_id};
use crate::problem::{Problem, ToldProblem};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode, Uri};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, ResponseError, web};
use futures_util::FutureExt;
use std::any::Any;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::time::Instant;
use tracing::Instrument;

/// Surrounds a request.
///
/// # Errors
/// Only after a panic, and then with a finished answer.
pub async fn observe(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let id = request_id::choose(request.headers());
    let method = request.method().clone();
    let metrics = request.app_data::<web::Data<Metrics>>().cloned();
    let in_flight = metrics.as_ref().map(|metrics| metrics.begin());
    normalise(&mut request);

    let span = tracing::info_span!("request", request_id = id);
    let answer = AssertUnwindSafe(next.call(request)).catch_unwind();
    let answer = request_id::REQUEST_ID.scope(id.clone(), answer).instrument(span.clone()).await;
    let answer = answer.unwrap_or_else(|panic| Err(Panicked::new(panic.as_ref(), &id).into()));

    let (route, status, problem) = match &answer {
        Ok(answer) => (route(answer), answer.status(), told(answer)),
        Err(error) => ("unmatched".to_owned(), error.as_response_error().status_code(), Some("internal-error")),
    };
    let (method, status, took) = (label(&method), status.as_u16(), began.elapsed());
    if let Some(metrics) = metrics {
        metrics.answered(method, &route, status, problem, took);
    }
    drop(in_flight);
    span.in_scope(
        || tracing::info!(target: "web::access", method, route, status, problem, duration = ?took, "answered"),
    );
    let mut answer = answer?.map_into_boxed_body();
    answer.headers_mut().insert(request_id::HEADER, request_id::value(&id));
    Ok(answer)
}

/// HEAD is GET whose body is left out on the way; below `/api` a slash at the end means nothing.
fn normalise(request: &mut ServiceRequest) {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let path = request.path();
    let wanted = match path {
        "/api/v1" => "/api/v1/",
        "/api/v1/" => return,
        path if path.starts_with("/api/") && path.ends_with('/') => path.trim_end_matches('/'),
        _ => return,
    };
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    let Ok(uri) = format!("{wanted}{query}").parse::<Uri>() else { return };
    request.match_info_mut().get_mut().update(&uri);
    request.head_mut().uri = uri;
}

fn route<B>(answer: &ServiceResponse<B>) -> String {
    answer.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned())
}

fn told<B>(answer: &ServiceResponse<B>) -> Option<&'static str> {
    answer.response().extensions().get::<ToldProblem>().map(|told| told.0)
}

/// Only methods that there are: a stranger's inventions must not fill the metrics.
fn label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}

/// A handler panicked. Its request is gone with it, so the answer is finished here, with all its headers.
#[derive(Debug)]
struct Panicked {
    request_id: String,
}

impl Panicked {
    fn new(panic: &(dyn Any + Send), id: &str) -> Self {
        let text = panic.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        tracing::error!(request_id = id, panic = text, "a handler panicked");
        Self { request_id: id.to_owned() }
    }
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a handler panicked")
    }
}

impl ResponseError for Panicked {
    fn status_code(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }

    fn error_response(&self) -> HttpResponse {
        let problem = || Problem::internal("a handler panicked").error_response();
        let mut answer = request_id::REQUEST_ID.sync_scope(self.request_id.clone(), problem);
        let all: &mut HeaderMap = answer.headers_mut();
        headers::put(all, false);
        let id = request_id::value(&self.request_id);
        all.insert(request_id::HEADER, HeaderValue::clone(&id));
        answer
    }
}
