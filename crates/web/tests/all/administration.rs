//! What admins do, and API keys: what each operation hands to its use case, and what it answers.

use crate::support::*;
use actix_web::test::TestRequest;
use application::identity::administration::AdministerError;
use application::identity::api_keys::{CreateApiKeyError, CreatedApiKey};
use application::identity::ports::{AccountSort, AccountStatus};
use application::identity::register_many::RowRefusal;
use chrono::TimeDelta;
use domain::identity::{AccountChangeRefusal, ApiKeyRefusal, Role, Scope};
use domain::kernel::Page;
use serde_json::{Value, json};

fn change(body: &Value) -> TestRequest {
    TestRequest::patch().uri(&format!("/api/v1/admin/users/{}", id(2))).set_json(body).by("admin")
}

#[actix_web::test]
async fn accounts_are_found_by_words_role_and_status() {
    let mut doubles = Doubles::default();
    doubles
        .look_after_accounts
        .expect_list()
        .withf(|_, filter, sort, page| {
            filter.text.as_deref() == Some("ada")
                && filter.role == Some(Role::Seller)
                && filter.status == Some(AccountStatus::Unverified)
                && *sort == AccountSort::EmailAscending
                && page.limit.rows() == 5
        })
        .return_once(|_, _, _, _| Ok(Page { data: vec![account()], next: None }));
    let asked = get("/api/v1/admin/users?q=ada&role=seller&status=unverified&sort=email&limit=5").by("admin");
    let row = ask(&doubles.site(), asked).await.json()["data"][0].clone();
    assert_eq!((row["email"].clone(), row["role"].clone()), (json!("ada@example.com"), json!("seller")));
    assert_eq!((row["status"].clone(), row["sessions"].clone()), (json!("active"), json!(2)));
    assert_eq!((row["two_factor"].clone(), row["disabled_at"].clone()), (json!(true), json!(null)));
    assert!(!row.to_string().contains("hash\":\""), "{row}");
}

#[actix_web::test]
async fn what_no_list_of_accounts_has_is_refused() {
    let asked = get("/api/v1/admin/users?role=king&status=gone&sort=shoe_size").by("admin");
    let answer = ask(&Doubles::default().site(), asked).await;
    assert_eq!(answer.problem(), (422, "validation-failed".to_owned()));
    assert_eq!(answer.json()["errors"].as_array().unwrap().len(), 3);
}

#[actix_web::test]
async fn each_refusal_of_a_change_has_its_code() {
    for (error, status, code) in [
        (AdministerError::NotFound, 404, "user-not-found"),
        (AdministerError::OwnAccount, 409, "own-account"),
        (AdministerError::LastAdmin, 409, "last-admin"),
        (AdministerError::Change(AccountChangeRefusal::Deleted), 409, "account-deleted"),
        (AdministerError::Change(AccountChangeRefusal::ShopNameMissing), 422, "validation-failed"),
        (AdministerError::Change(AccountChangeRefusal::NotASeller), 422, "validation-failed"),
    ] {
        let mut doubles = Doubles::default();
        doubles.look_after_accounts.expect_change().return_once(|_, _, _, _| Err(error));
        let answer = ask(&doubles.site(), change(&json!({"role": "seller"}))).await;
        assert_eq!(answer.problem(), (status, code.to_owned()));
    }
}

#[actix_web::test]
async fn a_change_names_what_it_changes_and_nothing_else() {
    let mut doubles = Doubles::default();
    doubles
        .look_after_accounts
        .expect_change()
        .withf(|_, id_, change, client| {
            id_.uuid() == id(2)
                && change.active == Some(false)
                && change.role.is_none()
                && change.shop_name.is_none()
                && client.address.to_string() == "203.0.113.7"
        })
        .return_once(|_, _, _, _| Ok(account()));
    assert_eq!(ask(&doubles.site(), change(&json!({"status": "disabled"}))).await.status, 200);
    let unknown = ask(&Doubles::default().site(), change(&json!({"email": "a@b.co"}))).await;
    assert_eq!(unknown.json()["errors"][0]["code"], "unknown-field");
}

#[actix_web::test]
async fn the_security_log_is_read_by_kind_user_and_time() {
    let mut doubles = Doubles::default();
    doubles
        .view_security_log
        .expect_list()
        .withf(|_, filter, _| {
            filter.kind.is_some_and(|kind| kind.name() == "login_failed")
                && filter.user.is_some_and(|user| user.uuid() == id(1))
                && filter.since == Some(now() - TimeDelta::hours(1))
        })
        .return_once(|_, _, _| Ok(Page { data: vec![logged_event()], next: None }));
    let asked =
        format!("/api/v1/admin/security-log?kind=login_failed&user={}&since=2027-01-15T08:00:00%2B01:00", id(1));
    let row = ask(&doubles.site(), get(&asked).by("admin")).await.json()["data"][0].clone();
    assert_eq!((row["kind"].clone(), row["email"].clone()), (json!("login_failed"), json!("a…@example.com")));
    let asked = get("/api/v1/admin/security-log?kind=x&user=1&since=yesterday").by("admin");
    assert_eq!(ask(&Doubles::default().site(), asked).await.json()["errors"].as_array().unwrap().len(), 3);
}

