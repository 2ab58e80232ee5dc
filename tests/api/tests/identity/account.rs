//! One's own account: what it says, its address, its address book, and its end.

use super::another_code;
use crate::harness::shop::PASSWORD;
use crate::harness::{Actor, on_both_databases, unique};
use futures_util::future::join_all;
use serde_json::{Value, json};

fn new_address() -> String {
    format!("{}@example.org", unique("new"))
}

fn home(city: &str) -> Value {
    json!({"name": "Ada Lovelace", "line1": "1 rue de la Paix", "city": city, "postal_code": "75002", "country": "FR"})
}

/// The ids of the addresses that are the default.
async fn defaults(actor: &Actor) -> Vec<String> {
    let list = actor.get("/users/me/addresses").await.json(200);
    let all = list["data"].as_array().unwrap();
    all.iter().filter(|one| one["default"] == true).map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

/// The same person, signed in once more.
async fn again(actor: &Actor) -> Actor {
    let login = actor.logs_in(&actor.email, PASSWORD).await.json(200);
    actor.with_token(login["access_token"].as_str().unwrap())
}

on_both_databases! {
    async fn i10_what_is_left_out_of_an_edit_stays_and_null_takes_away(shop: Shop) {
        let ada = shop.customer().await;
        let edit = json!({"name": " Ada  Lovelace ", "phone": "+33 1 42 86 82 00", "avatar_url": "https://cdn.example/ada.webp"});
        let edited = ada.patch("/users/me", &edit).await.json(200);
        assert_eq!((&edited["name"], &edited["phone"]), (&json!("Ada  Lovelace"), &json!("+33 1 42 86 82 00")));
        assert_eq!(edited, ada.get("/users/me").await.json(200));
        let edited = ada.patch("/users/me", &json!({"phone": null, "avatar_url": null})).await.json(200);
        assert_eq!((&edited["name"], &edited["phone"], &edited["avatar_url"]), (&json!("Ada  Lovelace"), &json!(null), &json!(null)));
        assert_eq!(ada.patch("/users/me", &json!({})).await.json(200), edited);
        shop.guest().patch("/users/me", &json!({"name": "Eve"})).await.problem(401, "unauthorized");
    }

    async fn i10_a_profile_has_rules_and_all_faults_are_told(shop: Shop) {
        let ada = shop.customer().await;
        let edit = json!({"name": "A\nda", "phone": "call me", "avatar_url": "javascript:alert(1)", "email": "nobody", "role": "admin"});
        ada.patch("/users/me", &edit).await.faults(&[
            ("/name", "control-character"), ("/phone", "phone"), ("/avatar_url", "https-url"), ("/email", "email"),
            ("/role", "unknown-field"),
        ]);
        ada.patch("/users/me", &json!({"email": null})).await.faults(&[("/email", "type")]);
        ada.patch("/users/me", &json!({"name": "x".repeat(101)})).await.faults(&[("/name", "too-long")]);
        ada.patch("/users/me", &json!({"name": "Eve", "shop_name": "Mine"})).await.faults(&[("/shop_name", "not-a-seller")]);
        assert_eq!(ada.get("/users/me").await.json(200)["name"], "Ada", "nothing is changed by halves");
        let seller = shop.seller().await;
        for nothing in [json!(null), json!("  ")] {
            seller.patch("/users/me", &json!({"shop_name": nothing})).await.faults(&[("/shop_name", "required")]);
        }
        let renamed = seller.patch("/users/me", &json!({"shop_name": "<b>Atelier</b>"})).await.json(200);
        assert_eq!(renamed["shop_name"], "<b>Atelier</b>", "plain text, which pages escape");
    }

    async fn i10_a_new_address_counts_once_it_is_proven(shop: Shop) {
        let ada = shop.customer().await;
        let other = again(&ada).await;
        let email = new_address();
        let edited = ada.patch("/users/me", &json!({"email": email.to_uppercase()})).await.json(200);
        assert_eq!((edited["email"].as_str(), edited["pending_email"].as_str()), (Some(ada.email.as_str()), Some(email.as_str())));
        let login = ada.logs_in(&ada.email, PASSWORD).await.json(200);
        assert_eq!(login["user"]["pending_email"], json!(email));
        let code = shop.code_of(&email).await;
        ada.post("/users/me/email/confirm", &json!({"code": another_code(&code)})).await.problem(422, "verification-code-invalid");
        shop.customer().await.post("/users/me/email/confirm", &json!({"code": code})).await.problem(410, "verification-code-expired");
        let changed = ada.post("/users/me/email/confirm", &json!({"code": code})).await.json(200);
        assert_eq!((changed["email"].as_str(), &changed["pending_email"]), (Some(email.as_str()), &json!(null)));
        assert_eq!(changed["email_verified"], true);
        ada.post("/users/me/email/confirm", &json!({"code": code})).await.problem(410, "verification-code-expired");
        assert_eq!(ada.get("/users/me").await.json(200), changed, "this session goes on");
        other.get("/users/me").await.problem(401, "token-revoked");
        ada.logs_in(&ada.email, PASSWORD).await.problem(401, "invalid-credentials");
        ada.logs_in(&email, PASSWORD).await.json(200);
        assert_eq!(shop.mails_about(&ada.email, "Your e-mail address was changed").await, 1, "the old address is told");
        shop.guest().post("/auth/register", &json!({"email": ada.email, "password": PASSWORD})).await.json(201);
    }

    async fn i10_nobody_learns_that_an_address_is_taken(shop: Shop) {
        let (ada, eve) = (shop.customer().await, shop.customer().await);
        let before = shop.mails_about(&ada.email, "").await;
        let edited = eve.patch("/users/me", &json!({"email": ada.email})).await.json(200);
        assert_eq!(edited["pending_email"], json!(ada.email));
        assert_eq!(shop.mails_about(&ada.email, "").await, before, "its owner is not bothered");
        for _ in 0..5 {
            let wrong = eve.post("/users/me/email/confirm", &json!({"code": "000000x"})).await;
            wrong.problem(422, "verification-code-invalid");
        }
        eve.post("/users/me/email/confirm", &json!({"code": "000000x"})).await.problem(410, "verification-code-expired");
    }

    async fn i10_an_address_that_is_taken_meanwhile_is_a_conflict_and_the_change_can_be_dropped(shop: Shop) {
        let ada = shop.customer().await;
        let email = new_address();
        ada.patch("/users/me", &json!({"email": email})).await.json(200);
        let code = shop.code_of(&email).await;
        shop.guest().post("/auth/register", &json!({"email": email, "password": PASSWORD})).await.json(201);
        ada.post("/users/me/email/confirm", &json!({"code": code})).await.problem(409, "email-taken");
        let dropped = ada.delete("/users/me/email").await.json(200);
        assert_eq!((dropped["email"].as_str(), &dropped["pending_email"]), (Some(ada.email.as_str()), &json!(null)));
        assert_eq!(ada.get("/users/me").await.json(200), dropped);
        ada.post("/users/me/email/confirm", &json!({"code": code})).await.problem(410, "verification-code-expired");
        ada.delete("/users/me/email").await.json(200);
    }

    async fn i10_of_two_who_change_to_one_address_at_once_one_gets_it(shop: Shop) {
        let people = [shop.customer().await, shop.customer().await];
        let email = new_address();
        let mut codes = Vec::new();
        for person in &people {
            person.patch("/users/me", &json!({"email": email})).await.json(200);
            shop.outbox_is_drained().await;
            codes.push(shop.code_of(&email).await);
        }
        let confirm = |(person, code): (Actor, String)| async move {
            person.post("/users/me/email/confirm", &json!({"code": code})).await.status
        };
        let mut statuses = join_all(people.into_iter().zip(codes).map(confirm)).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }

    async fn i10_an_address_book_has_one_default_and_is_ones_own(shop: Shop) {
        let (ada, eve) = (shop.customer().await, shop.customer().await);
        assert_eq!(ada.get("/users/me/addresses").await.json(200), json!({"data": [], "next_cursor": null}));
        let answer = ada.post("/users/me/addresses", &home("Paris")).await;
        let location = answer.header("location").unwrap().to_owned();
        let paris = answer.json(201);
        let id = paris["id"].as_str().unwrap();
        assert_eq!(location, format!("/api/v1/users/me/addresses/{id}"));
        let mut expected = home("Paris");
        let more = json!({"id": id, "line2": null, "region": null, "default": true, "created_at": paris["created_at"], "updated_at": paris["updated_at"]});
        expected.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(paris, expected, "the first is the default");

        let mut lyon = home("Lyon");
        lyon["default"] = json!(true);
        let lyon = ada.post("/users/me/addresses", &lyon).await.json(201);
        assert_eq!(defaults(&ada).await, [lyon["id"].as_str().unwrap()]);
        let path = format!("/users/me/addresses/{id}");
        let mut moved = home("Nice");
        moved["line2"] = json!("2nd floor");
        let replaced = ada.json("PUT", &path, &[], &moved).await.json(200);
        assert_eq!((&replaced["city"], &replaced["line2"], &replaced["default"]), (&json!("Nice"), &json!("2nd floor"), &json!(false)));
        assert_eq!(ada.get(&path).await.json(200), replaced);

        eve.get(&path).await.problem(404, "not-found");
        eve.json("PUT", &path, &[], &home("Rome")).await.problem(404, "not-found");
        eve.delete(&path).await.problem(404, "not-found");
        shop.guest().get(&path).await.problem(401, "unauthorized");

        ada.delete(&format!("/users/me/addresses/{}", lyon["id"].as_str().unwrap())).await.is(204);
        assert_eq!(defaults(&ada).await, [id], "another becomes the default");
        ada.delete(&path).await.is(204);
        ada.delete(&path).await.problem(404, "not-found");
        let faulty = json!({"name": "", "line1": "1\u{202e}", "city": "Paris", "country": "fr", "default": "yes", "planet": "Mars"});
        ada.post("/users/me/addresses", &faulty).await.faults(&[
            ("/name", "required"), ("/line1", "control-character"), ("/postal_code", "required"), ("/country", "country"),
            ("/default", "type"), ("/planet", "unknown-field"),
        ]);
    }

    async fn i10_of_many_addresses_at_once_one_is_the_default_and_fifty_are_kept(shop: Shop) {
        let ada = shop.customer().await;
        let mut address = home("Paris");
        address["default"] = json!(true);
        let answers = join_all((0..55).map(|_| ada.post("/users/me/addresses", &address))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 50);
        for refused in answers.into_iter().filter(|answer| answer.status != 201) {
            refused.problem(409, "too-many-addresses");
        }
        assert_eq!(defaults(&ada).await.len(), 1);
        assert_eq!(ada.get("/users/me/addresses").await.json(200)["data"].as_array().unwrap().len(), 50);
    }

    async fn i10_of_a_deleted_account_the_orders_stay_and_the_person_goes(shop: Shop) {
        let (seller, ada) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 12_900, 5).await;
        let order = ada.orders(&ring.variant, 1).await;
        let cart = ada.cart_with(&ring.variant, 1).await;
        ada.post("/users/me/addresses", &home("Paris")).await.json(201);
        let other = again(&ada).await;
        let refresh = ada.logs_in(&ada.email, PASSWORD).await.json(200)["refresh_token"].clone();
        let gone = ada.delete("/users/me").await.is(204);
        for cookie in ["carat_session", "carat_refresh"] {
            let (value, attributes) = gone.set_cookie(cookie).expect("the cookie is cleared");
            assert!(value.is_empty() && attributes.contains("Max-Age=0"), "{attributes}");
        }
        for actor in [&ada, &other] {
            actor.get("/users/me").await.problem(401, "token-invalid");
            actor.delete("/users/me").await.problem(401, "token-invalid");
        }
        ada.without_token().post("/auth/refresh", &json!({"refresh_token": refresh})).await.problem(401, "refresh-token-invalid");
        ada.logs_in(&ada.email, PASSWORD).await.problem(401, "invalid-credentials");
        shop.guest().get(&format!("/carts/{cart}")).await.problem(404, "cart-not-found");
        assert_eq!(shop.mails_about(&ada.email, "account is deleted").await, 1);
        let sold = seller.get(&format!("/seller/orders/{}", order.id)).await.json(200);
        assert_eq!(sold["shipping_address"]["name"], "Ada Lovelace", "the order is as it was");

        // Whoever has the address may register anew, and finds nothing of the one before.
        shop.guest().post("/auth/register", &json!({"email": ada.email, "password": PASSWORD})).await.json(201);
        let anew = again(&ada).await;
        let me = anew.get("/users/me").await.json(200);
        assert!(me["id"] != json!(ada.id) && me["name"].is_null() && me["email_verified"] == false, "{me}");
        assert_eq!(anew.get("/orders").await.json(200)["data"], json!([]));
        assert_eq!(anew.get("/users/me/addresses").await.json(200)["data"], json!([]));
    }

    async fn i10_what_a_seller_who_is_gone_sold_is_off_sale(shop: Shop) {
        let (seller, ada) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 12_900, 5).await;
        let order = ada.orders(&ring.variant, 1).await;
        seller.delete("/users/me").await.is(204);
        ada.get(&format!("/products/{}", ring.id)).await.problem(404, "product-not-found");
        ada.get(&format!("/sellers/{}", seller.id)).await.problem(404, "seller-not-found");
        assert_eq!(ada.get("/products").await.json(200)["data"], json!([]));
        let bought = ada.get(&order.path()).await.json(200);
        assert!(bought.to_string().contains("Maison Ada"), "the order keeps the name of the shop: {bought}");
    }

    async fn i10_ones_data_can_be_taken_along(shop: Shop) {
        let (seller, ada) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 12_900, 5).await;
        let order = ada.orders(&ring.variant, 1).await;
        ada.post("/users/me/addresses", &home("Paris")).await.json(201);
        again(&ada).await;
        let answer = ada.get("/users/me/export").await;
        let file = answer.header("content-disposition").unwrap().to_owned();
        assert!(file.starts_with("attachment; filename=\"export-") && file.ends_with(".json\""), "{file}");
        let export = answer.json(200);
        assert_eq!(export["user"], ada.get("/users/me").await.json(200));
        assert_eq!((&export["complete"], &export["orders"][0]["id"]), (&json!(true), &json!(order.id)));
        assert_eq!(export["addresses"][0]["city"], "Paris");
        assert_eq!(export["sessions"].as_array().unwrap().len(), 2);
        assert_eq!((&export["passkeys"], &export["api_keys"], &export["identities"]), (&json!([]), &json!([]), &json!([])));
        let kinds: Vec<_> = export["security_events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds[0], "data_exported");
        assert!(kinds.contains(&"login_succeeded"), "{kinds:?}");
        let text = export.to_string();
        assert!(!text.contains(&seller.email) && !text.contains("$2b$") && !text.contains("argon2"), "{text}");
        assert_eq!(export["webhooks"], json!([]));
        let hook = json!({"url": "https://merchant.example/hook", "events": ["order.paid"]});
        let secret = seller.post("/seller/webhooks", &hook).await.json(201)["secret"].as_str().unwrap().to_owned();
        let export = seller.get("/users/me/export").await.json(200);
        assert_eq!((&export["webhooks"][0]["url"], &export["webhooks"][0]["events"]), (&hook["url"], &hook["events"]));
        assert!(!export.to_string().contains(&secret));
        shop.guest().get("/users/me/export").await.problem(401, "unauthorized");
    }

    async fn i10_the_last_admin_stays(shop: Shop) {
        let admin = shop.admin().await;
        admin.delete("/users/me").await.problem(409, "last-admin");
        assert_eq!(admin.get("/users/me").await.json(200)["role"], "admin");
    }

    async fn i10_of_ten_deletions_at_once_one_is_mailed(shop: Shop) {
        let ada = shop.customer().await;
        let answers = join_all((0..10).map(|_| ada.delete("/users/me"))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 204).count(), 1);
        assert!(answers.iter().all(|answer| [204, 401].contains(&answer.status)));
        assert_eq!(shop.mails_about(&ada.email, "account is deleted").await, 1);
    }
}
