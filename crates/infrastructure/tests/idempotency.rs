//! The contract of idempotency keys, on both databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::idempotency::{Claim, IdempotencyKeys, KEPT, KeyedRequest, LEASE, StoredAnswer};
use chrono::TimeDelta;
use infrastructure::sql::SqlIdempotencyKeys;
use testkit::both_databases;
use testkit::builders::{noon, seconds};

fn request(fingerprint: &str) -> KeyedRequest {
    KeyedRequest { caller: "guest".into(), key: "k-1".into(), fingerprint: fingerprint.into() }
}

fn answer() -> StoredAnswer {
    let headers =
        vec![("content-type".into(), "application/json".into()), ("x".into(), "1".into()), ("x".into(), "2".into())];
    StoredAnswer { status: 201, headers, body: vec![0, 159, 146, 150, b'{'] }
}

both_databases! {
    async fn an_answer_is_repeated_byte_for_byte(db: TestDb) {
        let keys = SqlIdempotencyKeys::new(db.database());
        assert_eq!(keys.claim(&request("a"), noon()).await.unwrap(), Claim::Granted);
        keys.keep(&request("a"), &answer()).await.unwrap();
        assert_eq!(keys.claim(&request("a"), seconds(1)).await.unwrap(), Claim::Replay(answer()));
        assert_eq!(keys.claim(&request("a"), noon() + LEASE + LEASE).await.unwrap(), Claim::Replay(answer()));
    }

    async fn an_answer_that_is_kept_stays(db: TestDb) {
        let keys = SqlIdempotencyKeys::new(db.database());
        keys.claim(&request("a"), noon()).await.unwrap();
        keys.keep(&request("a"), &answer()).await.unwrap();
        keys.keep(&request("a"), &StoredAnswer { status: 500, ..answer() }).await.unwrap();
        keys.release(&request("a")).await.unwrap();
        assert_eq!(keys.claim(&request("a"), seconds(1)).await.unwrap(), Claim::Replay(answer()));
    }

    async fn a_key_stands_for_one_request(db: TestDb) {
        let keys = SqlIdempotencyKeys::new(db.database());
        keys.claim(&request("a"), noon()).await.unwrap();
        assert_eq!(keys.claim(&request("b"), seconds(1)).await.unwrap(), Claim::Mismatch);
        assert_eq!(keys.claim(&request("b"), noon() + LEASE).await.unwrap(), Claim::Mismatch);
        let another = KeyedRequest { caller: "somebody else".into(), ..request("b") };
        assert_eq!(keys.claim(&another, seconds(1)).await.unwrap(), Claim::Granted);
    }

    async fn a_request_that_does_not_end_is_taken_over_after_its_lease(db: TestDb) {
        let keys = SqlIdempotencyKeys::new(db.database());
        keys.claim(&request("a"), noon()).await.unwrap();
        let just_before = noon() + LEASE - TimeDelta::microseconds(1);
        assert_eq!(keys.claim(&request("a"), just_before).await.unwrap(), Claim::InUse);
        assert_eq!(keys.claim(&request("a"), noon() + LEASE).await.unwrap(), Claim::Granted);
        assert_eq!(keys.claim(&request("a"), noon() + LEASE).await.unwrap(), Claim::InUse);
    }

    async fn a_key_that_is_given_back_is_free(db: TestDb) {
        let keys = SqlIdempotencyKeys::new(db.database());
        keys.claim(&request("a"), noon()).await.unwrap();
        keys.release(&request("a")).await.unwrap();
        assert_eq!(keys.claim(&request("b"), noon()).await.unwrap(), Claim::Granted);
    }

    async fn an_old_key_counts_no_more_and_is_purged(db: TestDb) {
        let keys = SqlIdempotencyKeys::new(db.database());
        keys.claim(&request("a"), noon()).await.unwrap();
        keys.keep(&request("a"), &answer()).await.unwrap();
        assert_eq!(keys.claim(&request("b"), noon() + KEPT).await.unwrap(), Claim::Granted);
        keys.keep(&request("b"), &StoredAnswer { status: 204, ..answer() }).await.unwrap();
        assert_eq!(keys.purge(noon() + KEPT).await.unwrap(), 0);
        assert_eq!(keys.purge(noon() + KEPT + KEPT).await.unwrap(), 1);
    }

    async fn of_twenty_at_once_one_is_granted(db: TestDb) {
        for round in [noon(), noon() + LEASE] {
            let tries: Vec<_> = (0..20).map(|_| {
                let keys = SqlIdempotencyKeys::new(db.database());
                tokio::spawn(async move { keys.claim(&request("a"), round).await.unwrap() })
            }).collect();
            let mut claims = Vec::new();
            for one in tries {
                claims.push(one.await.unwrap());
            }
            assert_eq!(claims.iter().filter(|claim| **claim == Claim::Granted).count(), 1, "{claims:?}");
            assert_eq!(claims.iter().filter(|claim| **claim == Claim::InUse).count(), 19, "{claims:?}");
        }
    }
}
