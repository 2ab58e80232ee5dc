//! Signing in elsewhere: an OpenID provider that is real, and GitHub's and Facebook's interfaces as they document them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects by failing"
)]

#[path = "social/oauth2.rs"]
mod oauth2;
#[path = "social/openid.rs"]
mod openid;

use application::identity::social::ports::{Arrival, FlowSecrets, ProviderError};
use infrastructure::social::RegisteredClient;

const CALLBACK: &str = "http://127.0.0.1:8000/api/v1/auth/oauth/acme/callback";

fn client() -> RegisteredClient {
    let (id, secret) = (testkit::OpenIdPeer::CLIENT_ID, testkit::OpenIdPeer::CLIENT_SECRET);
    RegisteredClient { id: id.to_owned(), secret: secret.to_owned(), callback_url: CALLBACK.to_owned() }
}

/// What the shop draws for one sign-in.
fn secrets(letter: &str) -> FlowSecrets {
    FlowSecrets { state: format!("state-{letter}"), nonce: format!("nonce-{letter}"), pkce_verifier: letter.repeat(43) }
}

/// What the browser brings back.
fn arrival(callback: &str) -> Arrival {
    let field = |name: &str| {
        let query = callback.split_once('?').map_or("", |(_, query)| query);
        let all = url::form_urlencoded::parse(query.as_bytes());
        all.into_owned().find(|(key, _)| key == name).map(|(_, value)| value)
    };
    assert!(callback.starts_with(CALLBACK), "{callback}");
    Arrival { code: field("code").unwrap_or_default(), issuer: field("iss") }
}

#[track_caller]
fn refused<T>(result: Result<T, ProviderError>, words: &str) {
    match result {
        Err(ProviderError::Refused(why)) => assert!(why.contains(words), "{why}"),
        Err(ProviderError::Unavailable(why)) => panic!("unavailable: {why}"),
        Ok(_) => panic!("it was believed"),
    }
}

#[track_caller]
fn unavailable<T>(result: Result<T, ProviderError>) {
    match result {
        Err(ProviderError::Unavailable(_)) => {}
        Err(ProviderError::Refused(why)) => panic!("refused: {why}"),
        Ok(_) => panic!("it was believed"),
    }
}
