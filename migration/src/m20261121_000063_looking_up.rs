//! What admins look up is found by indexes: orders by how their number or their customer's address begins, and the products
//! that are gift cards.

use crate::building::index;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            // Beginnings are found in the order of bytes, which is not that of the database's language.
            for column in ["number", "email"] {
                let index = format!(r#"CREATE INDEX ix_orders_{column}_begins ON orders ({column} COLLATE "C")"#);
                manager.get_connection().execute_unprepared(&index).await?;
            }
        } else {
            // SQLite orders by bytes anyway, and the unique index of the numbers serves.
            manager.create_index(index("orders", "email_begins", &["email"])).await?;
        }
        manager.create_index(index("products", "gift_card", &["gift_card", "created_at", "id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("ix_products_gift_card").table("products").to_owned()).await?;
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            manager.drop_index(Index::drop().name("ix_orders_number_begins").table("orders").to_owned()).await?;
        }
        manager.drop_index(Index::drop().name("ix_orders_email_begins").table("orders").to_owned()).await
    }
}
