//! Twenty times the same request at the same moment: one execution, and nobody is told anything else.

use super::{Cases, Keyed, repeats};
use crate::harness::shop::PASSWORD;
use crate::harness::{Actor, Answer, Shop, unique};
use futures_util::future::join_all;
use serde_json::json;

const CROWD: usize = 20;

pub async fn hold(shop: &Shop, cases: &mut Cases) {
    let (seller, guest, customer) = (shop.seller().await, shop.guest(), shop.customer().await);
    let ring = seller.puts_on_sale("Ring", 100, 50).await;
    let cart = customer.cart_with(&ring.variant, 1).await;
    let filling = customer.cart_with(&ring.variant, 1).await;
    let email = format!("{}@example.com", unique("crowd"));
    let product = json!({"title": unique("Pin"), "price": {"amount": 5, "currency": "EUR"}, "stock": 1});
    let requests = [
        (&customer, "/carts".to_owned(), json!({})),
        (&customer, format!("/carts/{filling}/lines"), json!({"variant_id": ring.variant, "quantity": 1})),
        (&customer, format!("/carts/{cart}/checkout"), customer.checkout_form()),
        (&guest, "/auth/register".to_owned(), json!({"email": email, "password": PASSWORD})),
        (&seller, "/seller/products".to_owned(), product),
    ];
    for (actor, path, body) in requests {
        one_of_a_crowd_runs(actor, &Keyed::fresh("POST", &path, &body)).await;
        cases.holds(format!("of {CROWD} at once one runs: {path}"));
    }
    assert_eq!(seller.stock_of(&ring).await, 49, "sold once");
    let lines = customer.get(&format!("/carts/{filling}")).await.json(200)["lines"].clone();
    assert_eq!(lines[0]["quantity"], 2, "added once");
    assert_eq!(seller.all("/seller/products").await.len(), 2, "one ring, one pin");
    assert_eq!(customer.all("/orders").await.len(), 1);
    cases.holds("and everything is there once");

    let busy = join_all((0..CROWD).map(|_| async { Keyed::fresh("POST", "/carts", &json!({})).by(&customer).await }));
    let bodies: std::collections::HashSet<_> = busy.await.into_iter().map(|answer| answer.is(201).body).collect();
    assert_eq!(bodies.len(), CROWD);
    cases.holds("keys of their own do not stand in each other's way");
}

async fn one_of_a_crowd_runs(actor: &Actor, request: &Keyed) {
    let answers = join_all((0..CROWD).map(|_| request.by(actor))).await;
    let (waiting, answered): (Vec<Answer>, Vec<Answer>) = answers.into_iter().partition(|answer| answer.status == 409);
    for answer in waiting {
        assert!(answer.header("retry-after").is_some());
        answer.problem(409, "idempotency-key-in-use");
    }
    let (first, again): (Vec<_>, Vec<_>) =
        answered.iter().partition(|answer| answer.header("idempotent-replayed").is_none());
    assert_eq!(first.len(), 1, "one execution");
    first[0].clone().is(201);
    again.iter().for_each(|answer| repeats(answer, first[0]));
    repeats(&request.by(actor).await, first[0]);
}
