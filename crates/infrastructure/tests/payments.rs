//! The contract of payments, events of gateways and pages of the sandbox, on both databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::RepositoryError;
use application::jobs::{Job, JobStore};
use application::orders::ports::OrderQueries;
use application::payments::ports::{PaymentFilter, PaymentQueries, ReceivedEvent};
use domain::kernel::{Applied, Currency, Limit, Money, OrderId, PageRequest, PaymentId, UserId};
use domain::payments::{
    Asked, GatewayVerdict, HostedSession, PaidBefore, PastAttempt, Payment, PaymentStatus, Purpose, ReturnUrls, Review,
    ReviewStatus,
};
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

fn top_up(customer: UserId, amount: i64) -> Payment {
    let urls = ReturnUrls { success: "/a".into(), cancel: "/b".into() };
    Payment::intend(PaymentId::new(id()), Purpose::TopUp { customer }, cents(amount), urls, noon())
}

fn a_session() -> SandboxSessionRow {
    SandboxSessionRow {
        id: format!("cs_sandbox_{}", id().simple()),
        payment_id: PaymentId::new(id()),
        amount: cents(12_900),
        description: "Order CR-1".into(),
        success_url: "https://shop.example/thanks".into(),
        cancel_url: "https://shop.example/cart".into(),
        held: false,
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
        assert_eq!(PaymentQueries::find(&db.queries(), payment.id).await.unwrap(), Some(payment));
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

        let found = PaymentQueries::find(&db.queries(), payment.id).await.unwrap().unwrap();
        assert_eq!((found.status, found.updated_at), (PaymentStatus::Captured, seconds(2)));
        assert_eq!(found, locked);
        let of_orders = db.queries().of_orders(&[order_of(&payment), OrderId::new(id())]).await.unwrap();
        assert_eq!(of_orders.into_iter().collect::<Vec<_>>(), [(order_of(&payment), locked)]);
        assert!(db.queries().of_orders(&[]).await.unwrap().is_empty());
        assert_eq!(PaymentQueries::find(&db.queries(), PaymentId::new(id())).await.unwrap(), None);
    }

    async fn a_top_up_is_of_no_order(db: TestDb) {
        let customer = a_seller();
        let tops: Vec<Payment> = (0..2).map(|_| top_up(customer.id, 500)).collect();
        let tx = db.begin().await;
        tx.users().insert(&customer).await.unwrap();
        for top_up in &tops {
            tx.payments().insert(top_up).await.unwrap();
        }
        tx.commit().await.unwrap();
        for top_up in tops {
            assert_eq!(PaymentQueries::find(&db.queries(), top_up.id).await.unwrap(), Some(top_up));
        }
    }

    async fn how_it_was_asked_for_and_looked_at_is_kept(db: TestDb) {
        let mut payment = stored(&db).await.asked_for(Asked {
            key: Some("ada:key".into()),
            client: Some("digest".into()),
            description: Some("For Christmas".into()),
        });
        payment.review = Some(Review::open(vec!["declines".into(), "large_amount".into()]));
        let store = async |payment: &Payment| {
            let tx = db.begin().await;
            tx.payments().update(payment).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(PaymentQueries::find(&db.queries(), payment.id).await.unwrap().as_ref(), Some(payment));
        };
        store(&payment).await;
        payment.submit(HostedSession { id: "cs_1".into(), url: "https://pay.example/cs_1".into() }, seconds(1));
        payment.follow(GatewayVerdict::Authorized, seconds(2)).unwrap();
        store(&payment).await;
        assert!(payment.awaits_review());
        let admin = a_seller();
        let tx = db.begin().await;
        tx.users().insert(&admin).await.unwrap();
        tx.commit().await.unwrap();
        payment.decide(ReviewStatus::Approved, Some(admin.id), seconds(3)).unwrap();
        store(&payment).await;
        let tx = db.begin().await;
        assert_eq!(tx.payments().lock_by_key("ada:key").await.unwrap(), Some(payment));
        assert_eq!(tx.payments().lock_by_key("ada:other").await.unwrap(), None);
    }

    async fn a_key_stands_for_one_payment(db: TestDb) {
        let customer = a_seller();
        let named = || top_up(customer.id, 500).asked_for(Asked { key: Some("key".into()), ..Asked::default() });
        let tx = db.begin().await;
        tx.users().insert(&customer).await.unwrap();
        tx.payments().insert(&named()).await.unwrap();
        let refusal = tx.payments().insert(&named()).await;
        assert!(matches!(refusal, Err(RepositoryError::Conflict(_))), "{refusal:?}");
    }

    async fn a_twin_is_a_top_up_of_the_same_customer_and_amount_that_has_not_failed(db: TestDb) {
        let (customer, other) = (a_seller(), a_seller());
        let twin = top_up(customer.id, 500);
        let failed = |status| Payment { status, ..top_up(customer.id, 700) };
        let order = Payment { purpose: Purpose::Order { order: order_of(&stored(&db).await), customer: Some(customer.id) }, ..top_up(customer.id, 900) };
        let tx = db.begin().await;
        tx.users().insert(&customer).await.unwrap();
        tx.users().insert(&other).await.unwrap();
        tx.payments().insert(&twin).await.unwrap();
        tx.payments().insert(&failed(PaymentStatus::Declined)).await.unwrap();
        tx.payments().insert(&failed(PaymentStatus::Voided)).await.unwrap();
        let find = async |who: UserId, amount: Money, since: i64| {
            tx.payments().find_twin(who, amount, seconds(since)).await.unwrap()
        };
        assert_eq!(find(customer.id, cents(500), -1).await, Some(twin.id));
        assert_eq!(find(customer.id, cents(500), 0).await, None, "it is older than that");
        assert_eq!(find(customer.id, cents(501), -1).await, None);
        assert_eq!(find(customer.id, cents(700), -1).await, None, "what has failed may be tried again");
        assert_eq!(find(customer.id, Money::new(500, Currency::parse("USD").unwrap()), -1).await, None);
        assert_eq!(find(other.id, cents(500), -1).await, None);
        let taken = tx.payments().lock_of_order(order_of(&order)).await.unwrap().unwrap();
        tx.payments().update(&Payment { amount: cents(900), purpose: order.purpose, ..taken }).await.unwrap();
        assert_eq!(find(customer.id, cents(900), -1).await, None, "an order has one payment");
    }

    async fn what_is_recorded_of_attempts_is_told_by_customer_and_by_client(db: TestDb) {
        let (customer, other) = (a_seller(), a_seller());
        let attempt = |who: UserId, client: &str, amount: i64, after: i64, status: PaymentStatus| {
            let asked = Asked { client: Some(client.into()), ..Asked::default() };
            Payment { status, created_at: seconds(after), ..top_up(who, amount).asked_for(asked) }
        };
        let tx = db.begin().await;
        tx.users().insert(&customer).await.unwrap();
        tx.users().insert(&other).await.unwrap();
        for (who, client, amount, after, status) in [
            (customer.id, "here", 500, 1, PaymentStatus::Captured),
            (customer.id, "there", 900, 2, PaymentStatus::Captured),
            (customer.id, "here", 9_000, 3, PaymentStatus::Declined),
            (other.id, "here", 100, 4, PaymentStatus::Submitted),
        ] {
            tx.payments().insert(&attempt(who, client, amount, after, status)).await.unwrap();
        }
        let track = async |who, client, after| {
            tx.payments().track(who, client, Currency::EUR, seconds(after)).await.unwrap()
        };
        let past = |after: i64, status| PastAttempt { at: seconds(after), status };
        let (captured, declined) = (PaymentStatus::Captured, PaymentStatus::Declined);
        let known = track(Some(customer.id), "here", 10).await;
        assert_eq!(known.of_customer, [past(3, declined), past(2, captured), past(1, captured)]);
        assert_eq!(known.of_client, [past(4, PaymentStatus::Submitted), past(3, declined), past(1, captured)]);
        assert_eq!(known.paid, Some(PaidBefore { count: 2, most: cents(900) }));
        let guest = track(None, "there", 10).await;
        assert_eq!((guest.of_customer, guest.of_client, guest.paid), (vec![], vec![past(2, captured)], None));
        let later = track(Some(customer.id), "here", 86_402).await;
        assert_eq!(later.of_customer, [past(3, declined)], "a day is looked back");
        assert_eq!(later.paid, known.paid);
        let yen = tx.payments().track(Some(customer.id), "here", Currency::parse("JPY").unwrap(), seconds(10)).await;
        assert_eq!(yen.unwrap().paid, None);
    }

    async fn different_cards_are_counted_by_customer_and_by_client_for_a_day(db: TestDb) {
        let (customer, other) = (a_seller(), a_seller());
        let attempt = |who: UserId, client: &str| {
            top_up(who, 500).asked_for(Asked { client: Some(client.into()), ..Asked::default() })
        };
        let (first, second, others) = (attempt(customer.id, "here"), attempt(customer.id, "there"), attempt(other.id, "here"));
        let tx = db.begin().await;
        for user in [&customer, &other] {
            tx.users().insert(user).await.unwrap();
        }
        for payment in [&first, &second, &others] {
            tx.payments().insert(payment).await.unwrap();
        }
        let note = async |payment: &Payment, cards: &[&str], after: i64| {
            let cards: Vec<String> = cards.iter().map(|card| (*card).to_owned()).collect();
            tx.payments().note_cards(payment.id, &cards, seconds(after)).await.unwrap();
        };
        let counted = async |who: Option<UserId>, client: &str, after: i64| {
            let track = tx.payments().track(who, client, Currency::EUR, seconds(after)).await.unwrap();
            (track.cards, track.client_cards)
        };
        assert_eq!(counted(Some(customer.id), "here", 1).await, (0, 0));
        note(&first, &["a", "b"], 1).await;
        note(&first, &["b", "c"], 2).await;
        note(&second, &["c", "d"], 3).await;
        note(&others, &["a", "e"], 4).await;
        assert_eq!(counted(Some(customer.id), "here", 5).await, (4, 4), "a to d, and a, b, c, e");
        assert_eq!(counted(Some(customer.id), "there", 5).await, (4, 2));
        assert_eq!(counted(Some(other.id), "nowhere", 5).await, (2, 0));
        assert_eq!(counted(None, "here", 5).await, (0, 4));
        assert_eq!(counted(Some(customer.id), "here", 86_402).await, (2, 2), "c and d, and a and e are of the last day");
        assert_eq!(tx.payments().purge_cards(seconds(2)).await.unwrap(), 3);
        assert_eq!(counted(Some(customer.id), "here", 5).await, (2, 2));
    }

    async fn admins_find_payments_by_status_customer_and_order(db: TestDb) {
        let customer = a_seller();
        let top_up = Payment { status: PaymentStatus::Authorized, created_at: seconds(5), ..top_up(customer.id, 500) };
        let tx = db.begin().await;
        tx.users().insert(&customer).await.unwrap();
        tx.payments().insert(&top_up).await.unwrap();
        tx.commit().await.unwrap();
        let guests = stored(&db).await;
        let order = OrderQueries::find(&db.queries(), order_of(&guests)).await.unwrap().unwrap();
        let find = async |text: Option<&str>, statuses: &[PaymentStatus]| {
            let filter =
                PaymentFilter { text: text.map(Into::into), statuses: statuses.to_vec(), gone_back: None };
            let page = db.queries().list_payments(&filter, &PageRequest::default()).await.unwrap();
            page.data.into_iter().map(|found| found.payment.id).collect::<Vec<_>>()
        };
        assert_eq!(find(None, &[]).await, [top_up.id, guests.id]);
        assert_eq!(find(None, &[PaymentStatus::Authorized]).await, [top_up.id]);
        assert_eq!(find(None, &[PaymentStatus::Created, PaymentStatus::Unknown]).await, [guests.id]);
        assert_eq!(find(Some(customer.email.as_str()), &[]).await, [top_up.id]);
        assert_eq!(find(Some("GUEST@example"), &[]).await, [guests.id]);
        assert!(find(Some("nobody@nowhere"), &[]).await.is_empty());
        assert!(find(Some("%"), &[]).await.is_empty());
        let first = db.queries().list_payments(&PaymentFilter::default(), &PageRequest { limit: Limit::new(1).unwrap(), after: None }).await.unwrap();
        let second = PageRequest { limit: Limit::new(1).unwrap(), after: first.next };
        let second = db.queries().list_payments(&PaymentFilter::default(), &second).await.unwrap();
        assert_eq!((first.data[0].payment.id, second.data[0].payment.id, second.next), (top_up.id, guests.id, None));
        let found = db.queries().find_with_customer(guests.id).await.unwrap().unwrap();
        assert_eq!((found.order_number, found.email), (Some(order.number), Some(order.email)));
        let found = db.queries().find_with_customer(top_up.id).await.unwrap().unwrap();
        assert_eq!((found.order_number, found.email), (None, Some(customer.email)));
        assert_eq!(db.queries().find_with_customer(PaymentId::new(id())).await.unwrap(), None);
    }

    async fn a_payment_is_found_by_its_customer_alone(db: TestDb) {
        let (customer, other) = (a_seller(), a_seller());
        let payment = top_up(customer.id, 500);
        let tx = db.begin().await;
        tx.users().insert(&customer).await.unwrap();
        tx.payments().insert(&payment).await.unwrap();
        tx.commit().await.unwrap();
        let guests = stored(&db).await;
        assert_eq!(db.queries().find_owned(customer.id, payment.id).await.unwrap(), Some(payment.clone()));
        assert_eq!(db.queries().find_owned(other.id, payment.id).await.unwrap(), None);
        assert_eq!(db.queries().find_owned(customer.id, guests.id).await.unwrap(), None);
    }

    async fn what_the_gateway_did_may_be_unknown_and_be_known_again(db: TestDb) {
        let payment = stored(&db).await;
        let store = async |payment: &Payment| {
            let tx = db.begin().await;
            tx.payments().update(payment).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(PaymentQueries::find(&db.queries(), payment.id).await.unwrap().as_ref(), Some(payment));
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
        let found = PaymentQueries::find(&db.queries(), payment.id).await.unwrap().unwrap();
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

    async fn money_that_is_promised_is_taken_or_let_go_once(db: TestDb) {
        let sessions = SandboxSessions::new(db.database());
        for first in [SandboxOutcomeRow::Paid, SandboxOutcomeRow::Closed] {
            let session = sessions.open(SandboxSessionRow { held: true, ..a_session() }).await.unwrap();
            let end = async |outcome| sessions.end_promise(&session.id, outcome).await.unwrap().unwrap().outcome;
            assert_eq!(end(first).await, None, "nothing is promised yet");
            sessions.decide(&session.id, SandboxOutcomeRow::Authorized, seconds(1)).await.unwrap();
            assert_eq!(end(first).await, Some(first));
            assert_eq!(end(SandboxOutcomeRow::Paid).await, Some(first));
            assert_eq!(end(SandboxOutcomeRow::Closed).await, Some(first));
        }
        assert_eq!(sessions.end_promise("cs_unknown", SandboxOutcomeRow::Paid).await.unwrap(), None);
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
