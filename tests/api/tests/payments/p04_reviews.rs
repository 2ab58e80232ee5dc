//! P4: suspicious attempts to pay are flagged or held, and what is held is taken or let go, once.

use crate::harness::buying::timeline;
use crate::harness::selling::euros;
use crate::harness::{Actor, Engine, Shop, unique, until};
use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::StripePeer;
use testkit::stripe_peer::{Call, Mood};

/// From a hundred euros on, and after two declines in a row, money is held.
const RULES: [(&str, &str); 3] = [
    ("CARAT__PAYMENTS__RISK__LARGE__HOLD", "100"),
    ("CARAT__PAYMENTS__RISK__DECLINES__FLAG", "1"),
    ("CARAT__PAYMENTS__RISK__DECLINES__HOLD", "2"),
];

macro_rules! on_both_databases_with_rules {
    ($(async fn $name:ident($shop:ident: Shop) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn check($shop: Shop) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                check(Shop::open_with(Engine::Sqlite, &RULES).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                check(Shop::open_with(Engine::Postgres, &RULES).await).await;
            }
        }
    )+};
}

async fn shop_with_stripe_and_rules(engine: Engine) -> (Shop, StripePeer) {
    let stripe = StripePeer::start().await;
    let own = [
        ("STRIPE_SECRET_KEY", StripePeer::KEY),
        ("STRIPE_WEBHOOK_SECRET", StripePeer::WEBHOOK_SECRET),
        ("STRIPE_API_BASE", stripe.address()),
    ];
    let settings: Vec<_> = own.into_iter().chain(RULES).collect();
    (Shop::open_with(engine, &settings).await, stripe)
}

/// A top-up of so many cents: its id, and where to pay.
async fn tops_up(actor: &Actor, cents: i64) -> (String, String) {
    let body = json!({"amount": euros(cents), "purpose": "top_up", "method": "card", "allow_duplicate": true});
    let made = actor.json("POST", "/payments", &[("idempotency-key", &unique("key"))], &body).await.json(201);
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    (text("id"), text("redirect_url"))
}

async fn wait_until(actor: &Actor, id: &str, status: &str) {
    until(&format!("payment {id} is {status}"), async || {
        let seen = actor.get(&format!("/payments/{id}")).await.json(200);
        (seen["status"] == status).then_some(())
    })
    .await;
}

/// A top-up whose money is promised.
async fn is_held(customer: &Actor, cents: i64) -> String {
    let (id, page) = tops_up(customer, cents).await;
    customer.presses(&page, "succeed").await.is(303);
    wait_until(customer, &id, "held").await;
    id
}

async fn balance(actor: &Actor) -> Value {
    actor.get("/users/me/balance").await.json(200)["data"].clone()
}

fn decision(id: &str, verb: &str) -> String {
    format!("/admin/payments/{id}/{verb}")
}

