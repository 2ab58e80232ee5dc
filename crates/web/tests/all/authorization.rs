//! Who may do what: a row for every operation of the OpenAPI document. One without a row fails.

use crate::support::*;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use application::checkout::place_order::{PlaceOrderError, PlacedOrder};
use application::identity::api_keys::CreatedApiKey;
use application::identity::social::journey::{Away, Landing};
use domain::identity::Role;
use domain::kernel::{Applied, Page};
use serde_json::{Value, json};
use web::Site;

/// The tokens of the columns; the first is nobody.
const CALLERS: [Option<&str>; 6] =
    [None, Some("customer"), Some("unverified-customer"), Some("unverified-seller"), Some("seller"), Some("admin")];

const ANYONE_200: [u16; 6] = [200; 6];
const ANYONE_201: [u16; 6] = [201; 6];
const USERS: [u16; 6] = [401, 200, 200, 200, 200, 200];
const USERS_201: [u16; 6] = [401, 201, 201, 201, 201, 201];
const USERS_204: [u16; 6] = [401, 204, 204, 204, 204, 204];
const ADMINS_200: [u16; 6] = [401, 403, 403, 403, 403, 200];
const ADMINS_204: [u16; 6] = [401, 403, 403, 403, 403, 204];
const SELLERS_200: [u16; 6] = [401, 403, 403, 403, 200, 403];
const SELLERS_201: [u16; 6] = [401, 403, 403, 403, 201, 403];
/// Guests may buy; who has an account must have proven their address.
const BUYERS_201: [u16; 6] = [201, 201, 403, 403, 201, 201];

/// Operation, body, and the status for nobody, customer, unverified customer, unverified seller, seller, admin.
fn rows() -> Vec<(&'static str, Value, [u16; 6])> {
    let email = || json!({"email": "a@b.co"});
    let price = json!({"amount": 5, "currency": "EUR"});
    let address = json!({"name": "A", "line1": "1", "city": "P", "postal_code": "7", "country": "FR"});
    vec![
        ("home", json!(null), ANYONE_200),
        ("register", json!({"email": "a@b.co", "password": "Corr3ct-horse"}), ANYONE_201),
        ("verify_email", json!({"email": "a@b.co", "code": "123456"}), ANYONE_200),
        ("resend_verification", email(), [202; 6]),
        ("login", json!({"email": "a@b.co", "password": "x"}), ANYONE_200),
        ("refresh", json!({"refresh_token": "x"}), ANYONE_200),
        ("logout", json!(null), USERS),
        ("step_up", json!({"password": "x"}), USERS),
        ("answer_second_factor", json!({"challenge": "c", "code": "123456"}), ANYONE_200),
        ("ask_passkey", json!({}), ANYONE_200),
        ("answer_passkey", json!({"challenge": "c", "credential": {}}), ANYONE_200),
        ("get_totp", json!(null), USERS),
        ("start_totp", json!(null), USERS_201),
        ("confirm_totp", json!({"code": "123456"}), USERS),
        ("disable_totp", json!(null), USERS_204),
        ("count_recovery_codes", json!(null), USERS),
        ("renew_recovery_codes", json!(null), USERS_201),
        ("list_passkeys", json!(null), USERS),
        ("begin_passkey", json!(null), USERS),
        ("add_passkey", json!({"challenge": "c", "name": "Laptop", "credential": {}}), USERS_201),
        ("rename_passkey", json!({"name": "Phone"}), USERS),
        ("remove_passkey", json!(null), USERS_204),
        ("list_sessions", json!(null), USERS),
        ("end_session", json!(null), USERS_204),
        ("end_other_sessions", json!(null), USERS_204),
        ("forget_password", email(), [202; 6]),
        ("reset_password", json!({"token": "x", "password": "Corr3ct-horse"}), ANYONE_200),
        ("change_password", json!({"current_password": "x", "password": "Corr3ct-horse"}), USERS),
        ("list_sign_in_providers", json!(null), ANYONE_200),
        ("begin_social_sign_in", json!(null), [303; 6]),
        ("finish_social_sign_in", json!(null), [303; 6]),
        ("list_identities", json!(null), USERS),
        ("unlink_identity", json!(null), USERS_204),
        ("me", json!(null), USERS),
        ("list_api_keys", json!(null), USERS),
        ("create_api_key", json!({"name": "Till", "scopes": ["sales:read"]}), USERS_201),
        ("revoke_api_key", json!(null), USERS_204),
        ("list_users", json!(null), ADMINS_200),
        ("get_user", json!(null), ADMINS_200),
        ("update_user", json!({"status": "disabled"}), ADMINS_200),
        ("end_user_sessions", json!(null), ADMINS_204),
        ("list_security_events", json!(null), ADMINS_200),
        ("list_products", json!(null), ANYONE_200),
        ("get_product", json!(null), ANYONE_200),
        ("list_categories", json!(null), ANYONE_200),
        ("list_materials", json!(null), ANYONE_200),
        ("get_seller", json!(null), ANYONE_200),
        ("list_own_products", json!(null), SELLERS_200),
        ("create_product", json!({"title": "Ring", "price": price, "stock": 1}), SELLERS_201),
        ("get_own_product", json!(null), SELLERS_200),
        ("update_product", json!({"stock": 1}), SELLERS_200),
        ("list_seller_orders", json!(null), SELLERS_200),
        ("get_seller_order", json!(null), SELLERS_200),
        ("create_cart", json!({}), ANYONE_201),
        ("get_cart", json!(null), ANYONE_200),
        ("add_cart_line", json!({"variant_id": id(7), "quantity": 1}), ANYONE_201),
        ("update_cart_line", json!({"quantity": 1}), ANYONE_200),
        ("remove_cart_line", json!(null), ANYONE_200),
        ("check_out", json!({"email": "a@b.co", "shipping_address": address}), BUYERS_201),
        ("list_orders", json!(null), USERS),
        // Whose order it is the use case knows: the finder carries the caller.
        ("get_order", json!(null), ANYONE_200),
        ("cancel_order", json!(null), ANYONE_200),
        ("hear_gateway", json!({}), ANYONE_200),
    ]
}

