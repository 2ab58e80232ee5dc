//! The contract of payments, events of gateways and pages of the sandbox, on both databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::RepositoryError;
use application::jobs::{Job, JobStore};
use application::payments::ports::{PaymentQueries, ReceivedEvent};
use domain::kernel::{Applied, Currency, OrderId, PaymentId};
use domain::payments::{GatewayVerdict, HostedSession, Payment, PaymentStatus, Purpose, ReturnUrls};
use infrastructure::sql::{SandboxOutcomeRow, SandboxSessionRow, SandboxSessions, SqlJobStore};
use testkit::builders::{a_cart, a_payment, a_seller, an_order, an_order_line, cents, id, noon, seconds};
use testkit::{TestDb, both_databases};

/// A payment that is stored, with its order.
async fn stored(db: &TestDb) -> Payment {
    let (seller, cart) = (a_seller(), a_cart());
    let order = an_order(cart.id, vec![an_order_line(&seller)]);
    let payment = a_payment(&order);
    let tx = db.begin().await;
    tx.users().insert(&seller).await.unwrap();
    tx.carts().insert(&cart).await.unwrap();
    tx.orders().insert(&order).await.unwrap();
    tx.payments().insert(&payment).await.unwrap();
    tx.commit().await.unwrap();
    payment
}

fn order_of(payment: &Payment) -> OrderId {
    payment.purpose.order().unwrap()
}

fn a_session() -> SandboxSessionRow {
    SandboxSessionRow {
        id: format!("cs_sandbox_{}", id().simple()),
        payment_id: PaymentId::new(id()),
        amount: cents(12_900),
        description: "Order CR-1".into(),
        success_url: "https://shop.example/thanks".into(),
        cancel_url: "https://shop.example/cart".into(),
        outcome: None,
        created_at: noon(),
    }
}

fn an_event(id: &str) -> ReceivedEvent {
    let (kind, payload) = ("checkout.session.completed".into(), "{\"a\": 1}\u{0}".into());
    ReceivedEvent { gateway: "sandbox", id: id.into(), kind, payload, received_at: noon() }
}

