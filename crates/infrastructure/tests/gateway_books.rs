//! Our captured payments are the gateway's: held against Stripe's books and the sandbox's, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use application::ledger::check::books::GatewayBooks;
use application::ledger::check::{Report, Verdict};
use application::payments::ports::PaymentGateway;
use application::payments::sandbox::{SandboxOutcome, SandboxPage};
use application::refunds::ports::{CardRefund, RefundGateway};
use application::system::Clock;
use domain::kernel::{RefundId, UserId};
use domain::ledger::movements::TopUp;
use domain::payments::{GatewayVerdict, Payment, PaymentStatus};
use infrastructure::crypto::{KeyRing, SigningKey};
use infrastructure::payment::{SandboxAddresses, SandboxBooks, SandboxGateway, StripeGateway};
use infrastructure::sql::payments::SandboxSessions;
use infrastructure::system::{SystemClock, SystemSecrets};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use testkit::builders::{a_top_up, a_user, cents, id};
use testkit::stripe_peer::{Call, Mood};
use testkit::{StripePeer, TestDb, both_databases};

static KEY: LazyLock<KeyRing> = LazyLock::new(|| KeyRing::parse(&SigningKey::generate_pem().unwrap()).unwrap());
const AGREE: &str = "3 of stripe's payments";

async fn stripe() -> (StripePeer, Arc<StripeGateway>) {
    let peer = StripePeer::start().await;
    let patience = Duration::from_millis(700);
    let gateway = StripeGateway::with_patience(peer.address(), StripePeer::KEY, StripePeer::WEBHOOK_SECRET, patience);
    (peer, Arc::new(gateway.unwrap()))
}

fn sandbox(db: &TestDb) -> SandboxGateway {
    let addresses = SandboxAddresses { public_url: "https://shop.example".to_owned(), webhook_url: String::new() };
    let (sessions, secret) = (SandboxSessions::new(db.database()), KEY.derive("sandbox webhook"));
    SandboxGateway::new(sessions, secret, Arc::new(SystemClock), Arc::new(SystemSecrets), addresses).unwrap()
}

fn begun(customer: UserId) -> Payment {
    Payment { status: PaymentStatus::Created, created_at: SystemClock.now(), ..a_top_up(customer, cents(500)) }
}

/// Money that was paid into a balance on a page of the gateway's.
async fn paid_in(db: &TestDb, gateway: &dyn PaymentGateway, pays: impl AsyncFnOnce(&str)) -> Payment {
    let customer = a_user();
    let now = SystemClock.now();
    let mut payment = begun(customer.id);
    let page = gateway.open(&payment, None).await.unwrap();
    pays(&page.id).await;
    payment.submit(page, now);
    payment.follow(GatewayVerdict::Paid, now).unwrap();
    let posting = TopUp { payment: payment.id, user: customer.id, amount: payment.amount }.posting().unwrap();
    let tx = db.begin().await;
    tx.users().insert(&customer).await.unwrap();
    tx.payments().insert(&payment).await.unwrap();
    tx.ledger().post(&posting, now).await.unwrap();
    tx.commit().await.unwrap();
    payment
}

/// Somebody began to pay, and left.
async fn left(gateway: &SandboxGateway) -> Payment {
    let payment = begun(a_user().id);
    let page = gateway.open(&payment, None).await.unwrap();
    gateway.choose(&page.id, SandboxOutcome::Cancel).await.unwrap();
    payment
}

async fn three_at_stripe(db: &TestDb, peer: &StripePeer, gateway: &StripeGateway) -> Vec<Payment> {
    let mut payments = Vec::new();
    for _ in 0..3 {
        payments.push(paid_in(db, gateway, async |page| assert!(peer.pays(page))).await);
    }
    payments
}

fn page_of(payment: &Payment) -> &str {
    &payment.session.as_ref().unwrap().id
}

async fn report_of(db: &TestDb, books: &Arc<impl GatewayBooks + 'static>) -> Report {
    db.check_ledger_with(Some(books.clone())).await
}

async fn said(db: &TestDb, books: &Arc<impl GatewayBooks + 'static>) -> Verdict {
    report_of(db, books).await.lines[11].verdict.clone()
}

