//! Payments on the wire.

use domain::payments::PaymentStatus as Status;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

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
    /// The money was taken.
    Succeeded,
    /// The gateway or the bank refused.
    Failed,
    /// Given up before any money moved.
    Cancelled,
}

impl From<Status> for PaymentStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Created | Status::Submitted | Status::Unknown => Self::Pending,
            Status::Captured => Self::Succeeded,
            Status::Declined => Self::Failed,
            Status::Voided => Self::Cancelled,
        }
    }
}

impl From<domain::payments::Payment> for PaymentSummary {
    fn from(payment: domain::payments::Payment) -> Self {
        let open = payment.session.filter(|_| !payment.status.is_final());
        Self { id: payment.id.uuid(), status: payment.status.into(), redirect_url: open.map(|session| session.url) }
    }
}

/// What a gateway is answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Received {
    /// Always true.
    pub received: bool,
}
