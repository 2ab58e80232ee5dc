//! Payments as admins see them.

use super::dto::{PaymentPurpose, PaymentStatus};
use crate::wire::{Money, lists};
use application::payments::ports::PaymentWithCustomer;
use chrono::{DateTime, Utc};
use domain::payments::{Purpose as What, Review, ReviewStatus as Stands};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A payment, as admins see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdminPayment {
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
    /// The order that it pays.
    #[schema(required)]
    pub order_id: Option<Uuid>,
    /// The order's number.
    #[schema(required)]
    pub order_number: Option<String>,
    /// Who pays; `null` for a guest.
    #[schema(required)]
    pub customer_id: Option<Uuid>,
    /// Their address; of a guest, their order's.
    #[schema(required)]
    pub email: Option<String>,
    /// The review for which its money is or was held.
    #[schema(required)]
    pub review: Option<PaymentReview>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
}

/// A review of a payment.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentReview {
    /// How it stands.
    pub status: ReviewStatus,
    /// Why it is looked at: the names of rules, such as `declines`, `client_declines`, `attempts`, `client_attempts`,
    /// `large_amount` and `unusual_amount`.
    pub reasons: Vec<String>,
    /// Who decided: an admin, or the customer who gave up the order; `null` while it is open, and where time or a guest did.
    #[schema(required)]
    pub decided_by: Option<Uuid>,
    /// When it was decided.
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    /// When the money is let go if nobody decides.
    pub decide_before: DateTime<Utc>,
}

/// How a review stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewStatus {
    /// Nobody has decided.
    Open,
    /// The money is to be taken.
    Approved,
    /// It is to be let go.
    Rejected,
}

lists! {
    /// A page of payments.
    AdminPaymentPage of AdminPayment,
}

impl From<PaymentWithCustomer> for AdminPayment {
    fn from(found: PaymentWithCustomer) -> Self {
        let PaymentWithCustomer { payment, email, order_number } = found;
        let (purpose, order_id) = match payment.purpose {
            What::Order { order, .. } => (PaymentPurpose::Order, Some(order.uuid())),
            What::TopUp { .. } => (PaymentPurpose::TopUp, None),
        };
        let status = (&payment).into();
        let decide_before = payment.created_at + Review::TIME_TO_DECIDE;
        let review = payment.review.map(|review| PaymentReview {
            status: match review.status {
                Stands::Open => ReviewStatus::Open,
                Stands::Approved => ReviewStatus::Approved,
                Stands::Rejected => ReviewStatus::Rejected,
            },
            reasons: review.reasons,
            decided_by: review.by.map(domain::kernel::UserId::uuid),
            decided_at: review.at,
            decide_before,
        });
        Self {
            id: payment.id.uuid(),
            status,
            amount: payment.amount.into(),
            refunded: payment.refunded.into(),
            purpose,
            order_id,
            order_number: order_number.map(|number| number.0),
            customer_id: payment.purpose.customer().map(domain::kernel::UserId::uuid),
            email: email.map(|email| email.to_string()),
            review,
            created_at: payment.created_at,
        }
    }
}