#[actix_web::test]
async fn a_new_key_is_shown_and_again_to_who_lost_the_answer() {
    let mut doubles = Doubles::default();
    doubles
        .keep_api_keys
        .expect_create()
        .withf(|_, wish, _| wish.name == "Till" && wish.scopes.iter().eq([Scope::SalesRead]))
        .times(1)
        .returning(|_, _, _| Ok(CreatedApiKey { key: api_key(), secret: "carat_secret".to_owned() }));
    let site = doubles.site();
    for _ in 0..2 {
        let body = json!({"name": " Till ", "scopes": ["sales:read"]});
        let answer = ask(&site, post("/api/v1/users/me/api-keys", &body).by("customer").keyed("k")).await;
        assert_eq!((answer.status.as_u16(), answer.json()["key"].clone()), (201, json!("carat_secret")));
        assert_eq!(answer.json()["scopes"], json!(["sales:read"]));
        assert!(answer.json().get("digest").is_none());
    }
}

#[actix_web::test]
async fn a_key_that_is_refused_is_told_why() {
    for (error, status, code) in [
        (CreateApiKeyError::TooMany, 409, "too-many-api-keys"),
        (CreateApiKeyError::Refused(ApiKeyRefusal::Expired), 422, "validation-failed"),
    ] {
        let mut doubles = Doubles::default();
        doubles.keep_api_keys.expect_create().return_once(|_, _, _| Err(error));
        let body = json!({"name": "Till", "scopes": ["sales:read"], "expires_at": "2020-01-01T00:00:00Z"});
        let answer = ask(&doubles.site(), post("/api/v1/users/me/api-keys", &body).by("customer")).await;
        assert_eq!(answer.problem(), (status, code.to_owned()));
    }
    let body = json!({"name": "", "scopes": ["everything"]});
    let answer = ask(&Doubles::default().site(), post("/api/v1/users/me/api-keys", &body).by("customer")).await;
    assert_eq!(answer.problem(), (422, "validation-failed".to_owned()));
}

#[actix_web::test]
async fn a_key_that_is_not_there_cannot_be_revoked() {
    let mut doubles = Doubles::default();
    doubles.keep_api_keys.expect_revoke().return_once(|_, _, _| Ok(false));
    let request = TestRequest::delete().uri(&format!("/api/v1/users/me/api-keys/{}", id(9))).by("customer");
    assert_eq!(ask(&doubles.site(), request).await.problem(), (404, "not-found".to_owned()));
}

#[actix_web::test]
async fn each_row_of_a_batch_has_its_result_with_everything_that_is_wrong() {
    let mut doubles = Doubles::default();
    doubles
        .register_many
        .expect_register_many()
        .withf(|_, rows, of, _| rows.len() == 2 && *of == 3 && rows.iter().all(|row| !row.email_verified))
        .return_once(|_, _, _, _| Ok(vec![Ok(user(Role::Customer).id), Err(RowRefusal::EmailTaken)]));
    let body = json!({"users": [
        {"email": "a@b.co", "password": "Corr3ct-horse"},
        {"email": "nobody", "password": "abc", "role": "admin", "extra": 1},
        {"email": "c@d.co", "password": "Corr3ct-horse", "role": "seller", "shop_name": "Shop"},
    ]});
    let answer = ask(&doubles.site(), post("/api/v1/auth/register/bulk", &body).by("admin")).await.json();
    assert_eq!((answer["created"].clone(), answer["failed"].clone()), (json!(1), json!(2)));
    assert_eq!(answer["results"][0], json!({"index": 0, "status": 201, "id": id(1)}));
    let faults: Vec<_> =
        answer["results"][1]["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    for pointer in ["/users/1/email", "/users/1/password", "/users/1/role", "/users/1/extra"] {
        assert!(faults.contains(&json!(pointer)), "{pointer}: {faults:?}");
    }
    assert_eq!(
        (answer["results"][2]["status"].clone(), answer["results"][2]["errors"][0]["code"].clone()),
        (json!(409), json!("email-taken"))
    );
}

#[actix_web::test]
async fn a_batch_has_one_to_a_thousand_rows() {
    for rows in [0, 1001] {
        let body = json!({"users": vec![json!({}); rows]});
        let answer = ask(&Doubles::default().site(), post("/api/v1/auth/register/bulk", &body).by("admin")).await;
        assert_eq!(answer.problem(), (422, "validation-failed".to_owned()), "{rows}");
    }
}
