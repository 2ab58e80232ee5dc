//! A fresh, migrated database for each test, on either engine: a copy of a template that is migrated once.
//!
//! SQLite's is a file that goes with the test. PostgreSQL's stands in a throw-away cluster that goes with the test run
//! (`scripts/with-postgres.sh`), so nothing is dropped there.

use application::ledger::check::books::GatewayBooks;
use application::ledger::check::{LedgerCheck, Report, Verdict};
use application::unit_of_work::{Transactor, UnitOfWork};
use infrastructure::sql::{Database, DatabaseSettings, Sql};
use infrastructure::system::SystemClock;
use migration::MigratorTrait;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, Statement};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Who holds this advisory lock makes the template.
const LOCK: i64 = 7_227_283;
/// Enough for the races, few enough for many tests at once.
const MAX_CONNECTIONS: u32 = 16;

/// A database of one test alone.
pub struct TestDb {
    url: String,
    database: Database,
    _folder: Option<TempDir>,
}

impl TestDb {
    /// A fresh SQLite database, in a file.
    pub async fn sqlite() -> Self {
        static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(sqlite_template).await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("test.db");
        tokio::fs::write(&file, template).await.expect("a copy of the template");
        Self::connect(sqlite_url(&file), Some(folder)).await
    }

    /// A fresh PostgreSQL database, in the cluster that `TEST_POSTGRES_URL` names.
    pub async fn postgres() -> Self {
        let admin_url = admin_url();
        let admin = admin(&admin_url).await;
        let template = postgres_template(&admin, &admin_url).await;
        let name = format!("test_{}", crate::builders::id().simple());
        execute(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")).await;
        admin.close().await.expect("the connection ends");
        Self::connect(with_database(&admin_url, &name), None).await
    }

    /// Another fresh one, on the same engine.
    pub async fn another(&self) -> Self {
        if self.url.starts_with("sqlite:") { Self::sqlite().await } else { Self::postgres().await }
    }

    /// The database of somebody else, such as a server under test: to look at what it stored, past every rule of its own.
    pub async fn at(url: &str) -> Self {
        Self::connect(url.to_owned(), None).await
    }

    async fn connect(url: String, folder: Option<TempDir>) -> Self {
        let settings = DatabaseSettings { max_connections: MAX_CONNECTIONS };
        let database = Database::connect(&url, settings).await.expect("the test's database");
        Self { url, database, _folder: folder }
    }

    /// The database.
    #[must_use]
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Begins a unit of work.
    pub async fn begin(&self) -> Box<dyn UnitOfWork> {
        self.database.transactor().begin().await.expect("a unit of work")
    }

    /// Reads.
    #[must_use]
    pub fn queries(&self) -> Sql<DatabaseConnection> {
        self.database.queries()
    }

    /// Reads, and counts the statements.
    #[must_use]
    pub fn counted_queries(&self) -> (Sql<DatabaseConnection>, Arc<AtomicUsize>) {
        let statements = Arc::new(AtomicUsize::new(0));
        let (mut connection, count) = (self.database.reader().clone(), Arc::clone(&statements));
        connection.set_metric_callback(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        });
        (Sql::over(connection), statements)
    }

    /// Everything that is stored, row by row, as text: binary columns as hexadecimal digits.
    pub async fn dump(&self) -> Vec<String> {
        let connection = self.database.writer();
        let backend = connection.get_database_backend();
        let (tables, is_sqlite) = match backend {
            sea_orm::DbBackend::Sqlite => ("SELECT name FROM sqlite_master WHERE type = 'table'", true),
            _ => {
                ("SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'", false)
            }
        };
        let ask = async |sql: String| {
            let statement = Statement::from_string(backend, sql);
            connection.query_all_raw(statement).await.expect("the statement")
        };
        let mut rows = Vec::new();
        for table in ask(tables.to_owned()).await {
            let table: String = table.try_get("", "name").expect("a name");
            let columns = ask(format!("SELECT name FROM pragma_table_info('{table}')"));
            let row = if is_sqlite {
                let columns: Vec<String> = columns
                    .await
                    .iter()
                    .map(|column| column.try_get::<String>("", "name").expect("a name"))
                    .map(|name| format!("coalesce('{name}=' || CASE typeof(\"{name}\") WHEN 'blob' THEN hex(\"{name}\") ELSE \"{name}\" END, '')"))
                    .collect();
                columns.join(" || ' ' || ")
            } else {
                "row_to_json(t)::text".to_owned()
            };
            for found in ask(format!("SELECT {row} AS row FROM \"{table}\" t")).await {
                rows.push(format!("{table}: {}", found.try_get::<String>("", "row").expect("a row")));
            }
        }
        rows
    }

    /// The number that a statement answers.
    pub async fn number(&self, sql: &str) -> i64 {
        let connection = self.database.writer();
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let row = connection.query_one_raw(statement).await.expect("the statement").expect("a row");
        row.try_get_by_index(0).expect("a number")
    }

