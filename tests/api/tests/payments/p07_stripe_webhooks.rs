//! Stripe's webhook: whose events are taken, and what becomes of those that say nothing to us.

use crate::harness::stripe::on_both_databases_with_stripe;
use crate::harness::unique;
use chrono::Utc;
use serde_json::json;
use testkit::{StripePeer, StripeSdk};

on_both_databases_with_stripe! {
    async fn forged_stale_and_future_signatures_are_refused(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        assert!(stripe.pays(order.session()));
        let body = stripe.events_about(order.session())[0].to_string();
        let now = Utc::now().timestamp();
        let by = |secret: &str, seconds: i64| StripePeer::signature(secret, body.as_bytes(), seconds);
        let good = by(StripePeer::WEBHOOK_SECRET, now);
        let digest = good.split_once("v1=").unwrap().1;
        let refused = [
            by("whsec_guess", now),
            by(StripePeer::KEY, now),
            by(StripePeer::WEBHOOK_SECRET, now - 310),
            by(StripePeer::WEBHOOK_SECRET, now + 310),
            format!("t={},v1={digest}", now + 1),
            format!("t={now},v0={digest}"),
            format!("v1={digest}"),
            String::new(),
        ];
        for signature in refused {
            shop.is_sent(&body, &signature).await.problem(400, "webhook-signature-invalid");
        }
        shop.is_sent(&format!("{body} "), &good).await.problem(400, "webhook-signature-invalid");
        assert_eq!(shop.rows("webhook_events", "1 = 1").await, 0, "nothing of it is kept");
        assert_eq!(customer.order(&order).await["status"], "pending_payment");
        // One good signature among several is enough, as while a secret is changed; a little lateness is forgiven.
        let rolled = by(StripePeer::WEBHOOK_SECRET, now - 280).replace(",v1=", ",v1=00,v0=11,v1=");
        shop.is_sent(&body, &rolled).await.json(200);
        customer.wait_until_paid(&order).await;
    }

    async fn an_event_about_real_money_is_refused_where_the_key_is_one_for_play_money(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        assert!(stripe.pays(order.session()));
        let event = stripe.events_about(order.session())[0].clone();
        let mut live = event.clone();
        live["livemode"] = json!(true);
        let body = live.to_string();
        let signature = StripePeer::signature(StripePeer::WEBHOOK_SECRET, body.as_bytes(), Utc::now().timestamp());
        shop.is_sent(&body, &signature).await.problem(400, "webhook-body-invalid");
        assert_eq!(shop.rows("webhook_events", "1 = 1").await, 0, "nothing of it is kept");
        assert_eq!(customer.order(&order).await["status"], "pending_payment");
        shop.hears(&event).await;
        customer.wait_until_paid(&order).await;
    }

    async fn what_stripes_own_library_signs_is_taken(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        assert!(stripe.pays(order.session()));
        let body = stripe.events_about(order.session())[0].to_string();
        let header = StripeSdk::sign(StripePeer::WEBHOOK_SECRET, &body, Utc::now().timestamp());
        assert_eq!(shop.is_sent(&body, &header).await.json(200), json!({"received": true}));
        customer.wait_until_paid(&order).await;
    }

    async fn what_an_event_says_is_not_believed_but_asked(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let (order, other) = (customer.orders(&ring.variant, 1).await, customer.orders(&ring.variant, 1).await);
        assert!(stripe.pays(other.session()));
        let mut event = stripe.events_about(other.session())[0].clone();
        event["id"] = json!(unique("evt"));
        event["data"]["object"]["metadata"]["payment_id"] = order.order["payment"]["id"].clone();
        shop.hears(&event).await;
        shop.outbox_is_drained().await;
        assert_eq!(customer.order(&order).await["status"], "pending_payment");
        assert_eq!(customer.order(&other).await["status"], "pending_payment", "of it nothing was told");
    }

    async fn what_is_not_ours_is_kept_and_means_nothing(shop: Shop, stripe: StripePeer) {
        let foreign = [
            json!({"type": "invoice.created", "data": {"object": {"metadata": {}}}}),
            json!({"type": "checkout.session.completed", "data": {"object": {"client_reference_id": "their order 5", "metadata": null}}}),
            json!({"type": "charge.dispute.created", "data": {"object": {"payment_intent": "pi_theirs", "metadata": {}}}}),
            json!({"type": "v1.billing.meter.error_report_triggered", "object": "v2.core.event"}),
        ];
        for mut event in foreign {
            event["id"] = json!(unique("evt"));
            shop.hears(&event).await;
            shop.hears(&event).await;
        }
        assert_eq!(shop.rows("webhook_events", "gateway = 'stripe'").await, 4);
        assert_eq!(shop.rows("jobs", "kind = 'settle_payment'").await, 0);
        let now = Utc::now().timestamp();
        for body in ["", "{", "[]", "{\"id\":\"evt_1\"}", "\u{0}"] {
            let signature = StripePeer::signature(StripePeer::WEBHOOK_SECRET, body.as_bytes(), now);
            shop.is_sent(body, &signature).await.problem(400, "webhook-body-invalid");
        }
        assert!(stripe.asked().is_empty());
    }

    async fn a_refund_that_was_made_at_stripe_by_hand_is_told_to_a_person_once(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        assert!(stripe.pays(order.session()));
        for event in stripe.events_about(order.session()) {
            shop.hears(&event).await;
        }
        let paid = customer.wait_until_paid(&order).await;
        let by_hand = json!({
            "id": unique("evt"), "type": "refund.created", "data": {"object": {"id": "re_1", "metadata": {}}},
        });
        shop.hears(&by_hand).await;
        shop.hears(&by_hand).await;
        let told = shop.log().lines().filter(|line| line.contains("an event wants a person")).count();
        assert_eq!(told, 1);
        shop.outbox_is_drained().await;
        assert_eq!(customer.order(&order).await, paid, "nothing of it is done by itself");
    }

    async fn the_sandbox_is_not_there_beside_stripe(shop: Shop, _stripe: StripePeer) {
        let guest = shop.guest();
        guest.page("/sandbox/pay/cs_sandbox_1").await.problem(404, "not-found");
        let event = json!({"id": "evt_1", "type": "checkout.session.completed"}).to_string();
        let signature = StripePeer::signature(StripePeer::WEBHOOK_SECRET, event.as_bytes(), Utc::now().timestamp());
        let headers = [("content-type", "application/json"), ("stripe-signature", signature.as_str())];
        let answer = guest.ask("POST", "/api/v1/webhooks/sandbox", &headers, Some(event.into_bytes())).await;
        answer.problem(404, "not-found");
    }
}
