//! Whether this process can serve: the database answers and is up to date, and it is not shutting down.

use async_trait::async_trait;
use infrastructure::sql::Database;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::OnceCell;
use web::health::Readiness;

/// What is checked.
pub struct DatabaseReadiness {
    database: Database,
    url: String,
    stopping: AtomicBool,
    /// Migrations only ever go forward under a running server, so one good look is enough.
    migrated: OnceCell<()>,
}

impl DatabaseReadiness {
    /// Checks this database.
    pub const fn new(database: Database, url: String) -> Self {
        Self { database, url, stopping: AtomicBool::new(false), migrated: OnceCell::const_new() }
    }

    /// From now on the process is not ready, so that balancers send it nothing more.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    async fn migrations(&self) -> Result<(), String> {
        let look = || async {
            match migration::pending(&self.url).await {
                Ok(pending) if pending.is_empty() => Ok(()),
                Ok(pending) => Err(format!("pending: {}", pending.join(", "))),
                Err(error) => Err(error.to_string()),
            }
        };
        self.migrated.get_or_try_init(look).await.map(|_| ())
    }
}

#[async_trait]
impl Readiness for DatabaseReadiness {
    async fn check(&self) -> Vec<(String, Result<(), String>)> {
        let serving = if self.stopping.load(Ordering::SeqCst) { Err("shutting down".to_owned()) } else { Ok(()) };
        let database = self.database.ping().await.map_err(|error| error.to_string());
        let migrations = self.migrations().await;
        [("serving", serving), ("database", database), ("migrations", migrations)]
            .map(|(name, outcome)| (name.to_owned(), outcome))
            .into()
    }
}