    /// The numbers that a statement answers, each after its name.
    pub async fn sums(&self, sql: &str) -> BTreeMap<String, i64> {
        let connection = self.database.reader();
        let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), sql));
        let named = |row: sea_orm::QueryResult| {
            (row.try_get_by_index(0).expect("a name"), row.try_get_by_index(1).expect("a number"))
        };
        rows.await.expect("the statement").into_iter().map(named).collect()
    }

    /// Asserts every invariant of the money that the tables can tell.
    pub async fn assert_ledger_is_sound(&self) {
        let report = self.check_ledger().await;
        let broken: Vec<_> = report.lines.iter().filter(|line| matches!(line.verdict, Verdict::Broken(_))).collect();
        assert!(broken.is_empty(), "{broken:#?}");
    }

    /// What a check of the ledger finds.
    pub async fn check_ledger(&self) -> Report {
        self.check_ledger_with(None).await
    }

    /// The same, held against a gateway's books.
    pub async fn check_ledger_with(&self, books: Option<Arc<dyn GatewayBooks>>) -> Report {
        let (ledgers, clock) = (Arc::new(self.database.clone()), Arc::new(SystemClock));
        LedgerCheck { ledgers, books, clock }.check().await.expect("the database")
    }

    /// Runs one statement, past every rule of the adapters.
    pub async fn execute(&self, sql: &str) -> Result<u64, sea_orm::DbErr> {
        Ok(self.database.writer().execute_unprepared(sql).await?.rows_affected())
    }
}

/// The bytes of a migrated file. They are kept beside the test program, since each test may be a process of its own.
async fn sqlite_template() -> Vec<u8> {
    let kept = std::env::current_exe().map(|program| program.with_extension("template.db")).ok();
    if let Some(bytes) = kept.as_deref().and_then(read_if_newer_than_program) {
        return bytes;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("template.db");
    migration::migrate(&sqlite_url(&file)).await.expect("the migrations");
    let bytes = std::fs::read(&file).expect("the migrated file"); // written without WAL, so it is all there is
    if let Some(kept) = kept {
        let draft = kept.with_extension(crate::builders::id().simple().to_string());
        // Whole, or not there; where the folder can't be written to, each process migrates for itself.
        let _ = std::fs::write(&draft, &bytes).and_then(|()| std::fs::rename(&draft, &kept));
    }
    bytes
}

fn read_if_newer_than_program(kept: &Path) -> Option<Vec<u8>> {
    let changed = |file: &Path| std::fs::metadata(file).and_then(|about| about.modified()).ok();
    let program = std::env::current_exe().ok()?;
    if changed(kept)? <= changed(&program)? {
        return None;
    }
    std::fs::read(kept).ok()
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}

#[expect(clippy::disallowed_methods, reason = "the test run's cluster is named by the environment")]
fn admin_url() -> String {
    match std::env::var("TEST_POSTGRES_URL") {
        Ok(url) if !url.is_empty() => url,
        _ => panic!("no PostgreSQL for this test: run through scripts/with-postgres.sh (make test)"),
    }
}

async fn admin(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await.expect("the cluster that TEST_POSTGRES_URL names")
}

/// The migrated template, made by the first test that needs it. Its name tells its migrations, so that a cluster that
/// stays never offers an old one.
async fn postgres_template(admin: &DatabaseConnection, admin_url: &str) -> String {
    let name = format!("template_{:016x}", digest_of_migrations());
    execute(admin, &format!("SELECT pg_advisory_lock({LOCK})")).await;
    if !exists(admin, &name).await {
        let draft = format!("draft_{}", crate::builders::id().simple());
        execute(admin, &format!("CREATE DATABASE {draft}")).await;
        migration::migrate(&with_database(admin_url, &draft)).await.expect("the migrations");
        execute(admin, &format!("ALTER DATABASE {draft} RENAME TO {name}")).await; // whole, or not there
    }
    execute(admin, &format!("SELECT pg_advisory_unlock({LOCK})")).await;
    name
}

fn digest_of_migrations() -> u64 {
    let mut hasher = DefaultHasher::new();
    for migration in migration::Migrator::migrations() {
        migration.name().hash(&mut hasher);
    }
    hasher.finish()
}

async fn exists(admin: &DatabaseConnection, name: &str) -> bool {
    let sql = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
    let statement = Statement::from_string(sea_orm::DbBackend::Postgres, sql);
    admin.query_one_raw(statement).await.expect("the list of databases").is_some()
}

async fn execute(admin: &DatabaseConnection, sql: &str) {
    admin.execute_unprepared(sql).await.expect("the statement");
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_once('?').map_or((url, None), |(address, rest)| (address, Some(rest)));
    let (server, _) = address.rsplit_once('/').expect("a database in TEST_POSTGRES_URL");
    parameters.map_or_else(|| format!("{server}/{name}"), |rest| format!("{server}/{name}?{rest}"))
}

/// Writes tests once and runs them on both databases, as `the_name::on_sqlite` and `the_name::on_postgres`.
#[macro_export]
macro_rules! both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: TestDb) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn check($db: $crate::TestDb) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_sqlite() {
                check($crate::TestDb::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_postgres() {
                check($crate::TestDb::postgres().await).await;
            }
        }
    )+};
}
