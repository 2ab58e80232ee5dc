//! Gift cards that are issued together, in steps. What their codes follow from is here, sealed, until they were told.

use crate::building::{
    at_least, both_or_neither, currency, drop_tables, index, part_of, primary_key, reference, unique,
};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    pk_uuid, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

const BATCHES: &str = "gift_card_batches";
const CARDS: &str = "gift_card_batch_cards";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let batches = Table::create()
            .table(BATCHES)
            .col(pk_uuid("id"))
            .col(at_least(1, "value"))
            .col(currency())
            .col(at_least(1, "quantity"))
            .col(at_least(0, "issued"))
            .col(timestamp_with_time_zone_null("expires_at"))
            .col(text_null("note"))
            .col(uuid("issued_by"))
            .col(text_null("seed"))
            .col(timestamp_with_time_zone_null("completed_at"))
            .col(timestamp_with_time_zone_null("downloaded_at"))
            .col(uuid_null("downloaded_by"))
            .col(timestamp_with_time_zone_null("lapsed_at"))
            .col(timestamp_with_time_zone_null("disabled_at"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .check(Expr::col("issued").lte(Expr::col("quantity")))
            .check(both_or_neither("downloaded_at", "downloaded_by"))
            // Codes that were told, or were too late to be, can't be told again.
            .check(
                Expr::col("seed")
                    .is_null()
                    .or(Expr::col("downloaded_at").is_null().and(Expr::col("lapsed_at").is_null())),
            )
            .foreign_key(&mut reference(BATCHES, "issued_by", "users"))
            .foreign_key(&mut reference(BATCHES, "downloaded_by", "users"))
            .take();
        manager.create_table(batches).await?;
        manager.create_index(index(BATCHES, "created_at", &["created_at", "id"])).await?;
        let cards = Table::create()
            .table(CARDS)
            .col(uuid("batch_id"))
            .col(at_least(0, "position"))
            .col(uuid("gift_card_id"))
            .primary_key(&mut primary_key(&["batch_id", "position"]))
            .foreign_key(&mut part_of(CARDS, "batch_id", BATCHES))
            .foreign_key(&mut reference(CARDS, "gift_card_id", "gift_cards"))
            .take();
        manager.create_table(cards).await?;
        manager.create_index(unique(CARDS, "gift_card", &["gift_card_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[CARDS, BATCHES]).await
    }
}
