//! Each operation: what it hands to its use case, and what it answers.

use crate::support::*;
use actix_web::test::TestRequest;
use application::RepositoryError;
use application::cart::shop::CartError;
use application::catalog::views::{ProductFilter, ProductKey, ProductSort, Shortage};
use application::checkout::cancel::CancelError;
use application::checkout::place_order::{PlaceOrderError, PlacedOrder};
use application::checkout::tenders::{CodeFault, CodeRefusal};
use application::identity::change_email::ChangeEmailError;
use application::identity::delete_account::DeleteAccountError;
use application::identity::policy::Refusal;
use application::identity::ports::{HashingFailed, SecondFactor};
use application::identity::profile::{EditProfileError, ProfileEdit};
use application::identity::register::RegisterError;
use application::identity::sign_in::LogInError;
use application::identity::step_up::ProofMethod;
use application::identity::verify_email::VerifyEmailError;
use application::payments::hear::HearError;
use application::payments::ports::InvalidEvent;
use domain::catalog::StockChange;
use domain::identity::{ProfileChange, Role, User};
use domain::kernel::{Applied, Currency, Cursor, EmailAddress, GiftCardId, OrderId, Page, UserId, VariantId};
use domain::orders::{OrderState, OrderStatus, Tender, TenderSource};
use domain::payments::{Payment, Purpose};
use serde_json::json;

const GOOD_PASSWORD: &str = "Corr3ct-horse";

#[actix_web::test]
async fn who_registers_gets_their_account() {
    let mut doubles = Doubles::default();
    doubles.register_users.expect_register().times(1).returning(|registration| {
        assert_eq!((registration.role, registration.email_verified), (Role::Seller, false));
        assert_eq!((registration.name.as_deref(), registration.email.as_str()), (Some("Ada"), "ada@example.com"));
        Ok(user(Role::Seller))
    });
    let body = json!({"email": " Ada@Example.com", "password": GOOD_PASSWORD, "name": " Ada ", "role": "seller", "shop_name": "Ada's"});
    let answer = ask(&doubles.site(), post("/api/v1/auth/register", &body)).await;
    assert_eq!(answer.status, 201);
    assert_eq!(
        answer.json(),
        json!({"id": id(1), "email": "ada@example.com", "name": "Ada", "role": "seller", "shop_name": "Ada's",
            "email_verified": false, "created_at": "2027-01-15T08:00:00Z", "pending_email": null, "phone": null,
            "avatar_url": null, "has_password": true})
    );
}

#[actix_web::test]
async fn nobody_registers_as_an_admin_and_all_faults_are_told() {
    let body = json!({"email": "nobody", "password": "abc", "role": "admin", "is_admin": true});
    let answer = ask(&Doubles::default().site(), post("/api/v1/auth/register", &body)).await;
    assert_eq!(answer.problem(), (422, "validation-failed".to_owned()));
    let errors = answer.json()["errors"].clone();
    let mut told: Vec<_> =
        errors.as_array().unwrap().iter().map(|e| format!("{} {}", e["pointer"], e["code"]).replace('"', "")).collect();
    told.sort();
    let expected = [
        "/email email",
        "/is_admin unknown-field",
        "/password no-digit",
        "/password no-special",
        "/password no-upper-case",
        "/password too-short",
        "/role type",
    ];
    assert_eq!(told, expected);
}

#[actix_web::test]
async fn a_seller_without_a_shop_name_is_asked_for_it() {
    let body = json!({"email": "a@b.co", "password": GOOD_PASSWORD, "role": "seller", "shop_name": "  "});
    let answer = ask(&Doubles::default().site(), post("/api/v1/auth/register", &body)).await;
    assert_eq!(answer.json()["errors"][0]["pointer"], "/shop_name");
    assert_eq!(answer.json()["errors"][0]["code"], "required");
}

#[actix_web::test]
async fn a_taken_address_is_a_conflict_and_a_busy_hasher_a_503() {
    for (error, status, code) in [
        (RegisterError::EmailTaken, 409, "email-taken"),
        (RegisterError::Hashing(HashingFailed::Busy), 503, "service-unavailable"),
    ] {
        let mut doubles = Doubles::default();
        doubles.register_users.expect_register().return_once(|_| Err(error));
        let body = json!({"email": "a@b.co", "password": GOOD_PASSWORD});
        let answer = ask(&doubles.site(), post("/api/v1/auth/register", &body)).await;
        assert_eq!(answer.problem(), (status, code.to_owned()));
        assert_eq!(answer.headers.contains_key("retry-after"), status == 503);
    }
}

