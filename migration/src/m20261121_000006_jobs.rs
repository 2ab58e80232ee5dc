//! What is to be done after a commit.

use crate::building::{drop_tables, index, one_of, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, json_binary, pk_uuid, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // `schedule` is the kind of a job that a schedule planned, until somebody claims it: unique, so that two who plan
        // at the same time plan it once.
        let jobs = Table::create()
            .table("jobs")
            .col(pk_uuid("id"))
            .col(text("kind"))
            .col(json_binary("payload"))
            .col(one_of("state", &["waiting", "buried"]))
            .col(timestamp_with_time_zone("run_at"))
            .col(timestamp_with_time_zone_null("claimed_until"))
            .col(integer("attempts").check(Expr::col("attempts").gte(0)))
            .col(text_null("reason"))
            .col(text_null("schedule"))
            .take();
        manager.create_table(jobs).await?;
        manager.create_index(index("jobs", "state_run_at", &["state", "run_at"])).await?;
        manager.create_index(unique("jobs", "schedule", &["schedule"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["jobs"]).await
    }
}
