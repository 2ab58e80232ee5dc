//! Who may do what: a row for every operation of the OpenAPI document. One without a row fails.

use crate::support::*;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use application::catalog::sell::{Removed, SellError};
use application::checkout::place_order::PlacedOrder;
use application::identity::Caller;
use application::identity::address_book::AddressError;
use application::identity::api_keys::CreatedApiKey;
use application::identity::policy::{self, Rule};
use application::identity::social::journey::{Away, Landing};
use application::identity::step_up::ProofMethod;
use application::media::pictures::PictureError;
use application::orders::view::ViewOrderError;
use application::payments::ports::PaymentWithCustomer;
use application::refunds::give::GiveRefundError;
use application::refunds::view::ViewRefundError;
use application::webhooks::deliveries::SendAgainError;
use application::webhooks::keep::{KeepWebhookError, KeyedWebhook};
use application::webhooks::ports::TriedDelivery;
use application::webhooks::secret::SigningSecret;
use domain::identity::Role;
use domain::kernel::{Applied, Page};
use serde_json::{Value, json};
use web::Site;
use web::openapi::permissions::{self, Asks};

/// The tokens of the columns; the first is nobody. The keys are of a seller, one without any scope and one with all.
const CALLERS: [Option<&str>; 9] = [
    None,
    Some("customer"),
    Some("unverified-customer"),
    Some("unverified-seller"),
    Some("seller"),
    Some("other-seller"),
    Some("admin"),
    Some("key-without-scopes"),
    Some("key-with-scopes"),
];

type Statuses = [u16; 9];

/// Whoever asks, and whether they are signed in or not.
const fn anyone(ok: u16) -> Statuses {
    [ok; 9]
}

/// Whoever is signed in, in a session.
const fn in_a_session(ok: u16) -> Statuses {
    [401, ok, ok, ok, ok, ok, ok, 403, 403]
}

/// The same for a thing of one's own.
const fn own_in_a_session(ok: u16) -> Statuses {
    [401, ok, ok, ok, ok, 404, ok, 403, 403]
}

/// Whoever is signed in, and keys with the scope.
const fn signed_in_or_by_key(ok: u16) -> Statuses {
    [401, ok, ok, ok, ok, ok, ok, 403, ok]
}

/// A thing of one's own, and keys with the scope.
const fn own_or_by_key(ok: u16) -> Statuses {
    [401, ok, ok, ok, ok, 404, ok, 403, ok]
}

/// Guests, and all others but keys without the scope.
const fn with_or_without_account(ok: u16) -> Statuses {
    [ok, ok, ok, ok, ok, ok, ok, 403, ok]
}

/// Guests, and whoever is signed in, in a session.
const fn with_or_without_session(ok: u16) -> Statuses {
    [ok, ok, ok, ok, ok, ok, ok, 403, 403]
}

/// Sellers who have proven their address, and their keys with the scope.
const fn sellers(ok: u16) -> Statuses {
    [401, 403, 403, 403, ok, ok, 403, 403, ok]
}

/// The same in a session only.
const OWN_OF_SELLERS_IN_A_SESSION: Statuses = [401, 403, 403, 403, 201, 404, 403, 403, 403];

/// The same for a thing of one's own.
const fn own_of_sellers(ok: u16) -> Statuses {
    [401, 403, 403, 403, ok, 404, 403, 403, ok]
}

/// Admins, in a session.
const fn admins(ok: u16) -> Statuses {
    [401, 403, 403, 403, 403, 403, ok, 403, 403]
}

/// Sellers who have proven their address and admins, in a session.
const fn sellers_and_admins(ok: u16) -> Statuses {
    [401, 403, 403, 403, ok, ok, ok, 403, 403]
}

/// The same for a thing of one's own, or of the platform.
const fn own_of_sellers_and_admins(ok: u16) -> Statuses {
    [401, 403, 403, 403, ok, 404, ok, 403, 403]
}

/// The same, and sellers' keys with the scope.
const SELLERS_AND_ADMINS_OR_BY_KEY_201: Statuses = [401, 403, 403, 403, 201, 201, 201, 403, 201];

