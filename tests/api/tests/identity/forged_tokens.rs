//! Tokens that the shop did not give out, by the hundred: none opens anything, by header or by cookie, and the server stands.

use crate::harness::{Engine, Shop};
use testkit::forgeries::forgeries;

#[tokio::test]
#[expect(clippy::print_stdout, reason = "how many there were is worth knowing")]
async fn no_forged_token_opens_anything() {
    let shop = Shop::open(Engine::Sqlite).await;
    let customer = shop.customer().await;
    let forgeries = forgeries(&shop.signing_key_pem(), &customer.token.clone().unwrap());
    println!("{} forged tokens", forgeries.len());
    assert!(forgeries.len() >= 100);
    for (name, token) in &forgeries {
        let by_header = customer.with_token(token).get("/users/me").await;
        assert_eq!(by_header.status, 401, "{name}, by header: {}", by_header.text());
        by_header.any_problem();
        let cookie = format!("carat_session={token}");
        let browser = customer.without_token();
        let by_cookie = browser.ask("GET", "/api/v1/users/me", &[("cookie", &cookie)], None).await;
        assert_eq!(by_cookie.status, 401, "{name}, by cookie: {}", by_cookie.text());
        by_cookie.any_problem();
    }
    assert_eq!(customer.get("/users/me").await.json(200)["id"], customer.id, "the good one is still good");
    shop.guest().page("/health/ready").await.is(200);
}