/// Use cases that agree to everything that they are not the ones to refuse.
fn agreeable() -> Site {
    let mut d = Doubles::default();
    d.register_users.expect_register().returning(|_| Ok(user(Role::Customer)));
    d.verify_emails.expect_verify().returning(|_, _| Ok(user(Role::Customer)));
    d.verify_emails.expect_resend().returning(|_| Ok(()));
    d.sign_in.expect_log_in().returning(|_, _, _| Ok(logged_in()));
    d.keep_sessions.expect_refresh().returning(|_, _| Ok(signed_in()));
    d.keep_sessions.expect_log_out().returning(|_| Ok(()));
    d.keep_sessions.expect_list().returning(|_| Ok(vec![session()]));
    d.keep_sessions.expect_end().returning(|_, _| Ok(true));
    d.keep_sessions.expect_end_others().returning(|_| Ok(()));
    d.set_passwords.expect_change().returning(|_, _| Ok(()));
    d.set_passwords.expect_forget().returning(|_, _| Ok(()));
    d.set_passwords.expect_reset().returning(|_, _, _| Ok(()));
    d.step_up.expect_by_password().returning(|_, _| Ok(now()));
    let away = || Away { authorize_url: "https://id.example/".to_owned(), browser_token: "token".to_owned() };
    d.social_sign_in.expect_providers().returning(Vec::new);
    d.social_sign_in.expect_begin().returning(move |_, _, _| Ok(away()));
    d.social_sign_in.expect_finish().returning(|_, _| Ok(Landing::Linked { return_to: "/account".to_owned() }));
    d.keep_identities.expect_list().returning(|_| Ok(vec![]));
    d.keep_identities.expect_unlink().returning(|_, _| Ok(()));
    d.keep_api_keys.expect_list().returning(|_| Ok(vec![api_key()]));
    d.keep_api_keys
        .expect_create()
        .returning(|_, _, _| Ok(CreatedApiKey { key: api_key(), secret: "carat_x".to_owned() }));
    d.keep_api_keys.expect_revoke().returning(|_, _, _| Ok(true));
    d.look_after_accounts.expect_list().returning(|_, _, _, _| Ok(Page { data: vec![account()], next: None }));
    d.look_after_accounts.expect_find().returning(|_, _| Ok(Some(account())));
    d.look_after_accounts.expect_change().returning(|_, _, _, _| Ok(account()));
    d.look_after_accounts.expect_end_sessions().returning(|_, _, _| Ok(()));
    d.view_security_log.expect_list().returning(|_, _, _| Ok(Page { data: vec![logged_event()], next: None }));
    d.answer_challenges.expect_answer().returning(|_, _, _| Ok(signed_in()));
    d.passkey_sign_in.expect_ask().returning(|_| Ok(passkey_question()));
    d.passkey_sign_in.expect_answer().returning(|_, _, _, _| Ok(signed_in()));
    d.keep_totp.expect_enabled_at().returning(|_| Ok(None));
    d.keep_totp.expect_start().returning(|_| Ok(totp_enrolment()));
    d.keep_totp.expect_confirm().returning(|_, _| Ok(vec![]));
    d.keep_totp.expect_disable().returning(|_| Ok(()));
    d.keep_recovery_codes.expect_remaining().returning(|_| Ok(10));
    d.keep_recovery_codes.expect_renew().returning(|_| Ok(vec![]));
    d.keep_passkeys.expect_list().returning(|_| Ok(vec![passkey()]));
    d.keep_passkeys.expect_begin().returning(|_| Ok(passkey_question()));
    d.keep_passkeys.expect_add().returning(|_, _, _, _| Ok(passkey()));
    d.keep_passkeys.expect_rename().returning(|_, _, _| Ok(Some(passkey())));
    d.keep_passkeys.expect_remove().returning(|_, _| Ok(true));
    d.view_profile.expect_me().returning(|_| Ok(Some(user(Role::Customer))));
    d.browse_catalog.expect_products().returning(|_, _, _| Ok(Page { data: vec![product()], next: None }));
    d.browse_catalog.expect_product().returning(|_| Ok(Some(product())));
    d.browse_catalog.expect_categories().returning(|| Ok(vec![]));
    d.browse_catalog.expect_materials().returning(|| Ok(vec![]));
    d.browse_catalog.expect_seller().returning(|_| Ok(Some(seller())));
    d.sell_products.expect_list().returning(|_, _, _, _| Ok(Page { data: vec![product()], next: None }));
    d.sell_products.expect_create().returning(|_, _| Ok(product()));
    d.sell_products.expect_find().returning(|_, _| Ok(product()));
    d.sell_products.expect_edit().returning(|_, _, _| Ok(product()));
    d.view_orders.expect_list_sold().returning(|_, _, _| Ok(Page { data: vec![sold_view()], next: None }));
    d.view_orders.expect_find_sold().returning(|_, _| Ok(sold_view()));
    d.view_orders.expect_list().returning(|_, _, _| Ok(Page { data: vec![order_view()], next: None }));
    d.view_orders.expect_find().returning(|_, _, _| Ok(order_view()));
    d.fill_carts.expect_open().returning(|_, _| Ok(cart()));
    d.fill_carts.expect_view().returning(|_, _| Ok(cart()));
    d.fill_carts.expect_add().returning(|_, _, _, _| Ok(cart()));
    d.fill_carts.expect_set_quantity().returning(|_, _, _, _| Ok(cart()));
    d.place_orders.expect_place().returning(|caller, _| match caller {
        Some(caller) if !caller.email_verified => Err(PlaceOrderError::EmailNotVerified),
        _ => Ok(PlacedOrder { order: order(), payment: payment(), access_token: None, offers: vec![] }),
    });
    d.cancel_orders.expect_cancel().returning(|_, _, _| Ok(()));
    d.hear_gateway.expect_hear().returning(|_, _, _| Ok(Applied::Now(())));
    d.site()
}

