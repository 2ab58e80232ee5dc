//! What admins do: roles, keeping people out, the security log; and API keys. On every node at once.

use crate::harness::shop::PASSWORD;
use crate::harness::{Actor, Shop, on_both_databases, until};
use futures_util::future::join;
use serde_json::{Value, json};

async fn changes(admin: &Actor, whom: &Actor, change: Value) -> crate::harness::Answer {
    admin.patch(&format!("/admin/users/{}", whom.id), &change).await
}

async fn events(admin: &Actor, filter: &str) -> Vec<Value> {
    admin.all(&format!("/admin/security-log?{filter}")).await
}

/// Another admin, made by the first.
async fn another_admin(shop: &Shop, admin: &Actor) -> Actor {
    let customer = shop.customer().await;
    changes(admin, &customer, json!({"role": "admin"})).await.json(200);
    signs_in_again(&customer).await
}

async fn signs_in_again(actor: &Actor) -> Actor {
    let login = actor.logs_in(&actor.email, PASSWORD).await.json(200);
    actor.with_token(login["access_token"].as_str().unwrap())
}

async fn makes_a_key(owner: &Actor, scopes: &[&str]) -> (String, Actor) {
    let key = owner.post("/users/me/api-keys", &json!({"name": "Till", "scopes": scopes})).await.json(201);
    (key["id"].as_str().unwrap().to_owned(), owner.with_token(key["key"].as_str().unwrap()))
}

