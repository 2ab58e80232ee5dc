//! Idempotency keys: a POST, PUT or PATCH with a key that was used before gets the first answer again, byte for byte.
//!
//! A key belongs to its caller and stands for one request: method, address and the bytes of the body. Kept is the answer of
//! a request that was executed, its cookies included. Not kept is what changed nothing and may turn out otherwise next time:
//! failures of ours, floods, locks, callers who are not signed in, requests that were refused before they ran; nor is what
//! the shop is not to know any more ([`Unkept`]). Webhooks have
//! no keys: their events have ids of their own.

use super::{body, refuse};
use crate::extract::{caller, idempotency_key};
use crate::problem::{Problem, ToldProblem, registry};
use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError};
use application::idempotency::{Claim, ClaimId, IdempotencyKeys, KeyedRequest, LEASE, StoredAnswer};
use application::identity::{Allowed, policy};
use application::system::Clock;
use sha2::{Digest, Sha256};
use std::convert::Infallible;

/// Says that an answer was given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// The headers of one transmission; those that the handler set belong to its answer.
const NOT_KEPT: [HeaderName; 4] = [CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING];

/// On an answer with secrets that the shop is not to have afterwards, as an extension: it is kept under no key. Whatever the
/// request did, it did once by its own means: sent again, it is executed again, and refused.
#[derive(Debug, Clone, Copy)]
pub struct Unkept;

/// Honours the key of a request that has one.
///
/// # Errors
/// Those of what it surrounds.
pub async fn honour(mut request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    if !concerns(&request) {
        return next.call(request).await;
    }
    let keyed = match keyed(&mut request).await {
        Ok(Some(keyed)) => keyed,
        Ok(None) => return next.call(request).await,
        Err(problem) => return Ok(refuse(request, &problem)),
    };
    let (Some(keys), Some(clock)) =
        (request.app_data::<Data<dyn IdempotencyKeys>>().cloned(), request.app_data::<Data<dyn Clock>>().cloned())
    else {
        return Ok(refuse(request, &Problem::internal("IdempotencyKeys or Clock is missing")));
    };
    let claim = match keys.claim(&keyed, clock.now()).await {
        Ok(Claim::Granted(claim)) => claim,
        Ok(Claim::Replay(answer)) => return Ok(request.into_response(replay(answer))),
        Ok(Claim::Mismatch) => return Ok(refuse(request, &Problem::new(&registry::IDEMPOTENCY_KEY_REUSED))),
        Ok(Claim::InUse) => {
            return Ok(refuse(request, &Problem::new(&registry::IDEMPOTENCY_KEY_IN_USE).retry_after(1)));
        }
        Err(error) => return Ok(refuse(request, &error.into())),
    };
    // Should the caller hang up or the handler panic now, the key is left to its lease: nobody knows how far it came.
    let answer = tokio::select! {
        answer = next.call(request) => answer?,
        never = renew(keys.as_ref(), &keyed, claim, clock.as_ref()) => match never {},
    };
    conclude(keys.as_ref(), &keyed, claim, answer).await
}

/// Keeps the lease from ending while the request runs; beside it, since both may wait for the same database.
async fn renew(keys: &dyn IdempotencyKeys, keyed: &KeyedRequest, claim: ClaimId, clock: &dyn Clock) -> Infallible {
    loop {
        tokio::time::sleep(LEASE.to_std().unwrap_or_default() / 3).await;
        if let Err(error) = keys.renew(keyed, claim, clock.now()).await {
            tracing::warn!(%error, "the lease of an idempotency key could not be renewed");
        }
    }
}

fn concerns(request: &ServiceRequest) -> bool {
    let method = [Method::POST, Method::PUT, Method::PATCH].contains(request.method());
    // The address as it is routed: the one that was sent may hide letters behind percent signs.
    method && !request.match_info().as_str().starts_with("/api/v1/webhooks/")
}

/// The key with whose it is and what it stands for. A caller whose token is not valid has none: the handler refuses them, or
/// renews their token.
async fn keyed(request: &mut ServiceRequest) -> Result<Option<KeyedRequest>, Problem> {
    let Some(key) = idempotency_key::read(request.headers())? else { return Ok(None) };
    let caller = match idempotency_key::scope(request.request()).await {
        Ok(caller) => caller,
        Err(problem) if problem.status_code() == StatusCode::UNAUTHORIZED => return Ok(None),
        Err(problem) => return Err(problem),
    };
    if body::is_upload(request.method(), request.path()) && !may_upload(request).await? {
        return Ok(None); // the handler refuses them, and nobody reads what they send
    }
    let payload = request.take_payload();
    let body = to_bytes(actix_web::body::BodyStream::new(payload)).await;
    let body = body.map_err(body::refused)?;
    let address = request.uri().path_and_query().map_or("", |address| address.as_str());
    let fingerprint = fingerprint(request.method(), address, &parts(boundary(request.headers()), &body));
    request.set_payload(Payload::from(body));
    Ok(Some(KeyedRequest { caller, key, fingerprint }))
}

