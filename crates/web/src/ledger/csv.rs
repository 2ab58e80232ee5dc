//! Movements as lines of CSV (RFC 4180). Amounts are decimal, as spreadsheets take them. Nothing in a line comes from
//! people, so nothing needs quoting, and no cell is taken for a formula.

use super::dto::description;
use application::ledger::ports::Movement;
use chrono::SecondsFormat;
use domain::kernel::Money;
use std::fmt::Display;

/// The first line.
pub const HEADER: &str =
    "id,created_at,kind,amount,currency,balance_after,payment_id,order_id,gift_card_id,description\r\n";

/// The line of a movement.
pub fn line(movement: &Movement) -> String {
    let fields = [
        movement.id.to_string(),
        movement.created_at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        movement.kind.name().to_owned(),
        decimal(movement.amount),
        movement.amount.currency().code().to_owned(),
        movement.balance_after.map(decimal).unwrap_or_default(),
        text(movement.payment_id),
        text(movement.order_id),
        text(movement.gift_card_id),
        description(movement).to_owned(),
    ];
    fields.join(",") + "\r\n"
}

/// `-129.99`, with the decimals of the currency.
pub fn decimal(money: Money) -> String {
    let text = money.to_string();
    text.split_once(' ').map_or(text.clone(), |(amount, _)| amount.to_owned())
}

/// An id, or nothing.
pub fn text(id: Option<impl Display>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}
