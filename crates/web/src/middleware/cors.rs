//! Other front ends that may call from browsers (the Fetch standard's CORS protocol). Everyone else's pages may not read.

use crate::settings::Settings;
use actix_cors::Cors;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};

/// The rules for the configured origins.
pub fn cors(settings: &Settings) -> Cors {
    let allowed = [AUTHORIZATION, CONTENT_TYPE, HeaderName::from_static("idempotency-key"), super::request_id::HEADER];
    let exposed = [
        "etag",
        "location",
        "retry-after",
        "x-request-id",
        "idempotent-replayed",
        "ratelimit-limit",
        "ratelimit-remaining",
        "ratelimit-reset",
    ];
    let cors = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers(allowed)
        .expose_headers(exposed)
        .supports_credentials()
        .max_age(600);
    settings.cors_origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
