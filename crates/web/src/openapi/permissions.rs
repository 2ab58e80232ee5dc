//! What each operation asks for: the permission of its handler's extractor, as the document tells it and as
//! `make authorization` prints it. Tests call each operation and compare.

use application::identity::policy::{self, Permission, Rule};
use domain::identity::Role;
use serde_json::{Value, json};
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::Operation;

/// What an operation asks for.
#[derive(Debug, Clone, Copy)]
pub enum Asks {
    /// Nothing: anyone may.
    Nothing,
    /// Guests may; who is signed in needs the permission.
    UnlessGuest(&'static str, Rule),
    /// The permission.
    For(&'static str, Rule),
}

const fn needs<P: Permission>() -> Asks {
    Asks::For(P::NAME, P::RULE)
}

const fn guests_or<P: Permission>() -> Asks {
    Asks::UnlessGuest(P::NAME, P::RULE)
}

/// Every operation that asks for something; those that are not here ask for nothing.
const OPERATIONS: &[(&str, Asks)] = &[
    ("logout", needs::<policy::ManageSessions>()),
    ("list_sessions", needs::<policy::ManageSessions>()),
    ("end_session", needs::<policy::ManageSessions>()),
    ("end_other_sessions", needs::<policy::ManageSessions>()),
    ("step_up", needs::<policy::ProveAnew>()),
    ("change_password", needs::<policy::ChangePassword>()),
    ("me", needs::<policy::ViewProfile>()),
    ("edit_me", needs::<policy::EditProfile>()),
    ("delete_me", needs::<policy::ControlAccount>()),
    ("export_me", needs::<policy::ControlAccount>()),
    ("confirm_email", needs::<policy::EditProfile>()),
    ("drop_email_change", needs::<policy::EditProfile>()),
    ("list_addresses", needs::<policy::ViewProfile>()),
    ("create_address", needs::<policy::EditProfile>()),
    ("get_address", needs::<policy::ViewProfile>()),
    ("replace_address", needs::<policy::EditProfile>()),
    ("remove_address", needs::<policy::EditProfile>()),
    ("get_totp", needs::<policy::ViewCredentials>()),
    ("start_totp", needs::<policy::ChangeCredentials>()),
    ("confirm_totp", needs::<policy::FinishCredentials>()),
    ("disable_totp", needs::<policy::ChangeCredentials>()),
    ("count_recovery_codes", needs::<policy::ViewCredentials>()),
    ("renew_recovery_codes", needs::<policy::ChangeCredentials>()),
    ("list_passkeys", needs::<policy::ViewCredentials>()),
    ("begin_passkey", needs::<policy::ChangeCredentials>()),
    ("add_passkey", needs::<policy::FinishCredentials>()),
    ("rename_passkey", needs::<policy::FinishCredentials>()),
    ("remove_passkey", needs::<policy::ChangeCredentials>()),
    ("ask_passkey", guests_or::<policy::ProveAnew>()),
    ("answer_passkey", guests_or::<policy::ProveAnew>()),
    ("list_identities", needs::<policy::ViewCredentials>()),
    ("unlink_identity", needs::<policy::ChangeCredentials>()),
    ("list_api_keys", needs::<policy::ViewCredentials>()),
    ("create_api_key", needs::<policy::ChangeCredentials>()),
    ("revoke_api_key", needs::<policy::RevokeApiKeys>()),
    ("register_bulk", needs::<policy::AdministerUsers>()),
    ("list_users", needs::<policy::ViewUsers>()),
    ("get_user", needs::<policy::ViewUsers>()),
    ("update_user", needs::<policy::AdministerUsers>()),
    ("end_user_sessions", needs::<policy::AdministerUsers>()),
    ("list_security_events", needs::<policy::ReadSecurityLog>()),
    ("list_own_products", needs::<policy::ViewOwnProducts>()),
    ("get_own_product", needs::<policy::ViewOwnProducts>()),
    ("create_product", needs::<policy::SellProducts>()),
    ("update_product", needs::<policy::SellProducts>()),
    ("remove_product", needs::<policy::SellProducts>()),
    ("create_category", needs::<policy::AddToCatalogue>()),
    ("create_material", needs::<policy::AddToCatalogue>()),
    ("update_category", needs::<policy::ArrangeCatalogue>()),
    ("merge_category", needs::<policy::ArrangeCatalogue>()),
    ("remove_category", needs::<policy::ArrangeCatalogue>()),
    ("update_material", needs::<policy::ArrangeCatalogue>()),
    ("merge_material", needs::<policy::ArrangeCatalogue>()),
    ("remove_material", needs::<policy::ArrangeCatalogue>()),
    ("upload_product_image", needs::<policy::SellProducts>()),
    ("update_product_image", needs::<policy::SellProducts>()),
    ("remove_product_image", needs::<policy::SellProducts>()),
    ("list_seller_orders", needs::<policy::ViewSales>()),
    ("get_seller_order", needs::<policy::ViewSales>()),
    ("create_webhook", needs::<policy::ManageWebhooks>()),
    ("list_webhooks", needs::<policy::ViewWebhooks>()),
    ("get_webhook", needs::<policy::ViewWebhooks>()),
    ("update_webhook", needs::<policy::ManageWebhooks>()),
    ("remove_webhook", needs::<policy::ManageWebhooks>()),
    ("rotate_webhook_secret", needs::<policy::ManageWebhooks>()),
    ("test_webhook", needs::<policy::SendWebhooks>()),
    ("list_webhook_deliveries", needs::<policy::ViewWebhooks>()),
    ("get_webhook_delivery", needs::<policy::ViewWebhooks>()),
    ("replay_webhook_delivery", needs::<policy::SendWebhooks>()),
    ("list_any_orders", needs::<policy::ViewAnyOrder>()),
    ("get_any_order", needs::<policy::ViewAnyOrder>()),
    ("give_seller_refund", needs::<policy::RefundSales>()),
    ("list_seller_refunds", needs::<policy::ViewSales>()),
    ("give_refund", needs::<policy::RefundOrders>()),
    ("list_refunds", needs::<policy::ViewAnyOrder>()),
    ("refund_top_up", needs::<policy::RefundTopUps>()),
    ("list_top_up_refunds", needs::<policy::ViewAllPayments>()),
    ("get_statement", needs::<policy::ViewSales>()),
    ("export_statement", needs::<policy::ViewSales>()),
    ("get_earnings", needs::<policy::ViewSales>()),
    ("list_own_payouts", needs::<policy::ViewSales>()),
    ("list_payouts", needs::<policy::ViewPayouts>()),
    ("list_owed", needs::<policy::ViewPayouts>()),
    ("make_payout", needs::<policy::AdministerPayouts>()),
    ("fail_payout", needs::<policy::AdministerPayouts>()),
    ("redeem_gift_card", needs::<policy::RedeemGiftCards>()),
    ("list_gift_cards", needs::<policy::ViewGiftCards>()),
    ("get_gift_card", needs::<policy::ViewGiftCards>()),
    ("list_gift_card_liabilities", needs::<policy::ViewGiftCards>()),
    ("issue_gift_cards", needs::<policy::AdministerGiftCards>()),
    ("update_gift_card", needs::<policy::AdministerGiftCards>()),
    ("list_everyones_products", needs::<policy::ViewGiftCards>()),
    ("decide_gift_card_product", needs::<policy::AdministerGiftCards>()),
    ("get_gift_card_delivery", needs::<policy::ViewGiftCards>()),
    ("send_gift_card_again", needs::<policy::AdministerGiftCards>()),
    ("order_gift_card_batch", needs::<policy::AdministerGiftCards>()),
    ("list_gift_card_batches", needs::<policy::ViewGiftCards>()),
    ("get_gift_card_batch", needs::<policy::ViewGiftCards>()),
    ("update_gift_card_batch", needs::<policy::AdministerGiftCards>()),
    ("download_gift_card_codes", needs::<policy::AdministerGiftCards>()),
    ("create_cart", guests_or::<policy::Buy>()),
    ("get_cart", guests_or::<policy::Buy>()),
    ("add_cart_line", guests_or::<policy::Buy>()),
    ("update_cart_line", guests_or::<policy::Buy>()),
    ("remove_cart_line", guests_or::<policy::Buy>()),
    ("check_out", guests_or::<policy::CheckOut>()),
    ("list_orders", needs::<policy::ViewOrders>()),
    ("get_order", guests_or::<policy::ViewOrders>()),
    ("list_order_gifts", guests_or::<policy::ViewOrders>()),
    ("cancel_order", guests_or::<policy::Buy>()),
    ("readdress_order_gift", guests_or::<policy::Buy>()),
    ("list_payments", needs::<policy::ViewAllPayments>()),
    ("approve_payment", needs::<policy::ReviewPayments>()),
    ("reject_payment", needs::<policy::ReviewPayments>()),
    ("make_payment", needs::<policy::Pay>()),
    ("get_payment", needs::<policy::ViewTransactions>()),
    ("get_balance", needs::<policy::ViewTransactions>()),
    ("list_transactions", needs::<policy::ViewTransactions>()),
    ("export_transactions", needs::<policy::ViewTransactions>()),
];

impl Asks {
    /// What the operation of this name asks for.
    #[must_use]
    pub fn of(operation: &str) -> Self {
        OPERATIONS.iter().find(|(name, _)| *name == operation).map_or(Self::Nothing, |(_, asks)| *asks)
    }

    /// The name of the permission.
    #[must_use]
    pub const fn permission(&self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::UnlessGuest(name, _) | Self::For(name, _) => Some(name),
        }
    }

    /// Who may, in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Nothing => "anyone".to_owned(),
            Self::UnlessGuest(_, rule) => format!("guests; {}", words(*rule)),
            Self::For(_, rule) => words(*rule),
        }
    }

    /// The same for programs.
    fn in_json(&self) -> Option<Value> {
        let (name, rule, guests) = match self {
            Self::Nothing => return None,
            Self::UnlessGuest(name, rule) => (name, rule, true),
            Self::For(name, rule) => (name, rule, false),
        };
        Some(json!({
            "name": name,
            "guests": guests,
            "roles": rule.roles.iter().map(|role| role.name()).collect::<Vec<_>>(),
            "verified_email": rule.verified,
            "api_key_scope": rule.scope.map(domain::identity::Scope::name),
            "fresh_proof": rule.fresh,
        }))
    }
}

