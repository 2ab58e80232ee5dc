//! Gift cards that are mailed, and products that are gift cards. What the code of one follows from is here, sealed, until its
//! mail was sent.

use crate::building::{at_least, at_least_null, drop_tables, index, reference, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, json_binary_null, pk_uuid, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
    uuid_null,
};

const DELIVERIES: &str = "gift_card_deliveries";
const LINES: [&str; 2] = ["cart_lines", "order_lines"];
const ONE_LINE: &str = "uq_cart_lines_variant";

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
        manager.create_index(index(DELIVERIES, "order", &["order_id"])).await?;
        for table in LINES {
            manager.alter_table(Table::alter().table(table).add_column(json_binary_null("gift")).take()).await?;
        }
        let gift_card = boolean("gift_card").default(false).take();
        manager.alter_table(Table::alter().table("products").add_column(gift_card).take()).await?;
        // Gift cards of one variant for several people are several lines.
        manager.drop_index(Index::drop().name(ONE_LINE).table("cart_lines").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in LINES {
            manager.alter_table(Table::alter().table(table).drop_column("gift").take()).await?;
        }
        manager.alter_table(Table::alter().table("products").drop_column("gift_card").take()).await?;
        drop_tables(manager, &[DELIVERIES]).await?;
        manager.create_index(unique("cart_lines", "variant", &["cart_id", "variant_id"])).await
    }
}
