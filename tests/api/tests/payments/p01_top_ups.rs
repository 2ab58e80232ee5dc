//! P1, P3: paying into one's balance, each time it is meant and no more often; and paying an order that waits.

use crate::harness::selling::euros;
use crate::harness::stripe::on_both_databases_with_stripe;
use crate::harness::{Actor, Answer, Shop, on_both_databases, unique, until};
use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::stripe_peer::{Call, Mood};

fn top_up(cents: i64) -> Value {
    json!({"amount": euros(cents), "purpose": "top_up", "method": "card"})
}

async fn asks(actor: &Actor, key: &str, body: &Value) -> Answer {
    actor.json("POST", "/payments", &[("idempotency-key", key)], body).await
}

/// A top-up of so many cents with its page: its id, and where to pay.
pub async fn tops_up(actor: &Actor, cents: i64) -> (String, String) {
    let made = asks(actor, &unique("key"), &top_up(cents)).await.json(201);
    let text = |name: &str| made[name].as_str().unwrap_or_else(|| panic!("{name} of {made}")).to_owned();
    (text("id"), text("redirect_url"))
}

pub async fn payment(actor: &Actor, id: &str) -> Value {
    actor.get(&format!("/payments/{id}")).await.json(200)
}

pub async fn wait_until(actor: &Actor, id: &str, status: &str) -> Value {
    until(&format!("payment {id} is {status}"), async || {
        let seen = payment(actor, id).await;
        (seen["status"] == status).then_some(seen)
    })
    .await
}

pub async fn balance(actor: &Actor) -> Value {
    actor.get("/users/me/balance").await.json(200)["data"].clone()
}

