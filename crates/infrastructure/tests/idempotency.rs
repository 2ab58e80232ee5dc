//! The contract of idempotency keys, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects by failing"
)]

use application::idempotency::{Claim, ClaimId, IdempotencyKeys, KEPT, KeyedRequest, LEASE, StoredAnswer};
use chrono::{DateTime, TimeDelta, Utc};
use infrastructure::crypto::{AeadBox, SecretKey};
use infrastructure::sql::{AnswerSeal, SqlIdempotencyKeys};
use infrastructure::system::UuidGenerator;
use std::sync::Arc;
use testkit::builders::{noon, seconds};
use testkit::{TestDb, both_databases};

fn request(fingerprint: &str) -> KeyedRequest {
    KeyedRequest { caller: "guest".into(), key: "k-1".into(), fingerprint: fingerprint.into() }
}

fn answer() -> StoredAnswer {
    let headers =
        vec![("content-type".into(), "application/json".into()), ("x".into(), "1".into()), ("x".into(), "2\n".into())];
    StoredAnswer { status: 201, headers, body: b"\n\x00\x9f\x92\x96{\n".to_vec() }
}

fn keys_of_shop(db: &TestDb, master: &[u8]) -> SqlIdempotencyKeys {
    let answers = Arc::new(AeadBox::new(SecretKey::derive(master, "idempotency answers")));
    let seal = AnswerSeal::new(answers, SecretKey::derive(master, "idempotency fingerprints"));
    SqlIdempotencyKeys::new(db.database(), seal, Arc::new(UuidGenerator))
}

fn keys(db: &TestDb) -> SqlIdempotencyKeys {
    keys_of_shop(db, b"m")
}

/// Claims a key that must be free.
async fn granted(keys: &SqlIdempotencyKeys, request: &KeyedRequest, now: DateTime<Utc>) -> ClaimId {
    match keys.claim(request, now).await.unwrap() {
        Claim::Granted(claim) => claim,
        other => panic!("not granted: {other:?}"),
    }
}

