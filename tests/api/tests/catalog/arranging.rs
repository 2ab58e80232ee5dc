//! Categories and materials: sellers add to them, admins arrange them, and old addresses stay good.

use crate::harness::selling::euros;
use crate::harness::{Actor, on_both_databases};
use serde_json::{Value, json};

async fn add(actor: &Actor, path: &str, body: Value) -> String {
    actor.post(path, &body).await.json(201)["id"].as_str().unwrap().to_owned()
}

/// The names of a list.
async fn names(actor: &Actor, path: &str) -> Vec<String> {
    actor.all(path).await.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

async fn found(actor: &Actor, query: &str) -> usize {
    actor.get(&format!("/products{query}")).await.json(200)["data"].as_array().unwrap().len()
}

on_both_databases! {
    async fn c3_sellers_put_products_into_categories_that_they_add(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let rings = seller.post("/categories", &json!({"name": "  Rings "})).await.json(201);
        let expected = json!({"id": rings["id"], "slug": "rings", "name": "Rings", "parent_id": null, "former_slugs": []});
        assert_eq!(rings, expected);
        let below = json!({"name": "Für Verlobte", "parent_id": rings["id"]});
        let below = seller.post("/categories", &below).await.json(201);
        assert_eq!((&below["slug"], &below["parent_id"]), (&json!("fur-verlobte"), &rings["id"]));
        let gold = seller.post("/materials", &json!({"name": "Gold"})).await.json(201);
        assert_eq!(gold, json!({"id": gold["id"], "slug": "gold", "name": "Gold", "former_slugs": []}));
        assert_eq!(names(&guest, "/categories").await, ["Für Verlobte", "Rings"]);
        let ring = json!({"title": "Ring", "price": euros(100), "stock": 1, "category": "fur-verlobte", "materials": ["gold"]});
        let ring = seller.offers(ring).await;
        assert_eq!(ring["category"], json!({"id": below["id"], "slug": "fur-verlobte", "name": "Für Verlobte"}));
        assert_eq!(ring["materials"], json!([{"id": gold["id"], "slug": "gold", "name": "Gold"}]));
        assert_eq!((found(&guest, "?category=rings").await, found(&guest, "?material=gold").await), (1, 1));
    }

    async fn c3_a_twin_is_refused_and_the_one_that_is_there_is_named(shop: Shop) {
        let seller = shop.seller().await;
        let rings = add(&seller, "/categories", json!({"name": "Rings"})).await;
        let refused = seller.post("/categories", &json!({"name": "RÍNGS"})).await.problem(409, "category-exists");
        assert_eq!(refused["existing"], json!({"id": rings, "slug": "rings", "name": "Rings"}));
        let elsewhere = seller.post("/categories", &json!({"name": "Rings", "parent_id": rings})).await.json(201);
        assert_eq!(elsewhere["slug"], "rings-rings");
        let gold = add(&seller, "/materials", json!({"name": "Gold"})).await;
        let refused = seller.post("/materials", &json!({"name": "gold"})).await.problem(409, "material-exists");
        assert_eq!(refused["existing"]["id"], json!(gold));
        let nowhere = json!({"name": "Pins", "parent_id": uuid::Uuid::now_v7()});
        let problem = seller.post("/categories", &nowhere).await.problem(422, "validation-failed");
        assert_eq!(problem["errors"][0]["pointer"], "/parent_id");
        seller.post("/categories", &json!({"name": " "})).await.problem(422, "validation-failed");
        shop.customer().await.post("/categories", &json!({"name": "Mine"})).await.problem(403, "seller-role-required");
        shop.guest().post("/materials", &json!({"name": "Mine"})).await.problem(401, "unauthorized");
    }

    async fn c3_admins_rename_move_merge_and_remove(shop: Shop) {
        let (seller, admin, guest) = (shop.seller().await, shop.admin().await, shop.guest());
        let rings = add(&seller, "/categories", json!({"name": "Rings"})).await;
        let bands = add(&seller, "/categories", json!({"name": "Bands", "parent_id": rings})).await;
        let pins = add(&admin, "/categories", json!({"name": "Pins"})).await;
        seller.offers(json!({"title": "Band", "price": euros(100), "stock": 1, "category": "bands"})).await;
        let path = |id: &str| format!("/admin/categories/{id}");

        let renamed = admin.patch(&path(&rings), &json!({"name": "Finger rings", "slug": "finger-rings"})).await.json(200);
        assert_eq!((&renamed["name"], &renamed["slug"]), (&json!("Finger rings"), &json!("finger-rings")));
        let listed = guest.get("/categories").await.json(200);
        let listed = listed["data"].as_array().unwrap().iter().find(|one| one["id"] == json!(rings)).unwrap().clone();
        assert_eq!((&listed["former_slugs"], &renamed), (&json!(["rings"]), &listed));
        assert_eq!((found(&guest, "?category=rings").await, found(&guest, "?category=finger-rings").await), (1, 1));
        seller.offers(json!({"title": "Old", "price": euros(100), "stock": 1, "category": "rings"})).await;
        admin.patch(&path(&pins), &json!({"slug": "rings"})).await.problem(409, "slug-taken");

        let circle = admin.patch(&path(&rings), &json!({"parent_id": bands})).await.problem(422, "validation-failed");
        assert_eq!(circle["errors"][0]["code"], "below-itself");
        admin.patch(&path(&bands), &json!({"parent_id": pins})).await.json(200);
        assert_eq!((found(&guest, "?category=pins").await, found(&guest, "?category=rings").await), (1, 1));
        let full = admin.delete(&path(&pins)).await.problem(409, "category-not-empty");
        assert_eq!((&full["products"], &full["categories"]), (&json!(0), &json!(1)));

        let stays = admin.post(&format!("{}/merge", path(&bands)), &json!({"into": rings})).await.json(200);
        assert_eq!(stays["id"], json!(rings));
        assert_eq!((found(&guest, "?category=bands").await, found(&guest, "?category=pins").await), (2, 0));
        admin.delete(&path(&pins)).await.is(204);
        admin.delete(&path(&pins)).await.problem(404, "category-not-found");
        assert_eq!(names(&guest, "/categories").await, ["Finger rings"]);
        seller.patch(&path(&rings), &json!({"name": "Mine"})).await.problem(403, "admin-role-required");
    }

    async fn c3_materials_are_arranged_likewise_and_it_is_noted_by_whom(shop: Shop) {
        let (seller, admin, guest) = (shop.seller().await, shop.admin().await, shop.guest());
        let gold = add(&seller, "/materials", json!({"name": "Gold"})).await;
        let yellow = add(&seller, "/materials", json!({"name": "Yellow gold"})).await;
        seller.offers(json!({"title": "Band", "price": euros(100), "stock": 1, "materials": ["yellow-gold", "gold"]})).await;
        let path = |id: &str| format!("/admin/materials/{id}");
        let used = admin.delete(&path(&yellow)).await.problem(409, "material-in-use");
        assert_eq!(used["products"], json!(1));
        admin.post(&format!("{}/merge", path(&gold)), &json!({"into": gold})).await.problem(422, "validation-failed");
        admin.post(&format!("{}/merge", path(&yellow)), &json!({"into": gold})).await.json(200);
        let renamed = admin.patch(&path(&gold), &json!({"name": "Gold 750"})).await.json(200);
        assert_eq!((&renamed["slug"], &renamed["name"]), (&json!("gold"), &json!("Gold 750")));
        assert_eq!(renamed["former_slugs"], json!(["yellow-gold"]));
        assert_eq!(found(&guest, "?material=yellow-gold").await, 1);
        let silver = add(&seller, "/materials", json!({"name": "Silver"})).await;
        admin.delete(&path(&silver)).await.is(204);
        let log = admin.get("/admin/security-log?limit=100").await.json(200);
        let kinds: Vec<_> = log["data"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        for kind in ["material_merged", "material_changed", "material_removed"] {
            assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
        }
    }
}
