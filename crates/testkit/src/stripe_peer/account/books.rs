//! The list of all card payments of one account (<https://docs.stripe.com/api/payment_intents/list>).

use super::super::shapes::shaped;
use super::{Account, charge};
use crate::builders::id;
use crate::web_peer::Asked;
use serde_json::{Value, json};

impl Account {
    /// A page of them, the newest first; `None` if there is no such page.
    pub fn list_asked_for(&self, asked: &Asked) -> Option<Value> {
        let limit = asked
            .field("limit")
            .map_or(Some(10), |text| text.parse().ok())
            .filter(|limit| (1..=100).contains(limit))?;
        let all: Vec<&Value> = self.intents().collect();
        let begin = match asked.field("starting_after") {
            Some(after) => all.iter().position(|intent| intent["id"] == after.as_str())? + 1,
            None => 0,
        };
        let left = all.get(begin..).unwrap_or_default();
        let whole = asked.field("expand[]").as_deref() == Some("data.latest_charge");
        let data: Vec<Value> = left.iter().take(limit).map(|intent| self.listed(intent, whole)).collect();
        Some(json!({"object": "list", "data": data, "has_more": left.len() > limit, "url": "/v1/payment_intents"}))
    }

    /// Money is taken for a payment, or for what is none of ours, without a page of this shop's.
    pub fn takes(&mut self, payment: Option<&str>, amount: i64, currency: &str) -> String {
        let name = format!("pi_{}", id().simple());
        let metadata = payment.map_or_else(|| json!({}), |payment| json!({"payment_id": payment}));
        self.strays.push(shaped(
            "payment_intent",
            &json!({
                "id": name, "amount": amount, "amount_received": amount, "currency": currency, "status": "succeeded",
                "metadata": metadata, "last_payment_error": null, "canceled_at": null,
            }),
        ));
        name
    }

    fn intents(&self) -> impl Iterator<Item = &Value> {
        let of_pages = self.sessions.iter().rev().filter_map(super::Session::intent);
        self.strays.iter().rev().chain(of_pages)
    }

    fn listed(&self, intent: &Value, whole: bool) -> Value {
        let mut listed = intent.clone();
        if intent["status"] == "succeeded" {
            let charge = self.charge_of(intent);
            listed["latest_charge"] = if whole { charge } else { charge["id"].clone() };
        }
        listed
    }

    /// The charge of a card payment, with what went back of it.
    fn charge_of(&self, intent: &Value) -> Value {
        let theirs = self.refunds.iter().filter(|one| one["payment_intent"] == intent["id"]);
        let given: i64 = theirs
            .filter(|one| one["status"] != "failed" && one["status"] != "canceled")
            .filter_map(|one| one["amount"].as_i64())
            .sum();
        let mut charge = charge(intent);
        charge["amount_refunded"] = json!(given);
        charge
    }
}
