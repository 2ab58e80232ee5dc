//! Faults at chosen points: the n-th statement fails, its answer or that of the gateway is lost, or the process dies there.
//!
//! The faults are the engines' own, one level below everything that is the shop's: PostgreSQL ends the connection
//! (`pg_terminate_backend`), SQLite interrupts the statement (its progress handler). `SeaORM` tells of every statement after it
//! has run, and that is where they are counted and the next one's fate is made; only beginning and committing, of which it does
//! not tell, have a decorator. So no port has a double that must be kept in step, nothing of the product knows of this, and what is
//! tested is what happens when a database really goes away in the middle. A process that dies is a flow that is unwound and
//! never resumed: its transaction is rolled back, as the engine would for one that is gone.
//!
//! There is one connection, so a flow that needs two at once hangs, and is found.

mod unit_of_work;

use application::RepositoryError;
use application::payments::ports::GatewayError;
use application::unit_of_work::Transactor;
use infrastructure::sql::{Database, DatabaseSettings};
use sea_orm::sqlx::{self, PgConnection};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;
use unit_of_work::Brittle;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The n-th statement fails, and changes nothing. Beginning and committing are statements.
    StatementFails,
    /// The process dies when the n-th statement has run.
    DiesAfterStatement,
    /// The n-th commit is made, and its answer is lost.
    CommitIsSilent,
    /// The n-th call of the gateway does not reach it.
    GatewayIsAway,
    /// It does what it was asked, and its answer is lost.
    GatewayIsSilent,
    /// The process dies before it.
    DiesBeforeCall,
    /// And after it, without having looked at the answer.
    DiesAfterCall,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::StatementFails,
        Self::DiesAfterStatement,
        Self::CommitIsSilent,
        Self::GatewayIsAway,
        Self::GatewayIsSilent,
        Self::DiesBeforeCall,
        Self::DiesAfterCall,
    ];
}

/// A way to a test's database, and to a gateway, on which one fault at a time can be planned.
pub struct Faults {
    database: Database,
    points: Arc<Points>,
}

/// What has been passed, and what is planned.
#[derive(Default)]
struct Points {
    plan: Mutex<Option<(Fault, u32)>>,
    statements: AtomicU32,
    commits: AtomicU32,
    calls: AtomicU32,
    /// The next statement fails.
    cut: AtomicBool,
    /// The planned fault has happened.
    struck: AtomicBool,
    /// A transaction has the connection.
    open: AtomicBool,
    /// Who ends the connection on PostgreSQL, and which it is.
    killer: Option<DatabaseConnection>,
    victim: AtomicI32,
}

/// The payload with which a process dies.
struct Died;

impl Faults {
    /// Beside the sound way that the test itself has to its database.
    pub async fn beside(db: &crate::TestDb) -> Self {
        let sound = db.database().writer();
        let is_postgres = sound.get_database_backend() == DbBackend::Postgres;
        let points = Arc::new(Points { killer: is_postgres.then(|| sound.clone()), ..Points::default() });
        let connected = if is_postgres { doomed_postgres(db.url(), &points).await } else { sqlite(db.url()).await };
        let observed = |connection: &DatabaseConnection| {
            let (mut connection, points) = (connection.clone(), Arc::clone(&points));
            connection.set_metric_callback(move |statement| points.has_run(statement.failed));
            connection
        };
        let database = Database::over(observed(connected.writer()), observed(connected.reader()));
        if !is_postgres {
            points.watch(database.reader()).await;
        }
        Self { database, points }
    }

    /// The database as the process has it.
    #[must_use]
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// Begins units of work.
    #[must_use]
    pub fn transactor(&self) -> Arc<dyn Transactor> {
        Arc::new(Brittle::over(self.database.transactor(), Arc::clone(&self.points)))
    }

    /// Begins to count, and plans a fault for the n-th point of its kind, from 1.
    pub async fn plan(&self, fault: Fault, nth: u32) {
        let points = &self.points;
        points.find(self.database.writer()).await;
        for count in [&points.statements, &points.commits, &points.calls] {
            count.store(0, Ordering::SeqCst);
        }
        points.struck.store(false, Ordering::SeqCst);
        *points.plan.lock().unwrap() = Some((fault, nth));
        if (fault, nth) == (Fault::StatementFails, 1) {
            points.cut_off();
        }
    }

    /// Nothing goes wrong any more. Whether the planned fault has happened.
    #[must_use]
    pub fn lift(&self) -> bool {
        *self.points.plan.lock().unwrap() = None;
        self.points.cut.store(false, Ordering::SeqCst);
        self.points.struck.load(Ordering::SeqCst)
    }

    /// Calls the gateway.
    ///
    /// # Errors
    /// The gateway's own, and those that are planned.
    pub async fn call<T>(&self, call: impl Future<Output = Result<T, GatewayError>>) -> Result<T, GatewayError> {
        let points = &self.points;
        let nth = points.calls.fetch_add(1, Ordering::SeqCst) + 1;
        if points.strikes(Fault::GatewayIsAway, nth) {
            return Err(GatewayError::Unavailable("away".into()));
        }
        if points.strikes(Fault::DiesBeforeCall, nth) {
            die();
        }
        let answer = call.await;
        if points.strikes(Fault::DiesAfterCall, nth) {
            die();
        }
        if points.strikes(Fault::GatewayIsSilent, nth) { Err(GatewayError::Lost("silence".into())) } else { answer }
    }

