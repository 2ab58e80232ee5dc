//! Whose things are whose: every operation on a thing, by people whose thing it is not, with the id of a real one.

use crate::harness::pictures::{form, picture};
use crate::harness::{Actor, on_both_databases, unique};
use image::ImageFormat;
use serde_json::{Value, json};

/// Operations on things that everyone may see.
const PUBLIC: [&str; 2] = ["get_product", "get_seller"];
/// What a black box can't make: a passkey needs an authenticator, an identity a provider, a payout a fresh sale. Their ids are made up here;
/// the adapters' own tests show that the finders carry the owner.
const MADE_UP: [&str; 3] = ["/users/me/passkeys/", "/users/me/identities/", "/admin/payouts/"];

/// The things of a shop with one seller and one customer, by where they are.
async fn things(shop: &crate::harness::Shop) -> Vec<(&'static str, String)> {
    let (seller, customer) = (shop.seller().await, shop.customer().await);
    let product = seller.puts_on_sale("Ring", 5_000, 9).await;
    let order = customer.orders(&product.variant, 1).await;
    let cart = customer.cart_with(&product.variant, 1).await;
    let line = customer.get(&format!("/carts/{cart}")).await.json(200)["lines"][0]["id"].as_str().unwrap().to_owned();
    let session = customer.get("/auth/sessions").await.json(200)["data"][0]["id"].as_str().unwrap().to_owned();
    let key = json!({"name": "Till", "scopes": ["orders:read"]});
    let key = customer.post("/users/me/api-keys", &key).await.json(201)["id"].as_str().unwrap().to_owned();
    let picture = picture(9, 9, ImageFormat::Png);
    let picture = seller.uploads(&product.id, "a.png", &picture).await.json(201)["id"].as_str().unwrap().to_owned();
    let card = json!({"value": {"amount": 5_000, "currency": "EUR"}});
    let card =
        shop.admin().await.post("/gift-cards", &card).await.json(201)["data"][0]["id"].as_str().unwrap().to_owned();
    let batch = json!({"value": {"amount": 5_000, "currency": "EUR"}, "quantity": 1});
    let batch =
        shop.admin().await.post("/gift-cards/batches", &batch).await.json(202)["id"].as_str().unwrap().to_owned();
    let category =
        seller.post("/categories", &json!({"name": "Rings"})).await.json(201)["id"].as_str().unwrap().to_owned();
    let material =
        seller.post("/materials", &json!({"name": "Gold"})).await.json(201)["id"].as_str().unwrap().to_owned();
    let webhook = json!({"url": "https://merchant.invalid/", "events": ["order.paid"]});
    let webhook = seller.post("/seller/webhooks", &webhook).await.json(201)["id"].as_str().unwrap().to_owned();
    let test = format!("/api/v1/seller/webhooks/{webhook}/test");
    let delivery = seller.ask("POST", &test, &[], None).await.json(202)["id"].as_str().unwrap().to_owned();
    let payment = order.order["payment"]["id"].as_str().unwrap().to_owned();
    let mut things = vec![
        ("/seller/webhooks/", webhook),
        ("{delivery_id}", delivery),
        ("{image_id}", picture),
        ("/seller/products/", product.id.clone()),
        ("/seller/orders/", order.id.clone()),
        ("/admin/orders/", order.id.clone()),
        ("/orders/", order.id),
        ("/carts/", cart),
        ("{line_id}", line),
        ("/auth/sessions/", session),
        ("/users/me/api-keys/", key),
        ("/admin/users/", customer.id.clone()),
        ("/admin/products/", product.id.clone()),
        ("/admin/categories/", category),
        ("/admin/materials/", material),
        ("/gift-cards/batches/", batch),
        ("/gift-cards/", card),
        ("/payments/", payment.clone()),
        ("/admin/payments/", payment),
    ];
    let address = json!({"name": "A", "line1": "1", "city": "P", "postal_code": "7", "country": "FR"});
    let address = customer.post("/users/me/addresses", &address).await;
    if address.status == 201 {
        things.push(("/users/me/addresses/", address.value()["id"].as_str().unwrap().to_owned()));
    }
    things
}

fn body_of(operation: &str) -> Option<Value> {
    Some(match operation {
        "update_product" => json!({"stock": 1}),
        "update_product_image" => json!({"position": 1}),
        "add_cart_line" => json!({"variant_id": uuid::Uuid::now_v7(), "quantity": 1}),
        "update_cart_line" => json!({"quantity": 1}),
        "check_out" => json!({
            "email": "a@example.com",
            "shipping_address": {"name": "A", "line1": "1", "city": "P", "postal_code": "7", "country": "FR"},
        }),
        "update_user" => json!({"role": "customer"}),
        "decide_gift_card_product" => json!({"gift_card": true}),
        "send_gift_card_again" | "readdress_order_gift" => json!({"recipient_email": "a@example.com"}),
        "update_gift_card_batch" => json!({"disabled": true}),
        "update_webhook" => json!({"enabled": false}),
        "update_gift_card" => json!({"status": "disabled"}),
        "give_seller_refund" | "give_refund" => json!({}),
        "update_category" | "update_material" => json!({"name": "Rings"}),
        "merge_category" | "merge_material" => json!({"into": uuid::Uuid::now_v7()}),
        "rename_passkey" => json!({"name": "Key"}),
        name if name.contains("address") => {
            json!({"name": "A", "line1": "1", "city": "P", "postal_code": "7", "country": "FR"})
        }
        _ => return None,
    })
}

