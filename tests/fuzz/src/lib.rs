//! Parsers of what strangers send, as targets that take any bytes. A target panics when its parser does, or when it
//! believes what we never made: for each there are genuine examples ([`seeds`]), and nothing else may pass for genuine.
//!
//! Beside each build they are driven by proptest, on the stable toolchain (`tests/targets.rs`); docs/fuzzing.md says how to
//! run them for longer.

#![allow(clippy::expect_used, reason = "a target says what it expects by failing")]

use actix_web::http::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};
use actix_web::test::TestRequest;
use application::identity::ports::{AccessTokens, DeviceTokens, RefreshTokens, SecretBox};
use chrono::{DateTime, TimeDelta, Utc};
use domain::kernel::{Cursor, EmailAddress, SessionId, TokenId, UserId};
use infrastructure::crypto::{
    AeadBox, FixedKeys, HmacDeviceTokens, HmacRefreshTokens, KeyRing, Rs256Tokens, SecretKey, SigningKey,
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, LazyLock};
use uuid::Uuid;
use web::extract::page::{PageQuery, encode};
use web::extract::{FromQuery, Network, QueryReader, TrustedProxies, caller, idempotency_key};

/// A parser under attack.
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// Panics on a mistake.
    pub run: fn(&[u8]),
    /// Genuine input, from which attacks begin.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const TARGETS: [Target; 9] = [
    Target { name: "access_token", run: access_token, seeds: || vec![ACCESS.clone().into_bytes()] },
    Target { name: "refresh_token", run: refresh_token, seeds: || vec![REFRESH.clone().into_bytes()] },
    Target { name: "device_token", run: device_token, seeds: || vec![DEVICE.clone().into_bytes()] },
    Target { name: "sealed_secret", run: sealed_secret, seeds: || vec![SEALED.clone().into_bytes()] },
    Target { name: "cookies", run: cookies, seeds: cookie_seeds },
    Target { name: "authorization", run: authorization, seeds: authorization_seeds },
    Target { name: "idempotency_key", run: key, seeds: || vec![b"order-1".to_vec(), vec![b'k'; 255]] },
    Target { name: "cursor", run: cursor, seeds: || vec![CURSOR.clone().into_bytes()] },
    Target { name: "forwarded_for", run: forwarded_for, seeds: forwarded_seeds },
];

static KEY: LazyLock<Rs256Tokens> = LazyLock::new(|| {
    let ring = SigningKey::generate_pem().and_then(|pem| KeyRing::parse(&pem)).expect("a key");
    Rs256Tokens::new(Arc::new(FixedKeys(Arc::new(ring))), TimeDelta::hours(1))
});
static ACCESS: LazyLock<String> = LazyLock::new(|| {
    let (user, session, token) = (UserId::new(id(1)), SessionId::new(id(2)), TokenId::new(id(3)));
    KEY.issue(user, session, token, now()).expect("a token").token
});
static REFRESH: LazyLock<String> = LazyLock::new(|| refresh_tokens().token(SessionId::new(id(2)), 7, &SEED));
static DEVICE: LazyLock<String> = LazyLock::new(|| device_tokens().issue(&ada(), id(4)));
static SEALED: LazyLock<String> = LazyLock::new(|| sealed_box().seal(CONTEXT, b"JBSWY3DP").expect("a sealed text"));
static CURSOR: LazyLock<String> = LazyLock::new(|| encode(LIST, &Cursor { key: "Ring".to_owned(), id: id(5) }));

const SEED: [u8; 32] = [7; 32];
const CONTEXT: &[u8] = b"totp 1";
const LIST: &str = "products";

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
}

fn ada() -> EmailAddress {
    EmailAddress::parse("ada@example.com").expect("an address")
}

fn refresh_tokens() -> HmacRefreshTokens {
    HmacRefreshTokens(SecretKey::derive(b"m", "refresh tokens"))
}

fn device_tokens() -> HmacDeviceTokens {
    HmacDeviceTokens(SecretKey::derive(b"m", "device tokens"))
}

fn sealed_box() -> AeadBox {
    AeadBox::new(SecretKey::derive(b"m", "secrets at rest"))
}

/// An access token that we did not sign is none.
fn access_token(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if KEY.read(text, now()).is_ok() {
        assert_eq!(text, ACCESS.as_str(), "a token that we never signed was believed");
    }
}

/// A refresh token that we did not make matches no session.
fn refresh_token(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let tokens = refresh_tokens();
    if tokens.read(text).is_ok_and(|claims| tokens.matches(&claims, &SEED)) {
        assert_eq!(text, REFRESH.as_str(), "a token that we never made was believed");
    }
}

