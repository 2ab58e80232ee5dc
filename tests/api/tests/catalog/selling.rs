//! What sellers do to the catalogue: offering, changing, taking off; and that each only touches their own.

use crate::harness::selling::euros;
use crate::harness::{on_both_databases, unique};
use serde_json::{Value, json};

on_both_databases! {
    async fn a_product_can_have_variants_with_prices_of_their_own(shop: Shop) {
        let seller = shop.seller().await;
        let product = seller.offers(json!({
            "title": "Ring", "price": euros(10_000), "compare_at_price": euros(12_000),
            "variants": [
                {"sku": "R-50", "options": {"Size": "50", "Metal": "Gold"}, "stock": 2},
                {"sku": "R-60", "options": {"Size": "60", "Metal": "Gold"}, "price": euros(9_000), "stock": 0},
            ],
        })).await;
        let short = |variant: &Value| json!([variant["sku"], variant["options"], variant["price"], variant["stock"]]);
        let mut variants: Vec<_> = product["variants"].as_array().unwrap().iter().map(short).collect();
        variants.sort_by_key(ToString::to_string);
        let expected = [
            json!(["R-50", {"Size": "50", "Metal": "Gold"}, euros(10_000), 2]),
            json!(["R-60", {"Size": "60", "Metal": "Gold"}, euros(9_000), 0]),
        ];
        assert_eq!(variants, expected);
        assert_eq!((&product["in_stock"], &product["compare_at_price"]), (&json!(true), &euros(12_000)));
    }

    async fn money_keeps_its_currency_whatever_its_decimals(shop: Shop) {
        let seller = shop.seller().await;
        for (amount, currency) in [(5_000, "JPY"), (1_234_567, "KWD"), (1, "EUR")] {
            let price = json!({"amount": amount, "currency": currency});
            let product = seller.offers(json!({"title": "Pin", "price": price, "stock": 1})).await;
            assert_eq!(product["price"], price);
        }
    }

    async fn a_draft_is_seen_by_its_seller_alone(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let draft = seller.offers(json!({"title": "Ring", "price": euros(100), "stock": 1, "status": "draft"})).await;
        let (id, variant) = (draft["id"].as_str().unwrap(), draft["variants"][0]["id"].as_str().unwrap());
        guest.get(&format!("/products/{id}")).await.problem(404, "product-not-found");
        assert_eq!(guest.get("/products").await.json(200)["data"], json!([]));
        guest.adds(&guest.empty_cart().await, variant, 1).await.problem(404, "variant-not-found");
        assert_eq!(seller.get(&format!("/seller/products/{id}")).await.json(200)["status"], "draft");
        for (query, found) in [("", 1), ("?status=draft", 1), ("?status=active", 0), ("?q=ring", 1), ("?q=pin", 0)] {
            let list = seller.get(&format!("/seller/products{query}")).await.json(200);
            assert_eq!(list["data"].as_array().unwrap().len(), found, "{query}");
        }
        seller.patch(&format!("/seller/products/{id}"), &json!({"status": "active"})).await.json(200);
        guest.get(&format!("/products/{id}")).await.json(200);
        seller.patch(&format!("/seller/products/{id}"), &json!({"status": "archived"})).await.json(200);
        guest.get(&format!("/products/{id}")).await.problem(404, "product-not-found");
    }

    async fn a_change_changes_what_it_names_and_nothing_else(shop: Shop) {
        let seller = shop.seller().await;
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let path = format!("/seller/products/{}", ring.id);
        let change = json!({"title": "Band", "price": euros(250), "compare_at_price": euros(300), "stock": 7});
        let changed = seller.patch(&path, &change).await.json(200);
        let mut expected = ring.product.clone();
        expected["title"] = json!("Band");
        expected["price"] = euros(250);
        expected["compare_at_price"] = euros(300);
        expected["variants"][0]["price"] = euros(250);
        expected["variants"][0]["stock"] = json!(7);
        expected["updated_at"] = changed["updated_at"].clone();
        assert_eq!(changed, expected);
        let cleared = seller.patch(&path, &json!({"compare_at_price": null})).await.json(200);
        assert_eq!(cleared["compare_at_price"], Value::Null);
        let one = json!({"variants": [{"id": ring.variant, "price": euros(260), "stock": 1, "sku": "BAND"}]});
        let changed = seller.patch(&path, &one).await.json(200);
        let variant = &changed["variants"][0];
        assert_eq!((&variant["price"], &variant["stock"], &variant["sku"]), (&euros(260), &json!(1), &json!("BAND")));
    }

    async fn an_address_stays_good_when_the_slug_changes(shop: Shop) {
        let (seller, other, guest) = (shop.seller().await, shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Opal Ring", 100, 5).await;
        let path = format!("/seller/products/{}", ring.id);
        let first = ring.product["slug"].as_str().unwrap().to_owned();
        let renamed = seller.patch(&path, &json!({"title": "Fire Opal"})).await.json(200);
        assert_eq!(renamed["slug"], json!(first), "a title alone changes no address");
        let moved = seller.patch(&path, &json!({"slug": null})).await.json(200);
        assert_eq!(moved["slug"], "fire-opal");
        let moved = seller.patch(&path, &json!({"slug": "opal-of-fire"})).await.json(200);
        assert_eq!(moved["slug"], "opal-of-fire");
        for old in [first.as_str(), "fire-opal"] {
            let answer = guest.page(&format!("/api/v1/products/{old}")).await.is(308);
            assert_eq!(answer.header("location"), Some("/api/v1/products/opal-of-fire"), "{old}");
            assert!(answer.header("cache-control").unwrap_or_default().contains("max-age="));
        }
        assert_eq!(guest.get("/products/opal-of-fire").await.json(200), moved);
        assert_eq!(guest.get(&format!("/products/{}", ring.id)).await.json(200), moved);

        let twin = other.puts_on_sale("Fire Opal", 100, 5).await;
        assert_ne!(twin.product["slug"], "fire-opal", "an old address is given to nobody else");
        let twin = format!("/seller/products/{}", twin.id);
        other.patch(&twin, &json!({"slug": "fire-opal"})).await.problem(409, "slug-taken");
        other.patch(&twin, &json!({"slug": "Not A Slug"})).await.problem(422, "validation-failed");
        seller.patch(&path, &json!({"slug": first})).await.json(200);
        let answer = guest.page("/api/v1/products/opal-of-fire").await.is(308);
        assert_eq!(answer.header("location"), Some(format!("/api/v1/products/{first}").as_str()));
        seller.patch(&path, &json!({"status": "archived"})).await.json(200);
        guest.get("/products/opal-of-fire").await.problem(404, "product-not-found");
    }

    async fn variants_are_added_changed_and_taken_off(shop: Shop) {
        let seller = shop.seller().await;
        let size = |size: &str, stock: u32| json!({"options": {"Size": size, "Metal": "Gold"}, "stock": stock, "sku": format!("R-{size}")});
        let product = seller.offers(json!({
            "title": "Ring", "price": euros(10_000), "option_names": ["Size", "Metal"], "variants": [size("50", 2), size("54", 3)],
        })).await;
        assert_eq!(product["option_names"], json!(["Size", "Metal"]));
        let path = format!("/seller/products/{}", product["id"].as_str().unwrap());
        let text = seller.get(&path).await.text().clone();
        assert!(text.contains(r#""options":{"Size":"50","Metal":"Gold"}"#), "options have an order: {text}");
        let [small, large] = [0, 1].map(|at| product["variants"][at]["id"].clone());
        let cart = shop.guest().cart_with(large.as_str().unwrap(), 1).await;

        let more = json!({"variants": [{"id": small}, size("52", 4), {"id": large, "price": euros(9_000)}]});
        let more = seller.patch(&path, &more).await.json(200);
        let skus = |product: &Value| -> Vec<String> {
            product["variants"].as_array().unwrap().iter().map(|v| v["sku"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!((skus(&more), &more["price"]), (vec!["R-50".into(), "R-52".into(), "R-54".into()], &euros(9_000)));
        let fewer = json!({"remove_variants": [large], "option_names": ["Metal", "Size"], "variants": [size("54", 9)]});
        let fewer = seller.patch(&path, &fewer).await.json(200);
        assert_eq!(skus(&fewer), ["R-50", "R-52", "R-54"], "a number is free when its variant is taken off");
        assert_ne!(fewer["variants"][2]["id"], large);
        let line = shop.guest().get(&format!("/carts/{cart}")).await.json(200)["lines"][0].clone();
        assert_eq!((&line["available"], &line["stock"], &line["title"]), (&json!(false), &json!(0), &json!("Ring")));
        let renamed = json!({"variants": [{"id": small, "options": {"Size": "49", "Metal": "Gold"}}]});
        assert_eq!(seller.patch(&path, &renamed).await.json(200)["variants"][0]["options"]["Size"], "49");

        let all: Vec<_> = fewer["variants"].as_array().unwrap().iter().map(|v| v["id"].clone()).collect();
        for (wrong, pointer) in [
            (json!({"remove_variants": all}), "/variants"),
            (json!({"remove_variants": [large]}), "/variants"),
            (json!({"variants": [size("52", 1)]}), "/variants"),
            (json!({"variants": [{"options": {"Size": "60"}}]}), "/variants/0/stock"),
            (json!({"variants": [{"id": small, "stock": 1, "stock_change": 1}]}), "/variants/0/stock_change"),
            (json!({"variants": [{"id": small, "stock_change": -1000}]}), "/variants"),
            (json!({"option_names": ["Size", "Size"]}), "/option_names"),
        ] {
            let problem = seller.patch(&path, &wrong).await.problem(422, "validation-failed");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{wrong}: {problem}");
        }
    }

    async fn a_sale_between_looking_and_saving_is_not_overwritten(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 5_000, 5).await;
        let path = format!("/seller/products/{}", ring.id);
        customer.orders(&ring.variant, 2).await;
        for stale in [
            json!({"stock": 9, "expected_stock": 5}),
            json!({"title": "Band", "variants": [{"id": ring.variant, "stock": 9, "expected_stock": 5}]}),
        ] {
            let refused = seller.patch(&path, &stale).await.problem(409, "stock-changed");
            assert_eq!((&refused["variants"][0]["id"], &refused["variants"][0]["stock"]), (&json!(ring.variant), &json!(3)));
        }
        assert_eq!(seller.get(&path).await.json(200)["title"], "Ring", "nothing of it is saved");
        let stock = |product: Value| product["variants"][0]["stock"].clone();
        assert_eq!(stock(seller.patch(&path, &json!({"stock_change": 4})).await.json(200)), json!(7));
        assert_eq!(stock(seller.patch(&path, &json!({"stock": 9, "expected_stock": 7})).await.json(200)), json!(9));
        assert_eq!(stock(seller.patch(&path, &json!({"stock": 1})).await.json(200)), json!(1), "without it, as before");
    }

    async fn what_nobody_ordered_is_deleted_and_what_was_ordered_is_archived(shop: Shop) {
        let (seller, customer, guest) = (shop.seller().await, shop.customer().await, shop.guest());
        let draft = seller.offers(json!({"title": "Draft", "price": euros(100), "stock": 1, "status": "draft"})).await;
        let (unsold, sold) = (seller.puts_on_sale("Unsold", 100, 5).await, seller.puts_on_sale("Sold", 5_000, 5).await);
        let path = |id: &str| format!("/seller/products/{id}");
        let cart = guest.cart_with(&unsold.variant, 1).await;
        let order = customer.orders(&sold.variant, 1).await;
        for id in [draft["id"].as_str().unwrap(), &unsold.id] {
            seller.delete(&path(id)).await.is(204);
            seller.get(&path(id)).await.problem(404, "product-not-found");
            seller.delete(&path(id)).await.problem(404, "product-not-found");
        }
        assert_eq!(guest.get(&format!("/carts/{cart}")).await.json(200)["lines"], json!([]));
        let archived = seller.delete(&path(&sold.id)).await.json(200);
        assert_eq!((&archived["status"], &archived["id"]), (&json!("archived"), &json!(sold.id)));
        guest.get(&format!("/products/{}", sold.id)).await.problem(404, "product-not-found");
        assert_eq!(customer.get(&order.path()).await.json(200)["lines"][0]["title"], "Sold");
        shop.seller().await.delete(&path(&sold.id)).await.problem(404, "product-not-found");
    }

    async fn a_description_keeps_only_harmless_html(shop: Shop) {
        let seller = shop.seller().await;
        let description = "<p onclick=\"x()\">Fine <b>gold</b></p><script>alert(1)</script><a href=\"javascript:x()\">a</a>\
            <img src=x onerror=alert(1)><iframe src=\"https://evil.example\"></iframe><style>*{}</style>";
        let product = seller.offers(json!({"title": "<i>Ring</i>", "price": euros(1), "stock": 1, "description": description})).await;
        let kept = product["description"].as_str().unwrap();
        assert!(kept.contains("<p>Fine <b>gold</b></p>"), "{kept}");
        for harmful in ["script", "onclick", "onerror", "javascript:", "iframe", "style"] {
            assert!(!kept.contains(harmful), "{kept}");
        }
        assert_eq!(product["title"], "<i>Ring</i>"); // plain text, and sent as such
    }

    async fn another_sellers_product_is_not_there(shop: Shop) {
        let (seller, other) = (shop.seller().await, shop.seller().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let path = format!("/seller/products/{}", ring.id);
        other.get(&path).await.problem(404, "product-not-found");
        other.patch(&path, &json!({"price": euros(1), "stock": 0})).await.problem(404, "product-not-found");
        let own = other.puts_on_sale("Pin", 100, 1).await;
        let foreign = json!({"variants": [{"id": ring.variant, "stock": 0}]});
        let refused = other.patch(&format!("/seller/products/{}", own.id), &foreign).await;
        assert!((400..500).contains(&refused.status), "{}", refused.text());
        assert_eq!(other.get("/seller/products").await.json(200)["data"].as_array().unwrap().len(), 1);
        assert_eq!(seller.get(&path).await.json(200), ring.product);
    }

    async fn two_variants_of_a_seller_never_share_a_sku(shop: Shop) {
        let (seller, other) = (shop.seller().await, shop.seller().await);
        let ring = || json!({"title": "Ring", "price": euros(100), "stock": 1, "sku": "RING-1"});
        seller.offers(ring()).await;
        seller.post("/seller/products", &ring()).await.problem(409, "sku-taken");
        other.offers(ring()).await;
        assert_eq!(seller.all("/seller/products").await.len(), 1);
    }

    async fn a_product_is_put_on_sale_once_however_often_it_is_sent(shop: Shop) {
        let seller = shop.seller().await;
        let key = unique("key");
        let ring = json!({"title": "Ring", "price": euros(100), "stock": 1});
        let first = seller.json("POST", "/seller/products", &[("idempotency-key", &key)], &ring).await.is(201);
        let again = seller.json("POST", "/seller/products", &[("idempotency-key", &key)], &ring).await.is(201);
        assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), (None, Some("true")));
        assert_eq!(first.body, again.body);
        assert_eq!(seller.all("/seller/products").await.len(), 1);
        // Keys are told apart by caller.
        shop.seller().await.json("POST", "/seller/products", &[("idempotency-key", &key)], &ring).await.is(201);
        // And a refusal of what was sent is not kept.
        let key = unique("key");
        let nameless = json!({"title": "", "price": euros(100), "stock": 1});
        seller.json("POST", "/seller/products", &[("idempotency-key", &key)], &nameless).await.problem(422, "validation-failed");
        seller.json("POST", "/seller/products", &[("idempotency-key", &key)], &ring).await.is(201);
    }

    async fn categories_and_materials_are_lists(shop: Shop) {
        let guest = shop.guest();
        for path in ["/categories", "/materials"] {
            let list = guest.get(path).await.json(200);
            assert!(list["data"].is_array() && list["next_cursor"].is_null(), "{list}");
        }
        let seller = shop.seller().await;
        let ring = json!({"title": "Ring", "price": euros(100), "stock": 1, "category": "no-such", "materials": ["none"]});
        let problem = seller.post("/seller/products", &ring).await.problem(422, "validation-failed");
        let pointers: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
        assert!(pointers.contains(&json!("/category")) || pointers.contains(&json!("/materials/0")), "{problem}");
        assert!(seller.all("/seller/products").await.is_empty());
    }
}
