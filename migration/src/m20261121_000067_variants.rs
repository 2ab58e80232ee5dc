//! Variants that were taken off stay for the carts that have them, the options of a product have an order, and whether a product
//! was ever ordered is found by an index.

use crate::building::index;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{json_binary, timestamp_with_time_zone_null};

const SKU: &str = "uq_variants_seller_sku";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let removed_at = timestamp_with_time_zone_null("removed_at").take();
        manager.alter_table(Table::alter().table("variants").add_column(removed_at).take()).await?;
        let option_names = json_binary("option_names").default("[]").take();
        manager.alter_table(Table::alter().table("products").add_column(option_names).take()).await?;
        // A number is free again when its variant is taken off. Both engines write and tell it so.
        manager.drop_index(Index::drop().name(SKU).table("variants").to_owned()).await?;
        let numbers = format!("CREATE UNIQUE INDEX {SKU} ON variants (seller_id, sku) WHERE removed_at IS NULL");
        manager.get_connection().execute_unprepared(&numbers).await?;
        manager.create_index(index("order_lines", "product", &["product_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("ix_order_lines_product").table("order_lines").to_owned()).await?;
        let db = manager.get_connection();
        // Nobody offers what was taken off, and a cart does not show what is not there.
        let off = "SELECT id FROM variants WHERE removed_at IS NOT NULL";
        db.execute_unprepared(&format!("DELETE FROM cart_lines WHERE variant_id IN ({off})")).await?;
        db.execute_unprepared("DELETE FROM variants WHERE removed_at IS NOT NULL").await?;
        manager.drop_index(Index::drop().name(SKU).table("variants").to_owned()).await?;
        let numbers = format!("CREATE UNIQUE INDEX {SKU} ON variants (seller_id, sku)");
        db.execute_unprepared(&numbers).await?;
        manager.alter_table(Table::alter().table("products").drop_column("option_names").take()).await?;
        manager.alter_table(Table::alter().table("variants").drop_column("removed_at").take()).await
    }
}
