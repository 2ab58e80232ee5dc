//! Gift cards. What is left on one is in the ledger; of its code only the digest is here.

use crate::building::{at_least, both_or_neither, currency, drop_tables, index, reference, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    pk_uuid, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let gift_cards = Table::create()
            .table("gift_cards")
            .col(pk_uuid("id"))
            .col(text("code_digest"))
            .col(text("last4"))
            .col(at_least(1, "value"))
            .col(currency())
            .col(uuid("issued_by"))
            .col(text_null("recipient_email"))
            .col(timestamp_with_time_zone_null("expires_at"))
            .col(timestamp_with_time_zone_null("disabled_at"))
            .col(timestamp_with_time_zone_null("redeemed_at"))
            .col(uuid_null("redeemed_by"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .check(both_or_neither("redeemed_at", "redeemed_by"))
            .foreign_key(&mut reference("gift_cards", "issued_by", "users"))
            .foreign_key(&mut reference("gift_cards", "redeemed_by", "users"))
            .take();
        manager.create_table(gift_cards).await?;
        manager.create_index(unique("gift_cards", "code_digest", &["code_digest"])).await?;
        manager.create_index(index("gift_cards", "created_at", &["created_at", "id"])).await?;
        manager.create_index(index("gift_cards", "last4", &["last4"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["gift_cards"]).await
    }
}