#[actix_web::test]
async fn a_code_proves_an_address_or_is_refused() {
    for (error, status, code) in [
        (VerifyEmailError::Wrong, 422, "verification-code-invalid"),
        (VerifyEmailError::Expired, 410, "verification-code-expired"),
    ] {
        let mut doubles = Doubles::default();
        doubles.verify_emails.expect_verify().return_once(|_, _| Err(error));
        let request = post("/api/v1/auth/verify-email", &json!({"email": "a@b.co", "code": "123456"}));
        assert_eq!(ask(&doubles.site(), request).await.problem(), (status, code.to_owned()));
    }
    let mut doubles = Doubles::default();
    doubles
        .verify_emails
        .expect_verify()
        .withf(|_, code| code == "123456")
        .return_once(|_, _| Ok(user(Role::Customer)));
    let request = post("/api/v1/auth/verify-email", &json!({"email": "a@b.co", "code": " 123456 "}));
    assert_eq!(ask(&doubles.site(), request).await.status, 200);
}

#[actix_web::test]
async fn another_code_is_always_accepted() {
    let mut doubles = Doubles::default();
    doubles.verify_emails.expect_resend().times(1).returning(|_| Ok(()));
    let answer = ask(&doubles.site(), post("/api/v1/auth/resend-verification", &json!({"email": "a@b.co"}))).await;
    assert_eq!(answer.status, 202);
    assert!(answer.json()["message"].is_string());
}

#[actix_web::test]
async fn a_login_answers_the_token_and_sets_the_cookie() {
    let mut doubles = Doubles::default();
    doubles.settings.secure_cookies = true;
    doubles.sign_in.expect_log_in().return_once(|_, _, _| Ok(logged_in()));
    let answer = ask(&doubles.site(), post("/api/v1/auth/login", &json!({"email": "a@b.co", "password": "x"}))).await;
    let body = answer.json();
    assert_eq!((body["access_token"].clone(), body["expires_in"].clone()), (json!("jwt"), json!(900)));
    assert_eq!(
        (body["token_type"].clone(), body["user"]["email"].clone()),
        (json!("bearer"), json!("ada@example.com"))
    );
    let cookie = answer.header("set-cookie");
    for part in ["carat_session=jwt", "HttpOnly", "SameSite=Strict", "Secure", "Path=/", "Max-Age=900"] {
        assert!(cookie.contains(part), "{part} is missing in {cookie}");
    }
    assert!(!answer.text().contains("hash"));
}

#[actix_web::test]
async fn an_edit_of_a_profile_hands_on_what_was_named() {
    let mut doubles = Doubles::default();
    doubles.edit_profile.expect_edit().times(1).returning(|_, edit, _| {
        let profile =
            ProfileChange { name: Some(Some("Ada".to_owned())), phone: Some(None), ..ProfileChange::default() };
        assert_eq!(edit, ProfileEdit { profile, email: Some(EmailAddress::parse("new@example.com").unwrap()) });
        let pending_email = edit.email;
        Ok(User { pending_email, ..user(Role::Customer) })
    });
    let body = json!({"name": " Ada ", "phone": " ", "email": "New@Example.com"});
    let request = TestRequest::patch().uri("/api/v1/users/me").set_json(&body).by("customer");
    let answer = ask(&doubles.site(), request).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["pending_email"]), (200, &json!("new@example.com")));
}

#[actix_web::test]
async fn a_new_address_without_a_fresh_proof_is_told_how_to_give_one() {
    let mut doubles = Doubles::default();
    let refused = || EditProfileError::Refused(Refusal::ProofNotFresh);
    doubles.edit_profile.expect_edit().return_once(move |_, _, _| Err(refused()));
    let methods = vec![ProofMethod::Password, ProofMethod::Factor(SecondFactor::Passkey)];
    doubles.step_up.expect_methods().return_once(|_| Ok(methods));
    let body = json!({"email": "new@example.com"});
    let request = TestRequest::patch().uri("/api/v1/users/me").set_json(&body).by("customer");
    let answer = ask(&doubles.site(), request).await;
    assert_eq!(answer.problem(), (403, "fresh-proof-required".to_owned()));
    assert_eq!(answer.json()["methods"], json!(["password", "passkey"]));
}

#[actix_web::test]
async fn too_many_new_addresses_have_to_wait() {
    let mut doubles = Doubles::default();
    let until = now() + chrono::TimeDelta::seconds(90);
    doubles.edit_profile.expect_edit().return_once(move |_, _, _| Err(EditProfileError::TooManyChanges { until }));
    let body = json!({"email": "new@example.com"});
    let request = TestRequest::patch().uri("/api/v1/users/me").set_json(&body).by("customer");
    let answer = ask(&doubles.site(), request).await;
    assert_eq!((answer.problem().0, answer.header("retry-after")), (429, "91"));
}

