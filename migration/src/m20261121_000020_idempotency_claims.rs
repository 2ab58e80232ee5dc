//! Each claim of an idempotency key has an id, so that who comes too late does not end another's. What is kept is sealed
//! from now on, whole in `body`; `headers` is not written any more, and stays for copies of the program that still run.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::uuid_null;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "idempotency_keys";
const COLUMN: &str = "claim_id";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(TABLE).add_column(uuid_null(COLUMN)).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What was kept can only be read by who sealed it.
        manager.get_connection().execute(&Query::delete().from_table(TABLE).take()).await?;
        manager.alter_table(Table::alter().table(TABLE).drop_column(COLUMN).take()).await
    }
}
