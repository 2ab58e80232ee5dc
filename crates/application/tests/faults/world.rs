//! Where the stories happen: one database and one gateway, a process in which things go wrong, and the one that is started after
//! it. Time is the test's own, and passes as fast as there is nothing to do.

use crate::around::{Hands, Letterbox, Line};
use crate::services::{Gateway, Post, Services};
use application::gift_cards::ports::{CardWithBalance, GiftCardQueries};
use application::ledger::ports::LedgerQueries;
use application::ledger::statement::StatementQueries;
use application::orders::ports::OrderQueries;
use application::payments::ports::PaymentQueries;
use application::system::Clock;
use domain::identity::{Role, User};
use domain::kernel::{GiftCardId, OrderId, UserId, VariantId, WebhookId};
use domain::orders::Order;
use domain::payments::Payment;
use domain::refunds::RefundVerdict;
use domain::webhooks::{Endpoint, EventKind, NewEndpoint, Owner};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use testkit::builders::{a_user, id};
use testkit::sql::SqlJobStore;
use testkit::{Fault, Faults, TestDb};

/// How many stories are told on one database.
const TOLD_IN_ONE_WORLD: u32 = 20;

/// What somebody wants of the shop.
pub trait Story {
    /// Whom and what it is about.
    type Case;

    /// What there is before: nothing of it fails.
    async fn begins(&self, world: &World) -> Self::Case;
    /// The request, which is the same each time.
    async fn asks(&self, process: &Process, case: &Self::Case);
    /// Whether they ask again when something went wrong.
    fn asks_again(&self) -> bool;
    /// Whether whoever has a page of the gateway pays.
    fn pays(&self) -> bool;
    /// How much longer than usual the next process has to wait until nothing is left to do, in seconds.
    fn takes_longer(&self) -> i64 {
        0
    }
    /// What must hold when the process is gone, and nothing was repaired yet.
    async fn breaks(&self, _: &World, _: &Self::Case) {}
    /// What must hold when everything is done.
    async fn ends(&self, world: &World, case: &Self::Case);
}

/// Tells the story with each fault at each point, and once more without one that is met.
pub async fn points_of(db: TestDb, story: &impl Story) -> Points {
    let began = Instant::now();
    let mut world = World::open(db).await;
    let (mut points, mut told) = (Points(Vec::new()), 0_u32);
    for fault in Fault::ALL {
        let mut met = 0;
        while world.tells(story, fault, met + 1).await {
            met += 1;
            told += 1;
            // Each check reads all that was ever booked.
            if told.is_multiple_of(TOLD_IN_ONE_WORLD) {
                world = World::open(world.db.another().await).await;
            }
        }
        points.0.push((fault, met));
    }
    let all: u32 = points.0.iter().map(|(_, met)| met).sum();
    eprintln!("{all} points in {:.1} s: {:?}", began.elapsed().as_secs_f64(), points.0);
    points
}

/// How many points there are of each fault.
pub struct Points(Vec<(Fault, u32)>);

impl Points {
    pub fn at_least(&self, statements: u32, commits: u32, calls: u32) {
        for (fault, met) in &self.0 {
            let least = match fault {
                Fault::StatementFails | Fault::DiesAfterStatement => statements,
                Fault::CommitIsSilent => commits,
                Fault::GatewayIsAway | Fault::GatewayIsSilent | Fault::DiesBeforeCall | Fault::DiesAfterCall => calls,
            };
            assert!(*met >= least, "{fault:?} was met at {met} points, not at {least}");
        }
    }
}

/// The shop as one process has it.
pub struct Process {
    pub services: Services,
    pub jobs: SqlJobStore,
}

/// Everything there is.
pub struct World {
    pub db: TestDb,
    pub gateway: Arc<Gateway>,
    pub post: Arc<Post>,
    pub sound: Process,
    weak: Process,
    faults: Arc<Faults>,
    pub hands: Arc<Hands>,
    /// The jobs of this story that were begun, by what they are.
    pub begun: Mutex<BTreeMap<String, BTreeSet<uuid::Uuid>>>,
    /// What the gateway has to tell.
    pub events: Mutex<Vec<String>>,
    /// Who redeems the gift cards that they get by mail, and those of which they know that they have.
    pub friend: Mutex<Option<User>>,
    pub redeemed: Mutex<BTreeSet<String>>,
}

