//! Orders as one of their sellers sees them.

use super::dto::{OrderLine, OrderStatus, TimelineEntry};
use crate::checkout::dto::ShippingAddress;
use crate::wire::{Money, lists};
use application::orders::view::SoldView;
use chrono::{DateTime, Utc};
use domain::orders::{OrderEvent, OrderEventKind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An order as one of its sellers sees it: their own lines, and where they go.
#[derive(Debug, Serialize, ToSchema)]
pub struct SellerOrder {
    /// Its id.
    pub id: Uuid,
    /// What people quote.
    pub number: String,
    /// Where it stands.
    pub status: OrderStatus,
    /// The customer's address.
    pub email: String,
    /// The seller's own lines.
    pub lines: Vec<OrderLine>,
    /// The sum of the seller's own lines.
    pub total: Money,
    /// Where they go; `null` when nothing of the order is shipped.
    #[schema(required)]
    pub shipping_address: Option<ShippingAddress>,
    /// When it was placed.
    pub created_at: DateTime<Utc>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
}

impl From<SoldView> for SellerOrder {
    fn from(view: SoldView) -> Self {
        let SoldView { order, lines, total, images } = view;
        let status = order.state().into();
        Self {
            id: order.id.uuid(),
            number: order.number.0,
            status,
            email: order.email.to_string(),
            lines: OrderLine::with_images(lines, &images),
            total: total.into(),
            shipping_address: order.shipping_address.map(Into::into),
            created_at: order.created_at,
            timeline: order.timeline.into_iter().filter_map(as_sold).map(Into::into).collect(),
        }
    }
}

/// How much of an order went back is told by the refunds of one's own lines: others' are no neighbour's business.
const fn as_sold(event: OrderEvent) -> Option<OrderEvent> {
    match event.kind {
        OrderEventKind::Refunded | OrderEventKind::RefundFailed => None,
        OrderEventKind::Placed
        | OrderEventKind::Paid
        | OrderEventKind::PaymentFailed
        | OrderEventKind::PaymentHeld
        | OrderEventKind::Cancelled
        | OrderEventKind::Expired
        | OrderEventKind::Disputed
        | OrderEventKind::DisputeWon
        | OrderEventKind::DisputeLost => Some(OrderEvent { amount: None, ..event }),
    }
}

lists! {
    /// A page of orders with a seller's own lines.
    SellerOrderPage of SellerOrder,
}
