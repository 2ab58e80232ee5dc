//! The keys by which others check our tokens (RFC 7517). They change when keys are rotated, so they are asked for each time.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get};

/// Knows the public halves of all keys whose tokens are good.
pub trait PublicKeys: Send + Sync {
    /// They, as a JSON Web Key Set.
    fn key_set(&self) -> serde_json::Value;
}

#[get("/.well-known/jwks.json")]
async fn jwks(keys: Data<dyn PublicKeys>) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header(("cache-control", "public, max-age=300")).json(keys.key_set())
}

/// Adds the route.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(jwks);
}