async fn may_upload(request: &ServiceRequest) -> Result<bool, Problem> {
    let caller = caller::of_request(request.request()).await?;
    let now = request.app_data::<Data<dyn Clock>>().map(|clock| clock.now());
    Ok(caller.zip(now).is_some_and(|(caller, now)| Allowed::<policy::SellProducts>::check(&caller, now).is_ok()))
}

/// The line that separates the parts of a form. Browsers draw another one each time they send it.
fn boundary(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let mut parts = header.split(';').map(str::trim);
    if !parts.next()?.eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parts.find_map(|part| part.strip_prefix("boundary="))?.trim_matches('"');
    Some(boundary).filter(|boundary| !boundary.is_empty())
}

/// What a body says: itself, or what stands between the lines of a form.
fn parts<'a>(boundary: Option<&str>, body: &'a [u8]) -> Vec<&'a [u8]> {
    let Some(line) = boundary.map(|boundary| format!("--{boundary}")) else { return vec![body] };
    let (mut parts, mut rest) = (Vec::new(), body);
    while let Some(at) = rest.windows(line.len()).position(|window| window == line.as_bytes()) {
        parts.push(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + line.len()..).unwrap_or_default();
    }
    parts.push(rest);
    parts
}

/// A digest of what a request asks for; lengths stand between the parts, so that none can pass for another.
fn fingerprint(method: &Method, address: &str, body: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for part in [method.as_str().as_bytes(), address.as_bytes()].iter().chain(body) {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    hex::encode(digest.finalize())
}

fn replay(stored: StoredAnswer) -> HttpResponse {
    let status = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::build(status);
    for header in stored.headers {
        answer.append_header(header);
    }
    answer.insert_header((REPLAYED, HeaderValue::from_static("true"))).body(stored.body)
}

/// Keeps the answer under its key, or gives the key back.
async fn conclude(
    keys: &dyn IdempotencyKeys,
    keyed: &KeyedRequest,
    claim: ClaimId,
    answer: ServiceResponse<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if !is_kept(&answer) {
        if let Err(error) = keys.release(keyed, claim).await {
            tracing::warn!(%error, "an idempotency key is left to its lease");
        }
        return Ok(answer);
    }
    let (request, answer) = answer.into_parts();
    let (head, body) = answer.into_parts();
    let body: Bytes = to_bytes(body).await.map_err(|error| Problem::internal(error.to_string()))?;
    let kept = head.headers().iter().filter(|(name, _)| !NOT_KEPT.contains(name));
    let headers = kept.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned()))).collect();
    let stored = StoredAnswer { status: head.status().as_u16(), headers, body: body.to_vec() };
    // The request has been executed: its caller is told so even if the answer can't be kept.
    match keys.keep(keyed, claim, &stored).await {
        Ok(true) => {}
        Ok(false) => tracing::warn!("an answer came after the lease of its idempotency key"),
        Err(error) => tracing::warn!(%error, "an answer could not be kept under its idempotency key"),
    }
    Ok(ServiceResponse::new(request, head.set_body(BoxBody::new(body))))
}

/// Whether the answer is one of an execution.
fn is_kept(answer: &ServiceResponse<BoxBody>) -> bool {
    let status = answer.status();
    if answer.response().extensions().get::<Unkept>().is_some() {
        return false;
    }
    let told = answer.response().extensions().get::<ToldProblem>().map(|told| told.0);
    let before_execution = matches!(status.as_u16(), 400 | 401 | 403 | 405 | 408 | 413 | 415 | 423 | 429)
        || told == Some(registry::VALIDATION_FAILED.code);
    !status.is_server_error() && !before_execution
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(line: &str, file: &str) -> Vec<u8> {
        format!("--{line}\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\n{file}\r\n--{line}--\r\n")
            .into_bytes()
    }

    fn mark(line: &str, body: &[u8]) -> String {
        let mut headers = HeaderMap::new();
        let value = format!("multipart/form-data; boundary={line}");
        headers.insert(CONTENT_TYPE, HeaderValue::from_str(&value).unwrap());
        fingerprint(&Method::POST, "/a", &parts(boundary(&headers), body))
    }

    #[test]
    fn a_form_that_is_sent_again_is_the_same_whatever_line_its_sender_drew() {
        assert_eq!(mark("one", &form("one", "ring")), mark("two", &form("two", "ring")));
        assert_ne!(mark("one", &form("one", "ring")), mark("two", &form("two", "rings")));
        assert_ne!(mark("one", &form("one", "ring")), mark("one", &form("two", "ring")));
    }

    #[test]
    fn a_line_in_the_body_of_something_else_is_none() {
        let headers = HeaderMap::new();
        assert_eq!(parts(boundary(&headers), b"a--b"), [b"a--b"]);
        assert_eq!(boundary(&headers), None);
    }
}
