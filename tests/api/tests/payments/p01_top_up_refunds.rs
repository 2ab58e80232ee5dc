//! P6: what was paid into a balance goes back to its card, by admins and by banks.

use super::p01_top_ups::{adds_up, balance, payment, tops_up, wait_until};
use crate::harness::selling::euros;
use crate::harness::stripe::on_both_databases_with_stripe;
use crate::harness::{Actor, Answer, Shop, on_both_databases, unique, until};
use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::stripe_peer::{Call, Mood};

async fn gives(admin: &Actor, payment: &str, body: &Value) -> Answer {
    let path = format!("/admin/payments/{payment}/refunds");
    admin.json("POST", &path, &[("idempotency-key", &unique("key"))], body).await
}

async fn gone_back(admin: &Actor, payment: &str) -> Vec<Value> {
    let all = admin.get(&format!("/admin/payments/{payment}/refunds")).await.json(200);
    all["data"].as_array().unwrap().clone()
}

/// The newest of them stands so.
async fn stands(admin: &Actor, payment: &str, status: &str) -> Value {
    until("it stands as it should", async || {
        let newest = gone_back(admin, payment).await.first().cloned();
        newest.filter(|refund| refund["status"] == status)
    })
    .await
}

on_both_databases! {
    async fn an_admin_gives_back_to_the_card_what_was_paid_in_and_is_still_there(shop: Shop) {
        let (admin, seller, customer) = (shop.admin().await, shop.seller().await, shop.customer().await);
        let (id, page) = tops_up(&customer, 5_000).await;
        gives(&admin, &id, &json!({})).await.problem(409, "payment-not-refundable");
        customer.presses(&page, "succeed").await.is(303);
        wait_until(&customer, &id, "succeeded").await;
        let given = gives(&admin, &id, &json!({"amount": euros(2_000), "reason": "asked for it"})).await.json(201);
        assert_eq!((&given["kind"], &given["amount"], &given["taken"]), (&json!("refund"), &euros(2_000), &euros(2_000)));
        stands(&admin, &id, "succeeded").await;
        let seen = payment(&customer, &id).await;
        assert_eq!((&seen["status"], &seen["refunded"]), (&json!("partly_refunded"), &euros(2_000)));
        assert_eq!(balance(&customer).await, json!([euros(3_000)]));
        let moved = customer.all("/transactions?kind=refund").await;
        assert_eq!((&moved[0]["payment_id"], &moved[0]["amount"], &moved[0]["balance_after"]), (&json!(id), &euros(-2_000), &euros(3_000)));
        assert_eq!((moved.len(), &moved[0]["description"]), (1, &json!("Back to your card")));
        assert_eq!(shop.mails_about(&customer.email, "goes back to your card").await, 1);
        let listed = admin.get(&format!("/admin/payments?status=partly_refunded&q={}", customer.email)).await.json(200);
        assert_eq!((&listed["data"][0]["id"], &listed["data"][0]["refunded"]), (&json!(id), &euros(2_000)));
        for stranger in [&seller, &customer] {
            gives(stranger, &id, &json!({})).await.problem(403, "admin-role-required");
        }
        let refused = gives(&admin, &id, &json!({"amount": euros(3_001)})).await;
        assert_eq!(refused.problem(409, "refund-too-large")["left"], euros(3_000));

        let ring = seller.puts_on_sale(&unique("Ring"), 2_500, 5).await;
        let cart = customer.cart_with(&ring.variant, 1).await;
        let mut form = customer.checkout_form();
        form["use_balance"] = json!(true);
        let order = customer.checks_out_with(&cart, &unique("key"), &form).await.json(201);
        assert_eq!(gives(&admin, &id, &json!({})).await.problem(409, "balance-spent")["balance"], euros(500));
        let paid = order["payment"]["id"].as_str().unwrap();
        gives(&admin, paid, &json!({})).await.problem(409, "payment-not-refundable");
        gives(&admin, &id, &json!({"amount": euros(500)})).await.json(201);
        assert_eq!(balance(&customer).await, json!([euros(0)]));
        adds_up(&shop);
    }

    async fn fifty_refunds_at_once_give_back_what_was_paid_in(shop: Shop) {
        let (admin, customer) = (shop.admin().await, shop.customer().await);
        let (id, page) = tops_up(&customer, 5_000).await;
        customer.presses(&page, "succeed").await.is(303);
        wait_until(&customer, &id, "succeeded").await;
        let wish = json!({"amount": euros(1_000)});
        let answers = join_all((0..50).map(|_| gives(&admin, &id, &wish))).await;
        assert!(answers.iter().all(|answer| [201, 409, 429, 503].contains(&answer.status)), "and no 500");
        let given = i64::try_from(answers.iter().filter(|answer| answer.status == 201).count()).unwrap();
        assert!((1..=5).contains(&given), "{given}");
        assert_eq!(balance(&customer).await, json!([euros(5_000 - given * 1_000)]));
        adds_up(&shop);
    }
}