#[actix_web::test]
async fn a_new_address_is_confirmed_or_refused() {
    for (error, status, code) in [
        (ChangeEmailError::Wrong, 422, "verification-code-invalid"),
        (ChangeEmailError::Expired, 410, "verification-code-expired"),
        (ChangeEmailError::EmailTaken, 409, "email-taken"),
        (ChangeEmailError::Gone, 401, "token-invalid"),
    ] {
        let mut doubles = Doubles::default();
        doubles.change_email.expect_confirm().return_once(|_, _| Err(error));
        let request = post("/api/v1/users/me/email/confirm", &json!({"code": "123456"})).by("customer");
        assert_eq!(ask(&doubles.site(), request).await.problem(), (status, code.to_owned()));
    }
}

#[actix_web::test]
async fn a_deleted_account_clears_the_cookies_and_the_last_admin_stays() {
    let mut doubles = Doubles::default();
    doubles.delete_account.expect_delete().return_once(|_| Ok(()));
    let gone = ask(&doubles.site(), TestRequest::delete().uri("/api/v1/users/me").by("customer")).await;
    assert_eq!(gone.status, 204);
    assert!(gone.header("set-cookie").contains("Max-Age=0"));
    let mut doubles = Doubles::default();
    doubles.delete_account.expect_delete().return_once(|_| Err(DeleteAccountError::LastAdmin));
    let stays = ask(&doubles.site(), TestRequest::delete().uri("/api/v1/users/me").by("customer")).await;
    assert_eq!(stays.problem(), (409, "last-admin".to_owned()));
    assert!(!stays.headers.contains_key("set-cookie"));
}

#[actix_web::test]
async fn ones_data_come_as_a_file_without_any_secret() {
    let mut doubles = Doubles::default();
    doubles.take_out.expect_take_out().return_once(|_| Ok(takeout()));
    let answer = ask(&doubles.site(), get("/api/v1/users/me/export").by("customer")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"export-2027-01-15.json\"");
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    assert_eq!((&body["user"]["email"], &body["complete"]), (&json!("ada@example.com"), &json!(true)));
    for part in ["addresses", "orders", "sessions"] {
        assert_eq!(body[part].as_array().unwrap().len(), 1, "{part}");
    }
    for secret in ["$2b$hash", "seed", "password_hash"] {
        assert!(!answer.text().contains(secret), "{secret}");
    }
}

#[actix_web::test]
async fn an_address_is_added_where_its_location_says() {
    let mut doubles = Doubles::default();
    doubles.keep_addresses.expect_add().times(1).returning(|_, entry| {
        assert_eq!((entry.address.line2.as_deref(), entry.is_default), (None, true));
        Ok(saved_address())
    });
    let body = json!({"name": "Ada", "line1": "1 Street", "line2": " ", "city": "Paris", "postal_code": "75001",
        "country": "FR", "default": true});
    let answer = ask(&doubles.site(), post("/api/v1/users/me/addresses", &body).by("customer")).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("location"), format!("/api/v1/users/me/addresses/{}", id(30)));
    let mut expected = body;
    let more = json!({"id": id(30), "line2": null, "region": null, "created_at": "2027-01-15T08:00:00Z",
        "updated_at": "2027-01-15T08:00:00Z"});
    expected.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    assert_eq!(answer.json(), expected);
}

#[actix_web::test]
async fn wrong_credentials_are_a_401() {
    let mut doubles = Doubles::default();
    doubles.sign_in.expect_log_in().return_once(|_, _, _| Err(LogInError::InvalidCredentials));
    let answer = ask(&doubles.site(), post("/api/v1/auth/login", &json!({"email": "a@b.co", "password": "x"}))).await;
    assert_eq!(answer.problem(), (401, "invalid-credentials".to_owned()));
    assert!(!answer.headers.contains_key("set-cookie"));
}

#[actix_web::test]
async fn a_logout_clears_the_cookie() {
    let mut doubles = Doubles::default();
    doubles.keep_sessions.expect_log_out().times(1).returning(|_| Ok(()));
    let answer = ask(&doubles.site(), TestRequest::post().uri("/api/v1/auth/logout").by("customer")).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.header("set-cookie").contains("carat_session=;") && answer.header("set-cookie").contains("Max-Age=0")
    );
}

#[actix_web::test]
async fn tokens_that_are_not_good_are_told_apart() {
    let site = Doubles::default().site();
    for (token, status, code) in
        [("revoked", 401, "token-revoked"), ("other", 401, "token-invalid"), ("away", 503, "service-unavailable")]
    {
        let answer = ask(&site, get("/api/v1/users/me").by(token)).await;
        assert_eq!(answer.problem(), (status, code.to_owned()));
    }
    let answer = ask(&site, get("/api/v1/users/me")).await;
    assert_eq!(answer.problem(), (401, "unauthorized".to_owned()));
    assert_eq!(answer.header("www-authenticate"), "Bearer");
}

