//! Where gateways call.

use super::dto::Received;
use crate::problem::{Problem, ProblemDocument};
use actix_web::{HttpRequest, HttpResponse, post, web};
use application::payments::hear::HearGateway;

/// An event of a payment gateway, signed in the way of Stripe.
#[utoipa::path(operation_id = "hear_gateway", tag = "payments",
    params(
        ("gateway" = String, Path, description = "`stripe` or `sandbox`, whichever is configured"),
        ("Stripe-Signature" = String, Header, description = "`t=...,v1=...`: HMAC-SHA256 over time and body"),
    ),
    request_body(content = Object, description = "The event"), responses(
    (status = 200, description = "Taken, now or before", body = Received),
    (status = 400, description = "`webhook-signature-invalid`, `webhook-body-invalid`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "No such gateway is configured", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/webhooks/{gateway}")]
pub async fn hear_gateway(
    request: HttpRequest,
    gateway: web::Path<String>,
    body: web::Bytes,
    ear: web::Data<dyn HearGateway>,
) -> Result<HttpResponse, Problem> {
    let signature = request.headers().get("stripe-signature").and_then(|value| value.to_str().ok());
    ear.hear(&gateway, &body, signature.unwrap_or_default()).await?;
    Ok(HttpResponse::Ok().json(Received { received: true }))
}
