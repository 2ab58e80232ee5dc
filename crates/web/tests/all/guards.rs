//! What stands before every handler: headers, bodies, other sites, floods, panics.

use crate::support::*;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use application::RepositoryError;
use application::identity::authenticate::{AuthenticateError, MockAuthenticate};
use domain::kernel::{Applied, Page};
use serde_json::json;
use web::Site;

fn site_with_carts() -> Site {
    let mut doubles = Doubles::default();
    doubles.settings.cors_origins = vec!["https://app.example".to_owned()];
    doubles.fill_carts.expect_open().returning(|_, _| Ok(cart()));
    doubles.browse_catalog.expect_products().returning(|_, _, _| Ok(Page { data: vec![], next: None }));
    doubles.browse_catalog.expect_categories().returning(|| Err(RepositoryError::unavailable("SELECT failed at /srv")));
    doubles.browse_catalog.expect_materials().returning(|| panic!("on purpose"));
    doubles.site()
}

#[actix_web::test]
async fn every_answer_has_the_security_headers() {
    let site = site_with_carts();
    let paths = [
        "/",
        "/api/v1/",
        "/api/v1/products",
        "/api/v1/nothing",
        "/api/v1/categories",
        "/api/v1/materials",
        "/api/v1/users/me",
        "/health",
        "/metrics",
        "/problems/",
        "/docs/",
        "/redoc",
        "/media/none",
        "/media/products/ring.webp",
        "/.well-known/jwks.json",
        "/pages.css",
        "/api/v1/openapi.json",
        "/nothing.js",
        "/seller",
    ];
    for path in paths {
        let answer = ask(&site, get(path)).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("x-xss-protection", "1; mode=block"),
            ("strict-transport-security", "max-age=31536000"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        for name in
            ["referrer-policy", "permissions-policy", "content-security-policy", "cache-control", "x-request-id"]
        {
            assert!(!answer.header(name).is_empty(), "{name} is missing at {path}");
        }
    }
    assert_eq!(ask(&site, get("/api/v1/users/me")).await.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn pages_run_under_a_strict_policy() {
    let policy = "default-src 'self'; img-src 'self' data:; style-src 'self'; frame-ancestors 'none'; base-uri 'self'; \
        object-src 'none'; require-trusted-types-for 'script'; form-action 'self'";
    let site = site_with_carts();
    assert_eq!(ask(&site, get("/problems/email-taken")).await.header("content-security-policy"), policy);
    assert!(ask(&site, get("/docs/")).await.header("content-security-policy").contains("'unsafe-inline'"));
}

#[actix_web::test]
async fn a_failure_leaks_nothing_and_a_panic_is_a_500() {
    let site = site_with_carts();
    let away = ask(&site, get("/api/v1/categories")).await;
    assert_eq!(away.problem(), (503, "service-unavailable".to_owned()));
    assert!(!away.text().contains("SELECT") && !away.text().contains("/srv"));
    let panicked = ask(&site, get("/api/v1/materials").insert_header(("x-request-id", "mine"))).await;
    assert_eq!(panicked.problem(), (500, "internal-error".to_owned()));
    assert_eq!((panicked.header("x-request-id"), panicked.json()["request_id"].clone()), ("mine", json!("mine")));
    assert!(!panicked.text().contains("on purpose"));
}

#[actix_web::test]
async fn a_request_id_is_given_back_in_header_and_problem() {
    let site = site_with_carts();
    let answer = ask(&site, get("/api/v1/nothing").insert_header(("x-request-id", "trace-1"))).await;
    assert_eq!((answer.header("x-request-id"), answer.json()["request_id"].clone()), ("trace-1", json!("trace-1")));
    let answer = ask(&site, get("/api/v1/nothing").insert_header(("x-request-id", "<script>"))).await;
    assert_eq!(answer.json()["request_id"].as_str().unwrap().len(), 36);
}

#[actix_web::test]
async fn bodies_that_are_no_json_are_told_apart() {
    let site = Doubles::default().site();
    let login = || TestRequest::post().uri("/api/v1/auth/login");
    let json = ("content-type", "application/json");
    for (request, status, code) in [
        (login().insert_header(json).set_payload("{"), 400, "malformed-json"),
        (login().insert_header(json), 400, "malformed-json"),
        (login().insert_header(("content-type", "text/plain")).set_payload("{}"), 415, "unsupported-media-type"),
        (login().set_payload("{}"), 415, "unsupported-media-type"),
        (
            login().insert_header(("content-type", "application/json; charset=latin1")).set_payload("{}"),
            415,
            "unsupported-media-type",
        ),
        (
            login().insert_header(json).set_payload("{\"email\":\"a@b.co\",\"password\":\"x\",\"more\":1}"),
            422,
            "validation-failed",
        ),
        (login().insert_header(json).set_payload(" ".repeat(2 * 1024 * 1024)), 413, "body-too-large"),
    ] {
        assert_eq!(ask(&site, request).await.problem(), (status, code.to_owned()));
    }
}

#[actix_web::test]
async fn a_body_that_does_not_arrive_is_cut_off() {
    let mut doubles = Doubles::default();
    doubles.settings.body_pace.deadline = std::time::Duration::from_millis(50);
    let app = actix_web::test::init_service(doubles.site().app()).await;
    let (sender, payload) = actix_http_payload();
    let (request, _) = post("/api/v1/auth/login", &json!({})).to_request().replace_payload(payload);
    let answer = actix_web::test::call_service(&app, request).await;
    assert_eq!(answer.status(), 408);
    drop(sender);
}

/// A body of which nothing comes.
fn actix_http_payload() -> (std::sync::mpsc::Sender<()>, actix_web::dev::Payload) {
    let (sender, _) = std::sync::mpsc::channel();
    let never = futures_util::stream::pending::<Result<actix_web::web::Bytes, actix_web::error::PayloadError>>();
    (sender, actix_web::dev::Payload::Stream { payload: Box::pin(never) })
}

#[actix_web::test]
async fn a_method_that_is_not_there_is_a_405_that_names_the_others() {
    let site = Doubles::default().site();
    let answer = ask(&site, TestRequest::delete().uri("/api/v1/products")).await;
    assert_eq!((answer.problem().0, answer.header("allow")), (405, "GET, HEAD"));
    let answer = ask(&site, TestRequest::put().uri(&format!("/api/v1/carts/{}/lines/{}", id(1), id(2)))).await;
    assert_eq!((answer.problem().0, answer.header("allow")), (405, "PATCH, DELETE"));
}

#[actix_web::test]
async fn only_allowed_origins_may_read_across() {
    let site = site_with_carts();
    let preflight = |origin: &str| {
        TestRequest::with_uri("/api/v1/carts")
            .method(Method::OPTIONS)
            .insert_header(("origin", origin))
            .insert_header(("access-control-request-method", "POST"))
            .insert_header(("access-control-request-headers", "content-type,idempotency-key"))
    };
    let allowed = ask(&site, preflight("https://app.example")).await;
    assert_eq!(allowed.header("access-control-allow-origin"), "https://app.example");
    assert_eq!(allowed.header("access-control-allow-credentials"), "true");
    let refused = ask(&site, preflight("https://evil.example")).await;
    assert_eq!(refused.header("access-control-allow-origin"), "");
    let read = ask(&site, get("/api/v1/products").insert_header(("origin", "https://evil.example"))).await;
    assert_eq!(read.header("access-control-allow-origin"), "");
}

#[actix_web::test]
async fn a_flood_is_stopped_for_the_one_who_makes_it() {
    let mut doubles = Doubles::default();
    doubles.settings.rate_limit_per_minute = 2;
    doubles.settings.trusted_proxies = web::extract::TrustedProxies(vec!["203.0.113.7".parse().unwrap()]);
    let site = doubles.site();
    let from = |client: &str| get("/api/v1/").insert_header(("x-forwarded-for", client));
    let first = ask(&site, from("198.51.100.1")).await;
    assert_eq!((first.header("ratelimit-limit"), first.header("ratelimit-remaining")), ("2", "1"));
    assert!((1..=60).contains(&first.header("ratelimit-reset").parse::<u32>().unwrap()));
    ask(&site, from("198.51.100.1")).await;
    let third = ask(&site, from("198.51.100.1")).await;
    assert_eq!(third.problem(), (429, "rate-limited".to_owned()));
    assert!((1..=30).contains(&third.header("retry-after").parse::<u32>().unwrap()));
    assert_eq!((third.header("ratelimit-limit"), third.header("ratelimit-remaining")), ("2", "0"));
    assert!(third.headers.keys().all(|name| !name.as_str().starts_with("x-ratelimit")));
    assert_eq!(ask(&site, from("198.51.100.2")).await.status, 200);
    assert_eq!(ask(&site, get("/health/live")).await.status, 200);
    site.forget_idle_clients();
}

fn site_with_budgets() -> Site {
    let mut doubles = Doubles::default();
    doubles.settings.rate_limit_per_minute = 3;
    doubles.settings.rate_limit_per_user_per_minute = 5;
    doubles.settings.sign_in_rate_limit_per_minute = 2;
    doubles.verify_emails.expect_resend().returning(|_| Ok(()));
    doubles.site()
}

#[actix_web::test]
async fn who_is_signed_in_has_a_budget_of_their_own() {
    let site = site_with_budgets();
    let told = |answer: &Answer| {
        (answer.header("ratelimit-limit").to_owned(), answer.header("ratelimit-remaining").to_owned())
    };
    for left in (0..5).rev() {
        let answer = ask(&site, get("/api/v1/").by("customer")).await;
        assert_eq!((answer.status.as_u16(), told(&answer)), (200, ("5".to_owned(), left.to_string())));
        assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("x-ratelimit")));
    }
    let refused = ask(&site, get("/api/v1/").by("customer")).await;
    assert_eq!(refused.problem(), (429, "rate-limited".to_owned()));
    assert_eq!((refused.header("retry-after"), told(&refused)), ("3", ("5".to_owned(), "0".to_owned())));
    let browser = get("/api/v1/").insert_header(("cookie", "carat_session=customer"));
    assert_eq!(ask(&site, browser).await.status, 429, "by cookie or by token, it is one budget");
    assert_eq!(ask(&site, get("/api/v1/").by("seller")).await.status, 200, "another's is another");
    // None of it was paid by the address.
    let guest = ask(&site, get("/api/v1/")).await;
    assert_eq!((guest.status.as_u16(), told(&guest)), (200, ("3".to_owned(), "2".to_owned())));
}

#[actix_web::test]
async fn a_token_that_is_not_ours_is_paid_by_its_address() {
    let site = site_with_budgets();
    for number in 0..3 {
        let answer = ask(&site, get("/api/v1/").by(&format!("made-up-{number}"))).await;
        assert_eq!(answer.header("ratelimit-limit"), "3");
    }
    assert_eq!(ask(&site, get("/api/v1/").by("made-up-4")).await.problem().0, 429);
    assert_eq!(ask(&site, get("/api/v1/")).await.problem().0, 429);
    assert_eq!(ask(&site, get("/api/v1/").by("customer")).await.status, 200, "a neighbour is not kept out");
}

#[actix_web::test]
async fn an_api_key_is_paid_by_its_user_and_not_by_its_address() {
    let site = site_with_budgets();
    for left in (0..5).rev() {
        let key = if left == 0 { "carat_another" } else { "carat_key" };
        let answer = ask(&site, get("/api/v1/").by(key)).await;
        let told = (answer.header("ratelimit-limit"), answer.header("ratelimit-remaining").to_owned());
        assert_eq!((answer.status.as_u16(), told), (200, ("5", left.to_string())));
    }
    for key in ["carat_key", "carat_another"] {
        assert_eq!(ask(&site, get("/api/v1/").by(key)).await.problem().0, 429, "all keys of a user have one budget");
    }
    let guest = ask(&site, get("/api/v1/")).await;
    assert_eq!((guest.header("ratelimit-limit"), guest.header("ratelimit-remaining")), ("3", "2"));
}

#[actix_web::test]
async fn a_key_is_not_kept_out_by_guests_at_its_address() {
    let site = site_with_budgets();
    for expected in [200, 200, 200, 429] {
        assert_eq!(ask(&site, get("/api/v1/")).await.status, expected);
    }
    assert_eq!(ask(&site, get("/api/v1/").by("carat_key")).await.status, 200);
}

#[actix_web::test]
async fn made_up_keys_are_paid_by_their_address_and_looked_up_no_oftener_than_it_may_ask() {
    let mut doubles = Doubles::default();
    doubles.settings.rate_limit_per_minute = 3;
    doubles.settings.rate_limit_per_user_per_minute = 5;
    doubles.authenticate = MockAuthenticate::new();
    doubles.authenticate.expect_authenticate().times(3).returning(|_| Err(AuthenticateError::Invalid));
    let site = doubles.site();
    for number in 0..6 {
        let answer = ask(&site, get("/api/v1/").by(&format!("carat_made-up-{number}"))).await;
        let expected = if number < 3 { 200 } else { 429 };
        assert_eq!((answer.status.as_u16(), answer.header("ratelimit-limit")), (expected, "3"));
    }
}

#[actix_web::test]
async fn tries_of_secrets_have_a_small_budget() {
    let site = site_with_budgets();
    let mail = |path: &str| post(path, &json!({"email": "a@b.co"}));
    let path = "/api/v1/auth/resend-verification";
    let first = ask(&site, mail(path)).await;
    assert_eq!(
        (first.status.as_u16(), first.header("ratelimit-limit"), first.header("ratelimit-remaining")),
        (202, "2", "1")
    );
    // Signed in or not, hidden or not: what is tried from an address is counted for it.
    assert_eq!(ask(&site, mail("/api/v1/%61uth/resend-verification").by("customer")).await.status, 202);
    for (place, path) in ["login", "register", "verify-email", "password/forget"].iter().enumerate() {
        let by = if place < 2 { "customer" } else { "seller" };
        let refused = ask(&site, mail(&format!("/api/v1/auth/{path}")).by(by)).await;
        assert_eq!((refused.problem().0, refused.header("ratelimit-limit")), (429, "2"), "{path}");
    }
    for harmless in ["refresh", "logout"] {
        let answer = ask(&site, mail(&format!("/api/v1/auth/{harmless}")).by("seller")).await;
        assert_ne!(answer.status, 429, "{harmless}");
    }
    assert_eq!(ask(&site, get("/api/v1/")).await.status, 200, "the rest is not theirs to spend");
}

#[actix_web::test]
async fn a_payment_gateway_may_tell_more_than_others_ask() {
    let mut doubles = Doubles::default();
    doubles.settings.rate_limit_per_minute = 2;
    doubles.hear_gateway.expect_hear().times(40).returning(|_, _, _| Ok(Applied::Already));
    let site = doubles.site();
    for left in (0..40).rev() {
        let answer = ask(&site, post("/api/v1/webhooks/stripe", &json!({}))).await;
        let told = (answer.header("ratelimit-limit"), answer.header("ratelimit-remaining"));
        assert_eq!((answer.status.as_u16(), told), (200, ("40", left.to_string().as_str())));
    }
    assert_eq!(ask(&site, post("/api/v1/webhooks/stripe", &json!({}))).await.problem().0, 429);
    let guest = ask(&site, get("/api/v1/")).await;
    assert_eq!(
        (guest.status.as_u16(), guest.header("ratelimit-remaining")),
        (200, "1"),
        "none of it is paid by the address"
    );
    assert_eq!(
        ask(&site, get("/api/v1/webhooks/stripe")).await.header("ratelimit-limit"),
        "2",
        "nor by who only looks"
    );
}

#[actix_web::test]
async fn without_a_limit_for_addresses_there_is_none() {
    let mut doubles = Doubles::default();
    doubles.settings.rate_limit_per_user_per_minute = 1;
    doubles.settings.sign_in_rate_limit_per_minute = 1;
    let site = doubles.site();
    for _ in 0..3 {
        let answer = ask(&site, get("/api/v1/").by("customer")).await;
        assert_eq!((answer.status.as_u16(), answer.header("ratelimit-limit")), (200, ""));
    }
}