/// Whoever is signed in and has proven their address, and keys with the scope.
const fn verified_or_by_key(ok: u16) -> Statuses {
    [401, ok, 403, 403, ok, ok, ok, 403, ok]
}

/// Guests may buy; who has an account must have proven their address.
const BUYERS_201: Statuses = [201, 201, 403, 403, 201, 201, 201, 403, 201];

/// Operation, body, the permission that it asks for (if any), and the status for each of the callers.
type Row = (&'static str, Value, &'static str, Statuses);

fn rows() -> Vec<Row> {
    let email = || json!({"email": "a@b.co"});
    let price = json!({"amount": 5, "currency": "EUR"});
    let address = json!({"name": "A", "line1": "1", "city": "P", "postal_code": "7", "country": "FR"});
    vec![
        ("home", json!(null), "", anyone(200)),
        ("register", json!({"email": "a@b.co", "password": "Corr3ct-horse"}), "", anyone(201)),
        ("verify_email", json!({"email": "a@b.co", "code": "123456"}), "", anyone(200)),
        ("resend_verification", email(), "", anyone(202)),
        ("login", json!({"email": "a@b.co", "password": "x"}), "", anyone(200)),
        ("refresh", json!({"refresh_token": "x"}), "", anyone(200)),
        ("logout", json!(null), "ManageSessions", in_a_session(200)),
        ("step_up", json!({"password": "x"}), "ProveAnew", in_a_session(200)),
        ("answer_second_factor", json!({"challenge": "c", "code": "123456"}), "", anyone(200)),
        ("ask_passkey", json!({}), "ProveAnew", with_or_without_session(200)),
        ("answer_passkey", json!({"challenge": "c", "credential": {}}), "ProveAnew", with_or_without_session(200)),
        ("get_totp", json!(null), "ViewCredentials", in_a_session(200)),
        ("start_totp", json!(null), "ChangeCredentials", in_a_session(201)),
        ("confirm_totp", json!({"code": "123456"}), "FinishCredentials", in_a_session(200)),
        ("disable_totp", json!(null), "ChangeCredentials", in_a_session(204)),
        ("count_recovery_codes", json!(null), "ViewCredentials", in_a_session(200)),
        ("renew_recovery_codes", json!(null), "ChangeCredentials", in_a_session(201)),
        ("list_passkeys", json!(null), "ViewCredentials", in_a_session(200)),
        ("begin_passkey", json!(null), "ChangeCredentials", in_a_session(200)),
        (
            "add_passkey",
            json!({"challenge": "c", "name": "Laptop", "credential": {}}),
            "FinishCredentials",
            in_a_session(201),
        ),
        ("rename_passkey", json!({"name": "Phone"}), "FinishCredentials", in_a_session(200)),
        ("remove_passkey", json!(null), "ChangeCredentials", in_a_session(204)),
        ("list_sessions", json!(null), "ManageSessions", in_a_session(200)),
        ("end_session", json!(null), "ManageSessions", own_in_a_session(204)),
        ("end_other_sessions", json!(null), "ManageSessions", in_a_session(204)),
        ("forget_password", email(), "", anyone(202)),
        ("reset_password", json!({"token": "x", "password": "Corr3ct-horse"}), "", anyone(200)),
        (
            "change_password",
            json!({"current_password": "x", "password": "Corr3ct-horse"}),
            "ChangePassword",
            in_a_session(200),
        ),
        ("list_sign_in_providers", json!(null), "", anyone(200)),
        ("begin_social_sign_in", json!(null), "", anyone(303)),
        ("finish_social_sign_in", json!(null), "", anyone(303)),
        ("list_identities", json!(null), "ViewCredentials", in_a_session(200)),
        ("unlink_identity", json!(null), "ChangeCredentials", in_a_session(204)),
        ("me", json!(null), "ViewProfile", signed_in_or_by_key(200)),
        ("edit_me", json!({"name": "Ada"}), "EditProfile", in_a_session(200)),
        ("delete_me", json!(null), "ControlAccount", in_a_session(204)),
        ("export_me", json!(null), "ControlAccount", in_a_session(200)),
        ("confirm_email", json!({"code": "123456"}), "EditProfile", in_a_session(200)),
        ("drop_email_change", json!(null), "EditProfile", in_a_session(200)),
        ("list_addresses", json!(null), "ViewProfile", signed_in_or_by_key(200)),
        ("create_address", address.clone(), "EditProfile", in_a_session(201)),
        ("get_address", json!(null), "ViewProfile", own_or_by_key(200)),
        ("replace_address", address.clone(), "EditProfile", own_in_a_session(200)),
        ("remove_address", json!(null), "EditProfile", own_in_a_session(204)),
        ("list_api_keys", json!(null), "ViewCredentials", in_a_session(200)),
        ("create_api_key", json!({"name": "Till", "scopes": ["sales:read"]}), "ChangeCredentials", in_a_session(201)),
        ("revoke_api_key", json!(null), "RevokeApiKeys", own_in_a_session(204)),
        (
            "register_bulk",
            json!({"users": [{"email": "a@b.co", "password": "Corr3ct-horse"}]}),
            "AdministerUsers",
            admins(200),
        ),
        ("list_users", json!(null), "ViewUsers", admins(200)),
        ("get_user", json!(null), "ViewUsers", admins(200)),
        ("update_user", json!({"status": "disabled"}), "AdministerUsers", admins(200)),
        ("end_user_sessions", json!(null), "AdministerUsers", admins(204)),
        ("list_security_events", json!(null), "ReadSecurityLog", admins(200)),
        ("list_products", json!(null), "", anyone(200)),
        ("get_product", json!(null), "", anyone(200)),
        ("list_categories", json!(null), "", anyone(200)),
        ("list_materials", json!(null), "", anyone(200)),
        ("get_seller", json!(null), "", anyone(200)),
        ("list_own_products", json!(null), "ViewOwnProducts", sellers(200)),
        ("create_product", json!({"title": "Ring", "price": price.clone(), "stock": 1}), "SellProducts", sellers(201)),
        ("get_own_product", json!(null), "ViewOwnProducts", own_of_sellers(200)),
        ("update_product", json!({"stock": 1}), "SellProducts", own_of_sellers(200)),
        ("remove_product", json!(null), "SellProducts", own_of_sellers(204)),
        ("create_category", json!({"name": "Rings"}), "AddToCatalogue", SELLERS_AND_ADMINS_OR_BY_KEY_201),
        ("create_material", json!({"name": "Gold"}), "AddToCatalogue", SELLERS_AND_ADMINS_OR_BY_KEY_201),
        ("update_category", json!({"name": "Rings"}), "ArrangeCatalogue", admins(200)),
        ("merge_category", json!({"into": id(61)}), "ArrangeCatalogue", admins(200)),
        ("remove_category", json!(null), "ArrangeCatalogue", admins(204)),
        ("update_material", json!({"name": "Gold"}), "ArrangeCatalogue", admins(200)),
        ("merge_material", json!({"into": id(62)}), "ArrangeCatalogue", admins(200)),
        ("remove_material", json!(null), "ArrangeCatalogue", admins(204)),
        ("upload_product_image", json!("a form with a picture"), "SellProducts", own_of_sellers(201)),
        ("update_product_image", json!({"position": 1}), "SellProducts", own_of_sellers(200)),
        ("remove_product_image", json!(null), "SellProducts", own_of_sellers(204)),
        ("list_seller_orders", json!(null), "ViewSales", sellers(200)),
        ("get_seller_order", json!(null), "ViewSales", own_of_sellers(200)),
        ("list_any_orders", json!(null), "ViewAnyOrder", admins(200)),
        ("get_any_order", json!(null), "ViewAnyOrder", admins(200)),
        ("give_seller_refund", json!({}), "RefundSales", OWN_OF_SELLERS_IN_A_SESSION),
        ("list_seller_refunds", json!(null), "ViewSales", own_of_sellers(200)),
        ("give_refund", json!({}), "RefundOrders", admins(201)),
        ("list_refunds", json!(null), "ViewAnyOrder", admins(200)),
        ("get_statement", json!(null), "ViewSales", sellers(200)),
        ("export_statement", json!(null), "ViewSales", sellers(200)),
        ("get_earnings", json!(null), "ViewSales", sellers(200)),
        ("list_own_payouts", json!(null), "ViewSales", sellers(200)),
        ("list_payouts", json!(null), "ViewPayouts", admins(200)),
        ("list_owed", json!(null), "ViewPayouts", admins(200)),
        ("make_payout", json!({"seller_id": id(1), "amount": price}), "AdministerPayouts", admins(201)),
        ("fail_payout", json!(null), "AdministerPayouts", admins(200)),
        ("check_gift_card", json!({"code": GIFT_CODE}), "", anyone(200)),
        ("redeem_gift_card", json!({"code": GIFT_CODE}), "RedeemGiftCards", in_a_session(200)),
        ("issue_gift_cards", json!({"value": price.clone()}), "AdministerGiftCards", admins(201)),
        ("list_gift_cards", json!(null), "ViewGiftCards", admins(200)),
        ("list_gift_card_liabilities", json!(null), "ViewGiftCards", admins(200)),
        ("get_gift_card", json!(null), "ViewGiftCards", admins(200)),
        ("update_gift_card", json!({"status": "disabled"}), "AdministerGiftCards", admins(200)),
        ("list_everyones_products", json!(null), "ViewGiftCards", admins(200)),
        ("decide_gift_card_product", json!({"gift_card": true}), "AdministerGiftCards", admins(200)),
        ("get_gift_card_delivery", json!(null), "ViewGiftCards", admins(200)),
        ("send_gift_card_again", json!({"recipient_email": "a@b.co"}), "AdministerGiftCards", admins(200)),
        ("order_gift_card_batch", json!({"value": price, "quantity": 2}), "AdministerGiftCards", admins(202)),
        ("list_gift_card_batches", json!(null), "ViewGiftCards", admins(200)),
        ("get_gift_card_batch", json!(null), "ViewGiftCards", admins(200)),
        ("update_gift_card_batch", json!({"disabled": true}), "AdministerGiftCards", admins(200)),
        ("download_gift_card_codes", json!(null), "AdministerGiftCards", admins(200)),
        (
            "create_webhook",
            json!({"url": "https://a.example", "events": ["order.paid"]}),
            "ManageWebhooks",
            sellers_and_admins(201),
        ),
        ("list_webhooks", json!(null), "ViewWebhooks", sellers_and_admins(200)),
        ("get_webhook", json!(null), "ViewWebhooks", own_of_sellers_and_admins(200)),
        ("update_webhook", json!({"enabled": false}), "ManageWebhooks", own_of_sellers_and_admins(200)),
        ("remove_webhook", json!(null), "ManageWebhooks", own_of_sellers_and_admins(204)),
        ("rotate_webhook_secret", json!(null), "ManageWebhooks", own_of_sellers_and_admins(200)),
        ("test_webhook", json!(null), "SendWebhooks", own_of_sellers_and_admins(202)),
        ("list_webhook_deliveries", json!(null), "ViewWebhooks", own_of_sellers_and_admins(200)),
        ("get_webhook_delivery", json!(null), "ViewWebhooks", own_of_sellers_and_admins(200)),
        ("replay_webhook_delivery", json!(null), "SendWebhooks", own_of_sellers_and_admins(202)),
        ("create_cart", json!({}), "Buy", with_or_without_account(201)),
        ("get_cart", json!(null), "Buy", with_or_without_account(200)),
        ("add_cart_line", json!({"variant_id": id(7), "quantity": 1}), "Buy", with_or_without_account(201)),
        ("update_cart_line", json!({"quantity": 1}), "Buy", with_or_without_account(200)),
        ("remove_cart_line", json!(null), "Buy", with_or_without_account(200)),
        ("check_out", json!({"email": "a@b.co", "shipping_address": address}), "CheckOut", BUYERS_201),
        ("list_orders", json!(null), "ViewOrders", signed_in_or_by_key(200)),
        // Whose order it is the use case knows: the finder carries the caller.
        ("get_order", json!(null), "ViewOrders", with_or_without_account(200)),
        ("cancel_order", json!(null), "Buy", with_or_without_account(200)),
        ("list_order_gifts", json!(null), "ViewOrders", with_or_without_account(200)),
        ("readdress_order_gift", json!({"recipient_email": "a@b.co"}), "Buy", with_or_without_account(200)),
        ("refund_top_up", json!({}), "RefundTopUps", admins(201)),
        ("list_top_up_refunds", json!(null), "ViewAllPayments", admins(200)),
        ("list_payments", json!(null), "ViewAllPayments", admins(200)),
        ("approve_payment", json!(null), "ReviewPayments", admins(200)),
        ("reject_payment", json!(null), "ReviewPayments", admins(200)),
        (
            "make_payment",
            json!({"amount": price, "purpose": "top_up", "method": "card"}),
            "Pay",
            verified_or_by_key(201),
        ),
        ("get_payment", json!(null), "ViewTransactions", own_or_by_key(200)),
        ("get_balance", json!(null), "ViewTransactions", signed_in_or_by_key(200)),
        ("list_transactions", json!(null), "ViewTransactions", signed_in_or_by_key(200)),
        ("export_transactions", json!(null), "ViewTransactions", signed_in_or_by_key(200)),
        ("hear_gateway", json!({}), "", anyone(200)),
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
    d.keep_sessions.expect_end().returning(|caller, _| Ok(caller.user_id == user(Role::Seller).id));
    d.keep_sessions.expect_end_others().returning(|_| Ok(()));
    d.set_passwords.expect_change().returning(|_, _| Ok(()));
    d.set_passwords.expect_forget().returning(|_, _| Ok(()));
    d.set_passwords.expect_reset().returning(|_, _, _| Ok(()));
    d.step_up.expect_methods().returning(|_| Ok(vec![ProofMethod::Password]));
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
    d.keep_api_keys.expect_revoke().returning(|caller, _, _| Ok(caller.user_id == user(Role::Seller).id));
    d.look_after_accounts.expect_list().returning(|_, _, _, _| Ok(Page { data: vec![account()], next: None }));
    d.look_after_accounts.expect_find().returning(|_, _| Ok(Some(account())));
    d.look_after_accounts.expect_change().returning(|_, _, _, _| Ok(account()));
    d.look_after_accounts.expect_end_sessions().returning(|_, _, _| Ok(()));
    d.register_many.expect_register_many().returning(|_, _, _, _| Ok(vec![Ok(user(Role::Customer).id)]));
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
    d.edit_profile.expect_edit().returning(|_, _, _| Ok(user(Role::Customer)));
    d.change_email.expect_confirm().returning(|_, _| Ok(user(Role::Customer)));
    d.change_email.expect_drop_change().returning(|_| Ok(user(Role::Customer)));
    d.take_out.expect_take_out().returning(|_| Ok(takeout()));
    d.delete_account.expect_delete().returning(|_| Ok(()));
    let own = |caller: &Caller| caller.user_id == user(Role::Seller).id;
    let address_of = move |caller: &Caller| if own(caller) { Ok(saved_address()) } else { Err(AddressError::NotFound) };
    d.keep_addresses.expect_list().returning(|_| Ok(vec![saved_address()]));
    d.keep_addresses.expect_find().returning(move |caller, _| address_of(caller));
    d.keep_addresses.expect_add().returning(|_, _| Ok(saved_address()));
    d.keep_addresses.expect_replace().returning(move |caller, _, _| address_of(caller));
    d.keep_addresses.expect_remove().returning(move |caller, _| address_of(caller).map(|_| ()));
    let refund_of = move |caller: &Caller| {
        if own(caller) { Ok((refund(), order())) } else { Err(GiveRefundError::NotFound) }
    };
    d.give_refunds.expect_of_sales().returning(move |caller, _| refund_of(caller));
    d.give_refunds.expect_of_order().returning(|_, _| Ok((refund(), order())));
    let refunds_of = move |caller: &Caller| {
        if own(caller) { Ok((vec![refund()], order())) } else { Err(ViewRefundError::NotFound) }
    };
    d.view_refunds.expect_of_sales().returning(move |caller, _| refunds_of(caller));
    d.view_refunds.expect_of_order().returning(|_, _| Ok((vec![refund()], order())));
    d.give_top_up_refunds.expect_give().returning(|_, _| Ok(top_up_refund()));
    d.give_top_up_refunds.expect_list().returning(|_, _| Ok(vec![top_up_refund()]));
    d.make_payouts.expect_pay_out().returning(|_, _, _| Ok(payout_view()));
    d.make_payouts.expect_fail().returning(|_, _, _| Ok(payout_view()));
    d.view_payouts.expect_own().returning(|_, _| Ok(Page { data: vec![payout_view()], next: None }));
    d.view_payouts.expect_all().returning(|_, _| Ok(Page { data: vec![payout_view()], next: None }));
    d.view_payouts.expect_owed().returning(|_| Ok(vec![]));
    d.view_statements.expect_statement().returning(|_, _, _| Ok(statement()));
    d.view_statements.expect_earnings().returning(|_| Ok(vec![]));
    d.check_gift_cards.expect_check().returning(|_, _| Ok(gift_card()));
    d.redeem_gift_cards.expect_redeem().returning(|_, _, _| Ok(redeemed()));
    d.issue_gift_cards.expect_issue().returning(|_, _, _| Ok(vec![]));
    d.look_after_gift_cards.expect_list().returning(|_, _, _| Ok(Page { data: vec![gift_card()], next: None }));
    d.look_after_gift_cards.expect_find().returning(|_, _| Ok(Some(gift_card())));
    d.look_after_gift_cards.expect_liabilities().returning(|_| Ok(vec![]));
    d.look_after_gift_cards.expect_set_usable().returning(|_, _, _, _| Ok(Some(gift_card())));
    d.follow_gifts.expect_of_order().returning(|_, _, _| Ok(vec![]));
    d.follow_gifts.expect_readdress().returning(|_, _, _, _, _| Ok(vec![]));
    d.decide_gift_products.expect_list().returning(|_, _, _, _| Ok(Page { data: vec![product()], next: None }));
    d.decide_gift_products.expect_decide().returning(|_, _, _, _| Ok(true));
    d.send_gift_cards_again.expect_find().returning(|_, _| Ok(Some(gift_delivery())));
    d.send_gift_cards_again.expect_send_again().returning(|_, _, _, _| Ok(gift_delivery()));
    d.look_after_batches.expect_order().returning(|_, _, _| Ok(gift_card_batch()));
    d.look_after_batches.expect_list().returning(|_, _| Ok(Page { data: vec![gift_card_batch()], next: None }));
    d.look_after_batches.expect_find().returning(|_, _| Ok(Some(gift_card_batch())));
    d.look_after_batches.expect_set_usable().returning(|_, _, _, _| Ok(Some(gift_card_batch())));
    d.look_after_batches.expect_tell_codes().returning(|_, _, _| Ok(batch_codes()));
    let theirs = move |caller: &Caller| own(caller) || caller.role == Role::Admin;
    let keyed = || KeyedWebhook { endpoint: webhook(), secret: SigningSecret::of(&[7; 32]) };
    let lacking = || KeepWebhookError::NotFound;
    d.keep_webhooks.expect_create().returning(move |_, _, _| Ok(keyed()));
    d.keep_webhooks.expect_list().returning(|_| Ok(vec![webhook()]));
    d.keep_webhooks.expect_find().returning(move |caller, _| Ok(theirs(caller).then(webhook)));
    d.keep_webhooks
        .expect_change()
        .returning(move |caller, _, _, _| if theirs(caller) { Ok(webhook()) } else { Err(lacking()) });
    d.keep_webhooks
        .expect_rotate()
        .returning(move |caller, _, _| if theirs(caller) { Ok(keyed()) } else { Err(lacking()) });
    d.keep_webhooks.expect_remove().returning(move |caller, _, _| Ok(theirs(caller)));
    let sent = move |caller: &Caller| if theirs(caller) { Ok(delivery()) } else { Err(SendAgainError::NotFound) };
    d.tend_deliveries.expect_test().returning(move |caller, _| sent(caller));
    d.tend_deliveries.expect_replay().returning(move |caller, _, _| sent(caller));
    let page = || Page { data: vec![delivery()], next: None };
    d.tend_deliveries.expect_list().returning(move |caller, _, _, _| Ok(theirs(caller).then(page)));
    let tried = || TriedDelivery { delivery: delivery(), attempts: vec![] };
    d.tend_deliveries.expect_find().returning(move |caller, _, _| Ok(theirs(caller).then(tried)));
    d.browse_catalog.expect_products().returning(|_, _, _| Ok(Page { data: vec![product()], next: None }));
    d.browse_catalog.expect_product().returning(|_| Ok(Some(product())));
    d.browse_catalog.expect_categories().returning(|| Ok(vec![]));
    d.browse_catalog.expect_materials().returning(|| Ok(vec![]));
    d.browse_catalog.expect_seller().returning(|_| Ok(Some(seller())));
    d.arrange_categories.expect_create().returning(|_, _, _| Ok(category()));
    d.arrange_categories.expect_change().returning(|_, _, _, _| Ok(category()));
    d.arrange_categories.expect_merge().returning(|_, _, _, _| Ok(category()));
    d.arrange_categories.expect_remove().returning(|_, _, _| Ok(()));
    d.arrange_materials.expect_create().returning(|_, _| Ok(material()));
    d.arrange_materials.expect_change().returning(|_, _, _, _| Ok(material()));
    d.arrange_materials.expect_merge().returning(|_, _, _, _| Ok(material()));
    d.arrange_materials.expect_remove().returning(|_, _, _| Ok(()));
    d.sell_products.expect_list().returning(|_, _, _, _| Ok(Page { data: vec![product()], next: None }));
    d.sell_products.expect_create().returning(|_, _| Ok(product()));
    let product_of = move |caller: &Caller| if own(caller) { Ok(product()) } else { Err(SellError::NotFound) };
    d.sell_products.expect_find().returning(move |caller, _| product_of(caller));
    d.sell_products
        .expect_remove()
        .returning(move |caller, _| if own(caller) { Ok(Removed::Gone) } else { Err(SellError::NotFound) });
    d.sell_products.expect_edit().returning(move |caller, _, _| product_of(caller));
    let picture_of = move |caller: &Caller| {
        if own(caller) { Ok(picture()) } else { Err(PictureError::ProductNotFound) }
    };
    d.keep_pictures.expect_add().returning(move |caller, _, _, _| picture_of(caller));
    d.keep_pictures.expect_change().returning(move |caller, _, _, _| picture_of(caller));
    d.keep_pictures.expect_remove().returning(move |caller, _, _| picture_of(caller).map(|_| ()));
    d.view_orders.expect_list_sold().returning(|_, _, _| Ok(Page { data: vec![sold_view()], next: None }));
    d.view_orders
        .expect_find_sold()
        .returning(move |caller, _| if own(caller) { Ok(sold_view()) } else { Err(ViewOrderError::NotFound) });
    d.view_orders.expect_list_all().returning(|_, _, _| Ok(Page { data: vec![order_view()], next: None }));
    d.view_orders.expect_find_any().returning(|_, _| Ok(order_view()));
    d.view_orders.expect_list().returning(|_, _, _| Ok(Page { data: vec![order_view()], next: None }));
    d.view_orders.expect_find().returning(|_, _, _| Ok(order_view()));
    d.fill_carts.expect_open().returning(|_, _| Ok(cart()));
    d.fill_carts.expect_view().returning(|_, _| Ok(cart()));
    d.fill_carts.expect_add().returning(|_, _, _, _| Ok(cart()));
    d.fill_carts.expect_set_quantity().returning(|_, _, _, _| Ok(cart()));
    d.place_orders.expect_place().returning(|_, _, _| {
        Ok(PlacedOrder { order: order(), payment: payment(), access_token: None, offers: vec![] })
    });
    d.cancel_orders.expect_cancel().returning(|_, _, _| Ok(()));
    let found = || PaymentWithCustomer { payment: payment(), email: None, order_number: None };
    d.review_payments.expect_list().returning(move |_, _, _| Ok(Page { data: vec![found()], next: None }));
    d.review_payments.expect_decide().returning(move |_, _, _, _| Ok(found()));
    d.top_up_balances.expect_top_up().returning(|_, _, _| Ok(payment()));
    d.view_payments.expect_find().returning(move |caller, _| Ok(own(caller).then(payment).map(Into::into)));
    d.view_movements.expect_balances().returning(|_| Ok(vec![eur(5)]));
    d.view_movements.expect_list().returning(|_, _, _| Ok(Page { data: vec![movement()], next: None }));
    d.hear_gateway.expect_hear().returning(|_, _, _| Ok(Applied::Now(())));
    d.site()
}

/// Operations of the document: name, method, and an address with ids in it.
fn operations() -> Vec<(String, Method, String)> {
    let document: Value = serde_json::from_str(&web::openapi().to_json().unwrap()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path
            .replace("{gateway}", "stripe")
            .replace("{provider}", "google")
            .replace("{id}", &id(30).to_string())
            .replace("{image_id}", &id(31).to_string())
            .replace("{line_id}", &id(207).to_string())
            .replace("{gift_card_id}", &id(40).to_string())
            .replace("{delivery_id}", &id(91).to_string());
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap().to_owned();
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            operations.push((name, method, path.clone()));
        }
    }
    operations
}

