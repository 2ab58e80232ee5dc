//! Which refusals are answers of an execution, and kept, and which are not.

use super::{Cases, Keyed, is_first, repeats};
use crate::harness::shop::PASSWORD;
use crate::harness::{Shop, unique};
use serde_json::{Value, json};

pub async fn hold(shop: &Shop, cases: &mut Cases) {
    what_did_not_run_is_not_kept(shop, cases).await;
    what_ran_is_kept(shop, cases).await;
    failures_of_ours_are_not_kept(shop, cases).await;
}

async fn what_did_not_run_is_not_kept(shop: &Shop, cases: &mut Cases) {
    let guest = shop.guest();
    let good = Keyed::fresh("POST", "/carts", &json!({"currency": "EUR"}));
    let bodies: [(&[u8], u16); 5] =
        [(br#"{"currency": "nope"}"#, 422), (br#"{"more": 1}"#, 422), (b"{", 400), (b"[]", 422), (b"\xff", 400)];
    for (bad, status) in bodies {
        let request = Keyed { body: bad.to_vec(), ..good.clone() };
        is_first(request.by(&guest).await.is(status)).any_problem();
        cases.holds(format!("a {status} for {} is not kept", String::from_utf8_lossy(bad)));
    }
    let headers = [("content-type", "text/plain"), ("idempotency-key", good.key.as_str())];
    guest.ask("POST", "/api/v1/carts", &headers, Some(good.body.clone())).await.problem(415, "unsupported-media-type");
    cases.holds("a wrong media type is not kept");
    is_first(good.by(&guest).await.is(201));
    cases.holds("after all of them the key is free");

    let newcomer = shop.newcomer(json!({"role": "seller", "shop_name": "A"})).await;
    let product = json!({"title": "Pin", "price": {"amount": 5, "currency": "EUR"}, "stock": 1});
    let offer = Keyed::fresh("POST", "/seller/products", &product);
    is_first(offer.by(&newcomer).await).problem(403, "email-not-verified");
    let proof = json!({"email": newcomer.email, "code": shop.code_of(&newcomer.email).await});
    newcomer.post("/auth/verify-email", &proof).await.json(200);
    let first = is_first(offer.by(&newcomer).await.is(201));
    repeats(&offer.by(&newcomer).await, &first);
    cases.holds("who may not yet, and then may, is not held to the first answer");

    let wrong = Keyed::fresh("POST", "/auth/login", &json!({"email": newcomer.email, "password": "Wr0ng-horse!"}));
    for _ in 0..2 {
        is_first(wrong.by(&guest).await).problem(401, "invalid-credentials");
    }
    let right = json!({"email": newcomer.email, "password": PASSWORD}).to_string().into_bytes();
    is_first(Keyed { body: right, ..wrong.clone() }.by(&guest).await.is(200));
    cases.holds("a failed login is not kept, and its key is free");

    let signed_out = Keyed::fresh("POST", "/auth/logout", &Value::Null);
    for _ in 0..2 {
        is_first(signed_out.by(&guest).await).problem(401, "unauthorized");
    }
    cases.holds("who is not signed in is told so each time");
    is_first(signed_out.by(&guest.with_token("a.b.c")).await).problem(401, "token-invalid");
    cases.holds("and so is who has no good token");
    is_first(signed_out.by(&newcomer).await.is(200));
    is_first(signed_out.by(&newcomer).await).problem(401, "token-revoked");
    cases.holds("a logout ends the token that would ask for its answer");
}

async fn what_ran_is_kept(shop: &Shop, cases: &mut Cases) {
    let (seller, guest) = (shop.seller().await, shop.guest());
    let ring = seller.puts_on_sale("Ring", 100, 1).await;
    let nowhere = "/carts/01900000-0000-7000-8000-000000000000/lines";
    let lost = Keyed::fresh("POST", nowhere, &json!({"variant_id": ring.variant, "quantity": 1}));
    let first = is_first(lost.by(&guest).await.is(404));
    repeats(&lost.by(&guest).await, &first);
    assert_eq!(first.header("content-type"), Some("application/problem+json"));
    cases.holds("a cart that there is not");

    let cart = guest.cart_with(&ring.variant, 1).await;
    seller.sets_stock(&ring, 0).await;
    let checkout = Keyed::fresh("POST", &format!("/carts/{cart}/checkout"), &guest.checkout_form());
    let first = is_first(checkout.by(&guest).await.is(409));
    seller.sets_stock(&ring, 5).await;
    repeats(&checkout.by(&guest).await, &first);
    cases.holds("a stock that was too small stays the answer of that try");
    let second = Keyed { key: unique("key"), ..checkout.clone() };
    let bought = is_first(second.by(&guest).await.is(201));
    repeats(&second.by(&guest).await, &bought);
    cases.holds("a new try needs a new key");
    is_first(Keyed { key: unique("key"), ..checkout.clone() }.by(&guest).await).problem(409, "cart-checked-out");
    cases.holds("and a third one finds the cart spent");
    assert_eq!(seller.stock_of(&ring).await, 4, "one piece was sold");
    cases.holds("exactly one piece was sold");

    let email = format!("{}@example.com", unique("twice"));
    let register = Keyed::fresh("POST", "/auth/register", &json!({"email": email, "password": PASSWORD}));
    let first = is_first(register.by(&guest).await.is(201));
    let taken = Keyed { key: unique("key"), ..register.clone() };
    let refused = is_first(taken.by(&guest).await.is(409));
    repeats(&taken.by(&guest).await, &refused);
    repeats(&register.by(&guest).await, &first);
    cases.holds("an address that was taken, and the account that took it");

    let code = shop.code_of(&email).await;
    let other = if code == "000000" { "000001" } else { "000000" };
    let wrong = Keyed::fresh("POST", "/auth/verify-email", &json!({"email": email, "code": other}));
    let first = is_first(wrong.by(&guest).await.is(422));
    for _ in 0..8 {
        repeats(&wrong.by(&guest).await, &first);
    }
    guest.post("/auth/verify-email", &json!({"email": email, "code": code})).await.json(200);
    cases.holds("a wrong code that is repeated counts as one try");
}

async fn failures_of_ours_are_not_kept(shop: &Shop, cases: &mut Cases) {
    let (guest, database) = (shop.guest(), shop.database().await);
    shop.may_log("a request failed");
    let request = Keyed::fresh("POST", "/carts", &json!({}));
    database.execute("ALTER TABLE carts RENAME TO carts_away").await.unwrap();
    let failed = is_first(request.by(&guest).await);
    database.execute("ALTER TABLE carts_away RENAME TO carts").await.unwrap();
    assert!(failed.status >= 500, "{}", failed.text());
    failed.any_problem();
    let first = is_first(request.by(&guest).await.is(201));
    repeats(&request.by(&guest).await, &first);
    cases.holds("a failure of ours is not kept");
}
