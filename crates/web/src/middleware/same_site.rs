//! The guard against other sites' pages that use a visitor's session (cross-site request forgery).
//!
//! A request that carries the session cookie and may change something must come from a page of the shop or of an allowed
//! front end. Browsers say so in `Sec-Fetch-Site` and `Origin` (OWASP: fetch metadata, with the origin as fallback); who
//! sends neither is no browser, and has no visitor to deceive.

use super::refuse;
use crate::extract::caller;
use crate::problem::{Problem, registry};
use crate::settings::Settings;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HOST, ORIGIN};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, web};
use url::{Position, Url};

/// Refuses what another site's page sent with a visitor's cookie.
///
/// # Errors
/// Those of what it surrounds.
pub async fn guard(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let guarded = !request.method().is_safe() && caller::comes_by_cookie(request.request());
    if guarded && !comes_from_us(request.request()) {
        return Ok(refuse(request, &Problem::new(&registry::CROSS_SITE_REQUEST)));
    }
    next.call(request).await
}

fn comes_from_us(request: &HttpRequest) -> bool {
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (header("sec-fetch-site"), header(ORIGIN.as_str())) {
        (Some("same-origin" | "none"), _) | (None, None) => true,
        (_, Some(origin)) => is_allowed(request, origin),
        (Some(_), None) => false,
    }
}

fn is_allowed(request: &HttpRequest, origin: &str) -> bool {
    let Ok(origin) = Url::parse(origin) else { return false };
    let settings = request.app_data::<web::Data<Settings>>();
    let listed = settings.is_some_and(|settings| settings.allows_origin(&origin.origin()));
    // The shop may be reached by several names; a browser's Host is the name that its page has.
    let host = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    listed || host.is_some_and(|host| !host.is_empty() && host == &origin[Position::BeforeHost..Position::AfterPort])
}
