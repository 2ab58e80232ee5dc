//! Reaching, migrating and losing a database, on both engines.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects by failing")]

use application::RepositoryError;
use application::orders::ports::OrderQueries;
use application::unit_of_work::Transactor;
use infrastructure::sql::{Database, DatabaseSettings};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use testkit::builders::{a_cart, a_seller, a_user, an_order, an_order_line};
use testkit::migration::{self, MigratorTrait};
use testkit::{TestDb, both_databases};

/// Takes back what came since every order had an address.
async fn back_to_addresses(db: &TestDb) -> Result<(), migration::DbErr> {
    while !migration::pending(db.url()).await?.iter().any(|name| name.ends_with("_orders_without_address")) {
        migration::Migrator::down(db.database().writer(), Some(1)).await?;
    }
    Ok(())
}

async fn value(db: &TestDb, sql: &str) -> String {
    let connection = db.database().reader();
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index::<String>(0).or_else(|_| row.try_get_by_index::<i64>(0).map(|n| n.to_string())).unwrap()
}

both_databases! {
    async fn a_fresh_database_answers_and_lacks_nothing(db: TestDb) {
        db.database().ping().await.unwrap();
        assert_eq!(migration::pending(db.url()).await.unwrap(), Vec::<String>::new());
    }

    async fn every_migration_goes_down_and_up_again(db: TestDb) {
        let connection = db.database().writer();
        migration::Migrator::down(connection, None).await.unwrap();
        let all = migration::Migrator::migrations().len();
        assert_eq!(migration::pending(db.url()).await.unwrap().len(), all);
        assert!(db.execute("SELECT id FROM users").await.is_err());
        migration::migrate(db.url()).await.unwrap();
        migration::migrate(db.url()).await.unwrap(); // again changes nothing
        assert!(db.execute("SELECT id FROM users").await.is_ok());
    }

    async fn an_address_outlives_that_orders_may_have_none_and_that_is_not_taken_back_while_one_has_none(db: TestDb) {
        let (seller, cart) = (a_seller(), a_cart());
        let order = an_order(cart.id, vec![an_order_line(&seller)]);
        let tx = db.begin().await;
        tx.users().insert(&seller).await.unwrap();
        tx.carts().insert(&cart).await.unwrap();
        tx.orders().insert(&order).await.unwrap();
        tx.commit().await.unwrap();
        back_to_addresses(&db).await.unwrap();
        assert!(db.execute("UPDATE orders SET shipping_address = NULL").await.is_err());
        migration::migrate(db.url()).await.unwrap();
        let found = OrderQueries::find(&db.queries(), order.id).await.unwrap().unwrap();
        assert_eq!(found, order, "with all that belongs to it");
        assert_eq!(db.execute("UPDATE orders SET shipping_address = NULL").await.unwrap(), 1);
        let found = OrderQueries::find(&db.queries(), order.id).await.unwrap().unwrap();
        assert_eq!(found.shipping_address, None);
        assert!(back_to_addresses(&db).await.is_err());
        assert!(OrderQueries::find(&db.queries(), order.id).await.unwrap().is_some());
    }

    async fn a_closed_database_is_unavailable(db: TestDb) {
        db.database().close().await.unwrap();
        assert!(matches!(db.database().ping().await, Err(RepositoryError::Unavailable(_))));
        let begun = db.database().transactor().begin().await;
        assert!(matches!(begun, Err(RepositoryError::Unavailable(_))));
    }

    async fn many_units_of_work_at_once_all_commit(db: TestDb) {
        let tasks: Vec<_> = (0..60).map(|_| {
            let transactor = db.database().transactor();
            tokio::spawn(async move {
                let user = a_user();
                let tx = transactor.begin().await.unwrap();
                assert!(tx.users().lock(user.id).await.unwrap().is_none()); // reads first, then writes
                tx.users().insert(&user).await.unwrap();
                tx.commit().await.unwrap();
            })
        }).collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(value(&db, "SELECT count(*) FROM users").await, "60");
    }

    async fn a_unit_of_work_that_is_given_up_midway_leaves_the_connection_usable(db: TestDb) {
        for _ in 0..40 {
            let user = a_user();
            let transactor = db.database().transactor();
            let task = tokio::spawn(async move {
                let tx = transactor.begin().await.unwrap();
                tx.users().insert(&user).await.unwrap();
                tokio::time::sleep(std::time::Duration::from_secs(60)).await;
            });
            tokio::time::sleep(std::time::Duration::from_millis(3)).await;
            task.abort();
        }
        let tx = db.begin().await;
        tx.users().insert(&a_user()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(value(&db, "SELECT count(*) FROM users").await, "1");
    }
}

#[tokio::test]
async fn sqlite_is_durable_checks_foreign_keys_and_reads_beside_its_writer() {
    let db = TestDb::sqlite().await;
    assert_eq!(value(&db, "PRAGMA journal_mode").await, "wal");
    assert_eq!(value(&db, "PRAGMA synchronous").await, "2"); // FULL
    assert_eq!(value(&db, "PRAGMA foreign_keys").await, "1");
    assert!(db.database().reader().execute_unprepared("DELETE FROM users").await.is_err());
    let user = a_user();
    let tx = db.begin().await;
    tx.users().insert(&user).await.unwrap();
    assert_eq!(value(&db, "SELECT count(*) FROM users").await, "0"); // while somebody writes
    tx.commit().await.unwrap();
    assert_eq!(value(&db, "SELECT count(*) FROM users").await, "1");
}

#[tokio::test]
async fn sqlite_makes_the_folder_for_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/deep/down/shop.db?mode=rwc", folder.path().display());
    let database = Database::connect(&url, DatabaseSettings::default()).await.unwrap();
    assert!(database.ping().await.is_err(), "nothing is migrated");
    migration::migrate(&url).await.unwrap();
    database.ping().await.unwrap();
}

