//! What holds for every answer: headers, problem documents, and what is asked of requests.

use crate::harness::{Actor, Answer, Engine, Shop, on_both_databases};
use serde_json::json;

const JSON: (&str, &str) = ("content-type", "application/json");

#[track_caller]
pub(super) fn has_the_security_headers(answer: &Answer) {
    let exact = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("x-xss-protection", "1; mode=block"),
        ("strict-transport-security", "max-age=31536000"),
    ];
    for (name, value) in exact {
        assert_eq!(answer.header(name), Some(value), "{name} of {} ({})", answer.asked, answer.status);
    }
    for name in ["referrer-policy", "permissions-policy", "cross-origin-opener-policy", "x-request-id", "cache-control"]
    {
        let value = answer.header(name).unwrap_or_default();
        assert!(!value.is_empty(), "{name} of {} ({})", answer.asked, answer.status);
    }
    let is_page = answer.header("content-type").unwrap_or_default().starts_with("text/html");
    let policy = answer.header("content-security-policy").unwrap_or_default();
    assert!(!is_page || policy.contains("default-src"), "content-security-policy of {}: {policy}", answer.asked);
    assert!(!policy.contains("unsafe-eval") && !policy.contains(" * "), "{policy}");
}

on_both_databases! {
    async fn every_answer_has_the_security_headers_and_a_request_id(shop: Shop) {
        let seller = shop.seller().await;
        let ring = seller.puts_on_sale("Ring", 100, 1).await;
        let guest = shop.guest();
        let order = guest.orders(&ring.variant, 1).await;
        let product = format!("/api/v1/products/{}", ring.id);
        let pages = [
            "/", "/seller/", "/gift-card", "/no/such/page", "/api/v1/", "/api/v1/products", &product, "/api/v1/products?limit=0",
            "/api/v1/nowhere", "/api/v1/orders", "/api/v1/openapi.json", "/docs", "/docs/", "/redoc", "/problems/not-found",
            "/problems/no-such", "/health", "/health/live", "/health/ready", "/metrics", "/.well-known/jwks.json", "/dev/mail",
            "/media/none.webp", "/media/../../etc/passwd", "/robots.txt", "/favicon.ico", &order.pay_at, "/sandbox/pay/none", "/%ff",
        ];
        let mut answers = Vec::new();
        for path in pages {
            answers.push(guest.page(path).await);
        }
        answers.push(guest.ask("DELETE", "/api/v1/products", &[], None).await);
        answers.push(guest.ask("POST", "/api/v1/carts", &[JSON], Some(b"{".to_vec())).await);
        answers.push(guest.ask("POST", "/api/v1/carts", &[], Some(b"x".to_vec())).await);
        answers.push(guest.ask("HEAD", "/api/v1/products", &[], None).await);
        answers.push(guest.ask("OPTIONS", "/api/v1/products", &[], None).await);
        answers.push(guest.post("/carts", &json!({})).await);
        let tag = guest.page(&product).await.header("etag").unwrap().to_owned();
        answers.push(guest.ask("GET", &product, &[("if-none-match", &tag)], None).await.is(304));
        answers.push(guest.pays(&order, "succeed").await.is(303));
        let mut ids: Vec<String> = Vec::new();
        for answer in &answers {
            has_the_security_headers(answer);
            assert!(answer.status < 500, "{}: {}", answer.asked, answer.text());
            ids.push(answer.header("x-request-id").unwrap().to_owned());
        }
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count, "no request id stands for two requests");
    }

    async fn what_is_not_there_or_not_allowed_is_told_as_a_problem(shop: Shop) {
        let guest = shop.guest();
        for path in ["/api/v1/nowhere", "/api/v1/", "/api/v2/products", "/api/v1/products/a/b/c"] {
            let answer = guest.page(path).await;
            if path == "/api/v1/" {
                let index = answer.json(200);
                assert!(index["name"].is_string() && index["version"].is_string() && index["links"].is_object(), "{index}");
            } else {
                answer.problem(404, "not-found");
            }
        }
        for (method, path, allowed) in [
            ("DELETE", "/products", "GET"),
            ("PUT", "/carts", "POST"),
            ("GET", "/auth/login", "POST"),
            ("POST", "/users/me", "GET"),
            ("GET", "/carts/01900000-0000-7000-8000-000000000000/checkout", "POST"),
        ] {
            let answer = guest.ask(method, &format!("/api/v1{path}"), &[], None).await;
            let allow = answer.header("allow").unwrap_or_default().to_owned();
            assert!(allow.split(',').any(|method| method.trim() == allowed), "{method} {path}: Allow: {allow}");
            answer.problem(405, "method-not-allowed");
        }
    }

    async fn a_body_is_read_strictly(shop: Shop) {
        let guest = shop.guest();
        let sends = async |headers: &[(&str, &str)], body: &[u8]| {
            guest.ask("POST", "/api/v1/auth/login", headers, Some(body.to_vec())).await
        };
        let good = br#"{"email": "ada@example.com", "password": "x"}"#;
        for body in [&b""[..], b"{", b"{\"email\":}", b"email=a", b"{\"email\": \"a\",}", b"\xff\xfe", b"\"\xf0\x28\x8c\x28\"", b"\xef\xbb\xbf{}"] {
            sends(&[JSON], body).await.problem(400, "malformed-json");
        }
        for media_type in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "application/json; charset=utf-16"] {
            sends(&[("content-type", media_type)], good).await.problem(415, "unsupported-media-type");
        }
        sends(&[], good).await.problem(415, "unsupported-media-type");
        sends(&[("content-type", "application/json; charset=UTF-8")], good).await.problem(401, "invalid-credentials");
        let unknown = br#"{"email": "ada@example.com", "password": "x", "remember": {"me": true}}"#;
        sends(&[JSON], unknown).await.faults(&[("/remember", "unknown-field")]);
        sends(&[JSON], b"{}").await.faults(&[("/email", "required"), ("/password", "required")]);
    }

    async fn an_error_says_nothing_of_the_inside(shop: Shop) {
        let guest = shop.guest();
        let answers = [
            guest.get("/products?cursor=%27").await,
            guest.get("/orders/x'--").await,
            guest.post("/auth/register", &json!({"email": 5})).await,
            guest.ask("POST", "/api/v1/carts", &[JSON], Some(vec![b'['; 5000])).await,
        ];
        for answer in answers {
            answer.any_problem();
            let text = answer.text().to_lowercase();
            for word in ["sql", "select ", "panicked", ".rs", "/home", "/root", "/tmp", "stack", "backtrace", "serde"] {
                assert!(!text.contains(word), "{word} in {text}");
            }
        }
    }
}