pub fn adds_up(shop: &Shop) {
    let checked = shop.command(&["ledger", "check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
}

on_both_databases! {
    async fn p01_what_was_paid_in_by_card_is_in_the_balance(shop: Shop) {
        let (customer, other) = (shop.customer().await, shop.customer().await);
        let body = json!({"amount": euros(5_000), "purpose": "top_up", "method": "card", "description": "  For Christmas "});
        let answer = asks(&customer, &unique("key"), &body).await.is(201);
        let made = answer.value();
        let (id, page) = (made["id"].as_str().unwrap(), made["redirect_url"].as_str().unwrap());
        assert_eq!(answer.header("location"), Some(format!("/api/v1/payments/{id}").as_str()));
        assert_eq!((&made["status"], &made["amount"], &made["purpose"]), (&json!("pending"), &euros(5_000), &json!("top_up")));
        assert_eq!(made["description"], "For Christmas");
        assert_eq!(payment(&customer, id).await, made);
        assert_eq!(balance(&customer).await, json!([]));
        let text = customer.page(page).await.is(200).text();
        assert!(text.contains("50.00 EUR") && text.contains("Store balance"), "{text}");
        let back = customer.presses(page, "succeed").await.is(303);
        assert_eq!(back.header("location").unwrap(), format!("{}/account/payments/{id}", shop.origin()));
        let paid = wait_until(&customer, id, "succeeded").await;
        assert_eq!(paid.get("redirect_url"), None);
        assert_eq!(balance(&customer).await, json!([euros(5_000)]));
        let moved = customer.all("/transactions?kind=top_up").await;
        assert_eq!(moved.len(), 1);
        assert_eq!((&moved[0]["payment_id"], &moved[0]["amount"], &moved[0]["balance_after"]), (&json!(id), &euros(5_000), &euros(5_000)));
        other.get(&format!("/payments/{id}")).await.problem(404, "payment-not-found");
        shop.guest().get(&format!("/payments/{id}")).await.problem(401, "unauthorized");
        adds_up(&shop);
    }

    async fn p01_what_was_not_paid_credits_nothing(shop: Shop) {
        let customer = shop.customer().await;
        for (outcome, status) in [("decline", "failed"), ("cancel", "cancelled")] {
            let (id, page) = tops_up(&customer, 5_000).await; // the one before has failed: no question
            customer.presses(&page, outcome).await.is(303);
            wait_until(&customer, &id, status).await;
        }
        assert_eq!(balance(&customer).await, json!([]));
        assert!(customer.all("/transactions").await.is_empty());
        adds_up(&shop);
    }

    async fn p01_amounts_and_purposes_that_make_no_sense_are_refused(shop: Shop) {
        let customer = shop.customer().await;
        let refused = async |body: Value| asks(&customer, &unique("key"), &body).await;
        refused(top_up(99)).await.faults(&[("/amount/amount", "out-of-range")]);
        refused(top_up(1_000_001)).await.faults(&[("/amount/amount", "out-of-range")]);
        refused(top_up(-5)).await.faults(&[("/amount/amount", "out-of-range")]);
        let yen = json!({"amount": {"amount": 149, "currency": "JPY"}, "purpose": "top_up", "method": "card"});
        refused(yen).await.faults(&[("/amount/amount", "out-of-range")]);
        let odd = json!({"amount": {"amount": 500, "currency": "XXX"}, "purpose": "top_up", "method": "card"});
        refused(odd).await.faults(&[("/amount/currency", "currency")]);
        let by_itself = json!({"amount": euros(500), "purpose": "top_up", "method": "balance"});
        refused(by_itself).await.faults(&[("/method", "not-allowed")]);
        let nowhere = json!({"amount": euros(500), "purpose": "order", "method": "card"});
        refused(nowhere).await.faults(&[("/order_id", "required")]);
        let both = json!({"amount": euros(500), "purpose": "top_up", "method": "card", "order_id": uuid::Uuid::now_v7()});
        refused(both).await.faults(&[("/order_id", "not-allowed")]);
        let mut abroad = top_up(500);
        abroad["success_url"] = json!("https://evil.example/");
        refused(abroad).await.faults(&[("/success_url", "return-url")]);
        customer.post("/payments", &json!({"amount": euros(500), "purpose": "gift", "method": "card"})).await.any_problem();
        let without_key = customer.ask(
            "POST", "/api/v1/payments", &[("content-type", "application/json")], Some(top_up(500).to_string().into_bytes()),
        ).await;
        without_key.problem(400, "idempotency-key-required");
        let newcomer = shop.newcomer(json!({})).await;
        asks(&newcomer, &unique("key"), &top_up(500)).await.problem(403, "email-not-verified");
        shop.guest().json("POST", "/payments", &[("idempotency-key", "k")], &top_up(500)).await.problem(401, "unauthorized");
    }

    async fn p03_the_same_key_is_the_same_payment_and_no_other(shop: Shop) {
        let customer = shop.customer().await;
        let key = unique("key");
        let first = asks(&customer, &key, &top_up(5_000)).await.is(201);
        let again = asks(&customer, &key, &top_up(5_000)).await.is(201);
        assert_eq!((again.body, again.headers.get("idempotent-replayed").is_some()), (first.body, true));
        asks(&customer, &key, &top_up(5_001)).await.problem(422, "idempotency-key-reused");
        // The key's answer is forgotten after a day; what it has made is not.
        let database = shop.database().await;
        database.execute("DELETE FROM idempotency_keys").await.unwrap();
        assert_eq!(asks(&customer, &key, &top_up(5_000)).await.json(201)["id"], first.headers["location"].to_str().unwrap().rsplit('/').next().unwrap());
        database.execute("DELETE FROM idempotency_keys").await.unwrap();
        asks(&customer, &key, &top_up(5_001)).await.problem(422, "idempotency-key-reused");
        assert_eq!(shop.rows("payments", "order_id IS NULL").await, 1);
    }

    async fn p03_the_same_top_up_under_another_key_is_a_question(shop: Shop) {
        let (customer, other) = (shop.customer().await, shop.customer().await);
        let (id, page) = tops_up(&customer, 5_000).await;
        let asked = asks(&customer, &unique("key"), &top_up(5_000)).await.problem(409, "duplicate-payment");
        assert_eq!(asked["payment_id"], json!(id));
        tops_up(&customer, 5_001).await;
        tops_up(&other, 5_000).await;
        let mut meant = top_up(5_000);
        meant["allow_duplicate"] = json!(true);
        let second = asks(&customer, &unique("key"), &meant).await.json(201);
        assert_ne!(second["id"], json!(id));
        customer.presses(&page, "succeed").await.is(303);
        wait_until(&customer, &id, "succeeded").await;
        asks(&customer, &unique("key"), &top_up(5_000)).await.problem(409, "duplicate-payment");
    }

    async fn p03_of_twenty_at_once_under_as_many_keys_one_is_made(shop: Shop) {
        let customer = shop.customer().await;
        let body = top_up(2_500);
        let keys: Vec<String> = (0..20).map(|_| unique("key")).collect();
        let answers = join_all(keys.iter().map(|key| asks(&customer, key, &body))).await;
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        let asked: Vec<_> = answers.into_iter().filter(|answer| answer.status == 409).collect();
        let asked = asked.into_iter().map(|answer| answer.problem(409, "duplicate-payment")).collect::<Vec<_>>().len();
        assert_eq!((made, asked), (1, 19));
        assert_eq!(shop.rows("payments", "order_id IS NULL").await, 1);
    }

    async fn p01_a_top_up_that_nobody_pays_is_closed_after_half_an_hour(shop: Shop) {
        let customer = shop.customer().await;
        let (id, page) = tops_up(&customer, 5_000).await;
        assert_eq!(shop.rows("jobs", "kind = 'expire_top_up' AND state = 'waiting'").await, 1);
        assert_eq!(shop.falls_due("expire_top_up").await, 1);
        wait_until(&customer, &id, "cancelled").await;
        assert!(customer.page(&page).await.is(200).text().contains("This payment is closed"));
        customer.presses(&page, "succeed").await.is(303);
        shop.outbox_is_drained().await;
        assert_eq!((payment(&customer, &id).await["status"].clone(), balance(&customer).await), (json!("cancelled"), json!([])));
    }

    async fn p01_an_order_that_waits_is_paid_by_the_attempt_that_it_has(shop: Shop) {
        let (seller, customer, other) = (shop.seller().await, shop.customer().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 12_999, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        let wish = |cents: i64| json!({"amount": euros(cents), "purpose": "order", "order_id": order.id, "method": "card"});
        for _ in 0..2 {
            let made = asks(&customer, &unique("key"), &wish(12_999)).await.json(201);
            assert_eq!((&made["id"], &made["order_id"]), (&order.order["payment"]["id"], &json!(order.id)));
            assert_eq!(made["redirect_url"], json!(order.pay_at));
        }
        let refused = asks(&customer, &unique("key"), &wish(12_998)).await.problem(409, "price-changed");
        assert_eq!(refused["total"], euros(12_999));
        asks(&other, &unique("key"), &wish(12_999)).await.problem(404, "order-not-found");
        customer.pays(&order, "succeed").await.is(303);
        customer.wait_until_paid(&order).await;
        let late = asks(&customer, &unique("key"), &wish(12_999)).await.problem(409, "order-not-payable");
        assert_eq!(late["order_status"], "paid");
        assert_eq!(payment(&customer, order.order["payment"]["id"].as_str().unwrap()).await["status"], "succeeded");
    }

    async fn p01_an_order_that_waits_is_paid_from_the_balance_when_that_has_enough(shop: Shop) {
        let (seller, customer, other) = (shop.seller().await, shop.customer().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 12_999, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        let wish = json!({"amount": euros(12_999), "purpose": "order", "order_id": order.id, "method": "balance"});
        let short = asks(&customer, &unique("key"), &wish).await.problem(409, "balance-too-low");
        assert_eq!(short["missing"], euros(12_999));
        let (top_up, page) = tops_up(&customer, 15_000).await;
        customer.presses(&page, "succeed").await.is(303);
        wait_until(&customer, &top_up, "succeeded").await;
        let less = json!({"amount": euros(12_998), "purpose": "order", "order_id": order.id, "method": "balance"});
        assert_eq!(asks(&customer, &unique("key"), &less).await.problem(409, "price-changed")["total"], euros(12_999));
        asks(&other, &unique("key"), &wish).await.problem(404, "order-not-found");

        let key = unique("key");
        let made = asks(&customer, &key, &wish).await.json(201);
        assert_eq!((&made["id"], &made["order_id"]), (&order.order["payment"]["id"], &json!(order.id)));
        assert_eq!((&made["status"], &made["method"], &made["amount"]), (&json!("succeeded"), &json!("balance"), &euros(12_999)));
        assert_eq!(made["redirect_url"], json!(null));
        assert_eq!(asks(&customer, &key, &wish).await.json(201), made);
        assert_eq!(payment(&customer, made["id"].as_str().unwrap()).await, made);
        let paid = customer.wait_until_paid(&order).await;
        assert_eq!(paid["paid_by"], json!([{"kind": "balance", "amount": euros(12_999)}]));
        assert_eq!(balance(&customer).await, json!([euros(2_001)]));
        asks(&customer, &unique("key"), &wish).await.problem(409, "order-not-payable");
        let page = customer.page(&order.pay_at).await.is(200).text();
        assert!(page.contains("This payment is closed."), "{page}");
        shop.outbox_is_drained().await;
        assert_eq!(shop.mails_about(&customer.email, "Your order").await, 1);
        adds_up(&shop);
    }

    async fn p05_a_top_up_whose_row_is_altered_is_found(shop: Shop) {
        let customer = shop.customer().await;
        let (id, page) = tops_up(&customer, 5_000).await;
        customer.presses(&page, "succeed").await.is(303);
        wait_until(&customer, &id, "succeeded").await;
        let database = shop.database().await;
        for (alter, undo) in [
            ("UPDATE payments SET amount = 4999", "UPDATE payments SET amount = 5000"),
            ("UPDATE payments SET status = 'submitted'", "UPDATE payments SET status = 'captured'"),
            ("UPDATE ledger_transactions SET kind = 'payout'", "UPDATE ledger_transactions SET kind = 'top_up'"),
        ] {
            database.execute(alter).await.unwrap();
            let checked = shop.command(&["ledger", "check"]);
            let words = String::from_utf8_lossy(&checked.stdout).into_owned();
            assert_eq!(checked.status.code(), Some(1), "{alter}: {words}");
            assert!(words.lines().any(|line| line.trim_start().starts_with('5') && line.contains("BROKEN")), "{alter}: {words}");
            database.execute(undo).await.unwrap();
            adds_up(&shop);
        }
    }
}

on_both_databases_with_stripe! {
    async fn p01_a_top_up_is_credited_once_however_often_it_is_told_and_asked_about(shop: Shop, stripe: StripePeer) {
        let customer = shop.customer().await;
        let (id, page) = tops_up(&customer, 5_000).await;
        let session = page.rsplit('/').next().unwrap();
        let [opened] = stripe.sessions().try_into().unwrap();
        assert_eq!((&opened["amount_total"], &opened["client_reference_id"]), (&json!(5_000), &json!(id)));
        assert!(stripe.pays(session));
        let events = stripe.events_about(session);
        let told = join_all((0..3).flat_map(|_| events.iter()).map(|event| shop.hears(event)));
        let reconciled = async {
            for kind in ["reconcile_payment", "submit_payment", "expire_top_up"] {
                shop.falls_due(kind).await;
            }
        };
        tokio::join!(told, reconciled);
        wait_until(&customer, &id, "succeeded").await;
        shop.outbox_is_drained().await;
        assert_eq!(balance(&customer).await, json!([euros(5_000)]));
        assert_eq!(customer.all("/transactions").await.len(), 1);
        adds_up(&shop);
    }

    async fn p01_a_lost_answer_is_one_page_and_silence_is_asked_about(shop: Shop, stripe: StripePeer) {
        let customer = shop.customer().await;
        stripe.next(Call::Open, Mood::HangsUpAfter);
        let made = asks(&customer, &unique("key"), &top_up(5_000)).await.json(201);
        assert_eq!((&made["status"], made.get("redirect_url")), (&json!("pending"), None));
        let id = made["id"].as_str().unwrap().to_owned();
        shop.falls_due("submit_payment").await;
        let page = until("the page is known", async || {
            payment(&customer, &id).await["redirect_url"].as_str().map(str::to_owned)
        }).await;
        assert_eq!(stripe.sessions().len(), 1);
        assert!(stripe.pays(page.rsplit('/').next().unwrap()));
        stripe.next(Call::Look, Mood::HangsUpBefore);
        until("the shop has asked", async || {
            shop.falls_due("reconcile_payment").await;
            (payment(&customer, &id).await["status"] == "succeeded").then_some(())
        }).await;
        assert_eq!(balance(&customer).await, json!([euros(5_000)]));
        adds_up(&shop);
    }

    async fn p01_what_stripe_does_not_take_has_failed_at_once(shop: Shop, stripe: StripePeer) {
        let customer = shop.customer().await;
        stripe.next(Call::Open, Mood::CardError);
        let made = asks(&customer, &unique("key"), &top_up(5_000)).await.json(201);
        assert_eq!((&made["status"], made.get("redirect_url")), (&json!("failed"), None));
        assert_eq!(payment(&customer, made["id"].as_str().unwrap()).await["status"], "failed");
        asks(&customer, &unique("key"), &top_up(5_000)).await.json(201); // what has failed is no twin
    }

    async fn p01_a_page_whose_closing_is_not_answered_is_closed_or_paid_and_never_both(shop: Shop, stripe: StripePeer) {
        let customer = shop.customer().await;
        let (late, late_page) = tops_up(&customer, 5_000).await;
        let (paid, paid_page) = tops_up(&customer, 6_000).await;
        assert!(stripe.pays(paid_page.rsplit('/').next().unwrap()));
        stripe.next(Call::Expire, Mood::HangsUpAfter);
        until("both have ended", async || {
            shop.falls_due("expire_top_up").await;
            let (one, other) = (payment(&customer, &late).await, payment(&customer, &paid).await);
            (one["status"] == "cancelled" && other["status"] == "succeeded").then_some(())
        }).await;
        assert!(!stripe.pays(late_page.rsplit('/').next().unwrap()));
        assert_eq!(balance(&customer).await, json!([euros(6_000)]));
        adds_up(&shop);
    }
}
