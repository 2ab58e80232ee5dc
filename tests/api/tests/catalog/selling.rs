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
