//! Where the stories happen: one database and one gateway, a process in which things go wrong, and the one that is started after
//! it. Time is the test's own, and passes as fast as there is nothing to do.

use crate::around::{Hands, Line};
use crate::services::{Gateway, Services};
use application::checkout::cancel::CancelOrders;
use application::checkout::settle::SettlePayments;
use application::gift_cards::ports::{CardWithBalance, GiftCardQueries};
use application::jobs::{ClaimedJob, Job, JobFailure, JobStore, backoff};
use application::ledger::ports::LedgerQueries;
use application::orders::ports::OrderQueries;
use application::payments::expire::ExpireTopUps;
use application::payments::hear::HearGateway;
use application::refunds::follow::FollowRefunds;
use application::system::Clock;
use domain::identity::User;
use domain::kernel::{GiftCardId, OrderId, PaymentId, RefundId, VariantId};
use domain::orders::Order;
use domain::refunds::RefundVerdict;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use testkit::sql::SqlJobStore;
use testkit::{Fault, Faults, TestDb};

/// How long nothing happens before jobs are looked for again, in seconds: until those of a request are due, those that ask
/// again, and those that give up; then until every lease has ended and every job is done.
const PAUSES: [i64; 8] = [0, 20, 130, 1_700, 300, 300, 300, 300];

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
    jobs: SqlJobStore,
}

/// Everything there is.
pub struct World {
    pub db: TestDb,
    pub gateway: Arc<Gateway>,
    pub sound: Process,
    weak: Process,
    faults: Arc<Faults>,
    hands: Arc<Hands>,
    /// The jobs of this story that were begun, by what they are.
    begun: Mutex<BTreeMap<String, BTreeSet<uuid::Uuid>>>,
    /// What the gateway has to tell.
    events: Mutex<Vec<PaymentId>>,
}

impl World {
    async fn open(db: TestDb) -> Self {
        let faults = Arc::new(Faults::beside(&db).await);
        let (gateway, hands) = (Arc::new(Gateway::default()), Arc::new(Hands::default()));
        gateway.says(RefundVerdict::Pending);
        let line = Arc::new(Line { gateway: gateway.clone(), faults: faults.clone() });
        let weak = Services::over(faults.database(), faults.transactor(), &line, hands.clone());
        let weak = Process { services: weak, jobs: SqlJobStore::new(faults.database()) };
        let sound = Services::over(db.database(), Arc::new(db.database().transactor()), &gateway, hands.clone());
        let sound = Process { services: sound, jobs: SqlJobStore::new(db.database()) };
        Self { db, gateway, sound, weak, faults, hands, begun: Mutex::default(), events: Mutex::default() }
    }

    /// Whether the fault was met.
    async fn tells<S: Story>(&self, story: &S, fault: Fault, nth: u32) -> bool {
        let _place = Place(fault, nth);
        let case = story.begins(self).await;
        self.begun.lock().unwrap().clear();
        self.faults.plan(fault, nth).await;
        let life = async {
            story.asks(&self.weak, &case).await;
            self.time_passes(&self.weak, story.pays()).await;
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
        self.time_passes(&self.sound, story.pays()).await;
        assert_eq!(self.db.number("SELECT COUNT(*) FROM jobs").await, 0, "there is work that is never done");
        story.ends(self, &case).await;
        self.db.assert_ledger_is_sound().await;
        met
    }

    /// Jobs are done as they become due, pages are paid, and the gateway tells of it, until all is done.
    pub async fn time_passes(&self, process: &Process, pays: bool) {
        for pause in PAUSES {
            self.hands.move_by(pause);
            if pays {
                self.events.lock().unwrap().extend(self.gateway.everybody_pays());
            }
            self.gateway_tells(process).await;
            self.works(process).await;
            self.gateway.refunds_arrive();
            if self.is_quiet(pays).await {
                return;
            }
        }
    }

    /// Whether nothing is left to do, or to wait for.
    async fn is_quiet(&self, pays: bool) -> bool {
        let told = self.events.lock().unwrap().is_empty() && !(pays && self.gateway.waits());
        told && self.db.number("SELECT COUNT(*) FROM jobs").await == 0
    }

    /// Of each event twice, and again later unless both were taken.
    async fn gateway_tells(&self, process: &Process) {
        let events = self.events.lock().unwrap().clone();
        for event in events {
            let body = event.uuid().to_string();
            let (first, second) = (self.hears(process, &body).await, self.hears(process, &body).await);
            if first && second {
                self.events.lock().unwrap().retain(|other| *other != event);
            }
        }
    }

    async fn hears(&self, process: &Process, body: &str) -> bool {
        process.services.ear.hear("double", body.as_bytes(), "").await.is_ok()
    }

    /// Does what is due, as the worker does. What is claimed is noted by the test, and not struck: whose claim is lost is as one
    /// who dies before the job.
    async fn works(&self, process: &Process) {
        loop {
            let claimed = self.sound.jobs.claim(self.hands.now(), 100).await.unwrap();
            if claimed.is_empty() {
                return;
            }
            for ClaimedJob { id, job, attempt } in claimed {
                let job = job.unwrap();
                self.begun.lock().unwrap().entry(name(&job)).or_default().insert(id);
                // What can't be noted is done again when its lease ends.
                let _ = match perform(&process.services, &job).await {
                    Ok(()) => process.jobs.complete(id).await,
                    Err(JobFailure::Retry(why)) => {
                        process.jobs.retry(id, self.hands.now() + backoff(attempt), &why).await
                    }
                    Err(JobFailure::Fail(why)) => panic!("{job:?} is buried: {why}"),
                };
            }
        }
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

/// By what a job is counted: its kind; of announcements, what is announced.
fn name(job: &Job) -> String {
    match job {
        Job::AnnounceEvent { event, .. } => event.clone(),
        job => format!("{job:?}").split(' ').next().unwrap_or_default().to_owned(),
    }
}

/// What moves money is done; mails and announcements are only counted.
async fn perform(services: &Services, job: &Job) -> Result<(), JobFailure> {
    match job {
        Job::SubmitPayment { payment_id } => Ok(services.settlement.submit(PaymentId::new(*payment_id)).await?),
        Job::SettlePayment { payment_id } => Ok(services.settlement.settle(PaymentId::new(*payment_id)).await?),
        Job::ReconcilePayment { payment_id } => Ok(services.settlement.reconcile(PaymentId::new(*payment_id)).await?),
        Job::ExpireOrder { order_id } => Ok(services.cancellation.expire(OrderId::new(*order_id)).await?),
        Job::ExpireTopUp { payment_id } => Ok(services.top_up_expiry.expire(PaymentId::new(*payment_id)).await?),
        Job::ReconcileRefund { refund_id } => Ok(services.following.reconcile(RefundId::new(*refund_id)).await?),
        _ => Ok(()),
    }
}
