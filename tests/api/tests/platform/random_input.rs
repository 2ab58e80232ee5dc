//! Good requests with one thing in them replaced at random. Whatever comes of it, it is an answer and no failure.

use crate::harness::selling::euros;
use crate::harness::{Actor, on_both_databases, unique};
use serde_json::{Map, Value, json};
use testkit::Dice;

const REQUESTS: usize = 400;

/// What stands in for what was there.
fn nasty(dice: &mut Dice) -> Value {
    let all = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!(-0.0),
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("\u{feff}\u{202e}\u{200d}"),
        json!("💍".repeat(70)),
        json!("x".repeat(10_000)),
        json!("'; DROP TABLE users; --"),
        json!("{{7*7}}${7*7}<%= 7*7 %>"),
        json!("../../../etc/passwd"),
        json!("2026-02-30T25:61:61Z"),
        json!([]),
        json!({}),
        json!([null]),
        json!({"": {"": []}}),
        json!({"$gt": ""}),
        json!("01900000-0000-7000-8000-000000000000"),
    ];
    all[dice.index(all.len())].clone()
}

/// Replaces, drops or adds one thing somewhere in a value.
fn spoil(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Object(members) if !members.is_empty() && dice.index(4) > 0 => {
            let name = members.keys().nth(dice.index(members.len())).unwrap().clone();
            match dice.index(6) {
                0 => drop(members.remove(&name)),
                1 => drop(members.insert(unique("odd"), nasty(dice))),
                _ => spoil(members.get_mut(&name).unwrap(), dice),
            }
        }
        Value::Array(values) if !values.is_empty() && dice.index(4) > 0 => {
            let place = dice.index(values.len());
            spoil(&mut values[place], dice);
        }
        other => *other = nasty(dice),
    }
}

/// Good requests of every kind: method, path, body.
async fn good_requests(seller: &Actor, guest: &Actor) -> Vec<(&'static str, String, Value)> {
    let ring = seller.puts_on_sale("Ring", 100, 1000).await;
    let cart = guest.cart_with(&ring.variant, 1).await;
    let line = guest.get(&format!("/carts/{cart}")).await.json(200)["lines"][0]["id"].as_str().unwrap().to_owned();
    let mut form = guest.checkout_form();
    let more: Map<String, Value> =
        json!({"expected_total": euros(100), "success_url": "/thanks", "cancel_url": "/cart"})
            .as_object()
            .unwrap()
            .clone();
    form.as_object_mut().unwrap().extend(more);
    let product = json!({
        "title": "Pin", "price": euros(100), "compare_at_price": euros(200), "description": "<p>Fine</p>", "materials": ["gold"],
        "category": "pins", "status": "draft", "variants": [{"sku": "P-1", "options": {"Size": "1"}, "price": euros(5), "stock": 1}],
    });
    let change = json!({
        "title": "Band", "price": euros(100), "materials": [], "category": null, "compare_at_price": null, "stock": 5,
        "variants": [{"id": ring.variant, "sku": "R-1", "stock": 7, "price": euros(9)}], "status": "active",
    });
    let person = json!({"email": "ada@example.com", "password": "Corr3ct-horse!", "name": "Ada", "role": "seller", "shop_name": "A"});
    vec![
        ("POST", "/auth/register".to_owned(), person),
        ("POST", "/auth/login".to_owned(), json!({"email": "ada@example.com", "password": "Corr3ct-horse!"})),
        ("POST", "/auth/verify-email".to_owned(), json!({"email": "ada@example.com", "code": "123456"})),
        ("POST", "/carts".to_owned(), json!({"currency": "EUR"})),
        ("POST", format!("/carts/{cart}/lines"), json!({"variant_id": ring.variant, "quantity": 1})),
        ("PATCH", format!("/carts/{cart}/lines/{line}"), json!({"quantity": 2})),
        ("POST", format!("/carts/{cart}/checkout"), form),
        ("POST", "/seller/products".to_owned(), product),
        ("PATCH", format!("/seller/products/{}", ring.id), change),
    ]
}

on_both_databases! {
    async fn no_spoilt_request_makes_the_shop_fail(shop: Shop) {
        let (mut dice, seed) = Dice::shaken();
        let (seller, guest) = (shop.seller().await, shop.guest());
        let requests = good_requests(&seller, &guest).await;
        for number in 0..REQUESTS {
            let (method, path, good) = &requests[dice.index(requests.len())];
            let mut body = good.clone();
            for _ in 0..=dice.index(2) {
                spoil(&mut body, &mut dice);
            }
            let actor = if path.starts_with("/seller") { &seller } else { &guest };
            let answer = actor.json(method, path, &[("idempotency-key", &unique("key"))], &body).await;
            let told = format!("seed {seed}, request {number}: {method} {path} {body:.2000}: {}", answer.text());
            assert!(answer.status < 500, "{told}");
            if answer.status >= 400 {
                answer.any_problem();
            }
        }
        guest.page("/health/ready").await.is(200);
        guest.get("/products").await.is(200);
    }
}