both_databases! {
    async fn a_payment_of_which_nothing_was_left_for_the_card_is_found_as_it_was_written(db: TestDb) {
        let (seller, cart) = (a_seller(), a_cart());
        let order = an_order(cart.id, vec![an_order_line(&seller)]);
        let urls = a_payment(&order).return_urls;
        let purpose = Purpose::Order { order: order.id, customer: None };
        let payment = Payment::settled(PaymentId::new(id()), purpose, Currency::EUR, urls, noon());
        let tx = db.begin().await;
        tx.users().insert(&seller).await.unwrap();
        tx.carts().insert(&cart).await.unwrap();
        tx.orders().insert(&order).await.unwrap();
        tx.payments().insert(&payment).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().find(payment.id).await.unwrap(), Some(payment));
    }

    async fn a_payment_moves_and_is_found(db: TestDb) {
        let payment = stored(&db).await;
        let tx = db.begin().await;
        let mut locked = tx.payments().lock(payment.id).await.unwrap().unwrap();
        assert_eq!(locked, payment);
        locked.submit(HostedSession { id: "cs_1".into(), url: "https://pay.example/cs_1".into() }, seconds(1));
        tx.payments().update(&locked).await.unwrap();
        assert_eq!(tx.payments().lock_of_order(order_of(&payment)).await.unwrap(), Some(locked.clone()));
        locked.follow(GatewayVerdict::Paid, seconds(2)).unwrap();
        tx.payments().update(&locked).await.unwrap();
        tx.commit().await.unwrap();

        let found = db.queries().find(payment.id).await.unwrap().unwrap();
        assert_eq!((found.status, found.updated_at), (PaymentStatus::Captured, seconds(2)));
        assert_eq!(found, locked);
        let of_orders = db.queries().of_orders(&[order_of(&payment), OrderId::new(id())]).await.unwrap();
        assert_eq!(of_orders.into_iter().collect::<Vec<_>>(), [(order_of(&payment), locked)]);
        assert!(db.queries().of_orders(&[]).await.unwrap().is_empty());
        assert_eq!(db.queries().find(PaymentId::new(id())).await.unwrap(), None);
    }

    async fn a_top_up_is_of_no_order(db: TestDb) {
        let customer = a_seller();
        let urls = ReturnUrls { success: "/a".into(), cancel: "/b".into() };
        let purpose = Purpose::TopUp { customer: customer.id };
        let tops: Vec<Payment> =
            (0..2).map(|_| Payment::intend(PaymentId::new(id()), purpose, cents(500), urls.clone(), noon())).collect();
        let tx = db.begin().await;
        tx.users().insert(&customer).await.unwrap();
        for top_up in &tops {
            tx.payments().insert(top_up).await.unwrap();
        }
        tx.commit().await.unwrap();
        for top_up in tops {
            assert_eq!(db.queries().find(top_up.id).await.unwrap(), Some(top_up));
        }
    }

    async fn what_the_gateway_did_may_be_unknown_and_be_known_again(db: TestDb) {
        let payment = stored(&db).await;
        let store = async |payment: &Payment| {
            let tx = db.begin().await;
            tx.payments().update(payment).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(db.queries().find(payment.id).await.unwrap().as_ref(), Some(payment));
        };
        let mut lost = payment.clone();
        lost.lose_sight(seconds(1));
        store(&lost).await; // while its page was being opened
        lost.submit(HostedSession { id: "cs_1".into(), url: "https://pay.example/cs_1".into() }, seconds(2));
        store(&lost).await;
        lost.lose_sight(seconds(3));
        store(&lost).await; // while its page was being closed
        assert_eq!((lost.status, lost.session.is_some()), (PaymentStatus::Unknown, true));
        lost.follow(GatewayVerdict::Closed, seconds(4)).unwrap();
        store(&lost).await;
        assert_eq!(lost.status, PaymentStatus::Voided);
    }

    async fn an_end_is_known_whatever_was_unknown_before(db: TestDb) {
        let payment = stored(&db).await;
        // A copy of the program that knows nothing of the column writes its own.
        let unknown = "UPDATE payments SET status = 'captured', unknown_since = created_at";
        assert_eq!(db.execute(unknown).await.unwrap(), 1);
        let found = db.queries().find(payment.id).await.unwrap().unwrap();
        assert_eq!(found.status, PaymentStatus::Captured);
    }

    async fn an_order_has_one_payment(db: TestDb) {
        let mut twin = stored(&db).await;
        twin.id = PaymentId::new(id());
        let tx = db.begin().await;
        let refusal = tx.payments().insert(&twin).await;
        assert!(matches!(refusal, Err(RepositoryError::Conflict(_))), "{refusal:?}");
    }

    async fn an_event_is_taken_once(db: TestDb) {
        let tx = db.begin().await;
        assert_eq!(tx.webhook_events().insert(&an_event("evt_1")).await.unwrap(), Applied::Now(()));
        assert_eq!(tx.webhook_events().insert(&an_event("evt_1")).await.unwrap(), Applied::Already);
        let elsewhere = ReceivedEvent { gateway: "stripe", ..an_event("evt_1") };
        assert_eq!(tx.webhook_events().insert(&elsewhere).await.unwrap(), Applied::Now(()));
        tx.commit().await.unwrap(); // a known event spoils nothing
        let tx = db.begin().await;
        assert_eq!(tx.webhook_events().insert(&an_event("evt_1")).await.unwrap(), Applied::Already);
    }

    async fn the_same_payment_always_gets_the_same_page(db: TestDb) {
        let sessions = SandboxSessions::new(db.database());
        let session = a_session();
        assert_eq!(sessions.open(session.clone()).await.unwrap(), session);
        let again = SandboxSessionRow { payment_id: session.payment_id, ..a_session() };
        assert_eq!(sessions.open(again.clone()).await.unwrap(), session);
        assert_eq!(sessions.find(&session.id).await.unwrap(), Some(session));
        assert_eq!(sessions.find(&again.id).await.unwrap(), None);
    }

    async fn the_first_decision_counts_and_calls_the_webhook_once(db: TestDb) {
        let sessions = SandboxSessions::new(db.database());
        let session = a_session();
        sessions.open(session.clone()).await.unwrap();
        let decide = |outcome| sessions.decide(&session.id, outcome, seconds(1));
        let paid = SandboxSessionRow { outcome: Some(SandboxOutcomeRow::Paid), ..session.clone() };
        assert_eq!(decide(SandboxOutcomeRow::Paid).await.unwrap(), Some(paid.clone()));
        assert_eq!(decide(SandboxOutcomeRow::Declined).await.unwrap(), Some(paid.clone()));
        assert_eq!(decide(SandboxOutcomeRow::Closed).await.unwrap(), Some(paid));
        assert_eq!(sessions.decide("cs_unknown", SandboxOutcomeRow::Paid, seconds(1)).await.unwrap(), None);
        let jobs = SqlJobStore::new(db.database()).claim(seconds(1), 10).await.unwrap();
        let planned: Vec<_> = jobs.into_iter().map(|job| job.job.unwrap()).collect();
        assert_eq!(planned, [Job::DeliverSandboxEvent { session_id: session.id.clone() }]);
    }

    async fn of_many_decisions_at_once_one_counts(db: TestDb) {
        let sessions = SandboxSessions::new(db.database());
        let session = sessions.open(a_session()).await.unwrap();
        let outcomes = [SandboxOutcomeRow::Paid, SandboxOutcomeRow::Declined, SandboxOutcomeRow::Closed];
        let tries: Vec<_> = outcomes.into_iter().cycle().take(12).map(|outcome| {
            let (sessions, id) = (sessions.clone(), session.id.clone());
            tokio::spawn(async move { sessions.decide(&id, outcome, seconds(1)).await.unwrap().unwrap().outcome })
        }).collect();
        let mut answers = Vec::new();
        for one in tries {
            answers.push(one.await.unwrap());
        }
        assert!(answers[0].is_some() && answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(SqlJobStore::new(db.database()).claim(seconds(1), 10).await.unwrap().len(), 1);
    }
}
