//! A Checkout Session as Stripe answers it, and what it means for a payment. Only what is needed is read, so that a new field
//! or value of Stripe's breaks nothing.

use super::amount::{code, in_stripes_units};
use super::mode::Mode;
use application::payments::ports::GatewayError;
use domain::kernel::Money;
use domain::payments::{GatewayVerdict, HostedSession};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// A session.
#[derive(Debug, Deserialize)]
pub struct Session {
    id: String,
    url: Option<String>,
    status: Option<String>,
    livemode: Option<bool>,
    payment_status: String,
    amount_total: Option<i64>,
    currency: Option<String>,
    payment_intent: Option<PaymentIntent>,
}

/// The card payment behind a session, once its customer has tried.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum PaymentIntent {
    Whole { id: String, status: String, capture_method: Option<String>, last_payment_error: Option<IgnoredAny> },
    Id(IgnoredAny),
}

impl Session {
    /// The session, if its money is as real as the shop's key says. Otherwise nothing of it is believed, and it is asked about
    /// again.
    ///
    /// # Errors
    /// [`GatewayError::Unavailable`] if it is not.
    pub fn of_mode(self, mode: Mode) -> Result<Self, GatewayError> {
        if self.livemode.is_some_and(|livemode| mode.is_foreign(livemode)) {
            let why = format!("Stripe's session {} is of the other mode than STRIPE_SECRET_KEY", self.id);
            tracing::error!(why, "Stripe's answer is not believed");
            return Err(GatewayError::Unavailable(why.into()));
        }
        Ok(self)
    }

    /// The page, if it is open and takes exactly this amount.
    ///
    /// # Errors
    /// [`GatewayError::Refused`] if it is another one.
    pub fn page_for(self, amount: Money) -> Result<HostedSession, GatewayError> {
        let refused = |why: &str| GatewayError::Refused(format!("Stripe's session {}: {why}", self.id));
        let asked = (Some(in_stripes_units(amount)?), Some(code(amount.currency())));
        if (self.amount_total, self.currency.clone()) != asked {
            return Err(refused("it takes another amount than it was asked for"));
        }
        let url = self.url.clone().ok_or_else(|| refused("it has no page"))?;
        Ok(HostedSession { url, id: self.id })
    }

    /// How the payment stands. A card that was declined is no verdict while the page is open: its customer may try another.
    /// What is unknown counts as open, so that it is asked about again.
    pub fn verdict(&self) -> GatewayVerdict {
        if let (Some("complete"), Some(verdict)) = (self.status.as_deref(), self.promised()) {
            return verdict;
        }
        match (self.status.as_deref(), self.payment_status.as_str()) {
            (_, "paid" | "no_payment_required") => GatewayVerdict::Paid,
            (Some("complete"), _) if self.has_failed() => GatewayVerdict::Declined,
            (Some("expired"), _) if self.was_declined() => GatewayVerdict::Declined,
            (Some("expired"), _) => GatewayVerdict::Closed,
            _ => GatewayVerdict::Open,
        }
    }

    /// Stripe's id of the card payment, once its customer has tried.
    pub fn intent(&self) -> Option<&str> {
        match &self.payment_intent {
            Some(PaymentIntent::Whole { id, .. }) => Some(id),
            Some(PaymentIntent::Id(_)) | None => None,
        }
    }

    /// How money stands that the bank was only to promise; `None` where it was not, or has not yet.
    fn promised(&self) -> Option<GatewayVerdict> {
        let Some(PaymentIntent::Whole { status, capture_method, .. }) = &self.payment_intent else { return None };
        match (capture_method.as_deref(), status.as_str()) {
            (_, "requires_capture") => Some(GatewayVerdict::Authorized),
            (Some("manual"), "succeeded") => Some(GatewayVerdict::Paid),
            (Some("manual"), "canceled") => Some(GatewayVerdict::Closed),
            _ => None,
        }
    }

    /// A payment that takes its time came to nothing.
    fn has_failed(&self) -> bool {
        let failed = |status: &str| matches!(status, "requires_payment_method" | "canceled");
        matches!(&self.payment_intent, Some(PaymentIntent::Whole { status, .. }) if failed(status))
    }

