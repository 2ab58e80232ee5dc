//! Checkout: a cart becomes an order once, of what is there, at the price that was shown. Gift cards and balance are in
//! `g04_means`, races in `races`, power cuts in `power_cuts`.

mod g04_means;
mod power_cuts;
mod races;

use crate::harness::selling::euros;
use crate::harness::{Placed, on_both_databases, unique};
use serde_json::{Value, json};

on_both_databases! {
    async fn an_order_of_gift_cards_alone_needs_no_address(shop: Shop) {
        let (seller, customer, admin) = (shop.seller().await, shop.customer().await, shop.admin().await);
        let card = seller.puts_on_sale("Gift card", 5_000, 5).await;
        let ring = seller.puts_on_sale("Ring", 12_999, 5).await;
        admin.patch(&format!("/admin/products/{}", card.id), &json!({"gift_card": true})).await.is(200);
        let line = json!({"variant_id": card.variant, "quantity": 1, "gift": {"recipient_email": "bob@example.com"}});
        let form = json!({"email": customer.email});

        let mixed = customer.empty_cart().await;
        customer.post(&format!("/carts/{mixed}/lines"), &line).await.is(201);
        customer.adds(&mixed, &ring.variant, 1).await.is(201);
        let refused = customer.checks_out_with(&mixed, &unique("key"), &form).await;
        refused.faults(&[("/shipping_address", "required")]);

        let mut with_address = form.clone();
        with_address["shipping_address"] = json!({"name": "Ada", "line1": "1 Street", "city": "Paris", "postal_code": "75001", "country": "FR"});
        for form in [form, with_address] {
            let cart = customer.empty_cart().await;
            customer.post(&format!("/carts/{cart}/lines"), &line).await.is(201);
            let placed = customer.checks_out_with(&cart, &unique("key"), &form).await.json(201);
            assert_eq!((&placed["order"]["shipping_address"], &placed["order"]["shipping"]), (&json!(null), &euros(0)));
            let order = Placed::from(&placed);
            customer.pays(&order, "succeed").await.is(303);
            customer.wait_until_paid(&order).await;
            assert_eq!(seller.get(&format!("/seller/orders/{}", order.id)).await.json(200)["shipping_address"], json!(null));
        }
        shop.outbox_is_drained().await;
        assert_eq!(shop.mails_about(&customer.email, "Your order").await, 2);
    }

    async fn an_order_says_what_was_bought_and_how_to_pay(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 12_999, 5).await;
        let cart = customer.cart_with(&ring.variant, 2).await;
        let answer = customer.checks_out(&cart, &unique("key")).await.json(201);
        let (order, payment) = (&answer["order"], &answer["payment"]);
        let address = json!({
            "name": "Ada Lovelace", "line1": "1 rue de la Paix", "line2": null, "city": "Paris", "postal_code": "75002",
            "region": null, "country": "FR",
        });
        let line = json!({
            "id": order["lines"][0]["id"], "product_id": ring.id, "variant_id": ring.variant,
            "sku": ring.product["variants"][0]["sku"], "title": "Ring", "options": {}, "quantity": 2,
            "unit_price": euros(12_999), "total": euros(25_998), "seller": {"id": seller.id, "shop_name": "Maison Ada"},
            "category": null, "materials": [], "image": null, "gift": null,
        });
        let expected = json!({
            "id": order["id"], "number": order["number"], "status": "pending_payment", "email": customer.email, "lines": [line],
            "subtotal": euros(25_998), "discount": euros(0), "shipping": euros(0), "tax": euros(0), "total": euros(25_998),
            "refunded": euros(0), "paid_by": [], "shipping_address": address, "created_at": order["created_at"],
            "timeline": [{"kind": "placed", "at": order["created_at"], "amount": null}],
            "payment": {"id": payment["id"], "status": "pending", "redirect_url": payment["redirect_url"]},
        });
        assert_eq!(order, &expected);
        assert_eq!(payment["status"], "pending");
        let page = payment["redirect_url"].as_str().unwrap();
        assert!(page.starts_with(&format!("{}/sandbox/pay/", shop.origin())), "{page}");
        assert_eq!(&customer.order(&Placed::from(&answer)).await, order);
        assert_eq!(seller.stock_of(&ring).await, 3);
    }

    async fn a_checkout_needs_a_key(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let cart = guest.cart_with(&ring.variant, 1).await;
        let path = format!("/carts/{cart}/checkout");
        guest.post(&path, &guest.checkout_form()).await.problem(400, "idempotency-key-required");
        for key in ["", "with space", &"k".repeat(256)] {
            guest.checks_out(&cart, key).await.problem(400, "idempotency-key-invalid");
        }
        assert_eq!(seller.stock_of(&ring).await, 5);
        guest.checks_out(&cart, &"k".repeat(255)).await.json(201);
    }

    async fn nothing_is_bought_with_an_empty_cart_or_with_none(shop: Shop) {
        let guest = shop.guest();
        let empty = guest.empty_cart().await;
        guest.checks_out(&empty, &unique("key")).await.problem(422, "cart-empty");
        for id in ["01900000-0000-7000-8000-000000000000", "nonsense"] {
            guest.checks_out(id, &unique("key")).await.problem(404, "cart-not-found");
        }
    }

    async fn who_is_shown_another_price_is_asked_again(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let cart = guest.cart_with(&ring.variant, 2).await;
        seller.patch(&format!("/seller/products/{}", ring.id), &json!({"price": euros(150)})).await.json(200);
        let mut form = guest.checkout_form();
        form["expected_total"] = euros(200);
        let refused = guest.checks_out_with(&cart, &unique("key"), &form).await.problem(409, "price-changed");
        assert_eq!(refused["total"], euros(300));
        assert_eq!(seller.stock_of(&ring).await, 5);
        form["expected_total"] = euros(300);
        let placed = guest.checks_out_with(&cart, &unique("key"), &form).await.json(201);
        assert_eq!(placed["order"]["total"], euros(300));
    }

    async fn a_price_in_an_order_stays_what_it_was(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        let change = json!({"price": euros(999), "title": "Band", "status": "archived"});
        seller.patch(&format!("/seller/products/{}", ring.id), &change).await.json(200);
        let later = customer.order(&order).await;
        assert_eq!(later["lines"], order.order["lines"]);
        assert_eq!(later["total"], euros(100));
    }

    async fn what_was_sold_meanwhile_is_named_and_nothing_is_reserved(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let (ring, pin) = (seller.puts_on_sale("Ring", 100, 5).await, seller.puts_on_sale("Pin", 10, 5).await);
        let gone = seller.puts_on_sale("Brooch", 10, 5).await;
        let cart = guest.cart_with(&ring.variant, 2).await;
        guest.adds(&cart, &pin.variant, 4).await.json(201);
        guest.adds(&cart, &gone.variant, 1).await.json(201);
        seller.sets_stock(&pin, 1).await;
        seller.patch(&format!("/seller/products/{}", gone.id), &json!({"status": "archived"})).await.json(200);
        let refused = guest.checks_out(&cart, &unique("key")).await.problem(409, "insufficient-stock");
        let short = |line: &Value| (line["variant_id"].as_str().unwrap().to_owned(), line["requested"].clone(), line["available"].clone());
        let mut lines: Vec<_> = refused["lines"].as_array().unwrap().iter().map(short).collect();
        lines.sort_by_key(|(id, ..)| id.clone());
        let mut expected = vec![(pin.variant.clone(), json!(4), json!(1)), (gone.variant.clone(), json!(1), json!(0))];
        expected.sort_by_key(|(id, ..)| id.clone());
        assert_eq!(lines, expected);
        assert_eq!((seller.stock_of(&ring).await, seller.stock_of(&pin).await), (5, 1));
        assert_eq!(guest.get(&format!("/carts/{cart}")).await.json(200)["status"], "open");
    }

    async fn everything_that_is_wrong_with_a_form_is_told_at_once(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let cart = guest.cart_with(&ring.variant, 1).await;
        let form = json!({
            "email": "nobody", "shipping_address": {"name": " ", "line1": "x", "postal_code": "1", "country": "France", "planet": "Mars"},
        });
        let answer = guest.checks_out_with(&cart, &unique("key"), &form).await;
        answer.faults(&[
            ("/email", "email"),
            ("/shipping_address/name", "required"),
            ("/shipping_address/city", "required"),
            ("/shipping_address/country", "country"),
            ("/shipping_address/planet", "unknown-field"),
        ]);
        assert_eq!(seller.stock_of(&ring).await, 5);
    }

    async fn nobody_is_sent_to_a_stranger_after_paying(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let cart = guest.cart_with(&ring.variant, 1).await;
        for place in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http://127.0.0.1:1/"] {
            for field in ["success_url", "cancel_url"] {
                let mut form = guest.checkout_form();
                form[field] = json!(place);
                let problem = guest.checks_out_with(&cart, &unique("key"), &form).await.problem(422, "validation-failed");
                assert_eq!(problem["errors"][0]["pointer"], format!("/{field}"), "{place}");
            }
        }
    }

    async fn the_places_to_come_back_to_are_filled_in(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        for (outcome, place) in [("succeed", "thanks"), ("decline", "cart"), ("cancel", "cart")] {
            let cart = guest.cart_with(&ring.variant, 1).await;
            let mut form = guest.checkout_form();
            form["success_url"] = json!("/thanks?order={ORDER_ID}&token={ACCESS_TOKEN}");
            form["cancel_url"] = json!(format!("{}/cart?order={{ORDER_ID}}", shop.origin()));
            let order = Placed::from(&guest.checks_out_with(&cart, &unique("key"), &form).await.json(201));
            let back = guest.pays(&order, outcome).await.is(303);
            let (id, token) = (&order.id, order.token.as_ref().unwrap());
            let expected = match place {
                "thanks" => format!("{}/thanks?order={id}&token={token}", shop.origin()),
                _ => format!("{}/cart?order={id}", shop.origin()),
            };
            assert_eq!(back.header("location"), Some(expected.as_str()), "{outcome}");
        }
    }

    async fn who_has_an_account_proves_their_address_before_paying(shop: Shop) {
        let seller = shop.seller().await;
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let newcomer = shop.newcomer(json!({})).await;
        let cart = newcomer.cart_with(&ring.variant, 1).await;
        let key = unique("key");
        newcomer.checks_out(&cart, &key).await.problem(403, "email-not-verified");
        assert_eq!(seller.stock_of(&ring).await, 5);
        let proof = json!({"email": newcomer.email, "code": shop.code_of(&newcomer.email).await});
        newcomer.post("/auth/verify-email", &proof).await.json(200);
        newcomer.checks_out(&cart, &unique("key")).await.json(201);
    }

    async fn the_largest_order_is_counted_to_the_cent(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let (dearest, many) = (50_000_000_000_i64, 999);
        let cart = guest.empty_cart().await;
        for number in 0..3 {
            let crown = seller.puts_on_sale(&format!("Crown {number}"), dearest, 1_000_000).await;
            guest.adds(&cart, &crown.variant, many).await.json(201);
            guest.adds(&cart, &crown.variant, 1).await.problem(422, "cart-too-large");
        }
        let total = dearest * i64::from(many) * 3;
        let order = Placed::from(&guest.checks_out(&cart, &unique("key")).await.json(201));
        assert_eq!(order.order["total"], euros(total));
        guest.pays(&order, "succeed").await.is(303);
        assert_eq!(guest.wait_until_paid(&order).await["paid_by"][0]["amount"], euros(total));
    }

    async fn the_page_to_pay_at_is_the_shops_whatever_the_host_header_says(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let cart = guest.cart_with(&ring.variant, 1).await;
        let key = unique("key");
        let headers = [("host", "evil.example"), ("x-forwarded-host", "evil.example"), ("idempotency-key", key.as_str())];
        let answer = guest.json("POST", &format!("/carts/{cart}/checkout"), &headers, &guest.checkout_form()).await;
        let text = answer.is(201).text();
        assert!(!text.contains("evil.example"), "{text}");
        let order = Placed::from(&serde_json::from_str(&text).unwrap());
        assert!(order.pay_at.starts_with(&shop.origin()), "{}", order.pay_at);
        let back = guest.pays(&order, "succeed").await.is(303);
        assert!(back.header("location").unwrap().starts_with(&format!("{}/", shop.origin())));
    }
}
