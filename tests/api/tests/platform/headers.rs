//! The headers that stand on every answer, whatever was asked: each operation of the OpenAPI document, asked well and badly.

use super::manners::has_the_security_headers;
use crate::harness::{Actor, Answer, Engine, Shop};
use serde_json::Value;

const SOME_ID: &str = "01900000-0000-7000-8000-000000000000";
/// What answers that are no pages may do, should a browser take them for some.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
/// Public reads, which may be kept for a moment.
const PUBLIC: [&str; 5] = ["/products", "/products/{id}", "/categories", "/materials", "/sellers/{id}"];

/// Further headers, and a body.
type Way = (&'static [(&'static str, &'static str)], Option<&'static [u8]>);

/// The operations: method and address with its placeholders.
fn operations(document: &Value) -> Vec<(String, String)> {
    let paths = document["paths"].as_object().expect("paths");
    let methods = |item: &Value| -> Vec<String> {
        let names = item.as_object().expect("operations").keys().filter(|name| *name != "parameters");
        names.map(|name| name.to_uppercase()).collect()
    };
    paths.iter().flat_map(|(path, item)| methods(item).into_iter().map(move |method| (method, path.clone()))).collect()
}

/// Asks an operation in every way that comes to mind: with nothing, nonsense, a body that is no JSON, a wrong key.
async fn asked_in_every_way(actor: &Actor, method: &str, path: &str) -> Vec<Answer> {
    const JSON: (&str, &str) = ("content-type", "application/json");
    const WAYS: [Way; 5] = [
        (&[], None),
        (&[JSON], Some(b"{}")),
        (&[JSON], Some(b"{")),
        (&[("content-type", "text/plain")], Some(b"x")),
        (&[JSON, ("idempotency-key", "a b")], Some(b"{}")),
    ];
    let mut answers = Vec::new();
    for (headers, body) in WAYS {
        answers.push(actor.ask(method, path, headers, body.map(<[u8]>::to_vec)).await);
    }
    answers
}

#[track_caller]
fn is_told_as_the_contract_says(answer: &Answer, path: &str) {
    has_the_security_headers(answer);
    let told = format!("{} ({})", answer.asked, answer.status);
    assert!(answer.status < 500, "{told}: {}", answer.text());
    assert_eq!(answer.header("content-security-policy"), Some(DATA_POLICY), "{told}");
    let limits = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].map(|name| answer.header(name));
    assert!(limits.iter().all(|value| value.is_some_and(|value| value.parse::<u32>().is_ok())), "{told}: {limits:?}");
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("x-ratelimit")), "{told}");
    let cached = answer.header("cache-control").unwrap_or_default();
    let public = answer.status < 400 && PUBLIC.iter().any(|public| path.strip_prefix("/api/v1") == Some(public));
    let document = path.ends_with("/openapi.json");
    assert!(cached == "no-store" || public && cached.starts_with("public, max-age=") || document, "{told}: {cached}");
    if answer.status >= 400 {
        answer.any_problem();
    }
    match answer.status {
        401 => assert!(answer.header("www-authenticate").is_some_and(|value| value.starts_with("Bearer")), "{told}"),
        405 => assert!(answer.header("allow").is_some(), "{told}"),
        429 | 503 => assert!(answer.header("retry-after").is_some(), "{told}"),
        _ => {}
    }
}

#[tokio::test]
async fn every_operation_answers_with_every_header_however_it_is_asked() {
    let shop = Shop::open_with(Engine::Sqlite, &[("RATE_LIMIT_PER_MINUTE", "100000")]).await;
    let (guest, customer, seller) = (shop.guest(), shop.customer().await, shop.seller().await);
    let strangers = [guest.clone(), guest.with_token("a.b.c"), customer, seller];
    let document = guest.get("/openapi.json").await.json(200);
    let mut asked = 0;
    for (method, path) in operations(&document) {
        let address = path.split('/').map(|part| if part.starts_with('{') { SOME_ID } else { part });
        let address = address.collect::<Vec<_>>().join("/");
        // Whoever logs out or deletes themselves is a stranger from then on.
        let ends = path.ends_with("/logout") || method == "DELETE" && path.contains("/users/me");
        for actor in strangers.iter().take(if ends { 2 } else { strangers.len() }) {
            for answer in asked_in_every_way(actor, &method, &address).await {
                is_told_as_the_contract_says(&answer, &path);
                asked += 1;
            }
        }
    }
    assert!(asked > 400, "{asked} answers");
    for (method, path) in
        [("GET", "/api/v1/nowhere"), ("DELETE", "/api/v1/carts"), ("PUT", "/api/v1/products"), ("POST", "/api/v1/")]
    {
        is_told_as_the_contract_says(&guest.ask(method, path, &[], None).await, path);
    }
}

#[tokio::test]
async fn an_answer_that_has_not_changed_has_the_headers_too() {
    let shop = Shop::open(Engine::Sqlite).await;
    let (seller, guest) = (shop.seller().await, shop.guest());
    let ring = seller.puts_on_sale("Ring", 100, 1).await;
    for path in ["/products".to_owned(), format!("/products/{}", ring.id), "/categories".into(), "/materials".into()] {
        let path = format!("/api/v1{path}");
        let tag = guest.page(&path).await.is(200).header("etag").expect("an ETag").to_owned();
        let unchanged = guest.ask("GET", &path, &[("if-none-match", &tag)], None).await.is(304);
        has_the_security_headers(&unchanged);
        assert!(unchanged.body.is_empty() && unchanged.header("etag") == Some(&tag));
        assert!(unchanged.header("cache-control").is_some_and(|value| value.starts_with("public, max-age=")));
    }
}

#[tokio::test]
async fn pages_may_run_nothing_but_their_own() {
    let shop = Shop::open(Engine::Sqlite).await;
    let guest = shop.guest();
    for path in [
        "/",
        "/seller/",
        "/gift-card",
        "/account/security",
        "/no/such/page",
        "/problems/not-found",
        "/dev/mail",
        "/sandbox/pay/none",
    ] {
        let page = guest.page(path).await;
        has_the_security_headers(&page);
        if !page.header("content-type").unwrap_or_default().starts_with("text/html") {
            page.any_problem();
            continue;
        }
        let policy = page.header("content-security-policy").unwrap_or_default();
        let rule =
            |name: &str| policy.split(';').map(str::trim).find_map(|rule| rule.strip_prefix(name)).unwrap_or_default();
        assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http:"), "{path}: {policy}");
        assert_eq!(rule("default-src "), "'self'", "{path}: {policy}");
        for (name, value) in [("frame-ancestors ", "'none'"), ("object-src ", "'none'"), ("base-uri ", "'self'")] {
            assert_eq!(rule(name), value, "{path}: {policy}");
        }
        let html = page.text();
        assert!(!html.contains("<script>") && !html.contains(" onclick=") && !html.contains("javascript:"), "{path}");
    }
}
