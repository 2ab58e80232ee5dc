//! Orders of which nothing is shipped have no address. SQLite can't loosen a NOT NULL, and `orders`, which has children, can't be
//! built anew: so there the addresses move into a column that may be empty, which takes the name of the old one.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{json_binary, json_binary_null};
use sea_orm_migration::sea_orm::DatabaseBackend;

const ORDERS: &str = "orders";
const ADDRESS: &str = "shipping_address";
const ANEW: &str = "shipping_address_anew";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DatabaseBackend::Sqlite => move_into(manager, json_binary_null(ANEW)).await,
            _ => alter(manager, "ALTER TABLE orders ALTER COLUMN shipping_address DROP NOT NULL").await,
        }
    }

    /// Only while every order has an address: an invented one would be as good as a true one for ever.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DatabaseBackend::Sqlite => {
                let without =
                    Query::select().column("id").from(ORDERS).and_where(Expr::col(ADDRESS).is_null()).limit(1).take();
                if manager.get_connection().query_one(&without).await?.is_some() {
                    return Err(DbErr::Custom("an order has no address".to_owned()));
                }
                move_into(manager, json_binary(ANEW).default("{}").take()).await
            }
            _ => alter(manager, "ALTER TABLE orders ALTER COLUMN shipping_address SET NOT NULL").await,
        }
    }
}

async fn alter(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    manager.get_connection().execute_unprepared(statement).await.map(|_| ())
}

/// This column takes the addresses, and then the name of the one in which they were.
async fn move_into(manager: &SchemaManager<'_>, mut column: ColumnDef) -> Result<(), DbErr> {
    let change = || Table::alter().table(ORDERS).take();
    manager.alter_table(change().add_column(&mut column).take()).await?;
    let fill = Query::update().table(ORDERS).value(ANEW, Expr::col(ADDRESS)).take();
    manager.get_connection().execute(&fill).await?;
    manager.alter_table(change().drop_column(ADDRESS).take()).await?;
    manager.alter_table(change().rename_column(ANEW, ADDRESS).take()).await
}
