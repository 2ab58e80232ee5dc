//! Payments: the sandbox's page, and the webhook by which the gateway tells what happened. Top-ups are in `p01_top_ups`, reviews in `p04_reviews`;
//! Stripe's payments in `o04_stripe` and `p07_stripe_webhooks`.

mod o04_stripe;
mod p01_top_up_refunds;
mod p01_top_ups;
mod p04_reviews;
mod p07_stripe_webhooks;
mod p07_thousand_events;
mod p12_books;

use crate::harness::buying::timeline;
use crate::harness::gateway::{Gateway, payment_made};
use crate::harness::{Placed, on_both_databases, unique};
use futures_util::future::join_all;
use serde_json::json;

on_both_databases! {
    async fn the_page_shows_the_amount_and_three_choices(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 12_999, 5).await;
        let order = guest.orders(&ring.variant, 1).await;
        let page = guest.page(&order.pay_at).await.is(200);
        let text = page.text();
        assert!(page.header("content-type").unwrap().starts_with("text/html"));
        assert!(page.header("content-security-policy").is_some());
        assert!(text.contains("129.99") && text.contains("EUR"), "{text}");
        for outcome in ["succeed", "decline", "cancel"] {
            assert!(text.contains(&format!("name=\"outcome\" value=\"{outcome}\"")), "{outcome}: {text}");
        }
        guest.pays(&order, "steal").await.problem(422, "validation-failed");
        guest.page("/sandbox/pay/cs_sandbox_unknown").await.problem(404, "not-found");
        guest.presses("/sandbox/pay/cs_sandbox_unknown", "succeed").await.problem(404, "not-found");
        assert_eq!(guest.order(&order).await["status"], "pending_payment");
    }

    async fn a_declined_card_ends_the_order_and_gives_the_stock_back(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 2).await;
        customer.pays(&order, "decline").await.is(303);
        let ended = customer.wait_until(&order, "cancelled").await;
        assert_eq!(timeline(&ended)[..2], ["placed", "payment_failed"]);
        assert_eq!((&ended["payment"]["status"], &ended["paid_by"]), (&json!("failed"), &json!([])));
        assert_eq!(seller.stock_of(&ring).await, 5);
        customer.pays(&order, "succeed").await;
        assert_eq!(shop.mails_about(&customer.email, "Your order").await, 0);
        assert_eq!(customer.order(&order).await["status"], "cancelled");
        assert_eq!(seller.stock_of(&ring).await, 5);
    }

    async fn who_turns_back_at_the_page_has_not_bought(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 2).await;
        customer.pays(&order, "cancel").await.is(303);
        let ended = customer.wait_until(&order, "cancelled").await;
        assert_eq!((&ended["payment"]["status"], &ended["paid_by"]), (&json!("cancelled"), &json!([])));
        assert_eq!(seller.stock_of(&ring).await, 5);
    }

    async fn pressing_twice_pays_once(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        let presses = join_all((0..8).map(|_| customer.pays(&order, "succeed"))).await;
        assert!(presses.iter().all(|answer| answer.status == 303));
        customer.pays(&order, "decline").await.is(303);
        let paid = customer.wait_until_paid(&order).await;
        assert_eq!(shop.mails_about(&customer.email, "Your order").await, 1);
        let later = customer.order(&order).await;
        assert_eq!((timeline(&later), &later), (vec!["placed", "paid"], &paid));
        assert_eq!(seller.stock_of(&ring).await, 4);
    }

    async fn an_event_that_comes_again_changes_nothing(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        customer.pays(&order, "succeed").await.is(303);
        let paid = customer.wait_until_paid(&order).await;
        let gateway = Gateway::of(&shop);
        let event = payment_made(&order);
        let mut news = event.clone();
        news["id"] = json!(unique("evt"));
        let mut contrary = payment_made(&order);
        contrary["id"] = json!(unique("evt"));
        contrary["type"] = json!("checkout.session.expired");
        for event in [&event, &event, &news, &news, &contrary] {
            assert_eq!(gateway.tells(event).await.json(200), json!({"received": true}));
        }
        let at_once = join_all((0..10).map(|_| gateway.tells(&news))).await;
        assert!(at_once.iter().all(|answer| answer.status == 200));
        assert_eq!(shop.mails_about(&customer.email, "Your order").await, 1);
        assert_eq!(customer.order(&order).await, paid);
        assert_eq!(seller.stock_of(&ring).await, 4);
    }

    async fn what_an_event_says_is_not_believed_but_asked(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        let mut event = payment_made(&order);
        event["id"] = json!(unique("evt"));
        Gateway::of(&shop).tells(&event).await.json(200);
        shop.outbox_is_drained().await;
        let unpaid = customer.order(&order).await;
        assert_eq!((&unpaid["status"], &unpaid["payment"]["status"]), (&json!("pending_payment"), &json!("pending")));
        assert_eq!(shop.mails_about(&customer.email, "Your order").await, 0);
        customer.pays(&order, "succeed").await.is(303);
        customer.wait_until_paid(&order).await;
    }

    async fn an_event_that_is_not_signed_by_the_gateway_is_refused(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        let gateway = Gateway::of(&shop);
        let event = payment_made(&order);
        let refused = |answer: crate::harness::Answer| answer.problem(400, "webhook-signature-invalid");
        refused(Gateway::forger(&shop).tells(&event).await);
        refused(gateway.tells_as_of(&event, -310).await);
        refused(gateway.tells_as_of(&event, 310).await);
        let (body, now) = (event.to_string().into_bytes(), chrono::Utc::now().timestamp());
        let good = gateway.signature(&body, now);
        let mut altered = body.clone();
        altered.push(b' ');
        refused(gateway.delivers(altered, Some(&good)).await);
        let digest = good.split_once("v1=").unwrap().1;
        let later = now + 1;
        for signature in ["", "t=,v1=", "nonsense", &format!("t={now}"), &format!("v1={digest}"), &format!("t={later},v1={digest}")] {
            refused(gateway.delivers(body.clone(), Some(signature)).await);
        }
        refused(gateway.delivers(body.clone(), None).await);
        // One good signature among several is enough, and a little lateness is forgiven.
        let rolled = good.replace(",v1=", ",v1=00,v0=11,v1=");
        gateway.delivers(body, Some(&rolled)).await.json(200);
        gateway.tells_as_of(&event, -280).await.json(200);
        assert_eq!(customer.order(&order).await["status"], "pending_payment");
    }

    async fn an_event_that_says_nothing_to_us_is_taken_or_refused_but_never_a_failure(shop: Shop) {
        let gateway = Gateway::of(&shop);
        let now = chrono::Utc::now().timestamp();
        for body in ["", "{", "[]", "null", "{}", "{\"id\":\"evt_1\"}", "\u{0}", "{\"id\":5,\"type\":[],\"data\":{}}"] {
            let signature = gateway.signature(body.as_bytes(), now);
            let answer = gateway.delivers(body.as_bytes().to_vec(), Some(&signature)).await;
            answer.problem(400, "webhook-body-invalid");
        }
        let mut unknown = payment_made(&Placed {
            id: String::new(), token: None, pay_at: "/cs_unknown".into(),
            order: json!({"payment": {"id": "01900000-0000-7000-8000-000000000000"}, "total": {"amount": 1}}),
        });
        shop.may_log("there is no such payment"); // the gateway and the shop disagree: a person should know
        gateway.tells(&unknown).await.json(200);
        unknown["id"] = json!(unique("evt"));
        unknown["type"] = json!("invoice.created");
        unknown["data"]["object"]["client_reference_id"] = json!(null);
        gateway.tells(&unknown).await.json(200);
        for elsewhere in ["stripe", "paypal", "x%00"] {
            let answer = shop.guest().post(&format!("/webhooks/{elsewhere}"), &unknown).await;
            answer.problem(404, "not-found");
        }
        shop.outbox_is_drained().await;
    }
}
