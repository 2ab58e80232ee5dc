//! Gift cards that are mailed. What the code of one follows from is here, sealed, until its mail was sent.

use crate::building::{at_least, at_least_null, drop_tables, index, reference, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    pk_uuid, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid_null,
};

const DELIVERIES: &str = "gift_card_deliveries";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let deliveries = Table::create()
            .table(DELIVERIES)
            .col(pk_uuid("gift_card_id"))
            .col(text("recipient_email"))
            .col(text_null("recipient_name"))
            .col(text_null("sender_name"))
            .col(text_null("message"))
            .col(text_null("deliver_on"))
            .col(timestamp_with_time_zone("send_at"))
            .col(text_null("seed"))
            .col(at_least(1, "letter"))
            .col(timestamp_with_time_zone_null("sending_since"))
            .col(timestamp_with_time_zone_null("sent_at"))
            .col(timestamp_with_time_zone_null("failed_at"))
            .col(uuid_null("order_id"))
            .col(uuid_null("order_line_id"))
            .col(at_least_null(0, "piece"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            // A code that was sent can't be known again.
            .check(Expr::col("seed").is_null().or(Expr::col("sent_at").is_null()))
            .foreign_key(&mut reference(DELIVERIES, "gift_card_id", "gift_cards"))
            .foreign_key(&mut reference(DELIVERIES, "order_id", "orders"))
            .foreign_key(&mut reference(DELIVERIES, "order_line_id", "order_lines"))
            .take();
        manager.create_table(deliveries).await?;
        // One card for each piece that was bought.
        manager.create_index(unique(DELIVERIES, "piece", &["order_line_id", "piece"])).await?;
        manager.create_index(index(DELIVERIES, "order", &["order_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[DELIVERIES]).await
    }
}
