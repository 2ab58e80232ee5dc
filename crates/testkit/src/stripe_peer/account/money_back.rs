//! Refunds and disputes of one account.

use super::super::form::{self, Fault, Fields};
use super::super::shapes::shaped;
use super::Account;
use crate::builders::id;
use crate::system::SystemClock;
use crate::web_peer::Asked;
use application::system::Clock;
use serde_json::{Value, json};

const KNOWN: [&str; 4] = ["payment_intent", "amount", "metadata[refund_id]", "metadata[payment_id]"];

impl Account {
    /// What is wrong with a wish for a refund (<https://docs.stripe.com/api/refunds/create>).
    pub fn unfit_to_give_back(&self, fields: &Fields) -> Option<Fault> {
        let fault = |code, param: &str| Some(Fault { code, param: param.to_owned() });
        if let Some((name, _)) = fields.iter().find(|(name, _)| !KNOWN.contains(&name.as_str())) {
            return fault("parameter_unknown", name);
        }
        let intent = value(fields, "payment_intent");
        let paid = self.sessions.iter().find_map(|session| session.intent().filter(|found| found["id"] == intent));
        let Some(paid) = paid.filter(|paid| paid["status"] == "succeeded") else {
            return fault("resource_missing", "payment_intent");
        };
        if self.disputes.iter().any(|dispute| dispute["payment_intent"] == intent && dispute["status"] != "won") {
            return fault("charge_disputed", "");
        }
        let given: i64 = self
            .refunds
            .iter()
            .filter(|one| one["payment_intent"] == intent && one["status"] != "failed")
            .filter_map(|one| one["amount"].as_i64())
            .sum();
        let left = paid["amount"].as_i64().unwrap_or_default() - given;
        match value(fields, "amount").parse::<i64>() {
            Ok(amount) if amount >= 1 && amount <= left => None,
            Ok(amount) if amount >= 1 && left == 0 => fault("charge_already_refunded", ""),
            _ => fault("parameter_invalid_integer", "amount"),
        }
    }

    /// Gives money back at once.
    pub fn gives_back(&mut self, fields: &Fields) -> Value {
        let intent = self
            .sessions
            .iter()
            .find_map(|session| session.intent().filter(|found| found["id"] == value(fields, "payment_intent")));
        let currency = intent.map(|intent| intent["currency"].clone()).unwrap_or_default();
        let refund = shaped(
            "refund",
            &json!({
                "id": format!("re_{}", id().simple()), "amount": value(fields, "amount").parse::<i64>().unwrap_or_default(),
                "currency": currency, "payment_intent": value(fields, "payment_intent"), "status": "succeeded",
                "metadata": form::map(fields, "metadata"),
            }),
        );
        self.refunds.push(refund.clone());
        refund
    }

    /// One refund by its id, or those of a card payment, the newest first.
    pub fn refunds_asked_for(&self, asked: &Asked) -> Option<Value> {
        if let Some(name) = last_of(asked).strip_prefix("re_") {
            return self.refunds.iter().find(|one| one["id"] == format!("re_{name}")).cloned();
        }
        let of = asked.field("payment_intent");
        let theirs: Vec<_> =
            self.refunds.iter().rev().filter(|one| one["payment_intent"].as_str() == of.as_deref()).collect();
        Some(json!({"object": "list", "data": theirs, "has_more": false, "url": "/v1/refunds"}))
    }

    /// A dispute, with its card payment if that is asked for.
    pub fn dispute_asked_for(&self, asked: &Asked) -> Option<Value> {
        let dispute = self.disputes.iter().find(|one| one["id"] == last_of(asked))?;
        let whole = asked.field("expand[]").as_deref() == Some("payment_intent");
        Some(if whole { self.with_intent(dispute) } else { dispute.clone() })
    }

    /// Those that were opened since then, the newest first, as many as are asked for.
    pub fn disputes_asked_for(&self, asked: &Asked) -> Value {
        let number = |name: &str| asked.field(name).and_then(|text| text.parse::<i64>().ok());
        let since = number("created[gte]").unwrap_or_default();
        let mut all: Vec<_> =
            self.disputes.iter().rev().filter(|one| one["created"].as_i64().unwrap_or_default() >= since).collect();
        if let Some(last) = asked.field("starting_after") {
            let at = all.iter().position(|one| one["id"] == last.as_str()).map_or(all.len(), |at| at + 1);
            all.drain(..at);
        }
        let most = number("limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(10).min(100);
        let whole = asked.field("expand[]").as_deref() == Some("data.payment_intent");
        let one = |dispute: &Value| if whole { self.with_intent(dispute) } else { dispute.clone() };
        let page: Vec<_> = all.iter().take(most).map(|dispute| one(dispute)).collect();
        json!({"object": "list", "data": page, "has_more": all.len() > most, "url": "/v1/disputes"})
    }

    fn with_intent(&self, dispute: &Value) -> Value {
        let mut dispute = dispute.clone();
        let of = self
            .sessions
            .iter()
            .find_map(|session| session.intent().filter(|intent| intent["id"] == dispute["payment_intent"]).cloned());
        dispute["payment_intent"] = of.unwrap_or_default();
        dispute
    }

    /// The customer of a page that was paid on disputes it at their bank, and Stripe takes its fee.
    pub fn is_disputed(&mut self, session: &str) -> String {
        let intent = self.session(session).intent().cloned().expect("somebody paid");
        let name = format!("dp_{}", id().simple());
        let amount = intent["amount"].as_i64().unwrap_or_default();
        let moved = shaped(
            "balance_transaction",
            &json!({
                "id": format!("txn_{}", id().simple()), "amount": -amount, "currency": intent["currency"],
                "fee": Self::DISPUTE_FEE, "net": -amount - Self::DISPUTE_FEE, "source": name, "type": "adjustment",
            }),
        );
        let values = json!({
            "id": name, "amount": amount, "currency": intent["currency"], "payment_intent": intent["id"],
            "charge": format!("ch_{}", intent["id"].as_str().unwrap_or_default()), "status": "needs_response",
            "created": SystemClock.now().timestamp(), "balance_transactions": [moved],
        });
        self.disputes.push(shaped("dispute", &values));
        name
    }

    /// What Stripe keeps for a dispute, in the currency of the payment.
    const DISPUTE_FEE: i64 = 1_500;

    /// It gives that back.
    pub fn gives_fee_back(&mut self, dispute: &str) {
        let found = self.disputes.iter_mut().find(|one| one["id"] == dispute).expect("a dispute of that id");
        let values = json!({
            "id": format!("txn_{}", id().simple()), "amount": found["amount"], "currency": found["currency"],
            "fee": -Self::DISPUTE_FEE, "source": dispute, "type": "adjustment",
        });
        found["balance_transactions"].as_array_mut().expect("a list").push(shaped("balance_transaction", &values));
    }
}

fn value<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

fn last_of(asked: &Asked) -> &str {
    asked.line.split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default()
}
