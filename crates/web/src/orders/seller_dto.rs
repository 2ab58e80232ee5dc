//! Orders as one of their sellers sees them.

use super::dto::{OrderLine, OrderStatus, TimelineEntry};
use crate::checkout::dto::ShippingAddress;
use crate::wire::{Money, lists};
use application::orders::view::SoldView;
use chrono::{DateTime, Utc};
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
    /// Where they go.
    pub shipping_address: ShippingAddress,
    /// When it was placed.
    pub created_at: DateTime<Utc>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
}

impl From<SoldView> for SellerOrder {
    fn from(view: SoldView) -> Self {
        let SoldView { order, lines, total, images } = view;
        Self {
            id: order.id.uuid(),
            number: order.number.0,
            status: order.status.into(),
            email: order.email.to_string(),
            lines: OrderLine::with_images(lines, &images),
            total: total.into(),
            shipping_address: order.shipping_address.into(),
            created_at: order.created_at,
            timeline: order.timeline.into_iter().map(Into::into).collect(),
        }
    }
}

lists! {
    /// A page of orders with a seller's own lines.
    SellerOrderPage of SellerOrder,
}