#[actix_web::test]
async fn every_operation_lets_in_those_whom_its_row_names() {
    let document: Value = serde_json::from_str(&web::openapi().to_json().unwrap()).unwrap();
    let (rows, site) = (rows(), agreeable());
    let mut met = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            let row = rows.iter().find(|(row, ..)| *row == name);
            let (_, body, statuses) = row.unwrap_or_else(|| panic!("{name} has no row: who may do it?"));
            met += 1;
            let path = path
                .replace("{gateway}", "stripe")
                .replace("{provider}", "google")
                .replace("{id}", &id(30).to_string())
                .replace("{line_id}", &id(207).to_string());
            for (token, status) in CALLERS.iter().zip(statuses) {
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let mut request = TestRequest::with_uri(&path).method(method);
                request = if body.is_null() { request } else { request.set_json(body) };
                request = request.keyed(&format!("{name}-{}", token.unwrap_or("nobody")));
                request = match token {
                    Some(token) => request.by(token),
                    None => request,
                };
                let answer = ask(&site, request).await;
                assert_eq!(answer.status.as_u16(), *status, "{name} by {token:?}: {}", answer.text());
            }
        }
    }
    assert_eq!(met, rows.len(), "a row has no operation any more");
}

#[test]
fn what_the_document_says_of_signing_in_is_what_the_rows_say() {
    let document: Value = serde_json::from_str(&web::openapi().to_json().unwrap()).unwrap();
    let rows = rows();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let name = operation["operationId"].as_str().unwrap();
            let needs = operation["security"].as_array().is_some_and(|ways| ways.iter().all(|way| way != &json!({})));
            let (_, _, statuses) = rows.iter().find(|(row, ..)| *row == name).unwrap();
            assert_eq!(needs, statuses[0] == 401, "{name}");
        }
    }
}
