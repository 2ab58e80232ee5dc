//! Public answers that may be kept for a moment, and asked for anew by their `ETag` (RFC 9110, 13.1.2).

use crate::problem::Problem;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Long enough to take the weight off a crowd, short enough that prices and stock stay honest.
const SHORT: &str = "public, max-age=10";

/// Answers with JSON, or with 304 when the caller has it already.
///
/// # Errors
/// When the value is no JSON.
pub fn public_json(request: &HttpRequest, value: &impl Serialize) -> Result<HttpResponse, Problem> {
    let body = serde_json::to_vec(value).map_err(Problem::internal)?;
    let tag = tag(&body);
    if is_known(request, &tag) {
        return Ok(HttpResponse::NotModified()
            .insert_header((ETAG, tag))
            .insert_header((CACHE_CONTROL, SHORT))
            .finish());
    }
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, "application/json")).insert_header((CACHE_CONTROL, SHORT));
    Ok(answer.insert_header((ETAG, tag)).body(body))
}

/// Answers that what was asked for stands elsewhere from now on. Kept for a moment only: it may move back.
#[must_use]
pub fn public_redirect(to: &str) -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((LOCATION, to.to_owned()))
        .insert_header((CACHE_CONTROL, SHORT))
        .finish()
}

/// Half of the content's SHA-256. Weak, since compression changes the bytes and not the meaning.
#[must_use]
pub fn tag(body: &[u8]) -> String {
    let digest = hex::encode(Sha256::digest(body));
    format!("W/\"{}\"", digest.get(..32).unwrap_or_default())
}

/// Whether the caller says that it has this.
#[must_use]
pub fn is_known(request: &HttpRequest, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let known = request.headers().get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    known.flat_map(|value| value.split(',')).any(|known| known.trim() == "*" || opaque(known) == opaque(tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn who_has_it_already_is_told_so() {
        let first = public_json(&TestRequest::default().to_http_request(), &[1, 2]).unwrap();
        let tag = first.headers().get(ETAG).unwrap().to_str().unwrap().to_owned();
        assert_eq!(first.status(), 200);
        let again = TestRequest::default().insert_header((IF_NONE_MATCH, format!("\"x\", {tag}"))).to_http_request();
        assert_eq!(public_json(&again, &[1, 2]).unwrap().status(), 304);
        assert_eq!(public_json(&again, &[1, 3]).unwrap().status(), 200);
    }
}
