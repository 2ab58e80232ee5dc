//! What is repeated, and what is another request.

use super::{Cases, Keyed, is_first, repeats};
use crate::harness::shop::PASSWORD;
use crate::harness::{Shop, unique};
use serde_json::{Value, json};

pub async fn hold(shop: &Shop, cases: &mut Cases) {
    good_requests_are_repeated(shop, cases).await;
    whatever_differs_is_another_request(shop, cases).await;
    keys_belong_to_their_callers(shop, cases).await;
    keys_of_every_form(shop, cases).await;
    methods_without_keys(shop, cases).await;
    time_and_place(shop, cases).await;
}

/// A good request of every kind that there is: the answer again, whatever it is.
async fn good_requests_are_repeated(shop: &Shop, cases: &mut Cases) {
    let (seller, customer, guest) = (shop.seller().await, shop.customer().await, shop.guest());
    let ring = seller.puts_on_sale("Ring", 12_900, 50).await;
    let cart = customer.cart_with(&ring.variant, 1).await;
    let guests = guest.cart_with(&ring.variant, 1).await;
    let line = customer.get(&format!("/carts/{cart}")).await.json(200)["lines"][0]["id"].as_str().unwrap().to_owned();
    let order = customer.orders(&ring.variant, 1).await;
    let email = format!("{}@example.com", unique("keyed"));
    let product = json!({"title": "Pin", "price": {"amount": 5, "currency": "EUR"}, "stock": 1});
    let variants: Vec<Value> = (0..100).map(|n| json!({"stock": n, "options": {"Size": n.to_string()}})).collect();
    let large = json!({"title": "Large", "description": "<p>x</p>".repeat(2_000), "price": {"amount": 5, "currency": "EUR"}, "variants": variants});
    let requests = [
        (&guest, "POST", "/auth/register".to_owned(), json!({"email": email, "password": PASSWORD}), 201),
        (&guest, "POST", "/auth/resend-verification".to_owned(), json!({"email": email}), 202),
        (&guest, "POST", "/auth/login".to_owned(), json!({"email": email, "password": PASSWORD}), 200),
        (&guest, "POST", "/carts".to_owned(), json!({}), 201),
        (&customer, "POST", format!("/carts/{cart}/lines"), json!({"variant_id": ring.variant, "quantity": 2}), 201),
        (&customer, "PATCH", format!("/carts/{cart}/lines/{line}"), json!({"quantity": 2}), 200),
        (&customer, "POST", format!("/carts/{cart}/checkout"), customer.checkout_form(), 201),
        (&guest, "POST", format!("/carts/{guests}/checkout"), guest.checkout_form(), 201),
        (&customer, "POST", format!("/orders/{}/cancel", order.id), json!(null), 200),
        (&seller, "POST", "/seller/products".to_owned(), product, 201),
        (&seller, "POST", "/seller/products".to_owned(), large, 201),
        (&seller, "PATCH", format!("/seller/products/{}", ring.id), json!({"title": "Band"}), 200),
    ];
    for (actor, method, path, body, status) in requests {
        let request = Keyed::fresh(method, &path, &body);
        let first = is_first(request.by(actor).await.is(status));
        repeats(&request.by(actor).await, &first);
        repeats(&request.by(actor).await, &first);
        cases.holds(format!("{method} {path} is repeated"));
    }
    let in_cart = customer.get(&format!("/carts/{cart}")).await.json(200)["lines"][0]["quantity"].clone();
    assert_eq!(in_cart, 2, "added once and then set; adding again would have made more");
    cases.holds("a repeated request changes nothing");

    let request =
        Keyed::fresh("POST", "/auth/verify-email", &json!({"email": email, "code": shop.code_of(&email).await}));
    let first = is_first(request.by(&guest).await.is(200));
    repeats(&request.by(&guest).await, &first);
    cases.holds("a code that is spent answers the same to the same request");

    let login = Keyed::fresh("POST", "/auth/login", &json!({"email": email, "password": PASSWORD}));
    let (first, again) = (login.by(&guest).await, login.by(&guest).await);
    assert!(first.set_cookie("carat_session").is_some());
    assert_eq!(again.set_cookie("carat_session"), first.set_cookie("carat_session"));
    guest.with_token(again.value()["access_token"].as_str().unwrap()).get("/users/me").await.is(200);
    cases.holds("a login whose answer was lost signs in all the same, with its cookies");

    let narrow = [("accept-encoding", "gzip")];
    let request =
        Keyed::fresh("PATCH", &format!("/seller/products/{}", ring.id), &json!({"description": "x ".repeat(5_000)}));
    let first = request.with(&seller, &narrow).await.is(200);
    let again = request.with(&seller, &narrow).await;
    assert_eq!((again.header("content-encoding"), again.header("idempotent-replayed")), (Some("gzip"), Some("true")));
    assert_eq!(again.body, first.body);
    repeats(&request.by(&seller).await, &request.by(&seller).await.is(200));
    cases.holds("compression is no part of the answer");
}

