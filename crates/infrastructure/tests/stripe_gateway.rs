//! Stripe's adapter against a stand-in that checks what it is sent: what is asked for, what an answer means, and what becomes
//! of each failure.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::payments::ports::{GatewayError, InvalidEvent, PaymentGateway};
use application::system::Clock;
use chrono::TimeDelta;
use domain::kernel::{CartId, Currency, Money};
use domain::orders::Order;
use domain::payments::{GatewayVerdict, Payment, Review};
use infrastructure::payment::StripeGateway;
use infrastructure::system::SystemClock;
use serde_json::json;
use std::time::Duration;
use testkit::builders::{a_payment, a_seller, an_order, an_order_line, cents, id};
use testkit::stripe_peer::{Call, Mood};
use testkit::{PeerAnswer, StripePeer, StripeSdk, WebPeer};

const BREAKS: Mood = Mood::Breaks { after: false, status: 500 };

fn gateway_at(address: &str) -> StripeGateway {
    let patience = Duration::from_millis(700);
    StripeGateway::with_patience(address, StripePeer::KEY, StripePeer::WEBHOOK_SECRET, patience).unwrap()
}

async fn stripe() -> (StripePeer, StripeGateway) {
    let stripe = StripePeer::start().await;
    let gateway = gateway_at(stripe.address());
    (stripe, gateway)
}

/// Something bought just now.
fn a_purchase() -> (Order, Payment) {
    let mut order = an_order(CartId::new(id()), vec![an_order_line(&a_seller()), an_order_line(&a_seller())]);
    order.expires_at = SystemClock.now() + Order::RESERVATION;
    let payment = a_payment(&order);
    (order, payment)
}

