//! Stripe's events. Of what they say only the payment is read, which stands in the metadata that we gave its objects; how that
//! payment stands is asked. An account may serve others beside this shop: what is not ours is kept and means nothing.

use super::mode::Mode;
use application::payments::ports::{GatewayEvent, GoingBack, InvalidEvent};
use domain::kernel::{PaymentId, RefundId};
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
    "charge.refunded",
];
/// What may move a refund: they are about one.
const REFUNDS: [&str; 4] = ["refund.created", "refund.updated", "refund.failed", "charge.refund.updated"];
/// What may move a dispute.
const DISPUTES: &str = "charge.dispute.";

#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    livemode: Option<bool>,
    #[serde(default)]
    data: Value,
}

/// Reads an event whose signature is good. One about play money says nothing to a shop that takes real money, nor the reverse:
/// whoever set the webhook up took the secret of the other one.
///
/// # Errors
/// When it is none, or of the other mode than the shop's key.
pub fn read(body: &[u8], mode: Mode) -> Result<GatewayEvent, InvalidEvent> {
    let event: Event = serde_json::from_slice(body).map_err(|_| InvalidEvent::Body)?;
    if event.livemode.is_some_and(|livemode| mode.is_foreign(livemode)) {
        tracing::warn!(
            event = event.id,
            kind = event.kind,
            "an event of Stripe's other mode is refused: is STRIPE_WEBHOOK_SECRET of the same mode as STRIPE_SECRET_KEY?"
        );
        return Err(InvalidEvent::OtherMode);
    }
    let text = |pointer: &str| event.data.pointer(pointer).and_then(Value::as_str);
    let named = |pointer: &str| text(pointer).and_then(|text| Uuid::parse_str(text).ok());
    let kind = event.kind.as_str();
    let payment = named("/object/metadata/payment_id").filter(|_| HEARD.contains(&kind)).map(PaymentId::new);
    let refund = named("/object/metadata/refund_id").filter(|_| REFUNDS.contains(&kind)).map(RefundId::new);
    // A dispute carries no metadata of ours: whose it is, is told by its payment, which is asked for with it.
    let dispute = text("/object/id").filter(|_| kind.starts_with(DISPUTES)).map(str::to_owned);
    let going_back = refund.map(GoingBack::Refund).or(dispute.map(GoingBack::Dispute));
    // A refund that was not made here can't be told whose it bears; if it is of the shop, somebody made it at Stripe by hand.
    let wants_a_person = kind == "refund.created" && refund.is_none();
    Ok(GatewayEvent { payment, going_back, wants_a_person, id: event.id, kind: event.kind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const PAYMENT: &str = "01900000-0000-7000-8000-000000000000";

    fn told(kind: &str, object: &Value) -> Option<PaymentId> {
        let event = json!({"id": "evt_1", "object": "event", "type": kind, "data": {"object": object}});
        let read = read(event.to_string().as_bytes(), Mode::Test).unwrap();
        assert_eq!((read.id.as_str(), read.kind.as_str()), ("evt_1", kind));
        read.payment
    }

    #[test]
    fn every_event_that_may_move_a_payment_names_it() {
        let ours = json!({"metadata": {"payment_id": PAYMENT}});
        for kind in HEARD {
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
        let other = br#"{"id": "evt_1", "type": "v2.core.event", "context": "acct_1"}"#;
        assert_eq!(read(other, Mode::Test).unwrap().payment, None);
    }

    fn going_back(kind: &str, object: &Value) -> (Option<GoingBack>, bool) {
        let event = json!({"id": "evt_1", "type": kind, "data": {"object": object}});
        let read = read(event.to_string().as_bytes(), Mode::Test).unwrap();
        (read.going_back, read.wants_a_person)
    }

    #[test]
    fn every_event_about_money_that_goes_back_names_it() {
        let ours = json!({"id": "re_1", "metadata": {"refund_id": PAYMENT}});
        let refund = GoingBack::Refund(RefundId::new(PAYMENT.parse().unwrap()));
        for kind in REFUNDS {
            assert_eq!(going_back(kind, &ours), (Some(refund.clone()), false), "{kind}");
        }
        let dispute = json!({"id": "dp_1", "charge": "ch_1", "metadata": {}});
        for kind in ["charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.closed"] {
            assert_eq!(going_back(kind, &dispute), (Some(GoingBack::Dispute("dp_1".to_owned())), false), "{kind}");
        }
        assert_eq!(going_back("checkout.session.completed", &ours), (None, false));
    }

    #[test]
    fn a_refund_that_was_made_elsewhere_wants_a_person() {
        let by_hand = json!({"id": "re_1", "metadata": {}});
        assert_eq!(going_back("refund.created", &by_hand), (None, true));
        assert_eq!(going_back("refund.updated", &by_hand), (None, false));
    }

    #[test]
    fn an_event_is_of_the_mode_of_the_shops_key_or_refused() {
        for (livemode, mode, is_taken) in [
            (json!(true), Mode::Live, true),
            (json!(false), Mode::Test, true),
            (json!(false), Mode::Live, false),
            (json!(true), Mode::Test, false),
            (json!(null), Mode::Live, true), // it does not say
        ] {
            let event = json!({"id": "evt_1", "type": "checkout.session.completed", "livemode": livemode});
            let told = read(event.to_string().as_bytes(), mode).map(|_| ());
            assert_eq!(told, if is_taken { Ok(()) } else { Err(InvalidEvent::OtherMode) }, "{livemode} {mode:?}");
        }
    }

    #[test]
    fn what_is_no_event_is_refused() {
        for body in ["", "{", "[]", "null", "{}", r#"{"id": "evt_1"}"#, r#"{"id": 5, "type": "a"}"#] {
            assert_eq!(read(body.as_bytes(), Mode::Test), Err(InvalidEvent::Body), "{body}");
        }
    }
}