#[actix_web::test]
async fn an_old_cookie_is_a_guest_and_a_bad_bearer_is_refused() {
    let mut doubles = Doubles::default();
    doubles.fill_carts.expect_view().times(1).returning(|caller, _| {
        assert!(caller.is_none());
        Ok(cart())
    });
    let site = doubles.site();
    let path = format!("/api/v1/carts/{}", id(20));
    let with_cookie = get(&path).insert_header(("cookie", "carat_session=old"));
    assert_eq!(ask(&site, with_cookie).await.status, 200);
    assert_eq!(ask(&site, get(&path).by("old")).await.problem().0, 401);
}

#[actix_web::test]
async fn the_list_of_products_hands_on_its_filter_and_its_cursor() {
    let mut doubles = Doubles::default();
    let mut pages = vec![None, Some(Cursor { key: "12999".to_owned(), id: id(107) })];
    doubles.browse_catalog.expect_products().times(2).returning(move |filter: &ProductFilter, sort, page| {
        assert_eq!((filter.categories.len(), filter.price_max, sort), (2, Some(20_000), ProductSort::Cheapest));
        let second = page.after.is_some();
        assert_eq!(second.then(|| page.after.clone().unwrap().key), second.then(|| "12999".to_owned()));
        Ok(Page { data: vec![product()], next: pages.pop().unwrap() })
    });
    let site = doubles.site();
    let path = "/api/v1/products?category=rings&category=bands&price_max=20000&sort=price&utm_source=x";
    let first = ask(&site, get(path)).await;
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
    assert_eq!(first.json()["data"][0]["price"], json!({"amount": 12999, "currency": "EUR"}));
    let second = ask(&site, get(&format!("{path}&cursor={cursor}"))).await;
    assert_eq!(second.json()["next_cursor"], json!(null));
    let other_order = ask(&site, get(&format!("/api/v1/products?cursor={cursor}"))).await;
    assert_eq!(other_order.problem().0, 422);
}

#[actix_web::test]
async fn a_product_is_found_by_slug_kept_for_a_moment_and_not_sent_twice() {
    let mut doubles = Doubles::default();
    doubles
        .browse_catalog
        .expect_product()
        .withf(|key| matches!(key, ProductKey::Slug(_)))
        .times(3)
        .returning(|_| Ok(Some(product())));
    let site = doubles.site();
    let first = ask(&site, get("/api/v1/products/gold-ring")).await;
    let body = first.json();
    for null in ["compare_at_price", "category", "rating"] {
        assert!(body.as_object().unwrap().contains_key(null) && body[null].is_null(), "{null}");
    }
    assert_eq!((body["in_stock"].clone(), body["variants"][0]["stock"].clone()), (json!(true), json!(3)));
    assert!(first.header("cache-control").starts_with("public, max-age="));
    let again =
        ask(&site, get("/api/v1/products/gold-ring").insert_header(("if-none-match", first.header("etag")))).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    let head =
        ask(&site, TestRequest::with_uri("/api/v1/products/gold-ring/").method(actix_web::http::Method::HEAD)).await;
    assert_eq!(head.status, 200);
}

#[actix_web::test]
async fn what_is_not_there_is_a_404_of_its_kind() {
    let mut doubles = Doubles::default();
    doubles.browse_catalog.expect_product().returning(|_| Ok(None));
    doubles.browse_catalog.expect_seller().returning(|_| Ok(None));
    let site = doubles.site();
    for (path, code) in [
        ("/api/v1/products/none", "product-not-found"),
        ("/api/v1/products/No%20Slug", "product-not-found"),
        ("/api/v1/sellers/00000000-0000-0000-0000-000000000001", "seller-not-found"),
        ("/api/v1/sellers/x", "seller-not-found"),
        ("/api/v1/carts/x", "cart-not-found"),
        ("/api/v1/orders/x", "order-not-found"),
        ("/api/v1/nothing", "not-found"),
        ("/api/v2/", "not-found"),
    ] {
        assert_eq!(ask(&site, get(path)).await.problem(), (404, code.to_owned()), "{path}");
    }
}

#[actix_web::test]
async fn the_small_lists_have_no_next_page() {
    let mut doubles = Doubles::default();
    doubles.browse_catalog.expect_categories().returning(|| Ok(vec![]));
    doubles.browse_catalog.expect_materials().returning(|| Ok(vec![]));
    doubles.browse_catalog.expect_seller().returning(|_| Ok(Some(seller())));
    let site = doubles.site();
    for path in ["/api/v1/categories", "/api/v1/materials"] {
        assert_eq!(ask(&site, get(path)).await.json(), json!({"data": [], "next_cursor": null}));
    }
    let answer = ask(&site, get(&format!("/api/v1/sellers/{}", id(9)))).await;
    assert_eq!(answer.json(), json!({"id": id(9), "shop_name": "Atelier", "created_at": "2027-01-15T08:00:00Z"}));
}

