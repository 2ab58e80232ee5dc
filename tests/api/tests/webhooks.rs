//! P7: merchants are told of what happens, by messages that the Standard Webhooks convention's own library takes.

use crate::harness::{Actor, Engine, Placed, Shop, until};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use testkit::{Asked, PeerAnswer, StandardWebhooks, WebPeer};

const ALL: &str = "/seller/webhooks";
const INSIDE: [(&str, &str); 2] =
    [("CARAT__WEBHOOKS__ALLOW_HTTP", "true"), ("CARAT__WEBHOOKS__ALLOWED_NETWORKS", "[\"127.0.0.0/8\"]")];

/// A shop whose merchants may be on this machine.
async fn open(engine: Engine) -> Shop {
    Shop::open_with(engine, &INSIDE).await
}

/// A merchant's system that answers by this status, which may be changed.
async fn merchant(status: u16) -> (WebPeer, Arc<AtomicU16>) {
    let status = Arc::new(AtomicU16::new(status));
    let now = status.clone();
    (WebPeer::start(move |_| PeerAnswer::Body(now.load(Ordering::SeqCst), "thanks".to_owned())).await, status)
}

/// A webhook: its address in the API, and its secret.
async fn tells(actor: &Actor, merchant: &WebPeer, events: &[&str]) -> (String, String) {
    let url = format!("{}/hook", merchant.address());
    let made = actor.post(ALL, &json!({"url": url, "events": events})).await.json(201);
    (format!("{ALL}/{}", made["id"].as_str().unwrap()), made["secret"].as_str().unwrap().to_owned())
}

/// What the library reads out of a message, if it takes it by this secret.
fn taken(asked: &Asked, secret: &str) -> Option<Value> {
    let header = |name: &str| asked.header(name).unwrap_or_default();
    let seconds = header("webhook-timestamp").parse().unwrap();
    let read =
        StandardWebhooks::verify(secret, &asked.body, header("webhook-id"), seconds, header("webhook-signature"));
    read.ok().map(|_| serde_json::from_str(&asked.body).unwrap())
}

/// Waits until a merchant was told of so many events; their types and data, each once.
async fn told(merchant: &WebPeer, secret: &str, count: usize) -> BTreeMap<String, Value> {
    let asked =
        until("the merchant is told", async || Some(merchant.asked()).filter(|asked| asked.len() >= count)).await;
    let message = |asked: &Asked| {
        let message = taken(asked, secret).expect("the library takes it");
        (message["type"].as_str().unwrap().to_owned(), message["data"].clone())
    };
    asked.iter().map(message).collect()
}

async fn pays(order: &Placed, shop: &Shop) {
    let page = order.pay_at.split_once("/sandbox/").map(|(_, rest)| format!("/sandbox/{rest}")).unwrap();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    shop.guest().ask("POST", &page, &form, Some(b"outcome=succeed".to_vec())).await.is(303);
}

async fn deliveries(actor: &Actor, webhook: &str) -> Vec<Value> {
    actor.all(&format!("{webhook}/deliveries")).await
}

macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($shop:ident: Shop) $body:block)+) => {$(
        mod $name {
            use super::*;
            async fn check($shop: Shop) $body
            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() { check(open(Engine::Sqlite).await).await; }
            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() { check(open(Engine::Postgres).await).await; }
        }
    )+};
}

