//! A payment that was asked for under an idempotency key is found by that key again, for ever. The sandbox's pages can take a
//! card's promise without its money, as for a payment that an admin looks at first.

use crate::building::{at_least, currency, one_of_null, rebuild, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, text, text_null, timestamp_with_time_zone, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

const SESSION: [&str; 9] =
    ["id", "payment_id", "amount", "currency", "description", "success_url", "cancel_url", "outcome", "created_at"];
const OUTCOMES: [&str; 4] = ["paid", "declined", "closed", "authorized"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = Table::alter().table("payments").add_column(text_null("request_key")).take();
        manager.alter_table(key).await?;
        manager.create_index(unique("payments", "request_key", &["request_key"])).await?;
        let held = sessions(&OUTCOMES).col(boolean("held").default(false)).take();
        rebuild(manager, "sandbox_sessions", held, &SESSION).await?;
        index_sessions(manager).await
    }

    /// # Errors
    /// When a page has a card's promise.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let [paid, declined, closed, _] = OUTCOMES;
        rebuild(manager, "sandbox_sessions", sessions(&[paid, declined, closed]), &SESSION).await?;
        index_sessions(manager).await?;
        manager.drop_index(Index::drop().name("uq_payments_request_key").table("payments").to_owned()).await?;
        manager.alter_table(Table::alter().table("payments").drop_column("request_key").take()).await
    }
}

fn sessions(outcomes: &[&'static str]) -> TableCreateStatement {
    Table::create()
        .col(text("id").primary_key())
        .col(uuid("payment_id"))
        .col(at_least(0, "amount"))
        .col(currency())
        .col(text("description"))
        .col(text("success_url"))
        .col(text("cancel_url"))
        .col(one_of_null("outcome", outcomes))
        .col(timestamp_with_time_zone("created_at"))
        .take()
}

async fn index_sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager.create_index(unique("sandbox_sessions", "payment", &["payment_id"])).await
}
