//! Refunds and disputes as Stripe answers them. A refund carries our id for it in its metadata, and by that it is found again: Stripe
//! forgets the key of a request after a day or so, and keeps failures of its own under it meanwhile.

use super::amount::{in_stripes_units, of_stripes_units};
use super::form::Field;
use super::{MOST_KEYS, StripeGateway, path};
use application::payments::ports::GatewayError;
use application::refunds::ports::{CardRefund, DisputeList, GatewayDispute, GatewayFee, GatewayRefund, RefundGateway};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Currency, Money, PaymentId};
use domain::payments::Payment;
use domain::refunds::RefundVerdict;
use serde::Deserialize;
use uuid::Uuid;

/// A refund.
#[derive(Debug, Deserialize)]
struct Refund {
    id: String,
    status: Option<String>,
    failure_reason: Option<String>,
    metadata: Option<Metadata>,
}

#[derive(Debug, Deserialize)]
struct Refunds {
    data: Vec<Refund>,
}

/// What we keep with Stripe's objects.
#[derive(Debug, Default, Deserialize)]
struct Metadata {
    refund_id: Option<String>,
    payment_id: Option<String>,
}

/// The card payment behind a page that was paid on.
#[derive(Debug, Deserialize)]
struct PaidSession {
    payment_intent: Option<String>,
}

/// A dispute, with its card payment.
#[derive(Debug, Deserialize)]
struct Dispute {
    id: String,
    amount: i64,
    currency: String,
    status: String,
    payment_intent: Option<Intent>,
    #[serde(default)]
    balance_transactions: Vec<BalanceTransaction>,
}

/// What a dispute moved between Stripe and the shop. What Stripe keeps for itself stands as its fee; negative where it gave it back.
#[derive(Debug, Deserialize)]
struct BalanceTransaction {
    id: String,
    fee: i64,
    currency: String,
}

/// A page of the list of disputes, the newest first.
#[derive(Debug, Deserialize)]
struct Disputes {
    data: Vec<Dispute>,
    has_more: bool,
}

#[derive(Debug, Deserialize)]
struct Intent {
    metadata: Option<Metadata>,
}

impl Refund {
    fn told(self) -> GatewayRefund {
        let verdict = match self.status.as_deref() {
            Some("succeeded") => RefundVerdict::Succeeded,
            Some(status @ ("failed" | "canceled")) => {
                RefundVerdict::Failed(self.failure_reason.clone().unwrap_or_else(|| status.to_owned()))
            }
            _ => RefundVerdict::Pending, // what is unknown is asked about again
        };
        GatewayRefund { id: self.id, verdict }
    }
}

impl Dispute {
    /// `None` for an inquiry, which takes no money, and for what is not ours.
    fn told(self) -> Result<Option<GatewayDispute>, GatewayError> {
        let verdict = match self.status.as_str() {
            "needs_response" | "under_review" => RefundVerdict::Pending,
            "lost" => RefundVerdict::Succeeded,
            "won" => RefundVerdict::Failed("won".to_owned()),
            _ => return Ok(None),
        };
        let payment = self.payment_intent.and_then(|intent| intent.metadata?.payment_id);
        let Some(payment) = payment.and_then(|text| Uuid::parse_str(&text).ok()) else { return Ok(None) };
        let amount = money(self.amount, &self.currency)?;
        let fee = |moved: BalanceTransaction| {
            Ok(GatewayFee { amount: money(moved.fee, &moved.currency)?, transfer: moved.id })
        };
        let fees = self.balance_transactions.into_iter().filter(|moved| moved.fee != 0).map(fee);
        let fees = fees.collect::<Result<_, GatewayError>>()?;
        Ok(Some(GatewayDispute { payment: PaymentId::new(payment), amount, verdict, fees }))
    }
}

fn money(amount: i64, currency: &str) -> Result<Money, GatewayError> {
    let refused = |_| GatewayError::Refused("Stripe names a currency that is none".to_owned());
    of_stripes_units(amount, Currency::parse(&currency.to_ascii_uppercase()).map_err(refused)?)
}

