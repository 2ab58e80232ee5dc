//! Stripe's events. Of what they say only the payment is read, which stands in the metadata that we gave its objects; how that
//! payment stands is asked. An account may serve others beside this shop: what is not ours is kept and means nothing.

use application::payments::ports::{GatewayEvent, InvalidEvent};
use domain::kernel::PaymentId;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// What may move a payment.
const HEARD: [&str; 7] = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    REFUNDED,
];
/// What happens at Stripe alone: the shop gives no money back yet, and answers no dispute.
const REFUNDED: &str = "charge.refunded";
const DISPUTES: &str = "charge.dispute.";

#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    data: Value,
}

/// Reads an event whose signature is good.
///
/// # Errors
/// When it is none.
pub fn read(body: &[u8]) -> Result<GatewayEvent, InvalidEvent> {
    let event: Event = serde_json::from_slice(body).map_err(|_| InvalidEvent::Body)?;
    let is_dispute = event.kind.starts_with(DISPUTES);
    let is_heard = HEARD.contains(&event.kind.as_str()) || is_dispute;
    let named = event.data.pointer("/object/metadata/payment_id").and_then(Value::as_str);
    let payment = named.filter(|_| is_heard).and_then(|text| Uuid::parse_str(text).ok()).map(PaymentId::new);
    // A dispute carries no metadata of ours, so whose it is, is not told.
    let wants_a_person = is_dispute || (event.kind == REFUNDED && payment.is_some());
    Ok(GatewayEvent { id: event.id, kind: event.kind, payment, wants_a_person })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const PAYMENT: &str = "01900000-0000-7000-8000-000000000000";

    fn told(kind: &str, object: &Value) -> Option<PaymentId> {
        let event = json!({"id": "evt_1", "object": "event", "type": kind, "data": {"object": object}});
        let read = read(event.to_string().as_bytes()).unwrap();
        assert_eq!((read.id.as_str(), read.kind.as_str()), ("evt_1", kind));
        read.payment
    }

    #[test]
    fn every_event_that_may_move_a_payment_names_it() {
        let ours = json!({"metadata": {"payment_id": PAYMENT}});
        for kind in HEARD.into_iter().chain(["charge.dispute.created", "charge.dispute.closed"]) {
            assert_eq!(told(kind, &ours), Some(PaymentId::new(PAYMENT.parse().unwrap())), "{kind}");
        }
    }

    #[test]
    fn what_is_not_ours_is_an_event_all_the_same() {
        let ours = json!({"metadata": {"payment_id": PAYMENT}});
        for kind in ["invoice.created", "payment_intent.created", "checkout.session.renamed"] {
            assert_eq!(told(kind, &ours), None, "{kind}");
        }
        for theirs in [
            json!({}),
            json!({"client_reference_id": "their order 5"}),
            json!({"metadata": {}}),
            json!({"metadata": null}),
            json!({"metadata": {"payment_id": "5"}}),
            json!({"metadata": {"payment_id": 5}}),
            json!(null),
        ] {
            assert_eq!(told("checkout.session.completed", &theirs), None, "{theirs}");
        }
        assert_eq!(read(br#"{"id": "evt_1", "type": "v2.core.event", "context": "acct_1"}"#).unwrap().payment, None);
    }

    #[test]
    fn a_dispute_or_a_refund_of_ours_wants_a_person() {
        let asks = |kind: &str, payment: &str| {
            let object = json!({"metadata": {"payment_id": payment}});
            let event = json!({"id": "evt_1", "type": kind, "data": {"object": object}});
            read(event.to_string().as_bytes()).unwrap().wants_a_person
        };
        assert!(asks("charge.dispute.created", "") && asks("charge.refunded", PAYMENT));
        assert!(!asks("charge.refunded", "theirs") && !asks("checkout.session.completed", PAYMENT));
    }

    #[test]
    fn what_is_no_event_is_refused() {
        for body in ["", "{", "[]", "null", "{}", r#"{"id": "evt_1"}"#, r#"{"id": 5, "type": "a"}"#] {
            assert_eq!(read(body.as_bytes()), Err(InvalidEvent::Body), "{body}");
        }
    }
}
