//! The guard against other sites' pages that use a visitor's session, or give the visitor one (cross-site request forgery,
//! and its kin of logging somebody in to another's account).
//!
//! A request that may change something, and that carries a cookie of ours or may set one, must come from a page of the shop
//! or of an allowed front end. Browsers say so in `Sec-Fetch-Site` and `Origin` (OWASP: fetch metadata, with the origin as
//! fallback); who sends neither is no browser, and has no visitor to deceive. A program's token without any cookie passes:
//! no page can make a browser send it, save where CORS allows that.

use super::refuse;
use crate::problem::{Problem, registry};
use crate::settings::Settings;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, web};
use url::{Position, Url};

/// Below this, answers set cookies.
const SIGN_IN: &str = "/api/v1/auth/";
/// What the names of our cookies begin with.
const COOKIES: &str = "carat_";

/// Refuses what another site's page sent with a visitor's cookies, or to sign a visitor in.
///
/// # Errors
/// Those of what it surrounds.
pub async fn guard(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    if is_guarded(request.request()) && !comes_from_us(request.request()) {
        return Ok(refuse(request, &Problem::new(&registry::CROSS_SITE_REQUEST)));
    }
    next.call(request).await
}

fn is_guarded(request: &HttpRequest) -> bool {
    // The address as it is routed: the one that was sent may hide letters behind percent signs.
    let signs_in = request.match_info().as_str().starts_with(SIGN_IN) && !request.headers().contains_key(AUTHORIZATION);
    !request.method().is_safe() && (signs_in || carries_our_cookie(request))
}

/// Whether a cookie of ours is there, readable or not.
fn carries_our_cookie(request: &HttpRequest) -> bool {
    let cookies = request.headers().get_all(COOKIE).flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    cookies.map(<[u8]>::trim_ascii_start).any(|cookie| cookie.starts_with(COOKIES.as_bytes()))
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
