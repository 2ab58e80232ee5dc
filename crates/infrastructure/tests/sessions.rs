//! Sessions, ceremonies, counts of attempts and password resets, on both databases.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]

use application::identity::ports::{
    AttemptCounts, AttemptKey, Budget, Ceremony, CeremonyKind, PasswordReset, PasswordResetQueries, ResetLink,
    SessionQueries, SessionUse, Taken, WindowBegins,
};
use application::unit_of_work::Transactor;
use chrono::TimeDelta;
use domain::identity::{NewSession, Session};
use domain::kernel::{SessionId, UserId};
use infrastructure::sql::SqlAttemptCounts;
use std::collections::HashSet;
use testkit::builders::{a_user, id, noon, seconds};
use testkit::{TestDb, both_databases};

const FIVE: Budget = Budget { attempts: 5, window: TimeDelta::minutes(15), begins: WindowBegins::WithEach };
const THREE_A_DAY: Budget = Budget { attempts: 3, window: TimeDelta::hours(24), begins: WindowBegins::WithTheFirst };

fn session(user_id: UserId) -> Session {
    let new = NewSession {
        id: SessionId::new(id()),
        user_id,
        seed: [42; 32],
        address: "192.0.2.1".to_owned(),
        device: "Firefox on Linux".to_owned(),
        lifetime: TimeDelta::days(30),
    };
    Session::open(new, noon())
}

fn used_at(second: i64) -> SessionUse {
    SessionUse { at: seconds(second), expires_at: seconds(second + 60), address: "192.0.2.2".to_owned() }
}

async fn stored_session(db: &TestDb) -> Session {
    let user = a_user();
    let session = session(user.id);
    let tx = db.begin().await;
    tx.users().insert(&user).await.unwrap();
    tx.sessions().insert(&session).await.unwrap();
    tx.commit().await.unwrap();
    session
}

fn ceremony(digest: &str, user_id: UserId) -> Ceremony {
    Ceremony {
        digest: digest.to_owned(),
        kind: CeremonyKind::SecondFactor,
        user_id: Some(user_id),
        data: "{}".to_owned(),
        tries_left: 2,
        expires_at: seconds(300),
    }
}

