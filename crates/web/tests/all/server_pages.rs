//! The server's own pages: health, metrics, pictures, the sandbox, the mailbox, problems.

use crate::support::*;
use actix_web::test::{self, TestRequest};
use application::notifications::ports::MockMailbox;
use application::notifications::ports::{KeptMail, Mail};
use application::payments::sandbox::MockSandboxPage;
use application::payments::sandbox::{SandboxOutcome, SandboxSession};
use domain::kernel::EmailAddress;
use serde_json::json;
use web::Site;

#[actix_web::test]
async fn a_server_that_can_t_work_is_unready_but_alive_and_keeps_its_reasons() {
    let site = Doubles { ready: false, ..Doubles::default() }.site();
    for path in ["/health", "/health/ready"] {
        let answer = ask(&site, get(path)).await;
        assert_eq!((answer.status.as_u16(), answer.json()["checks"].clone()), (503, json!({"database": "failing"})));
        assert!(!answer.text().contains("password"));
    }
    assert_eq!(ask(&site, get("/health/live")).await.status, 200);
    assert_eq!(ask(&Doubles::default().site(), get("/health/ready")).await.json()["status"], "ok");
}

async fn metrics(site: &Site, peer: &str, headers: &[(&str, &str)]) -> u16 {
    let app = test::init_service(site.app()).await;
    let request = headers.iter().fold(get("/metrics"), |request, header| request.insert_header(*header));
    test::call_service(&app, request.peer_addr(peer.parse().unwrap()).to_request()).await.status().as_u16()
}

#[actix_web::test]
async fn metrics_are_for_this_machine_or_for_the_token() {
    let mut doubles = Doubles::default();
    doubles.settings.metrics_token = Some("secret".to_owned());
    let site = doubles.site();
    assert_eq!(metrics(&site, "127.0.0.1:1", &[]).await, 200);
    assert_eq!(metrics(&site, "127.0.0.1:1", &[("x-forwarded-for", "127.0.0.1")]).await, 403);
    assert_eq!(metrics(&site, "203.0.113.9:1", &[]).await, 403);
    assert_eq!(metrics(&site, "203.0.113.9:1", &[("authorization", "Bearer secret")]).await, 200);
    assert_eq!(metrics(&site, "203.0.113.9:1", &[("authorization", "Bearer wrong")]).await, 403);
}

