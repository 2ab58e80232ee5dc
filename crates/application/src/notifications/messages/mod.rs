//! The words of each mail, one file a kind. How they look is the letter's.

mod account;
mod gift_cards;
mod money;
mod orders;
mod proofs;
mod reviews;
#[cfg(test)]
mod tests;
mod top_ups;
mod webhooks;

pub use account::{
    account_deleted, account_disabled, account_enabled, email_changed, password_changed, role_changed,
    second_factor_changed,
};
pub use gift_cards::gift_card;
pub use money::{dispute, payout, refund_failed, refunded};
pub use orders::{order_confirmation, sale_notice};
pub use proofs::{email_change_code, password_reset, sign_in_help, verification_code};
pub use reviews::{payment_held, payment_reviewed, review_request};
pub use top_ups::{top_up_dispute, top_up_refund_failed, top_up_refunded};
pub use webhooks::webhook_disabled;

use super::letter::single_line;
use domain::identity::User;

/// How a letter begins. A name is used only once the address is proven: until then anyone may have typed the address, and
/// a "name" of theirs would be words of strangers under the shop's name.
fn greeting(user: &User) -> String {
    named(user.name.as_deref().filter(|_| user.is_verified()))
}

fn named(name: Option<&str>) -> String {
    match name.map(single_line) {
        Some(name) if !name.is_empty() => format!("Hello {name},"),
        _ => "Hello,".to_owned(),
    }
}
