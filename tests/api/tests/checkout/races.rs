//! Many at once: the last piece is sold once, and a checkout that is sent again is the same checkout.

use crate::harness::{Actor, Answer, Placed, on_both_databases, unique, until};
use futures_util::future::join_all;
use serde_json::{Value, json};

/// What fifty at once did: the orders, after checking that everyone else was refused for want of stock.
#[track_caller]
fn orders_of(answers: Vec<Answer>, variant: &str) -> Vec<Value> {
    let (sold, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    for answer in refused {
        let problem = answer.problem(409, "insufficient-stock");
        let lines = problem["lines"].as_array().unwrap();
        let short = (&lines[0]["variant_id"], &lines[0]["requested"], &lines[0]["available"]);
        assert_eq!((lines.len(), short), (1, (&json!(variant), &json!(1), &json!(0))));
    }
    sold.into_iter().map(|answer| answer.json(201)).collect()
}

/// Sends a checkout until its twin is no longer running.
async fn sends_until_answered(actor: &Actor, cart: &str, key: &str) -> Answer {
    until("the twin has been answered", async || {
        let answer = actor.checks_out(cart, key).await;
        if answer.status == 409 {
            answer.problem(409, "idempotency-key-in-use");
            return None;
        }
        Some(answer)
    })
    .await
}

on_both_databases! {
    async fn of_fifty_customers_at_once_one_gets_the_last_piece(shop: Shop) {
        let seller = shop.seller().await;
        let ring = seller.puts_on_sale("The last ring", 100, 1).await;
        let mut customers = Vec::new();
        for _ in 0..5 {
            // Ten at a time: more would queue for their hashes, and the last be sent away.
            customers.extend(join_all((0..10).map(|_| shop.customer())).await);
        }
        let carts = join_all(customers.iter().map(|customer| customer.cart_with(&ring.variant, 1))).await;
        let keys: Vec<_> = carts.iter().map(|_| unique("key")).collect();
        let rush = customers.iter().zip(&carts).zip(&keys).map(|((customer, cart), key)| customer.checks_out(cart, key));
        let orders = orders_of(join_all(rush).await, &ring.variant);
        assert_eq!(orders.len(), 1);
        assert_eq!(seller.stock_of(&ring).await, 0);
        let found: Vec<Value> = join_all(customers.iter().map(|customer| customer.all("/orders"))).await.concat();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["id"], orders[0]["order"]["id"]);
        let shown = shop.guest().get(&format!("/products/{}", ring.id)).await.json(200);
        assert_eq!((&shown["in_stock"], &shown["variants"][0]["stock"]), (&json!(false), &json!(0)));
    }

    async fn of_fifty_guests_at_once_seven_get_the_last_seven(shop: Shop) {
        let seller = shop.seller().await;
        let (ring, pin) = (seller.puts_on_sale("Ring", 100, 7).await, seller.puts_on_sale("Pin", 10, 50).await);
        let guests: Vec<_> = (0..50).map(|_| shop.guest()).collect();
        // Everyone wants both, half of them named the other way round: rows that are locked in two orders would deadlock.
        let carts = join_all(guests.iter().enumerate().map(|(number, guest)| {
            let (first, second) = if number % 2 == 0 { (&ring, &pin) } else { (&pin, &ring) };
            async move {
                let cart = guest.cart_with(&first.variant, 1).await;
                guest.adds(&cart, &second.variant, 1).await.json(201);
                cart
            }
        }));
        let carts = carts.await;
        let keys: Vec<_> = carts.iter().map(|_| unique("key")).collect();
        let rush = guests.iter().zip(&carts).zip(&keys).map(|((guest, cart), key)| guest.checks_out(cart, key));
        let orders = orders_of(join_all(rush).await, &ring.variant);
        assert_eq!(orders.len(), 7);
        assert_eq!((seller.stock_of(&ring).await, seller.stock_of(&pin).await), (0, 43));
    }

    async fn the_same_checkout_ten_times_at_once_is_one_order(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 20).await;
        let cart = customer.cart_with(&ring.variant, 2).await;
        let key = unique("key");
        let mut answers = join_all((0..10).map(|_| sends_until_answered(&customer, &cart, &key))).await;
        answers.push(customer.checks_out(&cart, &key).await);
        let firsts = answers.iter().filter(|answer| answer.header("idempotent-replayed").is_none()).count();
        assert_eq!(firsts, 1, "one ran, ten were replayed");
        assert_eq!(answers[10].header("idempotent-replayed"), Some("true"));
        for answer in &answers {
            assert_eq!(answer.status, 201);
            assert_eq!(answer.body, answers[0].body, "byte for byte");
            assert_eq!(answer.header("location"), answers[0].header("location"));
            assert_eq!(answer.header("content-type"), answers[0].header("content-type"));
        }
        assert_eq!(customer.all("/orders").await.len(), 1);
        assert_eq!(seller.stock_of(&ring).await, 18);
        shop.restart().await;
        let later = customer.checks_out(&cart, &key).await.is(201);
        assert_eq!((later.header("idempotent-replayed"), &later.body), (Some("true"), &answers[0].body));
    }

    async fn a_key_stands_for_one_request(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 100, 20).await;
        let (cart, other_cart) = (guest.cart_with(&ring.variant, 1).await, guest.cart_with(&ring.variant, 1).await);
        let key = unique("key");
        let order = guest.checks_out(&cart, &key).await.json(201);
        let mut other_form = guest.checkout_form();
        other_form["shipping_address"]["city"] = json!("Lyon");
        guest.checks_out_with(&cart, &key, &other_form).await.problem(422, "idempotency-key-reused");
        guest.checks_out(&other_cart, &key).await.problem(422, "idempotency-key-reused");
        let elsewhere = guest.json("POST", "/carts", &[("idempotency-key", &key)], &json!({})).await;
        elsewhere.problem(422, "idempotency-key-reused");
        let refused = guest.checks_out(&cart, &unique("key")).await.problem(409, "cart-checked-out");
        assert_eq!(refused["order_id"], order["order"]["id"]);
        assert_eq!(seller.stock_of(&ring).await, 19);
    }

    async fn one_cart_under_ten_keys_at_once_is_one_order(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 100, 20).await;
        let cart = guest.cart_with(&ring.variant, 1).await;
        let keys: Vec<_> = (0..10).map(|_| unique("key")).collect();
        let answers = join_all(keys.iter().map(|key| guest.checks_out(&cart, key))).await;
        let (placed, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!(placed.len(), 1);
        for answer in refused {
            answer.problem(409, "cart-checked-out");
        }
        assert_eq!(seller.stock_of(&ring).await, 19);
        assert_eq!(seller.all("/seller/orders").await.len(), 1);
    }

    async fn a_checkout_that_was_refused_can_be_sent_again(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let cart = guest.cart_with(&ring.variant, 5).await;
        let mut form = guest.checkout_form();
        form["email"] = json!("nobody");
        let key = unique("key");
        guest.checks_out_with(&cart, &key, &form).await.problem(422, "validation-failed");
        let answer = guest.checks_out(&cart, &key).await.json(201);
        assert_eq!(seller.stock_of(&ring).await, 0);
        Placed::from(&answer);
    }
}