#[actix_web::test]
async fn metrics_count_by_route_and_never_by_address() {
    let site = Doubles::default().site();
    ask(&site, get("/api/v1/carts/not-an-id")).await;
    ask(&site, get("/api/v1/secret-address")).await;
    let text = site.metrics().text().unwrap();
    assert!(text.contains(r#"method="GET",route="/api/v1/carts/{id}",status="404""#), "{text}");
    assert!(!text.contains("secret-address") && !text.contains("not-an-id"));
}

#[actix_web::test]
async fn pictures_are_kept_for_ever_and_lead_nowhere_else() {
    let site = Doubles::default().site();
    let picture = ask(&site, get("/media/products/ring.webp")).await;
    assert_eq!((picture.text().as_str(), picture.header("content-type")), ("webp", "image/webp"));
    assert!(picture.header("cache-control").contains("immutable"));
    for path in [
        "/media/none.webp",
        "/media/../products/ring.webp",
        "/media/%2e%2e/x",
        "/media/..%2fx",
        "/media/",
        "/media/.env",
    ] {
        assert_eq!(ask(&site, get(path)).await.status, 404, "{path}");
    }
}

fn sandbox() -> Site {
    let mut page = MockSandboxPage::new();
    page.expect_session().returning(|id| {
        Ok((id == "sess").then(|| SandboxSession {
            id: "sess".to_owned(),
            amount: eur(25_998),
            description: "Order <CR-1>".to_owned(),
            open: true,
            success_url: "https://app.example/done".to_owned(),
            cancel_url: format!("{SHOP}/cart"),
        }))
    });
    page.expect_choose().returning(|_, outcome| {
        Ok(Some(if outcome == SandboxOutcome::Succeed {
            "https://app.example/done".to_owned()
        } else {
            format!("{SHOP}/cart")
        }))
    });
    Doubles { sandbox_page: Some(page), ..Doubles::default() }.site()
}

#[actix_web::test]
async fn the_sandbox_shows_the_amount_and_three_buttons() {
    let answer = ask(&sandbox(), get("/sandbox/pay/sess")).await;
    assert!(answer.text().contains("259.98 EUR") && answer.text().contains("Order &lt;CR-1&gt;"));
    assert_eq!(answer.text().matches("<button").count(), 3);
    assert!(
        answer
            .header("content-security-policy")
            .contains("form-action 'self' https://app.example https://shop.example")
    );
    assert_eq!(ask(&sandbox(), get("/sandbox/pay/none")).await.status, 404);
}

#[actix_web::test]
async fn a_choice_in_the_sandbox_leads_back() {
    let choose = |outcome: &str| TestRequest::post().uri("/sandbox/pay/sess").set_payload(format!("outcome={outcome}"));
    for (outcome, place) in [
        ("succeed", "https://app.example/done"),
        ("decline", "https://shop.example/cart"),
        ("cancel", "https://shop.example/cart"),
    ] {
        let answer = ask(&sandbox(), choose(outcome)).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, place));
    }
    assert_eq!(ask(&sandbox(), choose("steal")).await.problem().0, 422);
}

#[actix_web::test]
async fn without_a_sandbox_and_a_mailbox_their_addresses_do_not_exist() {
    let site = Doubles::default().site();
    assert_eq!(ask(&site, get("/sandbox/pay/sess")).await.status, 404);
    assert_eq!(ask(&site, get("/dev/mail")).await.status, 404);
}

#[actix_web::test]
async fn the_mailbox_is_a_page_and_json() {
    let mut mailbox = MockMailbox::new();
    mailbox.expect_latest().returning(|| {
        let mail = Mail {
            reference: "code:1".to_owned(),
            to: EmailAddress::parse("ada@example.com").unwrap(),
            subject: "Your <code>".to_owned(),
            text: "123456".to_owned(),
            html: "<script>alert(1)</script>".to_owned(),
        };
        Ok(vec![KeptMail { sent_at: now(), mail }])
    });
    let site = Doubles { mailbox: Some(mailbox), ..Doubles::default() }.site();
    let page = ask(&site, get("/dev/mail")).await;
    assert!(
        page.text().contains("Your &lt;code&gt;")
            && page.text().contains("123456")
            && !page.text().contains("<script>")
    );
    let json = ask(&site, get("/dev/mail").insert_header(("accept", "application/json"))).await.json();
    assert_eq!(json["data"][0]["to"], "ada@example.com");
    let html = ask(&site, get("/dev/mail/0")).await;
    assert!(html.header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(ask(&site, get("/dev/mail/1")).await.status, 404);
}

#[actix_web::test]
async fn every_problem_has_its_page() {
    let site = Doubles::default().site();
    for kind in web::problem::registry::ALL {
        let answer = ask(&site, get(&format!("/problems/{}", kind.code))).await;
        assert!(answer.status == 200 && answer.text().contains(kind.code), "{}", kind.code);
    }
}

#[actix_web::test]
async fn the_documentation_comes_from_here() {
    let site = Doubles::default().site();
    for path in ["/docs/", "/redoc"] {
        let answer = ask(&site, get(path)).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.text().contains("https://") && !answer.text().contains("http://"), "{path}");
    }
    assert_eq!(ask(&site, get("/docs/swagger-ui-bundle.js")).await.status, 200);
    assert_eq!(ask(&site, get("/.well-known/jwks.json")).await.json(), json!({"keys": []}));
}
