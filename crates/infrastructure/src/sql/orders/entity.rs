//! The rows of orders, as they are stored.

use crate::sql::stored::stored_as_text;
use domain::orders::{OrderEventKind, OrderStatus, ShippingAddress};
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

stored_as_text!(OrderStatus {
    PendingPayment = "pending_payment",
    Paid = "paid",
    Cancelled = "cancelled",
    Expired = "expired",
});

stored_as_text!(OrderEventKind {
    Placed = "placed",
    Paid = "paid",
    PaymentFailed = "payment_failed",
    PaymentHeld = "payment_held",
    Cancelled = "cancelled",
    Expired = "expired",
    Refunded = "refunded",
    RefundFailed = "refund_failed",
    Disputed = "disputed",
    DisputeWon = "dispute_won",
    DisputeLost = "dispute_lost",
});

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct StoredAddress {
    pub name: String,
    pub line1: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    pub city: String,
    pub postal_code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    pub country: String,
}

pub mod order {
    use super::StoredAddress;
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "orders")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: String,
        pub cart_id: Uuid,
        pub checkout_key: String,
        pub user_id: Option<Uuid>,
        pub email: String,
        pub status: String,
        /// Of every amount of the order and its lines.
        pub currency: String,
        pub subtotal_amount: i64,
        pub discount_amount: i64,
        pub shipping_amount: i64,
        pub tax_amount: i64,
        pub total_amount: i64,
        pub refunded_amount: i64,
        #[sea_orm(column_type = "JsonBinary", nullable)]
        pub shipping_address: Option<StoredAddress>,
        pub created_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod order_line {
    use crate::sql::stored::{StoredGift, StoredOptions, StoredTexts};
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "order_lines")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub order_id: Uuid,
        pub position: i32,
        pub product_id: Uuid,
        pub variant_id: Uuid,
        pub sku: String,
        pub title: String,
        #[sea_orm(column_type = "JsonBinary")]
        pub options: StoredOptions,
        pub quantity: i64,
        pub unit_price_amount: i64,
        pub total_amount: i64,
        pub seller_id: Uuid,
        pub shop_name: String,
        pub category_slug: Option<String>,
        #[sea_orm(column_type = "JsonBinary")]
        pub material_slugs: StoredTexts,
        #[sea_orm(column_type = "JsonBinary", nullable)]
        pub gift: Option<StoredGift>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod order_event {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "order_events")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub order_id: Uuid,
        /// Its place in the timeline, 0 for the oldest.
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub kind: String,
        pub at: DateTimeUtc,
        /// In minor units of the order's currency.
        pub amount: Option<i64>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod order_tender {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "order_tenders")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub order_id: Uuid,
        /// Its place among what the order took, 0 for the first.
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub kind: String,
        pub gift_card_id: Option<Uuid>,
        pub user_id: Option<Uuid>,
        pub amount: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<&ShippingAddress> for StoredAddress {
    fn from(address: &ShippingAddress) -> Self {
        Self {
            name: address.name.clone(),
            line1: address.line1.clone(),
            line2: address.line2.clone(),
            city: address.city.clone(),
            postal_code: address.postal_code.clone(),
            region: address.region.clone(),
            country: address.country.clone(),
        }
    }
}

impl From<StoredAddress> for ShippingAddress {
    fn from(address: StoredAddress) -> Self {
        Self {
            name: address.name,
            line1: address.line1,
            line2: address.line2,
            city: address.city,
            postal_code: address.postal_code,
            region: address.region,
            country: address.country,
        }
    }
}