fn words(rule: Rule) -> String {
    let who = match rule.roles {
        [] => "nobody",
        [Role::Seller] => "sellers",
        [Role::Admin] => "admins",
        [Role::Customer] => "customers",
        _ => "everyone signed in",
    };
    let verified = if rule.verified { " with a proven address" } else { "" };
    let fresh = if rule.fresh { " and a fresh proof" } else { "" };
    let keys = rule.scope.map_or_else(|| "no API keys".to_owned(), |scope| format!("API keys with `{}`", scope.name()));
    format!("{who}{verified}{fresh}; {keys}")
}

/// Tells in the document what an operation asks for.
pub fn tell(operation: &mut Operation) {
    let asks = Asks::of(operation.operation_id.as_deref().unwrap_or_default());
    let Some(permission) = asks.in_json() else { return };
    let told = operation.description.take();
    let who = format!("Who may: {}.", asks.in_words());
    operation.description = Some(told.map_or_else(|| who.clone(), |told| format!("{told}\n\n{who}")));
    let extension = ExtensionsBuilder::new().add("x-permission", permission).build();
    match &mut operation.extensions {
        Some(extensions) => extensions.merge(extension),
        none => *none = Some(extension),
    }
}

/// All operations with their permissions, as lines for people.
#[must_use]
pub fn table() -> Vec<[String; 3]> {
    let document = serde_json::to_value(crate::openapi()).unwrap_or_default();
    let mut lines = Vec::new();
    for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let name = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
            lines.push([name.to_owned(), format!("{} {path}", method.to_uppercase()), Asks::of(name).in_words()]);
        }
    }
    lines
}

/// The names of the operations that ask for something.
pub fn named() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().map(|(name, _)| *name)
}
