//! Attempts to pay, what gateways told us, and the pages of the sandbox gateway.

use crate::building::{
    at_least, both_or_neither, currency, drop_tables, one_of, one_of_null, primary_key, reference, unique,
};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{pk_uuid, text, text_null, timestamp_with_time_zone, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let payments = Table::create()
            .table("payments")
            .col(pk_uuid("id"))
            .col(uuid("order_id"))
            .col(uuid_null("user_id"))
            .col(at_least(0, "amount"))
            .col(currency())
            .col(one_of("status", &["created", "submitted", "captured", "declined", "voided"]))
            .col(text_null("session_id"))
            .col(text_null("session_url"))
            .col(text("success_url"))
            .col(text("cancel_url"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .check(both_or_neither("session_id", "session_url"))
            .foreign_key(&mut reference("payments", "order_id", "orders"))
            .foreign_key(&mut reference("payments", "user_id", "users"))
            .take();
        manager.create_table(payments).await?;
        manager.create_index(unique("payments", "order", &["order_id"])).await?;

        let webhook_events = Table::create()
            .table("webhook_events")
            .col(text("gateway"))
            .col(text("id"))
            .col(text("kind"))
            .col(text("payload"))
            .col(timestamp_with_time_zone("received_at"))
            .primary_key(&mut primary_key(&["gateway", "id"]))
            .take();
        manager.create_table(webhook_events).await?;

        // The sandbox plays a gateway elsewhere, which knows nothing of our tables: no foreign key.
        let sandbox_sessions = Table::create()
            .table("sandbox_sessions")
            .col(text("id").primary_key())
            .col(uuid("payment_id"))
            .col(at_least(0, "amount"))
            .col(currency())
            .col(text("description"))
            .col(text("success_url"))
            .col(text("cancel_url"))
            .col(one_of_null("outcome", &["paid", "declined", "closed"]))
            .col(timestamp_with_time_zone("created_at"))
            .take();
        manager.create_table(sandbox_sessions).await?;
        manager.create_index(unique("sandbox_sessions", "payment", &["payment_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["sandbox_sessions", "webhook_events", "payments"]).await
    }
}
