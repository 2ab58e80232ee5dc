//! Outgoing webhooks: for those who keep them.

use crate::support::*;
use actix_web::test::TestRequest;
use application::webhooks::deliveries::SendAgainError;
use application::webhooks::keep::{KeepWebhookError, KeyedWebhook, WebhookWish};
use application::webhooks::ports::{TargetRefusal, TriedDelivery};
use application::webhooks::secret::SigningSecret;
use chrono::TimeDelta;
use domain::kernel::Page;
use domain::webhooks::{Attempt, DeliveryStatus, EndpointChange, EndpointRefusal, EventKind, Fault, Outcome};
use serde_json::{Value, json};

const ALL: &str = "/api/v1/seller/webhooks";

fn one() -> String {
    format!("{ALL}/{}", id(90))
}

fn post(path: &str, body: &Value) -> TestRequest {
    TestRequest::post().uri(path).set_json(body).by("seller")
}

#[actix_web::test]
async fn a_new_one_comes_with_its_secret_and_no_other_answer_does() {
    let mut doubles = Doubles::default();
    doubles.keep_webhooks.expect_create().times(1).returning(|_, wish, _| {
        let expected = WebhookWish {
            url: "https://a.example/hook".to_owned(),
            description: None,
            events: vec![EventKind::OrderPaid, EventKind::PaymentFailed],
        };
        assert_eq!(wish, expected);
        Ok(KeyedWebhook { endpoint: webhook(), secret: SigningSecret::of(&[0; 32]) })
    });
    doubles.keep_webhooks.expect_find().returning(|_, _| Ok(Some(webhook())));
    let site = doubles.site();
    let body =
        json!({"url": " https://a.example/hook ", "events": ["order.paid", "payment.failed"], "description": " "});
    let made = ask(&site, post(ALL, &body)).await;
    assert_eq!(made.status.as_u16(), 201);
    let (secret, at) = (format!("whsec_{}=", "A".repeat(43)), json!(now()));
    let mut expected = json!({"id": id(90), "url": "https://merchant.example/hook", "description": "Warehouse",
        "events": ["order.paid"], "enabled": true, "disabled_reason": null, "disabled_at": null, "failing_since": null,
        "previous_secret_until": null, "created_at": at, "updated_at": at, "secret": secret});
    assert_eq!(made.json(), expected);
    expected.as_object_mut().unwrap().remove("secret");
    assert_eq!(ask(&site, get(&one()).by("seller")).await.json(), expected);
}

#[actix_web::test]
async fn each_reason_not_to_make_one_names_its_field() {
    for (refusal, pointer, code) in [
        (KeepWebhookError::Target(TargetRefusal::Malformed), "/url", "url"),
        (KeepWebhookError::Target(TargetRefusal::NotSecure), "/url", "https-required"),
        (KeepWebhookError::Target(TargetRefusal::Forbidden), "/url", "forbidden-address"),
        (KeepWebhookError::Refused(EndpointRefusal::NotForOwner(EventKind::GiftCardIssued)), "/events", "not-for-you"),
        (KeepWebhookError::Refused(EndpointRefusal::NoEvents), "/events", "required"),
    ] {
        let mut doubles = Doubles::default();
        doubles.keep_webhooks.expect_create().return_once(|_, _, _| Err(refusal));
        let answer = ask(&doubles.site(), post(ALL, &json!({"url": "x", "events": ["gift_card.issued"]}))).await;
        assert_eq!(answer.problem(), (422, "validation-failed".to_owned()));
        let fault = &answer.json()["errors"][0];
        assert_eq!((fault["pointer"].as_str(), fault["code"].as_str()), (Some(pointer), Some(code)));
    }
    let site = Doubles::default().site();
    for wrong in [
        json!({"url": "", "events": ["order.paid"]}),
        json!({"url": "https://a.example", "events": []}),
        json!({"url": "https://a.example", "events": ["order.sung"]}),
        json!({"url": "https://a.example", "events": ["order.paid"], "secret": "mine"}),
    ] {
        assert_eq!(ask(&site, post(ALL, &wrong)).await.problem(), (422, "validation-failed".to_owned()), "{wrong}");
    }
}