async fn ask_as(
    app: &impl AsyncFn(TestRequest) -> Answer,
    token: Option<&str>,
    (name, method, path): &(String, Method, String),
    body: &Value,
) -> Answer {
    let mut request = TestRequest::with_uri(path).method(method.clone());
    request = match body {
        Value::Null => request,
        Value::String(picture) => request.form_with(picture.as_bytes(), "A ring"),
        body => request.set_json(body),
    };
    request = request.keyed(&format!("{name}-{}", token.unwrap_or("nobody")));
    request = match token {
        Some(token) => request.by(token),
        None => request,
    };
    app(request).await
}

#[actix_web::test]
async fn every_operation_lets_in_those_whom_its_row_names_and_asks_for_its_permission() {
    let (rows, operations) = (rows(), operations());
    let app = open(&agreeable()).await;
    for operation in &operations {
        let name = operation.0.as_str();
        let row = rows.iter().find(|(row, ..)| *row == name);
        let (_, body, permission, statuses) = row.unwrap_or_else(|| panic!("{name} has no row: who may do it?"));
        let mut asked = Vec::new();
        for (token, status) in CALLERS.iter().zip(statuses) {
            let answer = ask_as(&app, *token, operation, body).await;
            assert_eq!(answer.status.as_u16(), *status, "{name} by {token:?}: {}", answer.text());
            asked.extend(answer.asked_for);
        }
        asked.dedup();
        let told = Asks::of(name).permission().unwrap_or_default();
        assert_eq!(asked.concat(), *permission, "{name}: the handler asks for another permission than the row says");
        assert_eq!(told, *permission, "{name}: the document tells another permission than the row says");
    }
    assert_eq!(operations.len(), rows.len(), "a row has no operation any more");
    let known = |name: &str| operations.iter().any(|(operation, ..)| operation == name);
    assert!(permissions::named().all(known), "an operation with a permission is not there any more");
}