/// A preflight, as browsers send it.
async fn preflight(guest: &Actor, origin: &str) -> Answer {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type,idempotency-key"),
    ];
    guest.ask("OPTIONS", "/api/v1/carts", &headers, None).await
}

#[tokio::test]
async fn only_allowed_origins_may_call_from_their_pages() {
    let shop = Shop::open_with(Engine::Sqlite, &[("CORS_ORIGINS", "https://app.example")]).await;
    let guest = shop.guest();
    let allowed = preflight(&guest, "https://app.example").await;
    assert!((200..300).contains(&allowed.status), "{}", allowed.status);
    assert_eq!(allowed.header("access-control-allow-origin"), Some("https://app.example"));
    assert_eq!(allowed.header("access-control-allow-credentials"), Some("true"));
    let may = |name: &str| allowed.header(name).unwrap_or_default().to_ascii_lowercase();
    assert!(may("access-control-allow-methods").contains("post"));
    assert!(may("access-control-allow-headers").contains("idempotency-key"));
    for stranger in ["https://evil.example", "https://app.example.evil.example", "http://app.example", "null"] {
        let refused = preflight(&guest, stranger).await;
        assert_eq!(refused.header("access-control-allow-origin"), None, "{stranger}");
    }
    let read = guest.ask("GET", "/api/v1/products", &[("origin", "https://app.example")], None).await.is(200);
    assert_eq!(read.header("access-control-allow-origin"), Some("https://app.example"));
    assert!(read.header("vary").unwrap_or_default().to_ascii_lowercase().contains("origin"));
    let read = guest.ask("GET", "/api/v1/products", &[("origin", "https://evil.example")], None).await;
    assert_eq!(read.header("access-control-allow-origin"), None);
}
