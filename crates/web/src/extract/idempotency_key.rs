//! The `Idempotency-Key` header, for calls that can't do without it.

use super::{caller, client_address};
use crate::problem::{Problem, registry};
use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpRequest};
use application::identity::Credential;
use sha2::{Digest, Sha256};
use std::future::Future;
use std::pin::Pin;

/// The header.
pub const HEADER: &str = "idempotency-key";

/// The key as its caller sent it.
///
/// # Errors
/// `idempotency-key-invalid` unless it has 1 to 255 visible characters of ASCII.
pub fn read(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let invalid = || Problem::new(&registry::IDEMPOTENCY_KEY_INVALID);
    let mut keys = headers.get_all(HEADER);
    let Some(key) = keys.next() else { return Ok(None) };
    let key = key.to_str().map_err(|_| invalid())?;
    let valid = (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) && keys.next().is_none();
    if valid { Ok(Some(key.to_owned())) } else { Err(invalid()) }
}

/// Whose keys are told apart: a user's by their id, an API key's by its own, guests' by their address. Who could be signed in by a refresh token has
/// keys of their own: what they are answered is no neighbour's business.
///
/// # Errors
/// As [`caller::of_request`].
pub async fn scope(request: &HttpRequest) -> Result<String, Problem> {
    if let Some(caller) = caller::of_request(request).await? {
        return Ok(match caller.credential {
            Credential::Session(_) => caller.user_id.to_string(),
            Credential::ApiKey { id, .. } => id.to_string(), // it may do less than its owner, and sees nothing of theirs
        });
    }
    let address = client_address::of_request(request);
    let refresh = request.cookie(caller::REFRESH_COOKIE).filter(|cookie| !cookie.value().is_empty());
    Ok(refresh.map_or_else(
        || address.to_string(),
        |cookie| format!("{address} {}", hex::encode(Sha256::digest(cookie.value()))),
    ))
}

/// What names an execution for ever: whose key, and the key. Without the header 400 `idempotency-key-required`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiredKey(pub String);

impl FromRequest for RequiredKey {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let key = read(request.headers())?.ok_or_else(|| Problem::new(&registry::IDEMPOTENCY_KEY_REQUIRED))?;
            Ok(Self(format!("{}:{key}", scope(&request).await?)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn key(text: &str) -> Result<Option<String>, Problem> {
        read(TestRequest::default().insert_header((HEADER, text)).to_http_request().headers())
    }

    #[test]
    fn a_key_has_1_to_255_visible_characters() {
        assert_eq!(key("a-1").unwrap().as_deref(), Some("a-1"));
        assert!(key(&"k".repeat(255)).is_ok());
        for malformed in ["", "with space", "ümlaut", &"k".repeat(256)] {
            assert_eq!(key(malformed).unwrap_err().code(), "idempotency-key-invalid", "{malformed}");
        }
    }

    #[test]
    fn two_keys_are_none() {
        let request =
            TestRequest::default().append_header((HEADER, "a")).append_header((HEADER, "b")).to_http_request();
        assert!(read(request.headers()).is_err());
    }
}
