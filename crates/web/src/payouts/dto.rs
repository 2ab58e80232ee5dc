//! Payouts on the wire.

use crate::catalog::dto::SellerSummary;
use crate::extract::text;
use crate::wire::{self, Money, lists};
use application::payouts::ports::{self, PayoutView};
use chrono::{DateTime, Utc};
use domain::payouts::PayoutStatus as Status;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What is sent to a seller.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakePayoutRequest {
    /// To whom.
    pub seller_id: Uuid,
    /// How much; no more than they are owed in this currency.
    #[validate(custom(function = wire::price))]
    pub amount: Money,
    /// What the bank calls it.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 140), custom(function = text::one_line))]
    #[schema(max_length = 140)]
    pub reference: Option<String>,
}

/// Money that a seller was sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Payout {
    /// Its id.
    pub id: Uuid,
    /// To whom.
    pub seller: SellerSummary,
    /// How much.
    pub amount: Money,
    /// What the bank calls it.
    #[schema(required)]
    pub reference: Option<String>,
    /// Where it stands.
    pub status: PayoutStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it came back.
    #[schema(required)]
    pub failed_at: Option<DateTime<Utc>>,
}

/// Where a payout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PayoutStatus {
    /// The money was sent.
    Paid,
    /// It came back; the seller is owed it again.
    Failed,
}

impl From<PayoutView> for Payout {
    fn from(view: PayoutView) -> Self {
        let PayoutView { payout, shop_name } = view;
        Self {
            id: payout.id.uuid(),
            seller: SellerSummary { id: payout.seller_id.uuid(), shop_name },
            amount: payout.amount.into(),
            reference: payout.reference,
            status: match payout.status {
                Status::Paid => PayoutStatus::Paid,
                Status::Failed => PayoutStatus::Failed,
            },
            created_at: payout.created_at,
            failed_at: payout.failed_at,
        }
    }
}

lists! {
    /// A page of payouts.
    PayoutPage of Payout,
}

/// What a seller is owed in one currency.
#[derive(Debug, Serialize, ToSchema)]
pub struct Owed {
    /// The seller.
    pub seller: SellerSummary,
    /// How much; negative where more was given back than earned.
    pub balance: Money,
}

impl From<ports::Owed> for Owed {
    fn from(owed: ports::Owed) -> Self {
        let seller = SellerSummary { id: owed.seller_id.uuid(), shop_name: owed.shop_name };
        Self { seller, balance: owed.balance.into() }
    }
}

/// What sellers are owed.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwedList {
    /// By the names of their shops.
    pub data: Vec<Owed>,
    /// There is no further page.
    #[schema(required)]
    pub next_cursor: Option<String>,
}