impl World {
    async fn open(db: TestDb) -> Self {
        let faults = Arc::new(Faults::beside(&db).await);
        let (gateway, hands) = (Arc::new(Gateway::default()), Arc::new(Hands::default()));
        let post = Arc::new(Post::default());
        gateway.says(RefundVerdict::Pending);
        let line = Arc::new(Line { gateway: gateway.clone(), faults: faults.clone() });
        let letterbox = Arc::new(Letterbox { post: post.clone(), faults: faults.clone() });
        let weak = Services::over(faults.database(), faults.transactor(), &line, letterbox, hands.clone());
        let weak = Process { services: weak, jobs: SqlJobStore::new(faults.database()) };
        let transactor = Arc::new(db.database().transactor());
        let sound = Services::over(db.database(), transactor, &gateway, post.clone(), hands.clone());
        let sound = Process { services: sound, jobs: SqlJobStore::new(db.database()) };
        let (begun, events, friend, redeemed) = Default::default();
        let world = Self { db, gateway, post, sound, weak, faults, hands, begun, events, friend, redeemed };
        world.is_listened_to().await;
        world
    }

    /// Somebody has an endpoint: without any nothing is announced.
    async fn is_listened_to(&self) {
        let admin = self.an_admin().await;
        let new = NewEndpoint {
            id: WebhookId::new(id()),
            owner: Owner::Platform,
            created_by: admin.id,
            url: "https://merchant.example/hook".to_owned(),
            description: None,
            events: vec![EventKind::OrderPaid],
            secret: "sealed".to_owned(),
        };
        let tx = self.db.begin().await;
        tx.webhooks().insert(&Endpoint::create(new, self.hands.now()).unwrap()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Whether the fault was met.
    async fn tells<S: Story>(&self, story: &S, fault: Fault, nth: u32) -> bool {
        let _place = Place(fault, nth);
        let case = story.begins(self).await;
        self.begun.lock().unwrap().clear();
        self.faults.plan(fault, nth).await;
        let life = async {
            story.asks(&self.weak, &case).await;
            self.time_passes(&self.weak, story.pays(), 0).await;
        };
        let survived = Faults::survives(life).await.is_some();
        let met = self.faults.lift();
        let deadly = matches!(fault, Fault::DiesAfterStatement | Fault::DiesBeforeCall | Fault::DiesAfterCall);
        assert_eq!(survived, !(met && deadly), "who dies where nothing is planned?");
        story.breaks(self, &case).await;
        self.db.assert_ledger_is_sound().await;
        // The next process.
        if story.asks_again() {
            story.asks(&self.sound, &case).await;
        }
        self.time_passes(&self.sound, story.pays(), story.takes_longer()).await;
        assert_eq!(self.db.number("SELECT COUNT(*) FROM jobs").await, 0, "there is work that is never done");
        story.ends(self, &case).await;
        self.db.assert_ledger_is_sound().await;
        met
    }

    /// How many jobs of a kind, or announcements of an event, there were in this story.
    pub fn planned(&self, what: &str) -> usize {
        self.begun.lock().unwrap().get(what).map_or(0, BTreeSet::len)
    }

    /// What is on a card, in cents.
    pub async fn on_card(&self, card: GiftCardId) -> i64 {
        let CardWithBalance { balance, .. } = self.db.queries().find_card(card).await.unwrap().unwrap();
        balance.amount()
    }

    /// What is in a customer's balance, in cents.
    pub async fn balance(&self, customer: &User) -> i64 {
        self.db.queries().balances(customer.id).await.unwrap().iter().map(|balance| balance.amount()).sum()
    }

    pub async fn stock(&self, variant: VariantId) -> u32 {
        let tx = self.db.begin().await;
        tx.stock().offers(&[variant]).await.unwrap()[0].stock
    }

    pub async fn order(&self, id: OrderId) -> Order {
        OrderQueries::find(&self.db.queries(), id).await.unwrap().unwrap()
    }

    pub async fn payment_of(&self, order: OrderId) -> Payment {
        self.db.queries().of_orders(&[order]).await.unwrap().remove(&order).unwrap()
    }

    /// What a seller is owed, and was sent, in cents.
    pub async fn earned(&self, seller: UserId) -> (i64, i64) {
        let earnings = self.db.queries().earnings(seller).await.unwrap();
        earnings.iter().fold((0, 0), |(owed, sent), one| (owed + one.balance.amount(), sent + one.paid_out.amount()))
    }

    /// How often the security log tells of something.
    pub async fn logged(&self, what: &str) -> i64 {
        self.db.number(&format!("SELECT COUNT(*) FROM security_events WHERE kind = '{what}'")).await
    }

    pub async fn an_admin(&self) -> User {
        let admin = User { role: Role::Admin, ..a_user() };
        let tx = self.db.begin().await;
        tx.users().insert(&admin).await.unwrap();
        tx.commit().await.unwrap();
        admin
    }

    /// What all orders hold, in cents.
    pub async fn held(&self) -> i64 {
        let sql = "SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) FROM ledger_balances WHERE account = 'order_hold'";
        self.db.number(sql).await
    }
}

/// Says where a story went wrong.
struct Place(Fault, u32);

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{:?}, the {}. time", self.0, self.1);
        }
    }
}