#[actix_web::test]
async fn what_needs_a_fresh_proof_is_refused_without_one() {
    let (rows, mut met) = (rows(), 0);
    let app = open(&agreeable()).await;
    let fresh =
        |permission: &str| policy::ALL.iter().any(|(name, rule): &(&str, Rule)| *name == permission && rule.fresh);
    for operation in &operations() {
        let (_, body, permission, _) = rows.iter().find(|(row, ..)| *row == operation.0).unwrap();
        if fresh(permission) {
            let answer = ask_as(&app, Some("admin-of-yesterday"), operation, body).await;
            assert_eq!(answer.problem(), (403, "fresh-proof-required".to_owned()), "{}", operation.0);
            assert_eq!(answer.json()["methods"], json!(["password"]));
            met += 1;
        }
    }
    assert!(met >= 4, "{met}");
}

#[test]
fn what_the_document_says_of_signing_in_is_what_the_rows_say() {
    let document: Value = serde_json::from_str(&web::openapi().to_json().unwrap()).unwrap();
    let rows = rows();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let name = operation["operationId"].as_str().unwrap();
            let needs = operation["security"].as_array().is_some_and(|ways| ways.iter().all(|way| way != &json!({})));
            let (_, _, permission, statuses) = rows.iter().find(|(row, ..)| *row == name).unwrap();
            assert_eq!(needs, statuses[0] == 401, "{name}");
            assert_eq!(operation["x-permission"]["name"].as_str().unwrap_or_default(), *permission, "{name}");
        }
    }
}
