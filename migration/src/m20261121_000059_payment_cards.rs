//! Which cards were tried for a payment, as digests that only the shop can compute: enough to count how many there were.

use crate::building::{drop_tables, index, part_of, primary_key};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{text, timestamp_with_time_zone, uuid};

const CARDS: &str = "payment_cards";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let cards = Table::create()
            .table(CARDS)
            .col(uuid("payment_id"))
            .col(text("card"))
            .col(timestamp_with_time_zone("seen_at"))
            .primary_key(&mut primary_key(&["payment_id", "card"]))
            .foreign_key(&mut part_of(CARDS, "payment_id", "payments"))
            .take();
        manager.create_table(cards).await?;
        manager.create_index(index(CARDS, "seen_at", &["seen_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[CARDS]).await
    }
}
