//! Who calls: by the Bearer token of a program, or by the session cookie of a browser.
//!
//! A Bearer token that is not valid is always refused, since who sends one means to be someone. A cookie that is not valid
//! counts as none: browsers send it without being asked, and a guest with an old cookie may still buy.

use super::client;
use crate::problem::Problem;
use crate::problem::registry::{self, Kind};
use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use application::audit::refused_tokens::{NoteRefusedTokens, RefusedToken};
use application::identity::Caller;
use application::identity::authenticate::{Authenticate, AuthenticateError};
use std::future::Future;
use std::pin::Pin;

/// The name of the session cookie.
pub const COOKIE: &str = "carat_session";

/// The name of the cookie that holds the refresh token.
pub const REFRESH_COOKIE: &str = "carat_refresh";

/// Someone who is signed in.
#[derive(Debug, Clone, Copy)]
pub struct CurrentUser(pub Caller);

/// Where a token came from.
#[derive(Debug, PartialEq, Eq)]
enum Credential {
    Bearer(String),
    Cookie(String),
}

fn credential(request: &HttpRequest) -> Result<Option<Credential>, Problem> {
    if let Some(header) = request.headers().get(AUTHORIZATION) {
        let malformed =
            || Problem::new(&registry::TOKEN_INVALID).detail("The Authorization header holds no Bearer token.");
        let (scheme, token) = header.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(malformed)?;
        let bearer = scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty();
        return if bearer { Ok(Some(Credential::Bearer(token.trim().to_owned()))) } else { Err(malformed()) };
    }
    let cookie = request.cookie(COOKIE).filter(|cookie| !cookie.value().is_empty());
    Ok(cookie.map(|cookie| Credential::Cookie(cookie.value().to_owned())))
}

/// The token that a request carries, good or not.
#[must_use]
pub fn token(request: &HttpRequest) -> Option<String> {
    match credential(request).ok()?? {
        Credential::Bearer(token) | Credential::Cookie(token) => Some(token),
    }
}

/// Kept with the request, so that the token is read once however often it is asked for.
#[derive(Clone, Copy)]
enum Known {
    Caller(Caller),
    /// Nobody is signed in; what to say to them where one must be.
    Nobody(&'static Kind),
}

/// Who makes a request.
///
/// # Errors
/// A Bearer token that is not valid, or the database away.
pub async fn of_request(request: &HttpRequest) -> Result<Option<Caller>, Problem> {
    match known(request).await? {
        Known::Caller(caller) => Ok(Some(caller)),
        Known::Nobody(_) => Ok(None),
    }
}

async fn known(request: &HttpRequest) -> Result<Known, Problem> {
    let before = request.extensions().get::<Known>().copied();
    if let Some(known) = before {
        return Ok(known);
    }
    let known = authenticate(request).await?;
    request.extensions_mut().insert(known);
    Ok(known)
}

async fn authenticate(request: &HttpRequest) -> Result<Known, Problem> {
    let Some(credential) = credential(request)? else { return Ok(Known::Nobody(&registry::UNAUTHORIZED)) };
    let gate = request.app_data::<web::Data<dyn Authenticate>>();
    let gate = gate.ok_or_else(|| Problem::internal("Authenticate is missing"))?;
    let (token, by_cookie) = match &credential {
        Credential::Bearer(token) => (token, false),
        Credential::Cookie(token) => (token, true),
    };
    let outcome = gate.authenticate(token).await;
    note(request, &outcome, by_cookie).await;
    match outcome {
        Ok(caller) => Ok(Known::Caller(caller)),
        Err(AuthenticateError::Repository(error)) => Err(error.into()),
        Err(AuthenticateError::Invalid) if by_cookie => Ok(Known::Nobody(&registry::UNAUTHORIZED)),
        Err(AuthenticateError::Revoked { .. }) if by_cookie => Ok(Known::Nobody(&registry::TOKEN_REVOKED)),
        Err(AuthenticateError::Invalid) => Err(Problem::new(&registry::TOKEN_INVALID)),
        Err(AuthenticateError::Revoked { .. }) => Err(Problem::new(&registry::TOKEN_REVOKED)),
    }
}

/// Has a refused token written down. A cookie that is not ours any more is none: browsers keep it until it is too old.
async fn note(request: &HttpRequest, outcome: &Result<Caller, AuthenticateError>, by_cookie: bool) {
    let token = match outcome {
        Err(AuthenticateError::Invalid) if !by_cookie => RefusedToken::Invalid,
        Err(AuthenticateError::Revoked { user }) => RefusedToken::Revoked(*user),
        Ok(_) | Err(AuthenticateError::Invalid | AuthenticateError::Repository(_)) => return,
    };
    let Some(log) = request.app_data::<web::Data<dyn NoteRefusedTokens>>() else { return };
    if let Err(error) = log.note(token, &client::of_request(request)).await {
        tracing::warn!(%error, "a refused token could not be written down");
    }
}

type Extraction<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl FromRequest for CurrentUser {
    type Error = Problem;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            match known(&request).await? {
                Known::Caller(caller) => Ok(Self(caller)),
                Known::Nobody(kind) => Err(Problem::new(kind)),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::cookie::Cookie;
    use actix_web::test::TestRequest;

    #[test]
    fn the_header_comes_before_the_cookie() {
        let request =
            TestRequest::default().insert_header((AUTHORIZATION, "bearer abc")).cookie(Cookie::new(COOKIE, "def"));
        let request = request.to_http_request();
        assert_eq!(credential(&request).unwrap(), Some(Credential::Bearer("abc".into())));
    }

    #[test]
    fn an_empty_cookie_is_none() {
        let request = TestRequest::default().cookie(Cookie::new(COOKIE, "")).to_http_request();
        assert_eq!(credential(&request).unwrap(), None);
    }

    #[test]
    fn another_scheme_is_refused() {
        let request = TestRequest::default().insert_header((AUTHORIZATION, "Basic abc")).to_http_request();
        assert_eq!(credential(&request).unwrap_err().code(), "token-invalid");
    }
}