both_databases! {
    async fn an_answer_is_repeated_byte_for_byte(db: TestDb) {
        let keys = keys(&db);
        let claim = granted(&keys, &request("a"), noon()).await;
        assert!(keys.keep(&request("a"), claim, &answer()).await.unwrap());
        assert_eq!(keys.claim(&request("a"), seconds(1)).await.unwrap(), Claim::Replay(answer()));
        assert_eq!(keys.claim(&request("a"), noon() + LEASE + LEASE).await.unwrap(), Claim::Replay(answer()));
        assert_eq!(keys.claim(&request("a"), noon() + KEPT - TimeDelta::microseconds(1)).await.unwrap(), Claim::Replay(answer()));
    }

    async fn an_answer_without_anything_is_repeated_too(db: TestDb) {
        let keys = keys(&db);
        let claim = granted(&keys, &request("a"), noon()).await;
        let nothing = StoredAnswer { status: 204, headers: vec![], body: vec![] };
        keys.keep(&request("a"), claim, &nothing).await.unwrap();
        assert_eq!(keys.claim(&request("a"), seconds(1)).await.unwrap(), Claim::Replay(nothing));
    }

    async fn a_large_answer_is_repeated_whole(db: TestDb) {
        let keys = keys(&db);
        let claim = granted(&keys, &request("a"), noon()).await;
        let large = StoredAnswer { body: (0..3_000_000_u32).map(|byte| byte.to_le_bytes()[0]).collect(), ..answer() };
        keys.keep(&request("a"), claim, &large).await.unwrap();
        assert!(keys.claim(&request("a"), seconds(1)).await.unwrap() == Claim::Replay(large));
    }

    async fn an_answer_that_is_kept_stays(db: TestDb) {
        let keys = keys(&db);
        let claim = granted(&keys, &request("a"), noon()).await;
        keys.keep(&request("a"), claim, &answer()).await.unwrap();
        assert!(!keys.keep(&request("a"), claim, &StoredAnswer { status: 500, ..answer() }).await.unwrap());
        keys.release(&request("a"), claim).await.unwrap();
        assert_eq!(keys.claim(&request("a"), seconds(1)).await.unwrap(), Claim::Replay(answer()));
    }

    async fn a_key_stands_for_one_request(db: TestDb) {
        let keys = keys(&db);
        granted(&keys, &request("a"), noon()).await;
        assert_eq!(keys.claim(&request("b"), seconds(1)).await.unwrap(), Claim::Mismatch);
        assert_eq!(keys.claim(&request("b"), noon() + LEASE).await.unwrap(), Claim::Mismatch);
        let another = KeyedRequest { caller: "somebody else".into(), ..request("b") };
        granted(&keys, &another, seconds(1)).await;
    }

    async fn a_request_that_does_not_end_is_taken_over_after_its_lease(db: TestDb) {
        let keys = keys(&db);
        granted(&keys, &request("a"), noon()).await;
        let just_before = noon() + LEASE - TimeDelta::microseconds(1);
        assert_eq!(keys.claim(&request("a"), just_before).await.unwrap(), Claim::InUse);
        granted(&keys, &request("a"), noon() + LEASE).await;
        assert_eq!(keys.claim(&request("a"), noon() + LEASE).await.unwrap(), Claim::InUse);
    }

    async fn who_comes_after_their_lease_does_not_end_the_claim_of_their_twin(db: TestDb) {
        let keys = keys(&db);
        let late = granted(&keys, &request("a"), noon()).await;
        let twin = granted(&keys, &request("a"), noon() + LEASE).await;
        assert_ne!(late, twin);
        keys.release(&request("a"), late).await.unwrap();
        assert_eq!(keys.claim(&request("a"), noon() + LEASE).await.unwrap(), Claim::InUse, "the twin runs still");
        assert!(!keys.keep(&request("a"), late, &StoredAnswer { status: 409, ..answer() }).await.unwrap());
        assert_eq!(keys.claim(&request("a"), noon() + LEASE).await.unwrap(), Claim::InUse, "and its answer is awaited");
        assert!(keys.keep(&request("a"), twin, &answer()).await.unwrap());
        assert_eq!(keys.claim(&request("a"), noon() + LEASE).await.unwrap(), Claim::Replay(answer()));
    }

    async fn who_comes_after_their_lease_does_not_end_a_later_claim_either(db: TestDb) {
        let keys = keys(&db);
        let late = granted(&keys, &request("a"), noon()).await;
        let twin = granted(&keys, &request("a"), noon() + LEASE).await;
        keys.release(&request("a"), twin).await.unwrap();
        granted(&keys, &request("a"), noon() + LEASE).await;
        assert!(!keys.keep(&request("a"), late, &answer()).await.unwrap());
        assert_eq!(keys.claim(&request("a"), noon() + LEASE).await.unwrap(), Claim::InUse);
    }

    async fn a_request_that_still_runs_renews_its_lease(db: TestDb) {
        let keys = keys(&db);
        let claim = granted(&keys, &request("a"), noon()).await;
        assert!(keys.renew(&request("a"), claim, seconds(40)).await.unwrap());
        assert_eq!(keys.claim(&request("a"), noon() + LEASE).await.unwrap(), Claim::InUse);
        let twin = granted(&keys, &request("a"), seconds(40) + LEASE).await;
        assert!(!keys.renew(&request("a"), claim, seconds(120)).await.unwrap(), "too late");
        assert!(keys.renew(&request("a"), twin, seconds(120)).await.unwrap());
    }

    async fn a_key_that_is_given_back_is_free(db: TestDb) {
        let keys = keys(&db);
        let claim = granted(&keys, &request("a"), noon()).await;
        keys.release(&request("a"), claim).await.unwrap();
        granted(&keys, &request("b"), noon()).await;
    }

    async fn an_old_key_counts_no_more_and_is_purged(db: TestDb) {
        let keys = keys(&db);
        let claim = granted(&keys, &request("a"), noon()).await;
        keys.keep(&request("a"), claim, &answer()).await.unwrap();
        let claim = granted(&keys, &request("b"), noon() + KEPT).await;
        keys.keep(&request("b"), claim, &StoredAnswer { status: 204, ..answer() }).await.unwrap();
        assert_eq!(keys.purge(noon() + KEPT).await.unwrap(), 0);
        assert_eq!(keys.purge(noon() + KEPT + KEPT).await.unwrap(), 1);
    }

    async fn who_has_only_the_database_reads_no_answer_and_guesses_no_request(db: TestDb) {
        let keys = keys(&db);
        let secret = StoredAnswer {
            status: 200,
            headers: vec![("set-cookie".into(), "canary-cookie".into())],
            body: b"canary-token".to_vec(),
        };
        let claim = granted(&keys, &request("canary-fingerprint"), noon()).await;
        keys.keep(&request("canary-fingerprint"), claim, &secret).await.unwrap();
        for column in ["fingerprint", "body"] {
            let plain = format!(
                "UPDATE idempotency_keys SET state = state WHERE CAST({column} AS TEXT) LIKE '%canary%' OR CAST({column} AS TEXT) LIKE '%63616e617279%'"
            );
            assert_eq!(db.execute(&plain).await.unwrap(), 0, "{column}");
        }
        assert_eq!(keys.claim(&request("canary-fingerprint"), seconds(1)).await.unwrap(), Claim::Replay(secret));
    }

    async fn an_answer_opens_for_its_own_key_and_shop_alone(db: TestDb) {
        let keys = keys(&db);
        let claim = granted(&keys, &request("a"), noon()).await;
        keys.keep(&request("a"), claim, &answer()).await.unwrap();
        assert_eq!(keys_of_shop(&db, b"n").claim(&request("a"), seconds(1)).await.unwrap(), Claim::Mismatch);
        // Somebody who can write to the database gives the answer to another.
        db.execute("UPDATE idempotency_keys SET caller = 'mallory'").await.unwrap();
        let mallory = KeyedRequest { caller: "mallory".into(), ..request("a") };
        assert!(keys.claim(&mallory, seconds(1)).await.is_err());
    }

    async fn of_twenty_at_once_one_is_granted(db: TestDb) {
        for round in [noon(), noon() + LEASE] {
            let tries: Vec<_> = (0..20).map(|_| {
                let keys = keys(&db);
                tokio::spawn(async move { keys.claim(&request("a"), round).await.unwrap() })
            }).collect();
            let mut claims = Vec::new();
            for one in tries {
                claims.push(one.await.unwrap());
            }
            let is_granted = |claim: &&Claim| matches!(claim, Claim::Granted(_));
            assert_eq!(claims.iter().filter(is_granted).count(), 1, "{claims:?}");
            assert_eq!(claims.iter().filter(|claim| **claim == Claim::InUse).count(), 19, "{claims:?}");
        }
    }
}