on_both_databases! {
    async fn i11_a_new_role_counts_at_once_and_old_tokens_are_refused_on_every_node(shop: Shop) {
        let (admin, customer) = (shop.admin().await, shop.customer().await);
        let other_node = shop.beside().await;
        let elsewhere = other_node.same(&customer);
        elsewhere.get("/users/me").await.json(200);
        let without_shop = changes(&admin, &customer, json!({"role": "seller"})).await;
        without_shop.problem(422, "validation-failed");
        let changed = changes(&admin, &customer, json!({"role": "seller", "shop_name": "Maison Ada"})).await.json(200);
        assert_eq!((&changed["role"], &changed["sessions"]), (&json!("seller"), &json!(0)));
        elsewhere.get("/users/me").await.problem(401, "token-revoked");
        customer.get("/users/me").await.problem(401, "token-revoked");
        let seller = signs_in_again(&elsewhere).await;
        seller.puts_on_sale("Ring", 5_000, 1).await;
        let told = until("the role is told by mail", async || {
            shop.mails_to(&customer.email).await.into_iter().find(|mail| mail.subject.contains("role"))
        }).await;
        assert!(!told.text.is_empty());
        let logged = events(&admin, &format!("kind=role_changed&user={}", customer.id)).await;
        assert_eq!(logged.len(), 1);
        assert_eq!(logged[0]["actor_id"], json!(admin.id));
        assert_eq!(logged[0]["details"], json!({"from": "customer", "to": "seller"}));
    }

    async fn i11_whom_an_admin_disables_is_out_on_every_node_with_tokens_and_keys_until_enabled(shop: Shop) {
        let (admin, customer) = (shop.admin().await, shop.customer().await);
        let (_, key) = makes_a_key(&customer, &["profile:read"]).await;
        let other_node = shop.beside().await;
        other_node.same(&key).get("/users/me").await.json(200);
        let disabled = changes(&admin, &customer, json!({"status": "disabled"})).await.json(200);
        assert_eq!(disabled["status"], "disabled");
        assert!(disabled["disabled_at"].is_string());
        for node in [&shop, &other_node] {
            node.same(&customer).get("/users/me").await.problem(401, "token-revoked");
            node.same(&key).get("/users/me").await.problem(401, "token-revoked");
            node.same(&customer).logs_in(&customer.email, PASSWORD).await.problem(401, "invalid-credentials");
        }
        changes(&admin, &customer, json!({"status": "active"})).await.json(200);
        customer.get("/users/me").await.problem(401, "token-revoked");
        signs_in_again(&customer).await.get("/users/me").await.json(200);
        other_node.same(&key).get("/users/me").await.json(200);
        let kinds: Vec<_> = events(&admin, &format!("user={}", customer.id)).await.iter().map(|event| event["kind"].clone()).collect();
        assert!(kinds.contains(&json!("user_disabled")) && kinds.contains(&json!("user_enabled")), "{kinds:?}");
        assert!(kinds.contains(&json!("token_revoked_used")), "{kinds:?}");
    }

    async fn i11_nobody_changes_their_own_account_and_one_admin_is_left(shop: Shop) {
        let admin = shop.admin().await;
        changes(&admin, &admin, json!({"role": "customer"})).await.problem(409, "own-account");
        admin.delete(&format!("/admin/users/{}/sessions", admin.id)).await.problem(409, "own-account");
        for _ in 0..3 {
            let admin = signs_in_again(&admin).await;
            let other = another_admin(&shop, &admin).await;
            let first = signs_in_again(&admin).await;
            let (one, two) = join(
                changes(&first, &other, json!({"role": "customer"})),
                changes(&other, &first, json!({"role": "customer"})),
            ).await;
            let statuses = [one.status, two.status];
            assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}: {} {}", one.text(), two.text());
            let survivor = if one.status == 200 { &first } else { &other };
            let admins = survivor.all("/admin/users?role=admin&status=active").await;
            assert_eq!(admins.len(), 1);
            if one.status != 200 {
                changes(&other, &first, json!({"role": "admin"})).await.json(200);
                let first = signs_in_again(&first).await;
                changes(&first, &other, json!({"role": "customer"})).await.json(200);
            }
        }
    }

    async fn i11_an_admin_finds_people_and_signs_them_out(shop: Shop) {
        let (admin, seller) = (shop.admin().await, shop.seller().await);
        let second = signs_in_again(&seller).await;
        let found = admin.all(&format!("/admin/users?q={}", seller.email)).await;
        assert_eq!(found.len(), 1);
        assert_eq!((&found[0]["id"], &found[0]["sessions"]), (&json!(seller.id), &json!(2)));
        assert!(found[0]["last_sign_in_at"].is_string());
        assert_eq!(found[0], admin.get(&format!("/admin/users/{}", seller.id)).await.json(200));
        admin.delete(&format!("/admin/users/{}/sessions", seller.id)).await.is(204);
        for token in [&seller, &second] {
            token.get("/users/me").await.problem(401, "token-revoked");
        }
        admin.get(&format!("/admin/users/{}", uuid::Uuid::now_v7())).await.problem(404, "user-not-found");
        for stranger in [shop.customer().await, shop.seller().await] {
            stranger.get("/admin/users").await.problem(403, "admin-role-required");
            stranger.get("/admin/security-log").await.problem(403, "admin-role-required");
            changes(&stranger, &seller, json!({"role": "admin"})).await.problem(403, "admin-role-required");
        }
    }

    async fn i14_what_a_disabled_seller_offers_is_off_sale_until_they_are_enabled(shop: Shop) {
        let (admin, seller, other) = (shop.admin().await, shop.seller().await, shop.seller().await);
        let (ring, pin) = (seller.puts_on_sale("Ring", 5_000, 9).await, other.puts_on_sale("Pin", 100, 9).await);
        let (guest, customer) = (shop.guest(), shop.customer().await);
        let order = customer.orders(&ring.variant, 1).await;
        let cart = guest.cart_with(&ring.variant, 2).await;
        guest.adds(&cart, &pin.variant, 1).await.json(201);
        let slug = ring.product["slug"].as_str().unwrap();
        let pages = [format!("/products/{}", ring.id), format!("/products/{slug}"), format!("/sellers/{}", seller.id)];
        let on_sale = async || {
            let mut titles: Vec<_> = guest.all("/products").await.iter().map(|product| product["title"].clone()).collect();
            titles.sort_by_key(ToString::to_string);
            titles
        };
        let lines = async || {
            let cart = guest.get(&format!("/carts/{cart}")).await.json(200);
            let line = |line: &Value| (line["title"].clone(), line["available"].clone());
            cart["lines"].as_array().unwrap().iter().map(line).collect::<Vec<_>>()
        };

        changes(&admin, &seller, json!({"status": "disabled"})).await.json(200);
        assert_eq!(on_sale().await, [json!("Pin")]);
        assert!(guest.all(&format!("/products?seller={}", seller.id)).await.is_empty());
        for page in &pages {
            assert_eq!(guest.get(page).await.status, 404, "{page}");
        }
        assert_eq!(lines().await, [(json!("Ring"), json!(false)), (json!("Pin"), json!(true))]);
        guest.adds(&guest.empty_cart().await, &ring.variant, 1).await.problem(404, "variant-not-found");
        let short = guest.checks_out(&cart, &crate::harness::unique("key")).await.problem(409, "insufficient-stock");
        let short: Vec<_> = short["lines"].as_array().unwrap().iter().map(|line| (line["variant_id"].clone(), line["available"].clone())).collect();
        assert_eq!(short, [(json!(ring.variant), json!(0))]);
        assert_eq!(customer.order(&order).await["status"], "pending_payment", "what was ordered stays ordered");

        changes(&admin, &seller, json!({"status": "active"})).await.json(200);
        assert_eq!(on_sale().await, [json!("Pin"), json!("Ring")]);
        for page in &pages {
            guest.get(page).await.json(200);
        }
        assert_eq!(lines().await, [(json!("Ring"), json!(true)), (json!("Pin"), json!(true))]);
        guest.checks_out(&cart, &crate::harness::unique("key")).await.json(201);
    }

    async fn i14_an_api_key_does_what_its_scopes_say_and_nothing_more(shop: Shop) {
        let seller = shop.seller().await;
        let (id, key) = makes_a_key(&seller, &["products:read", "profile:read"]).await;
        let shown = key.token.clone().unwrap();
        assert!(shown.starts_with("carat_") && shown.len() == 49, "{shown}");
        let listed = seller.get("/users/me/api-keys").await.json(200)["data"][0].clone();
        assert_eq!(listed["prefix"], json!(shown.chars().take(12).collect::<String>()));
        assert!(listed.get("key").is_none() && listed["last_used_at"].is_null());
        key.get("/users/me").await.json(200);
        key.get("/users/me/api-keys").await.problem(403, "api-key-not-allowed");
        key.post("/users/me/api-keys", &json!({"name": "More", "scopes": ["orders:write"]})).await.problem(403, "api-key-not-allowed");
        let used = seller.get("/users/me/api-keys").await.json(200)["data"][0]["last_used_at"].clone();
        assert!(used.is_string());
        let stranger = shop.seller().await;
        stranger.delete(&format!("/users/me/api-keys/{id}")).await.problem(404, "not-found");
        seller.delete(&format!("/users/me/api-keys/{id}")).await.is(204);
        key.get("/users/me").await.problem(401, "token-revoked");
        seller.with_token("carat_nonsense").get("/users/me").await.problem(401, "token-invalid");
        let told = until("the new key is told by mail", async || {
            shop.mails_to(&seller.email).await.into_iter().find(|mail| mail.text.contains("API key"))
        }).await;
        assert!(!told.text.contains(&shown));
        assert!(!shop.log().contains(&shown));
    }

    async fn i16_the_security_log_tells_what_happened_and_a_flood_does_not_fill_it(shop: Shop) {
        let (admin, customer) = (shop.admin().await, shop.customer().await);
        customer.logs_in(&customer.email, "Wr0ng-password!").await.problem(401, "invalid-credentials");
        for _ in 0..15 {
            customer.with_token("nonsense").get("/users/me").await.problem(401, "token-invalid");
        }
        assert_eq!(events(&admin, "kind=token_invalid").await.len(), 10);
        let failed = events(&admin, "kind=login_failed").await;
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0]["address"], "127.0.0.1");
        let all = events(&admin, "").await;
        let times: Vec<_> = all.iter().map(|event| event["at"].as_str().unwrap().to_owned()).collect();
        assert!(times.windows(2).all(|pair| pair[0] >= pair[1]), "{times:?}");
        assert!(!json!(all).to_string().contains("Wr0ng"));
        let future = events(&admin, "since=2999-01-01T00:00:00Z").await;
        assert!(future.is_empty());
    }

    async fn i11_an_admin_registers_many_and_each_row_stands_by_itself(shop: Shop) {
        let (admin, old) = (shop.admin().await, shop.customer().await);
        let new = format!("{}@example.com", crate::harness::unique("new"));
        let body = json!({"users": [
            {"email": new, "password": PASSWORD, "name": "Ada"},
            {"email": old.email, "password": PASSWORD},
            {"email": "nobody", "password": "abc"},
            {"email": new.to_uppercase(), "password": PASSWORD},
            {"email": format!("seller-{new}"), "password": PASSWORD, "role": "seller", "shop_name": "Maison"},
            {"email": format!("admin-{new}"), "password": PASSWORD, "role": "admin"},
        ]});
        let answer = admin.post("/auth/register/bulk", &body).await.json(200);
        assert_eq!((&answer["created"], &answer["failed"]), (&json!(2), &json!(4)), "{answer}");
        let statuses: Vec<_> = answer["results"].as_array().unwrap().iter().map(|row| row["status"].as_u64().unwrap()).collect();
        assert_eq!(statuses, [201, 409, 422, 409, 201, 422]);
        assert_eq!(answer["results"][3]["errors"][0]["code"], "email-repeated");
        assert_eq!(admin.all(&format!("/admin/users?q={new}")).await.len(), 2);
        let code = shop.code_of(&new).await;
        old.without_token().post("/auth/verify-email", &json!({"email": new, "code": code})).await.json(200);
        old.logs_in(&new, PASSWORD).await.json(200);
        let logged = events(&admin, "kind=bulk_registered").await;
        assert_eq!(logged[0]["details"], json!({"created": "2", "failed": "4"}));
        let registered = events(&admin, &format!("kind=registered&user={}", answer["results"][0]["id"].as_str().unwrap())).await;
        assert_eq!((registered.len(), &registered[0]["actor_id"]), (1, &json!(admin.id)));
        shop.customer().await.post("/auth/register/bulk", &body).await.problem(403, "admin-role-required");
    }
}