    /// A bank said no.
    const fn was_declined(&self) -> bool {
        matches!(self.payment_intent, Some(PaymentIntent::Whole { last_payment_error: Some(_), .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use testkit::builders::cents;

    fn session(changes: &Value) -> Session {
        let mut session = json!({
            "id": "cs_test_1", "object": "checkout.session", "url": "https://checkout.stripe.com/c/pay/cs_test_1",
            "status": "open", "payment_status": "unpaid", "amount_total": 12_900, "currency": "eur", "payment_intent": null,
        });
        session.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        serde_json::from_value(session).unwrap()
    }

    #[test]
    fn every_state_of_a_session_is_a_verdict() {
        let intent = |status: &str, error: Value| json!({"id": "pi_1", "status": status, "capture_method": "automatic", "last_payment_error": error});
        let manual = |status: &str| json!({"id": "pi_1", "status": status, "capture_method": "manual"});
        let declined = json!({"type": "card_error", "code": "card_declined"});
        let retry = || intent("requires_payment_method", declined.clone());
        for (status, payment_status, payment_intent, verdict) in [
            ("open", "unpaid", Value::Null, GatewayVerdict::Open),
            ("open", "unpaid", retry(), GatewayVerdict::Open),
            ("complete", "paid", intent("succeeded", Value::Null), GatewayVerdict::Paid),
            ("complete", "paid", json!("pi_1"), GatewayVerdict::Paid),
            ("complete", "no_payment_required", Value::Null, GatewayVerdict::Paid),
            ("complete", "unpaid", intent("processing", Value::Null), GatewayVerdict::Open),
            ("complete", "unpaid", Value::Null, GatewayVerdict::Open),
            ("complete", "unpaid", retry(), GatewayVerdict::Declined),
            ("complete", "unpaid", intent("canceled", Value::Null), GatewayVerdict::Declined),
            ("complete", "unpaid", manual("requires_capture"), GatewayVerdict::Authorized),
            ("complete", "paid", manual("requires_capture"), GatewayVerdict::Authorized),
            ("complete", "unpaid", manual("succeeded"), GatewayVerdict::Paid),
            ("complete", "unpaid", manual("canceled"), GatewayVerdict::Closed),
            ("open", "unpaid", manual("requires_payment_method"), GatewayVerdict::Open),
            ("expired", "unpaid", manual("canceled"), GatewayVerdict::Closed),
            ("expired", "unpaid", Value::Null, GatewayVerdict::Closed),
            ("expired", "unpaid", intent("canceled", Value::Null), GatewayVerdict::Closed),
            ("expired", "unpaid", intent("canceled", declined.clone()), GatewayVerdict::Declined),
            ("expired", "paid", Value::Null, GatewayVerdict::Paid),
            ("of tomorrow", "unpaid", Value::Null, GatewayVerdict::Open),
        ] {
            let changes = json!({"status": status, "payment_status": payment_status, "payment_intent": payment_intent});
            assert_eq!(session(&changes).verdict(), verdict, "{changes}");
        }
    }

    #[test]
    fn a_session_of_the_other_mode_is_not_believed() {
        for (livemode, mode, is_believed) in [
            (json!(true), Mode::Live, true),
            (json!(false), Mode::Test, true),
            (json!(false), Mode::Live, false),
            (json!(true), Mode::Test, false),
        ] {
            let told =
                session(&json!({"livemode": livemode, "status": "complete", "payment_status": "paid"})).of_mode(mode);
            assert_eq!(told.is_ok(), is_believed, "{livemode} {mode:?}");
            assert!(told.is_ok() || matches!(told, Err(GatewayError::Unavailable(_))));
        }
    }

    #[test]
    fn a_page_is_handed_on_if_it_takes_what_it_was_asked_for() {
        let page = session(&json!({})).page_for(cents(12_900)).unwrap();
        assert_eq!((page.id.as_str(), page.url.ends_with("cs_test_1")), ("cs_test_1", true));
        for odd in [json!({"amount_total": 12_901}), json!({"currency": "usd"}), json!({"url": null})] {
            assert!(matches!(session(&odd).page_for(cents(12_900)), Err(GatewayError::Refused(_))));
        }
    }
}
