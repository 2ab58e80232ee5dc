//! What must happen once to batches of gift cards: the real services and codes on real databases, with power cuts.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use application::gift_cards::batch_desk::{BatchDesk, BatchWish, LookAfterBatches, TellCodesError};
use application::gift_cards::batch_steps::{AdvanceBatches, BatchSteps};
use application::gift_cards::expire::{ExpireGiftCards, Expiry};
use application::gift_cards::ports::{GiftCardBatchQueries, GiftCardQueries, LaterCodes};
use application::identity::policy::AdministerGiftCards;
use application::identity::{Allowed, Caller, Client, Credential, SessionProof};
use application::jobs::{Job, JobStore};
use application::system::{Clock, digest_of};
use application::webhooks::card_fan_out::{AnnounceGiftCards, CardFanOut};
use chrono::{DateTime, TimeDelta, Utc};
use domain::gift_cards::{BatchStatus, CodesRefusal, GiftCardBatch};
use domain::identity::Role;
use domain::kernel::{GiftCardBatchId, SessionId, TokenId, WebhookId};
use domain::webhooks::{Endpoint, EventKind, NewEndpoint, Owner};
use futures_util::future::join_all;
use std::collections::HashSet;
use std::sync::Arc;
use testkit::builders::{a_user, cents, id};
use testkit::crypto::{AeadBox, DerivedCodes, SecretKey};
use testkit::sql::SqlJobStore;
use testkit::system::{SystemClock, SystemSecrets, UuidGenerator};
use testkit::{TestDb, both_databases};

/// The services of a shop with one admin.
struct Cards {
    db: TestDb,
    desk: BatchDesk,
    steps: BatchSteps,
    jobs: SqlJobStore,
    admin: Allowed<AdministerGiftCards>,
}

fn codes() -> Arc<dyn LaterCodes> {
    let key = |purpose| SecretKey::derive(b"master", purpose);
    Arc::new(DerivedCodes::new(key("codes"), AeadBox::new(key("seeds")), Arc::new(SystemSecrets)))
}

fn client() -> Client {
    Client { address: [192, 0, 2, 1].into(), device: "Firefox".to_owned(), device_token: None }
}

impl Cards {
    async fn open(db: TestDb) -> Self {
        let user = domain::identity::User { role: Role::Admin, ..a_user() };
        let tx = db.begin().await;
        tx.users().insert(&user).await.unwrap();
        tx.commit().await.unwrap();
        let (transactor, clock) = (Arc::new(db.database().transactor()), Arc::new(SystemClock));
        let now = clock.now();
        let proof = SessionProof {
            session_id: SessionId::new(id()),
            token_id: TokenId::new(id()),
            token_expires_at: now,
            proven_at: now,
        };
        let caller = Caller {
            user_id: user.id,
            role: Role::Admin,
            email_verified: true,
            credential: Credential::Session(proof),
        };
        let desk = BatchDesk {
            batches: Arc::new(db.queries()),
            transactor: transactor.clone(),
            codes: codes(),
            ids: Arc::new(UuidGenerator),
            clock: clock.clone(),
        };
        let steps = BatchSteps { transactor, codes: codes(), ids: Arc::new(UuidGenerator), clock };
        let jobs = SqlJobStore::new(db.database());
        Self { desk, steps, jobs, admin: Allowed::check(&caller, now).unwrap(), db }
    }

    async fn orders(&self, quantity: u32) -> GiftCardBatchId {
        self.orders_until(quantity, None).await
    }

    async fn orders_until(&self, quantity: u32, expires_at: Option<DateTime<Utc>>) -> GiftCardBatchId {
        let wish = BatchWish { value: cents(2_500), quantity, expires_at, note: None };
        self.desk.order(&self.admin, wish, &client()).await.unwrap().id
    }

