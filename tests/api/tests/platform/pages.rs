//! What browsers and operators look at: health, metrics, the apps, and the documentation.

use crate::harness::{Actor, Engine, Shop, on_both_databases};
use serde_json::Value;

/// The addresses that a page loads things from.
fn references(html: &str) -> Vec<String> {
    let after = |attribute: &str| -> Vec<String> {
        let parts = html.split(attribute).skip(1);
        parts.filter_map(|rest| rest.split(['"', '\'']).next()).map(str::to_owned).collect()
    };
    [after("src=\""), after("src='"), after("<link href=\""), after("rel=\"stylesheet\" href=\""), after(" href=\"")]
        .concat()
}

/// A page of documentation loads, and everything that it loads comes from the shop.
async fn stands_alone(guest: &Actor, path: &str) {
    let mut answer = guest.page(path).await;
    let mut base = path.to_owned();
    if (300..400).contains(&answer.status) {
        base = answer.header("location").unwrap().to_owned();
        assert!(base.starts_with('/') && !base.starts_with("//"), "{base}");
        answer = guest.page(&base).await;
    }
    let html = answer.is(200).text();
    assert!(html.to_lowercase().contains("<!doctype html"), "{html}");
    let page = html.replace("http://www.w3.org", ""); // a name in drawings, from which nothing is loaded
    assert!(!page.contains("http://") && !page.contains("https://"), "another host in {path}: {html}");
    for reference in references(&html) {
        if reference.starts_with('#') || reference.starts_with("data:") {
            continue;
        }
        assert!(!reference.starts_with("//"), "{reference}");
        let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
        let relative = reference.trim_start_matches("./");
        let address = if relative.starts_with('/') { relative.to_owned() } else { format!("{folder}/{relative}") };
        guest.page(&address).await.is(200);
    }
}

on_both_databases! {
    async fn health_is_told_to_whoever_asks(shop: Shop) {
        let guest = shop.guest();
        for path in ["/health", "/health/live", "/health/ready"] {
            let answer = guest.page(path).await.is(200);
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        }
    }

    async fn metrics_are_told_to_this_machine(shop: Shop) {
        let guest = shop.guest();
        guest.get("/products").await.is(200);
        let answer = guest.page("/metrics").await.is(200);
        assert!(answer.header("content-type").unwrap().starts_with("text/plain"));
        let text = answer.text();
        assert!(text.contains("# TYPE ") && text.contains("# HELP "), "{text}");
        assert!(text.lines().any(|line| line.contains("/products") && !line.starts_with('#')), "{text}");
    }
}

#[tokio::test]
async fn metrics_are_not_told_through_a_proxy_without_the_token() {
    let settings = [("TRUSTED_PROXIES", "127.0.0.1"), ("METRICS_TOKEN", "a-long-secret-for-metrics")];
    let shop = Shop::open_with(Engine::Sqlite, &settings).await;
    let guest = shop.guest();
    let from_outside = ("x-forwarded-for", "203.0.113.9");
    for more in [&[from_outside][..], &[from_outside, ("authorization", "Bearer wrong")]] {
        let refused = guest.ask("GET", "/metrics", more, None).await;
        assert!([401, 403, 404].contains(&refused.status), "{}", refused.status);
        refused.any_problem();
    }
    let known = [from_outside, ("authorization", "Bearer a-long-secret-for-metrics")];
    guest.ask("GET", "/metrics", &known, None).await.is(200);
}

#[tokio::test]
async fn the_documentation_loads_nothing_from_elsewhere() {
    let shop = Shop::open(Engine::Sqlite).await;
    for path in ["/docs", "/redoc"] {
        stands_alone(&shop.guest(), path).await;
    }
}

#[tokio::test]
async fn the_openapi_document_is_always_the_same() {
    let shop = Shop::open(Engine::Sqlite).await;
    let (first, second) = (shop.command(&["openapi"]), shop.command(&["openapi"]));
    assert!(first.status.success() && second.status.success());
    assert_eq!(first.stdout, second.stdout, "byte for byte");
    let printed: Value = serde_json::from_slice(&first.stdout).unwrap();
    let served = shop.guest().get("/openapi.json").await.json(200);
    assert_eq!(printed, served);
    assert!(served["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(served["paths"].as_object().unwrap().keys().any(|path| path.ends_with("/carts/{id}/checkout")));
}

#[tokio::test]
async fn every_documented_path_is_there() {
    let shop = Shop::open(Engine::Sqlite).await;
    let guest = shop.guest();
    let document = guest.get("/openapi.json").await.json(200);
    let some_id = "01900000-0000-7000-8000-000000000000";
    let mut asked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys().filter(|name| *name != "parameters") {
            let address = path
                .split('/')
                .map(|part| if part.starts_with('{') { some_id } else { part })
                .collect::<Vec<_>>()
                .join("/");
            let answer = guest.ask(&method.to_uppercase(), &address, &[], None).await;
            let code = if answer.status >= 400 { answer.any_problem()["code"].clone() } else { Value::Null };
            assert!(answer.status < 500 && answer.status != 405, "{method} {path}: {}", answer.status);
            assert!(
                answer.status != 404
                    || code != "not-found"
                    || path.contains("/webhooks/")
                    || path.contains("{provider}"),
                "{method} {path} is not there"
            );
            asked += 1;
        }
    }
    assert!(asked >= 25, "{asked} operations");
}

#[tokio::test]
async fn a_problem_that_there_is_not_is_not_written_into_the_page() {
    let shop = Shop::open(Engine::Sqlite).await;
    let odd = shop.guest().page("/problems/%3Cscript%3Ealert(1)%3C%2Fscript%3E").await.is(404);
    assert!(!odd.text().contains("<script>"), "{}", odd.text());
}
