//! Running the migrations: one process at a time, however many start together.

use super::Migrator;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend};

/// Any number, the same in every process: who holds PostgreSQL's advisory lock of this number migrates.
const LOCK: i64 = 7_227_282;

/// Brings a database up to date. On PostgreSQL others wait until the first one is done, and find nothing left to do; on
/// SQLite each migration is one transaction, and one process owns the file.
///
/// # Errors
/// When the database can't be reached or refuses.
pub async fn migrate(url: &str) -> Result<(), DbErr> {
    let connection = connect(url).await?;
    let outcome = match lock(&connection).await {
        Ok(()) => Migrator::up(&connection, None).await,
        Err(error) => Err(error),
    };
    connection.close().await?; // also ends the lock, whatever happened
    outcome
}

/// The names of the migrations that a database still lacks. Changes nothing.
///
/// # Errors
/// When the database can't be reached.
pub async fn pending(url: &str) -> Result<Vec<String>, DbErr> {
    let connection = connect(url).await?;
    let pending = Migrator::get_pending_migrations_read_only(&connection).await;
    connection.close().await?;
    Ok(pending?.iter().map(|migration| migration.name().to_owned()).collect())
}

/// Takes the last migration back.
///
/// # Errors
/// When the database can't be reached or refuses.
pub async fn take_back(url: &str) -> Result<(), DbErr> {
    let connection = connect(url).await?;
    let outcome = match lock(&connection).await {
        Ok(()) => Migrator::down(&connection, Some(1)).await,
        Err(error) => Err(error),
    };
    connection.close().await?;
    outcome
}

/// One connection, not a pool: the lock belongs to it, and so must the migrations.
async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false).set_application_name("carat migrate");
    Database::connect(options).await
}

/// Waits until no other process migrates. The connection keeps the lock until it ends.
async fn lock(connection: &DatabaseConnection) -> Result<(), DbErr> {
    if connection.get_database_backend() == DbBackend::Postgres {
        connection.execute_unprepared(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
    }
    Ok(())
}
