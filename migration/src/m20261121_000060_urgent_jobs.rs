//! Jobs that somebody waits for come before those that nobody does.

use crate::building::index;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::boolean;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A node that does not know the column yet pushes urgent jobs only.
        let urgent = boolean("urgent").default(true).take();
        manager.alter_table(Table::alter().table("jobs").add_column(urgent).take()).await?;
        manager.create_index(index("jobs", "state_urgent_run_at", &["state", "urgent", "run_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("ix_jobs_state_urgent_run_at").table("jobs").to_owned()).await?;
        manager.alter_table(Table::alter().table("jobs").drop_column("urgent").take()).await
    }
}
