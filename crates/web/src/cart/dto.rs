//! Carts on the wire.

use crate::catalog::dto::{Image, SellerSummary};
use crate::extract::text;
use crate::wire::Money;
use crate::wire::gift::{GiftRequest, GiftWords};
use application::cart::shop::{CartLineView, CartView};
use application::catalog::views::Shortage;
use chrono::{DateTime, Utc};
use domain::kernel::OrderId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A new cart.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCartRequest {
    /// ISO 4217; the shop's own unless told.
    #[validate(custom(function = text::currency))]
    #[schema(example = "EUR")]
    pub currency: Option<String>,
}

/// So many more of a variant.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddLineRequest {
    /// Which variant.
    pub variant_id: Uuid,
    /// How many more; of gift cards 20 at the most.
    #[validate(range(min = 1, max = 999))]
    #[schema(minimum = 1, maximum = 999)]
    pub quantity: u32,
    /// Whom each is for; for gift cards, and for nothing else.
    #[serde(default)]
    #[validate(nested)]
    pub gift: Option<GiftRequest>,
}

/// How many a line has from now on.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateLineRequest {
    /// How many; 0 removes the line.
    #[validate(range(min = 0, max = 999))]
    #[schema(minimum = 0, maximum = 999)]
    pub quantity: u32,
}

/// A cart with the prices and the stock of this moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cart {
    /// Its id; for a guest's cart, knowing it is the right to use it.
    pub id: Uuid,
    /// Whether it can still be changed.
    pub status: CartStatus,
    /// The order that it became.
    #[schema(required)]
    pub order_id: Option<Uuid>,
    /// ISO 4217.
    pub currency: String,
    /// In the order in which they were added.
    pub lines: Vec<CartLine>,
    /// The sum of the lines.
    pub subtotal: Money,
    /// What is to be paid.
    pub total: Money,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// Whether a cart can still be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CartStatus {
    /// It can.
    Open,
    /// It has become an order.
    CheckedOut,
}

/// A line of a cart.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartLine {
    /// Its id.
    pub id: Uuid,
    /// The product.
    pub product_id: Uuid,
    /// The product, for addresses.
    pub product_slug: String,
    /// The variant.
    pub variant_id: Uuid,
    /// The seller's number for it.
    pub sku: String,
    /// The product's title.
    pub title: String,
    /// What distinguishes the variant.
    pub options: BTreeMap<String, String>,
    /// The product's first picture.
    #[schema(required)]
    pub image: Option<Image>,
    /// Whose it is.
    pub seller: SellerSummary,
    /// How many.
    pub quantity: u32,
    /// What one costs.
    pub unit_price: Money,
    /// What all of them cost.
    pub total: Money,
    /// How many can be bought now.
    pub stock: u32,
    /// Whether it is still on sale, and as many are there.
    pub available: bool,
    /// Whom each is for, where it is a gift card.
    #[schema(required)]
    pub gift: Option<GiftWords>,
}

impl From<CartLineView> for CartLine {
    fn from(view: CartLineView) -> Self {
        let available = view.is_available();
        let CartLineView { line, offer, total } = view;
        Self {
            id: line.id.uuid(),
            available,
            gift: line.gift.map(Into::into),
            product_id: offer.product_id.uuid(),
            product_slug: offer.product_slug.to_string(),
            variant_id: offer.variant_id.uuid(),
            sku: offer.sku,
            title: offer.title,
            options: offer.options,
            image: offer.image.map(Into::into),
            seller: offer.seller.into(),
            quantity: line.quantity,
            unit_price: offer.price.into(),
            total: total.into(),
            stock: offer.stock,
        }
    }
}

impl From<CartView> for Cart {
    fn from(view: CartView) -> Self {
        let status = if view.cart.order_id.is_some() { CartStatus::CheckedOut } else { CartStatus::Open };
        Self {
            id: view.cart.id.uuid(),
            status,
            order_id: view.cart.order_id.map(OrderId::uuid),
            currency: view.cart.currency.code().to_owned(),
            lines: view.lines.into_iter().map(Into::into).collect(),
            subtotal: view.subtotal.into(),
            total: view.subtotal.into(),
            created_at: view.cart.created_at,
            updated_at: view.cart.updated_at,
        }
    }
}

/// A line of which there is too little.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShortLine {
    /// The variant.
    pub variant_id: Uuid,
    /// The cart's line, when one was asked for by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub line_id: Option<Uuid>,
    /// The product's title.
    pub title: String,
    /// How many were asked for.
    pub requested: u32,
    /// How many can be bought now.
    pub available: u32,
}

impl From<Shortage> for ShortLine {
    fn from(shortage: Shortage) -> Self {
        let Shortage { variant_id, title, requested, available } = shortage;
        Self { variant_id: variant_id.uuid(), line_id: None, title, requested, available }
    }
}
