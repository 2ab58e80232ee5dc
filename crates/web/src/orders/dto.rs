//! Orders on the wire.

use crate::catalog::dto::{Image, SellerSummary};
use crate::checkout::dto::ShippingAddress;
use crate::payments::dto::PaymentSummary;
use crate::wire::gift::GiftWords;
use crate::wire::{Money, lists};
use application::catalog::views::ImageView;
use application::orders::view::OrderView;
use chrono::{DateTime, Utc};
use domain::kernel::ProductId;
use domain::orders::{
    OrderEvent, OrderEventKind, OrderLine as Line, OrderState, OrderStatus as Status, Tender, TenderSource,
};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use utoipa::ToSchema;
use uuid::Uuid;

/// An order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Order {
    /// Its id.
    pub id: Uuid,
    /// What people quote.
    #[schema(example = "CR-7K2M9-4QXWP")]
    pub number: String,
    /// Where it stands.
    pub status: OrderStatus,
    /// Where mails go.
    pub email: String,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// The sum of the lines.
    pub subtotal: Money,
    /// Taken off the subtotal.
    pub discount: Money,
    /// For bringing it.
    pub shipping: Money,
    /// On top of the prices.
    pub tax: Money,
    /// What is to be paid.
    pub total: Money,
    /// What of it has gone back, or is on its way.
    pub refunded: Money,
    /// How it was paid, in the order in which that was taken. Of an order that waits for its payment: what it holds of gift
    /// cards and balance; the rest is to be paid by card. Empty when it was given up, since all of it was given back.
    pub paid_by: Vec<PaidBy>,
    /// Where it goes; `null` when nothing of the order is shipped.
    #[schema(required)]
    pub shipping_address: Option<ShippingAddress>,
    /// When it was placed.
    pub created_at: DateTime<Utc>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// The attempt to pay it.
    #[schema(required)]
    pub payment: Option<PaymentSummary>,
    /// What opens the order to a guest; only in the answer to their checkout.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub access_token: Option<String>,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// The stock is reserved; the money is awaited.
    PendingPayment,
    /// Paid in full.
    Paid,
    /// Given up before payment.
    Cancelled,
    /// Not paid in time.
    Expired,
    /// Paid, and some of it has gone back.
    PartlyRefunded,
    /// Paid, and all of it has gone back.
    Refunded,
}

impl From<Status> for OrderStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::PendingPayment => Self::PendingPayment,
            Status::Paid => Self::Paid,
            Status::Cancelled => Self::Cancelled,
            Status::Expired => Self::Expired,
        }
    }
}

impl From<OrderState> for OrderStatus {
    fn from(state: OrderState) -> Self {
        match state {
            OrderState::PendingPayment => Self::PendingPayment,
            OrderState::Paid => Self::Paid,
            OrderState::Cancelled => Self::Cancelled,
            OrderState::Expired => Self::Expired,
            OrderState::PartlyRefunded => Self::PartlyRefunded,
            OrderState::Refunded => Self::Refunded,
        }
    }
}

/// A line of an order, as it was at the moment of the order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderLine {
    /// Its id.
    pub id: Uuid,
    /// The product.
    pub product_id: Uuid,
    /// The variant.
    pub variant_id: Uuid,
    /// The seller's number for it.
    pub sku: String,
    /// The product's title.
    pub title: String,
    /// What distinguishes the variant.
    pub options: BTreeMap<String, String>,
    /// How many.
    pub quantity: u32,
    /// What one cost.
    pub unit_price: Money,
    /// What all of them cost.
    pub total: Money,
    /// Whose it was.
    pub seller: SellerSummary,
    /// The slug of the category where it stood.
    #[schema(required)]
    pub category: Option<String>,
    /// The slugs of what it was made of.
    pub materials: Vec<String>,
    /// The product's first picture of now.
    #[schema(required)]
    pub image: Option<Image>,
    /// Whom each is for, where it is a gift card.
    #[schema(required)]
    pub gift: Option<GiftWords>,
}

impl OrderLine {
    /// Lines with the pictures of their products.
    #[must_use]
    pub fn with_images(lines: Vec<Line>, images: &HashMap<ProductId, ImageView>) -> Vec<Self> {
        let line = |line: Line| Self::new(images.get(&line.product_id).cloned(), line);
        lines.into_iter().map(line).collect()
    }