/// What is wrong with the gateway's books, and only with them.
async fn broken(db: &TestDb, books: &Arc<impl GatewayBooks + 'static>) -> String {
    let report = report_of(db, books).await;
    let all: Vec<_> = report.lines.iter().filter(|line| matches!(line.verdict, Verdict::Broken(_))).collect();
    let [line] = all.as_slice() else { panic!("{all:?}") };
    let (12, Verdict::Broken(row)) = (line.number, &line.verdict) else { panic!("{line:?}") };
    row.clone()
}

fn holds(text: &str) -> Verdict {
    Verdict::HoldsInPart(text.to_owned())
}

both_databases! {
    async fn stripe_has_taken_what_we_say_and_nothing_else(db: TestDb) {
        let (peer, gateway) = stripe().await;
        three_at_stripe(&db, &peer, &gateway).await;
        let report = report_of(&db, &gateway).await;
        assert_eq!((&report.lines[10].verdict, &report.lines[11].verdict), (&Verdict::Holds, &holds(AGREE)));
        assert!(report.is_sound() && report.is_whole());
        // Others' money, and what was not paid, is none of ours.
        peer.takes(None, 500, "eur");
        peer.takes(Some("their order 5"), 500, "eur");
        let open = gateway.open(&begun(a_user().id), None).await.unwrap();
        peer.is_declined(&open.id);
        assert_eq!(said(&db, &gateway).await, holds(AGREE));
    }

    async fn a_payment_that_stripe_has_taken_and_we_do_not_know_is_found(db: TestDb) {
        let (peer, gateway) = stripe().await;
        let payments = three_at_stripe(&db, &peer, &gateway).await;
        let unknown = id().to_string();
        let name = peer.takes(Some(&unknown), 700, "eur");
        let told = broken(&db, &gateway).await;
        assert_eq!(told, format!("payment {unknown}: stripe has taken 7.00 EUR for it as {name}, and it is not there"));
        let (peer, gateway) = stripe().await;
        let again = peer.takes(Some(&payments[0].id.to_string()), 500, "eur");
        peer.takes(Some(&payments[1].id.to_string()), 500, "eur");
        peer.takes(Some(&payments[2].id.to_string()), 500, "eur");
        assert_eq!(said(&db, &gateway).await, holds(AGREE));
        peer.takes(Some(&payments[0].id.to_string()), 500, "eur");
        assert!(broken(&db, &gateway).await.contains(&format!("once more as {again}")), "the list begins with the newest");
    }

    async fn what_became_of_ours_is_held_against_what_stripe_has_taken(db: TestDb) {
        let (peer, gateway) = stripe().await;
        let payments = three_at_stripe(&db, &peer, &gateway).await;
        let (id, page) = (payments[1].id, page_of(&payments[1]));
        peer.has_taken(page, 499);
        assert!(broken(&db, &gateway).await.starts_with(&format!("payment {id}: stripe has taken 4.99 EUR (pi_")));
        peer.has_taken(page, 500);
        assert_eq!(said(&db, &gateway).await, holds(AGREE));
        peer.gives_back_by_hand(page, 200);
        assert!(broken(&db, &gateway).await.starts_with(&format!("payment {id}: stripe has given back 2.00 EUR of it (pi_")));
        peer.forgets(page);
        assert_eq!(broken(&db, &gateway).await, format!("payment {id}: stripe has not taken its 5.00 EUR"));
        db.execute(&format!("UPDATE payments SET session_id = 'cs_live_1' WHERE session_id = '{page}'")).await.unwrap();
        let told = "2 of stripe's payments; of other gateways, or of play money, and so not compared: 1";
        assert_eq!(said(&db, &gateway).await, holds(told));
    }

    async fn a_payment_that_is_on_its_way_is_not_wrong_and_one_that_ended_otherwise_is(db: TestDb) {
        let (peer, gateway) = stripe().await;
        let payments = three_at_stripe(&db, &peer, &gateway).await;
        let this = format!("WHERE session_id = '{}'", page_of(&payments[0]));
        for open in ["submitted", "authorized", "created"] {
            db.execute(&format!("UPDATE payments SET status = '{open}' {this}")).await.unwrap();
            assert_eq!(said(&db, &gateway).await, holds("3 of stripe's payments, of which we are about to hear: 1"), "{open}");
        }
        db.execute(&format!("UPDATE payments SET status = 'voided' {this}")).await.unwrap();
        let Verdict::Broken(row) = said(&db, &gateway).await else { panic!("it was taken") };
        assert!(row.starts_with(&format!("payment {}", payments[0].id)) && row.ends_with("but it is voided"), "{row}");
    }

    async fn books_of_many_pages_are_read_to_their_end_or_nothing_is_said(db: TestDb) {
        let (peer, gateway) = stripe().await;
        three_at_stripe(&db, &peer, &gateway).await;
        for _ in 0..230 {
            peer.takes(None, 100, "usd");
        }
        assert_eq!(said(&db, &gateway).await, holds(AGREE));
        let lists = || peer.asked().iter().filter(|asked| asked.line.starts_with("GET /v1/payment_intents?")).count();
        assert_eq!(lists(), 3);
        for mood in [Mood::HangsUpBefore, Mood::HangsUpAfter, Mood::SilentAfter, Mood::Down(503), Mood::Busy("rate_limit")] {
            for pages in 0..3 {
                for _ in 0..pages {
                    peer.next(Call::List, Mood::Obliging);
                }
                peer.next(Call::List, mood);
                let report = report_of(&db, &gateway).await;
                let Verdict::Unanswered(why) = &report.lines[11].verdict else { panic!("{mood:?}: {report:?}") };
                assert!(why.starts_with("after 0 of its payments stripe told no more: it"), "{mood:?}: {why}");
                assert!(report.is_sound() && !report.is_whole(), "{mood:?}");
            }
        }
        assert_eq!(said(&db, &gateway).await, holds(AGREE));
    }

    async fn money_that_went_back_in_the_sandbox_alone_is_found(db: TestDb) {
        let sandbox = sandbox(&db);
        let books = Arc::new(SandboxBooks::new(SandboxSessions::new(db.database())));
        let pays = async |page: &str| {
            sandbox.choose(page, SandboxOutcome::Succeed).await.unwrap();
        };
        let payment = paid_in(&db, &sandbox, pays).await;
        assert_eq!(said(&db, &books).await, holds("1 of sandbox's payments"));
        let wish = CardRefund { id: RefundId::new(id()), amount: cents(200), asked_before: false, known_as: None };
        sandbox.refund(&payment, &wish).await.unwrap();
        assert!(broken(&db, &books).await.contains("sandbox has given back 2.00 EUR of it"));
        db.execute("DELETE FROM sandbox_refunds").await.unwrap();
        assert_eq!(said(&db, &books).await, holds("1 of sandbox's payments"));
    }

    async fn the_sandbox_is_held_to_the_same(db: TestDb) {
        let sandbox = sandbox(&db);
        let books = Arc::new(SandboxBooks::new(SandboxSessions::new(db.database())));
        let pays = async |page: &str| {
            sandbox.choose(page, SandboxOutcome::Succeed).await.unwrap();
        };
        let payment = paid_in(&db, &sandbox, pays).await;
        let left = left(&sandbox).await;
        assert_eq!(said(&db, &books).await, holds("1 of sandbox's payments"));
        db.execute("UPDATE sandbox_sessions SET amount = 501").await.unwrap();
        assert!(broken(&db, &books).await.contains("sandbox has taken 5.01 EUR"));
        db.execute("UPDATE sandbox_sessions SET amount = 500, outcome = 'closed'").await.unwrap();
        assert_eq!(broken(&db, &books).await, format!("payment {}: sandbox has not taken its 5.00 EUR", payment.id));
        db.execute("UPDATE sandbox_sessions SET outcome = 'paid'").await.unwrap();
        assert!(broken(&db, &books).await.starts_with(&format!("payment {}: sandbox has taken 5.00 EUR for it", left.id)));
    }

    async fn the_sandboxs_pages_are_read_however_many_they_are(db: TestDb) {
        let sessions = SandboxSessions::new(db.database());
        let gateway = sandbox(&db);
        for _ in 0..5 {
            let page = gateway.open(&begun(a_user().id), None).await.unwrap();
            gateway.choose(&page.id, SandboxOutcome::Succeed).await.unwrap();
        }
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = sessions.taken(after.as_deref(), 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.session_id.clone());
            seen.extend(page.into_iter().map(|taken| taken.session_id));
        }
        let mut sorted = seen.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!((sorted.len(), seen.len()), (5, 5));
    }
}
