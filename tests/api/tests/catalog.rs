//! The catalogue as customers browse it. What sellers do to it is in `selling`.

mod arranging;
mod bucket;
mod pictures;
mod selling;

use crate::harness::selling::euros;
use crate::harness::{Actor, on_both_databases, unique};
use serde_json::{Value, json};
use std::collections::HashSet;

/// The titles of a list, in its order.
async fn titles(actor: &Actor, query: &str) -> Vec<String> {
    let list = actor.get(&format!("/products{query}")).await.json(200);
    list["data"].as_array().unwrap().iter().map(|product| product["title"].as_str().unwrap().to_owned()).collect()
}

on_both_databases! {
    async fn the_least_product_has_one_variant_and_every_field(shop: Shop) {
        let seller = shop.seller().await;
        let ring = seller.puts_on_sale("Plain Ring", 12_999, 3).await.product;
        let (id, variant) = (&ring["id"], &ring["variants"][0]);
        let expected = json!({
            "id": id, "slug": ring["slug"], "title": "Plain Ring", "description": "",
            "price": {"amount": 12999, "currency": "EUR"}, "compare_at_price": null,
            "seller": {"id": seller.id, "shop_name": "Maison Ada"}, "category": null, "materials": [], "images": [], "option_names": [],
            "variants": [{"id": variant["id"], "sku": variant["sku"], "options": {}, "price": euros(12_999), "stock": 3}],
            "in_stock": true, "rating": null, "status": "active", "gift_card": false,
            "created_at": ring["created_at"], "updated_at": ring["updated_at"],
        });
        assert_eq!(ring, expected);
        assert!(ring["slug"].as_str().unwrap().starts_with("plain-ring"));
        let guest = shop.guest();
        for name in [id, &ring["slug"]] {
            let shown = guest.get(&format!("/products/{}", name.as_str().unwrap())).await.json(200);
            assert_eq!(shown, ring);
        }
        let list = guest.get("/products").await.json(200);
        assert_eq!(list, json!({"data": [ring], "next_cursor": null}));
        let profile = guest.get(&format!("/sellers/{}", seller.id)).await.json(200);
        assert_eq!((&profile["id"], &profile["shop_name"]), (&json!(seller.id), &json!("Maison Ada")));
        assert!(profile.get("email").is_none());
    }

    async fn products_are_sorted_as_asked(shop: Shop) {
        let seller = shop.seller().await;
        for (title, price) in [("Beryl", 300), ("Agate", 200), ("Citrine", 100)] {
            seller.puts_on_sale(title, price, 1).await;
        }
        let guest = shop.guest();
        let cases = [
            ("", ["Citrine", "Agate", "Beryl"]),
            ("?sort=-created_at", ["Citrine", "Agate", "Beryl"]),
            ("?sort=created_at", ["Beryl", "Agate", "Citrine"]),
            ("?sort=price", ["Citrine", "Agate", "Beryl"]),
            ("?sort=-price", ["Beryl", "Agate", "Citrine"]),
            ("?sort=title", ["Agate", "Beryl", "Citrine"]),
            ("?sort=-title", ["Citrine", "Beryl", "Agate"]),
        ];
        for (query, expected) in cases {
            assert_eq!(titles(&guest, query).await, expected, "{query}");
        }
    }

    async fn products_are_found_by_what_is_asked(shop: Shop) {
        let (seller, other) = (shop.seller().await, shop.seller().await);
        seller.puts_on_sale("Opal Ring", 300, 1).await;
        seller.puts_on_sale("Ruby Brooch", 200, 0).await;
        other.offers(json!({"title": "100% Opal", "price": {"amount": 5000, "currency": "JPY"}, "stock": 2})).await;
        let guest = shop.guest();
        let of_seller = format!("?sort=title&seller={}", seller.id);
        let cases: [(&str, &[&str]); 14] = [
            ("?sort=title&q=opal", &["100% Opal", "Opal Ring"]),
            ("?q=RING", &["Opal Ring"]),
            ("?q=opal+ring", &["Opal Ring"]),
            ("?q=%25", &["100% Opal"]),
            ("?q=_", &[]),
            ("?q=%27%20OR%201%3D1%20--", &[]),
            (&of_seller, &["Opal Ring", "Ruby Brooch"]),
            ("?currency=JPY", &["100% Opal"]),
            ("?currency=EUR&price_min=201", &["Opal Ring"]),
            ("?currency=EUR&price_min=200&price_max=200", &["Ruby Brooch"]),
            ("?currency=EUR&in_stock=true", &["Opal Ring"]),
            ("?category=nothing-like-it", &[]),
            ("?material=nothing-like-it", &[]),
            ("?utm_source=elsewhere&q=brooch", &["Ruby Brooch"]),
        ];
        for (query, expected) in cases {
            assert_eq!(titles(&guest, query).await, expected, "{query}");
        }
    }

    async fn pages_neither_skip_nor_repeat_while_products_are_added(shop: Shop) {
        let seller = shop.seller().await;
        for number in 0..25 {
            seller.puts_on_sale(&format!("Ring {number:02}"), 100 + i64::from(number % 3), 1).await;
        }
        let before: HashSet<String> = titles(&shop.guest(), "?limit=100").await.into_iter().collect();
        for sort in ["-created_at", "created_at", "price", "-price", "title", "-title"] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = shop.guest().get(&format!("/products?sort={sort}&limit=4{cursor}")).await.json(200);
                let rows = page["data"].as_array().unwrap();
                assert!(rows.len() == 4 || page["next_cursor"].is_null(), "a short page in the middle");
                seen.extend(rows.iter().map(|product| product["title"].as_str().unwrap().to_owned()));
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
                seller.puts_on_sale(&unique("Ring 12 between"), 101, 1).await;
                assert!(seen.len() < 200, "the pages never end");
            }
            let distinct: HashSet<String> = seen.iter().cloned().collect();
            assert_eq!(distinct.len(), seen.len(), "sorted by {sort} something was shown twice");
            assert!(before.is_subset(&distinct), "sorted by {sort} something was skipped");
        }
    }

    async fn a_reader_who_knows_an_answer_is_told_so(shop: Shop) {
        let seller = shop.seller().await;
        let ring = seller.puts_on_sale("Ring", 100, 1).await;
        let guest = shop.guest();
        for path in ["/api/v1/products".to_owned(), format!("/api/v1/products/{}", ring.id)] {
            let first = guest.page(&path).await.is(200);
            let tag = first.header("etag").expect("an ETag").to_owned();
            assert!(first.header("cache-control").unwrap_or_default().contains("max-age="), "{path}");
            let again = guest.ask("GET", &path, &[("if-none-match", &tag)], None).await.is(304);
            assert!(again.body.is_empty() && again.header("etag") == Some(&tag), "{path}");
            let known = format!("\"other\", {tag}");
            guest.ask("GET", &path, &[("if-none-match", &known)], None).await.is(304);
            guest.ask("GET", &path, &[("if-none-match", "\"other\"")], None).await.is(200);
            seller.sets_stock(&ring, 2).await;
            let changed = guest.ask("GET", &path, &[("if-none-match", &tag)], None).await.is(200);
            assert_ne!(changed.header("etag"), Some(tag.as_str()), "{path}");
            seller.sets_stock(&ring, 1).await;
        }
    }

    async fn what_is_not_there_is_a_404_of_its_kind(shop: Shop) {
        let guest = shop.guest();
        for id in ["01900000-0000-7000-8000-000000000000", "no-such-slug", "NOT A SLUG", "%00", "..%2f..%2fetc%2fpasswd", "💍"] {
            guest.get(&format!("/products/{id}")).await.problem(404, "product-not-found");
        }
        for id in ["01900000-0000-7000-8000-000000000000", "nonsense"] {
            guest.get(&format!("/sellers/{id}")).await.problem(404, "seller-not-found");
        }
        let customer = shop.customer().await;
        guest.get(&format!("/sellers/{}", customer.id)).await.problem(404, "seller-not-found");
    }

    async fn a_list_that_is_asked_wrongly_says_what_is_wrong(shop: Shop) {
        let seller = shop.seller().await;
        for number in 0..3 {
            seller.puts_on_sale(&format!("Ring {number}"), 100, 1).await;
        }
        let guest = shop.guest();
        let page = guest.get("/products?limit=1").await.json(200);
        let cursor = page["next_cursor"].as_str().unwrap();
        let pointers = |problem: Value| -> Vec<String> {
            problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap().to_owned()).collect()
        };
        let of_another_order = format!("sort=price&cursor={cursor}");
        let cases: [(&str, &[&str]); 6] = [
            (&of_another_order, &["/cursor"]),
            ("limit=0", &["/limit"]),
            ("limit=101", &["/limit"]),
            ("cursor=abc", &["/cursor"]),
            ("sort=colour", &["/sort"]),
            ("limit=x&price_min=y&currency=Z&in_stock=maybe", &["/limit", "/price_min", "/currency", "/in_stock"]),
        ];
        for (query, expected) in cases {
            let problem = guest.get(&format!("/products?{query}")).await.problem(422, "validation-failed");
            let (told, expected): (HashSet<_>, HashSet<_>) =
                (pointers(problem).into_iter().collect(), expected.iter().map(|pointer| (*pointer).to_owned()).collect());
            assert_eq!(told, expected, "{query}");
        }
    }
}