#[actix_web::test]
async fn the_least_a_product_needs_makes_one_variant() {
    let mut doubles = Doubles::default();
    doubles.sell_products.expect_create().times(1).returning(|_, draft| {
        assert_eq!((draft.title.as_str(), draft.variants.len(), draft.variants[0].stock), ("Ring", 1, 3));
        assert_eq!(draft.description.as_str(), "<p>x</p>");
        Ok(product())
    });
    let body = json!({"title": " Ring ", "price": {"amount": 12999, "currency": "EUR"}, "stock": 3, "description": "<p>x</p><script>1</script>"});
    let answer = ask(&doubles.site(), post("/api/v1/seller/products", &body).by("seller")).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("location"), format!("/api/v1/seller/products/{}", id(107)));
}

#[actix_web::test]
async fn a_product_with_faults_is_refused_with_all_of_them() {
    let body = json!({"title": "", "price": {"amount": 0, "currency": "XXX"}, "category": "No Slug",
        "variants": [{"stock": -1, "options": {}}, {"stock": 1, "options": {"": "x"}, "price": {"amount": -5, "currency": "EUR"}}]});
    let answer = ask(&Doubles::default().site(), post("/api/v1/seller/products", &body).by("seller")).await;
    let errors = answer.json()["errors"].clone();
    let told: Vec<_> = errors.as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap().to_owned()).collect();
    for pointer in [
        "/title",
        "/price/amount",
        "/price/currency",
        "/category",
        "/variants/0/stock",
        "/variants/1/options",
        "/variants/1/price/amount",
    ] {
        assert!(told.iter().any(|t| t == pointer), "{pointer} is missing in {told:?}");
    }
}

#[actix_web::test]
async fn a_null_takes_away_and_what_is_left_out_stays() {
    let mut doubles = Doubles::default();
    doubles.sell_products.expect_edit().times(1).returning(|_, _, edit| {
        assert_eq!((edit.category, edit.change.compare_at_price), (Some(None), Some(None)));
        assert_eq!((edit.change.title, edit.materials, edit.stock), (None, None, Some(StockChange::To(4))));
        Ok(product())
    });
    let body = json!({"category": null, "compare_at_price": null, "stock": 4});
    let request = TestRequest::patch().uri(&format!("/api/v1/seller/products/{}", id(107))).set_json(&body);
    assert_eq!(ask(&doubles.site(), request.by("seller")).await.status, 200);
}

#[actix_web::test]
async fn a_seller_sees_their_own_products_and_orders() {
    let mut doubles = Doubles::default();
    doubles
        .sell_products
        .expect_list()
        .withf(|_, status, text, _| status.is_some() && *text == Some("ring"))
        .returning(|_, _, _, _| Ok(Page { data: vec![product()], next: None }));
    doubles.sell_products.expect_find().returning(|_, _| Ok(product()));
    doubles.view_orders.expect_list_sold().returning(|_, _, _| Ok(Page { data: vec![sold_view()], next: None }));
    doubles.view_orders.expect_find_sold().returning(|_, _| Ok(sold_view()));
    let site = doubles.site();
    for path in [
        "/api/v1/seller/products?status=draft&q=ring".to_owned(),
        format!("/api/v1/seller/products/{}", id(107)),
        "/api/v1/seller/orders?status=paid".to_owned(),
        format!("/api/v1/seller/orders/{}", id(30)),
    ] {
        assert_eq!(ask(&site, get(&path).by("seller")).await.status, 200, "{path}");
    }
    let sold = ask(&site, get(&format!("/api/v1/seller/orders/{}", id(30))).by("seller")).await.json();
    assert_eq!((sold["total"]["amount"].clone(), sold.get("payment")), (json!(25998), None));
}

#[actix_web::test]
async fn an_admin_searches_everybodys_orders_and_sees_each_whole() {
    let mut doubles = Doubles::default();
    doubles
        .view_orders
        .expect_list_all()
        .withf(|_, filter, _| filter.text.as_deref() == Some("ada@") && filter.state == Some(OrderState::Paid))
        .returning(|_, _, _| Ok(Page { data: vec![order_view()], next: None }));
    doubles.view_orders.expect_find_any().returning(|_, _| Ok(order_view()));
    let site = doubles.site();
    let found = ask(&site, get("/api/v1/admin/orders?status=paid&q=ada%40").by("admin")).await.json();
    assert_eq!(found["data"][0]["id"], json!(id(30)));
    let one = ask(&site, get(&format!("/api/v1/admin/orders/{}", id(30))).by("admin")).await.json();
    assert_eq!((&one["id"], &one["payment"]["id"]), (&json!(id(30)), &json!(payment().id.uuid())));
    for query in ["status=gone".to_owned(), format!("q={}", "a".repeat(201))] {
        let answer = ask(&site, get(&format!("/api/v1/admin/orders?{query}")).by("admin")).await;
        assert_eq!(answer.problem().0, 422, "{query}");
    }
}

