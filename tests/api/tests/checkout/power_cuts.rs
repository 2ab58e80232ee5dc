//! The server is killed in the middle of a burst of checkouts and payments, again and again, at random moments. Whatever it
//! was doing, afterwards every piece is accounted for.

use crate::harness::gateway::{Gateway, payment_made};
use crate::harness::patience::until_at_most;
use crate::harness::{Actor, Answer, OnSale, Placed, Shop, on_both_databases, unique};
use futures_util::future::join_all;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use testkit::Dice;

const CUTS: usize = 4;
const CHECKOUTS: usize = 12;
const STOCK: i64 = 60;
/// A key whose request died is free again after a minute.
const KEY_IN_USE: Duration = Duration::from_secs(80);

/// A checkout that was sent, and its answer, if it came before the power cut.
struct Sent {
    cart: String,
    key: String,
    answer: Option<Answer>,
    /// Whether the customer also paid, and saw it accepted.
    paid: bool,
}

/// Sends a checkout and sometimes pays; stops where the power cut stops it.
async fn buys(customer: Actor, cart: String, key: String, pays: bool) -> Sent {
    let mut sent = Sent { cart, key, answer: None, paid: false };
    let path = format!("/carts/{}/checkout", sent.cart);
    let headers = [("idempotency-key", sent.key.as_str())];
    let Ok(answer) = customer.try_json("POST", &path, &headers, &customer.checkout_form()).await else { return sent };
    sent.answer = Some(answer.clone().is(201));
    if pays {
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let page = Placed::from(&answer.value()).pay_at;
        let browser = customer.without_token();
        let paid = browser.try_ask("POST", &page, &form, Some(b"outcome=succeed".to_vec())).await;
        sent.paid = paid.is_ok_and(|answer| answer.is(303).status == 303);
    }
    sent
}

/// One burst with a power cut in its middle.
async fn a_burst_with_a_power_cut(shop: &Shop, customer: &Actor, products: &[OnSale], dice: &mut Dice) -> Vec<Sent> {
    let mut burst = Vec::new();
    for _ in 0..CHECKOUTS {
        let product = &products[dice.index(products.len())];
        let quantity = u32::try_from(1 + dice.throw(2)).unwrap();
        let cart = customer.cart_with(&product.variant, quantity).await;
        burst.push((cart, unique("key"), dice.throw(2) == 0));
    }
    let sent = Arc::new(Mutex::new(Vec::new()));
    let buying = join_all(burst.into_iter().map(|(cart, key, pays)| {
        let (customer, sent) = (customer.clone(), Arc::clone(&sent));
        async move {
            let bought = buys(customer, cart, key, pays).await;
            sent.lock().unwrap().push(bought);
        }
    }));
    let buying = tokio::spawn(buying);
    tokio::time::sleep(Duration::from_millis(dice.throw(220))).await; // the moment of the cut: no wait for anything
    shop.kill_minus_9();
    buying.await.unwrap();
    shop.start().await;
    std::mem::take(&mut *sent.lock().unwrap())
}

/// What there was at first is there still, or in an order that counts.
async fn every_piece_is_accounted_for(seller: &Actor, customer: &Actor, products: &[OnSale]) -> Vec<Value> {
    let orders = customer.all("/orders").await;
    let mut reserved: HashMap<String, i64> = HashMap::new();
    for order in &orders {
        assert!(order["status"] == "pending_payment" || order["status"] == "paid", "{order}");
        assert!(order["payment"]["id"].is_string(), "an order without a payment: {order}");
        let lines = order["lines"].as_array().unwrap();
        assert_eq!(lines.len(), 1, "half an order: {order}");
        for line in lines {
            *reserved.entry(line["variant_id"].as_str().unwrap().to_owned()).or_default() +=
                line["quantity"].as_i64().unwrap();
        }
    }
    for product in products {
        let sold = reserved.get(&product.variant).copied().unwrap_or_default();
        assert_eq!(seller.stock_of(product).await + sold, STOCK, "pieces of {} are lost", product.product["title"]);
    }
    orders
}

/// Sends the checkout once more; it must end in the order that it made, if it made one.
async fn is_answered_the_same(customer: &Actor, sent: &Sent) -> String {
    let answer = until_at_most(KEY_IN_USE, "the key is free again", async || {
        let answer = customer.checks_out(&sent.cart, &sent.key).await;
        if answer.status == 409 {
            answer.problem(409, "idempotency-key-in-use");
            return None;
        }
        Some(answer.is(201))
    });
    let answer = answer.await;
    if let Some(first) = &sent.answer {
        assert_eq!((answer.header("idempotent-replayed"), &answer.body), (Some("true"), &first.body));
    }
    Placed::from(&answer.value()).id
}

on_both_databases! {
    async fn a_power_cut_loses_nothing_and_sells_nothing_twice(shop: Shop) {
        let (mut dice, _) = Dice::shaken();
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let stock = u32::try_from(STOCK).unwrap();
        let products = join_all(["Ring", "Pin", "Brooch"].map(|title| seller.puts_on_sale(title, 100, stock))).await;
        let mut sent = Vec::new();
        for _ in 0..CUTS {
            sent.extend(a_burst_with_a_power_cut(&shop, &customer, &products, &mut dice).await);
            every_piece_is_accounted_for(&seller, &customer, &products).await;
        }
        let answered = sent.iter().filter(|sent| sent.answer.is_some()).count();
        eprintln!("{answered} of {} checkouts were answered before the cut", sent.len());

        let ids = join_all(sent.iter().map(|sent| is_answered_the_same(&customer, sent))).await;
        let orders = every_piece_is_accounted_for(&seller, &customer, &products).await;
        let known: HashSet<&str> = orders.iter().map(|order| order["id"].as_str().unwrap()).collect();
        assert_eq!((ids.len(), orders.len()), (CUTS * CHECKOUTS, CUTS * CHECKOUTS), "one order each");
        assert_eq!(ids.iter().map(String::as_str).collect::<HashSet<_>>(), known);

        // Who saw their payment accepted has paid: the gateway tells it again, as gateways do.
        let gateway = Gateway::of(&shop);
        for (sent, id) in sent.iter().zip(&ids).filter(|(sent, _)| sent.paid) {
            let order = Placed::from(&sent.answer.as_ref().unwrap().value());
            assert_eq!(&order.id, id);
            let mut event = payment_made(&order);
            event["id"] = unique("evt").into();
            gateway.tells(&event).await.is(200);
            customer.wait_until_paid(&order).await;
        }
        // And an order whose answer was lost can be paid like any other.
        if let Some((_, id)) = sent.iter().zip(&ids).find(|(sent, _)| sent.answer.is_none()) {
            let order = customer.get(&format!("/orders/{id}")).await.json(200);
            let page = order["payment"]["redirect_url"].as_str().expect("a page to pay at").to_owned();
            let order = Placed { id: id.clone(), token: None, pay_at: page, order };
            customer.pays(&order, "succeed").await.is(303);
            customer.wait_until_paid(&order).await;
        }
        every_piece_is_accounted_for(&seller, &customer, &products).await;
    }
}
