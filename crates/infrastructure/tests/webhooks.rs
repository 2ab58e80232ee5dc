//! The contract of outgoing webhooks' rows, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use application::identity::policy::ManageWebhooks;
use application::identity::{Allowed, Caller, Client, Credential, SessionProof};
use application::jobs::LEASE;
use application::system::{Clock, IdGenerator};
use application::webhooks::fan_out::{AnnounceEvents, FanOut};
use application::webhooks::keep::{KeepWebhookError, KeepWebhooks, WebhookDesk, WebhookWish};
use application::webhooks::ports::{DeliveryStore, TargetRefusal, TargetRules, TriedDelivery, WebhookQueries};
use application::webhooks::secret::SigningSecrets;
use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::{Role, User};
use domain::kernel::{Applied, Limit, PageRequest, SessionId, TokenId, UserId, WebhookDeliveryId, WebhookId};
use domain::webhooks::{
    Attempt, Delivery, DeliveryStatus, DisableReason, Disabled, Endpoint, EventKind, Fault, Jitter, NewDelivery,
    NewEndpoint, Outcome, Owner,
};
use infrastructure::crypto::{AeadBox, SecretKey};
use infrastructure::sql::SqlDeliveryStore;
use infrastructure::system::SystemSecrets;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use testkit::builders::{a_seller, a_user, id, noon, seconds};
use testkit::{TestDb, both_databases};
use uuid::Uuid;

async fn inserted(db: &TestDb, user: User) -> UserId {
    let tx = db.begin().await;
    tx.users().insert(&user).await.unwrap();
    tx.commit().await.unwrap();
    user.id
}

async fn seller(db: &TestDb) -> UserId {
    inserted(db, a_seller()).await
}

/// An endpoint that hears of paid orders, made so many seconds after noon.
async fn endpoint(db: &TestDb, owner: Owner, by: UserId, after: i64) -> Endpoint {
    let new = NewEndpoint {
        id: WebhookId::new(id()),
        owner,
        created_by: by,
        url: "https://merchant.example/hook".to_owned(),
        description: Some("Warehouse".to_owned()),
        events: vec![EventKind::OrderPaid, EventKind::OrderPlaced],
        secret: "sealed".to_owned(),
    };
    let endpoint = Endpoint::create(new, seconds(after)).unwrap();
    let tx = db.begin().await;
    tx.webhooks().insert(&endpoint).await.unwrap();
    tx.commit().await.unwrap();
    endpoint
}

async fn own_endpoint(db: &TestDb) -> Endpoint {
    let by = seller(db).await;
    endpoint(db, Owner::Seller(by), by, 0).await
}

fn a_delivery(endpoint: &Endpoint, event: Uuid, after: i64) -> Delivery {
    let new = NewDelivery {
        id: WebhookDeliveryId::new(id()),
        endpoint_id: endpoint.id,
        event_id: event,
        kind: EventKind::OrderPaid,
        payload: r#"{"type":"order.paid"}"#.to_owned(),
    };
    Delivery::begin(new, seconds(after))
}

async fn on_its_way(db: &TestDb, delivery: Delivery) -> Delivery {
    let tx = db.begin().await;
    assert_eq!(tx.webhook_deliveries().insert(&delivery).await.unwrap(), Applied::Now(()));
    tx.commit().await.unwrap();
    delivery
}

async fn updated(db: &TestDb, delivery: &Delivery) {
    let tx = db.begin().await;
    tx.webhook_deliveries().update(delivery).await.unwrap();
    tx.commit().await.unwrap();
}

async fn claimed(
    db: &TestDb,
    now: DateTime<Utc>,
    limit: usize,
    in_hand: &[(&Endpoint, usize)],
) -> Vec<WebhookDeliveryId> {
    let in_hand: HashMap<WebhookId, usize> = in_hand.iter().map(|(endpoint, count)| (endpoint.id, *count)).collect();
    let due = SqlDeliveryStore::new(db.database()).claim(now, limit, &in_hand).await.unwrap();
    due.into_iter().map(|due| due.id).collect()
}

fn ids(deliveries: &[&Delivery]) -> Vec<WebhookDeliveryId> {
    deliveries.iter().map(|delivery| delivery.id).collect()
}

struct Drawn;

impl IdGenerator for Drawn {
    fn next(&self) -> Uuid {
        id()
    }
}