#[actix_web::test]
async fn a_cart_is_begun_with_or_without_a_body() {
    let mut doubles = Doubles::default();
    doubles.fill_carts.expect_open().times(3).returning(|_, _| Ok(cart()));
    let site = doubles.site();
    for request in [
        TestRequest::post().uri("/api/v1/carts"),
        post("/api/v1/carts", &json!({})),
        post("/api/v1/carts", &json!({"currency": "EUR"})),
    ] {
        let answer = ask(&site, request).await;
        assert_eq!((answer.status.as_u16(), answer.json()["status"].clone()), (201, json!("open")));
        assert_eq!(answer.json()["lines"][0]["total"]["amount"], 25998);
    }
    assert_eq!(ask(&site, post("/api/v1/carts", &json!({"currency": "eur"}))).await.problem().0, 422);
}

#[actix_web::test]
async fn lines_are_added_changed_and_taken_out() {
    let mut doubles = Doubles::default();
    doubles
        .fill_carts
        .expect_add()
        .withf(|_, _, _, quantity| *quantity == 2)
        .times(1)
        .returning(|_, _, _, _| Ok(cart()));
    doubles
        .fill_carts
        .expect_set_quantity()
        .withf(|_, _, _, quantity| *quantity == 5)
        .times(1)
        .returning(|_, _, _, _| Ok(cart()));
    doubles
        .fill_carts
        .expect_set_quantity()
        .withf(|_, _, _, quantity| *quantity == 0)
        .times(1)
        .returning(|_, _, _, _| Ok(cart()));
    let site = doubles.site();
    let lines = format!("/api/v1/carts/{}/lines", id(20));
    let line = format!("{lines}/{}", id(207));
    assert_eq!(ask(&site, post(&lines, &json!({"variant_id": id(7), "quantity": 2}))).await.status, 201);
    assert_eq!(ask(&site, TestRequest::patch().uri(&line).set_json(json!({"quantity": 5}))).await.status, 200);
    assert_eq!(ask(&site, TestRequest::delete().uri(&line)).await.status, 200);
    assert_eq!(ask(&site, post(&lines, &json!({"variant_id": id(7), "quantity": 1000}))).await.problem().0, 422);
}

#[actix_web::test]
async fn too_little_stock_names_the_line() {
    let mut doubles = Doubles::default();
    let shortage =
        Shortage { variant_id: VariantId::new(id(7)), title: "Gold ring".to_owned(), requested: 5, available: 3 };
    doubles.fill_carts.expect_add().return_once(|_, _, _, _| Err(CartError::InsufficientStock(shortage)));
    let request = post(&format!("/api/v1/carts/{}/lines", id(20)), &json!({"variant_id": id(7), "quantity": 5}));
    let answer = ask(&doubles.site(), request).await;
    assert_eq!(answer.problem(), (409, "insufficient-stock".to_owned()));
    assert_eq!(
        answer.json()["lines"],
        json!([{"variant_id": id(7), "title": "Gold ring", "requested": 5, "available": 3}])
    );
}

fn checkout_body() -> serde_json::Value {
    json!({"email": "ada@example.com", "success_url": "/done/{ORDER_ID}",
        "shipping_address": {"name": "Ada", "line1": "1 Street", "city": "Paris", "postal_code": "75001", "country": "FR"}})
}

fn checkout() -> TestRequest {
    post(&format!("/api/v1/carts/{}/checkout", id(20)), &checkout_body())
}

#[actix_web::test]
async fn a_guests_checkout_answers_the_order_the_payment_and_the_token() {
    let mut doubles = Doubles::default();
    doubles.place_orders.expect_place().times(1).returning(|caller, checkout, _| {
        assert!(caller.is_none());
        assert_eq!(checkout.key, "203.0.113.7:key-1");
        assert_eq!(checkout.return_urls.success, format!("{SHOP}/done/{{ORDER_ID}}"));
        Ok(PlacedOrder { order: order(), payment: payment(), access_token: Some("secret".to_owned()), offers: vec![] })
    });
    let answer = ask(&doubles.site(), checkout().keyed("key-1")).await;
    assert_eq!(answer.status, 201);
    let body = answer.json();
    assert_eq!(body["order"]["access_token"], "secret");
    assert_eq!(
        (body["order"]["status"].clone(), body["order"]["paid_by"].clone()),
        (json!("pending_payment"), json!([]))
    );
    assert_eq!(
        body["payment"],
        json!({"id": id(40), "status": "pending", "redirect_url": format!("{SHOP}/sandbox/pay/sess")})
    );
    assert_eq!(body["order"]["timeline"], json!([{"kind": "placed", "at": "2027-01-15T08:00:00Z", "amount": null}]));
}