on_both_databases! {
    async fn i15_anothers_things_are_not_there_whatever_one_asks_of_them(shop: Shop) {
        let things = things(&shop).await;
        let strangers: [Actor; 2] = [shop.seller().await, shop.customer().await];
        let document = shop.guest().get("/openapi.json").await.json(200);
        let mut met = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            let path = path.strip_prefix("/api/v1").unwrap();
            for (method, operation) in item.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap();
                if !path.contains("{id}") || PUBLIC.contains(&name) {
                    continue;
                }
                let id = things.iter().find(|(place, _)| path.starts_with(place)).map(|(_, id)| id.clone());
                let made_up = MADE_UP.iter().any(|place| path.starts_with(place));
                let id = id.or_else(|| made_up.then(|| uuid::Uuid::now_v7().to_string()));
                let id = id.unwrap_or_else(|| panic!("{name}: whose is a thing at {path}? Make one in things()"));
                let line = &things.iter().find(|(place, _)| *place == "{line_id}").unwrap().1;
                let delivery = &things.iter().find(|(place, _)| *place == "{delivery_id}").unwrap().1;
                let image = &things.iter().find(|(place, _)| *place == "{image_id}").unwrap().1;
                let path = path.replace("{image_id}", image).replace("{id}", &id).replace("{line_id}", line).replace("{delivery_id}", delivery);
                for stranger in &strangers {
                    let (path, key) = (format!("/api/v1{path}"), unique("key"));
                    let upload = name == "upload_product_image";
                    let media_type = if upload { "multipart/form-data; boundary=line" } else { "application/json" };
                    let headers = [("content-type", media_type), ("idempotency-key", key.as_str())];
                    let body = if upload {
                        Some(form("line", "a.png", &picture(9, 9, ImageFormat::Png), ""))
                    } else {
                        body_of(name).map(|body| body.to_string().into_bytes())
                    };
                    let headers = if body.is_some() { &headers[..] } else { &headers[1..] };
                    let answer = stranger.ask(&method.to_uppercase(), &path, headers, body).await;
                    assert!([403, 404].contains(&answer.status), "{name}: {} {}", answer.status, answer.text());
                    answer.any_problem();
                }
                met += 1;
            }
        }
        assert!(met >= 14, "only {met} operations on things");
    }

    async fn i15_a_key_does_nothing_that_its_scopes_do_not_say_not_even_what_guests_may(shop: Shop) {
        let seller = shop.seller().await;
        let ring = seller.puts_on_sale("Ring", 5_000, 9).await;
        let key_with = async |scope: &str| {
            let made = seller.post("/users/me/api-keys", &json!({"name": scope, "scopes": [scope]})).await.json(201);
            seller.with_token(made["key"].as_str().unwrap())
        };
        let reader = key_with("orders:read").await;
        for (refused, scope) in [
            (reader.post("/carts", &json!({})).await, "orders:write"),
            (reader.get("/seller/products").await, "products:read"),
            (reader.get("/seller/orders").await, "sales:read"),
            (reader.get("/users/me").await, "profile:read"),
            (key_with("sales:read").await.get("/orders").await, "orders:read"),
            (reader.patch(&format!("/seller/products/{}", ring.id), &json!({"stock": 1})).await, "products:write"),
        ] {
            assert_eq!(refused.problem(403, "api-key-scope-missing")["scope"], scope);
        }
        let buyer = key_with("orders:write").await;
        let order = buyer.orders(&ring.variant, 1).await;
        buyer.get(&order.path()).await.problem(403, "api-key-scope-missing");
        assert_eq!(reader.get(&order.path()).await.json(200)["id"], json!(order.id));
        let cancelled = buyer.ask("POST", &format!("/api/v1{}", order.path_to("/cancel")), &[], None).await.json(200);
        assert_eq!(cancelled["status"], "cancelled");
        key_with("products:write").await.sets_stock(&ring, 3).await;
        for refused in [
            buyer.get("/auth/sessions").await,
            buyer.ask("POST", "/api/v1/auth/logout", &[], None).await,
            buyer.get("/admin/users").await,
        ] {
            refused.problem(403, "api-key-not-allowed");
        }
    }
}
