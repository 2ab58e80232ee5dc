//! Carts: filling them, what they refuse, and whose they are.

use crate::harness::selling::euros;
use crate::harness::{on_both_databases, unique};
use serde_json::{Value, json};

const ANY_ID: &str = "01900000-0000-7000-8000-000000000000";

on_both_databases! {
    async fn a_cart_shows_its_lines_with_prices_of_now(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 12_999, 5).await;
        let cart = guest.post("/carts", &json!({})).await.json(201);
        let id = cart["id"].as_str().unwrap().to_owned();
        let empty = json!({
            "id": id, "status": "open", "order_id": null, "currency": "EUR", "lines": [], "subtotal": euros(0), "total": euros(0),
            "created_at": cart["created_at"], "updated_at": cart["updated_at"],
        });
        assert_eq!(cart, empty);
        let filled = guest.adds(&id, &ring.variant, 2).await.json(201);
        let line = json!({
            "id": filled["lines"][0]["id"], "product_id": ring.id, "product_slug": ring.product["slug"],
            "variant_id": ring.variant, "sku": ring.product["variants"][0]["sku"], "title": "Ring", "options": {},
            "image": null, "seller": {"id": seller.id, "shop_name": "Maison Ada"}, "quantity": 2,
            "unit_price": euros(12_999), "total": euros(25_998), "stock": 5, "available": true, "gift": null,
        });
        assert_eq!(filled["lines"], json!([line]));
        assert_eq!((&filled["subtotal"], &filled["total"]), (&euros(25_998), &euros(25_998)));
        seller.patch(&format!("/seller/products/{}", ring.id), &json!({"price": euros(100), "stock": 1})).await.json(200);
        let later = guest.get(&format!("/carts/{id}")).await.json(200);
        let line = &later["lines"][0];
        assert_eq!((&line["unit_price"], &line["stock"], &line["available"]), (&euros(100), &json!(1), &json!(false)));
        assert_eq!(later["total"], euros(200));
    }

    async fn lines_grow_change_and_go(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let (ring, pin) = (seller.puts_on_sale("Ring", 100, 9).await, seller.puts_on_sale("Pin", 10, 9).await);
        let id = guest.cart_with(&ring.variant, 2).await;
        let cart = guest.adds(&id, &ring.variant, 3).await.json(201);
        let quantities = |cart: &Value| -> Vec<u64> {
            cart["lines"].as_array().unwrap().iter().map(|line| line["quantity"].as_u64().unwrap()).collect()
        };
        assert_eq!(quantities(&cart), [5]);
        let cart = guest.adds(&id, &pin.variant, 1).await.json(201);
        assert_eq!(quantities(&cart), [5, 1]);
        let line = |number: usize| format!("/carts/{id}/lines/{}", cart["lines"][number]["id"].as_str().unwrap());
        let changed = guest.patch(&line(0), &json!({"quantity": 1})).await.json(200);
        assert_eq!((quantities(&changed), &changed["total"]), (vec![1, 1], &euros(110)));
        let without = guest.patch(&line(0), &json!({"quantity": 0})).await.json(200);
        assert_eq!(quantities(&without), [1]);
        guest.patch(&line(0), &json!({"quantity": 1})).await.problem(404, "cart-line-not-found");
        let empty = guest.delete(&line(1)).await.json(200);
        assert_eq!((&empty["lines"], &empty["total"]), (&json!([]), &euros(0)));
        guest.delete(&line(1)).await.problem(404, "cart-line-not-found");
        assert_eq!(guest.get(&format!("/carts/{id}")).await.json(200)["lines"], json!([]));
    }

    async fn more_than_there_is_cannot_be_put_in(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 100, 3).await;
        let id = guest.cart_with(&ring.variant, 2).await;
        let line = guest.get(&format!("/carts/{id}")).await.json(200)["lines"][0]["id"].as_str().unwrap().to_owned();
        let refused = guest.adds(&id, &ring.variant, 2).await.problem(409, "insufficient-stock");
        let short = &refused["lines"][0];
        assert_eq!(refused["lines"].as_array().unwrap().len(), 1);
        assert_eq!((&short["variant_id"], &short["title"]), (&json!(ring.variant), &json!("Ring")));
        assert_eq!((&short["requested"], &short["available"]), (&json!(4), &json!(3)));
        let more = json!({"quantity": 4});
        guest.patch(&format!("/carts/{id}/lines/{line}"), &more).await.problem(409, "insufficient-stock");
        assert_eq!(guest.get(&format!("/carts/{id}")).await.json(200)["lines"][0]["quantity"], 2);
        assert_eq!(seller.stock_of(&ring).await, 3); // a cart reserves nothing
    }

    async fn only_what_is_on_sale_and_priced_alike_goes_in(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let yen = seller.offers(json!({"title": "Pin", "price": {"amount": 500, "currency": "JPY"}, "stock": 1})).await;
        let id = guest.empty_cart().await;
        guest.adds(&id, ANY_ID, 1).await.problem(404, "variant-not-found");
        guest.adds(&id, yen["variants"][0]["id"].as_str().unwrap(), 1).await.problem(409, "currency-mismatch");
        let in_yen = guest.post("/carts", &json!({"currency": "JPY"})).await.json(201);
        assert_eq!(in_yen["total"], json!({"amount": 0, "currency": "JPY"}));
        let filled = guest.adds(in_yen["id"].as_str().unwrap(), yen["variants"][0]["id"].as_str().unwrap(), 1).await.json(201);
        assert_eq!(filled["total"], json!({"amount": 500, "currency": "JPY"}));
    }

    async fn a_cart_of_an_account_is_open_to_that_account_alone(shop: Shop) {
        let (seller, customer, other) = (shop.seller().await, shop.customer().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 9).await;
        let id = customer.cart_with(&ring.variant, 1).await;
        for stranger in [&other, &shop.guest()] {
            stranger.get(&format!("/carts/{id}")).await.problem(404, "cart-not-found");
            stranger.adds(&id, &ring.variant, 1).await.problem(404, "cart-not-found");
            stranger.checks_out(&id, &unique("key")).await.problem(404, "cart-not-found");
        }
        let cart = customer.get(&format!("/carts/{id}")).await;
        assert_eq!(cart.header("cache-control"), Some("no-store"));
        assert_eq!(cart.json(200)["lines"][0]["quantity"], 1);
    }

    async fn a_cart_that_was_bought_is_never_changed_again(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 100, 9).await;
        let id = guest.cart_with(&ring.variant, 1).await;
        let order = guest.checks_out(&id, &unique("key")).await.json(201);
        let cart = guest.get(&format!("/carts/{id}")).await.json(200);
        assert_eq!((&cart["status"], &cart["order_id"]), (&json!("checked_out"), &order["order"]["id"]));
        let line = format!("/carts/{id}/lines/{}", cart["lines"][0]["id"].as_str().unwrap());
        guest.adds(&id, &ring.variant, 1).await.problem(409, "cart-checked-out");
        guest.patch(&line, &json!({"quantity": 5})).await.problem(409, "cart-checked-out");
        guest.patch(&line, &json!({"quantity": 0})).await.problem(409, "cart-checked-out");
        guest.delete(&line).await.problem(409, "cart-checked-out");
        let after = guest.get(&format!("/carts/{id}")).await.json(200);
        assert_eq!(after["lines"][0]["quantity"], 1);
    }

    async fn twenty_who_add_at_once_add_twenty(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 100, 50).await;
        let id = guest.empty_cart().await;
        let added = futures_util::future::join_all((0..20).map(|_| guest.adds(&id, &ring.variant, 1))).await;
        assert!(added.iter().all(|answer| answer.status == 201), "{:?}", added.iter().map(|a| a.status).collect::<Vec<_>>());
        let cart = guest.get(&format!("/carts/{id}")).await.json(200);
        let lines = cart["lines"].as_array().unwrap();
        assert_eq!((lines.len(), &lines[0]["quantity"]), (1, &json!(20)));
    }
}