#[actix_web::test]
async fn a_users_checkout_is_named_by_the_user() {
    let mut doubles = Doubles::default();
    doubles.place_orders.expect_place().times(1).returning(|caller, checkout, _| {
        assert_eq!((caller.is_some(), checkout.key), (true, format!("{}:key-1", id(1))));
        Ok(PlacedOrder { order: order(), payment: payment(), access_token: None, offers: vec![] })
    });
    let answer = ask(&doubles.site(), checkout().keyed("key-1").by("customer")).await;
    assert!(answer.json()["order"].get("access_token").is_none());
}

#[actix_web::test]
async fn a_checkout_needs_a_key_and_goes_to_no_stranger() {
    let site = Doubles::default().site();
    assert_eq!(ask(&site, checkout()).await.problem(), (400, "idempotency-key-required".to_owned()));
    assert_eq!(ask(&site, checkout().keyed("a b")).await.problem(), (400, "idempotency-key-invalid".to_owned()));
    let mut body = checkout_body();
    body["success_url"] = json!("https://evil.example/");
    let answer = ask(&site, post(&format!("/api/v1/carts/{}/checkout", id(20)), &body).keyed("k")).await;
    assert_eq!(answer.json()["errors"][0]["pointer"], "/success_url");
}

#[actix_web::test]
async fn gift_cards_and_balance_are_handed_over_in_their_order_and_shown() {
    let mut doubles = Doubles::default();
    doubles.place_orders.expect_place().times(1).returning(|_, checkout, client| {
        let codes: Vec<_> = checkout.means.gift_card_codes.iter().map(|code| code.0.as_str()).collect();
        assert_eq!((codes, checkout.means.use_balance), (vec!["one", "two"], true));
        assert_eq!(client.address.to_string(), "203.0.113.7");
        let mut order = order();
        let card = TenderSource::GiftCard { id: GiftCardId::new(id(7)), last4: "YZ01".to_owned() };
        let balance = TenderSource::Balance(UserId::new(id(1)));
        order.tenders =
            vec![Tender { source: card, amount: eur(25_000) }, Tender { source: balance, amount: eur(998) }];
        order.pay(now()).unwrap();
        let purpose = Purpose::Order { order: order.id, customer: Some(UserId::new(id(1))) };
        let urls = payment().return_urls;
        let payment = Payment::settled(payment().id, purpose, Currency::EUR, urls, now());
        Ok(PlacedOrder { order, payment, access_token: None, offers: vec![] })
    });
    let mut body = checkout_body();
    body["gift_card_codes"] = json!(["one", "two"]);
    body["use_balance"] = json!(true);
    let request = post(&format!("/api/v1/carts/{}/checkout", id(20)), &body).keyed("k").by("customer");
    let answer = ask(&doubles.site(), request).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.json()["payment"], json!({"id": id(40), "status": "succeeded"}));
    let by_card = json!({"kind": "gift_card", "amount": {"amount": 25_000, "currency": "EUR"}, "last4": "YZ01"});
    let by_balance = json!({"kind": "balance", "amount": {"amount": 998, "currency": "EUR"}});
    assert_eq!(answer.json()["order"]["paid_by"], json!([by_card, by_balance]));
}

#[actix_web::test]
async fn a_code_that_no_card_has_is_pointed_at_and_more_than_ten_are_too_many() {
    let mut doubles = Doubles::default();
    let refusal = CodeRefusal { place: 1, last4: Some("YZ02".to_owned()), why: CodeFault::NotFound };
    doubles.place_orders.expect_place().times(1).return_once(|_, _, _| Err(PlaceOrderError::GiftCard(refusal)));
    let site = doubles.site();
    let mut body = checkout_body();
    body["gift_card_codes"] = json!(["one", "two"]);
    let path = format!("/api/v1/carts/{}/checkout", id(20));
    let answer = ask(&site, post(&path, &body).keyed("k")).await;
    assert_eq!(answer.problem(), (404, "gift-card-not-found".to_owned()));
    assert_eq!((&answer.json()["pointer"], &answer.json()["last4"]), (&json!("/gift_card_codes/1"), &json!("YZ02")));
    body["gift_card_codes"] = json!(vec!["code"; 11]);
    let answer = ask(&site, post(&path, &body).keyed("another")).await;
    assert_eq!(answer.json()["errors"][0]["pointer"], "/gift_card_codes");
}

#[actix_web::test]
async fn a_changed_price_is_told() {
    let mut doubles = Doubles::default();
    doubles.place_orders.expect_place().return_once(|_, _, _| Err(PlaceOrderError::PriceChanged(eur(500))));
    let answer = ask(&doubles.site(), checkout().keyed("k")).await;
    assert_eq!(answer.problem(), (409, "price-changed".to_owned()));
    assert_eq!(answer.json()["total"], json!({"amount": 500, "currency": "EUR"}));
}

