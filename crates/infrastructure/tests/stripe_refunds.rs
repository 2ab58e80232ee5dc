//! Stripe's adapter gives money back: once for each refund, whatever becomes of the answer; and knows how disputes stand.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::payments::ports::{GatewayError, GatewayEvent, GoingBack, PaymentGateway};
use application::refunds::ports::{CardRefund, DisputeList, RefundGateway};
use application::system::Clock;
use chrono::TimeDelta;
use domain::kernel::{CartId, RefundId};
use domain::orders::Order;
use domain::payments::Payment;
use domain::refunds::RefundVerdict;
use infrastructure::payment::StripeGateway;
use infrastructure::system::SystemClock;
use serde_json::Value;
use std::time::Duration;
use testkit::StripePeer;
use testkit::builders::{a_payment, a_seller, an_order, an_order_line, cents, id};
use testkit::stripe_peer::{Call, Mood};

const BREAKS: Mood = Mood::Breaks { after: false, status: 500 };
const BREAKS_AFTER: Mood = Mood::Breaks { after: true, status: 500 };

/// A payment of 258.00 that was made.
async fn paid() -> (StripePeer, StripeGateway, Payment) {
    let stripe = StripePeer::start().await;
    let patience = Duration::from_millis(700);
    let gateway =
        StripeGateway::with_patience(stripe.address(), StripePeer::KEY, StripePeer::WEBHOOK_SECRET, patience).unwrap();
    let mut order = an_order(CartId::new(id()), vec![an_order_line(&a_seller())]);
    order.expires_at = SystemClock.now() + Order::RESERVATION;
    let mut payment = a_payment(&order);
    let page = gateway.open(&payment, Some(&order)).await.unwrap();
    assert!(stripe.pays(&page.id));
    payment.submit(page, SystemClock.now());
    (stripe, gateway, payment)
}

fn wish(amount: i64) -> CardRefund {
    CardRefund { id: RefundId::new(id()), amount: cents(amount), asked_before: false, known_as: None }
}

fn again(wish: &CardRefund) -> CardRefund {
    CardRefund { asked_before: true, ..wish.clone() }
}

#[tokio::test]
async fn what_is_given_back_is_exactly_what_was_asked_for() {
    let (stripe, gateway, payment) = paid().await;
    let first = wish(5_000);
    let told = gateway.refund(&payment, &first).await.unwrap();
    let [refund] = stripe.refunds().try_into().unwrap();
    assert_eq!((refund["id"].as_str(), &told.verdict), (Some(told.id.as_str()), &RefundVerdict::Succeeded));
    assert_eq!((refund["amount"].as_i64(), refund["currency"].as_str()), (Some(5_000), Some("eur")));
    assert_eq!(refund["metadata"]["refund_id"], first.id.to_string());
    let keys: Vec<_> =
        stripe.asked().iter().filter_map(|asked| asked.header("idempotency-key").map(str::to_owned)).collect();
    assert_eq!(keys.last().unwrap(), &format!("refund:{}:attempt:1", first.id));
}

#[tokio::test]
async fn asked_again_it_answers_the_same_refund_however_it_is_found() {
    let (stripe, gateway, payment) = paid().await;
    let first = wish(5_000);
    let told = gateway.refund(&payment, &first).await.unwrap();
    assert_eq!(gateway.refund(&payment, &first).await.unwrap(), told, "by its key");
    assert_eq!(gateway.refund(&payment, &again(&first)).await.unwrap(), told, "among those that were made");
    let known = CardRefund { known_as: Some(told.id.clone()), ..again(&first) };
    assert_eq!(gateway.refund(&payment, &known).await.unwrap(), told, "by its id");
    assert_eq!(stripe.refunds().len(), 1);
    stripe.refund_becomes(&told.id, "failed", Some("lost_or_stolen_card"));
    let failed = gateway.refund(&payment, &known).await.unwrap();
    assert_eq!(failed.verdict, RefundVerdict::Failed("lost_or_stolen_card".to_owned()));
}

#[tokio::test]
async fn whatever_becomes_of_an_answer_one_refund_is_made() {
    for mood in
        [Mood::HangsUpAfter, Mood::SilentAfter, Mood::HangsUpBefore, Mood::Down(503), Mood::Busy("lock_timeout")]
    {
        let (stripe, gateway, payment) = paid().await;
        stripe.next(Call::Refund, mood);
        let first = wish(5_000);
        let lost = gateway.refund(&payment, &first).await.unwrap_err();
        assert!(matches!(lost, GatewayError::Lost(_) | GatewayError::Unavailable(_)), "{mood:?}");
        let told = gateway.refund(&payment, &again(&first)).await.unwrap();
        assert_eq!((told.verdict, stripe.refunds().len()), (RefundVerdict::Succeeded, 1), "{mood:?}");
    }
}

#[tokio::test]
async fn a_failure_within_stripe_that_it_keeps_costs_a_key_and_never_a_second_refund() {
    for (mood, keys) in [(BREAKS, 2), (BREAKS_AFTER, 1)] {
        let (stripe, gateway, payment) = paid().await;
        stripe.next(Call::Refund, mood);
        let first = wish(5_000);
        assert!(matches!(gateway.refund(&payment, &first).await, Err(GatewayError::Lost(_))), "{mood:?}");
        gateway.refund(&payment, &again(&first)).await.unwrap();
        assert_eq!(stripe.refunds().len(), 1, "{mood:?}");
        let asked = stripe.asked();
        let used: std::collections::BTreeSet<_> = asked
            .iter()
            .filter(|asked| asked.line == "POST /v1/refunds")
            .filter_map(|asked| asked.header("idempotency-key"))
            .collect();
        assert_eq!(used.len(), keys, "{mood:?}");
    }
}

