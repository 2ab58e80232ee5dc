//! Refunds on the wire.

use crate::extract::text;
use crate::problem::Problem;
use crate::wire::{self, Money};
use chrono::{DateTime, Utc};
use domain::kernel::OrderLineId;
use domain::orders::Order;
use domain::refunds::{Refund as Given, RefundPart, RefundStatus as Status, RefundTender, RefundWish, TenderKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What is to be given back. Without `lines`, `shipping` and `amount` it is all that is left.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveRefundRequest {
    /// So many pieces of these lines.
    #[validate(length(min = 1, max = 100), nested)]
    #[schema(min_items = 1, max_items = 100)]
    pub lines: Option<Vec<RefundLineRequest>>,
    /// What is left of the cost of delivery. Admins only.
    #[serde(default)]
    pub shipping: bool,
    /// So much, shared by what is left of all lines. Not together with `lines` or `shipping`.
    #[validate(custom(function = wire::price))]
    pub amount: Option<Money>,
    /// Why, for those who look at the order later.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 500), custom(function = text::one_line))]
    #[schema(max_length = 500)]
    pub reason: Option<String>,
    /// Whether the pieces go back on sale.
    #[serde(default)]
    pub restock: bool,
}

/// Pieces of a line.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundLineRequest {
    /// The line.
    pub line_id: Uuid,
    /// How many of it.
    #[validate(range(min = 1, max = 999))]
    #[schema(minimum = 1, maximum = 999)]
    pub quantity: u32,
}

/// What was asked for.
pub struct Asked {
    pub wish: RefundWish,
    pub reason: Option<String>,
    pub restock: bool,
}

impl GiveRefundRequest {
    /// As the rules know it.
    ///
    /// # Errors
    /// 422 when it asks for two things at once.
    pub fn into_asked(self) -> Result<Asked, Problem> {
        let line = |line: RefundLineRequest| (OrderLineId::new(line.line_id), line.quantity);
        let lines = self.lines.map(|lines| lines.into_iter().map(line).collect());
        let wish = match (lines, self.shipping, self.amount) {
            (None, false, None) => RefundWish::Rest,
            (Some(lines), false, None) => RefundWish::Lines(lines),
            (lines, true, None) => RefundWish::Delivery(lines.unwrap_or_default()),
            (None, false, Some(amount)) => RefundWish::Amount(amount.into_domain("/amount")?),
            (_, _, Some(_)) => {
                let message = "can't be given together with lines or shipping";
                return Err(Problem::invalid_field("/amount", "either-or", message));
            }
        };
        Ok(Asked { wish, reason: self.reason, restock: self.restock })
    }
}

/// Money that goes back.
#[derive(Debug, Serialize, ToSchema)]
pub struct Refund {
    /// Its id.
    pub id: Uuid,
    /// The order.
    pub order_id: Uuid,
    /// Where it stands.
    pub status: RefundStatus,
    /// How much.
    pub amount: Money,
    /// Of what; to a seller, of their own lines.
    pub lines: Vec<RefundLine>,
    /// What should have gone back too, and could not: gift cards that somebody has used.
    pub kept: Vec<RefundLine>,
    /// What of it is for delivery.
    pub shipping: Money,
    /// Where it goes, in the order in which the order was paid; empty to a seller where others' lines are in the same refund.
    pub to: Vec<RefundedTo>,
    /// Why.
    #[schema(required)]
    pub reason: Option<String>,
    /// Whether the pieces went back on sale.
    pub restocked: bool,
    /// Why the card's part did not go back.
    #[schema(required)]
    pub failure: Option<String>,
    /// When it was given.
    pub created_at: DateTime<Utc>,
}

/// Where a refund, or a part of it, stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// The gateway has not said yet what became of it.
    Pending,
    /// It has gone back.
    Succeeded,
    /// The card's part did not, and came back.
    Failed,
}

impl From<Status> for RefundStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Pending => Self::Pending,
            Status::Succeeded => Self::Succeeded,
            Status::Failed => Self::Failed,
        }
    }
}

/// What goes back of a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefundLine {
    /// The line.
    pub line_id: Uuid,
    /// What it was.
    pub title: String,
    /// How many pieces; 0 where only an amount was asked for.
    pub quantity: u32,
    /// How much.
    pub amount: Money,
}

/// Where a part of a refund goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefundedTo {
    /// To what.
    pub kind: RefundedToKind,
    /// How much.
    pub amount: Money,
    /// The last characters of a gift card's code.
    #[schema(required)]
    pub last4: Option<String>,
    /// Where this part stands.
    pub status: RefundStatus,
}

/// To what money goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundedToKind {
    /// A gift card.
    GiftCard,
    /// A store balance.
    Balance,
    /// The card that paid.
    Card,
}

impl Refund {
    /// A refund of an order.
    #[must_use]
    pub fn of(refund: Given, order: &Order) -> Self {
        let line = |part: &RefundPart| {
            let sold = order.lines.iter().find(|line| Some(line.id) == part.line)?;
            let (line_id, title) = (sold.id.uuid(), sold.title.clone());
            Some(RefundLine { line_id, title, quantity: part.quantity, amount: part.amount.into() })
        };
        let delivery = refund.parts.iter().find(|part| part.line.is_none()).map(|part| part.amount);
        let nothing = domain::kernel::Money::zero(refund.amount.currency());
        let to = |tender: &RefundTender| RefundedTo::of(tender, refund.status, order);
        Self {
            id: refund.id.uuid(),
            order_id: refund.order_id.uuid(),
            status: refund.status.into(),
            amount: refund.amount.into(),
            lines: refund.parts.iter().filter_map(line).collect(),
            kept: refund.kept.iter().filter_map(line).collect(),
            shipping: delivery.unwrap_or(nothing).into(),
            to: refund.to.iter().map(to).collect(),
            reason: refund.reason,
            restocked: refund.restocked,
            failure: refund.failure,
            created_at: refund.created_at,
        }
    }
}

impl RefundedTo {
    fn of(tender: &RefundTender, status: Status, order: &Order) -> Self {
        let (kind, last4) = match tender.kind {
            TenderKind::GiftCard(id) => (RefundedToKind::GiftCard, order.last4_of(id).map(str::to_owned)),
            TenderKind::Balance(_) => (RefundedToKind::Balance, None),
            TenderKind::Card => (RefundedToKind::Card, None),
        };
        // What does not go by the gateway is there at once, whatever becomes of the rest.
        let status = if kind == RefundedToKind::Card { status.into() } else { RefundStatus::Succeeded };
        Self { kind, amount: tender.amount.into(), last4, status }
    }
}

/// Refunds of an order, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefundList {
    /// All of them.
    pub data: Vec<Refund>,
    /// There is no further page.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl RefundList {
    /// These refunds of an order.
    #[must_use]
    pub fn of(refunds: Vec<Given>, order: &Order) -> Self {
        let data = refunds.into_iter().map(|refund| Refund::of(refund, order)).collect();
        Self { data, next_cursor: None }
    }
}