#[actix_web::test]
async fn too_many_are_a_conflict() {
    let mut doubles = Doubles::default();
    doubles.keep_webhooks.expect_create().return_once(|_, _, _| Err(KeepWebhookError::TooMany));
    let answer = ask(&doubles.site(), post(ALL, &json!({"url": "https://a.example", "events": ["order.paid"]}))).await;
    assert_eq!(answer.problem(), (409, "too-many-webhooks".to_owned()));
}

#[actix_web::test]
async fn a_change_says_only_what_is_to_be_different() {
    let mut doubles = Doubles::default();
    let mut wanted = vec![
        EndpointChange { enabled: Some(false), ..EndpointChange::default() },
        EndpointChange {
            description: Some(None),
            events: Some(vec![EventKind::OrderPlaced]),
            ..EndpointChange::default()
        },
    ];
    doubles.keep_webhooks.expect_change().times(2).returning(move |_, _, change, _| {
        assert_eq!(change, wanted.remove(0));
        Ok(webhook())
    });
    let site = doubles.site();
    for body in [json!({"enabled": false}), json!({"description": null, "events": ["order.placed"]})] {
        let answer = ask(&site, TestRequest::patch().uri(&one()).set_json(&body).by("seller")).await;
        assert_eq!(answer.status.as_u16(), 200, "{body}");
    }
}

#[actix_web::test]
async fn deliveries_are_listed_by_status_without_what_was_sent() {
    let mut doubles = Doubles::default();
    doubles.tend_deliveries.expect_list().times(1).returning(|_, _, status, _| {
        assert_eq!(status, Some(DeliveryStatus::Failed));
        Ok(Some(Page { data: vec![delivery()], next: None }))
    });
    let site = doubles.site();
    let answer = ask(&site, get(&format!("{}/deliveries?status=failed", one())).by("seller")).await;
    let at = json!(now());
    let row = json!({"id": id(91), "event_id": format!("evt_{}", id(92).simple()), "event": "order.paid",
        "status": "waiting", "tries": 0, "next_attempt_at": at, "created_at": at, "updated_at": at});
    assert_eq!(answer.json(), json!({"data": [row], "next_cursor": null}));
    let wrong = ask(&site, get(&format!("{}/deliveries?status=lost", one())).by("seller")).await;
    assert_eq!(wrong.problem(), (422, "validation-failed".to_owned()));
}

#[actix_web::test]
async fn a_delivery_shows_what_was_sent_and_what_came_of_it() {
    let mut doubles = Doubles::default();
    let attempt = |outcome| Attempt { id: id(93), at: now(), took: TimeDelta::milliseconds(120), outcome };
    let attempts = vec![
        attempt(Outcome::Answered { status: 500, body: "oh".to_owned() }),
        attempt(Outcome::Fault(Fault::TimedOut)),
    ];
    let tried = TriedDelivery { delivery: delivery(), attempts };
    doubles.tend_deliveries.expect_find().return_once(|_, _, _| Ok(Some(tried)));
    let answer = ask(&doubles.site(), get(&format!("{}/deliveries/{}", one(), id(91))).by("seller")).await.json();
    assert_eq!(answer["payload"], json!({"type": "order.paid"}));
    let told = json!([
        {"at": now(), "duration_ms": 120, "status_code": 500, "fault": null, "answer": "oh"},
        {"at": now(), "duration_ms": 120, "status_code": null, "fault": "timed_out", "answer": null},
    ]);
    assert_eq!(answer["attempts"], told);
}

#[actix_web::test]
async fn nothing_is_sent_to_one_that_is_switched_off() {
    let mut doubles = Doubles::default();
    doubles.tend_deliveries.expect_test().return_once(|_, _| Err(SendAgainError::Disabled));
    doubles.tend_deliveries.expect_replay().return_once(|_, _, _| Err(SendAgainError::Disabled));
    let site = doubles.site();
    for path in [format!("{}/test", one()), format!("{}/deliveries/{}/replay", one(), id(91))] {
        let answer = ask(&site, TestRequest::post().uri(&path).by("seller")).await;
        assert_eq!(answer.problem(), (409, "webhook-disabled".to_owned()));
    }
}
