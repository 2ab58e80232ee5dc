//! Outgoing webhooks: where merchants are told of events, what is on its way there, and what came of each try.

use crate::building::{at_least, both_or_neither, drop_tables, index, one_of, one_of_null, part_of, reference, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, integer_null, json_binary, pk_uuid, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Without a seller it is the platform's. The secrets are sealed.
        let webhooks = Table::create()
            .table("webhooks")
            .col(pk_uuid("id"))
            .col(uuid_null("seller_id"))
            .col(uuid("created_by"))
            .col(text("url"))
            .col(text_null("description"))
            .col(json_binary("events"))
            .col(text("secret"))
            .col(text_null("previous_secret"))
            .col(timestamp_with_time_zone_null("previous_secret_until"))
            .col(timestamp_with_time_zone_null("disabled_at"))
            .col(one_of_null("disabled_reason", &["by_owner", "gone", "failing"]))
            .col(timestamp_with_time_zone_null("failing_since"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .check(both_or_neither("previous_secret", "previous_secret_until"))
            .check(both_or_neither("disabled_at", "disabled_reason"))
            .foreign_key(&mut reference("webhooks", "seller_id", "users"))
            .foreign_key(&mut reference("webhooks", "created_by", "users"))
            .take();
        manager.create_table(webhooks).await?;
        manager.create_index(index("webhooks", "seller", &["seller_id", "created_at", "id"])).await?;

        // It waits exactly while it is to be tried.
        let waits = Expr::col("status").eq("waiting").and(Expr::col("next_attempt_at").is_not_null());
        let rests = Expr::col("status").ne("waiting").and(Expr::col("next_attempt_at").is_null());
        let deliveries = Table::create()
            .table("webhook_deliveries")
            .col(pk_uuid("id"))
            .col(uuid("webhook_id"))
            .col(uuid("event_id"))
            .col(text("kind"))
            .col(text("payload"))
            .col(one_of("status", &["waiting", "delivered", "failed"]))
            .col(at_least(0, "tries"))
            .col(timestamp_with_time_zone_null("next_attempt_at"))
            .col(timestamp_with_time_zone_null("claimed_until"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .check(waits.or(rests))
            .foreign_key(&mut part_of("webhook_deliveries", "webhook_id", "webhooks"))
            .take();
        manager.create_table(deliveries).await?;
        let once = unique("webhook_deliveries", "webhook_event", &["webhook_id", "event_id"]);
        manager.create_index(once).await?;
        manager.create_index(index("webhook_deliveries", "due", &["status", "next_attempt_at"])).await?;
        let list = index("webhook_deliveries", "webhook", &["webhook_id", "created_at", "id"]);
        manager.create_index(list).await?;
        manager.create_index(index("webhook_deliveries", "created_at", &["created_at"])).await?;

        let faults = ["timed_out", "name_not_found", "forbidden_address", "not_reached", "no_answer", "not_signed"];
        let attempts = Table::create()
            .table("webhook_attempts")
            .col(pk_uuid("id"))
            .col(uuid("delivery_id"))
            .col(timestamp_with_time_zone("at"))
            .col(integer("took_ms").check(Expr::col("took_ms").gte(0)))
            .col(integer_null("status_code"))
            .col(one_of_null("fault", &faults))
            .col(text_null("answer"))
            .check(Expr::col("status_code").is_null().eq(Expr::col("fault").is_not_null()))
            .foreign_key(&mut part_of("webhook_attempts", "delivery_id", "webhook_deliveries"))
            .take();
        manager.create_table(attempts).await?;
        manager.create_index(index("webhook_attempts", "delivery", &["delivery_id", "at", "id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["webhook_attempts", "webhook_deliveries", "webhooks"]).await
    }
}
