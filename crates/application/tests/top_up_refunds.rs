//! What goes back of top-ups, on real databases: never more than was paid in, never more than the balance holds, under races,
//! replays and silence.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helper functions of tests may fail as tests do"
)]

#[path = "services/mod.rs"]
mod services;

use application::ledger::ports::LedgerQueries;
use application::payments::ports::PaymentQueries;
use application::refunds::SettleRefundError;
use application::refunds::follow::FollowRefunds;
use application::refunds::top_ups::follow::TopUpRefundFollowing;
use application::refunds::top_ups::give::{GiveTopUpRefunds, RefundTopUpCommand, RefundTopUpError, TopUpRefundDesk};
use application::refunds::top_ups::ports::TopUpRefundQueries;
use application::system::Clock;
use domain::identity::{Role, User};
use domain::kernel::{CartId, Currency, Money, PaymentId, RefundId};
use domain::ledger::movements::{Held, OrderHeld, OrderPaid, SoldLine, TopUp};
use domain::orders::{Tender, TenderSource};
use domain::payments::{HostedSession, Payment, PaymentStatus, Purpose, TopUpRefusal};
use domain::refunds::{RefundStatus, RefundVerdict, TopUpRefund};
use services::{Gateway, Services, all, allowed};
use std::sync::Arc;
use testkit::builders::{a_cart, a_payment, a_seller, a_top_up, a_user, an_order, an_order_line, cents, id};
use testkit::system::{SystemClock, UuidGenerator};
use testkit::{TestDb, both_databases};

/// A shop with one customer, who has paid 300.00 into their balance.
struct Desk {
    db: TestDb,
    gateway: Arc<Gateway>,
    desk: TopUpRefundDesk,
    following: TopUpRefundFollowing,
    customer: User,
    admin: User,
    payment: PaymentId,
}

