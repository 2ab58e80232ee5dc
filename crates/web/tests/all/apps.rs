//! The single-page apps: what they answer for, and what never.

use crate::support::*;
use actix_web::test::TestRequest;
use web::Site;

fn shop() -> Site {
    let customer_app = vec![
        ("index.html", "<!doctype html>shop"),
        ("assets/app-1.js", "plain"),
        ("assets/app-1.js.br", "brotli"),
        ("assets/app-1.js.gz", "gzip"),
        ("favicon.svg", "icon"),
    ];
    Doubles { customer_app, ..Doubles::default() }.site()
}

fn page(path: &str) -> TestRequest {
    get(path).insert_header(("accept", "text/html,*/*;q=0.8"))
}

#[actix_web::test]
async fn every_view_of_the_shop_is_its_page() {
    let site = shop();
    for path in ["/", "/products/gold-ring", "/orders/1?token=x", "/gift-card"] {
        let answer = ask(&site, page(path)).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "<!doctype html>shop"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert!(answer.header("content-security-policy").contains("require-trusted-types-for 'script'"));
    }
}

#[actix_web::test]
async fn the_shops_page_never_answers_for_the_servers_own_addresses() {
    let site = shop();
    for path in [
        "/api/v1/nothing",
        "/api",
        "/assets/gone.js",
        "/assets/",
        "/media/x",
        "/health/none",
        "/docs/none.js",
        "/sandbox/pay/x",
        "/dev/mail",
        "/gone.js",
        "/problems/none",
        "/.well-known/x",
        "/../etc/passwd",
        "/metrics/x",
    ] {
        let answer = ask(&site, page(path)).await;
        assert!(answer.status.as_u16() == 404, "{path}: {} {}", answer.status, answer.text());
        assert!(!answer.text().contains("<!doctype html>shop"), "{path}");
    }
    assert_eq!(ask(&site, TestRequest::post().uri("/products/x")).await.problem().0, 405);
    assert_eq!(ask(&site, get("/data").insert_header(("accept", "application/json"))).await.problem().0, 404);
}

#[actix_web::test]
async fn hashed_files_are_kept_for_ever_and_come_compressed() {
    let site = shop();
    for (accepted, body, encoding) in
        [("gzip, br", "brotli", "br"), ("gzip", "gzip", "gzip"), ("identity", "plain", ""), ("br;q=0", "plain", "")]
    {
        let answer = ask(&site, get("/assets/app-1.js").insert_header(("accept-encoding", accepted))).await;
        assert_eq!((answer.text().as_str(), answer.header("content-encoding")), (body, encoding), "{accepted}");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.header("content-type"), "text/javascript");
        assert!(answer.header("vary").contains("Accept-Encoding") || answer.header("vary").contains("accept-encoding"));
    }
    let icon = ask(&site, get("/favicon.svg")).await;
    assert_eq!(icon.header("cache-control"), "no-cache");
    let again = ask(&site, get("/favicon.svg").insert_header(("if-none-match", icon.header("etag")))).await;
    assert_eq!(again.status, 304);
}

#[actix_web::test]
async fn an_app_that_is_not_built_says_how_to_build_it() {
    let site = shop();
    let answer = ask(&site, page("/seller/products")).await;
    assert!(answer.status == 503 && answer.text().contains("make run"));
    let answer = ask(&site, page("/seller")).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (308, "/seller/"));
}