    fn new(image: Option<ImageView>, line: Line) -> Self {
        Self {
            gift: line.gift.map(Into::into),
            id: line.id.uuid(),
            product_id: line.product_id.uuid(),
            variant_id: line.variant_id.uuid(),
            sku: line.sku,
            title: line.title,
            options: line.options,
            quantity: line.quantity,
            unit_price: line.unit_price.into(),
            total: line.total.into(),
            seller: SellerSummary { id: line.seller.id.uuid(), shop_name: line.seller.shop_name },
            category: line.category.map(|slug| slug.to_string()),
            materials: line.materials.iter().map(ToString::to_string).collect(),
            image: image.map(Into::into),
        }
    }
}

/// A part of what was paid.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaidBy {
    /// By what.
    pub kind: PaidByKind,
    /// How much.
    pub amount: Money,
    /// Of a gift card: the last four characters of its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "7KX2")]
    pub last4: Option<String>,
}

impl From<Tender> for PaidBy {
    fn from(tender: Tender) -> Self {
        let (kind, last4) = match tender.source {
            TenderSource::GiftCard { last4, .. } => (PaidByKind::GiftCard, Some(last4)),
            TenderSource::Balance(_) => (PaidByKind::Balance, None),
        };
        Self { kind, amount: tender.amount.into(), last4 }
    }
}

impl PaidBy {
    fn all(order: &domain::orders::Order) -> Vec<Self> {
        let by_card = match order.status {
            Status::Paid => order.by_card().ok().filter(|rest| rest.is_positive()),
            Status::PendingPayment => None,
            Status::Cancelled | Status::Expired => return Vec::new(),
        };
        let by_card = by_card.map(|rest| Self { kind: PaidByKind::Card, amount: rest.into(), last4: None });
        order.tenders.iter().cloned().map(Into::into).chain(by_card).collect()
    }
}

/// By what an order is paid.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaidByKind {
    /// A gift card.
    GiftCard,
    /// The customer's store balance.
    Balance,
    /// A card.
    Card,
}

/// Something that happened to an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// What.
    pub kind: TimelineKind,
    /// When.
    pub at: DateTime<Utc>,
    /// How much money it is about.
    #[schema(required)]
    pub amount: Option<Money>,
}

/// What can happen to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// The customer placed it.
    Placed,
    /// The payment succeeded.
    Paid,
    /// The payment was declined.
    PaymentFailed,
    /// The money is promised; somebody looks at the payment before it is taken.
    PaymentHeld,
    /// It was given up.
    Cancelled,
    /// It was not paid in time.
    Expired,
    /// Money went back to the customer.
    Refunded,
    /// It did not arrive there.
    RefundFailed,
    /// A bank took money back, since the customer disputes the payment.
    Disputed,
    /// The bank gave it again.
    DisputeWon,
    /// The bank keeps it.
    DisputeLost,
}

impl From<OrderEvent> for TimelineEntry {
    fn from(event: OrderEvent) -> Self {
        let kind = match event.kind {
            OrderEventKind::Placed => TimelineKind::Placed,
            OrderEventKind::Paid => TimelineKind::Paid,
            OrderEventKind::PaymentFailed => TimelineKind::PaymentFailed,
            OrderEventKind::PaymentHeld => TimelineKind::PaymentHeld,
            OrderEventKind::Cancelled => TimelineKind::Cancelled,
            OrderEventKind::Expired => TimelineKind::Expired,
            OrderEventKind::Refunded => TimelineKind::Refunded,
            OrderEventKind::RefundFailed => TimelineKind::RefundFailed,
            OrderEventKind::Disputed => TimelineKind::Disputed,
            OrderEventKind::DisputeWon => TimelineKind::DisputeWon,
            OrderEventKind::DisputeLost => TimelineKind::DisputeLost,
        };
        Self { kind, at: event.at, amount: event.amount.map(Into::into) }
    }
}

impl From<OrderView> for Order {
    fn from(view: OrderView) -> Self {
        let OrderView { order, payment, images } = view;
        let status = order.state().into();
        Self {
            paid_by: PaidBy::all(&order),
            id: order.id.uuid(),
            number: order.number.0,
            status,
            email: order.email.to_string(),
            lines: OrderLine::with_images(order.lines, &images),
            subtotal: order.subtotal.into(),
            discount: order.discount.into(),
            shipping: order.shipping.into(),
            tax: order.tax.into(),
            total: order.total.into(),
            refunded: order.refunded.into(),
            shipping_address: order.shipping_address.map(Into::into),
            created_at: order.created_at,
            timeline: order.timeline.into_iter().map(Into::into).collect(),
            payment: payment.map(Into::into),
            access_token: None,
        }
    }
}

lists! {
    /// A page of orders.
    OrderPage of Order,
}
