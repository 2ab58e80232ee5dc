//! Money that goes back, and money that sellers are sent. Both say under which reference the ledger has them, so that a transaction
//! that is gone is missed, and one too many is found.

use crate::building::{at_least, currency, drop_tables, index, one_of, part_of, primary_key, reference, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, integer, pk_uuid, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_refunds(manager).await?;
        let payouts = Table::create()
            .table("payouts")
            .col(pk_uuid("id"))
            .col(uuid("seller_id"))
            .col(at_least(1, "amount"))
            .col(currency())
            .col(text_null("reference"))
            .col(one_of("status", &["paid", "failed"]))
            .col(uuid("made_by"))
            .col(text("request_key"))
            .col(text("posted_as"))
            .col(text_null("returned_as"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("failed_at"))
            .foreign_key(&mut reference("payouts", "seller_id", "users"))
            .foreign_key(&mut reference("payouts", "made_by", "users"))
            .take();
        manager.create_table(payouts).await?;
        let indexes = [
            unique("payouts", "request_key", &["request_key"]),
            unique("payouts", "posted_as", &["posted_as"]),
            unique("payouts", "returned_as", &["returned_as"]),
            index("payouts", "created_at", &["created_at", "id"]),
            index("payouts", "seller_created_at", &["seller_id", "created_at", "id"]),
        ];
        for index in indexes {
            manager.create_index(index).await?;
        }

        // The sandbox plays a gateway elsewhere, which knows nothing of our tables: no foreign key.
        let sandbox_refunds = Table::create()
            .table("sandbox_refunds")
            .col(text("id").primary_key())
            .col(uuid("refund_id"))
            .col(uuid("payment_id"))
            .col(at_least(1, "amount"))
            .col(currency())
            .col(timestamp_with_time_zone("created_at"))
            .take();
        manager.create_table(sandbox_refunds).await?;
        manager.create_index(unique("sandbox_refunds", "refund", &["refund_id"])).await?;
        manager.create_index(index("sandbox_refunds", "payment", &["payment_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["sandbox_refunds", "payouts", "refund_tenders", "refund_parts", "refunds"]).await
    }
}

async fn create_refunds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let refunds = Table::create()
        .table("refunds")
        .col(pk_uuid("id"))
        .col(one_of("kind", &["refund", "dispute"]))
        .col(uuid("order_id"))
        .col(uuid_null("payment_id"))
        .col(at_least(0, "amount"))
        .col(currency())
        // What of it goes by the gateway, and what a dispute takes beyond what was left.
        .col(at_least(0, "card_amount"))
        .col(at_least(0, "excess"))
        .col(one_of("status", &["pending", "succeeded", "failed"]))
        .col(text_null("reason"))
        .col(boolean("restocked"))
        .col(uuid_null("requested_by"))
        .col(text("request_key"))
        .col(text_null("gateway_id"))
        .col(text_null("failure"))
        .col(text("posted_as"))
        .col(text_null("returned_as"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .check(Expr::col("card_amount").lte(Expr::col("amount")))
        .foreign_key(&mut reference("refunds", "order_id", "orders"))
        .foreign_key(&mut reference("refunds", "payment_id", "payments"))
        .foreign_key(&mut reference("refunds", "requested_by", "users"))
        .take();
    manager.create_table(refunds).await?;
    let indexes = [
        unique("refunds", "request_key", &["request_key"]),
        unique("refunds", "gateway_id", &["gateway_id"]),
        unique("refunds", "posted_as", &["posted_as"]),
        unique("refunds", "returned_as", &["returned_as"]),
        index("refunds", "order_created_at", &["order_id", "created_at", "id"]),
        index("refunds", "payment", &["payment_id"]),
    ];
    for index in indexes {
        manager.create_index(index).await?;
    }

    let parts = Table::create()
        .table("refund_parts")
        .col(uuid("refund_id"))
        .col(integer("position"))
        .col(uuid_null("line_id"))
        .col(at_least(0, "quantity"))
        .col(at_least(0, "amount"))
        .primary_key(&mut primary_key(&["refund_id", "position"]))
        .foreign_key(&mut part_of("refund_parts", "refund_id", "refunds"))
        .foreign_key(&mut reference("refund_parts", "line_id", "order_lines"))
        .take();
    manager.create_table(parts).await?;
    manager.create_index(index("refund_parts", "line", &["line_id"])).await?;

    let tenders = Table::create()
        .table("refund_tenders")
        .col(uuid("refund_id"))
        .col(at_least(0, "position"))
        .col(one_of("kind", &["gift_card", "balance", "card"]))
        .col(uuid_null("gift_card_id"))
        .col(uuid_null("user_id"))
        .col(at_least(0, "amount"))
        .primary_key(&mut primary_key(&["refund_id", "position"]))
        .foreign_key(&mut part_of("refund_tenders", "refund_id", "refunds"))
        .foreign_key(&mut reference("refund_tenders", "gift_card_id", "gift_cards"))
        .foreign_key(&mut reference("refund_tenders", "user_id", "users"))
        .take();
    manager.create_table(tenders).await
}
