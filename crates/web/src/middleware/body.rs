//! The body of a request, read whole before its handler runs: not larger than it may be, not later, and not drop by drop.
//! actix-web itself would wait for a promised body for ever.

use super::refuse;
use crate::problem::{Problem, registry};
use crate::settings::{BodyPace, Settings};
use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONNECTION, CONTENT_LENGTH, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{Error, HttpMessage};
use futures_util::StreamExt;
use tokio::time::{Instant, timeout_at};

/// Reads the body, or refuses the request.
///
/// # Errors
/// Those of what it surrounds.
pub async fn whole(mut request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let payload = request.take_payload();
    if matches!(payload, Payload::None) {
        return next.call(request).await;
    }
    let settings = request.app_data::<Data<Settings>>();
    let (limit, pace) =
        settings.map_or((1024 * 1024, BodyPace::default()), |settings| (settings.body_limit, settings.body_pace));
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let body = if announced.is_some_and(|length| length > limit) {
        Err(Problem::new(&registry::BODY_TOO_LARGE))
    } else {
        read(payload, limit, pace).await
    };
    match body {
        Ok(body) => {
            request.set_payload(Payload::from(body));
            next.call(request).await
        }
        // What may still come is not waited for.
        Err(problem) => {
            let problem = problem.header(CONNECTION, HeaderValue::from_static("close"));
            let mut answer = refuse(request, &problem);
            answer.response_mut().head_mut().set_connection_type(actix_web::http::ConnectionType::Close);
            Ok(answer)
        }
    }
}

async fn read(mut payload: Payload, limit: usize, pace: BodyPace) -> Result<Bytes, Problem> {
    let late = || Problem::new(&registry::REQUEST_TIMEOUT);
    let end = Instant::now() + pace.deadline;
    let mut span_end = Instant::now() + pace.span;
    let (mut body, mut before) = (BytesMut::new(), 0);
    loop {
        match timeout_at(span_end.min(end), payload.next()).await {
            Ok(None) => return Ok(body.freeze()),
            Ok(Some(chunk)) => {
                let chunk = chunk.map_err(|error| Problem::new(&registry::BAD_REQUEST).caused_by(error))?;
                if body.len() + chunk.len() > limit {
                    return Err(Problem::new(&registry::BODY_TOO_LARGE));
                }
                body.extend_from_slice(&chunk);
            }
            Err(_) => {}
        }
        // Also after a chunk: a sender whose next one always lies ready would never let the timer end.
        let now = Instant::now();
        if now >= end || (now >= span_end && body.len() - before < pace.least) {
            return Err(late());
        }
        if now >= span_end {
            (span_end, before) = (now + pace.span, body.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::error::PayloadError;
    use futures_util::stream;
    use std::time::Duration;

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
        read(body, 1_000, PACE).await.map(|body| body.len()).map_err(|problem| problem.code())
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