/// A device token that we did not make is of no device.
fn device_token(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if device_tokens().read(text, &ada()).is_some() {
        assert_eq!(text, DEVICE.as_str(), "a device that never signed in was believed");
    }
}

/// What we did not seal does not open.
fn sealed_secret(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if sealed_box().open(CONTEXT, text).is_ok() {
        assert_eq!(text, SEALED.as_str(), "what we never sealed was opened");
    }
}

/// A request with this header; `None` where HTTP itself would not let it through.
fn with(name: HeaderName, data: &[u8]) -> Option<actix_web::HttpRequest> {
    let value = HeaderValue::from_bytes(data).ok()?;
    Some(TestRequest::default().insert_header((name, value)).to_http_request())
}

/// Cookies name a session's token or nobody, and the token stands in the header as it is.
fn cookies(data: &[u8]) {
    let Some(request) = with(COOKIE, data) else { return };
    if let Some(token) = caller::token(&request) {
        assert!(!token.is_empty());
        access_token(token.as_bytes());
    }
    let refresh = request.cookie(caller::REFRESH_COOKIE);
    refresh.into_iter().for_each(|cookie| refresh_token(cookie.value().as_bytes()));
}

fn cookie_seeds() -> Vec<Vec<u8>> {
    let session = format!("{}={}", caller::COOKIE, *ACCESS);
    let all = format!("theme=dark; {session}; {}={}; carat_device={}", caller::REFRESH_COOKIE, *REFRESH, *DEVICE);
    vec![session.into_bytes(), all.into_bytes(), b"a=\"b\"; c; =; ;;".to_vec()]
}

/// The Authorization header names a token without white space around it, or nobody.
fn authorization(data: &[u8]) {
    let Some(request) = with(AUTHORIZATION, data) else { return };
    if let Some(token) = caller::token(&request) {
        assert!(!token.is_empty() && token == token.trim());
        access_token(token.as_bytes());
    }
}

fn authorization_seeds() -> Vec<Vec<u8>> {
    vec![format!("Bearer {}", *ACCESS).into_bytes(), b"bearer carat_key".to_vec(), b"Basic YTpi".to_vec()]
}

/// A key has 1 to 255 visible characters.
fn key(data: &[u8]) {
    let Some(request) = with(HeaderName::from_static(idempotency_key::HEADER), data) else { return };
    if let Ok(Some(key)) = idempotency_key::read(request.headers()) {
        assert!((1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()));
        assert_eq!(key.as_bytes(), data);
    }
}

/// A cursor that is read is written the same way, and has nothing in it that a database can't hold.
fn cursor(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut query = QueryReader::new(&format!("cursor={text}"));
    let page = PageQuery::read(&mut query).of_list(LIST, &mut query);
    if let Some(cursor) = page.after {
        assert!(!cursor.key.contains('\0'));
        let mut query = QueryReader::new(&format!("cursor={}", encode(LIST, &cursor)));
        assert_eq!(PageQuery::read(&mut query).of_list(LIST, &mut query).after, Some(cursor));
    }
}

/// Only a trusted peer is asked who comes; and who comes is somebody that the header names, or the peer.
fn forwarded_for(data: &[u8]) {
    let Some(request) = with(HeaderName::from_static("x-forwarded-for"), data) else { return };
    let (stranger, proxy) = (IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)), IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)));
    let network: Network = "10.0.0.0/8".parse().expect("a network");
    let proxies = TrustedProxies(vec![network]);
    assert_eq!(proxies.client(stranger, request.headers()), stranger);
    let client = proxies.client(proxy, request.headers());
    let text = String::from_utf8_lossy(data);
    let named = text.split(',').filter_map(|hop| hop.trim().parse::<IpAddr>().ok());
    assert!(client == proxy || named.map(|hop| hop.to_canonical()).any(|hop| hop == client), "{client}: {text}");
    if let Ok(network) = text.parse::<Network>() {
        assert!(!(network.contains(proxy) && network.contains(IpAddr::V6(Ipv6Addr::LOCALHOST))), "no network has both");
    }
}

fn forwarded_seeds() -> Vec<Vec<u8>> {
    ["203.0.113.9", "198.51.100.1, 203.0.113.9, 10.0.0.2", "::ffff:10.0.0.1, unknown", "2001:db8::/32", "0.0.0.0/0"]
        .map(|text| text.as_bytes().to_vec())
        .to_vec()
}
