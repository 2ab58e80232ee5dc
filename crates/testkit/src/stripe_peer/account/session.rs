//! A Checkout Session, its card payment, and what its customer does.

use super::super::events::event;
use super::super::form::{self, Fields};
use super::super::shapes::shaped;
use super::charge;
use crate::builders::id;
use serde_json::{Value, json};

/// A session with what happened to it.
pub struct Session {
    pub object: Value,
    pub events: Vec<Value>,
    /// There is none before the customer has tried to pay.
    intent: Option<Value>,
    /// What the shop wants to find on the card payment.
    intent_metadata: Value,
    /// Whether the bank only promises the money.
    manual: bool,
    /// What the account calls the card that was tried last.
    card: String,
}

impl Session {
    /// A new page, as the form wants it.
    pub fn open(fields: &Fields) -> Self {
        let value = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let name = format!("cs_test_{}", id().simple());
        let (amount, currency) = form::total(fields);
        let object = shaped(
            "checkout.session",
            &json!({
                "id": name, "url": format!("https://checkout.stripe.com/c/pay/{name}"), "status": "open", "payment_status": "unpaid",
                "amount_total": amount, "amount_subtotal": amount, "currency": currency, "payment_intent": null,
                "client_reference_id": value("client_reference_id"), "customer_email": value("customer_email"),
                "success_url": value("success_url"), "cancel_url": value("cancel_url"), "metadata": form::map(fields, "metadata"),
                "expires_at": value("expires_at").and_then(|text| text.parse::<i64>().ok()),
            }),
        );
        Self {
            object,
            events: vec![],
            intent: None,
            intent_metadata: form::map(fields, "payment_intent_data[metadata]"),
            manual: value("payment_intent_data[capture_method]") == Some("manual"),
            card: format!("card of {name}"),
        }
    }

    /// As it is answered: with the card payment whole, or by its id.
    pub fn shown(&self, whole: bool) -> Value {
        let mut object = self.object.clone();
        if let Some(intent) = &self.intent {
            object["payment_intent"] = if whole { intent.clone() } else { intent["id"].clone() };
        }
        object
    }

    /// The same with the card payment whole, and with its last charge if it was paid or promised.
    pub fn shown_with_charge(&self) -> Value {
        let mut object = self.shown(true);
        let intent = &mut object["payment_intent"];
        if ["succeeded", "requires_capture"].contains(&intent["status"].as_str().unwrap_or_default()) {
            let mut charge = charge(intent);
            charge["payment_method_details"]["card"]["fingerprint"] = json!(self.card);
            intent["latest_charge"] = charge;
        }
        object
    }

    /// The card payment, once its customer has tried.
    pub const fn intent(&self) -> Option<&Value> {
        self.intent.as_ref()
    }

    /// Another card is tried from now on.
    pub fn takes_card(&mut self, card: &str) {
        card.clone_into(&mut self.card);
    }

    pub fn pays(&mut self) -> bool {
        if self.is_open() && self.manual {
            self.complete("unpaid", "requires_capture", &Value::Null);
            self.tell("checkout.session.completed");
            self.tell_of_intent("payment_intent.amount_capturable_updated");
            return true;
        }
        if self.is_open() {
            self.complete("paid", "succeeded", &Value::Null);
            self.tell("checkout.session.completed");
            self.tell_of_intent("payment_intent.succeeded");
        }
        self.object["payment_status"] == "paid"
    }

    pub fn is_declined(&mut self) {
        assert!(self.is_open(), "nobody can try a card on a page that is closed");
        let error = json!({"type": "card_error", "code": "card_declined", "decline_code": "generic_decline"});
        self.set_intent("requires_payment_method", &error);
        self.tell_of_intent("payment_intent.payment_failed");
    }

    pub fn pays_slowly(&mut self) {
        assert!(self.is_open(), "nobody can pay on a page that is closed");
        self.complete("unpaid", "processing", &Value::Null);
        self.tell("checkout.session.completed");
    }

