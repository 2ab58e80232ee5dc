//! Other sites' pages: every combination of what a browser says, who calls, and what is asked.

use crate::support::*;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use domain::kernel::Page;
use serde_json::json;
use web::Site;
use web::problem::ToldProblem;

const FRONT_END: &str = "https://app.example";

/// What `Sec-Fetch-Site` may say, and whether it alone is enough.
const SITES: [(Option<&str>, bool); 6] = [
    (None, false),
    (Some("same-origin"), true),
    (Some("none"), true), // typed, or from a bookmark: no page did it
    (Some("same-site"), false),
    (Some("cross-site"), false),
    (Some("nonsense"), false),
];

/// What `Origin` may say, and whether it is one of ours.
const ORIGINS: [(Option<&str>, bool); 11] = [
    (None, false),
    (Some(SHOP), true),
    (Some(FRONT_END), true),
    (Some("http://localhost:8080"), true), // the name by which this visitor reaches the shop
    (Some("https://evil.example"), false),
    (Some("https://shop.example.evil.example"), false),
    (Some("https://shop.example:444"), false),
    (Some("http://shop.example"), false),
    (Some("https://app.example.evil.example"), false),
    (Some("null"), false),
    (Some("nonsense"), false),
];

/// The headers by which somebody calls, and whether a browser may have added them unasked.
const CALLERS: [(&[(&str, &str)], bool); 6] = [
    (&[], false),
    (&[("authorization", "Bearer customer")], false),
    (&[("cookie", "carat_session=customer")], true),
    (&[("cookie", "theme=dark; carat_refresh=x")], true),
    (&[("cookie", "carat_session=customer"), ("authorization", "Bearer customer")], true),
    (&[("cookie", "theme=dark")], false),
];

fn site() -> Site {
    let mut doubles = Doubles::default();
    doubles.settings.cors_origins = vec![FRONT_END.to_owned()];
    doubles.fill_carts.expect_open().returning(|_, _| Ok(cart()));
    doubles.fill_carts.expect_set_quantity().returning(|_, _, _, _| Ok(cart()));
    doubles.verify_emails.expect_resend().returning(|_| Ok(()));
    doubles.browse_catalog.expect_products().returning(|_, _, _| Ok(Page { data: vec![], next: None }));
    doubles.site()
}

/// An operation: how it is asked for, whether it may change something, and whether it may sign somebody in.
struct Asked {
    request: fn() -> TestRequest,
    is_unsafe: bool,
    signs_in: bool,
}

const OPERATIONS: [Asked; 5] = [
    Asked { request: || get("/api/v1/products"), is_unsafe: false, signs_in: false },
    Asked { request: || post("/api/v1/carts", &json!({})), is_unsafe: true, signs_in: false },
    Asked {
        request: || TestRequest::delete().uri(&format!("/api/v1/carts/{}/lines/{}", id(1), id(2))),
        is_unsafe: true,
        signs_in: false,
    },
    Asked {
        request: || post("/api/v1/auth/resend-verification", &json!({"email": "a@b.co"})),
        is_unsafe: true,
        signs_in: true,
    },
    // The router reads %61 as an a.
    Asked {
        request: || post("/api/v1/%61uth/resend-verification", &json!({"email": "a@b.co"})),
        is_unsafe: true,
        signs_in: true,
    },
];

#[actix_web::test]
async fn every_combination_of_site_origin_caller_and_method_is_decided() {
    let app = actix_web::test::init_service(site().app()).await;
    let mut cases = 0;
    for Asked { request, is_unsafe, signs_in } in &OPERATIONS {
        for (fetched, from_ourselves) in SITES {
            for (origin, is_ours) in ORIGINS {
                for (headers, by_browser) in CALLERS {
                    let mut asked = request().insert_header(("host", "localhost:8080"));
                    for (name, value) in headers.iter().copied() {
                        asked = asked.insert_header((name, value));
                    }
                    asked =
                        fetched.into_iter().fold(asked, |asked, site| asked.insert_header(("sec-fetch-site", site)));
                    asked = origin.into_iter().fold(asked, |asked, origin| asked.insert_header(("origin", origin)));
                    let no_browser = fetched.is_none() && origin.is_none();
                    let by_program = headers.iter().any(|(name, _)| *name == "authorization") && !by_browser;
                    let exposed = by_browser || (*signs_in && !by_program);
                    let refused = *is_unsafe && exposed && !(no_browser || from_ourselves || is_ours);
                    let answer = actix_web::test::call_service(&app, asked.to_request()).await;
                    let code = answer.response().extensions().get::<ToldProblem>().map(|told| told.0);
                    let told = format!("{fetched:?} {origin:?} {headers:?} unsafe {is_unsafe} signs in {signs_in}");
                    if refused {
                        assert_eq!((answer.status().as_u16(), code), (403, Some("cross-site-request")), "{told}");
                    } else {
                        assert!(answer.status().is_success(), "{}: {told}", answer.status());
                    }
                    cases += 1;
                }
            }
        }
    }
    assert_eq!(cases, OPERATIONS.len() * SITES.len() * ORIGINS.len() * CALLERS.len());
}

#[actix_web::test]
async fn nobody_is_signed_in_or_out_by_another_sites_page() {
    let site = site();
    let paths =
        ["login", "login/second-factor", "refresh", "logout", "register", "passkey", "passkey/options", "step-up"];
    for path in paths {
        let asked = post(&format!("/api/v1/auth/{path}"), &json!({})).insert_header(("sec-fetch-site", "cross-site"));
        assert_eq!(ask(&site, asked).await.problem(), (403, "cross-site-request".to_owned()), "{path}");
        let form = post(&format!("/api/v1/auth/{path}"), &json!({})).insert_header(("origin", "null"));
        assert_eq!(ask(&site, form).await.problem().1, "cross-site-request", "{path}");
    }
}

#[actix_web::test]
async fn a_preflight_is_answered_before_the_guard() {
    let preflight = TestRequest::with_uri("/api/v1/auth/login")
        .method(Method::OPTIONS)
        .insert_header(("origin", FRONT_END))
        .insert_header(("sec-fetch-site", "cross-site"))
        .insert_header(("access-control-request-method", "POST"))
        .insert_header(("access-control-request-headers", "content-type"));
    let answer = ask(&site(), preflight).await;
    assert_eq!(answer.header("access-control-allow-origin"), FRONT_END);
}