on_both! {
    async fn p07_a_seller_is_told_of_their_own_lines_and_the_platform_of_everything(shop: Shop) {
        let (seller, other, admin) = (shop.seller().await, shop.seller().await, shop.admin().await);
        let ((to_seller, _), (to_other, _), (to_platform, _)) = (merchant(200).await, merchant(200).await, merchant(202).await);
        let events = ["order.placed", "order.paid", "payment.succeeded"];
        let (_, secret) = tells(&seller, &to_seller, &events).await;
        tells(&other, &to_other, &events).await;
        let (platform, platform_secret) = tells(&admin, &to_platform, &events).await;
        let mine = seller.puts_on_sale("Ring", 5_000, 9).await;
        let theirs = shop.seller().await.puts_on_sale("Chain", 700, 9).await;
        let customer = shop.customer().await;
        let cart = customer.cart_with(&mine.variant, 2).await;
        customer.adds(&cart, &theirs.variant, 1).await.json(201);
        let order = Placed::from(&customer.checks_out(&cart, "key-1").await.json(201));
        pays(&order, &shop).await;

        let heard = told(&to_seller, &secret, 3).await;
        assert_eq!(heard.keys().collect::<Vec<_>>(), ["order.paid", "order.placed", "payment.succeeded"]);
        let paid = &heard["order.paid"];
        assert_eq!((&paid["order_id"], &paid["status"]), (&json!(order.id), &json!("paid")));
        assert_eq!(paid["total"], json!({"amount": 10_000, "currency": "EUR"}));
        assert_eq!(paid["lines"].as_array().unwrap().len(), 1);
        assert_eq!((&paid["lines"][0]["variant_id"], &paid["lines"][0]["quantity"]), (&json!(mine.variant), &json!(2)));
        assert_eq!(heard["order.placed"]["status"], "pending_payment", "it is told as it was at its moment");
        assert_eq!(heard["payment.succeeded"]["amount"], json!({"amount": 10_000, "currency": "EUR"}));

        let heard = told(&to_platform, &platform_secret, 3).await;
        assert_eq!(heard["order.paid"]["total"], json!({"amount": 10_700, "currency": "EUR"}));
        assert_eq!(heard["order.paid"]["lines"].as_array().unwrap().len(), 2);
        for asked in to_platform.asked().iter().chain(&to_seller.asked()) {
            assert!(!asked.body.contains(&customer.email) && !asked.body.contains("rue de la Paix"), "{}", asked.body);
        }
        let all = until("all are noted", async || {
            let all = deliveries(&admin, &platform).await;
            all.iter().all(|one| one["status"] == "delivered").then_some(all)
        }).await;
        assert_eq!(all.len(), 3);
        let one = admin.get(&format!("{platform}/deliveries/{}", all[0]["id"].as_str().unwrap())).await.json(200);
        assert_eq!((&one["attempts"][0]["status_code"], &one["attempts"][0]["answer"]), (&json!(202), &json!("thanks")));
        assert_eq!(one["payload"]["type"], all[0]["event"]);
        assert!(to_other.asked().is_empty(), "who has nothing in an order is told nothing of it");
    }

    async fn p07_gift_cards_are_told_of_without_their_codes_to_the_platform_alone(shop: Shop) {
        let (admin, customer) = (shop.admin().await, shop.customer().await);
        let (peer, _) = merchant(200).await;
        let events = ["gift_card.issued", "gift_card.redeemed", "gift_card.disabled", "gift_card.enabled", "gift_card.expired"];
        let (_, secret) = tells(&admin, &peer, &events).await;
        let soon = (chrono::Utc::now() + chrono::TimeDelta::seconds(2)).to_rfc3339();
        let issue = async |wish: Value| admin.post("/gift-cards", &wish).await.json(201)["data"][0].clone();
        let value = json!({"amount": 5_000, "currency": "EUR"});
        let card = issue(json!({"value": value})).await;
        issue(json!({"value": {"amount": 1, "currency": "EUR"}, "expires_at": soon})).await;
        let path = format!("/gift-cards/{}", card["id"].as_str().unwrap());
        admin.patch(&path, &json!({"status": "disabled"})).await.json(200);
        admin.patch(&path, &json!({"status": "active"})).await.json(200);
        let code = card["code"].as_str().unwrap();
        customer.post("/gift-cards/redeem", &json!({"code": code})).await.json(200);
        let heard = told(&peer, &secret, 6).await;
        assert_eq!(heard.len(), 5);
        let redeemed = json!({"gift_card_id": card["id"], "status": "redeemed", "value": value,
            "balance": {"amount": 0, "currency": "EUR"}, "expires_at": null});
        assert_eq!(heard["gift_card.redeemed"], redeemed);
        assert_eq!(heard["gift_card.disabled"]["status"], "disabled");
        for asked in peer.asked() {
            assert!(!asked.body.contains(code) && !asked.body.contains(&code.replace('-', "")), "{}", asked.body);
        }
        let seller = shop.seller().await;
        let wish = json!({"url": "https://a.example", "events": ["gift_card.issued"]});
        seller.post(ALL, &wish).await.faults(&[("/events", "not-for-you")]);
    }

    async fn p07_what_failed_is_tried_again_and_replayed_as_the_same_event(shop: Shop) {
        let seller = shop.seller().await;
        let (peer, status) = merchant(500).await;
        let (webhook, secret) = tells(&seller, &peer, &["order.placed"]).await;
        let sent = seller.ask("POST", &format!("/api/v1{webhook}/test"), &[], None).await.json(202);
        assert_eq!((&sent["event"], &sent["status"]), (&json!("webhook.test"), &json!("waiting")));
        let path = format!("{webhook}/deliveries/{}", sent["id"].as_str().unwrap());
        until("it has failed", async || seller.get(&path).await.json(200)["attempts"][0]["status_code"].is_u64().then_some(())).await;
        let failing = seller.get(&webhook).await.json(200);
        assert!(failing["failing_since"].is_string() && failing["enabled"] == true);
        status.store(200, Ordering::SeqCst);
        let arrived = until("it is tried again after five seconds", async || {
            Some(seller.get(&path).await.json(200)).filter(|one| one["status"] == "delivered")
        }).await;
        assert_eq!((&arrived["tries"], arrived["attempts"].as_array().unwrap().len()), (&json!(2), 2));
        assert_eq!(seller.get(&webhook).await.json(200)["failing_since"], Value::Null);
        let replayed = seller.ask("POST", &format!("/api/v1{path}/replay"), &[], None).await.json(202);
        assert_eq!(replayed["event_id"], sent["event_id"]);
        until("it is sent once more", async || (peer.asked().len() == 3).then_some(())).await;
        let asked = peer.asked();
        assert!(asked.iter().all(|one| one.body == asked[0].body), "the same message each time");
        assert!(asked.iter().all(|one| one.header("webhook-id") == sent["event_id"].as_str()));
        assert!(asked.iter().all(|one| taken(one, &secret).is_some()));
    }

    async fn p07_a_replaced_secret_signs_for_another_day_and_none_is_ever_shown_again(shop: Shop) {
        let seller = shop.seller().await;
        let (peer, _) = merchant(200).await;
        let (webhook, first) = tells(&seller, &peer, &["order.placed"]).await;
        let rotated = seller.ask("POST", &format!("/api/v1{webhook}/secret"), &[], None).await.json(200);
        let second = rotated["secret"].as_str().unwrap();
        assert!(second != first && second.starts_with("whsec_") && rotated["previous_secret_until"].is_string());
        seller.ask("POST", &format!("/api/v1{webhook}/test"), &[], None).await.json(202);
        let asked = until("it is told", async || peer.asked().into_iter().next()).await;
        assert!(taken(&asked, &first).is_some() && taken(&asked, second).is_some());
        assert!(taken(&asked, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").is_none());
        let (first, second) = (first.trim_start_matches("whsec_"), second.trim_start_matches("whsec_"));
        let dump = shop.database().await.dump().await.concat();
        for told in [dump, shop.log(), seller.get(ALL).await.text(), seller.get(&webhook).await.text()] {
            assert!(!told.contains(first) && !told.contains(second));
        }
    }

    async fn p07_who_answers_gone_is_switched_off_and_mailed(shop: Shop) {
        let seller = shop.seller().await;
        let (peer, _) = merchant(410).await;
        let (webhook, _) = tells(&seller, &peer, &["order.placed"]).await;
        seller.ask("POST", &format!("/api/v1{webhook}/test"), &[], None).await.json(202);
        let off = until("it is switched off", async || {
            Some(seller.get(&webhook).await.json(200)).filter(|one| one["enabled"] == false)
        }).await;
        assert_eq!(off["disabled_reason"], "gone");
        seller.ask("POST", &format!("/api/v1{webhook}/test"), &[], None).await.problem(409, "webhook-disabled");
        let mails = || shop.mails_to(&seller.email);
        until("a mail tells", async || mails().await.iter().any(|mail| mail.subject.contains("A webhook was switched off")).then_some(())).await;
        let on = seller.patch(&webhook, &json!({"enabled": true})).await.json(200);
        assert_eq!((&on["enabled"], &on["disabled_reason"]), (&json!(true), &Value::Null));
        assert_eq!(peer.asked().len(), 1);
    }

    async fn p07_two_servers_deliver_each_event_once(shop: Shop) {
        let (seller, beside) = (shop.seller().await, shop.beside().await);
        let (peer, _) = merchant(200).await;
        let (webhook, secret) = tells(&seller, &peer, &["order.placed"]).await;
        let ring = seller.puts_on_sale("Ring", 5_000, 99).await;
        let customer = shop.customer().await;
        for turn in 0..12 {
            let at = if turn % 2 == 0 { shop.same(&customer) } else { beside.same(&customer) };
            at.orders(&ring.variant, 1).await;
        }
        let all = until("all are delivered", async || {
            let all = deliveries(&seller, &webhook).await;
            (all.len() == 12 && all.iter().all(|one| one["status"] == "delivered")).then_some(all)
        }).await;
        let mut ids: Vec<String> = peer.asked().iter().map(|asked| asked.header("webhook-id").unwrap().to_owned()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((all.len(), ids.len(), peer.asked().len()), (12, 12, 12));
        assert!(peer.asked().iter().all(|asked| taken(asked, &secret).is_some()));
    }

    async fn p07_a_merchant_who_never_answers_holds_up_no_one(shop: Shop) {
        let (seller, other) = (shop.seller().await, shop.seller().await);
        let silent = WebPeer::start(|_| PeerAnswer::Silence).await;
        let (peer, _) = merchant(200).await;
        let (stuck, _) = tells(&seller, &silent, &["order.placed"]).await;
        for _ in 0..20 {
            seller.ask("POST", &format!("/api/v1{stuck}/test"), &[], None).await.json(202);
        }
        until("they wait for an answer", async || (silent.asked().len() >= 4).then_some(())).await;
        let (quick, _) = tells(&other, &peer, &["order.placed"]).await;
        let begun = std::time::Instant::now();
        other.ask("POST", &format!("/api/v1{quick}/test"), &[], None).await.json(202);
        until("the other is told", async || (!peer.asked().is_empty()).then_some(())).await;
        assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
        assert_eq!(silent.asked().len(), 4, "no more than four at once");
    }
}

async fn refuses_what_is_not_of_the_internet(shop: Shop) {
    let seller = shop.seller().await;
    let refused = async |url: &str| seller.post(ALL, &json!({"url": url, "events": ["order.paid"]})).await;
    for url in [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://10.0.0.1/",
        "https://169.254.169.254/",
        "https://2130706433/",
        "https://[::ffff:10.0.0.1]/",
        "https://0.0.0.0/",
    ] {
        refused(url).await.faults(&[("/url", "forbidden-address")]);
    }
    refused("http://merchant.example/").await.faults(&[("/url", "https-required")]);
    for url in ["merchant", "ftp://merchant.example/", "https://me:pw@merchant.example/"] {
        refused(url).await.faults(&[("/url", "url")]);
    }
    assert!(seller.all(ALL).await.is_empty());
    // A name that leads inside is found out when something is to be sent there.
    let named = refused("https://localtest.invalid/").await.json(201);
    let webhook = format!("{ALL}/{}", named["id"].as_str().unwrap());
    let sent = seller.ask("POST", &format!("/api/v1{webhook}/test"), &[], None).await.json(202);
    let path = format!("{webhook}/deliveries/{}", sent["id"].as_str().unwrap());
    let fault = until("it has failed", async || {
        seller.get(&path).await.json(200)["attempts"][0]["fault"].as_str().map(str::to_owned)
    })
    .await;
    assert!(["name_not_found", "timed_out"].contains(&fault.as_str()), "{fault}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p07_nothing_is_sent_to_an_address_that_is_not_of_the_internet() {
    refuses_what_is_not_of_the_internet(Shop::open(Engine::Sqlite).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p07_a_seller_has_ten_at_the_most_however_many_are_made_at_once() {
    let shop = Shop::open(Engine::Postgres).await;
    let seller = shop.seller().await;
    let wish = json!({"url": "https://merchant.example/", "events": ["order.paid"]});
    let made = futures_util::future::join_all((0..14).map(|_| seller.post(ALL, &wish))).await;
    assert_eq!(made.iter().filter(|answer| answer.status == 201).count(), 10);
    assert_eq!(made.iter().filter(|answer| answer.status == 409).count(), 4);
    let first = seller.all(ALL).await[0]["id"].as_str().unwrap().to_owned();
    seller.delete(&format!("{ALL}/{first}")).await.is(204);
    seller.post(ALL, &wish).await.json(201);
}