#[async_trait]
impl RefundGateway for StripeGateway {
    /// A key that is spent may hide a refund that was made all the same: it is looked for before the next key is taken.
    async fn refund(&self, payment: &Payment, wish: &CardRefund) -> Result<GatewayRefund, GatewayError> {
        if let Some(known) = &wish.known_as {
            return Ok(self.http.get::<Refund>(&object("refunds", known)?, &[]).await?.told());
        }
        let intent = self.intent_of(payment).await?;
        if wish.asked_before
            && let Some(made) = self.made_before(&intent, wish).await?
        {
            return Ok(made);
        }
        let form = form(&intent, payment, wish)?;
        for attempt in 1..=MOST_KEYS {
            let key = format!("refund:{}:attempt:{attempt}", wish.id);
            match self.http.post::<Refund>("/v1/refunds", &form, Some(&key)).await {
                Ok(refund) => return Ok(refund.told()),
                Err(fault) if fault.spends_its_key() => {
                    tracing::warn!(refund = %wish.id, attempt, %fault, "the next key is tried");
                    if let Some(made) = self.made_before(&intent, wish).await? {
                        return Ok(made);
                    }
                }
                Err(fault) => return Err(fault.into()),
            }
        }
        Err(GatewayError::Unavailable(format!("{MOST_KEYS} requests for a refund failed within Stripe").into()))
    }

    async fn dispute(&self, gateway_id: &str) -> Result<Option<GatewayDispute>, GatewayError> {
        let whole = [("expand[]", "payment_intent")];
        self.http.get::<Dispute>(&object("disputes", gateway_id)?, &whole).await?.told()
    }
}

#[async_trait]
impl DisputeList for StripeGateway {
    /// Half a list is none: what is not read now is read with the next one.
    async fn disputes_since(&self, since: DateTime<Utc>) -> Result<Vec<String>, GatewayError> {
        let since = since.timestamp().to_string();
        let (mut ours, mut last): (Vec<String>, Option<String>) = (Vec::new(), None);
        loop {
            let mut query =
                vec![("created[gte]", since.as_str()), ("limit", "100"), ("expand[]", "data.payment_intent")];
            query.extend(last.as_deref().map(|last| ("starting_after", last)));
            let page: Disputes = self.http.get("/v1/disputes", &query).await?;
            let next = page.data.last().map(|dispute| dispute.id.clone()).filter(|_| page.has_more);
            // One that can't be read is told of by whoever follows it.
            let is_ours =
                |(id, told): (String, Result<Option<_>, GatewayError>)| (!matches!(told, Ok(None))).then_some(id);
            ours.extend(page.data.into_iter().map(|dispute| (dispute.id.clone(), dispute.told())).filter_map(is_ours));
            match next {
                // A list that goes in a circle has an end all the same.
                Some(next) if last.as_ref() != Some(&next) => last = Some(next),
                _ => return Ok(ours),
            }
        }
    }
}

impl StripeGateway {
    async fn intent_of(&self, payment: &Payment) -> Result<String, GatewayError> {
        let refused = |why: &str| GatewayError::Refused(format!("payment {}: {why}", payment.id));
        let session = payment.session.as_ref().ok_or_else(|| refused("Stripe has no page for it"))?;
        let session: PaidSession = self.http.get(&path(&session.id)?, &[]).await?;
        session.payment_intent.ok_or_else(|| refused("nobody has paid it"))
    }

    async fn made_before(&self, intent: &str, wish: &CardRefund) -> Result<Option<GatewayRefund>, GatewayError> {
        let ours = wish.id.to_string();
        let query = [("payment_intent", intent), ("limit", "100")];
        let refunds: Refunds = self.http.get("/v1/refunds", &query).await?;
        let is_ours = |refund: &Refund| {
            refund.metadata.as_ref().and_then(|metadata| metadata.refund_id.as_deref()) == Some(ours.as_str())
        };
        Ok(refunds.data.into_iter().find(is_ours).map(Refund::told))
    }
}

