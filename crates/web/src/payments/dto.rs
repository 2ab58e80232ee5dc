//! Payments on the wire.

use crate::extract::text;
use crate::problem::{FieldError, Problem};
use crate::wire::{self, Money};
use application::checkout::view_payment::OwnPayment;
use chrono::{DateTime, Utc};
use domain::kernel::OrderId;
use domain::payments::{HostedSession, PaymentMethod as Method, PaymentStatus as Status, Purpose as What};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// An attempt to pay, in short.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PaymentSummary {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: PaymentStatus,
    /// Where the customer pays, while they can.
    #[schema(required)]
    pub redirect_url: Option<String>,
}

/// Where an attempt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// The customer is paying.
    Pending,
    /// The bank has promised the money; the shop looks at the payment before it is taken.
    Held,
    /// The money was taken.
    Succeeded,
    /// Some of it has gone back to the card, or is on its way.
    PartlyRefunded,
    /// All of it.
    Refunded,
    /// The gateway or the bank refused.
    Failed,
    /// Given up before any money moved.
    Cancelled,
}

impl From<&domain::payments::Payment> for PaymentStatus {
    fn from(payment: &domain::payments::Payment) -> Self {
        match payment.status {
            Status::Created | Status::Submitted | Status::Unknown => Self::Pending,
            Status::Authorized => Self::Held,
            Status::Captured if !payment.refunded.is_positive() => Self::Succeeded,
            Status::Captured if payment.refunded == payment.amount => Self::Refunded,
            Status::Captured => Self::PartlyRefunded,
            Status::Declined => Self::Failed,
            Status::Voided => Self::Cancelled,
        }
    }
}

impl From<domain::payments::Payment> for PaymentSummary {
    fn from(payment: domain::payments::Payment) -> Self {
        Self { id: payment.id.uuid(), status: (&payment).into(), redirect_url: page(&payment) }
    }
}

/// Where the customer pays, while they can: not what is left to the balance.
fn page(payment: &domain::payments::Payment) -> Option<String> {
    let open = matches!(payment.status, Status::Created | Status::Submitted | Status::Unknown);
    let by_card = payment.session.as_ref().filter(|_| open && !payment.is_left_to_balance());
    by_card.map(|HostedSession { url, .. }| url.clone())
}

/// What a gateway is answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Received {
    /// Always true.
    pub received: bool,
}

/// What is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentPurpose {
    /// Your store balance.
    TopUp,
    /// An order of yours that waits for its payment.
    Order,
}

/// With what it is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// By card, on the gateway's page.
    Card,
    /// With your store balance: orders only.
    Balance,
}

impl From<Method> for PaymentMethod {
    fn from(method: Method) -> Self {
        match method {
            Method::Card => Self::Card,
            Method::Balance => Self::Balance,
        }
    }
}

/// What is to be paid.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentRequest {
    /// How much; of an order, all that is left to be paid.
    #[validate(custom(function = wire::price))]
    pub amount: Money,
    /// What for.
    pub purpose: PaymentPurpose,
    /// Which order; only with that purpose.
    pub order_id: Option<Uuid>,
    /// With what.
    pub method: PaymentMethod,
    /// In your own words.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 200), custom(function = text::one_line))]
    #[schema(max_length = 200)]
    pub description: Option<String>,
    /// Whether a second top-up of the same amount within a minute is meant.
    #[serde(default)]
    pub allow_duplicate: bool,
    /// Where to come back to after paying: on the shop's own origin, or a path. `{PAYMENT_ID}` is filled in. An order has said
    /// that at its checkout.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 2000), custom(function = text::one_line))]
    #[schema(max_length = 2000, example = "/account/payments/{PAYMENT_ID}")]
    pub success_url: Option<String>,
    /// Where to come back to otherwise; likewise.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 2000), custom(function = text::one_line))]
    #[schema(max_length = 2000)]
    pub cancel_url: Option<String>,
}

impl PaymentRequest {
    /// The order that is paid; `None` for a top-up.
    ///
    /// # Errors
    /// 422 when purpose, order and method don't go together.
    pub fn order(&self) -> Result<Option<OrderId>, Problem> {
        let fault = |pointer, code, message| Problem::invalid(vec![FieldError::new(pointer, code, message)]);
        match (self.purpose, self.order_id, self.method) {
            (PaymentPurpose::Order, Some(order), _) => Ok(Some(OrderId::new(order))),
            (PaymentPurpose::Order, None, _) => Err(fault("/order_id", "required", "must name the order")),
            (PaymentPurpose::TopUp, Some(_), _) => Err(fault("/order_id", "not-allowed", "a top-up is of no order")),
            (PaymentPurpose::TopUp, None, PaymentMethod::Balance) => {
                Err(fault("/method", "not-allowed", "a balance can't be topped up with itself"))
            }
            (PaymentPurpose::TopUp, None, PaymentMethod::Card) => Ok(None),
        }
    }
}

/// An attempt to pay.
#[derive(Debug, Serialize, ToSchema)]
pub struct Payment {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: PaymentStatus,
    /// How much.
    pub amount: Money,
    /// What has gone back to the card, or is on its way.
    pub refunded: Money,
    /// What for.
    pub purpose: PaymentPurpose,
    /// With what.
    pub method: PaymentMethod,
    /// The order that it pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub order_id: Option<Uuid>,
    /// In its customer's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub description: Option<String>,
    /// Where the customer pays, while they can. Left out while the gateway is away; then it is there in a moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub redirect_url: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
}

impl From<OwnPayment> for Payment {
    fn from(OwnPayment { payment, amount }: OwnPayment) -> Self {
        let (purpose, order_id) = match payment.purpose {
            What::Order { order, .. } => (PaymentPurpose::Order, Some(order.uuid())),
            What::TopUp { .. } => (PaymentPurpose::TopUp, None),
        };
        Self {
            id: payment.id.uuid(),
            status: (&payment).into(),
            amount: amount.into(),
            refunded: payment.refunded.into(),
            purpose,
            method: payment.method.into(),
            order_id,
            redirect_url: page(&payment),
            description: payment.asked.description,
            created_at: payment.created_at,
        }
    }
}