fn keys(stripe: &StripePeer) -> Vec<String> {
    let asked = stripe.asked();
    asked.iter().filter_map(|asked| asked.header("idempotency-key")).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_page_is_opened_for_exactly_what_is_bought() {
    let (stripe, gateway) = stripe().await;
    let (order, payment) = a_purchase();
    let page = gateway.open(&payment, Some(&order)).await.unwrap();
    let [session] = stripe.sessions().try_into().unwrap();
    assert_eq!((session["id"].as_str(), session["url"].as_str()), (Some(page.id.as_str()), Some(page.url.as_str())));
    assert_eq!((&session["amount_total"], &session["currency"]), (&json!(51_600), &json!("eur")));
    assert_eq!(session["client_reference_id"], payment.id.to_string());
    let metadata = json!({
        "payment_id": payment.id.to_string(), "order_id": order.id.to_string(), "order_number": order.number.0,
    });
    assert_eq!(session["metadata"], metadata);
    assert_eq!(session["customer_email"], "guest@example.com");
    assert_eq!(session["success_url"], "https://shop.example/thanks");
    assert_eq!(session["cancel_url"], "https://shop.example/cart");
    let [asked] = stripe.asked().try_into().unwrap();
    let seller = order.lines[1].seller.id.to_string();
    let of_line = |name: &str| asked.field(&format!("line_items[1][price_data][product_data][metadata][{name}]"));
    assert_eq!(of_line("seller"), Some(seller));
    assert_eq!(of_line("category").as_deref(), Some("rings"));
    assert_eq!(of_line("material").as_deref(), Some("gold, silver"));
    assert_eq!(keys(&stripe), [format!("payment:{}:attempt:1", payment.id)]);
}

#[tokio::test]
async fn the_same_payment_has_one_page_however_often_it_is_opened() {
    let (stripe, gateway) = stripe().await;
    let (order, payment) = a_purchase();
    let page = gateway.open(&payment, Some(&order)).await.unwrap();
    for _ in 0..3 {
        assert_eq!(gateway.open(&payment, Some(&order)).await.unwrap(), page);
    }
    assert_eq!(stripe.sessions().len(), 1);
}

#[tokio::test]
async fn a_page_stands_as_its_customer_leaves_it() {
    let (stripe, gateway) = stripe().await;
    let (order, payment) = a_purchase();
    let page = gateway.open(&payment, Some(&order)).await.unwrap();
    let verdict = async || gateway.verdict(&page.id).await.unwrap();
    assert_eq!(verdict().await, GatewayVerdict::Open);
    stripe.is_declined(&page.id);
    assert_eq!(verdict().await, GatewayVerdict::Open, "they may try another card");
    assert!(stripe.pays(&page.id));
    assert_eq!(verdict().await, GatewayVerdict::Paid);
    assert_eq!(gateway.close(&page.id).await.unwrap(), GatewayVerdict::Paid, "they were faster");
}

#[tokio::test]
async fn a_page_of_the_other_mode_is_never_believed() {
    let (stripe, gateway) = stripe().await;
    let (order, payment) = a_purchase();
    let page = gateway.open(&payment, Some(&order)).await.unwrap();
    assert!(stripe.pays(&page.id));
    stripe.is_live(&page.id);
    assert!(matches!(gateway.verdict(&page.id).await, Err(GatewayError::Unavailable(_))));
    assert!(matches!(gateway.close(&page.id).await, Err(GatewayError::Unavailable(_))));
    let mut event = stripe.events_about(&page.id).remove(0);
    let now = SystemClock.now();
    let mut read = |livemode: bool| {
        event["livemode"] = json!(livemode);
        let body = event.to_string();
        let signature = StripePeer::signature(StripePeer::WEBHOOK_SECRET, body.as_bytes(), now.timestamp());
        gateway.read_event(body.as_bytes(), &signature, now).map(|event| event.payment)
    };
    assert_eq!(read(false), Ok(Some(payment.id)));
    assert_eq!(read(true), Err(InvalidEvent::OtherMode));
}

#[tokio::test]
async fn nobody_can_pay_on_a_page_that_was_closed() {
    let (stripe, gateway) = stripe().await;
    let (order, payment) = a_purchase();
    let page = gateway.open(&payment, Some(&order)).await.unwrap();
    assert_eq!(gateway.close(&page.id).await.unwrap(), GatewayVerdict::Closed);
    assert!(!stripe.pays(&page.id));
    assert_eq!(gateway.close(&page.id).await.unwrap(), GatewayVerdict::Closed);
    assert_eq!(gateway.verdict(&page.id).await.unwrap(), GatewayVerdict::Closed);
}

#[tokio::test]
async fn whoever_was_declined_and_left_has_been_declined() {
    let (stripe, gateway) = stripe().await;
    let (order, payment) = a_purchase();
    let page = gateway.open(&payment, Some(&order)).await.unwrap();
    stripe.is_declined(&page.id);
    assert_eq!(gateway.close(&page.id).await.unwrap(), GatewayVerdict::Declined);
    assert_eq!(gateway.verdict(&page.id).await.unwrap(), GatewayVerdict::Declined);
}

#[tokio::test]
async fn money_that_takes_its_time_is_waited_for() {
    let (stripe, gateway) = stripe().await;
    for (well, end) in [(true, GatewayVerdict::Paid), (false, GatewayVerdict::Declined)] {
        let (order, payment) = a_purchase();
        let page = gateway.open(&payment, Some(&order)).await.unwrap();
        stripe.pays_slowly(&page.id);
        assert_eq!(gateway.close(&page.id).await.unwrap(), GatewayVerdict::Open);
        stripe.ends_slowly(&page.id, well);
        assert_eq!(gateway.verdict(&page.id).await.unwrap(), end);
    }
}

#[tokio::test]
async fn an_answer_that_was_lost_is_no_second_page() {
    for mood in [Mood::HangsUpBefore, Mood::SilentBefore, Mood::HangsUpAfter, Mood::SilentAfter] {
        let (stripe, gateway) = stripe().await;
        let (order, payment) = a_purchase();
        stripe.next(Call::Open, mood);
        assert!(matches!(gateway.open(&payment, Some(&order)).await, Err(GatewayError::Lost(_))), "{mood:?}");
        gateway.open(&payment, Some(&order)).await.unwrap();
        assert_eq!(stripe.sessions().len(), 1, "{mood:?}");
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_asked_for_again() {
    let (stripe, gateway) = stripe().await;
    let (order, payment) = a_purchase();
    stripe.next(Call::Open, Mood::Late(Duration::from_millis(1_500)));
    assert!(matches!(gateway.open(&payment, Some(&order)).await, Err(GatewayError::Lost(_))));
    let meanwhile = gateway.open(&payment, Some(&order)).await.unwrap_err();
    assert!(matches!(meanwhile, GatewayError::Unavailable(_)), "its key is in use: {meanwhile:?}");
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    gateway.open(&payment, Some(&order)).await.unwrap();
    assert_eq!(stripe.sessions().len(), 1);
}

#[tokio::test]
async fn a_failure_that_stripe_keeps_is_overcome_by_the_next_key() {
    for after in [false, true] {
        let (stripe, gateway) = stripe().await;
        let (order, payment) = a_purchase();
        stripe.next(Call::Open, Mood::Breaks { after, status: 500 });
        assert!(matches!(gateway.open(&payment, Some(&order)).await, Err(GatewayError::Lost(_))));
        let page = gateway.open(&payment, Some(&order)).await.unwrap();
        assert_eq!(gateway.open(&payment, Some(&order)).await.unwrap(), page, "and it stays that one");
        let attempts: Vec<_> = keys(&stripe).iter().map(|key| key.rsplit(':').next().unwrap().to_owned()).collect();
        assert_eq!(attempts, ["1", "1", "2", "1", "2"]);
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_opened_at_all_is_refused_in_the_end() {
    let (stripe, gateway) = stripe().await;
    let (order, payment) = a_purchase();
    stripe.always(Call::Open, BREAKS);
    for _ in 0..5 {
        assert!(matches!(gateway.open(&payment, Some(&order)).await, Err(GatewayError::Lost(_))));
    }
    assert!(matches!(gateway.open(&payment, Some(&order)).await, Err(GatewayError::Refused(_))));
}

#[tokio::test]
async fn a_key_that_was_used_in_other_words_is_left_to_them() {
    let (stripe, gateway) = stripe().await;
    let (mut order, payment) = a_purchase();
    gateway.open(&payment, Some(&order)).await.unwrap();
    order.lines[0].title = "Ring, as an older version would have named it".to_owned();
    gateway.open(&payment, Some(&order)).await.unwrap();
    assert_eq!(stripe.sessions().len(), 2);
    assert!(keys(&stripe).last().unwrap().ends_with(":attempt:2"));
}

#[tokio::test]
async fn whoever_has_too_much_to_do_has_done_nothing() {
    let (stripe, gateway) = stripe().await;
    let (order, payment) = a_purchase();
    for code in ["rate_limit", "lock_timeout"] {
        stripe.next(Call::Open, Mood::Busy(code));
        let error = gateway.open(&payment, Some(&order)).await.unwrap_err();
        assert!(matches!(&error, GatewayError::Unavailable(why) if why.to_string().contains(code)), "{error:?}");
    }
    for status in [502, 503, 504] {
        stripe.next(Call::Open, Mood::Down(status));
        assert!(matches!(gateway.open(&payment, Some(&order)).await, Err(GatewayError::Lost(_))), "{status}");
    }
    gateway.open(&payment, Some(&order)).await.unwrap();
    assert_eq!(stripe.sessions().len(), 1);
    assert!(keys(&stripe).iter().all(|key| key.ends_with(":attempt:1")), "nothing was kept under it");
}

#[tokio::test]
async fn nobody_there_is_known_to_have_done_nothing() {
    let (order, payment) = a_purchase();
    let nobody = gateway_at("http://127.0.0.1:1");
    assert!(matches!(nobody.open(&payment, Some(&order)).await, Err(GatewayError::Unavailable(_))));
    assert!(matches!(nobody.verdict("cs_test_1").await, Err(GatewayError::Unavailable(_))));
}

#[tokio::test]
async fn what_stripe_does_not_take_is_refused() {
    let (stripe, gateway) = stripe().await;
    let (order, payment) = a_purchase();
    let amount = |cents_: i64| Payment { amount: cents(cents_), ..payment.clone() };
    for (payment, code) in [(amount(49), "amount_too_small"), (amount(100_000_000), "amount_too_large")] {
        let error = gateway.open(&payment, Some(&order)).await.unwrap_err();
        assert!(matches!(&error, GatewayError::Refused(why) if why.contains(code)), "{error:?}");
    }
    let lek = Payment { amount: Money::new(1_000, Currency::parse("ALL").unwrap()), ..payment.clone() };
    assert!(matches!(gateway.open(&lek, Some(&order)).await, Err(GatewayError::Refused(_))));
    stripe.next(Call::Open, Mood::CardError);
    let error = gateway.open(&payment, Some(&order)).await.unwrap_err();
    assert!(matches!(&error, GatewayError::Refused(why) if why.contains("card_declined")), "{error:?}");
    assert!(matches!(gateway.verdict("cs_test_none").await, Err(GatewayError::Refused(_))));
    assert!(matches!(gateway.close("cs_test_none").await, Err(GatewayError::Refused(_))));
    assert!(stripe.sessions().is_empty());
}

#[tokio::test]
async fn an_id_that_is_not_stripes_leads_nowhere_else() {
    let (stripe, gateway) = stripe().await;
    for odd in ["", "../charges", "cs_1/expire", "cs_1?expand[]=a", "cs 1"] {
        assert!(matches!(gateway.verdict(odd).await, Err(GatewayError::Refused(_))), "{odd}");
        assert!(matches!(gateway.close(odd).await, Err(GatewayError::Refused(_))), "{odd}");
    }
    assert!(stripe.asked().is_empty());
}

#[tokio::test]
async fn a_wrong_key_is_the_shops_mistake_and_shows_itself_nowhere() {
    let stripe = StripePeer::start().await;
    let (order, payment) = a_purchase();
    let wrong = "sk_test_hidden";
    let gateway = StripeGateway::new(stripe.address(), wrong, StripePeer::WEBHOOK_SECRET).unwrap();
    let error = gateway.open(&payment, Some(&order)).await.unwrap_err();
    assert!(matches!(error, GatewayError::Unavailable(_)), "the payment is good: {error:?}");
    let shown = format!("{error:?} {error} {}", std::error::Error::source(&error).unwrap());
    assert!(shown.contains("401") && !shown.contains("hidden") && !shown.contains("guest@"), "{shown}");
    assert!(StripeGateway::new(stripe.address(), "sk_test_\n", "whsec_1").is_err());
}

#[tokio::test]
async fn what_stripe_says_of_an_error_is_not_repeated() {
    let (stripe, gateway) = stripe().await;
    let (order, payment) = a_purchase();
    let small = Payment { amount: cents(1), ..payment.clone() };
    let refused = gateway.open(&small, Some(&order)).await.unwrap_err();
    stripe.next(Call::Open, BREAKS);
    let lost = gateway.open(&payment, Some(&order)).await.unwrap_err();
    for error in [refused, lost] {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("guest@") && !shown.contains(StripePeer::KEY), "{shown}");
        assert!(shown.contains("req_"), "Stripe's support finds the request by its name: {shown}");
    }
}

#[tokio::test]
async fn a_partner_that_is_not_stripe_is_not_believed() {
    let (order, payment) = a_purchase();
    let endless = format!("{{\"id\": \"{}\"}}", "x".repeat(600_000));
    for (status, body) in
        [(200, "<h1>Welcome</h1>".to_owned()), (200, endless), (200, "{}".to_owned()), (302, String::new())]
    {
        let peer = WebPeer::start(move |_| PeerAnswer::Body(status, body.clone())).await;
        let gateway = gateway_at(peer.address());
        assert!(matches!(gateway.open(&payment, Some(&order)).await, Err(GatewayError::Lost(_))), "{status}");
        assert!(matches!(gateway.verdict("cs_test_1").await, Err(GatewayError::Lost(_))), "{status}");
    }
    let cheap = json!({
        "id": "cs_test_1", "url": "https://checkout.stripe.com/c/pay/cs_test_1", "status": "open", "payment_status": "unpaid",
        "amount_total": 1, "currency": "eur", "payment_intent": null,
    });
    let peer = WebPeer::start(move |_| PeerAnswer::Body(200, cheap.to_string())).await;
    let other = gateway_at(peer.address()).open(&payment, Some(&order)).await;
    assert!(matches!(other, Err(GatewayError::Refused(_))), "a page for another amount is not handed on");
}

#[tokio::test]
async fn closing_is_never_taken_for_done_when_nobody_said_so() {
    let (stripe, gateway) = stripe().await;
    let (order, payment) = a_purchase();
    let page = gateway.open(&payment, Some(&order)).await.unwrap();
    for mood in [Mood::HangsUpBefore, Mood::HangsUpAfter] {
        stripe.next(Call::Expire, mood);
        assert!(matches!(gateway.close(&page.id).await, Err(GatewayError::Lost(_))), "{mood:?}");
    }
    stripe.next(Call::Look, Mood::HangsUpAfter);
    assert!(matches!(gateway.close(&page.id).await, Err(GatewayError::Lost(_))), "it had ended, and how was lost");
    assert_eq!(gateway.close(&page.id).await.unwrap(), GatewayVerdict::Closed);
}

/// A payment that is reviewed, with its page; its customer has paid, so the bank has promised the money.
async fn a_promise(stripe: &StripePeer, gateway: &StripeGateway) -> String {
    let (order, payment) = a_purchase();
    let held = Payment { review: Some(Review::open(vec!["large_amount".to_owned()])), ..payment };
    let page = gateway.open(&held, Some(&order)).await.unwrap();
    assert_eq!(gateway.capture(&page.id).await.unwrap(), GatewayVerdict::Open, "nothing is promised yet");
    assert!(stripe.pays(&page.id));
    assert_eq!(gateway.verdict(&page.id).await.unwrap(), GatewayVerdict::Authorized);
    assert_eq!(gateway.close(&page.id).await.unwrap(), GatewayVerdict::Authorized, "there is no page any more");
    page.id
}

#[tokio::test]
async fn money_that_is_promised_is_taken_or_let_go_once() {
    let (stripe, gateway) = stripe().await;
    let page = a_promise(&stripe, &gateway).await;
    for _ in 0..2 {
        assert_eq!(gateway.capture(&page).await.unwrap(), GatewayVerdict::Paid);
        assert_eq!(gateway.release(&page).await.unwrap(), GatewayVerdict::Paid, "it was taken before");
    }
    let page = a_promise(&stripe, &gateway).await;
    for _ in 0..2 {
        assert_eq!(gateway.release(&page).await.unwrap(), GatewayVerdict::Closed);
        assert_eq!(gateway.capture(&page).await.unwrap(), GatewayVerdict::Closed, "it was let go before");
    }
    assert_eq!(gateway.verdict(&page).await.unwrap(), GatewayVerdict::Closed);
}

#[tokio::test]
async fn whatever_becomes_of_the_answer_a_promise_ends_once() {
    let (stripe, gateway) = stripe().await;
    for (call, end) in [(Call::Capture, GatewayVerdict::Paid), (Call::Cancel, GatewayVerdict::Closed)] {
        let ends = async |page: &str| match call {
            Call::Capture => gateway.capture(page).await,
            _ => gateway.release(page).await,
        };
        let page = a_promise(&stripe, &gateway).await;
        stripe.next(call, Mood::Down(503));
        assert!(matches!(ends(&page).await, Err(GatewayError::Lost(_))));
        stripe.next(call, Mood::Busy("lock_timeout"));
        assert!(matches!(ends(&page).await, Err(GatewayError::Unavailable(_))));
        stripe.next(call, Mood::HangsUpBefore);
        assert!(matches!(ends(&page).await, Err(GatewayError::Lost(_))));
        assert_eq!(gateway.verdict(&page).await.unwrap(), GatewayVerdict::Authorized, "nothing was done");
        stripe.next(call, Mood::SilentAfter);
        assert!(matches!(ends(&page).await, Err(GatewayError::Lost(_))));
        assert_eq!(gateway.verdict(&page).await.unwrap(), end, "it was done");
        assert_eq!(ends(&page).await.unwrap(), end);
    }
    let refused = gateway.capture("cs_test_1/../x").await;
    assert!(matches!(refused, Err(GatewayError::Refused(_))));
}

#[tokio::test]
async fn a_top_up_has_a_page_for_its_amount() {
    let (stripe, gateway) = stripe().await;
    let (_, payment) = a_purchase();
    let payment = Payment { created_at: SystemClock.now(), ..payment };
    let page = gateway.open(&payment, None).await.unwrap();
    assert_eq!(gateway.open(&payment, None).await.unwrap(), page);
    let [session] = stripe.sessions().try_into().unwrap();
    assert_eq!(
        (&session["amount_total"], &session["metadata"]),
        (&json!(51_600), &json!({"payment_id": payment.id.to_string()}))
    );
}

#[tokio::test]
async fn stripes_events_are_known_by_their_signature_and_name_the_payment() {
    let (stripe, gateway) = stripe().await;
    let (order, payment) = a_purchase();
    let page = gateway.open(&payment, Some(&order)).await.unwrap();
    stripe.is_declined(&page.id);
    stripe.pays(&page.id);
    let now = SystemClock.now();
    let mut kinds = Vec::new();
    for event in stripe.events_about(&page.id) {
        let body = event.to_string();
        let signature = StripePeer::signature(StripePeer::WEBHOOK_SECRET, body.as_bytes(), now.timestamp());
        let read = gateway.read_event(body.as_bytes(), &signature, now).unwrap();
        assert_eq!(event["id"], read.id);
        kinds.push((read.kind, read.payment == Some(payment.id)));
        let forged = StripePeer::signature("whsec_guess", body.as_bytes(), now.timestamp());
        for (signature, now) in [
            (forged, now),
            (signature.clone(), now + TimeDelta::seconds(301)),
            (signature, now - TimeDelta::seconds(302)),
        ] {
            assert_eq!(gateway.read_event(body.as_bytes(), &signature, now), Err(InvalidEvent::Signature));
        }
    }
    let heard = |kind: &str, ours| (kind.to_owned(), ours);
    assert_eq!(
        kinds,
        [
            heard("payment_intent.payment_failed", true),
            heard("checkout.session.completed", true),
            heard("payment_intent.succeeded", false),
            heard("charge.succeeded", false),
        ]
    );
}

#[tokio::test]
async fn what_stripes_own_library_signs_is_taken_and_what_the_stand_in_signs_it_takes() {
    let gateway = gateway_at("http://127.0.0.1:1");
    let body = json!({"id": "evt_1", "object": "event", "type": "invoice.created", "note": "é €"}).to_string();
    let now = SystemClock.now();
    let header = StripeSdk::sign(StripePeer::WEBHOOK_SECRET, &body, now.timestamp());
    assert_eq!(gateway.read_event(body.as_bytes(), &header, now).unwrap().id, "evt_1");
    let forged = StripeSdk::sign("whsec_guess", &body, now.timestamp());
    assert_eq!(gateway.read_event(body.as_bytes(), &forged, now), Err(InvalidEvent::Signature));

    let ours = StripePeer::signature(StripePeer::WEBHOOK_SECRET, body.as_bytes(), now.timestamp());
    assert_eq!(ours, header);
    assert_eq!(StripeSdk::verify(StripePeer::WEBHOOK_SECRET, &body, &ours), Ok("evt_1".to_owned()));
}
