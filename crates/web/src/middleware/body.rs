//! The body of a request, read whole before its handler runs: not larger than it may be, and not later. actix-web itself
//! would wait for a promised body for ever.

use super::refuse;
use crate::problem::{Problem, registry};
use crate::settings::Settings;
use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONNECTION, CONTENT_LENGTH, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{Error, HttpMessage};
use futures_util::StreamExt;
use std::time::Duration;

/// Reads the body, or refuses the request.
///
/// # Errors
/// Those of what it surrounds.
pub async fn whole(mut request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let payload = request.take_payload();
    if matches!(payload, Payload::None) {
        return next.call(request).await;
    }
    let (limit, deadline) = request
        .app_data::<Data<Settings>>()
        .map_or((1024 * 1024, Duration::from_secs(20)), |settings| (settings.body_limit, settings.body_deadline));
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let body = if announced.is_some_and(|length| length > limit) {
        Err(Problem::new(&registry::BODY_TOO_LARGE))
    } else {
        let late = |_| Err(Problem::new(&registry::REQUEST_TIMEOUT));
        tokio::time::timeout(deadline, read(payload, limit)).await.unwrap_or_else(late)
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

async fn read(mut payload: Payload, limit: usize) -> Result<Bytes, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| Problem::new(&registry::BAD_REQUEST).caused_by(error))?;
        if body.len() + chunk.len() > limit {
            return Err(Problem::new(&registry::BODY_TOO_LARGE));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
