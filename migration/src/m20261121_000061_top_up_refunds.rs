//! What goes back to cards of what was paid into balances by them: by admins, and by banks. A table of its own, since refunds of
//! orders are parts of an order.

use crate::building::{at_least, currency, drop_tables, index, one_of, reference, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{pk_uuid, text, text_null, timestamp_with_time_zone, uuid, uuid_null};

const REFUNDS: &str = "top_up_refunds";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let refunds = Table::create()
            .table(REFUNDS)
            .col(pk_uuid("id"))
            .col(one_of("kind", &["refund", "dispute"]))
            .col(uuid("payment_id"))
            .col(uuid("user_id"))
            .col(at_least(1, "amount"))
            .col(currency())
            // What of it counts as given back of the payment, and what of it the balance gave.
            .col(at_least(0, "counted"))
            .col(at_least(0, "taken"))
            .col(one_of("status", &["pending", "succeeded", "failed"]))
            .col(text_null("reason"))
            .col(uuid_null("requested_by"))
            .col(text("request_key"))
            .col(text_null("gateway_id"))
            .col(text_null("failure"))
            .col(text("posted_as"))
            .col(text_null("returned_as"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .check(Expr::col("counted").lte(Expr::col("amount")))
            .check(Expr::col("taken").lte(Expr::col("amount")))
            .foreign_key(&mut reference(REFUNDS, "payment_id", "payments"))
            .foreign_key(&mut reference(REFUNDS, "user_id", "users"))
            .foreign_key(&mut reference(REFUNDS, "requested_by", "users"))
            .take();
        manager.create_table(refunds).await?;
        let indexes = [
            unique(REFUNDS, "request_key", &["request_key"]),
            unique(REFUNDS, "gateway_id", &["gateway_id"]),
            unique(REFUNDS, "posted_as", &["posted_as"]),
            unique(REFUNDS, "returned_as", &["returned_as"]),
            index(REFUNDS, "payment_created_at", &["payment_id", "created_at", "id"]),
        ];
        for index in indexes {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[REFUNDS]).await
    }
}
