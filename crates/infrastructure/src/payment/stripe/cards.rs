//! Which cards were tried on a page: Stripe gives each card a name of its own (its fingerprint), the same wherever it is used in
//! an account. It tells that of the last charge, and of the last card that was declined.

use super::{StripeGateway, path};
use application::payments::cards::{CardWitness, Fingerprint};
use application::payments::ports::GatewayError;
use async_trait::async_trait;
use serde::Deserialize;

/// A page, with the card payment behind it and its last charge.
#[derive(Debug, Deserialize)]
struct Page {
    payment_intent: Option<Intent>,
}

#[derive(Debug, Deserialize)]
struct Intent {
    latest_charge: Option<Charge>,
    last_payment_error: Option<Declined>,
}

#[derive(Debug, Deserialize)]
struct Charge {
    payment_method_details: Option<Method>,
}

#[derive(Debug, Deserialize)]
struct Declined {
    payment_method: Option<Method>,
}

#[derive(Debug, Deserialize)]
struct Method {
    card: Option<Card>,
}

#[derive(Debug, Deserialize)]
struct Card {
    fingerprint: Option<String>,
}

#[async_trait]
impl CardWitness for StripeGateway {
    async fn cards(&self, session_id: &str) -> Result<Vec<Fingerprint>, GatewayError> {
        let query = [("expand[]", "payment_intent.latest_charge")];
        let page: Page = self.http.get(&path(session_id)?, &query).await?;
        Ok(page.cards())
    }
}

impl Page {
    fn cards(self) -> Vec<Fingerprint> {
        let Some(Intent { latest_charge, last_payment_error }) = self.payment_intent else { return Vec::new() };
        let charged = latest_charge.and_then(|charge| charge.payment_method_details);
        let declined = last_payment_error.and_then(|declined| declined.payment_method);
        let mut cards: Vec<Fingerprint> = [charged, declined]
            .into_iter()
            .flatten()
            .filter_map(|method| Some(Fingerprint(method.card?.fingerprint?)))
            .collect();
        cards.dedup();
        cards
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn told(intent: &Value) -> Vec<String> {
        let page: Page = serde_json::from_value(json!({"id": "cs_1", "payment_intent": intent})).unwrap();
        page.cards().into_iter().map(|card| card.0).collect()
    }

    #[test]
    fn the_card_that_paid_and_the_last_that_was_declined_are_told() {
        let charge = |card: Value| json!({"id": "ch_1", "payment_method_details": {"type": "card", "card": card}});
        let error = |card: Value| json!({"type": "card_error", "payment_method": {"id": "pm_1", "card": card}});
        let (one, two) = (json!({"fingerprint": "one"}), json!({"fingerprint": "two"}));
        assert_eq!(told(&json!({"latest_charge": charge(one.clone()), "last_payment_error": null})), ["one"]);
        assert_eq!(told(&json!({"latest_charge": null, "last_payment_error": error(two.clone())})), ["two"]);
        let both = json!({"latest_charge": charge(one.clone()), "last_payment_error": error(two)});
        assert_eq!(told(&both), ["one", "two"]);
        let same = json!({"latest_charge": charge(one.clone()), "last_payment_error": error(one)});
        assert_eq!(told(&same), ["one"], "a charge that failed");
    }

    #[test]
    fn where_there_is_no_card_none_is_told() {
        for intent in [
            json!(null),
            json!({"latest_charge": null, "last_payment_error": null}),
            json!({"latest_charge": {"payment_method_details": {"type": "link"}}, "last_payment_error": {"type": "api_error"}}),
            json!({"latest_charge": {"payment_method_details": {"card": {"fingerprint": null}}}, "last_payment_error": {"payment_method": null}}),
        ] {
            assert!(told(&intent).is_empty(), "{intent}");
        }
    }
}