/// A top-up that Stripe has taken: its id, and Stripe's id of its page.
async fn paid_in(shop: &Shop, stripe: &testkit::StripePeer, customer: &Actor, cents: i64) -> (String, String) {
    let (id, page) = tops_up(customer, cents).await;
    let session = page.rsplit('/').next().unwrap().to_owned();
    assert!(stripe.pays(&session));
    for event in stripe.events_about(&session) {
        shop.hears(&event).await;
    }
    wait_until(customer, &id, "succeeded").await;
    (id, session)
}

on_both_databases_with_stripe! {
    async fn stripe_gives_a_top_up_back_once_whatever_becomes_of_its_answer_and_may_send_it_back(shop: Shop, stripe: StripePeer) {
        shop.may_log("the gateway will be asked again");
        shop.may_log("a job will be tried again");
        let (admin, customer) = (shop.admin().await, shop.customer().await);
        let (id, _) = paid_in(&shop, &stripe, &customer, 5_000).await;
        stripe.next(Call::Refund, Mood::HangsUpAfter);
        let given = gives(&admin, &id, &json!({})).await.json(201);
        assert_eq!((&given["status"], &given["amount"]), (&json!("pending"), &euros(5_000)));
        assert_eq!(balance(&customer).await, json!([euros(0)]));
        shop.falls_due("reconcile_refund").await;
        stands(&admin, &id, "succeeded").await;
        let [refund] = stripe.refunds().try_into().unwrap();
        assert_eq!(payment(&customer, &id).await["status"], "refunded");
        adds_up(&shop);
        let failed = stripe.refund_becomes(refund["id"].as_str().unwrap(), "failed", Some("lost_or_stolen_card"));
        for _ in 0..3 {
            shop.hears(&failed).await;
        }
        stands(&admin, &id, "failed").await;
        assert_eq!(balance(&customer).await, json!([euros(5_000)]));
        assert_eq!(payment(&customer, &id).await["status"], "succeeded");
        assert_eq!(shop.mails_about(&customer.email, "A refund did not arrive").await, 1);
        adds_up(&shop);
    }

    async fn a_disputed_top_up_takes_what_is_left_of_it_and_comes_back_when_it_is_won(shop: Shop, stripe: StripePeer) {
        let (admin, seller, customer) = (shop.admin().await, shop.seller().await, shop.customer().await);
        let (id, session) = paid_in(&shop, &stripe, &customer, 5_000).await;
        let ring = seller.puts_on_sale(&unique("Ring"), 3_000, 5).await;
        let cart = customer.cart_with(&ring.variant, 1).await;
        let mut form = customer.checkout_form();
        form["use_balance"] = json!(true);
        customer.checks_out_with(&cart, &unique("key"), &form).await.is(201);
        assert_eq!(balance(&customer).await, json!([euros(2_000)]));
        let opened = stripe.is_disputed(&session);
        for _ in 0..3 {
            shop.hears(&opened).await;
        }
        let dispute = stands(&admin, &id, "pending").await;
        assert_eq!((&dispute["kind"], &dispute["amount"], &dispute["taken"]), (&json!("dispute"), &euros(5_000), &euros(2_000)));
        assert_eq!(balance(&customer).await, json!([euros(0)]));
        gives(&admin, &id, &json!({})).await.problem(409, "payment-disputed");
        let moved = customer.all("/transactions?kind=dispute").await;
        assert_eq!((moved.len(), &moved[0]["amount"]), (1, &euros(-2_000)));
        assert_eq!(shop.mails_about(&admin.email, "A top-up is disputed").await, 1);
        adds_up(&shop);
        let name = opened["data"]["object"]["id"].as_str().unwrap();
        shop.hears(&stripe.dispute_becomes(name, "won")).await;
        stands(&admin, &id, "failed").await;
        assert_eq!(balance(&customer).await, json!([euros(2_000)]));
        assert_eq!(payment(&customer, &id).await["status"], "succeeded");
        adds_up(&shop);
    }

    async fn a_disputed_top_up_that_no_event_told_of_is_found(shop: Shop, stripe: StripePeer) {
        let (admin, customer) = (shop.admin().await, shop.customer().await);
        let (id, session) = paid_in(&shop, &stripe, &customer, 5_000).await;
        let opened = stripe.is_disputed(&session);
        stripe.dispute_becomes(opened["data"]["object"]["id"].as_str().unwrap(), "lost");
        until("the dispute is known", async || {
            shop.falls_due("look_for_disputes").await;
            gone_back(&admin, &id).await.first().filter(|dispute| dispute["status"] == "succeeded").map(|_| ())
        }).await;
        assert_eq!(balance(&customer).await, json!([euros(0)]));
        assert_eq!(payment(&customer, &id).await["status"], "refunded");
        adds_up(&shop);
    }
}
