//! What is known of an event at its moment, and what each endpoint is told of it: ids, states and amounts, never an address, a
//! name or a code. A seller is told of their own lines alone.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::gift_cards::{GiftCard, GiftCardStatus};
use domain::kernel::{GiftCardId, Money, OrderId, UserId};
use domain::orders::{Order, OrderLine, OrderStatus};
use domain::payments::{Payment, Purpose};
use domain::webhooks::{EventKind, Owner};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is known of an event. It lies in a job, so fields may be added, and must be optional then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub(super) enum Facts {
    /// An order.
    Order(OrderFacts),
    /// An attempt to pay.
    Payment(PaymentFacts),
    /// A gift card.
    GiftCard(GiftCardFacts),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OrderFacts {
    order_id: Uuid,
    number: String,
    status: String,
    total: Amount,
    lines: Vec<LineFacts>,
    created_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct LineFacts {
    id: Uuid,
    seller_id: Uuid,
    product_id: Uuid,
    variant_id: Uuid,
    sku: String,
    quantity: u32,
    total: Amount,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PaymentFacts {
    payment_id: Uuid,
    purpose: String,
    order_id: Option<Uuid>,
    status: String,
    amount: Amount,
    /// What it pays of each seller's.
    shares: Vec<Share>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Share {
    seller_id: Uuid,
    amount: Amount,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct GiftCardFacts {
    gift_card_id: Uuid,
    status: String,
    value: Amount,
    balance: Amount,
    expires_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Amount {
    amount: i64,
    currency: String,
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self { amount: money.amount(), currency: money.currency().code().to_owned() }
    }
}

impl Facts {
    /// Of an order.
    pub fn of_order(order: &Order) -> Self {
        Self::Order(OrderFacts {
            order_id: order.id.uuid(),
            number: order.number.0.clone(),
            status: status_of(order.status).to_owned(),
            total: order.total.into(),
            lines: order.lines.iter().map(LineFacts::from).collect(),
            created_at: order.created_at,
        })
    }

    /// Of an attempt to pay this order, or something else.
    pub fn of_payment(kind: EventKind, payment: &Payment, order: Option<&Order>) -> Self {
        let (_, status) = kind.name().split_once('.').unwrap_or_default();
        Self::Payment(PaymentFacts {
            payment_id: payment.id.uuid(),
            purpose: purpose_of(payment.purpose).to_owned(),
            order_id: payment.purpose.order().map(OrderId::uuid),
            status: status.to_owned(),
            amount: payment.amount.into(),
            shares: order.map(shares_of).unwrap_or_default(),
        })
    }

    /// Of a gift card with so much left on it.
    pub fn of_gift_card(card: &GiftCard, balance: Money, now: DateTime<Utc>) -> Self {
        Self::GiftCard(GiftCardFacts {
            gift_card_id: card.id.uuid(),
            status: status_of_card(card.status(balance, now)).to_owned(),
            value: card.value.into(),
            balance: balance.into(),
            expires_at: card.expires_at,
        })
    }

    /// Of a gift card of a batch, as it stood: this much in this currency it was worth, and so much was left.
    pub fn of_card_of_batch(
        card: GiftCardId,
        status: &str,
        (value, currency): (i64, &str),
        balance: i64,
        expires_at: Option<DateTime<Utc>>,
    ) -> Self {
        let amount = |amount| Amount { amount, currency: currency.to_owned() };
        let (value, balance) = (amount(value), amount(balance));
        Self::GiftCard(GiftCardFacts {
            gift_card_id: card.uuid(),
            status: status.to_owned(),
            value,
            balance,
            expires_at,
        })
    }

    /// The sellers whom it concerns, each once.
    pub fn sellers(&self) -> Vec<UserId> {
        let mut sellers: Vec<Uuid> = match self {
            Self::Order(order) => order.lines.iter().map(|line| line.seller_id).collect(),
            Self::Payment(payment) => payment.shares.iter().map(|share| share.seller_id).collect(),
            Self::GiftCard(_) => Vec::new(),
        };
        sellers.sort_unstable();
        sellers.dedup();
        sellers.into_iter().map(UserId::new).collect()
    }

    /// The body of the message to this owner; `None` when nothing of it is theirs.
    pub fn payload(&self, kind: EventKind, at: DateTime<Utc>, owner: Owner) -> Option<String> {
        let data = match self {
            Self::Order(order) => Data::Order(order.told_to(owner)?),
            Self::Payment(payment) => Data::Payment(payment.told_to(owner)?),
            Self::GiftCard(card) => match owner {
                Owner::Platform => Data::GiftCard(card),
                Owner::Seller(_) => return None,
            },
        };
        written(kind, at, &data)
    }
}

impl OrderFacts {
    fn told_to(&self, owner: Owner) -> Option<Self> {
        let Some(seller) = owner.seller() else { return Some(self.clone()) };
        let own: Vec<_> = self.lines.iter().filter(|line| line.seller_id == seller.uuid()).cloned().collect();
        let total = sum(own.iter().map(|line| &line.total))?;
        Some(Self { lines: own, total, ..self.clone() })
    }
}

impl PaymentFacts {
    fn told_to(&self, owner: Owner) -> Option<TellingPayment<'_>> {
        let amount = match owner {
            Owner::Platform => &self.amount,
            Owner::Seller(seller) => &self.shares.iter().find(|share| share.seller_id == seller.uuid())?.amount,
        };
        Some(TellingPayment {
            payment_id: self.payment_id,
            purpose: &self.purpose,
            order_id: self.order_id,
            status: &self.status,
            amount,
        })
    }
}

impl From<&OrderLine> for LineFacts {
    fn from(line: &OrderLine) -> Self {
        Self {
            id: line.id.uuid(),
            seller_id: line.seller.id.uuid(),
            product_id: line.product_id.uuid(),
            variant_id: line.variant_id.uuid(),
            sku: line.sku.clone(),
            quantity: line.quantity,
            total: line.total.into(),
        }
    }
}

/// The body of the message that tries an endpoint.
pub(super) fn test_payload(endpoint: Uuid, at: DateTime<Utc>) -> Option<String> {
    written(EventKind::Test, at, &Data::Test { webhook_id: endpoint })
}

#[derive(Serialize)]
struct Message<'a> {
    r#type: &'static str,
    timestamp: String,
    data: &'a Data<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Data<'a> {
    Order(OrderFacts),
    Payment(TellingPayment<'a>),
    GiftCard(&'a GiftCardFacts),
    Test { webhook_id: Uuid },
}

#[derive(Serialize)]
struct TellingPayment<'a> {
    payment_id: Uuid,
    purpose: &'a str,
    order_id: Option<Uuid>,
    status: &'a str,
    amount: &'a Amount,
}

fn written(kind: EventKind, at: DateTime<Utc>, data: &Data<'_>) -> Option<String> {
    let timestamp = at.to_rfc3339_opts(SecondsFormat::Micros, true);
    serde_json::to_string(&Message { r#type: kind.name(), timestamp, data }).ok()
}

fn shares_of(order: &Order) -> Vec<Share> {
    let lines: Vec<LineFacts> = order.lines.iter().map(LineFacts::from).collect();
    let mut sellers: Vec<Uuid> = lines.iter().map(|line| line.seller_id).collect();
    sellers.sort_unstable();
    sellers.dedup();
    let share = |seller_id: Uuid| {
        let own = lines.iter().filter(|line| line.seller_id == seller_id).map(|line| &line.total);
        Some(Share { seller_id, amount: sum(own)? })
    };
    sellers.into_iter().filter_map(share).collect()
}

/// Amounts of one currency; `None` of none at all.
fn sum<'a>(amounts: impl Iterator<Item = &'a Amount>) -> Option<Amount> {
    let add = |sum: Amount, next: Amount| Amount { amount: sum.amount.saturating_add(next.amount), ..sum };
    amounts.cloned().reduce(add)
}

const fn purpose_of(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Order { .. } => "order",
        Purpose::TopUp { .. } => "top_up",
    }
}

/// How a gift card's status is told.
pub(super) const fn status_of_card(status: GiftCardStatus) -> &'static str {
    match status {
        GiftCardStatus::Active => "active",
        GiftCardStatus::Disabled => "disabled",
        GiftCardStatus::Redeemed => "redeemed",
        GiftCardStatus::Expired => "expired",
    }
}

const fn status_of(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::PendingPayment => "pending_payment",
        OrderStatus::Paid => "paid",
        OrderStatus::Cancelled => "cancelled",
        OrderStatus::Expired => "expired",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{eur, now, order, payment, uuid};
    use serde_json::{Value, json};

    fn told(facts: &Facts, kind: EventKind, owner: Owner) -> Option<Value> {
        let stored: Facts = serde_json::from_value(serde_json::to_value(facts).unwrap()).unwrap();
        assert_eq!(stored, *facts, "what lies in the job is what was put there");
        let text = facts.payload(kind, now(), owner)?;
        let message: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (&message["type"], &message["timestamp"]),
            (&json!(kind.name()), &json!("2027-01-15T08:00:00.000000Z"))
        );
        Some(message["data"].clone())
    }

    fn seller(number: u64) -> Owner {
        Owner::Seller(UserId::new(uuid(number)))
    }

    #[test]
    fn the_platform_is_told_of_the_whole_order_and_a_seller_of_their_own_lines() {
        let facts = Facts::of_order(&order());
        let whole = told(&facts, EventKind::OrderPlaced, Owner::Platform).unwrap();
        assert_eq!(whole["total"], json!({"amount": 20_000, "currency": "EUR"}));
        assert_eq!((whole["number"].as_str(), whole["status"].as_str()), (Some("CR-1"), Some("pending_payment")));
        assert_eq!(whole["lines"].as_array().unwrap().len(), 2);
        let own = told(&facts, EventKind::OrderPlaced, seller(7)).unwrap();
        assert_eq!(own["total"], json!({"amount": 10_000, "currency": "EUR"}));
        let line = json!({"id": uuid(307), "seller_id": uuid(7), "product_id": uuid(107), "variant_id": uuid(7),
            "sku": "R-7", "quantity": 1, "total": {"amount": 10_000, "currency": "EUR"}});
        assert_eq!(own["lines"], json!([line]));
        assert_eq!(told(&facts, EventKind::OrderPlaced, seller(1)), None);
        assert_eq!(facts.sellers(), [UserId::new(uuid(5)), UserId::new(uuid(7))]);
    }

    #[test]
    fn who_buys_and_where_it_goes_is_told_to_nobody() {
        let text = Facts::of_order(&order()).payload(EventKind::OrderPaid, now(), Owner::Platform).unwrap();
        for private in ["ada@example.com", "Ada", "Street", "75001", "guest:key", "Ring"] {
            assert!(!text.contains(private), "{private} in {text}");
        }
    }

    #[test]
    fn a_seller_is_told_of_their_share_of_a_payment() {
        let facts = Facts::of_payment(EventKind::PaymentSucceeded, &payment(), Some(&order()));
        let whole = told(&facts, EventKind::PaymentSucceeded, Owner::Platform).unwrap();
        let expected = json!({"payment_id": uuid(40), "purpose": "order", "order_id": uuid(30), "status": "succeeded",
            "amount": {"amount": 20_000, "currency": "EUR"}});
        assert_eq!(whole, expected);
        let own = told(&facts, EventKind::PaymentSucceeded, seller(5)).unwrap();
        assert_eq!(own["amount"], json!({"amount": 10_000, "currency": "EUR"}));
        assert_eq!(told(&facts, EventKind::PaymentSucceeded, seller(1)), None);
        let top_up = Payment { purpose: Purpose::TopUp { customer: UserId::new(uuid(1)) }, ..payment() };
        let top_up = Facts::of_payment(EventKind::PaymentSucceeded, &top_up, None);
        assert_eq!(top_up.sellers(), []);
        let told = told(&top_up, EventKind::PaymentSucceeded, Owner::Platform).unwrap();
        assert_eq!((&told["purpose"], &told["order_id"]), (&json!("top_up"), &Value::Null));
    }

    #[test]
    fn a_gift_cards_code_is_told_to_nobody_and_sellers_hear_of_none() {
        let card = GiftCard {
            id: GiftCardId::new(uuid(80)),
            code_digest: "the digest".to_owned(),
            last4: "YZ01".to_owned(),
            value: eur(5_000),
            issued_by: UserId::new(uuid(1)),
            recipient_email: None,
            expires_at: None,
            disabled_at: Some(now()),
            voided_at: None,
            redeemed_at: None,
            redeemed_by: None,
            created_at: now(),
            updated_at: now(),
        };
        let facts = Facts::of_gift_card(&card, eur(3_000), now());
        let data = told(&facts, EventKind::GiftCardDisabled, Owner::Platform).unwrap();
        let expected = json!({"gift_card_id": uuid(80), "status": "disabled", "expires_at": null,
            "value": {"amount": 5_000, "currency": "EUR"}, "balance": {"amount": 3_000, "currency": "EUR"}});
        assert_eq!(data, expected);
        assert_eq!(told(&facts, EventKind::GiftCardDisabled, seller(1)), None);
    }
}