async fn whatever_differs_is_another_request(shop: &Shop, cases: &mut Cases) {
    let (guest, seller) = (shop.guest(), shop.seller().await);
    let ring = seller.puts_on_sale("Ring", 100, 50).await;
    let cart = guest.empty_cart().await;
    let good = format!(r#"{{"variant_id":"{}","quantity":1}}"#, ring.variant).into_bytes();
    let first = Keyed { body: good.clone(), ..Keyed::fresh("POST", &format!("/carts/{cart}/lines"), &Value::Null) };
    first.by(&guest).await.is(201);
    let line = format!("/carts/{cart}/lines/01900000-0000-7000-8000-000000000000");
    let text = String::from_utf8(good).unwrap();
    let others = [
        ("another value", Keyed { body: text.replace(":1}", ":2}").into_bytes(), ..first.clone() }),
        ("white space", Keyed { body: text.replace(":1", ": 1").into_bytes(), ..first.clone() }),
        (
            "the members in another order",
            Keyed {
                body: format!(r#"{{"quantity":1,"variant_id":"{}"}}"#, ring.variant).into_bytes(),
                ..first.clone()
            },
        ),
        ("no body", Keyed { body: Vec::new(), ..first.clone() }),
        ("another method", Keyed { method: "PATCH", ..first.clone() }),
        ("a third method", Keyed { method: "PUT", ..first.clone() }),
        ("another address", Keyed { path: line, ..first.clone() }),
        ("another operation", Keyed { path: "/carts".to_owned(), ..first.clone() }),
        ("a query", Keyed { path: format!("{}?x=1", first.path), ..first.clone() }),
        ("the address written otherwise", Keyed { path: first.path.replace("lines", "l%69nes"), ..first.clone() }),
    ];
    for (what, other) in others {
        other.by(&guest).await.problem(422, "idempotency-key-reused");
        cases.holds(format!("{what} is another request"));
    }
    repeats(&first.by(&guest).await, &first.by(&guest).await);
    cases.holds("and the first is repeated still");
    let slash = Keyed { path: format!("{}/", first.path), ..first.clone() };
    repeats(&slash.by(&guest).await, &first.by(&guest).await);
    cases.holds("a slash at the end is no other address");
    repeats(&first.with(&guest, &[("accept-language", "fr"), ("x-other", "1")]).await, &first.by(&guest).await);
    cases.holds("other headers are no other request");
    let lines = guest.get(&format!("/carts/{cart}")).await.json(200)["lines"].clone();
    assert_eq!((lines.as_array().map(Vec::len), &lines[0]["quantity"]), (Some(1), &json!(1)));
    cases.holds("none of them was executed");
    let capital = Keyed { key: first.key.to_uppercase(), ..first.clone() };
    is_first(capital.by(&guest).await.is(201));
    cases.holds("a key in capitals is another key");
}

async fn keys_belong_to_their_callers(shop: &Shop, cases: &mut Cases) {
    let (ada, eve, guest) = (shop.customer().await, shop.customer().await, shop.guest());
    let request = Keyed::fresh("POST", "/carts", &json!({}));
    let adas = is_first(request.by(&ada).await.is(201));
    let eves = is_first(request.by(&eve).await.is(201));
    let guests = is_first(request.by(&guest).await.is(201));
    assert!(adas.body != eves.body && adas.body != guests.body);
    cases.holds("another user's key is another key");
    cases.holds("a guest's key is another key");
    repeats(&request.by(&ada).await, &adas);
    repeats(&request.by(&eve).await, &eves);
    cases.holds("each gets their own answer again");
    let login = ada.logs_in(&ada.email, PASSWORD).await;
    let another = ada.with_token(login.value()["access_token"].as_str().unwrap());
    repeats(&request.by(&another).await, &adas);
    cases.holds("a user's sessions share their keys");
    let cookie = format!("carat_session={}", login.set_cookie("carat_session").unwrap().0);
    repeats(&request.with(&ada.without_token(), &[("cookie", &cookie)]).await, &adas);
    cases.holds("with a cookie one is the same caller as with a token");
    let hidden = request.with(&ada.without_token(), &[("cookie", "carat_session=nonsense")]).await;
    repeats(&hidden, &guests);
    cases.holds("who is not signed in any more is a guest");
    let with_refresh = [("cookie", "carat_refresh=one")];
    let first = is_first(request.with(&guest, &with_refresh).await.is(201));
    is_first(request.with(&guest, &[("cookie", "carat_refresh=another")]).await.is(201));
    repeats(&request.with(&guest, &with_refresh).await, &first);
    cases.holds("neighbours with refresh tokens of their own have keys of their own");
}

async fn keys_of_every_form(shop: &Shop, cases: &mut Cases) {
    let guest = shop.guest();
    let with = |key: &str| Keyed { key: key.to_owned(), ..Keyed::fresh("POST", "/carts", &json!({})) };
    let longest = "k".repeat(255);
    for good in ["k", longest.as_str(), "'; DROP TABLE carts;--", "%00%0a", "{\"$ne\":1}", "a:b:c", "~!@#$^&*()_+|"] {
        let request = with(&good.replace(' ', "_"));
        let first = is_first(request.by(&guest).await.is(201));
        repeats(&request.by(&guest).await, &first);
        cases.holds(format!("a good key: {good:.20}"));
    }
    let too_long = "k".repeat(256);
    for bad in ["", " ", "a b", "a\tb", "\u{e9}", "ключ", too_long.as_str()] {
        with(bad).by(&guest).await.problem(400, "idempotency-key-invalid");
        cases.holds(format!("a malformed key: {bad:?}").chars().take(40).collect::<String>());
    }
    with("a").with(&guest, &[("idempotency-key", "b")]).await.problem(400, "idempotency-key-invalid");
    cases.holds("two keys are none");
    let cart = guest.empty_cart().await;
    let unkeyed = guest.post(&format!("/carts/{cart}/checkout"), &guest.checkout_form()).await;
    unkeyed.problem(400, "idempotency-key-required");
    cases.holds("a checkout needs a key");
    assert_ne!(guest.post("/carts", &json!({})).await.body, guest.post("/carts", &json!({})).await.body);
    cases.holds("without a key each request is executed");
}

async fn methods_without_keys(shop: &Shop, cases: &mut Cases) {
    let (guest, seller) = (shop.guest(), shop.seller().await);
    let ring = seller.puts_on_sale("Ring", 100, 5).await;
    for method in ["GET", "HEAD"] {
        for _ in 0..2 {
            let read = Keyed { body: Vec::new(), ..Keyed::fresh(method, "/products", &Value::Null) };
            is_first(Keyed { key: "same".to_owned(), ..read }.by(&guest).await.is(200));
        }
        cases.holds(format!("{method} has no keys"));
    }
    let cart = guest.cart_with(&ring.variant, 1).await;
    let line = guest.get(&format!("/carts/{cart}")).await.json(200)["lines"][0]["id"].as_str().unwrap().to_owned();
    let delete =
        Keyed { body: Vec::new(), ..Keyed::fresh("DELETE", &format!("/carts/{cart}/lines/{line}"), &Value::Null) };
    is_first(delete.by(&guest).await.is(200));
    is_first(delete.by(&guest).await.is(404));
    cases.holds("DELETE has no keys: it is the same the second time by itself");
    let webhook = Keyed::fresh("POST", "/webhooks/sandbox", &json!({}));
    for _ in 0..2 {
        is_first(webhook.by(&guest).await).problem(400, "webhook-signature-invalid");
    }
    cases.holds("a webhook has the id of its event instead");
}

async fn time_and_place(shop: &Shop, cases: &mut Cases) {
    let customer = shop.customer().await;
    let request = Keyed::fresh("POST", "/carts", &json!({}));
    let first = is_first(request.by(&customer).await.is(201));
    let beside = shop.beside().await;
    repeats(&request.by(&beside.same(&customer)).await, &first);
    drop(beside);
    cases.holds("another copy of the server repeats it");
    shop.restart().await;
    repeats(&request.by(&customer).await, &first);
    cases.holds("a restarted server repeats it");
    let database = shop.database().await;
    let age =
        |moment: &str| format!("UPDATE idempotency_keys SET claimed_at = '{moment}' WHERE key = '{}'", request.key);
    database.execute(&age("2020-01-01T00:00:00+00:00")).await.unwrap();
    let later = is_first(request.by(&customer).await.is(201));
    assert_ne!(later.body, first.body);
    cases.holds("after its time a key is as if it had never been used");
    let body = json!({"currency": "USD"}).to_string().into_bytes();
    database.execute(&age("2020-01-01T00:00:00+00:00")).await.unwrap();
    is_first(Keyed { body, ..request.clone() }.by(&customer).await.is(201));
    cases.holds("and may stand for another request");
}