impl Clock for Drawn {
    fn now(&self) -> DateTime<Utc> {
        noon()
    }
}

/// Lets messages go anywhere.
struct Anywhere;

impl TargetRules for Anywhere {
    fn check(&self, url: &str) -> Result<String, TargetRefusal> {
        Ok(url.to_owned())
    }
}

fn desk(db: &TestDb) -> WebhookDesk {
    let vault = AeadBox::new(SecretKey::derive(b"master", "webhook secrets"));
    WebhookDesk {
        webhooks: Arc::new(db.queries()),
        transactor: Arc::new(db.database().transactor()),
        targets: Arc::new(Anywhere),
        secrets: SigningSecrets { source: Arc::new(SystemSecrets), vault: Arc::new(vault) },
        ids: Arc::new(Drawn),
        clock: Arc::new(Drawn),
    }
}

fn keeper(user_id: UserId, role: Role) -> Allowed<ManageWebhooks> {
    let proof = SessionProof {
        session_id: SessionId::new(id()),
        token_id: TokenId::new(id()),
        token_expires_at: noon(),
        proven_at: noon(),
    };
    let caller = Caller { user_id, role, email_verified: true, credential: Credential::Session(proof) };
    Allowed::check(&caller, noon()).unwrap()
}

both_databases! {
    async fn of_many_endpoints_made_at_once_an_owner_gets_ten(db: TestDb) {
        // No endpoint is there yet, so there is no row of theirs to wait for.
        let admin = || inserted(&db, User { role: Role::Admin, ..a_user() });
        let admins = [admin().await, admin().await].map(|id| (id, Role::Admin));
        let seller = [(seller(&db).await, Role::Seller)];
        let client = Client { address: [192, 0, 2, 1].into(), device: "Firefox".to_owned(), device_token: None };
        let desk = Arc::new(desk(&db));
        for makers in [&admins[..], &seller] {
            let making: Vec<_> = (0..24).map(|at| {
                let (desk, client, (by, role)) = (desk.clone(), client.clone(), makers[at % makers.len()]);
                let (url, events) = ("https://merchant.example/hook".to_owned(), vec![EventKind::OrderPaid]);
                let wish = WebhookWish { url, description: None, events };
                tokio::spawn(async move { desk.create(&keeper(by, role), wish, &client).await })
            }).collect();
            let (mut made, mut too_many) = (0, 0);
            for one in making {
                match one.await.unwrap() {
                    Ok(_) => made += 1,
                    Err(KeepWebhookError::TooMany) => too_many += 1,
                    Err(error) => panic!("{error:?}"),
                }
            }
            assert_eq!((made, too_many), (10, 14));
        }
    }

    async fn an_endpoint_is_read_as_it_was_written_by_its_owner_alone(db: TestDb) {
        let (by, other) = (seller(&db).await, seller(&db).await);
        let mut own = endpoint(&db, Owner::Seller(by), by, 0).await;
        let platform = endpoint(&db, Owner::Platform, by, 1).await;
        own.rotate("sealed anew".to_owned(), seconds(5));
        own.disabled = Some(Disabled { at: seconds(6), reason: DisableReason::Failing });
        own.failing_since = Some(seconds(2));
        own.description = None;
        let tx = db.begin().await;
        tx.webhooks().update(&own).await.unwrap();
        tx.commit().await.unwrap();
        let queries = db.queries();
        for (owner, expected) in [(Owner::Seller(by), vec![own.clone()]), (Owner::Platform, vec![platform.clone()]),
            (Owner::Seller(other), vec![])]
        {
            assert_eq!(queries.list_webhooks(owner).await.unwrap(), expected);
            let found = queries.find_webhook(owner, own.id).await.unwrap();
            assert_eq!(found, expected.iter().find(|endpoint| endpoint.id == own.id).cloned());
            let tx = db.begin().await;
            assert_eq!(tx.webhooks().lock_owned(owner, own.id).await.unwrap(), found);
            assert_eq!(tx.webhooks().count(owner).await.unwrap(), expected.len() as u64);
            assert_eq!(tx.webhooks().remove(owner, own.id).await.unwrap(), found.is_some());
        }
        assert_eq!(WebhookQueries::webhook(&queries, platform.id).await.unwrap(), Some(platform));
    }

    async fn an_endpoint_goes_with_all_that_was_delivered(db: TestDb) {
        let endpoint = own_endpoint(&db).await;
        let delivery = on_its_way(&db, a_delivery(&endpoint, id(), 0)).await;
        let attempt = Attempt { id: id(), at: noon(), took: TimeDelta::zero(), outcome: Outcome::Fault(Fault::NoAnswer) };
        let tx = db.begin().await;
        tx.webhook_deliveries().record(delivery.id, &attempt).await.unwrap();
        assert!(tx.webhooks().remove(endpoint.owner, endpoint.id).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(db.queries().find_dispatch(delivery.id).await.unwrap(), None);
        assert_eq!(db.queries().find_delivery(endpoint.id, delivery.id).await.unwrap(), None);
    }

    async fn those_are_told_who_are_on_and_still_sell(db: TestDb) {
        let sold = own_endpoint(&db).await;
        let elsewhere = own_endpoint(&db).await;
        let admin = inserted(&db, User { role: Role::Admin, ..a_user() }).await;
        let platform = endpoint(&db, Owner::Platform, admin, 9).await;
        let mut off = endpoint(&db, Owner::Platform, admin, 10).await;
        off.disabled = Some(Disabled { at: noon(), reason: DisableReason::ByOwner });
        let stopped = inserted(&db, User { disabled_at: Some(noon()), ..a_seller() }).await;
        endpoint(&db, Owner::Seller(stopped), stopped, 0).await;
        let was_one = inserted(&db, a_user()).await;
        endpoint(&db, Owner::Seller(was_one), was_one, 0).await;
        let tx = db.begin().await;
        tx.webhooks().update(&off).await.unwrap();
        tx.commit().await.unwrap();
        let sellers = [sold.created_by, stopped, was_one];
        let told: Vec<_> = db.queries().listening(&sellers).await.unwrap().iter().map(|one| one.id).collect();
        assert_eq!(told, [sold.id, platform.id]);
        let told: Vec<_> = db.queries().listening(&[]).await.unwrap().iter().map(|one| one.id).collect();
        assert_eq!(told, [platform.id]);
        assert_ne!(elsewhere.id, sold.id);
    }

    async fn an_event_goes_to_an_endpoint_once_however_often_it_is_announced_at_once(db: TestDb) {
        let sold = own_endpoint(&db).await;
        let platform = endpoint(&db, Owner::Platform, sold.created_by, 0).await;
        let amount = json!({"amount": 100, "currency": "EUR"});
        let line = json!({"id": id(), "seller_id": sold.created_by.uuid(), "product_id": id(), "variant_id": id(), "sku": "R",
            "quantity": 1, "total": amount});
        let facts = json!({"about": "order", "order_id": id(), "number": "CR-1", "status": "paid", "total": amount,
            "lines": [line], "created_at": noon()});
        let event = id();
        let fan_out = || FanOut {
            webhooks: Arc::new(db.queries()),
            transactor: Arc::new(db.database().transactor()),
            ids: Arc::new(Drawn),
            clock: Arc::new(Drawn),
        };
        let runs = (0..8).map(|_| { let (run, facts) = (fan_out(), facts.clone()); tokio::spawn(async move {
            run.announce(event, "order.paid", noon(), &facts).await.map_err(|error| error.to_string())
        })});
        for run in runs.collect::<Vec<_>>() {
            run.await.unwrap().unwrap();
        }
        for endpoint in [&sold, &platform] {
            let page = db.queries().list_deliveries(endpoint.id, None, &PageRequest::default()).await.unwrap();
            assert_eq!(page.data.len(), 1);
            assert_eq!((page.data[0].event_id, page.data[0].status), (event, DeliveryStatus::Waiting));
        }
    }

    async fn a_delivery_is_read_as_it_was_written_with_its_tries_the_newest_first(db: TestDb) {
        let endpoint = own_endpoint(&db).await;
        let mut delivery = on_its_way(&db, a_delivery(&endpoint, id(), 0)).await;
        let attempt = |after: i64, outcome: Outcome| {
            Attempt { id: id(), at: seconds(after), took: TimeDelta::milliseconds(15_003), outcome }
        };
        let first = attempt(0, Outcome::Fault(Fault::TimedOut));
        let second = attempt(5, Outcome::Answered { status: 500, body: "oh\u{fffd}no".to_owned() });
        delivery.note(&first.outcome, Jitter(0), seconds(1));
        let tx = db.begin().await;
        let locked = tx.webhook_deliveries().lock(delivery.id).await.unwrap().unwrap();
        assert_eq!(locked.tries, 0);
        tx.webhook_deliveries().update(&delivery).await.unwrap();
        tx.webhook_deliveries().record(delivery.id, &first).await.unwrap();
        let with_a_nul = Outcome::Answered { status: 500, body: "oh\0no".to_owned() };
        tx.webhook_deliveries().record(delivery.id, &Attempt { outcome: with_a_nul, ..second.clone() }).await.unwrap();
        tx.commit().await.unwrap();
        let found = db.queries().find_delivery(endpoint.id, delivery.id).await.unwrap();
        assert_eq!(found, Some(TriedDelivery { delivery: delivery.clone(), attempts: vec![second, first] }));
        let another = own_endpoint(&db).await;
        assert_eq!(db.queries().find_delivery(another.id, delivery.id).await.unwrap(), None);
        assert_eq!(db.queries().find_dispatch(delivery.id).await.unwrap(), Some((delivery, endpoint)));
    }

    async fn deliveries_are_listed_by_status_the_newest_first_a_page_at_a_time(db: TestDb) {
        let endpoint = own_endpoint(&db).await;
        let mut failed = on_its_way(&db, a_delivery(&endpoint, id(), 1)).await;
        let newest = on_its_way(&db, a_delivery(&endpoint, id(), 3)).await;
        let middle = on_its_way(&db, a_delivery(&endpoint, id(), 2)).await;
        failed.give_up(seconds(9));
        updated(&db, &failed).await;
        let list = async |status, page: PageRequest| db.queries().list_deliveries(endpoint.id, status, &page).await.unwrap();
        assert_eq!(list(Some(DeliveryStatus::Failed), PageRequest::default()).await.data, [failed.clone()]);
        let two = PageRequest { limit: Limit::new(2).unwrap(), ..PageRequest::default() };
        let page = list(None, two.clone()).await;
        assert_eq!(page.data, [newest, middle]);
        let rest = list(None, PageRequest { after: page.next, ..two }).await;
        assert_eq!((rest.data, rest.next), (vec![failed], None));
    }

    async fn what_is_due_is_claimed_once_until_the_lease_ends(db: TestDb) {
        let endpoint = own_endpoint(&db).await;
        let first = on_its_way(&db, a_delivery(&endpoint, id(), 0)).await;
        let later = on_its_way(&db, a_delivery(&endpoint, id(), 60)).await;
        assert_eq!(claimed(&db, seconds(-1), 10, &[]).await, []);
        assert_eq!(claimed(&db, noon(), 10, &[]).await, ids(&[&first]));
        assert_eq!(claimed(&db, noon(), 10, &[]).await, []);
        let almost = noon() + LEASE - TimeDelta::microseconds(1);
        assert_eq!(claimed(&db, almost, 10, &[]).await, ids(&[&later]));
        assert_eq!(claimed(&db, noon() + LEASE, 10, &[]).await, ids(&[&first]));
        let mut tried = first.clone();
        tried.note(&Outcome::Fault(Fault::NotReached), Jitter(0), seconds(0));
        updated(&db, &tried).await;
        assert_eq!(claimed(&db, seconds(4), 10, &[]).await, []);
        assert_eq!(claimed(&db, seconds(5), 10, &[]).await, ids(&[&first]));
        tried.note(&Outcome::Answered { status: 200, body: String::new() }, Jitter(0), seconds(6));
        updated(&db, &tried).await;
        assert_eq!(claimed(&db, seconds(1_000), 10, &[]).await, ids(&[&later]));
    }

    async fn many_couriers_at_once_claim_each_delivery_once(db: TestDb) {
        let mut expected = Vec::new();
        for _ in 0..6 {
            let endpoint = own_endpoint(&db).await;
            for _ in 0..3 {
                expected.push(on_its_way(&db, a_delivery(&endpoint, id(), 0)).await.id);
            }
        }
        let couriers = (0..8).map(|_| {
            let store = SqlDeliveryStore::new(db.database());
            tokio::spawn(async move {
                let mut mine = Vec::new();
                for _ in 0..12 {
                    mine.extend(store.claim(noon(), 2, &HashMap::new()).await.unwrap().into_iter().map(|due| due.id));
                }
                mine
            })
        });
        let mut claimed = Vec::new();
        for courier in couriers.collect::<Vec<_>>() {
            claimed.extend(courier.await.unwrap());
        }
        claimed.sort_unstable();
        expected.sort_unstable();
        assert_eq!(claimed, expected);
    }

    async fn a_slow_endpoint_takes_no_more_than_its_share_and_one_that_fails_one_turn_at_a_time(db: TestDb) {
        let (mut slow, other) = (own_endpoint(&db).await, own_endpoint(&db).await);
        let mut waiting = Vec::new();
        for turn in 0..20 {
            waiting.push(on_its_way(&db, a_delivery(&slow, id(), turn - 100)).await);
        }
        let behind = on_its_way(&db, a_delivery(&other, id(), 0)).await;
        assert_eq!(claimed(&db, noon(), 32, &[]).await.len(), 5, "four of the slow one, and the other's");
        assert_eq!(claimed(&db, noon(), 32, &[(&slow, 4)]).await, []);
        assert_eq!(claimed(&db, noon(), 32, &[(&slow, 3)]).await, ids(&[&waiting[4]]));
        slow.failing_since = Some(noon());
        let tx = db.begin().await;
        tx.webhooks().update(&slow).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(claimed(&db, noon(), 32, &[(&slow, 1)]).await, []);
        assert_eq!(claimed(&db, noon(), 32, &[]).await, ids(&[&waiting[5]]));
        // Those of one endpoint stand in a row, and there is little room: the other's turn comes all the same.
        let last = on_its_way(&db, a_delivery(&other, id(), 1)).await;
        assert_eq!(claimed(&db, seconds(1), 1, &[(&slow, 1)]).await, ids(&[&last]));
        assert_ne!(behind.id, last.id);
    }

    async fn what_waits_for_an_endpoint_is_given_up_and_nothing_else(db: TestDb) {
        let (endpoint, other) = (own_endpoint(&db).await, own_endpoint(&db).await);
        let waiting = on_its_way(&db, a_delivery(&endpoint, id(), 0)).await;
        let elsewhere = on_its_way(&db, a_delivery(&other, id(), 0)).await;
        let mut arrived = on_its_way(&db, a_delivery(&endpoint, id(), 0)).await;
        arrived.note(&Outcome::Answered { status: 200, body: String::new() }, Jitter(0), seconds(1));
        updated(&db, &arrived).await;
        let tx = db.begin().await;
        tx.webhook_deliveries().give_up(endpoint.id, seconds(2)).await.unwrap();
        tx.commit().await.unwrap();
        let status = async |one: &Delivery| db.queries().find_dispatch(one.id).await.unwrap().unwrap().0.status;
        assert_eq!(status(&waiting).await, DeliveryStatus::Failed);
        assert_eq!(status(&arrived).await, DeliveryStatus::Delivered);
        assert_eq!(status(&elsewhere).await, DeliveryStatus::Waiting);
    }

    async fn old_deliveries_are_forgotten_unless_they_still_wait(db: TestDb) {
        let endpoint = own_endpoint(&db).await;
        let waiting = on_its_way(&db, a_delivery(&endpoint, id(), 0)).await;
        let mut over = on_its_way(&db, a_delivery(&endpoint, id(), 0)).await;
        let mut younger = on_its_way(&db, a_delivery(&endpoint, id(), 10)).await;
        for delivery in [&mut over, &mut younger] {
            delivery.give_up(seconds(20));
            updated(&db, delivery).await;
        }
        let tx = db.begin().await;
        tx.webhook_deliveries().purge(seconds(10)).await.unwrap();
        tx.commit().await.unwrap();
        let page = db.queries().list_deliveries(endpoint.id, None, &PageRequest::default()).await.unwrap();
        assert_eq!(page.data, [younger, waiting]);
    }

    async fn a_sellers_endpoints_go_with_their_account_and_the_platforms_stay(db: TestDb) {
        let own = own_endpoint(&db).await;
        let platform = endpoint(&db, Owner::Platform, own.created_by, 0).await;
        let tx = db.begin().await;
        tx.account_erasure().erase(own.created_by, noon()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().list_webhooks(own.owner).await.unwrap(), []);
        assert_eq!(db.queries().list_webhooks(Owner::Platform).await.unwrap(), [platform]);
    }
}
