//! The body of a request, read whole before its handler runs: not larger than it may be, not later, and not drop by drop.
//! actix-web itself would wait for a promised body for ever.

use super::refuse;
use crate::problem::{Problem, registry};
use crate::settings::{BodyPace, Settings};
use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header::{CONNECTION, CONTENT_LENGTH, HeaderValue};
use actix_web::http::{ConnectionType, Method};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{Error, HttpMessage};
use futures_util::{StreamExt, stream};
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout, timeout_at};

/// Places for uploads: so many pictures are on their way at once, so that what they need of memory is bounded.
#[derive(Debug)]
pub struct Uploads {
    places: Arc<Semaphore>,
}

impl Default for Uploads {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(UPLOADS_AT_ONCE)) }
    }
}

const UPLOADS_AT_ONCE: usize = 8;
/// How long an upload waits for its place.
const UPLOADS_WAIT: Duration = Duration::from_secs(10);
/// What a form has beside its file.
const FORM: usize = 16 * 1024;

/// Reads the body, or refuses the request. An upload is not read yet: whoever reads it has seen whose it is.
///
/// # Errors
/// Those of what it surrounds.
pub async fn whole(mut request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let payload = request.take_payload();
    if matches!(payload, Payload::None) {
        return next.call(request).await;
    }
    let settings = request.app_data::<Data<Settings>>();
    let (limit, upload_limit, pace) = settings.map_or((1024 * 1024, 0, BodyPace::default()), |settings| {
        (settings.body_limit, settings.upload_limit, settings.body_pace)
    });
    if is_upload(request.method(), request.path()) {
        return upload(request, payload, upload_limit.saturating_add(FORM), pace.of_uploads(), next).await;
    }
    let body = if announced(&request).is_some_and(|length| length > limit) {
        Err(Problem::new(&registry::BODY_TOO_LARGE))
    } else {
        read(payload, limit, pace).await.map_err(refused)
    };
    match body {
        Ok(body) => {
            request.set_payload(Payload::from(body));
            next.call(request).await
        }
        // What may still come is not waited for.
        Err(problem) => {
            let mut answer = refuse(request, &problem.header(CONNECTION, HeaderValue::from_static("close")));
            answer.response_mut().head_mut().set_connection_type(ConnectionType::Close);
            Ok(answer)
        }
    }
}

/// Whether a request brings a picture: its body may be larger, and is read by who may have it.
pub fn is_upload(method: &Method, path: &str) -> bool {
    method == Method::POST && path.starts_with("/api/v1/seller/products/") && path.ends_with("/images")
}

async fn upload(
    mut request: ServiceRequest,
    payload: Payload,
    limit: usize,
    pace: BodyPace,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let too_large = announced(&request).is_some_and(|length| length > limit);
    let uploads = request.app_data::<Data<Uploads>>().cloned().unwrap_or_default();
    let turn = Arc::clone(&uploads.places).acquire_owned();
    let place = if too_large { None } else { timeout(UPLOADS_WAIT, turn).await.ok() };
    let mut answer = match place {
        _ if too_large => refuse(request, &Problem::new(&registry::BODY_TOO_LARGE)),
        None => refuse(request, &Problem::unavailable("too many uploads at once", 5).that_mends_itself()),
        Some(_kept) => {
            let arrival = Arrival::of(payload, limit, pace);
            let stream = stream::unfold(arrival, |mut arrival| async move {
                let chunk = arrival.next().await?;
                Some((chunk, arrival))
            });
            request.set_payload(Payload::Stream { payload: Box::pin(stream.fuse()) });
            next.call(request).await?
        }
    };
    if !answer.status().is_success() {
        // What may still come is not waited for.
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        answer.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    Ok(answer)
}

fn announced(request: &ServiceRequest) -> Option<usize> {
    request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok())
}

/// What a body that did not arrive as it has to means to its sender.
#[must_use]
pub fn refused(error: PayloadError) -> Problem {
    match error {
        PayloadError::Overflow => Problem::new(&registry::BODY_TOO_LARGE),
        PayloadError::Io(late) if late.kind() == ErrorKind::TimedOut => Problem::new(&registry::REQUEST_TIMEOUT),
        error => Problem::new(&registry::BAD_REQUEST).caused_by(error),
    }
}

