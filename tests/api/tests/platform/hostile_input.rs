//! A table of nasty inputs. None may cost more than a refusal, and each refusal has a page that explains it.

use crate::harness::{Actor, on_both_databases};
use serde_json::json;
use std::collections::BTreeSet;

const JSON: (&str, &str) = ("content-type", "application/json");
const ANY_ID: &str = "01900000-0000-7000-8000-000000000000";

/// A product with one part replaced by something nasty.
fn product(part: &str, value: &str) -> String {
    let fields = [("title", "\"Ring\""), ("price", r#"{"amount": 100, "currency": "EUR"}"#), ("stock", "1")];
    let mut all: Vec<String> =
        fields.iter().filter(|(name, _)| *name != part).map(|(n, v)| format!("\"{n}\": {v}")).collect();
    all.push(format!("\"{part}\": {value}"));
    format!("{{{}}}", all.join(", "))
}

fn price(amount: &str, currency: &str) -> String {
    product("price", &format!("{{\"amount\": {amount}, \"currency\": {currency}}}"))
}

/// Bodies for a new product, each with the status of its refusal.
fn products() -> Vec<(String, u16)> {
    let eur = "\"EUR\"";
    let long = |length: usize| format!("\"{}\"", "x".repeat(length));
    let variants = |count: usize| format!("[{}]", vec![r#"{"stock": 1}"#; count].join(","));
    let mut table: Vec<(String, u16)> = vec![
        (product("title", "\"a\\u0000b\""), 422),
        (product("title", "\"\\ud800\""), 400),
        (product("title", "\"\\udc00\\ud800\""), 400),
        (product("title", "\"a\\u202eb\""), 422),
        (product("title", "\"\\u000a\""), 422),
        (format!("{{\"title\": {}", "[".repeat(100_000)), 400),
        (format!("{{\"title\": {}{}}}", "[".repeat(200), "]".repeat(200)), 400),
        (product("a\\u0000b", "1"), 422),
        (product("__proto__", "{}"), 422),
        (product("stock", "1e999"), 422),
        (product("description", &long(20_001)), 422),
        (product("description", "\"\\u0000\""), 422),
        (product("sku", &long(65)), 422),
        (product("status", "\"archived\""), 422),
        (product("variants", "[]"), 422),
        (product("variants", &variants(101)), 422),
        (product("variants", r#"[{"stock": 1, "options": {"": ""}}]"#), 422),
        (product("variants", r#"[{"stock": 1, "options": {"Size": 5}}]"#), 422),
        (product("variants", r#"[{"stock": 1, "options": ["Size"]}]"#), 422),
        (product("category", "\"../rings\""), 422),
        (product("category", "\"\\u0000\""), 422),
        (product("materials", "\"gold\""), 422),
        (product("materials", r#"["gold", 5, null]"#), 422),
        ("[]".into(), 422),
        ("null".into(), 422),
        ("\"text\"".into(), 422),
        ("{}".into(), 422),
        ("NaN".into(), 400),
    ];
    for title in ["\"\"", "\" \"", "null", "5", "[]", "{}", &long(201)] {
        table.push((product("title", title), 422));
    }
    for amount in [
        "-1",
        "1.5",
        "1e400",
        "9223372036854775808",
        "-9223372036854775808",
        "\"100\"",
        "null",
        "{}",
        "99999999999999999999999999999999",
    ] {
        table.push((price(amount, eur), 422));
    }
    for currency in ["\"\"", "\"eur\"", "\"EURO\"", "\"ZZZ\"", "\"\\u0000\\u0000\\u0000\"", "978", "null", "\"€€€\""]
    {
        table.push((price("1", currency), 422));
    }
    for stock in ["-1", "1.5", "1000001", "4294967296", "18446744073709551616", "\"1\"", "true"] {
        table.push((product("stock", stock), 422));
    }
    table
}

/// Other calls: method, path, body, status.
fn calls(cart: &str, variant: &str) -> Vec<(&'static str, String, String, u16)> {
    let line = |quantity: &str| format!("{{\"variant_id\": \"{variant}\", \"quantity\": {quantity}}}");
    let lines = format!("/carts/{cart}/lines");
    let mut table = vec![
        ("POST", lines.clone(), r#"{"variant_id": "x", "quantity": 1}"#.to_owned(), 422),
        ("POST", lines.clone(), r#"{"variant_id": 5, "quantity": 1}"#.to_owned(), 422),
        ("POST", lines.clone(), format!("{{\"variant_id\": \"{ANY_ID}\", \"quantity\": 1}}"), 404),
        ("POST", format!("/carts/{ANY_ID}/lines"), line("1"), 404),
        ("PATCH", format!("{lines}/nonsense"), r#"{"quantity": 1}"#.to_owned(), 404),
        ("PATCH", format!("{lines}/{ANY_ID}"), r#"{"quantity": -5}"#.to_owned(), 422),
        ("POST", "/carts".to_owned(), r#"{"currency": "EURO"}"#.to_owned(), 422),
        ("POST", "/carts".to_owned(), r#"{"currency": "\u0000"}"#.to_owned(), 422),
        (
            "POST",
            "/auth/login".to_owned(),
            format!(r#"{{"email": "a@example.com", "password": "{}"}}"#, "x".repeat(1001)),
            422,
        ),
        ("POST", "/auth/login".to_owned(), r#"{"email": "a@example.com", "password": "a\u0000b"}"#.to_owned(), 422),
        (
            "POST",
            "/auth/login".to_owned(),
            format!(r#"{{"email": "{}@example.com", "password": "x"}}"#, "x".repeat(300)),
            422,
        ),
        ("POST", "/auth/login".to_owned(), r#"{"email": "a\r\nBcc: b@example.com", "password": "x"}"#.to_owned(), 422),
        ("POST", "/auth/login".to_owned(), r#"{"email": ["a@example.com"], "password": {"$ne": ""}}"#.to_owned(), 422),
        ("POST", "/auth/verify-email".to_owned(), r#"{"email": "a@example.com", "code": 123456}"#.to_owned(), 422),
        ("POST", "/auth/verify-email".to_owned(), r#"{"email": "a@example.com", "code": "' OR 1=1"}"#.to_owned(), 422),
        ("POST", "/auth/resend-verification".to_owned(), r#"{"email": "a@example.com\u0000"}"#.to_owned(), 422),
    ];
    for quantity in ["0", "-1", "1000", "1.5", "\"1\"", "null", "99999999999999999999", "1e3"] {
        table.push(("POST", lines.clone(), line(quantity), 422));
    }
    table
}

/// Addresses that are asked for, with the status of the answer.
fn addresses() -> Vec<(String, u16)> {
    let long = "x".repeat(3000);
    let mut table = vec![
        (format!("/products?q={long}"), 422),
        (format!("/products?cursor={long}"), 422),
        (format!("/products?{}", "category=rings&".repeat(500)), 200),
        ("/products?q=%27%3B%20DROP%20TABLE%20products%3B--".into(), 200),
        ("/products?q=%5C%25_%22%27".into(), 200),
        ("/products?q=%F0%9F%92%8D".into(), 200),
        ("/products?q=%ff%fe".into(), 200),
        ("/orders/%00?token=%00".into(), 404),
        (format!("/orders/{ANY_ID}?token={long}"), 422),
        (format!("/products/{}", "x".repeat(3000)), 404),
        ("/carts/%2e%2e%2f%2e%2e%2fetc%2fpasswd".into(), 404),
        ("/carts/00000000-0000-0000-0000-000000000000".into(), 404),
        ("/carts/FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF".into(), 404),
    ];
    let wrong = [
        "limit=-1",
        "limit=99999999999999999999",
        "limit=1.5",
        "limit=%00",
        "cursor=%00",
        "cursor=AAAA",
        "cursor=e30",
        "cursor=bnVsbA",
        "price_min=9223372036854775808",
        "price_min=NaN",
        "price_max=1e9",
        "currency=%00%00%00",
        "currency=XX",
        "seller=x",
        "in_stock=2",
        "sort=price%3BDROP",
        "q=a%00b",
        "category=%2e%2e",
        "material=A%20B",
    ];
    table.extend(wrong.map(|query| (format!("/products?{query}"), 422)));
    table
}

/// Headers that nobody should send, with the status of the answer to an otherwise good request for a new cart.
fn headers() -> Vec<(&'static str, String, u16)> {
    vec![
        ("authorization", "Bearer".into(), 401),
        ("authorization", "Bearer a.b.c".into(), 401),
        ("authorization", "Basic YTpi".into(), 401),
        ("authorization", format!("Bearer {}", "a".repeat(5000)), 401),
        ("authorization", "Bearer \u{ff}".into(), 401),
        ("cookie", "carat_session=nonsense".into(), 201),
        ("cookie", "=;;;=;carat_session".into(), 201),
        ("cookie", format!("x={}", "a".repeat(5000)), 201),
        ("idempotency-key", "k".repeat(256), 400),
        ("idempotency-key", "a b".into(), 400),
        ("idempotency-key", "\u{e9}".into(), 400),
        ("x-forwarded-for", "nonsense, \u{ff}".into(), 201),
        ("x-request-id", "a\tb<script>".into(), 201),
        ("accept", "nonsense".into(), 201),
        ("accept-encoding", "nonsense;q=x".into(), 201),
        ("origin", "nonsense".into(), 201),
        ("if-none-match", "\"".into(), 201),
        ("range", "bytes=-1".into(), 201),
    ]
}

/// Sends a row; it must be answered with its status. Answers the page of the problem, if it was one.
async fn is_answered(
    actor: &Actor,
    method: &str,
    path: &str,
    more: &[(&str, &str)],
    body: Option<String>,
    status: u16,
) -> Option<String> {
    let mut all = if body.is_some() { vec![JSON] } else { vec![] };
    all.extend_from_slice(more);
    let shown: String = body.as_deref().unwrap_or_default().chars().take(120).collect();
    let answer = actor.ask(method, &format!("/api/v1{path}"), &all, body.map(String::into_bytes)).await;
    assert_eq!(answer.status, status, "{method} {path:.200} {more:.200?} {shown}: {}", answer.text());
    (status >= 400).then(|| answer.any_problem()["type"].as_str().unwrap().to_owned())
}

on_both_databases! {
    async fn nasty_input_is_refused_and_every_refusal_is_explained(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let cart = guest.empty_cart().await;
        let mut pages = BTreeSet::new();
        for (body, status) in products() {
            pages.extend(is_answered(&seller, "POST", "/seller/products", &[], Some(body), status).await);
        }
        for (method, path, body, status) in calls(&cart, &ring.variant) {
            pages.extend(is_answered(&guest, method, &path, &[], Some(body), status).await);
        }
        for (path, status) in addresses() {
            pages.extend(is_answered(&guest, "GET", &path, &[], None, status).await);
        }
        for (name, value, status) in headers() {
            let header = [(name, value.as_str())];
            pages.extend(is_answered(&guest, "POST", "/carts", &header, Some("{}".into()), status).await);
        }
        assert_eq!(seller.all("/seller/products").await, [ring.product], "nothing of it was kept");
        assert_eq!(guest.get(&format!("/carts/{cart}")).await.json(200)["lines"], json!([]));
        shop.guest().page("/health/ready").await.is(200);

        assert!(pages.len() >= 6, "{pages:?}");
        for page in pages {
            let explained = guest.ask("GET", &page, &[("accept", "text/html")], None).await.is(200);
            assert!(explained.header("content-type").unwrap().starts_with("text/html"), "{page}");
            assert!(explained.text().contains(page.trim_start_matches("/problems/")), "{page}");
        }
    }
}
