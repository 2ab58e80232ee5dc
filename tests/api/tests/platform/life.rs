//! Starting, stopping, and starting again.

use crate::harness::raw::{Wire, status};
use crate::harness::shop::PASSWORD;
use crate::harness::{Engine, Shop, on_both_databases, unique};
use futures_util::future::join_all;
use serde_json::json;
use std::time::Duration;

on_both_databases! {
    async fn a_second_start_finds_everything_as_it_was(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let cart = customer.cart_with(&ring.variant, 1).await;
        let order = customer.orders(&ring.variant, 2).await;
        let keys = shop.guest().page("/.well-known/jwks.json").await.json(200);
        let seen = customer.order(&order).await;
        shop.terminate();
        assert!(shop.wait_for_the_end().await.success());
        shop.start().await;
        assert_eq!(shop.guest().page("/.well-known/jwks.json").await.json(200), keys);
        assert_eq!(customer.order(&order).await, seen);
        assert_eq!(customer.get(&format!("/carts/{cart}")).await.json(200)["lines"][0]["quantity"], 1);
        assert_eq!(seller.stock_of(&ring).await, 3);
        customer.pays(&order, "succeed").await.is(303);
        customer.wait_until_paid(&order).await;
        assert_eq!(shop.mails_about(&customer.email, "Your order").await, 1);
    }

    async fn a_request_in_flight_is_finished_before_the_end(shop: Shop) {
        let email = format!("{}@example.com", unique("ada"));
        let body = json!({"email": email, "password": PASSWORD}).to_string();
        let head = format!(
            "POST /api/v1/auth/register HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Expect: 100-continue\r\n\r\n",
            body.len()
        );
        let (first, rest) = body.split_at(20);
        let mut wire = Wire::to(&shop).await;
        assert!(wire.says(head.as_bytes()).await);
        let go_on = wire.hears_a_head(Duration::from_secs(20)).await;
        assert_eq!(status(&go_on), Some(100), "the request has begun: {go_on}");
        assert!(wire.says(first.as_bytes()).await);
        shop.may_log("No workers"); // for who asks in the very moment of the end
        shop.terminate();
        crate::harness::until("new work is turned away", async || {
            let ready = shop.guest().try_page("/health/ready").await;
            ready.map_or(true, |answer| answer.status == 503).then_some(())
        })
        .await;
        assert!(wire.says(rest.as_bytes()).await, "the request in flight was dropped");
        let answer = wire.hears_a_head(Duration::from_secs(20)).await;
        assert_eq!(status(&answer), Some(201), "{answer}");
        assert!(shop.wait_for_the_end().await.success());
        shop.start().await;
        shop.guest().logs_in(&email, PASSWORD).await.json(200);
        shop.code_of(&email).await;
    }
}

#[tokio::test]
async fn a_shop_with_nothing_to_do_stops_at_once() {
    let shop = Shop::open(Engine::Sqlite).await;
    shop.may_log("No workers"); // for who connects in the very moment of the end
    let mut idle = Wire::to(&shop).await; // somebody who has said nothing yet
    let begun = tokio::time::Instant::now();
    shop.terminate();
    assert!(shop.wait_for_the_end().await.success());
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    idle.hears_to_the_end(Duration::from_secs(1)).await;
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_in_words() {
    let shop = Shop::open(Engine::Sqlite).await;
    let output = shop.command(&[]); // a second server on the same port
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8_lossy(&output.stderr).to_lowercase();
    assert!(words.contains(&shop.port.to_string()) || words.contains("in use"), "{words}");
    assert!(!words.contains("panicked"), "{words}");
    shop.guest().page("/health/ready").await.is(200);
}

/// Two servers on one database, as behind a load balancer: what one knows the other knows.
#[tokio::test]
async fn two_servers_on_one_database_are_one_shop() {
    let one = Shop::open(Engine::Postgres).await;
    let other = one.beside().await;
    let (seller, customer) = (one.seller().await, one.customer().await);
    let ring = seller.puts_on_sale("Ring", 100, 5).await;
    let there = other.same(&customer);
    let cart = there.cart_with(&ring.variant, 1).await;
    let key = unique("key");
    let first = customer.checks_out(&cart, &key).await.is(201);
    let again = there.checks_out(&cart, &key).await.is(201);
    assert_eq!((first.body, again.header("idempotent-replayed")), (again.body.clone(), Some("true")));
    there.ask("POST", "/api/v1/auth/logout", &[], None).await.is(200);
    customer.get("/users/me").await.problem(401, "token-revoked");
    assert_eq!(seller.stock_of(&ring).await, 4);
    one.terminate();
    assert!(one.wait_for_the_end().await.success());
    there.get("/products").await.is(200); // the other goes on alone
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_forty_guests_at_two_servers_one_gets_the_last_piece() {
    let one = Shop::open(Engine::Postgres).await;
    let other = one.beside().await;
    let seller = one.seller().await;
    let ring = seller.puts_on_sale("The last ring", 100, 1).await;
    let guests: Vec<_> = (0..40).map(|number| if number % 2 == 0 { one.guest() } else { other.guest() }).collect();
    let carts = join_all(guests.iter().map(|guest| guest.cart_with(&ring.variant, 1))).await;
    let keys: Vec<_> = guests.iter().map(|_| unique("key")).collect();
    let rush = guests.iter().zip(&carts).zip(&keys).map(|((guest, cart), key)| guest.checks_out(cart, key));
    let (sold, refused): (Vec<_>, Vec<_>) = join_all(rush).await.into_iter().partition(|answer| answer.status == 201);
    for answer in refused {
        answer.problem(409, "insufficient-stock");
    }
    assert_eq!(sold.len(), 1);
    assert_eq!((seller.stock_of(&ring).await, seller.all("/seller/orders").await.len()), (0, 1));
    // Paid at one server, told by the other, and confirmed once although both look for work.
    let order = crate::harness::Placed::from(&sold[0].value());
    other.guest().pays(&order, "succeed").await.is(303);
    let paid = one.guest().wait_until_paid(&order).await;
    let email = paid["email"].as_str().unwrap();
    assert_eq!(one.mails_about(email, "Your order").await, 1);
}