/// What Stripe is asked: the same each time, as its key demands.
fn form(intent: &str, payment: &Payment, wish: &CardRefund) -> Result<Vec<Field>, GatewayError> {
    let fields = [
        ("payment_intent", intent.to_owned()),
        ("amount", in_stripes_units(wish.amount)?.to_string()),
        ("metadata[refund_id]", wish.id.to_string()),
        ("metadata[payment_id]", payment.id.to_string()),
    ];
    Ok(fields.map(|(name, value)| (name.to_owned(), value)).into())
}

/// Where an object is. An id that was not Stripe's leads nowhere else.
fn object(kind: &str, id: &str) -> Result<String, GatewayError> {
    let is_id = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_id {
        Ok(format!("/v1/{kind}/{id}"))
    } else {
        Err(GatewayError::Refused(format!("there is nothing in {kind} so named")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_state_of_a_refund_is_a_verdict() {
        for (status, verdict) in [
            (json!("succeeded"), RefundVerdict::Succeeded),
            (json!("pending"), RefundVerdict::Pending),
            (json!("requires_action"), RefundVerdict::Pending),
            (json!("of tomorrow"), RefundVerdict::Pending),
            (json!(null), RefundVerdict::Pending),
            (json!("canceled"), RefundVerdict::Failed("canceled".to_owned())),
            (json!("failed"), RefundVerdict::Failed("expired_or_canceled_card".to_owned())),
        ] {
            let reason = (status == "failed").then_some("expired_or_canceled_card");
            let refund = json!({"id": "re_1", "status": status, "failure_reason": reason, "metadata": {}});
            let told = serde_json::from_value::<Refund>(refund).unwrap().told();
            assert_eq!(told, GatewayRefund { id: "re_1".to_owned(), verdict }, "{status}");
        }
    }

    #[test]
    fn a_dispute_that_takes_money_of_ours_is_one() {
        let payment = "01900000-0000-7000-8000-000000000000";
        let told = |status: &str, payment: &str| {
            let intent = json!({"id": "pi_1", "metadata": {"payment_id": payment}});
            let dispute =
                json!({"id": "dp_1", "amount": 500, "currency": "eur", "status": status, "payment_intent": intent});
            serde_json::from_value::<Dispute>(dispute).unwrap().told().unwrap().map(|told| told.verdict)
        };
        assert_eq!(told("needs_response", payment), Some(RefundVerdict::Pending));
        assert_eq!(told("under_review", payment), Some(RefundVerdict::Pending));
        assert_eq!(told("lost", payment), Some(RefundVerdict::Succeeded));
        assert_eq!(told("won", payment), Some(RefundVerdict::Failed("won".to_owned())));
        for inquiry in ["warning_needs_response", "warning_under_review", "warning_closed", "prevented"] {
            assert_eq!(told(inquiry, payment), None, "{inquiry}");
        }
        assert_eq!(told("lost", "theirs"), None);
        let moved = |id: &str, fee: i64| json!({"id": id, "amount": -500, "fee": fee, "currency": "usd"});
        let intent = json!({"id": "pi_1", "metadata": {"payment_id": payment}});
        let dispute = json!({"id": "dp_1", "amount": 500, "currency": "eur", "status": "won", "payment_intent": intent,
            "balance_transactions": [moved("txn_1", 1_500), moved("txn_2", 0), moved("txn_3", -1_500)]});
        let told_of = serde_json::from_value::<Dispute>(dispute).unwrap().told().unwrap().unwrap();
        let dollars = |cents| Money::new(cents, Currency::parse("USD").unwrap());
        let fee = |transfer: &str, cents| GatewayFee { transfer: transfer.to_owned(), amount: dollars(cents) };
        assert_eq!(told_of.fees, [fee("txn_1", 1_500), fee("txn_3", -1_500)]);
        let strange = json!({"id": "dp_1", "amount": 500, "currency": "eur", "status": "lost", "payment_intent": null});
        assert_eq!(serde_json::from_value::<Dispute>(strange).unwrap().told().unwrap(), None);
    }
}