#[tokio::test]
async fn while_what_was_made_can_not_be_seen_nothing_is_made() {
    let (stripe, gateway, payment) = paid().await;
    stripe.always(Call::LookAtRefunds, Mood::Down(503));
    let asked = gateway.refund(&payment, &again(&wish(5_000))).await;
    assert!(matches!(asked, Err(GatewayError::Lost(_) | GatewayError::Unavailable(_))));
    assert!(stripe.refunds().is_empty());
}

#[tokio::test]
async fn what_stripe_refuses_has_failed() {
    let (stripe, gateway, payment) = paid().await;
    assert!(
        matches!(gateway.refund(&payment, &wish(25_801)).await, Err(GatewayError::Refused(_))),
        "more than was paid"
    );
    gateway.refund(&payment, &wish(25_800)).await.unwrap();
    assert!(matches!(gateway.refund(&payment, &wish(1)).await, Err(GatewayError::Refused(_))));
    let nowhere = Payment { session: None, ..payment.clone() };
    assert!(matches!(gateway.refund(&nowhere, &wish(1)).await, Err(GatewayError::Refused(_))));
    let odd = CardRefund { known_as: Some("../events".to_owned()), ..wish(1) };
    assert!(matches!(gateway.refund(&payment, &odd).await, Err(GatewayError::Refused(_))));
    assert_eq!(stripe.refunds().len(), 1);
}

fn heard(gateway: &StripeGateway, event: &Value) -> GatewayEvent {
    let (body, now) = (event.to_string(), SystemClock.now());
    let signature = StripePeer::signature(StripePeer::WEBHOOK_SECRET, body.as_bytes(), now.timestamp());
    gateway.read_event(body.as_bytes(), &signature, now).unwrap()
}

#[tokio::test]
async fn events_about_refunds_and_disputes_name_what_they_are_about() {
    let (stripe, gateway, payment) = paid().await;
    let first = wish(5_000);
    let told = gateway.refund(&payment, &first).await.unwrap();
    let event = stripe.refund_becomes(&told.id, "failed", Some("expired_or_canceled_card"));
    assert_eq!(heard(&gateway, &event).going_back, Some(GoingBack::Refund(first.id)));
    let session = payment.session.as_ref().unwrap().id.clone();
    let event = stripe.is_disputed(&session);
    let Some(GoingBack::Dispute(dispute)) = heard(&gateway, &event).going_back else { panic!("it is one") };
    let stands = gateway.dispute(&dispute).await.unwrap().unwrap();
    assert_eq!((stands.payment, stands.amount, stands.verdict), (payment.id, cents(25_800), RefundVerdict::Pending));
    assert!(matches!(gateway.refund(&payment, &wish(1)).await, Err(GatewayError::Refused(_))), "the bank has it");
    for (status, verdict) in [("lost", RefundVerdict::Succeeded), ("won", RefundVerdict::Failed("won".to_owned()))] {
        stripe.dispute_becomes(&dispute, status);
        assert_eq!(gateway.dispute(&dispute).await.unwrap().unwrap().verdict, verdict);
    }
    stripe.dispute_becomes(&dispute, "warning_closed");
    assert_eq!(gateway.dispute(&dispute).await.unwrap(), None, "an inquiry takes no money");
}

#[tokio::test]
async fn disputes_of_ours_are_listed_since_a_moment_page_by_page() {
    let (stripe, gateway, payment) = paid().await;
    let session = payment.session.as_ref().unwrap().id.clone();
    for _ in 0..101 {
        stripe.is_disputed(&session);
    }
    let inquiry = stripe.is_disputed(&session)["data"]["object"]["id"].as_str().unwrap().to_owned();
    stripe.dispute_becomes(&inquiry, "warning_needs_response");
    let (before, after) = (SystemClock.now() - TimeDelta::hours(1), SystemClock.now() + TimeDelta::hours(1));
    let listed = gateway.disputes_since(before).await.unwrap();
    assert_eq!(listed.iter().collect::<std::collections::BTreeSet<_>>().len(), 101, "an inquiry takes no money");
    assert!(gateway.disputes_since(after).await.unwrap().is_empty());
    stripe.next(Call::ListDisputes, Mood::Obliging);
    stripe.next(Call::ListDisputes, Mood::Down(503));
    assert!(gateway.disputes_since(before).await.is_err(), "half a list is none");
}

#[tokio::test]
async fn what_stripe_keeps_for_a_dispute_is_told_with_it() {
    let (stripe, gateway, payment) = paid().await;
    let opened = stripe.is_disputed(&payment.session.as_ref().unwrap().id);
    let dispute = opened["data"]["object"]["id"].as_str().unwrap();
    let fees = async || {
        let told = gateway.dispute(dispute).await.unwrap().unwrap();
        told.fees.iter().map(|fee| fee.amount).collect::<Vec<_>>()
    };
    assert_eq!(fees().await, [cents(1_500)]);
    stripe.gives_fee_back(dispute);
    assert_eq!(fees().await, [cents(1_500), cents(-1_500)]);
}