impl Desk {
    async fn open(db: TestDb) -> Self {
        let gateway = Arc::new(Gateway::default());
        let (queries, transactor) = (Arc::new(db.database().queries()), Arc::new(db.database().transactor()));
        let (customer, admin) = (a_user(), User { role: Role::Admin, ..a_user() });
        let page = format!("cs_{}", id().simple());
        let session = HostedSession { url: format!("https://gateway.example/{page}"), id: page };
        let payment = Payment { session: Some(session), ..a_top_up(customer.id, cents(30_000)) };
        let posting = TopUp { payment: payment.id, user: customer.id, amount: payment.amount }.posting().unwrap();
        let tx = db.begin().await;
        for user in [&customer, &admin] {
            tx.users().insert(user).await.unwrap();
        }
        tx.payments().insert(&payment).await.unwrap();
        tx.ledger().post(&posting, SystemClock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let clock = Arc::new(SystemClock);
        Self {
            desk: TopUpRefundDesk {
                refunds: queries.clone(),
                payments: queries.clone(),
                transactor: transactor.clone(),
                gateway: gateway.clone(),
                ids: Arc::new(UuidGenerator),
                clock: clock.clone(),
            },
            following: TopUpRefundFollowing {
                refunds: queries.clone(),
                payments: queries,
                gateway: gateway.clone(),
                transactor,
                clock,
                others: Arc::new(Services::at(db.database(), &gateway).following),
            },
            db,
            gateway,
            customer,
            admin,
            payment: payment.id,
        }
    }

    /// Asked again under its key while the database has too much to do.
    async fn gives(&self, amount: Option<i64>, key: usize) -> Result<TopUpRefund, RefundTopUpError> {
        let (payment, amount) = (self.payment, amount.map(cents));
        loop {
            let command = RefundTopUpCommand { payment, amount, reason: None, key: format!("admin:{key}") };
            match self.desk.give(&allowed(&self.admin), command).await {
                Err(RefundTopUpError::Repository(_)) => continue,
                outcome => return outcome,
            }
        }
    }

    /// An order of 258.00 that the balance has paid.
    async fn buys(&self) {
        let (seller, now) = (a_seller(), SystemClock.now());
        let cart = domain::cart::Cart { id: CartId::new(id()), ..a_cart() };
        let mut order = an_order(cart.id, vec![an_order_line(&seller)]);
        order.user_id = Some(self.customer.id);
        order.tenders = vec![Tender { source: TenderSource::Balance(self.customer.id), amount: order.total }];
        let purpose = Purpose::Order { order: order.id, customer: order.user_id };
        let urls = a_payment(&order).return_urls;
        let payment = Payment::settled(PaymentId::new(id()), purpose, Currency::EUR, urls, now);
        order.pay(now).unwrap();
        let held = Held { balance: Some((self.customer.id, order.total)), gift_cards: vec![] };
        let paid = OrderPaid {
            order: order.id,
            payment: None,
            customer: order.user_id,
            lines: vec![SoldLine { seller: seller.id, total: order.total, fee_free: false }],
            discount: cents(0),
            shipping: cents(0),
            tax: cents(0),
            card: cents(0),
            held: order.total,
        };
        let tx = self.db.begin().await;
        tx.users().insert(&seller).await.unwrap();
        tx.carts().insert(&cart).await.unwrap();
        tx.orders().insert(&order).await.unwrap();
        tx.payments().insert(&payment).await.unwrap();
        tx.ledger().post(&OrderHeld { order: order.id, before: 0, held }.posting().unwrap(), now).await.unwrap();
        tx.ledger().post(&paid.posting(services::fee()).unwrap(), now).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn reconcile(&self, refund: RefundId) -> Result<(), SettleRefundError> {
        self.following.reconcile(refund).await
    }

    async fn stored(&self, refund: RefundId) -> TopUpRefund {
        self.db.queries().find_top_up_refund(refund).await.unwrap().unwrap()
    }

    async fn balance(&self) -> Vec<Money> {
        self.db.queries().balances(self.customer.id).await.unwrap()
    }

    async fn gone_back(&self) -> Money {
        let payment = PaymentQueries::find(&self.db.queries(), self.payment).await.unwrap().unwrap();
        assert_eq!(payment.status, PaymentStatus::Captured);
        payment.refunded
    }
}

both_databases! {
    async fn a_hundred_refunds_at_once_give_back_no_more_than_the_balance_holds(db: TestDb) {
        let desk = Desk::open(db).await;
        desk.buys().await;
        assert_eq!(desk.balance().await, [cents(4_200)]);
        let outcomes = all((0..100).map(|n| desk.gives(Some(199), n)).collect::<Vec<_>>()).await;
        let spent = outcomes.iter().filter(|outcome| {
            matches!(outcome, Err(RefundTopUpError::Spent { holds }) if holds.amount() < 199)
        });
        assert_eq!((outcomes.iter().filter(|outcome| outcome.is_ok()).count(), spent.count()), (21, 79));
        assert_eq!((desk.gateway.given(), desk.gateway.refunds()), (21 * 199, 21));
        assert_eq!((desk.balance().await, desk.gone_back().await), (vec![cents(21)], cents(4_179)));
        assert!(matches!(desk.gives(None, 200).await, Err(RefundTopUpError::Spent { holds }) if holds == cents(21)));
        desk.db.assert_ledger_is_sound().await;
    }

    async fn no_more_goes_back_than_was_paid_in_whatever_else_the_balance_holds(db: TestDb) {
        let desk = Desk::open(db).await;
        let tx = desk.db.begin().await;
        let other = a_top_up(desk.customer.id, cents(100_000));
        tx.payments().insert(&other).await.unwrap();
        let posting = TopUp { payment: other.id, user: desk.customer.id, amount: other.amount }.posting().unwrap();
        tx.ledger().post(&posting, SystemClock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let outcomes = all((0..40).map(|n| desk.gives(Some(1_000), n)).collect::<Vec<_>>()).await;
        let refused = outcomes.iter().filter(|outcome| {
            matches!(outcome, Err(RefundTopUpError::Refused(TopUpRefusal::NothingLeft | TopUpRefusal::TooMuch { .. })))
        });
        assert_eq!((outcomes.iter().filter(|outcome| outcome.is_ok()).count(), refused.count()), (30, 10));
        assert_eq!((desk.gateway.given(), desk.gone_back().await), (30_000, cents(30_000)));
        assert_eq!(desk.balance().await, [cents(100_000)]);
        desk.db.assert_ledger_is_sound().await;
    }

    async fn the_same_request_twenty_times_at_once_is_one_refund(db: TestDb) {
        let desk = Desk::open(db).await;
        let given = all((0..20).map(|_| desk.gives(Some(500), 1)).collect::<Vec<_>>()).await;
        let ids: Vec<_> = given.into_iter().map(|refund| refund.unwrap().id).collect();
        assert!(ids.iter().all(|id| *id == ids[0]));
        assert_eq!((desk.gateway.given(), desk.balance().await), (500, vec![cents(29_500)]));
        desk.db.assert_ledger_is_sound().await;
    }

    async fn a_lost_answer_is_asked_for_again_and_one_refund_is_made(db: TestDb) {
        let desk = Desk::open(db).await;
        desk.gateway.falls_mute();
        let refund = desk.gives(None, 1).await.unwrap();
        assert_eq!((refund.status, refund.amount), (RefundStatus::Pending, cents(30_000)));
        desk.reconcile(refund.id).await.unwrap();
        assert_eq!(desk.stored(refund.id).await.status, RefundStatus::Pending, "it is still mute");
        desk.db.assert_ledger_is_sound().await;
        desk.gateway.speaks_again();
        all((0..8).map(|_| desk.reconcile(refund.id)).collect::<Vec<_>>()).await.into_iter().for_each(Result::unwrap);
        assert_eq!(desk.stored(refund.id).await.status, RefundStatus::Succeeded);
        assert_eq!((desk.gateway.given(), desk.gateway.refunds()), (30_000, 1));
        assert_eq!(desk.balance().await, [cents(0)]);
        desk.db.assert_ledger_is_sound().await;
    }

    async fn what_does_not_arrive_is_in_the_balance_again_once(db: TestDb) {
        let desk = Desk::open(db).await;
        desk.gateway.refuses("the card is closed");
        let refused = desk.gives(Some(1_000), 1).await.unwrap();
        assert_eq!((refused.status, refused.failure.as_deref()), (RefundStatus::Failed, Some("the card is closed")));
        assert_eq!((desk.balance().await, desk.gone_back().await), (vec![cents(30_000)], cents(0)));
        desk.gateway.speaks_again();
        let given = desk.gives(Some(2_000), 2).await.unwrap();
        assert_eq!(given.status, RefundStatus::Succeeded);
        // The bank sends back what had gone well.
        desk.gateway.decides(given.id, RefundVerdict::Failed("lost_or_stolen_card".to_owned()));
        let events = (0..8).map(|_| desk.following.follow(given.id)).collect::<Vec<_>>();
        all(events).await.into_iter().for_each(Result::unwrap);
        assert_eq!((desk.balance().await, desk.gone_back().await), (vec![cents(30_000)], cents(0)));
        let all = desk.db.queries().top_up_refunds_of(desk.payment).await.unwrap();
        assert_eq!(all.iter().map(|refund| refund.id).collect::<Vec<_>>(), [given.id, refused.id]);
        desk.db.assert_ledger_is_sound().await;
    }

    async fn a_refund_of_a_top_up_that_is_altered_by_hand_is_found(db: TestDb) {
        let desk = Desk::open(db).await;
        desk.gives(Some(1_000), 1).await.unwrap();
        desk.db.assert_ledger_is_sound().await;
        desk.db.execute("UPDATE top_up_refunds SET amount = 2000").await.unwrap();
        let report = desk.db.check_ledger().await;
        let seventh = format!("{:?}", report.lines[6]);
        assert!(seventh.contains("top-up's refund"), "{seventh}");
    }
}