#[tokio::test]
async fn another_process_that_writes_to_the_file_is_contention() {
    let db = TestDb::sqlite().await;
    let other = Database::connect(db.url(), DatabaseSettings::default()).await.unwrap();
    let tx = db.begin().await;
    tx.users().insert(&a_user()).await.unwrap();
    let refused = other.transactor().begin().await;
    assert!(matches!(refused, Err(RepositoryError::Contention)));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let reached = Database::connect("postgres://nobody@127.0.0.1:1/nothing", DatabaseSettings::default()).await;
    assert!(matches!(reached, Err(RepositoryError::Unavailable(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn connections_that_the_server_ended_are_replaced() {
    let db = TestDb::postgres().await;
    let mut open = Vec::new();
    for _ in 0..8 {
        open.push(db.begin().await);
    }
    drop(open);
    let others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    assert!(value(&db, &format!("SELECT count(pg_terminate_backend(pid)) {others}")).await != "0");
    let mut refused = 0;
    for _ in 0..30 {
        match db.database().transactor().begin().await {
            Ok(tx) => tx.commit().await.unwrap(),
            Err(RepositoryError::Unavailable(_)) => refused += 1, // each dead connection is met once at the most
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(refused <= 8, "{refused}");
    db.database().ping().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_who_lock_in_opposite_orders_do_not_wait_for_ever() {
    let db = TestDb::postgres().await;
    let (one, two) = (a_user(), a_user());
    let tx = db.begin().await;
    tx.users().insert(&one).await.unwrap();
    tx.users().insert(&two).await.unwrap();
    tx.commit().await.unwrap();
    let both_have_one = Arc::new(tokio::sync::Barrier::new(2));
    let lock_both = |first, second| {
        let (transactor, both_have_one) = (db.database().transactor(), Arc::clone(&both_have_one));
        tokio::spawn(async move {
            let tx = transactor.begin().await.unwrap();
            tx.users().lock(first).await.unwrap();
            both_have_one.wait().await;
            tx.users().lock(second).await.map(|_| ())
        })
    };
    let (a, b) = (lock_both(one.id, two.id), lock_both(two.id, one.id));
    let outcomes = [a.await.unwrap(), b.await.unwrap()];
    let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(RepositoryError::Contention))).count();
    assert_eq!((refused, outcomes.iter().filter(|outcome| outcome.is_ok()).count()), (1, 1), "{outcomes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn processes_that_start_together_migrate_once() {
    let db = TestDb::postgres().await;
    migration::Migrator::down(db.database().writer(), None).await.unwrap();
    let starts: Vec<_> = (0..6)
        .map(|_| {
            let url = db.url().to_owned();
            tokio::spawn(async move { migration::migrate(&url).await.unwrap() })
        })
        .collect();
    for start in starts {
        start.await.unwrap();
    }
    assert_eq!(db.database().writer().get_database_backend(), DbBackend::Postgres);
    assert_eq!(migration::pending(db.url()).await.unwrap(), Vec::<String>::new());
}

/// As it does when reading or writing its file fails; it is interrupted here, which is one of the failures after which SQLite
/// ends the transaction by itself.
#[tokio::test]
async fn what_is_committed_after_sqlite_ended_a_transaction_by_itself_is_there() {
    let db = TestDb::sqlite().await;
    let fails = Arc::new(AtomicBool::new(false));
    let goes_on = Arc::clone(&fails);
    let mut connection = db.database().writer().get_sqlite_connection_pool().acquire().await.unwrap();
    let asked = move || !goes_on.swap(false, Ordering::SeqCst);
    connection.lock_handle().await.unwrap().set_progress_handler(1, asked);
    drop(connection);

    let tx = db.begin().await;
    tx.users().insert(&a_user()).await.unwrap();
    fails.store(true, Ordering::SeqCst);
    assert!(matches!(tx.users().insert(&a_user()).await, Err(RepositoryError::Unavailable(_))));
    drop(tx);
    let given_up = db.begin().await;
    given_up.users().insert(&a_user()).await.unwrap();
    drop(given_up);

    let tx = db.begin().await;
    tx.users().insert(&a_user()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(value(&db, "SELECT count(*) FROM users").await, "1", "what was committed, and nothing else");
}