    pub fn ends_slowly(&mut self, well: bool) {
        assert!(
            self.object["status"] == "complete" && self.object["payment_status"] == "unpaid",
            "nothing is on its way"
        );
        if well {
            self.complete("paid", "succeeded", &Value::Null);
            self.tell("checkout.session.async_payment_succeeded");
        } else {
            self.complete(
                "unpaid",
                "requires_payment_method",
                &json!({"type": "card_error", "code": "payment_intent_payment_attempt_failed"}),
            );
            self.tell("checkout.session.async_payment_failed");
        }
    }

    /// It has taken another amount than it says on the page.
    pub fn has_taken(&mut self, amount: i64) {
        if let Some(intent) = &mut self.intent {
            intent["amount_received"] = json!(amount);
        }
    }

    /// It says that its money is real, in an account of play money.
    pub fn is_live(&mut self) {
        self.object["livemode"] = json!(true);
    }

    /// Nobody has ever tried to pay.
    pub fn forgets(&mut self) {
        self.intent = None;
    }

    /// Closes the page, if it is open.
    pub fn expire(&mut self) -> bool {
        if !self.is_open() {
            return false;
        }
        (self.object["status"], self.object["url"]) = (json!("expired"), Value::Null);
        if let Some(intent) = &mut self.intent {
            intent["status"] = json!("canceled");
        }
        self.tell("checkout.session.expired");
        true
    }

    pub fn has_intent(&self, name: &str) -> bool {
        self.intent.as_ref().is_some_and(|intent| intent["id"] == name)
    }

    /// Money that is promised is taken, or let go. (That it was taken is told by the card payment; the session's own
    /// `payment_status` stays as it is, so that nobody relies on it.)
    pub fn ends_promise(&mut self, well: bool) -> bool {
        let promised = self.intent.as_ref().is_some_and(|intent| intent["status"] == "requires_capture");
        if promised {
            self.set_intent(if well { "succeeded" } else { "canceled" }, &Value::Null);
            self.tell_of_intent(if well { "payment_intent.succeeded" } else { "payment_intent.canceled" });
        }
        promised
    }

    fn is_open(&self) -> bool {
        self.object["status"] == "open"
    }

    fn complete(&mut self, payment_status: &str, intent_status: &str, error: &Value) {
        (self.object["status"], self.object["url"]) = (json!("complete"), Value::Null);
        self.object["payment_status"] = json!(payment_status);
        self.set_intent(intent_status, error);
    }

    fn set_intent(&mut self, status: &str, error: &Value) {
        let mut error = error.clone();
        if error["type"] == "card_error" {
            let card = json!({"brand": "visa", "fingerprint": self.card, "last4": "0002"});
            error["payment_method"] = json!({"id": "pm_1", "object": "payment_method", "type": "card", "card": card});
        }
        let name =
            self.intent.as_ref().map_or_else(|| json!(format!("pi_{}", id().simple())), |intent| intent["id"].clone());
        let (amount, currency) = (self.object["amount_total"].clone(), self.object["currency"].clone());
        self.intent = Some(shaped(
            "payment_intent",
            &json!({
                "id": name, "amount": amount, "amount_received": if status == "succeeded" { amount.clone() } else { json!(0) },
                "currency": currency, "status": status, "last_payment_error": error,
                "metadata": self.intent_metadata, "canceled_at": null,
                "capture_method": if self.manual { "manual" } else { "automatic" },
            }),
        ));
    }

    fn tell(&mut self, kind: &str) {
        let shown = self.shown(false);
        self.events.push(event(kind, &shown));
    }

    fn tell_of_intent(&mut self, kind: &str) {
        let intent = self.intent.clone().unwrap_or_default();
        self.events.push(event(kind, &intent));
        if kind == "payment_intent.succeeded" {
            self.events.push(event("charge.succeeded", &charge(&intent)));
        }
    }
}