fn adds_up(shop: &Shop) {
    let checked = shop.command(&["ledger", "check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
}

on_both_databases_with_rules! {
    async fn p04_an_order_whose_money_is_held_waits_and_is_paid_when_it_is_approved(shop: Shop) {
        let (seller, customer, admin) = (shop.seller().await, shop.customer().await, shop.admin().await);
        let ring = seller.puts_on_sale("Ring", 12_999, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        let id = order.order["payment"]["id"].as_str().unwrap().to_owned();
        customer.pays(&order, "succeed").await.is(303);
        wait_until(&customer, &id, "held").await;
        shop.outbox_is_drained().await;
        assert_eq!(shop.falls_due("expire_order").await, 1);
        shop.outbox_is_drained().await;
        let waits = customer.order(&order).await;
        assert_eq!((&waits["status"], timeline(&waits)), (&json!("pending_payment"), vec!["placed", "payment_held"]));
        assert_eq!(waits["payment"], json!({"id": id, "status": "held", "redirect_url": null}));
        assert_eq!(seller.stock_of(&ring).await, 4);
        let by_balance = json!({"amount": euros(12_999), "purpose": "order", "order_id": order.id, "method": "balance"});
        let other_way = customer.json("POST", "/payments", &[("idempotency-key", "k")], &by_balance).await;
        assert!(["order-not-payable", "balance-too-low"].contains(&other_way.any_problem()["code"].as_str().unwrap()));
        assert_eq!(shop.mails_about(&customer.email, "We are looking at your payment").await, 1);
        assert_eq!(shop.mails_about(&admin.email, "A payment waits for your decision").await, 1);
        adds_up(&shop);

        for (status, found) in [("held", 1), ("succeeded", 0), ("pending", 0)] {
            assert_eq!(admin.all(&format!("/admin/payments?status={status}")).await.len(), found, "{status}");
        }
        let [held] = admin.all(&format!("/admin/payments?status=held&q={}", customer.email)).await.try_into().unwrap();
        assert_eq!((&held["id"], &held["order_id"], &held["email"]), (&json!(id), &json!(order.id), &json!(customer.email)));
        assert_eq!((&held["review"]["status"], &held["review"]["reasons"]), (&json!("open"), &json!(["large_amount"])));
        assert_eq!(admin.all(&format!("/admin/payments?q={}", order.order["number"].as_str().unwrap())).await.len(), 1);
        assert!(admin.all("/admin/payments?q=nobody@").await.is_empty());
        admin.get("/admin/payments?status=lost").await.problem(422, "validation-failed");
        customer.get("/admin/payments").await.problem(403, "admin-role-required");
        customer.post(&decision(&id, "approve"), &json!({})).await.problem(403, "admin-role-required");

        let approved = admin.ask("POST", &format!("/api/v1{}", decision(&id, "approve")), &[], None).await.json(200);
        assert_eq!((&approved["status"], &approved["review"]["status"]), (&json!("succeeded"), &json!("approved")));
        assert_eq!(approved["review"]["decided_by"], json!(admin.id));
        let paid = customer.wait_until_paid(&order).await;
        assert_eq!(timeline(&paid), ["placed", "payment_held", "paid"]);
        for verb in ["approve", "reject"] {
            admin.ask("POST", &format!("/api/v1{}", decision(&id, verb)), &[], None).await.problem(409, "payment-not-held");
        }
        shop.falls_due("end_review").await;
        shop.outbox_is_drained().await;
        assert_eq!(customer.order(&order).await["status"], "paid");
        let [told] = admin.all("/admin/security-log?kind=suspicious_payment").await.try_into().unwrap();
        assert_eq!((&told["details"]["held"], &told["details"]["reasons"]), (&json!("true"), &json!("large_amount")));
        assert_eq!(admin.all("/admin/security-log?kind=payment_approved").await.len(), 1);
        assert_eq!(shop.mails_about(&customer.email, "Your order").await, 1);
        assert_eq!(shop.mails_about(&customer.email, "Your payment was not taken").await, 0);
        adds_up(&shop);
    }

    async fn p04_a_customer_or_a_guest_gives_up_an_order_whose_money_is_held(shop: Shop) {
        let (seller, customer, admin) = (shop.seller().await, shop.customer().await, shop.admin().await);
        let ring = seller.puts_on_sale("Ring", 12_999, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        let id = order.order["payment"]["id"].as_str().unwrap().to_owned();
        customer.pays(&order, "succeed").await.is(303);
        wait_until(&customer, &id, "held").await;
        let given_up = customer.post(&order.path_to("/cancel"), &json!({})).await.json(200);
        assert_eq!((&given_up["status"], timeline(&given_up)), (&json!("cancelled"), vec!["placed", "payment_held", "cancelled"]));
        assert_eq!(given_up["payment"]["status"], "cancelled");
        admin.ask("POST", &format!("/api/v1{}", decision(&id, "approve")), &[], None).await.problem(409, "payment-not-held");
        let [seen] = admin.all("/admin/payments").await.try_into().unwrap();
        assert_eq!((&seen["review"]["status"], &seen["review"]["decided_by"]), (&json!("rejected"), &json!(customer.id)));
        customer.post(&order.path_to("/cancel"), &json!({})).await.problem(409, "order-not-cancellable");
        assert_eq!(shop.mails_about(&customer.email, "Your payment was not taken").await, 1);

        let guest = shop.guest();
        let order = guest.orders(&ring.variant, 1).await;
        guest.pays(&order, "succeed").await.is(303);
        until("the money is promised", async || {
            (timeline(&guest.order(&order).await) == ["placed", "payment_held"]).then_some(())
        }).await;
        guest.post(&order.path_to("/cancel"), &json!({})).await.is(200);
        guest.wait_until(&order, "cancelled").await;
        assert_eq!(seller.stock_of(&ring).await, 5);
        adds_up(&shop);
    }

    async fn p04_what_is_rejected_is_let_go_and_nobody_is_charged(shop: Shop) {
        let (seller, guest, admin) = (shop.seller().await, shop.guest(), shop.admin().await);
        let ring = seller.puts_on_sale("Ring", 12_999, 5).await;
        let order = guest.orders(&ring.variant, 1).await;
        guest.pays(&order, "succeed").await.is(303);
        until("the money is promised", async || {
            (timeline(&guest.order(&order).await) == ["placed", "payment_held"]).then_some(())
        }).await;
        let id = order.order["payment"]["id"].as_str().unwrap();
        let rejected = admin.ask("POST", &format!("/api/v1{}", decision(id, "reject")), &[], None).await.json(200);
        assert_eq!((&rejected["status"], &rejected["customer_id"]), (&json!("cancelled"), &json!(null)));
        let ended = guest.wait_until(&order, "cancelled").await;
        assert_eq!(timeline(&ended), ["placed", "payment_held", "cancelled"]);
        assert_eq!(seller.stock_of(&ring).await, 5);

        let customer = shop.customer().await;
        let top_up = is_held(&customer, 10_000).await;
        admin.ask("POST", &format!("/api/v1{}", decision(&top_up, "reject")), &[], None).await.json(200);
        wait_until(&customer, &top_up, "cancelled").await;
        assert_eq!(balance(&customer).await, json!([]));
        assert_eq!(shop.mails_about(&customer.email, "We are looking at your payment").await, 1);
        assert_eq!(shop.mails_about(&customer.email, "Your payment was not taken").await, 1);
        let other = is_held(&customer, 10_001).await;
        admin.ask("POST", &format!("/api/v1{}", decision(&other, "approve")), &[], None).await.json(200);
        wait_until(&customer, &other, "succeeded").await;
        assert_eq!(shop.mails_about(&customer.email, "Your payment is through").await, 1);
        adds_up(&shop);
    }

    async fn p04_of_many_who_decide_at_once_one_decides(shop: Shop) {
        let (customer, admin) = (shop.customer().await, shop.admin().await);
        let id = is_held(&customer, 10_000).await;
        let paths: Vec<String> =
            ["approve", "reject"].into_iter().cycle().take(12).map(|verb| format!("/api/v1{}", decision(&id, verb))).collect();
        let answers = join_all(paths.iter().map(|path| admin.ask("POST", path, &[], None))).await;
        let decided: Vec<_> = answers.iter().enumerate().filter(|(_, answer)| answer.status == 200).collect();
        assert_eq!(decided.len(), 1);
        let taken = decided[0].0 % 2 == 0;
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            assert_eq!(answer.any_problem()["code"], "payment-not-held");
        }
        wait_until(&customer, &id, if taken { "succeeded" } else { "cancelled" }).await;
        assert_eq!(balance(&customer).await, if taken { json!([euros(10_000)]) } else { json!([]) });
        adds_up(&shop);
    }

    async fn p04_where_nobody_decides_in_time_the_money_is_let_go(shop: Shop) {
        let (customer, admin) = (shop.customer().await, shop.admin().await);
        let id = is_held(&customer, 10_000).await;
        assert_eq!(shop.falls_due("end_review").await, 1);
        wait_until(&customer, &id, "cancelled").await;
        let [seen] = admin.all("/admin/payments").await.try_into().unwrap();
        assert_eq!((&seen["review"]["status"], &seen["review"]["decided_by"]), (&json!("rejected"), &json!(null)));
        admin.ask("POST", &format!("/api/v1{}", decision(&id, "approve")), &[], None).await.problem(409, "payment-not-held");
        assert_eq!(balance(&customer).await, json!([]));
        adds_up(&shop);
    }

    async fn p04_who_was_declined_again_and_again_is_flagged_and_then_held(shop: Shop) {
        let (customer, other, admin) = (shop.customer().await, shop.customer().await, shop.admin().await);
        for _ in 0..2 {
            let (id, page) = tops_up(&customer, 500).await;
            customer.presses(&page, "decline").await.is(303);
            wait_until(&customer, &id, "failed").await;
        }
        let id = is_held(&customer, 500).await;
        let told = admin.all("/admin/security-log?kind=suspicious_payment").await;
        let held: Vec<_> = told.iter().map(|event| event["details"]["held"].as_str().unwrap()).collect();
        assert_eq!(held, ["true", "false"], "the newest first");
        assert!(told.iter().all(|event| event["user_id"] == json!(customer.id)));
        let (free, page) = tops_up(&other, 500).await;
        other.presses(&page, "succeed").await.is(303);
        wait_until(&other, &free, "succeeded").await;
        admin.ask("POST", &format!("/api/v1{}", decision(&id, "approve")), &[], None).await.json(200);
        wait_until(&customer, &id, "succeeded").await;
        let (free, page) = tops_up(&customer, 500).await;
        customer.presses(&page, "succeed").await.is(303);
        wait_until(&customer, &free, "succeeded").await; // something was paid in between
        admin.ask("POST", &format!("/api/v1{}", decision(&uuid::Uuid::now_v7().to_string(), "approve")), &[], None).await
            .problem(404, "payment-not-found");
    }
}

/// Two cards are well; from three on an attempt is flagged, from four on held.
const CARD_RULES: [(&str, &str); 2] =
    [("CARAT__PAYMENTS__RISK__CARDS__FLAG", "3"), ("CARAT__PAYMENTS__RISK__CARDS__HOLD", "4")];

/// Whoever tries one card after the other is flagged and then held, whether the cards were declined or paid, also on one page.
async fn many_cards_are_flagged_and_then_held(engine: Engine) {
    let stripe = StripePeer::start().await;
    let own = [
        ("STRIPE_SECRET_KEY", StripePeer::KEY),
        ("STRIPE_WEBHOOK_SECRET", StripePeer::WEBHOOK_SECRET),
        ("STRIPE_API_BASE", stripe.address()),
    ];
    let settings: Vec<_> = own.into_iter().chain(CARD_RULES).collect();
    let shop = Shop::open_with(engine, &settings).await;
    let (customer, other, admin) = (shop.customer().await, shop.customer().await, shop.admin().await);
    let database = shop.database().await;
    let is_noted = async |cards: i64| {
        until(&format!("{cards} cards are noted"), async || {
            (database.number("SELECT count(DISTINCT card) FROM payment_cards").await == cards).then_some(())
        })
        .await;
    };
    let tells = async |session: &str| {
        for event in stripe.events_about(session) {
            shop.hears(&event).await;
        }
    };
    let told = async || admin.all("/admin/security-log?kind=suspicious_payment").await;

    let (_, page) = tops_up(&customer, 500).await;
    let session = page.rsplit('/').next().unwrap();
    for (number, card) in [(1, "card one"), (2, "card two")] {
        stripe.takes_card(session, card);
        stripe.is_declined(session);
        tells(session).await;
        is_noted(number).await;
    }
    let (paid, page) = tops_up(&customer, 500).await;
    let session = page.rsplit('/').next().unwrap();
    assert!(told().await.is_empty(), "two cards are nothing");
    stripe.takes_card(session, "card three");
    assert!(stripe.pays(session));
    tells(session).await;
    wait_until(&customer, &paid, "succeeded").await;
    is_noted(3).await;

    let (free, page) = tops_up(&customer, 500).await;
    let session = page.rsplit('/').next().unwrap();
    let [flagged] = told().await.try_into().unwrap();
    assert_eq!((&flagged["details"]["reasons"], &flagged["details"]["held"]), (&json!("cards"), &json!("false")));
    stripe.takes_card(session, "card four");
    stripe.is_declined(session);
    tells(session).await;
    is_noted(4).await;
    stripe.takes_card(session, "card one");
    assert!(stripe.pays(session));
    tells(session).await;
    wait_until(&customer, &free, "succeeded").await;

    let (held, page) = tops_up(&customer, 500).await;
    let session = page.rsplit('/').next().unwrap();
    assert!(stripe.pays(session));
    tells(session).await;
    wait_until(&customer, &held, "held").await;
    assert_eq!(told().await[0]["details"]["held"], json!("true"));
    let (others, page) = tops_up(&other, 500).await;
    let session = page.rsplit('/').next().unwrap();
    assert!(stripe.pays(session));
    tells(session).await;
    wait_until(&other, &others, "succeeded").await; // everybody's cards are counted by themselves
    let kept = database.dump().await.into_iter().filter(|row| row.starts_with("payment_cards:")).collect::<Vec<_>>();
    assert!(kept.len() >= 5 && kept.iter().all(|row| !row.contains("card one")), "as digests alone: {kept:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p04_many_cards_are_flagged_and_then_held_on_sqlite() {
    many_cards_are_flagged_and_then_held(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p04_many_cards_are_flagged_and_then_held_on_postgres() {
    many_cards_are_flagged_and_then_held(Engine::Postgres).await;
}

/// Whatever becomes of Stripe's answers, what was decided is done once.
async fn decisions_survive_stripes_silence(engine: Engine) {
    let (shop, stripe) = shop_with_stripe_and_rules(engine).await;
    let (customer, admin) = (shop.customer().await, shop.admin().await);
    for (verb, call, end) in [("approve", Call::Capture, "succeeded"), ("reject", Call::Cancel, "cancelled")] {
        for mood in [Mood::HangsUpBefore, Mood::HangsUpAfter, Mood::Down(503)] {
            let (id, page) = tops_up(&customer, 10_000).await;
            let session = page.rsplit('/').next().unwrap();
            assert!(stripe.pays(session));
            for event in stripe.events_about(session) {
                shop.hears(&event).await;
            }
            wait_until(&customer, &id, "held").await;
            stripe.next(call, mood);
            let path = format!("/api/v1{}", decision(&id, verb));
            let answer = admin.ask("POST", &path, &[], None).await.json(200);
            assert!(["pending", "held"].contains(&answer["status"].as_str().unwrap()), "{mood:?}: {answer}");
            until("what was decided is done", async || {
                shop.falls_due("settle_payment").await;
                let seen = customer.get(&format!("/payments/{id}")).await.json(200);
                (seen["status"] == end).then_some(())
            })
            .await;
        }
    }
    assert_eq!(balance(&customer).await, json!([euros(30_000)]));
    adds_up(&shop);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p04_a_decision_is_carried_out_whatever_stripe_answers_on_sqlite() {
    decisions_survive_stripes_silence(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p04_a_decision_is_carried_out_whatever_stripe_answers_on_postgres() {
    decisions_survive_stripes_silence(Engine::Postgres).await;
}
