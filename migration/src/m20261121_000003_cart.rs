//! Carts and their lines.

use crate::building::{at_least, currency, drop_tables, index, part_of, reference, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, pk_uuid, timestamp_with_time_zone, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // `order_id` has no foreign key: orders come after carts and point back at theirs, and that one is checked.
        let carts = Table::create()
            .table("carts")
            .col(pk_uuid("id"))
            .col(uuid_null("user_id"))
            .col(currency())
            .col(uuid_null("order_id"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .foreign_key(&mut reference("carts", "user_id", "users"))
            .take();
        manager.create_table(carts).await?;
        manager.create_index(index("carts", "user", &["user_id"])).await?;
        manager.create_index(index("carts", "updated_at", &["updated_at"])).await?;

        let cart_lines = Table::create()
            .table("cart_lines")
            .col(pk_uuid("id"))
            .col(uuid("cart_id"))
            .col(uuid("variant_id"))
            .col(integer("position"))
            .col(at_least(1, "quantity"))
            .foreign_key(&mut part_of("cart_lines", "cart_id", "carts"))
            .foreign_key(&mut reference("cart_lines", "variant_id", "variants"))
            .take();
        manager.create_table(cart_lines).await?;
        manager.create_index(unique("cart_lines", "variant", &["cart_id", "variant_id"])).await?;
        manager.create_index(index("cart_lines", "variant", &["variant_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["cart_lines", "carts"]).await
    }
}
