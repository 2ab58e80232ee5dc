//! The server dies in the middle of a request: its key is taken over once the lease has ended. And what else needs a shop
//! with settings of its own.

use super::{Keyed, is_first, repeats};
use crate::harness::shop::PASSWORD;
use crate::harness::{Engine, Shop, unique};
use serde_json::json;
use std::time::Duration;

/// A hash takes seconds, so that there is a middle.
const SLOW: [(&str, &str); 1] = [("CARAT__SECURITY__BCRYPT_COST", "14")];
const END_OF_LEASE: &str =
    "UPDATE idempotency_keys SET leased_until = '2020-01-01T00:00:00+00:00' WHERE state = 'running'";

async fn a_request_that_died_is_taken_over(engine: Engine) {
    let shop = Shop::open_with(engine, &SLOW).await;
    let guest = shop.guest();
    let email = format!("{}@example.com", unique("died"));
    let register = Keyed::fresh("POST", "/auth/register", &json!({"email": email, "password": PASSWORD}));
    let database = shop.database().await;
    let dying = {
        let (guest, register) = (guest.clone(), register.clone());
        tokio::spawn(async move {
            let headers = [("content-type", "application/json"), ("idempotency-key", register.key.as_str())];
            guest.try_ask("POST", "/api/v1/auth/register", &headers, Some(register.body.clone())).await
        })
    };
    let running = "UPDATE idempotency_keys SET state = state WHERE state = 'running'";
    crate::harness::until("the request runs", async || (database.execute(running).await.ok()? == 1).then_some(()))
        .await;
    shop.kill_minus_9();
    assert!(dying.await.unwrap().is_err(), "nobody was told anything");
    shop.start().await;

    is_first(register.by(&guest).await).problem(409, "idempotency-key-in-use");
    let other = json!({"email": email, "password": PASSWORD, "name": "Ada"}).to_string().into_bytes();
    Keyed { body: other, ..register.clone() }.by(&guest).await.problem(422, "idempotency-key-reused");
    assert_eq!(database.execute(END_OF_LEASE).await.unwrap(), 1);
    let first = is_first(register.by(&guest).await.is(201));
    repeats(&register.by(&guest).await, &first);
    let again = Keyed { key: unique("key"), ..register };
    again.by(&guest).await.problem(409, "email-taken"); // there is one account
}

#[tokio::test]
async fn a_request_that_died_is_taken_over_on_sqlite() {
    a_request_that_died_is_taken_over(Engine::Sqlite).await;
}

#[tokio::test]
async fn a_request_that_died_is_taken_over_on_postgres() {
    a_request_that_died_is_taken_over(Engine::Postgres).await;
}

async fn a_twin_of_a_running_request_waits(engine: Engine) {
    let shop = Shop::open_with(engine, &SLOW).await;
    let guest = shop.guest();
    let email = format!("{}@example.com", unique("twin"));
    let register = Keyed::fresh("POST", "/auth/register", &json!({"email": email, "password": PASSWORD}));
    let first = register.by(&guest);
    let twin = async {
        tokio::time::sleep(Duration::from_millis(250)).await; // the hash takes longer
        register.by(&guest).await
    };
    let (first, twin) = tokio::join!(first, twin);
    assert!(twin.header("retry-after").is_some());
    twin.problem(409, "idempotency-key-in-use");
    repeats(&register.by(&guest).await, &first.is(201));
}

#[tokio::test]
async fn a_twin_of_a_running_request_waits_on_sqlite() {
    a_twin_of_a_running_request_waits(Engine::Sqlite).await;
}

#[tokio::test]
async fn a_twin_of_a_running_request_waits_on_postgres() {
    a_twin_of_a_running_request_waits(Engine::Postgres).await;
}

#[tokio::test]
async fn guests_at_other_addresses_have_keys_of_their_own() {
    let shop = Shop::open_with(Engine::Sqlite, &[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let guest = shop.guest();
    let request = Keyed::fresh("POST", "/carts", &json!({}));
    let from = async |address: &str| request.with(&guest, &[("x-forwarded-for", address)]).await.is(201);
    let first = is_first(from("203.0.113.1").await);
    is_first(from("203.0.113.2").await);
    repeats(&from("203.0.113.1").await, &first);
    repeats(&from("198.51.100.9, 203.0.113.1").await, &first);
}

#[tokio::test]
async fn a_flood_is_not_kept() {
    let shop =
        Shop::open_with(Engine::Sqlite, &[("RATE_LIMIT_PER_MINUTE", "2"), ("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let guest = shop.guest();
    let request = Keyed::fresh("POST", "/carts", &json!({}));
    for _ in 0..2 {
        guest.get("/products").await.is(200);
    }
    is_first(request.by(&guest).await).problem(429, "rate-limited");
    assert_eq!(shop.database().await.dump().await.iter().filter(|row| row.starts_with("idempotency_keys")).count(), 0);
}
