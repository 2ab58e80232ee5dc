//! Orders, their lines, and what happened to them.

use crate::building::{at_least, currency, drop_tables, index, one_of, part_of, primary_key, reference, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, json_binary, pk_uuid, text, text_null, timestamp_with_time_zone, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let orders = Table::create()
            .table("orders")
            .col(pk_uuid("id"))
            .col(text("number"))
            .col(uuid("cart_id"))
            .col(text("checkout_key"))
            .col(uuid_null("user_id"))
            .col(text("email"))
            .col(one_of("status", &["pending_payment", "paid", "cancelled", "expired"]))
            .col(currency())
            .col(at_least(0, "subtotal_amount"))
            .col(at_least(0, "discount_amount"))
            .col(at_least(0, "shipping_amount"))
            .col(at_least(0, "tax_amount"))
            .col(at_least(0, "total_amount"))
            .col(json_binary("shipping_address"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .foreign_key(&mut reference("orders", "cart_id", "carts"))
            .foreign_key(&mut reference("orders", "user_id", "users"))
            .take();
        manager.create_table(orders).await?;
        manager.create_index(unique("orders", "cart", &["cart_id"])).await?;
        manager.create_index(unique("orders", "number", &["number"])).await?;
        manager.create_index(index("orders", "user_created_at", &["user_id", "created_at", "id"])).await?;
        manager.create_index(index("orders", "created_at", &["created_at", "id"])).await?;

        // A line is a snapshot: it names its product and variant, but neither keeps the other from changing or going.
        let order_lines = Table::create()
            .table("order_lines")
            .col(pk_uuid("id"))
            .col(uuid("order_id"))
            .col(integer("position"))
            .col(uuid("product_id"))
            .col(uuid("variant_id"))
            .col(text("sku"))
            .col(text("title"))
            .col(json_binary("options"))
            .col(at_least(1, "quantity"))
            .col(at_least(0, "unit_price_amount"))
            .col(at_least(0, "total_amount"))
            .col(uuid("seller_id"))
            .col(text("shop_name"))
            .col(text_null("category_slug"))
            .col(json_binary("material_slugs"))
            .foreign_key(&mut part_of("order_lines", "order_id", "orders"))
            .foreign_key(&mut reference("order_lines", "seller_id", "users"))
            .take();
        manager.create_table(order_lines).await?;
        manager.create_index(unique("order_lines", "position", &["order_id", "position"])).await?;
        manager.create_index(index("order_lines", "seller", &["seller_id", "order_id"])).await?;

        let order_events = Table::create()
            .table("order_events")
            .col(uuid("order_id"))
            .col(integer("position"))
            .col(one_of("kind", &["placed", "paid", "payment_failed", "cancelled", "expired"]))
            .col(timestamp_with_time_zone("at"))
            .primary_key(&mut primary_key(&["order_id", "position"]))
            .foreign_key(&mut part_of("order_events", "order_id", "orders"))
            .take();
        manager.create_table(order_events).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["order_events", "order_lines", "orders"]).await
    }
}
