//! Passwords: which are refused although they obey the rule, and how the shop may be told to hash them.

use crate::harness::shop::PASSWORD;
use crate::harness::{Actor, Engine, Shop, on_both_databases, unique};
use serde_json::json;
use testkit::TestDb;

#[tokio::test]
async fn a_password_that_everybody_tries_first_is_refused() {
    let shop = Shop::open(Engine::Sqlite).await;
    for password in ["Password1!", "P@ssw0rd", "Qwerty_123!", "Summer2026!"] {
        let body = json!({"email": format!("{}@example.com", unique("ada")), "password": password});
        shop.guest().post("/auth/register", &body).await.faults(&[("/password", "too-common")]);
    }
}

/// Whether somebody's stored hash begins so.
async fn is_hashed_with(database: &TestDb, whom: &Actor, mark: &str) -> bool {
    let sql = "UPDATE users SET email = email WHERE email = '{email}' AND password_hash LIKE '{mark}%'";
    database.execute(&sql.replace("{email}", &whom.email).replace("{mark}", mark)).await.unwrap() == 1
}

on_both_databases! {
    async fn i02_a_password_with_the_accounts_name_in_it_is_refused_wherever_one_is_set(shop: Shop) {
        let name = unique("lovelace");
        let email = format!("{name}@example.com");
        let password = format!("X1-{}", name.to_uppercase());
        let all_at_once = [("/password", "contains-email"), ("/password", "no-lower-case")];
        let body = json!({"email": email.to_uppercase(), "password": password});
        shop.guest().post("/auth/register", &body).await.faults(&all_at_once);
        let admin = shop.admin().await;
        let bulk = admin.post("/auth/register/bulk", &json!({"users": [body]})).await.json(200);
        let mut told: Vec<_> = bulk["results"][0]["errors"].as_array().unwrap().iter().map(|error| {
            (error["pointer"].as_str().unwrap().to_owned(), error["code"].as_str().unwrap().to_owned())
        }).collect();
        told.sort();
        assert_eq!(told, all_at_once.map(|(pointer, code)| (format!("/users/0{pointer}"), code.to_owned())));
        let body = json!({"email": email, "password": PASSWORD});
        shop.guest().post("/auth/register", &body).await.json(201);
        let login = shop.guest().logs_in(&email, PASSWORD).await.json(200);
        let ada = shop.guest().with_token(login["access_token"].as_str().unwrap());
        let change = json!({"current_password": PASSWORD, "password": password});
        ada.json("PUT", "/users/me/password", &[], &change).await.faults(&all_at_once);
        let token = shop.reset_token(&email).await;
        let reset = |password: &str| json!({"token": token, "password": password});
        let guest = shop.guest();
        guest.post("/auth/password/reset", &reset(&password)).await.faults(&all_at_once);
        guest.logs_in(&email, PASSWORD).await.json(200);
        guest.post("/auth/password/reset", &reset("An0ther-horse!")).await.json(200); // the link was not spent
        let short = json!({"email": "Ab1@Example.com", "password": "AB1@example.Com"});
        guest.post("/auth/register", &short).await.faults(&[("/password", "contains-email")]);
        let part = json!({"email": "ab1@example.com", "password": "My-Ab1-example"});
        guest.post("/auth/register", &part).await.json(201);
    }

    async fn i03_another_setting_hashes_anew_at_the_next_login_and_keeps_nobody_out(shop: Shop) {
        let mut shop = shop;
        let database = shop.database().await;
        let (ada, eve) = (shop.newcomer(json!({})).await, shop.newcomer(json!({})).await);
        for (setting, before, after) in [("argon2id", "$2", "$argon2id$"), ("bcrypt", "$argon2id$", "$2")] {
            shop.restart_with("CARAT__SECURITY__PASSWORD_HASH", setting).await;
            ada.get("/users/me").await.json(200); // who is signed in stays so
            ada.logs_in(&ada.email, "Corr3ct-house!").await.problem(401, "invalid-credentials");
            assert!(is_hashed_with(&database, &ada, before).await, "a wrong password hashes nothing anew");
            ada.logs_in(&ada.email, PASSWORD).await.json(200);
            assert!(is_hashed_with(&database, &ada, after).await, "{setting}");
            ada.logs_in(&ada.email, PASSWORD).await.json(200);
            ada.logs_in(&ada.email, "Corr3ct-house!").await.problem(401, "invalid-credentials");
            assert!(is_hashed_with(&database, &eve, "$2").await, "who has not come back keeps their hash");
        }
        shop.restart_with("CARAT__SECURITY__PASSWORD_HASH", "argon2id").await;
        let proof = eve.post("/auth/step-up", &json!({"password": PASSWORD})).await;
        proof.json(200); // both kinds prove who one is, too
        let change = json!({"current_password": PASSWORD, "password": "An0ther-horse!"});
        eve.json("PUT", "/users/me/password", &[], &change).await.json(200);
        assert!(is_hashed_with(&database, &eve, "$argon2id$").await);
        eve.logs_in(&eve.email, "An0ther-horse!").await.json(200);
    }
}

#[tokio::test]
async fn a_shop_may_hash_with_argon2id() {
    let shop = Shop::open_with(Engine::Sqlite, &[("CARAT__SECURITY__PASSWORD_HASH", "argon2id")]).await;
    let newcomer = shop.newcomer(json!({})).await;
    newcomer.logs_in(&newcomer.email, PASSWORD).await.is(200);
    newcomer.logs_in(&newcomer.email, "Corr3ct-house!").await.problem(401, "invalid-credentials");
    shop.guest().logs_in("nobody@example.com", PASSWORD).await.problem(401, "invalid-credentials");
}
