//! I8: wrong passwords are counted, and whoever is locked out knows for how long; nobody locks an owner out for good.

use crate::harness::shop::PASSWORD;
use crate::harness::{Actor, Answer, Shop, on_both_databases, unique};
use futures_util::future::join_all;
use serde_json::json;

async fn tries(actor: &Actor, password: &str, cookie: &str) -> Answer {
    tries_at(&actor.email, actor, password, cookie).await
}

async fn tries_at(email: &str, actor: &Actor, password: &str, cookie: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    let headers = [("cookie", cookie), ("sec-fetch-site", "same-origin")];
    let headers = if cookie.is_empty() { &headers[..0] } else { &headers[..] };
    actor.without_token().json("POST", "/auth/login", headers, &body).await
}

/// How often each status was answered.
fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

on_both_databases! {
    async fn i08_five_wrong_passwords_lock_the_address_for_this_client(shop: Shop) {
        let customer = shop.customer().await;
        for _ in 0..5 {
            tries(&customer, "Wrong-1234", "").await.problem(401, "invalid-credentials");
        }
        let locked = tries(&customer, PASSWORD, "").await;
        let seconds: u64 = locked.header("retry-after").unwrap().parse().unwrap();
        assert!((800..=901).contains(&seconds), "{seconds}");
        locked.problem(423, "login-locked");
        shop.restart().await;
        tries(&customer, PASSWORD, "").await.problem(423, "login-locked");
        shop.beside().await.same(&customer).logs_in(&customer.email, PASSWORD).await.problem(423, "login-locked");
        customer.get("/users/me").await.json(200); // who is signed in stays so
        shop.customer().await; // and others are let in
    }

    async fn i08_wrong_passwords_at_once_do_not_outrun_the_count(shop: Shop) {
        let customer = shop.customer().await;
        let answers = join_all((0..24).map(|_| tries(&customer, "Wrong-1234", ""))).await;
        assert_eq!((count(&answers, 401), count(&answers, 423)), (5, 19));
    }

    async fn i08_a_browser_that_was_here_before_has_its_own_count(shop: Shop) {
        let customer = shop.customer().await;
        let login = customer.logs_in(&customer.email, PASSWORD).await.is(200);
        let (value, attributes) = login.set_cookie("carat_device").expect("a device cookie");
        assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Strict"), "{attributes}");
        for _ in 0..5 {
            tries(&customer, "Wrong-1234", "").await.problem(401, "invalid-credentials");
        }
        tries(&customer, PASSWORD, "").await.problem(423, "login-locked");
        let device = format!("carat_device={value}");
        tries(&customer, PASSWORD, &device).await.json(200);
        let other = shop.customer().await;
        for _ in 0..5 {
            tries(&other, "Wrong-1234", &device).await.problem(401, "invalid-credentials");
        }
        tries(&other, PASSWORD, &device).await.problem(423, "login-locked");
    }

    async fn i08_an_unknown_address_looks_like_a_wrong_password(shop: Shop) {
        let customer = shop.customer().await;
        let nobody = format!("{}@example.com", unique("nobody"));
        let shape = |answer: Answer| {
            let mut document = answer.value();
            document["request_id"] = json!(null);
            let mut headers: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
            headers.sort();
            (answer.status, document, headers)
        };
        for _ in 0..6 {
            let known = shape(tries(&customer, "Wrong-1234", "").await);
            let unknown = shape(tries_at(&nobody, &customer, "Wrong-1234", "").await);
            assert_eq!(known, unknown);
        }
    }
}

/// A shop that hashes dearly and has a short queue.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn i08_a_flood_of_logins_is_answered_503_and_leaves_the_catalogue_open() {
    let dear = [("CARAT__SECURITY__BCRYPT_COST", "13"), ("RATE_LIMIT_PER_MINUTE", "0")];
    let shop = Shop::open_with(crate::harness::Engine::Sqlite, &dear).await;
    shop.may_log("a request failed");
    let guest = shop.guest();
    let strangers: Vec<String> = (0..150).map(|_| format!("{}@example.com", unique("flood"))).collect();
    let flood = join_all(strangers.iter().map(|email| tries_at(email, &guest, "Wrong-1234", "")));
    let browsing = async {
        for _ in 0..30 {
            shop.guest().get("/products").await.json(200);
        }
    };
    let (answers, ()) = tokio::join!(flood, browsing);
    assert!(count(&answers, 503) > 0, "nobody was sent away");
    assert_eq!(count(&answers, 503) + count(&answers, 401), answers.len());
    for answer in answers.into_iter().filter(|answer| answer.status == 503) {
        assert!(answer.header("retry-after").is_some());
        answer.problem(503, "service-unavailable");
    }
}