    /// Lives until the end, or until a planned death: then there is no answer, and nothing of it is left.
    pub async fn survives<T>(life: impl Future<Output = T>) -> Option<T> {
        let mut life = pin!(life);
        let lived =
            std::future::poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| life.as_mut().poll(context))) {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(lived)) => Poll::Ready(Some(lived)),
                Err(payload) if payload.is::<Died>() => Poll::Ready(None),
                Err(payload) => resume_unwind(payload),
            });
        lived.await
    }
}

fn die() -> ! {
    resume_unwind(Box::new(Died)) // no panic: the hook that reports panics has nothing to say
}

impl Points {
    fn planned(&self) -> Option<(Fault, u32)> {
        *self.plan.lock().unwrap()
    }

    /// Whether this is the planned point.
    fn strikes(&self, fault: Fault, nth: u32) -> bool {
        let strikes = self.planned() == Some((fault, nth));
        if strikes {
            self.struck.store(true, Ordering::SeqCst);
        }
        strikes
    }

    /// One statement has run; what is planned for the next one is made now.
    fn has_run(&self, failed: bool) {
        let nth = self.statements.fetch_add(1, Ordering::SeqCst) + 1;
        match self.planned() {
            Some((Fault::StatementFails, planned)) if planned == nth && failed => {
                self.struck.store(true, Ordering::SeqCst);
            }
            Some((Fault::StatementFails, planned)) if planned == nth + 1 => self.cut_off(),
            _ => {}
        }
        if self.strikes(Fault::DiesAfterStatement, nth) {
            die();
        }
    }

    /// The next statement fails. PostgreSQL's connection ends now if a transaction has it, else when it is taken again: the pool
    /// would notice, and make another.
    fn cut_off(&self) {
        if self.killer.is_none() || !self.open.load(Ordering::SeqCst) {
            self.cut.store(true, Ordering::SeqCst);
            return;
        }
        let kill = self.kill(self.victim.load(Ordering::SeqCst));
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(kill));
    }

    /// Has PostgreSQL end a connection, and waits until it is gone.
    async fn kill(&self, backend: i32) {
        let killer = self.killer.as_ref().expect("PostgreSQL");
        let kill = format!("SELECT pg_terminate_backend({backend}, 5000)");
        let killed = killer.query_one_raw(Statement::from_string(DbBackend::Postgres, kill)).await;
        let killed: bool = killed.expect("the statement").expect("a row").try_get_by_index(0).expect("an answer");
        assert!(killed, "the connection was gone already");
    }

    /// Ends a connection that is about to be used, if that is planned.
    async fn doom(self: Arc<Self>, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        if self.cut.swap(false, Ordering::SeqCst) {
            let backend = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(connection).await?;
            self.kill(backend).await;
        }
        Ok(())
    }

    /// Whether SQLite's beginning or commit fails now. They are not interrupted: that would come when they are done.
    fn refuses(&self) -> Result<(), RepositoryError> {
        if self.killer.is_none() && self.cut.swap(false, Ordering::SeqCst) {
            self.has_run(true);
            return Err(RepositoryError::unavailable("cut off"));
        }
        Ok(())
    }

    /// Counts a beginning or a commit.
    fn note<T>(&self, outcome: Result<T, RepositoryError>) -> Result<T, RepositoryError> {
        self.has_run(outcome.is_err());
        outcome
    }

    /// Finds the connection that a fault will hit; after one it is another.
    async fn find(self: &Arc<Self>, connection: &DatabaseConnection) {
        if self.killer.is_none() {
            return self.watch(connection).await;
        }
        let who = Statement::from_string(DbBackend::Postgres, "SELECT pg_backend_pid()");
        // The pool may not know yet that the last one is gone.
        let row = match connection.query_one_raw(who.clone()).await {
            Ok(row) => row,
            Err(_) => connection.query_one_raw(who).await.expect("a connection"),
        };
        self.victim.store(row.expect("a row").try_get_by_index(0).expect("a number"), Ordering::SeqCst);
    }

    /// Has SQLite ask, at each step, whether to go on.
    async fn watch(self: &Arc<Self>, connection: &DatabaseConnection) {
        let pool = connection.get_sqlite_connection_pool();
        let mut held = Vec::new();
        for _ in 0..pool.options().get_max_connections() {
            let mut one = pool.acquire().await.expect("a connection");
            let points = Arc::clone(self);
            let mut handle = one.lock_handle().await.expect("SQLite's own handle");
            handle.set_progress_handler(1, move || !points.cut.swap(false, Ordering::SeqCst));
            drop(handle);
            held.push(one);
        }
    }
}

/// PostgreSQL over one connection, which ends when it is taken at the wrong moment.
async fn doomed_postgres(url: &str, points: &Arc<Points>) -> Database {
    let (idle, fresh) = (Arc::clone(points), Arc::clone(points));
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false).test_before_acquire_if_idle_for(Duration::from_secs(30));
    options.map_sqlx_postgres_pool_opts(move |options| {
        let (idle, fresh) = (Arc::clone(&idle), Arc::clone(&fresh));
        let options = options.before_acquire(move |connection, _| {
            let points = Arc::clone(&idle);
            Box::pin(async move { points.doom(connection).await.map(|()| true) })
        });
        options.after_connect(move |connection, _| Box::pin(Arc::clone(&fresh).doom(connection)))
    });
    let pool = sea_orm::Database::connect(options).await.expect("the test's database");
    Database::over(pool.clone(), pool)
}

async fn sqlite(url: &str) -> Database {
    Database::connect(url, DatabaseSettings::default()).await.expect("the test's database")
}
