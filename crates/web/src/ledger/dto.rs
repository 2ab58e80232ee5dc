//! Movements of money on the wire.

use crate::wire::{Money, lists};
use application::ledger::ports::Movement;
use chrono::{DateTime, Utc};
use domain::kernel::{GiftCardId, OrderId, PaymentId};
use domain::ledger::MovementKind;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The store balance.
#[derive(Debug, Serialize, ToSchema)]
pub struct Balance {
    /// One amount for each currency; none where there never was any.
    pub data: Vec<Money>,
}

/// Something that moved to or from you.
#[derive(Debug, Serialize, ToSchema)]
pub struct Transaction {
    /// Its id.
    pub id: Uuid,
    /// What happened.
    pub kind: TransactionKind,
    /// How much; negative where it left you.
    pub amount: Money,
    /// Your store balance afterwards, where it was that which moved.
    #[schema(required)]
    pub balance_after: Option<Money>,
    /// The payment that it is about.
    #[schema(required)]
    pub payment_id: Option<Uuid>,
    /// The order that it is about.
    #[schema(required)]
    pub order_id: Option<Uuid>,
    /// The gift card that it is about.
    #[schema(required)]
    pub gift_card_id: Option<Uuid>,
    /// The same in words.
    #[schema(example = "Order paid by card")]
    pub description: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

lists! {
    /// A page of movements.
    TransactionPage of Transaction,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransactionKind {
    /// You paid into your store balance.
    TopUp,
    /// An order took from your store balance until it is paid.
    OrderHeld,
    /// Your order was paid by card; or one that you sold.
    OrderPaid,
    /// An order that ended unpaid gave back what it had taken.
    OrderHoldReleased,
    /// A gift card was given away.
    GiftCardIssued,
    /// You sold a gift card.
    GiftCardSold,
    /// A gift card that you sold was taken back, untouched.
    GiftCardVoided,
    /// A gift card's value went into your store balance.
    GiftCardRedeemed,
    /// A gift card expired.
    GiftCardExpired,
    /// Money came back to you; or went back to your customer; or from your store balance to your card.
    Refund,
    /// A refund did not arrive, and came back.
    RefundFailed,
    /// A bank took back what a customer had paid for something of yours; or what you had paid into your store balance.
    Dispute,
    /// The bank gave it again.
    DisputeWon,
    /// A gateway kept a fee for a dispute.
    DisputeFee,
    /// It gave the fee back.
    DisputeFeeReturned,
    /// What you earned was sent to you.
    Payout,
    /// It came back.
    PayoutFailed,
}

impl From<MovementKind> for TransactionKind {
    fn from(kind: MovementKind) -> Self {
        match kind {
            MovementKind::TopUp => Self::TopUp,
            MovementKind::OrderHeld => Self::OrderHeld,
            MovementKind::OrderPaid => Self::OrderPaid,
            MovementKind::OrderHoldReleased => Self::OrderHoldReleased,
            MovementKind::GiftCardIssued => Self::GiftCardIssued,
            MovementKind::GiftCardSold => Self::GiftCardSold,
            MovementKind::GiftCardVoided => Self::GiftCardVoided,
            MovementKind::GiftCardRedeemed => Self::GiftCardRedeemed,
            MovementKind::GiftCardExpired => Self::GiftCardExpired,
            MovementKind::Refund => Self::Refund,
            MovementKind::RefundFailed => Self::RefundFailed,
            MovementKind::Dispute => Self::Dispute,
            MovementKind::DisputeWon => Self::DisputeWon,
            MovementKind::DisputeFee => Self::DisputeFee,
            MovementKind::DisputeFeeReturned => Self::DisputeFeeReturned,
            MovementKind::Payout => Self::Payout,
            MovementKind::PayoutFailed => Self::PayoutFailed,
        }
    }
}

impl From<Movement> for Transaction {
    fn from(movement: Movement) -> Self {
        Self {
            id: movement.id.uuid(),
            kind: movement.kind.into(),
            description: description(&movement).to_owned(),
            amount: movement.amount.into(),
            balance_after: movement.balance_after.map(Into::into),
            payment_id: movement.payment_id.map(PaymentId::uuid),
            order_id: movement.order_id.map(OrderId::uuid),
            gift_card_id: movement.gift_card_id.map(GiftCardId::uuid),
            created_at: movement.created_at,
        }
    }
}

/// A movement in words. A payment is a cost to who paid, and income to who sold.
pub fn description(movement: &Movement) -> &'static str {
    let came = movement.amount.is_positive();
    let of_top_up = movement.order_id.is_none();
    match movement.kind {
        MovementKind::Refund if of_top_up => "Back to your card",
        MovementKind::RefundFailed if of_top_up => "Returned, since it did not reach your card",
        MovementKind::Dispute if of_top_up => "Payment that you disputed",
        MovementKind::DisputeWon if of_top_up => "Payment that you had disputed",
        MovementKind::TopUp => "Paid into the store balance",
        MovementKind::OrderHeld => "Store balance used for an order",
        MovementKind::OrderPaid if came => "Sale",
        MovementKind::OrderPaid => "Order paid by card",
        MovementKind::OrderHoldReleased => "Returned from an order that was not paid",
        MovementKind::GiftCardIssued => "Gift card issued",
        MovementKind::GiftCardSold => "Gift card sold",
        MovementKind::GiftCardVoided => "Gift card taken back",
        MovementKind::GiftCardRedeemed => "Gift card redeemed",
        MovementKind::GiftCardExpired => "Gift card expired",
        MovementKind::Refund if came => "Refund",
        MovementKind::Refund => "Refund to a customer",
        MovementKind::RefundFailed if came => "Refund that did not reach your customer",
        MovementKind::RefundFailed => "Refund that did not reach you",
        MovementKind::Dispute => "Disputed by the customer",
        MovementKind::DisputeWon => "Dispute won",
        MovementKind::DisputeFee => "Fee for a dispute",
        MovementKind::DisputeFeeReturned => "Fee for a dispute, given back",
        MovementKind::Payout => "Payout",
        MovementKind::PayoutFailed => "Payout that came back",
    }
}
