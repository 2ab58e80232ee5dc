//! The headers that every answer has, errors too. A handler that sets one itself keeps its own.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS, X_XSS_PROTECTION,
};
use actix_web::middleware::Next;

/// What pages may do.
const PAGE_POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self'; frame-ancestors 'none'; \
    base-uri 'self'; object-src 'none'; require-trusted-types-for 'script'; form-action 'self'";
/// What the documentation's pages may do beyond: Swagger UI and ReDoc style in place, and ReDoc searches in a worker.
const DOCS_POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
    worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; object-src 'none'; form-action 'self'";
/// What everything else may do, should a browser take it for a page.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 7] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (X_XSS_PROTECTION, "1; mode=block"),
    (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    // The address of a guest's order has its token.
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// The policy of a page whose form may also lead to these origins.
#[must_use]
pub fn page_policy(form_targets: &str) -> HeaderValue {
    let policy = format!("{PAGE_POLICY} {form_targets}");
    HeaderValue::from_str(policy.trim()).unwrap_or(HeaderValue::from_static(PAGE_POLICY))
}

/// Puts the headers on every answer.
///
/// # Errors
/// Those of what it surrounds.
pub async fn secure(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let documentation = is_documentation(request.path());
    let mut answer = next.call(request).await?;
    let unchanged = answer.status() == StatusCode::NOT_MODIFIED;
    let policy_is_known = answer.headers().contains_key(CONTENT_SECURITY_POLICY);
    put(answer.headers_mut(), documentation);
    if unchanged && !policy_is_known {
        // Browsers give the page that they kept the headers of this answer (RFC 9111, 3.2): it keeps its own policy.
        answer.headers_mut().remove(CONTENT_SECURITY_POLICY);
    }
    Ok(answer)
}

fn is_documentation(path: &str) -> bool {
    ["/docs", "/redoc"].iter().any(|prefix| path.starts_with(prefix))
}

/// Puts what is missing.
pub fn put(headers: &mut HeaderMap, documentation: bool) {
    let html = headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    let policy = match (html, documentation) {
        (true, true) => DOCS_POLICY,
        (true, false) => PAGE_POLICY,
        (false, _) => DATA_POLICY,
    };
    for (name, value) in ALWAYS.into_iter().chain([(CONTENT_SECURITY_POLICY, policy), (CACHE_CONTROL, "no-store")]) {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