async fn read(payload: Payload, limit: usize, pace: BodyPace) -> Result<Bytes, PayloadError> {
    let (mut arrival, mut body) = (Arrival::of(payload, limit, pace), BytesMut::new());
    while let Some(chunk) = arrival.next().await {
        body.extend_from_slice(&chunk?);
    }
    Ok(body.freeze())
}

/// A body on its way.
struct Arrival {
    payload: Payload,
    limit: usize,
    pace: BodyPace,
    end: Instant,
    span_end: Instant,
    /// What came in all, and what had come when the span began.
    so_far: usize,
    before: usize,
}

impl Arrival {
    fn of(payload: Payload, limit: usize, pace: BodyPace) -> Self {
        let now = Instant::now();
        Self { payload, limit, pace, end: now + pace.deadline, span_end: now + pace.span, so_far: 0, before: 0 }
    }

    async fn next(&mut self) -> Option<Result<Bytes, PayloadError>> {
        loop {
            let chunk = match timeout_at(self.span_end.min(self.end), self.payload.next()).await {
                Ok(None) => return None,
                Ok(Some(Err(error))) => return Some(Err(error)),
                Ok(Some(Ok(chunk))) => Some(chunk),
                Err(_) => None,
            };
            self.so_far += chunk.as_ref().map_or(0, Bytes::len);
            if self.so_far > self.limit {
                return Some(Err(PayloadError::Overflow));
            }
            // Also after a chunk: a sender whose next one always lies ready would never let the timer end.
            let now = Instant::now();
            if now >= self.end || (now >= self.span_end && self.so_far - self.before < self.pace.least) {
                return Some(Err(PayloadError::Io(ErrorKind::TimedOut.into())));
            }
            if now >= self.span_end {
                (self.span_end, self.before) = (now + self.pace.span, self.so_far);
            }
            if let Some(chunk) = chunk {
                return Some(Ok(chunk));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hundred milliseconds stand for ten seconds.
    const PACE: BodyPace =
        BodyPace { deadline: Duration::from_millis(200), span: Duration::from_millis(100), least: 50 };

    /// So many chunks of this size, each after a pause.
    fn body(chunks: usize, size: usize, pause: u64) -> Payload {
        let chunk = move |left: usize| async move {
            let left = left.checked_sub(1)?;
            tokio::time::sleep(Duration::from_millis(pause)).await;
            Some((Ok::<_, PayloadError>(Bytes::from(vec![b'x'; size])), left))
        };
        Payload::Stream { payload: Box::pin(stream::unfold(chunks, chunk)) }
    }

    async fn outcome(body: Payload) -> Result<usize, &'static str> {
        read(body, 1_000, PACE).await.map(|body| body.len()).map_err(|error| refused(error).code())
    }

    #[actix_web::test]
    async fn a_body_that_keeps_the_pace_arrives() {
        assert_eq!(outcome(body(0, 0, 0)).await, Ok(0));
        assert_eq!(outcome(body(1, 10, 60)).await, Ok(10), "a small one may be late");
        assert_eq!(outcome(body(3, 60, 45)).await, Ok(180));
    }

    #[actix_web::test]
    async fn a_body_that_drips_is_cut_off_after_the_first_span() {
        let begun = Instant::now();
        assert_eq!(outcome(body(1_000, 1, 5)).await, Err("request-timeout"));
        assert!(begun.elapsed() < Duration::from_millis(190), "{:?}", begun.elapsed());
        assert_eq!(outcome(body(1, 10, 10_000)).await, Err("request-timeout"), "or does not come at all");
    }

    #[actix_web::test]
    async fn a_body_that_begins_well_and_then_drips_is_cut_off_too() {
        let good = stream::iter([Ok::<_, PayloadError>(Bytes::from(vec![b'x'; 900]))]);
        let good_then_nothing = good.chain(stream::pending());
        let body: Payload = Payload::Stream { payload: Box::pin(good_then_nothing) };
        let begun = Instant::now();
        assert_eq!(outcome(body).await, Err("request-timeout"));
        assert!(begun.elapsed() >= PACE.deadline, "it had its first span, and the rest of the time");
    }

    #[actix_web::test]
    async fn nothing_arrives_after_the_deadline() {
        assert_eq!(outcome(body(100, 60, 30)).await, Err("request-timeout"));
    }

    #[actix_web::test]
    async fn a_body_that_is_too_large_is_refused_when_it_is() {
        assert_eq!(outcome(body(100, 600, 0)).await, Err("body-too-large"));
    }
}