#[actix_web::test]
async fn an_order_is_seen_by_its_customer_and_by_its_token() {
    let mut doubles = Doubles::default();
    doubles.view_orders.expect_find().withf(|caller, token, _| caller.is_none() && *token == Some("secret")).returning(
        |_, _, _| {
            let mut view = order_view();
            view.order.pay(now()).unwrap();
            Ok(view)
        },
    );
    doubles.view_orders.expect_list().returning(|_, status, _| {
        assert_eq!(status, Some(OrderState::Paid));
        Ok(Page { data: vec![order_view()], next: None })
    });
    let site = doubles.site();
    let order = ask(&site, get(&format!("/api/v1/orders/{}?token=secret", id(30)))).await.json();
    assert_eq!(order["paid_by"], json!([{"kind": "card", "amount": {"amount": 25998, "currency": "EUR"}}]));
    assert!(order.get("access_token").is_none());
    assert_eq!(
        ask(&site, get("/api/v1/orders?status=paid").by("customer")).await.json()["data"].as_array().unwrap().len(),
        1
    );
    assert_eq!(ask(&site, get("/api/v1/orders?status=lost").by("customer")).await.problem().0, 422);
}

#[actix_web::test]
async fn an_order_is_given_up_and_shown() {
    let mut doubles = Doubles::default();
    doubles.cancel_orders.expect_cancel().times(1).returning(|_, _, id| {
        assert_eq!(id, OrderId::new(crate::support::id(30)));
        Ok(())
    });
    doubles.view_orders.expect_find().times(1).returning(|_, _, _| Ok(order_view()));
    let request = TestRequest::post().uri(&format!("/api/v1/orders/{}/cancel?token=secret", id(30)));
    assert_eq!(ask(&doubles.site(), request).await.json()["number"], "CR-00000-00000");

    let mut doubles = Doubles::default();
    doubles.cancel_orders.expect_cancel().returning(|_, _, _| Err(CancelError::NotCancellable(OrderStatus::Paid)));
    let request = TestRequest::post().uri(&format!("/api/v1/orders/{}/cancel", id(30)));
    assert_eq!(ask(&doubles.site(), request).await.problem(), (409, "order-not-cancellable".to_owned()));
}

#[actix_web::test]
async fn a_gateway_is_heard_with_its_bytes_as_they_came() {
    let mut doubles = Doubles::default();
    doubles
        .hear_gateway
        .expect_hear()
        .withf(|gateway, body, signature| gateway == "stripe" && body == b"{ raw }" && signature == "t=1,v1=a")
        .times(1)
        .returning(|_, _, _| Ok(Applied::Now(())));
    let request = TestRequest::post()
        .uri("/api/v1/webhooks/stripe")
        .insert_header(("stripe-signature", "t=1,v1=a"))
        .set_payload("{ raw }");
    assert_eq!(ask(&doubles.site(), request).await.json(), json!({"received": true}));

    for (error, status, code) in [
        (HearError::Invalid(InvalidEvent::Signature), 400, "webhook-signature-invalid"),
        (HearError::Invalid(InvalidEvent::Body), 400, "webhook-body-invalid"),
        (HearError::Invalid(InvalidEvent::OtherMode), 400, "webhook-body-invalid"),
        (HearError::UnknownGateway, 404, "not-found"),
        (HearError::Repository(RepositoryError::Contention), 503, "service-unavailable"),
    ] {
        let mut doubles = Doubles::default();
        doubles.hear_gateway.expect_hear().return_once(|_, _, _| Err(error));
        let answer = ask(&doubles.site(), TestRequest::post().uri("/api/v1/webhooks/stripe")).await;
        assert_eq!(answer.problem(), (status, code.to_owned()));
    }
}

#[actix_web::test]
async fn the_account_of_whoever_calls_is_shown() {
    let mut doubles = Doubles::default();
    doubles.view_profile.expect_me().returning(|_| Ok(Some(user(Role::Customer))));
    let site = doubles.site();
    let answer = ask(&site, get("/api/v1/users/me").insert_header(("cookie", "carat_session=customer"))).await;
    assert_eq!((answer.status.as_u16(), answer.json()["shop_name"].clone()), (200, json!(null)));
}

#[actix_web::test]
async fn the_api_says_what_it_is() {
    let site = Doubles::default().site();
    for path in ["/api/v1/", "/api/v1"] {
        let answer = ask(&site, get(path)).await.json();
        assert_eq!(
            (answer["name"].clone(), answer["links"]["openapi"].clone()),
            (json!("Carat"), json!("/api/v1/openapi.json"))
        );
    }
}
