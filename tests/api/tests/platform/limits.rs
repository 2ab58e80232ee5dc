//! How much, how fast, and for how long: bodies, stalled clients, and the rate of requests.

use crate::harness::raw::{Wire, status};
use crate::harness::{Engine, Shop};
use futures_util::future::join_all;
use serde_json::json;
use std::time::Duration;
use tokio::time::{Instant, timeout};

const MEGABYTE: usize = 1_048_576;
/// A body that doesn't come is cut off after twenty seconds; the rest is for a busy machine.
const CUT_OFF: Duration = Duration::from_secs(26);

fn head(length: usize) -> String {
    format!(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    )
}

#[tokio::test]
async fn a_body_may_have_a_megabyte_and_no_more() {
    let shop = Shop::open(Engine::Sqlite).await;
    let body = |length: usize| {
        let filler = " ".repeat(length - 45);
        format!("{{\"email\": \"ada@example.com\", {filler}\"password\":\"x\"}}").into_bytes()
    };
    let fits = shop
        .guest()
        .ask("POST", "/api/v1/auth/login", &[("content-type", "application/json")], Some(body(1_000_000)))
        .await;
    fits.problem(401, "invalid-credentials");

    let whole = [head(MEGABYTE + 1000).into_bytes(), body(MEGABYTE + 1000)].concat();
    assert_eq!(Wire::to(&shop).await.exchanges(whole).await, Some(413));
    let announced = head(5_000_000_000).into_bytes();
    assert_eq!(Wire::to(&shop).await.exchanges(announced).await, Some(413), "told before a byte of it has come");

    let start = "POST /api/v1/auth/login HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x1_0000));
    let chunked = format!("{start}{}0\r\n\r\n", chunk.repeat(20)).into_bytes();
    assert_eq!(Wire::to(&shop).await.exchanges(chunked).await, Some(413), "without having said how long it is");
    shop.guest().page("/health/ready").await.is(200);
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_harms_nobody() {
    let shop = Shop::open(Engine::Sqlite).await;
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(200_000));
    let headers = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "a: b\r\n".repeat(5000));
    let smuggled =
        "POST /api/v1/carts HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    let twice = "POST /api/v1/carts HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}";
    for nonsense in ["\0\0\0\0", "HELO shop\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", &long, &headers, smuggled, twice] {
        let answer = Wire::to(&shop).await.exchanges(nonsense.as_bytes().to_vec()).await;
        assert!(answer.is_none_or(|status| (400..500).contains(&status)), "{answer:?}: {nonsense:.60}");
    }
    shop.guest().page("/health/ready").await.is(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_never_comes_is_cut_off_while_others_are_served() {
    let shop = Shop::open(Engine::Sqlite).await;
    let begun = Instant::now();
    let mut stalled = Vec::new();
    for number in 0..60 {
        let mut wire = Wire::to(&shop).await;
        let start = if number % 2 == 0 { head(100) } else { format!("{}{{\"email\":", head(100)) };
        assert!(wire.says(start.as_bytes()).await);
        stalled.push(wire);
    }
    let mut trickle = Wire::to(&shop).await;
    assert!(trickle.says(head(10_000).as_bytes()).await);
    let trickling = async {
        while trickle.says(b" ").await && begun.elapsed() < CUT_OFF {
            tokio::time::sleep(Duration::from_millis(250)).await; // the attacker's pace
        }
        begun.elapsed()
    };
    let others = async {
        for _ in 0..10 {
            let served = timeout(Duration::from_secs(5), shop.guest().post("/carts", &json!({}))).await;
            served.expect("others are served meanwhile").json(201);
        }
    };
    let cut_off = join_all(stalled.iter_mut().map(|wire| wire.hears_to_the_end(CUT_OFF)));
    let (heard, trickled, ()) = tokio::join!(cut_off, trickling, others);
    for answer in heard {
        let answer = answer.expect("a body that never comes is cut off");
        assert!(answer.is_empty() || status(&answer) == Some(408), "{answer}");
    }
    assert!(trickled < CUT_OFF, "a body that trickles is cut off");
    assert!(begun.elapsed() > Duration::from_secs(5), "a slow client has a chance");
    shop.guest().post("/carts", &json!({})).await.json(201);
}

#[tokio::test]
async fn too_many_requests_from_one_address_have_to_wait() {
    let shop = Shop::open_with(Engine::Sqlite, &[("RATE_LIMIT_PER_MINUTE", "5")]).await;
    let guest = shop.guest();
    for left in (0..5).rev() {
        let answer = guest.get("/products").await.is(200);
        assert_eq!(answer.header("ratelimit-limit"), Some("5"));
        assert_eq!(answer.header("ratelimit-remaining"), Some(left.to_string().as_str()));
        let reset: u32 = answer.header("ratelimit-reset").unwrap().parse().unwrap();
        assert!(reset <= 60, "{reset}");
    }
    for headers in [&[][..], &[("x-forwarded-for", "203.0.113.9")], &[("forwarded", "for=203.0.113.9")]] {
        let refused = guest.ask("POST", "/api/v1/carts", headers, None).await;
        let wait: u32 = refused.header("retry-after").expect("Retry-After").parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        assert_eq!((refused.header("ratelimit-limit"), refused.header("ratelimit-remaining")), (Some("5"), Some("0")));
        assert!(refused.header("ratelimit-reset").is_some());
        refused.problem(429, "rate-limited");
    }
    for unlimited in ["/health", "/health/ready", "/.well-known/jwks.json"] {
        guest.page(unlimited).await.is(200);
    }
}

#[tokio::test]
async fn x02_an_api_key_has_its_users_budget_and_not_its_address_s() {
    let settings = [("RATE_LIMIT_PER_MINUTE", "30"), ("RATE_LIMIT_PER_USER_PER_MINUTE", "50")];
    let shop = Shop::open_with(Engine::Sqlite, &settings).await;
    let ada = shop.customer().await;
    let wish = json!({"name": "Till", "scopes": ["profile:read"]});
    let made = ada.post("/users/me/api-keys", &wish).await.json(201);
    let key = ada.with_token(made["key"].as_str().unwrap());
    let mut guests = 0;
    while shop.guest().get("/products").await.status == 200 {
        guests += 1;
        assert!(guests < 60, "the address has a budget");
    }
    let left = |answer: &crate::harness::Answer| {
        assert_eq!(answer.header("ratelimit-limit"), Some("50"));
        answer.header("ratelimit-remaining").unwrap().parse::<u32>().unwrap()
    };
    let before = left(&key.get("/users/me").await.is(200));
    let after = left(&ada.get("/users/me").await.is(200));
    assert!(after <= before && after + 2 >= before, "one budget for token and key: {before}, {after}");
    while key.get("/users/me").await.status == 200 {}
    ada.get("/users/me").await.problem(429, "rate-limited");
    ada.with_token("carat_made-up").get("/users/me").await.problem(429, "rate-limited");
}

#[tokio::test]
async fn behind_a_proxy_each_client_has_their_own_share() {
    let settings = [("RATE_LIMIT_PER_MINUTE", "3"), ("TRUSTED_PROXIES", "127.0.0.1")];
    let shop = Shop::open_with(Engine::Sqlite, &settings).await;
    let guest = shop.guest();
    let asks =
        async |forwarded: &str| guest.ask("GET", "/api/v1/products", &[("x-forwarded-for", forwarded)], None).await;
    for _ in 0..3 {
        asks("203.0.113.1").await.is(200);
    }
    asks("203.0.113.1").await.problem(429, "rate-limited");
    asks("198.51.100.7, 203.0.113.1").await.problem(429, "rate-limited"); // only what the proxy saw counts
    asks("203.0.113.2").await.is(200);
}
