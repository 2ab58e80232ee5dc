//! The security log. Rows outlive what they tell of: there are no foreign keys.

use crate::building::{drop_tables, index};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{json_binary, pk_uuid, text, text_null, timestamp_with_time_zone, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let security_events = Table::create()
            .table("security_events")
            .col(pk_uuid("id"))
            .col(timestamp_with_time_zone("at"))
            .col(text("kind"))
            .col(uuid_null("user_id"))
            .col(uuid_null("actor_id"))
            .col(text_null("email"))
            .col(text_null("address"))
            .col(text_null("device"))
            .col(json_binary("details"))
            .take();
        manager.create_table(security_events).await?;
        manager.create_index(index("security_events", "at", &["at", "id"])).await?;
        manager.create_index(index("security_events", "kind_at", &["kind", "at", "id"])).await?;
        manager.create_index(index("security_events", "user_at", &["user_id", "at", "id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["security_events"]).await
    }
}