    /// The platform hears of everything that happens to gift cards.
    async fn listens(&self) {
        let new = NewEndpoint {
            id: WebhookId::new(id()),
            owner: Owner::Platform,
            created_by: self.admin.user_id,
            url: "https://merchant.example/hook".to_owned(),
            description: None,
            events: vec![
                EventKind::GiftCardIssued,
                EventKind::GiftCardDisabled,
                EventKind::GiftCardEnabled,
                EventKind::GiftCardExpired,
            ],
            secret: "sealed".to_owned(),
        };
        let tx = self.db.begin().await;
        tx.webhooks().insert(&Endpoint::create(new, SystemClock.now()).unwrap()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Runs all that is due at that moment but the steps of batches, with the same deaths; answers how many jobs there were.
    async fn tells(&self, now: DateTime<Utc>) -> u32 {
        let (transactor, webhooks) = (Arc::new(self.db.database().transactor()), Arc::new(self.db.queries()));
        let expiry = Expiry { transactor: transactor.clone(), clock: Arc::new(Standing(now)) };
        let (ids, clock) = (Arc::new(UuidGenerator), Arc::new(Standing(now)));
        let fan_out = CardFanOut { webhooks, transactor, ids, clock };
        let (mut runs, mut claims) = (0_u32, 0);
        let mut at = now;
        while self.count("jobs").await > 0 && claims < 50 {
            claims += 1;
            for job in self.jobs.claim(at, 100).await.unwrap() {
                runs += 1;
                match job.job.unwrap() {
                    Job::AnnounceGiftCards { announcement, event, at, cards } => {
                        fan_out.announce(announcement.unwrap_or(job.id), &event, at, &cards).await.unwrap();
                    }
                    Job::ExpireGiftCardBatch { batch_id, from } => {
                        expiry.expire_batch(GiftCardBatchId::new(batch_id), from).await.unwrap();
                    }
                    Job::LapseGiftCardCodes { .. } => {}
                    other => panic!("{other:?}"),
                }
                if !runs.is_multiple_of(3) {
                    self.jobs.complete(job.id).await.unwrap();
                }
            }
            at += TimeDelta::minutes(3);
        }
        runs
    }

    /// How many events of this kind are on their way, and to how many cards something happened.
    async fn told(&self, kind: &str) -> (i64, i64) {
        let of = format!("webhook_deliveries WHERE kind = '{kind}'");
        let distinct = self.db.number(&format!("SELECT COUNT(DISTINCT event_id) FROM {of}")).await;
        (self.count(&of).await, distinct)
    }

    async fn batch(&self, id: GiftCardBatchId) -> GiftCardBatch {
        self.db.queries().find_batch(id).await.unwrap().unwrap()
    }

    /// Runs the jobs of a batch until none is due. Of each three, one process dies before it can say that it is done, and
    /// another takes the job again.
    async fn works(&self) {
        let mut runs = 0_u32;
        let mut now = SystemClock.now();
        loop {
            let claimed = self.jobs.claim(now, 400).await.unwrap();
            if claimed.iter().all(|job| !matches!(job.job, Ok(Job::IssueGiftCardBatch { .. }))) {
                for job in claimed {
                    // What is told of the cards can wait.
                    self.jobs.retry(job.id, SystemClock.now(), "later").await.unwrap();
                }
                if self.db.number("SELECT COUNT(*) FROM jobs WHERE kind = 'issue_gift_card_batch'").await == 0 {
                    return;
                }
                now += TimeDelta::minutes(3); // the leases of those who died end
                continue;
            }
            for job in claimed {
                let Job::IssueGiftCardBatch { batch_id } = job.job.unwrap() else {
                    self.jobs.retry(job.id, SystemClock.now(), "later").await.unwrap();
                    continue;
                };
                self.steps.step(GiftCardBatchId::new(batch_id)).await.unwrap();
                runs += 1;
                if !runs.is_multiple_of(3) {
                    self.jobs.complete(job.id).await.unwrap();
                }
            }
        }
    }

    async fn count(&self, what: &str) -> i64 {
        self.db.number(&format!("SELECT COUNT(*) FROM {what}")).await
    }
}

/// A clock that stands.
struct Standing(DateTime<Utc>);

impl Clock for Standing {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

both_databases! {
    async fn what_happens_to_a_whole_batch_is_told_of_each_card_once_whoever_dies_in_between(db: TestDb) {
        let cards = Cards::open(db).await;
        cards.listens().await;
        let (now, end) = (SystemClock.now(), SystemClock.now() + TimeDelta::days(30));
        let id = cards.orders_until(600, Some(end)).await;
        cards.works().await;
        assert_eq!(cards.count("jobs WHERE kind = 'announce_gift_cards'").await, 1);
        assert_eq!(cards.count("jobs WHERE kind = 'expire_gift_card_batch'").await, 1);
        assert_eq!(cards.count("jobs WHERE kind IN ('announce_event', 'expire_gift_card')").await, 0);
        cards.tells(now + TimeDelta::minutes(1)).await;
        assert_eq!(cards.told("gift_card.issued").await, (600, 600));
        for (usable, kind) in [(false, "gift_card.disabled"), (true, "gift_card.enabled")] {
            cards.desk.set_usable(&cards.admin, id, usable, &client()).await.unwrap().unwrap();
            assert_eq!(cards.count("jobs WHERE kind = 'announce_gift_cards'").await, 1, "{kind}");
            cards.tells(now + TimeDelta::hours(10)).await;
            assert_eq!(cards.told(kind).await, (600, 600));
        }
        let runs = cards.tells(end + TimeDelta::days(1)).await;
        assert_eq!(cards.told("gift_card.expired").await, (600, 600));
        assert!(runs < 40, "{runs} jobs ended 600 cards");
        let left = cards.db.queries().liabilities().await.unwrap();
        assert!(left.iter().all(|owed| owed.cards == 0), "{left:?}");
        assert_eq!(cards.count("jobs").await, 0);
        cards.db.assert_ledger_is_sound().await;
    }

    async fn ten_thousand_cards_are_ten_thousand_whoever_dies_in_between(db: TestDb) {
        let cards = Cards::open(db).await;
        let id = cards.orders(10_000).await;
        cards.works().await;
        let batch = cards.batch(id).await;
        assert_eq!((batch.issued, batch.status()), (10_000, BatchStatus::Ready));
        assert_eq!(cards.count("gift_cards").await, 10_000);
        assert_eq!(cards.count("gift_card_batch_cards").await, 10_000);
        let owed = cards.db.queries().liabilities().await.unwrap();
        assert_eq!((owed[0].cards, owed[0].outstanding), (10_000, cents(25_000_000)));
        let told = cards.desk.tell_codes(&cards.admin, id, &client()).await.unwrap();
        let distinct: HashSet<_> = told.codes.iter().map(|(_, code)| code.expose().to_owned()).collect();
        assert_eq!(distinct.len(), 10_000);
        for (card, code) in [&told.codes[0], &told.codes[9_999]] {
            let found = cards.db.queries().find_card_by_digest(&digest_of(code.expose())).await.unwrap().unwrap();
            assert_eq!((found.card.id, found.balance), (*card, cents(2_500)));
        }
        cards.db.assert_ledger_is_sound().await;
    }

    async fn steps_at_the_same_time_issue_each_card_once(db: TestDb) {
        let cards = Cards::open(db).await;
        let id = cards.orders(600).await;
        join_all((0..6).map(|_| cards.steps.step(id))).await.into_iter().for_each(|step| step.unwrap());
        assert_eq!(cards.batch(id).await.issued, 600);
        assert_eq!(cards.count("gift_cards").await, 600);
        assert_eq!(cards.count("jobs WHERE kind = 'lapse_gift_card_codes'").await, 1);
        cards.db.assert_ledger_is_sound().await;
    }

    async fn of_many_downloads_at_once_one_gets_the_codes(db: TestDb) {
        let cards = Cards::open(db).await;
        let id = cards.orders(20).await;
        let early = cards.desk.tell_codes(&cards.admin, id, &client()).await;
        assert!(matches!(early, Err(TellCodesError::Refused(CodesRefusal::NotReady))));
        cards.works().await;
        let here = client();
        let told = join_all((0..12).map(|_| cards.desk.tell_codes(&cards.admin, id, &here))).await;
        let refused = |told: &Result<_, _>| matches!(told, Err(TellCodesError::Refused(CodesRefusal::Downloaded)));
        assert_eq!(told.iter().filter(|told| told.is_ok()).count(), 1);
        assert_eq!(told.iter().filter(|told| refused(told)).count(), 11);
        assert_eq!(cards.count("gift_card_batches WHERE seed IS NOT NULL").await, 0, "the seed is gone");
        assert_eq!(cards.count("security_events WHERE kind = 'gift_card_codes_downloaded'").await, 1);
        let dump = cards.db.dump().await.concat();
        for (_, code) in &told.iter().find_map(|told| told.as_ref().ok()).unwrap().codes {
            assert!(!dump.contains(code.expose()) && !dump.contains(&code.written()), "the database knows a code");
        }
    }
}
