//! Passwords: which are refused although they obey the rule, and how the shop may be told to hash them.

use crate::harness::shop::PASSWORD;
use crate::harness::{Engine, Shop, unique};
use serde_json::json;

#[tokio::test]
async fn a_password_that_everybody_tries_first_is_refused() {
    let shop = Shop::open(Engine::Sqlite).await;
    for password in ["Password1!", "P@ssw0rd", "Qwerty_123!", "Summer2026!"] {
        let body = json!({"email": format!("{}@example.com", unique("ada")), "password": password});
        shop.guest().post("/auth/register", &body).await.faults(&[("/password", "too-common")]);
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
