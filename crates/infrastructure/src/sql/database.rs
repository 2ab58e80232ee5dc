//! Reaching the database. Everything in which the engines differ is here.
//!
//! PostgreSQL has one pool. SQLite has one writing connection, for which callers queue in the process (many writers would
//! starve each other), and a pool of readers, which in WAL mode see the last commit and wait for nobody.

use super::error::{corrupt, from_db};
use super::{Sql, SqlTransactor};
use application::RepositoryError;
use sea_orm::sqlx::Connection;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    Statement, TransactionOptions, TransactionTrait,
};
use std::path::Path;
use std::time::Duration;

const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const SQLITE_READERS: u32 = 8;
/// How many views of one moment a long read has.
const VIEWS: u32 = 3;
/// How many rows SQLite's thread hands over before it waits for who reads them: with few, long reads mostly wake each other.
const ROWS_AT_ONCE: usize = 1_000;
/// The file is read by mapping it into memory, as far as SQLite maps one (2 GiB).
const MAPPED: &str = "PRAGMA mmap_size = 2147418112";
/// How long PostgreSQL lets anything of ours wait or run, so that nothing hangs and nothing keeps others waiting for ever.
const LIMITS: [(&str, &str); 3] =
    [("lock_timeout", "5s"), ("statement_timeout", "15s"), ("idle_in_transaction_session_timeout", "60s")];

/// How to use a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatabaseSettings {
    /// The most connections to PostgreSQL; there may always be three.
    pub max_connections: u32,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self { max_connections: 10 }
    }
}

/// A database that was reached. Copies share its connections.
#[derive(Debug, Clone)]
pub struct Database {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl Database {
    /// Reaches `postgres://...` or `sqlite://file?mode=rwc`. A database in memory is none: its readers would not see its
    /// writer.
    ///
    /// # Errors
    /// When there is none, or it refuses.
    pub async fn connect(url: &str, settings: DatabaseSettings) -> Result<Self, RepositoryError> {
        if !url.starts_with("sqlite:") {
            let pool = open(postgres(url, settings)).await?;
            return Ok(Self { writer: pool.clone(), reader: pool });
        }
        make_folder(url).await?;
        let writer = open(sqlite(url, 1, false)).await?; // first: it makes the file
        let reader = open(sqlite(url, SQLITE_READERS, true)).await?;
        Ok(Self { writer, reader })
    }

    /// Over connections that were made before, such as those whose statements somebody counts.
    #[must_use]
    pub const fn over(writer: DatabaseConnection, reader: DatabaseConnection) -> Self {
        Self { writer, reader }
    }

    /// Begins units of work.
    #[must_use]
    pub fn transactor(&self) -> SqlTransactor {
        SqlTransactor::new(self.writer.clone())
    }

    /// Reads pages and lists.
    #[must_use]
    pub fn queries(&self) -> Sql<DatabaseConnection> {
        Sql(self.reader.clone())
    }

    /// Everything as it stands at one moment, for three long reads at once that change nothing and wait for nobody.
    ///
    /// # Errors
    /// When it is away.
    pub(super) async fn frozen(&self) -> Result<[Sql<DatabaseTransaction>; 3], RepositoryError> {
        if self.reader.get_database_backend() == DbBackend::Postgres {
            let first = self.long_read().await?;
            let export = Statement::from_string(DbBackend::Postgres, "SELECT pg_export_snapshot() AS name");
            let row = first.query_one_raw(export).await.map_err(from_db)?;
            let name: String = row.ok_or_else(|| corrupt("snapshot"))?.try_get("", "name").map_err(from_db)?;
            // A name is made of digits and hyphens, and can be no parameter.
            let same = format!("SET TRANSACTION SNAPSHOT '{name}'");
            let (second, third) = (self.long_read().await?, self.long_read().await?);
            for view in [&second, &third] {
                view.execute_unprepared(&same).await.map_err(from_db)?;
            }
            for view in [&first, &second, &third] {
                view.execute_unprepared("SET LOCAL statement_timeout = '10min'").await.map_err(from_db)?;
            }
            return Ok([first, second, third].map(Sql));
        }
        // A reader of SQLite sees one moment from its first look on: nobody writes until all have looked.
        let writing = self.transactor().open().await?;
        let views = [self.long_read().await?, self.long_read().await?, self.long_read().await?];
        for view in &views {
            view.execute_unprepared("SELECT 1 FROM seaql_migrations LIMIT 1").await.map_err(from_db)?;
            // It reads nearly all, and little of it in the order of the file.
            view.execute_unprepared(MAPPED).await.map_err(from_db)?;
        }
        drop(writing);
        Ok(views.map(Sql))
    }

    /// Begins a read whose looks all see the same.
    async fn long_read(&self) -> Result<DatabaseTransaction, RepositoryError> {
        let options = match self.reader.get_database_backend() {
            DbBackend::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..Default::default()
            },
            _ => TransactionOptions::default(),
        };
        self.reader.begin_with_options(options).await.map_err(from_db)
    }

    /// Whether it answers and has been migrated. Asked of the readers, so that nobody who writes is in the way.
    ///
    /// # Errors
    /// When it is away, or empty.
    pub async fn ping(&self) -> Result<(), RepositoryError> {
        self.reader.execute_unprepared("SELECT version FROM seaql_migrations LIMIT 1").await.map_err(from_db)?;
        Ok(())
    }

    /// Ends all connections, after what runs on them has ended.
    ///
    /// # Errors
    /// When it can't.
    pub async fn close(&self) -> Result<(), RepositoryError> {
        self.reader.close_by_ref().await.map_err(from_db)?;
        self.writer.close_by_ref().await.map_err(from_db)
    }

    /// What writes; on SQLite the only connection that can. For single statements: transactions have their transactor.
    #[must_use]
    pub const fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// What reads, and on SQLite only reads.
    #[must_use]
    pub const fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }
}

async fn open(options: ConnectOptions) -> Result<DatabaseConnection, RepositoryError> {
    sea_orm::Database::connect(options).await.map_err(from_db)
}

fn postgres(url: &str, settings: DatabaseSettings) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(settings.max_connections.max(VIEWS))
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire_if_idle_for(Duration::from_secs(30)) // a round trip at each checkout costs a third
        .set_application_name("carat")
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|options| options.options(LIMITS));
    options
}

fn sqlite(url: &str, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |options| {
            let options = options
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full) // NORMAL may lose the last commits when the power goes
                .foreign_keys(true)
                .busy_timeout(BUSY_TIMEOUT)
                .row_buffer_size(ROWS_AT_ONCE);
            if read_only { options.pragma("query_only", "ON") } else { options }
        })
        .map_sqlx_sqlite_pool_opts(|options| {
            // After some failures, such as of its file, SQLite ends the transaction by itself. sqlx still counts it, and every
            // later one would be a savepoint of one that never ends: committed, and nowhere. Such a connection is replaced.
            options.before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
        });
    options
}

/// SQLite makes its file, but not the folder for it.
async fn make_folder(url: &str) -> Result<(), RepositoryError> {
    let options: SqliteConnectOptions = url.parse().map_err(RepositoryError::unavailable)?;
    match options.get_filename().parent() {
        Some(folder) if folder != Path::new("") => {
            tokio::fs::create_dir_all(folder).await.map_err(RepositoryError::unavailable)
        }
        _ => Ok(()),
    }
}
