//! What goes back of top-ups, on the wire.

use crate::extract::text;
use crate::refunds::dto::RefundStatus;
use crate::wire::{self, Money};
use chrono::{DateTime, Utc};
use domain::kernel::UserId;
use domain::refunds::{RefundKind, TopUpRefund as Given};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What is to be given back. Without `amount` it is all that is left.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundTopUpRequest {
    /// So much.
    #[validate(custom(function = wire::price))]
    pub amount: Option<Money>,
    /// Why, for those who look at the payment later.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 500), custom(function = text::one_line))]
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}

/// Money of a top-up that goes back to the card.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopUpRefund {
    /// Its id.
    pub id: Uuid,
    /// The top-up.
    pub payment_id: Uuid,
    /// Who gives it back.
    pub kind: TopUpRefundKind,
    /// Where it stands: of a dispute, `pending` while it is open, `succeeded` when it is lost, `failed` when it is won.
    pub status: RefundStatus,
    /// How much.
    pub amount: Money,
    /// What of it the customer's balance gave; the rest of a dispute is the platform's loss.
    pub taken: Money,
    /// Why.
    #[schema(required)]
    pub reason: Option<String>,
    /// The admin who gave it; `null` of a dispute.
    #[schema(required)]
    pub requested_by: Option<Uuid>,
    /// Why the money did not go back, and is in the balance again.
    #[schema(required)]
    pub failure: Option<String>,
    /// When it was given.
    pub created_at: DateTime<Utc>,
}

/// Who gives money of a top-up back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TopUpRefundKind {
    /// An admin of the shop.
    Refund,
    /// The bank, since the customer disputes the payment.
    Dispute,
}

impl From<Given> for TopUpRefund {
    fn from(refund: Given) -> Self {
        Self {
            id: refund.id.uuid(),
            payment_id: refund.payment_id.uuid(),
            kind: match refund.kind {
                RefundKind::Refund => TopUpRefundKind::Refund,
                RefundKind::Dispute => TopUpRefundKind::Dispute,
            },
            status: refund.status.into(),
            amount: refund.amount.into(),
            taken: refund.taken.into(),
            reason: refund.reason,
            requested_by: refund.requested_by.map(UserId::uuid),
            failure: refund.failure,
            created_at: refund.created_at,
        }
    }
}

/// What went back of a payment, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopUpRefundList {
    /// All of it.
    pub data: Vec<TopUpRefund>,
    /// There is no further page.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl From<Vec<Given>> for TopUpRefundList {
    fn from(refunds: Vec<Given>) -> Self {
        Self { data: refunds.into_iter().map(Into::into).collect(), next_cursor: None }
    }
}