both_databases! {
    async fn a_session_is_read_as_it_was_written(db: TestDb) {
        let session = stored_session(&db).await;
        assert_eq!(db.queries().find_session(session.id).await.unwrap(), Some(session.clone()));
        assert_eq!(db.queries().open_sessions(session.user_id, seconds(1)).await.unwrap(), [session]);
    }

    async fn of_many_refreshes_at_once_one_alone_moves_the_session_on(db: TestDb) {
        let session = stored_session(&db).await;
        let tries = (0..20).map(|_| {
            let transactor = db.database().transactor();
            let id = session.id;
            tokio::spawn(async move {
                let tx = transactor.begin().await.unwrap();
                let moved = tx.sessions().rotate(id, 0, &used_at(5)).await.unwrap();
                tx.commit().await.unwrap();
                moved
            })
        });
        let mut moved = 0;
        for one in tries.collect::<Vec<_>>() {
            moved += usize::from(one.await.unwrap());
        }
        assert_eq!(moved, 1);
        let now = db.queries().find_session(session.id).await.unwrap().unwrap();
        assert_eq!((now.generation, now.rotated_at, now.expires_at), (1, seconds(5), seconds(65)));
        assert_eq!(now.address, "192.0.2.2");
    }

    async fn a_session_that_is_over_does_not_move_on(db: TestDb) {
        let session = stored_session(&db).await;
        let tx = db.begin().await;
        let late = used_at(TimeDelta::days(30).num_seconds());
        assert!(!tx.sessions().rotate(session.id, 0, &late).await.unwrap(), "expired");
        assert!(tx.sessions().end(session.user_id, session.id, seconds(1)).await.unwrap());
        assert!(!tx.sessions().end(session.user_id, session.id, seconds(2)).await.unwrap(), "ended already");
        assert!(!tx.sessions().rotate(session.id, 0, &used_at(3)).await.unwrap(), "ended");
        tx.commit().await.unwrap();
        assert_eq!(db.queries().open_sessions(session.user_id, seconds(4)).await.unwrap(), []);
    }

    async fn nobody_ends_anothers_session(db: TestDb) {
        let (mine, theirs) = (stored_session(&db).await, stored_session(&db).await);
        let tx = db.begin().await;
        assert!(!tx.sessions().end(mine.user_id, theirs.id, seconds(1)).await.unwrap());
        assert_eq!(tx.sessions().end_all(mine.user_id, Some(mine.id), seconds(1)).await.unwrap(), 0);
        assert_eq!(tx.sessions().end_all(mine.user_id, None, seconds(1)).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(db.queries().open_sessions(theirs.user_id, seconds(2)).await.unwrap().len(), 1);
    }

    async fn a_session_is_forgotten_when_it_has_been_over_for_long(db: TestDb) {
        let session = stored_session(&db).await;
        let tx = db.begin().await;
        assert_eq!(tx.sessions().purge(seconds(10)).await.unwrap(), 0);
        tx.sessions().end(session.user_id, session.id, seconds(5)).await.unwrap();
        assert_eq!(tx.sessions().purge(seconds(10)).await.unwrap(), 1);
        tx.commit().await.unwrap();
    }

    async fn side_by_side_no_more_attempts_are_granted_than_there_are(db: TestDb) {
        let counts = SqlAttemptCounts::new(db.database());
        let tries = (0..24).map(|_| {
            let counts = counts.clone();
            tokio::spawn(async move {
                counts.take(&AttemptKey::of("login", &["a"]), FIVE, noon()).await.unwrap()
            })
        });
        let mut granted = HashSet::new();
        for one in tries.collect::<Vec<_>>() {
            match one.await.unwrap() {
                Taken::Granted { used } => assert!(granted.insert(used)),
                Taken::Refused { until } => assert_eq!(until, noon() + FIVE.window),
            }
        }
        assert_eq!(granted, HashSet::from([1, 2, 3, 4, 5]));
    }

    async fn a_pause_begins_with_the_last_attempt_and_a_day_with_the_first(db: TestDb) {
        let counts = SqlAttemptCounts::new(db.database());
        let (pause, day) = (AttemptKey::of("pause", &["a"]), AttemptKey::of("day", &["a"]));
        for second in 0..5 {
            counts.take(&pause, FIVE, seconds(second)).await.unwrap();
        }
        for second in 0..3 {
            counts.take(&day, THREE_A_DAY, seconds(second)).await.unwrap();
        }
        let until = seconds(4) + FIVE.window;
        assert_eq!(counts.take(&pause, FIVE, seconds(5)).await.unwrap(), Taken::Refused { until });
        assert_eq!(counts.take(&pause, FIVE, until).await.unwrap(), Taken::Granted { used: 1 });
        let until = noon() + THREE_A_DAY.window;
        assert_eq!(counts.take(&day, THREE_A_DAY, seconds(5)).await.unwrap(), Taken::Refused { until });
        assert_eq!(counts.look(&day, THREE_A_DAY, seconds(5)).await.unwrap(), Taken::Refused { until });
        counts.give_back(&day).await.unwrap();
        assert_eq!(counts.take(&day, THREE_A_DAY, seconds(6)).await.unwrap(), Taken::Granted { used: 3 });
        counts.reset(&day).await.unwrap();
        assert_eq!(counts.take(&day, THREE_A_DAY, seconds(7)).await.unwrap(), Taken::Granted { used: 1 });
        assert_eq!(counts.purge(seconds(7) + THREE_A_DAY.window).await.unwrap(), 2);
    }

    async fn of_many_who_finish_a_ceremony_one_alone_gets_it(db: TestDb) {
        let user = stored_session(&db).await.user_id;
        let tx = db.begin().await;
        tx.ceremonies().insert(&ceremony("d", user)).await.unwrap();
        tx.commit().await.unwrap();
        let tries = (0..20).map(|_| {
            let transactor = db.database().transactor();
            tokio::spawn(async move {
                let tx = transactor.begin().await.unwrap();
                let mine = tx.ceremonies().finish("d", CeremonyKind::SecondFactor, seconds(1)).await.unwrap();
                tx.commit().await.unwrap();
                mine.is_some()
            })
        });
        let mut finished = 0;
        for one in tries.collect::<Vec<_>>() {
            finished += usize::from(one.await.unwrap());
        }
        assert_eq!(finished, 1);
    }

    async fn a_ceremony_is_open_for_its_time_its_tries_and_its_kind(db: TestDb) {
        let user = stored_session(&db).await.user_id;
        let tx = db.begin().await;
        tx.ceremonies().insert(&ceremony("d", user)).await.unwrap();
        let kind = CeremonyKind::SecondFactor;
        assert!(tx.ceremonies().find("d", CeremonyKind::PasskeySignIn, seconds(1)).await.unwrap().is_none());
        assert!(tx.ceremonies().find("d", kind, seconds(300)).await.unwrap().is_none(), "too late");
        assert!(tx.ceremonies().find("d", kind, seconds(299)).await.unwrap().is_some());
        assert!(tx.ceremonies().take_try("d", kind, seconds(1)).await.unwrap());
        assert!(tx.ceremonies().take_try("d", kind, seconds(1)).await.unwrap());
        assert!(!tx.ceremonies().take_try("d", kind, seconds(1)).await.unwrap(), "no try is left");
        assert_eq!(tx.ceremonies().purge(seconds(299)).await.unwrap(), 0);
        assert_eq!(tx.ceremonies().purge(seconds(300)).await.unwrap(), 1);
        tx.commit().await.unwrap();
    }

    async fn a_reset_link_is_good_once_and_in_time(db: TestDb) {
        let user = stored_session(&db).await.user_id;
        let link = Some(ResetLink { digest: "digest".to_owned(), expires_at: seconds(60) });
        let asked = PasswordReset { user_id: user, requested_at: noon(), link: None };
        let tx = db.begin().await;
        tx.password_resets().save(&asked).await.unwrap();
        assert_eq!(tx.password_resets().lock(user).await.unwrap(), Some(asked.clone()));
        tx.password_resets().save(&PasswordReset { link, ..asked }).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().owner("digest", seconds(59)).await.unwrap(), Some(user));
        assert_eq!(db.queries().owner("another", seconds(59)).await.unwrap(), None);
        assert_eq!(db.queries().owner("digest", seconds(60)).await.unwrap(), None);
        let tx = db.begin().await;
        assert_eq!(tx.password_resets().redeem("digest", seconds(60)).await.unwrap(), None);
        assert_eq!(tx.password_resets().redeem("digest", seconds(59)).await.unwrap(), Some(user));
        assert_eq!(tx.password_resets().redeem("digest", seconds(59)).await.unwrap(), None);
        tx.commit().await.unwrap();
    }
}
