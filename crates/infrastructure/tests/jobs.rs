//! The contract of jobs, on both databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::jobs::{ClaimedJob, Job, JobCounts, JobStore, LEASE};
use chrono::TimeDelta;
use infrastructure::sql::SqlJobStore;
use std::collections::HashSet;
use testkit::builders::{id, noon, seconds};
use testkit::{TestDb, both_databases};

fn a_job() -> Job {
    Job::ExpireOrder { order_id: id() }
}

async fn push(db: &TestDb, job: Job, run_at: i64) {
    let tx = db.begin().await;
    tx.jobs().push(job, seconds(run_at)).await.unwrap();
    tx.commit().await.unwrap();
}

fn only(mut claimed: Vec<ClaimedJob>) -> ClaimedJob {
    assert_eq!(claimed.len(), 1, "{claimed:?}");
    claimed.remove(0)
}

both_databases! {
    async fn jobs_are_claimed_when_they_are_due_the_oldest_first(db: TestDb) {
        let store = SqlJobStore::new(db.database());
        let (late, early) = (a_job(), Job::DeliverSandboxEvent { session_id: "cs_1".into() });
        push(&db, late.clone(), 2).await;
        push(&db, early.clone(), 1).await;
        push(&db, a_job(), 60).await;
        assert!(store.claim(noon(), 10).await.unwrap().is_empty());
        assert_eq!(store.counts().await.unwrap(), JobCounts { waiting: 3, buried: 0 });
        let first = only(store.claim(seconds(2), 1).await.unwrap());
        assert_eq!((first.job, first.attempt), (Ok(early), 1));
        let second = only(store.claim(seconds(2), 10).await.unwrap());
        assert_eq!(second.job, Ok(late));
        assert!(store.claim(seconds(2), 10).await.unwrap().is_empty());
        store.complete(first.id).await.unwrap();
        assert_eq!(store.counts().await.unwrap(), JobCounts { waiting: 2, buried: 0 });
    }

    async fn what_somebody_waits_for_comes_before_what_is_older_and_can_wait(db: TestDb) {
        let store = SqlJobStore::new(db.database());
        let announced = Job::AnnounceEvent { event: "order.paid".into(), at: noon(), facts: serde_json::Value::Null };
        for second in 0..3 {
            push(&db, announced.clone(), second).await;
        }
        let code = Job::SendVerificationCode { user_id: id() };
        push(&db, code.clone(), 5).await;
        assert_eq!(only(store.claim(seconds(5), 1).await.unwrap()).job, Ok(code));
        assert_eq!(only(store.claim(seconds(5), 1).await.unwrap()).job, Ok(announced.clone()));
        push(&db, a_job(), 6).await;
        let rest = store.claim(seconds(6), 10).await.unwrap();
        let jobs: Vec<bool> = rest.iter().map(|job| job.job.as_ref().unwrap().is_urgent()).collect();
        assert_eq!(jobs, [true, false, false], "as many as there are room for, whoever waits for them");
    }

    async fn a_job_of_a_transaction_that_failed_never_was(db: TestDb) {
        let tx = db.begin().await;
        tx.jobs().push(a_job(), noon()).await.unwrap();
        drop(tx);
        assert!(SqlJobStore::new(db.database()).claim(noon(), 10).await.unwrap().is_empty());
    }

    async fn a_claimed_job_is_free_again_when_its_lease_ends(db: TestDb) {
        let store = SqlJobStore::new(db.database());
        push(&db, a_job(), 0).await;
        let claimed = only(store.claim(noon(), 10).await.unwrap());
        assert!(store.claim(noon() + LEASE - TimeDelta::microseconds(1), 10).await.unwrap().is_empty());
        let again = only(store.claim(noon() + LEASE, 10).await.unwrap());
        assert_eq!((again.id, again.attempt), (claimed.id, 2));
    }

    async fn a_job_that_failed_comes_back_at_its_time(db: TestDb) {
        let store = SqlJobStore::new(db.database());
        push(&db, a_job(), 0).await;
        let claimed = only(store.claim(noon(), 10).await.unwrap());
        store.retry(claimed.id, seconds(10), "the mail server is away").await.unwrap();
        assert!(store.claim(seconds(9), 10).await.unwrap().is_empty());
        assert_eq!(only(store.claim(seconds(10), 10).await.unwrap()).attempt, 2);
    }

    async fn a_buried_job_stays_where_it_is(db: TestDb) {
        let store = SqlJobStore::new(db.database());
        push(&db, a_job(), 0).await;
        let claimed = only(store.claim(noon(), 10).await.unwrap());
        store.bury(claimed.id, "refused").await.unwrap();
        assert!(store.claim(seconds(86_400), 10).await.unwrap().is_empty());
        assert_eq!(store.counts().await.unwrap(), JobCounts { waiting: 0, buried: 1 });
        assert_eq!(db.execute("UPDATE jobs SET attempts = 1 WHERE state = 'buried' AND reason = 'refused'").await.unwrap(), 1);
    }

    async fn a_job_of_another_version_is_handed_over_as_text(db: TestDb) {
        let store = SqlJobStore::new(db.database());
        push(&db, a_job(), 0).await;
        db.execute("UPDATE jobs SET kind = 'dance', payload = '{\"kind\":\"dance\"}'").await.unwrap();
        let claimed = only(store.claim(noon(), 10).await.unwrap());
        assert_eq!(claimed.job, Err("{\"kind\":\"dance\"}".to_owned()));
    }

    async fn many_workers_claim_each_job_once(db: TestDb) {
        let tx = db.begin().await;
        for _ in 0..200 {
            tx.jobs().push(a_job(), noon()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let workers: Vec<_> = (0..16).map(|_| {
            let store = SqlJobStore::new(db.database());
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let claimed = store.claim(seconds(1), 5).await.unwrap();
                    if claimed.is_empty() {
                        return mine;
                    }
                    mine.extend(claimed);
                }
            })
        }).collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.await.unwrap());
        }
        assert_eq!(all.len(), 200);
        assert!(all.iter().all(|job| job.attempt == 1));
        assert_eq!(all.iter().map(|job| job.id).collect::<HashSet<_>>().len(), 200);
    }

    async fn a_schedule_plans_a_job_once(db: TestDb) {
        let planners: Vec<_> = (0..8).map(|_| {
            let store = SqlJobStore::new(db.database());
            tokio::spawn(async move { store.push_unless_waiting(Job::PurgeExpired, noon()).await.unwrap() })
        }).collect();
        for planner in planners {
            planner.await.unwrap();
        }
        push(&db, a_job(), 60).await;
        let store = SqlJobStore::new(db.database());
        assert_eq!(store.counts().await.unwrap().waiting, 2);

        // While it runs it may plan its successor, and that one waits.
        let running = only(store.claim(noon(), 10).await.unwrap());
        store.push_unless_waiting(Job::PurgeExpired, seconds(30)).await.unwrap();
        store.push_unless_waiting(Job::PurgeExpired, seconds(31)).await.unwrap();
        store.complete(running.id).await.unwrap();
        assert_eq!(store.counts().await.unwrap().waiting, 2);
        // One that failed waits too.
        let running = only(store.claim(seconds(30), 10).await.unwrap());
        store.retry(running.id, seconds(40), "later").await.unwrap();
        store.push_unless_waiting(Job::PurgeExpired, seconds(41)).await.unwrap();
        assert_eq!(store.counts().await.unwrap().waiting, 2);
    }
}
