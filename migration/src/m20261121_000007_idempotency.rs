//! The keys by which callers repeat a request, and the answers that are repeated.

use crate::building::{drop_tables, index, one_of, primary_key};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{blob_null, integer_null, json_binary_null, text, timestamp_with_time_zone};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let idempotency_keys = Table::create()
            .table("idempotency_keys")
            .col(text("caller"))
            .col(text("key"))
            .col(text("fingerprint"))
            .col(one_of("state", &["running", "done"]))
            .col(timestamp_with_time_zone("claimed_at"))
            .col(timestamp_with_time_zone("leased_until"))
            .col(integer_null("status"))
            .col(json_binary_null("headers"))
            .col(blob_null("body"))
            .primary_key(&mut primary_key(&["caller", "key"]))
            .take();
        manager.create_table(idempotency_keys).await?;
        manager.create_index(index("idempotency_keys", "claimed_at", &["claimed_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["idempotency_keys"]).await
    }
}
