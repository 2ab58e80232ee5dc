//! The rules of idempotency keys.

use crate::support::*;
use actix_web::test::TestRequest;
use application::RepositoryError;
use application::cart::shop::CartError;
use serde_json::json;
use web::Site;

fn site_that_opens(times: usize) -> Site {
    let mut doubles = Doubles::default();
    doubles.fill_carts.expect_open().times(times).returning(|_, _| Ok(cart()));
    doubles.site()
}

fn open(key: &str) -> TestRequest {
    post("/api/v1/carts", &json!({"currency": "EUR"})).keyed(key)
}

#[actix_web::test]
async fn the_same_request_again_gets_the_first_answer_byte_for_byte() {
    let site = site_that_opens(1);
    let first = ask(&site, open("k")).await;
    let again = ask(&site, open("k")).await;
    assert_eq!(
        (first.status, &first.body, first.header("location")),
        (again.status, &again.body, again.header("location"))
    );
    assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), ("", "true"));
    assert_eq!(again.header("content-type"), "application/json");
    assert_ne!(first.header("x-request-id"), again.header("x-request-id"));
}

#[actix_web::test]
async fn another_request_with_the_same_key_is_refused() {
    let site = site_that_opens(1);
    ask(&site, open("k")).await;
    let other = post("/api/v1/carts", &json!({"currency": "USD"})).keyed("k");
    assert_eq!(ask(&site, other).await.problem(), (422, "idempotency-key-reused".to_owned()));
}

#[actix_web::test]
async fn the_same_key_of_another_caller_is_another_key() {
    let site = site_that_opens(2);
    ask(&site, open("k")).await;
    assert_eq!(ask(&site, open("k").by("customer")).await.header("idempotent-replayed"), "");
}

#[actix_web::test]
async fn a_running_twin_is_told_to_wait() {
    let mut doubles = Doubles::default();
    // A handler that panics leaves its claim, as one that still runs.
    doubles.fill_carts.expect_open().times(1).returning(|_, _| panic!("on purpose"));
    let site = doubles.site();
    assert_eq!(ask(&site, open("k")).await.status, 500);
    let twin = ask(&site, open("k")).await;
    assert_eq!(twin.problem(), (409, "idempotency-key-in-use".to_owned()));
}

#[actix_web::test]
async fn failures_of_ours_are_not_kept() {
    let mut doubles = Doubles::default();
    let mut answers = vec![Ok(cart()), Err(RepositoryError::unavailable("away"))];
    doubles.fill_carts.expect_open().times(2).returning(move |_, _| answers.pop().unwrap().map_err(CartError::from));
    let site = doubles.site();
    assert_eq!(ask(&site, open("k")).await.problem().0, 503);
    assert_eq!(ask(&site, open("k")).await.status, 201);
}

#[actix_web::test]
async fn what_was_refused_before_it_ran_is_not_kept() {
    let site = site_that_opens(1);
    let wrong = post("/api/v1/carts", &json!({"currency": "nope"})).keyed("k");
    assert_eq!(ask(&site, wrong).await.problem().0, 422);
    assert_eq!(ask(&site, open("k")).await.status, 201);
    let nobody = TestRequest::post().uri("/api/v1/auth/logout").keyed("l");
    assert_eq!(ask(&site, nobody).await.problem().0, 401);
    let nobody = TestRequest::post().uri("/api/v1/auth/logout").keyed("l");
    assert_eq!(ask(&site, nobody).await.header("idempotent-replayed"), "");
}

#[actix_web::test]
async fn a_refusal_of_an_executed_request_is_kept() {
    let mut doubles = Doubles::default();
    doubles.fill_carts.expect_add().times(1).returning(|_, _, _, _| Err(CartError::NotFound));
    let site = doubles.site();
    let add =
        || post(&format!("/api/v1/carts/{}/lines", id(20)), &json!({"variant_id": id(7), "quantity": 1})).keyed("k");
    let (first, again) = (ask(&site, add()).await, ask(&site, add()).await);
    assert_eq!((first.status.as_u16(), &first.body), (404, &again.body));
    assert_eq!(again.header("content-type"), "application/problem+json");
}

#[actix_web::test]
async fn a_login_is_repeated_with_its_cookies() {
    let mut doubles = Doubles::default();
    doubles.sign_in.expect_log_in().times(1).returning(|_, _, _| Ok(logged_in()));
    let site = doubles.site();
    let login = || post("/api/v1/auth/login", &json!({"email": "a@b.co", "password": "x"})).keyed("k");
    let (first, again) = (ask(&site, login()).await, ask(&site, login()).await);
    assert_eq!((again.header("idempotent-replayed"), &again.body), ("true", &first.body));
    let cookies = |answer: &Answer| answer.headers.get_all("set-cookie").cloned().collect::<Vec<_>>();
    assert!(!cookies(&first).is_empty());
    assert_eq!(cookies(&again), cookies(&first));
}

#[actix_web::test]
async fn another_holder_of_a_refresh_token_has_keys_of_their_own() {
    let site = site_that_opens(2);
    for (cookie, replayed) in [("carat_refresh=a", ""), ("carat_refresh=b", ""), ("carat_refresh=a", "true")] {
        let answer = ask(&site, open("k").insert_header(("cookie", cookie))).await;
        assert_eq!(answer.header("idempotent-replayed"), replayed, "{cookie}");
    }
}

#[actix_web::test]
async fn a_malformed_key_is_refused_wherever_keys_are_honoured() {
    let site = Doubles::default().site();
    assert_eq!(ask(&site, open("a b")).await.problem(), (400, "idempotency-key-invalid".to_owned()));
}
