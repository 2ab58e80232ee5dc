//! The id by which a request is found again, in the answer, the log and in problems.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// The header.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    /// The id of the request that this task answers.
    pub static REQUEST_ID: String;
}

/// The id of the request that is being answered; empty outside of one.
#[must_use]
pub fn current() -> String {
    REQUEST_ID.try_with(Clone::clone).unwrap_or_default()
}

/// The caller's own id, if it is one that a log bears, else a new one.
#[must_use]
pub fn choose(headers: &HeaderMap) -> String {
    let sane = |id: &&str| {
        (1..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    let given = headers.get(HEADER).and_then(|value| value.to_str().ok()).filter(sane);
    given.map_or_else(draw, str::to_owned)
}

#[expect(clippy::disallowed_methods, reason = "an id for the log alone, which no rule and no test depends on")]
fn draw() -> String {
    Uuid::now_v7().to_string()
}

/// The id as a header's value.
#[must_use]
pub fn value(id: &str) -> HeaderValue {
    HeaderValue::from_str(id).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn chosen(id: &str) -> String {
        choose(TestRequest::default().insert_header((HEADER, id)).to_http_request().headers())
    }

    #[test]
    fn a_sane_id_of_the_caller_is_kept() {
        assert_eq!(chosen("trace-1.a_B"), "trace-1.a_B");
    }

    #[test]
    fn a_strange_id_is_replaced() {
        for strange in ["", "a b", "a\"b", "ä", &"x".repeat(129)] {
            assert!(Uuid::parse_str(&chosen(strange)).is_ok(), "{strange}");
        }
    }
}
