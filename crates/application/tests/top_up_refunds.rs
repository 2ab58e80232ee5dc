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
use application::refunds::disputes::{DisputeDesk, FollowDisputes};
use application::refunds::follow::FollowRefunds;
use application::refunds::ports::DisputeQueries;
use application::refunds::top_ups::follow::TopUpRefundFollowing;
use application::refunds::top_ups::give::{GiveTopUpRefunds, RefundTopUpCommand, RefundTopUpError, TopUpRefundDesk};
use application::refunds::top_ups::ports::TopUpRefundQueries;
use application::system::Clock;
use chrono::TimeDelta;
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
    disputes: DisputeDesk,
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
        let services = Services::at(db.database(), &gateway);
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
                others: Arc::new(services.following),
            },
            disputes: services.disputes,
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

    /// What the ledger's accounts of a kind have together, in cents.
    async fn account(&self, account: &str) -> i64 {
        let sum = "SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) AS sum FROM ledger_entries";
        self.db.number(&format!("{sum} WHERE account = '{account}'")).await
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

    async fn a_disputed_top_up_takes_what_is_left_and_comes_back_once_when_it_is_won(db: TestDb) {
        let desk = Desk::open(db).await;
        desk.buys().await; // 42.00 are left
        for (verdict, balance, gone, fees) in [
            (RefundVerdict::Failed("won".to_owned()), 4_200, 0, 645),
            (RefundVerdict::Succeeded, 0, 30_000, 645 - 25_800),
        ] {
            let dispute = desk.gateway.is_disputed(desk.payment, cents(30_000));
            let events = (0..6).map(|_| desk.disputes.follow(&dispute)).collect::<Vec<_>>();
            all(events).await.into_iter().for_each(Result::unwrap);
            assert_eq!((desk.balance().await, desk.gone_back().await), (vec![cents(0)], cents(30_000)));
            assert_eq!(desk.account("platform_fees").await, 645 - 25_800, "what was spent is the platform's loss");
            assert!(matches!(desk.gives(Some(1), 1).await, Err(RefundTopUpError::Disputed)));
            desk.db.assert_ledger_is_sound().await;
            desk.gateway.decides_dispute(&dispute, verdict);
            let events = (0..6).map(|_| desk.disputes.follow(&dispute)).collect::<Vec<_>>();
            all(events).await.into_iter().for_each(Result::unwrap);
            assert_eq!((desk.balance().await, desk.gone_back().await), (vec![cents(balance)], cents(gone)));
            assert_eq!(desk.account("platform_fees").await, fees);
            desk.db.assert_ledger_is_sound().await;
        }
    }

    async fn refunds_and_a_dispute_at_once_take_no_more_than_there_is(db: TestDb) {
        let desk = Desk::open(db).await;
        let dispute = desk.gateway.is_disputed(desk.payment, cents(30_000));
        let refunds = all((0..10).map(|n| desk.gives(Some(1_000), n)).collect::<Vec<_>>());
        let follows = async { while desk.disputes.follow(&dispute).await.is_err() {} };
        let (refunds, ()) = futures_util::future::join(refunds, follows).await;
        let given = i64::try_from(refunds.iter().filter(|refund| refund.is_ok()).count()).unwrap() * 1_000;
        assert_eq!((desk.balance().await, desk.gone_back().await), (vec![cents(0)], cents(30_000)));
        assert_eq!(desk.account("platform_fees").await, -given, "the bank took again what had gone back");
        desk.db.assert_ledger_is_sound().await;
        desk.gateway.decides_dispute(&dispute, RefundVerdict::Failed("won".to_owned()));
        desk.disputes.follow(&dispute).await.unwrap();
        assert_eq!(desk.balance().await, [cents(30_000 - given)]);
        desk.db.assert_ledger_is_sound().await;
    }

    async fn several_disputes_of_one_payment_are_each_followed_and_one_open_is_enough(db: TestDb) {
        let desk = Desk::open(db).await;
        let [first, second] = [10_000, 15_000].map(|amount| desk.gateway.is_disputed(desk.payment, cents(amount)));
        for dispute in [&first, &second] {
            desk.disputes.follow(dispute).await.unwrap();
        }
        assert_eq!((desk.balance().await, desk.gone_back().await), (vec![cents(5_000)], cents(25_000)));
        desk.gateway.decides_dispute(&first, RefundVerdict::Failed("won".to_owned()));
        desk.disputes.follow(&first).await.unwrap();
        assert_eq!(desk.balance().await, [cents(15_000)]);
        assert!(matches!(desk.gives(Some(1), 1).await, Err(RefundTopUpError::Disputed)), "the other is open");
        desk.gateway.decides_dispute(&second, RefundVerdict::Succeeded);
        desk.disputes.follow(&second).await.unwrap();
        assert_eq!(desk.gives(Some(15_000), 2).await.unwrap().status, RefundStatus::Succeeded);
        assert_eq!((desk.balance().await, desk.gone_back().await), (vec![cents(0)], cents(30_000)));
        desk.db.assert_ledger_is_sound().await;
    }

    async fn what_moves_or_has_just_ended_is_known_by_the_gateways_ids(db: TestDb) {
        let desk = Desk::open(db).await;
        let [open, ended] = [1_000, 2_000].map(|amount| desk.gateway.is_disputed(desk.payment, cents(amount)));
        desk.disputes.follow(&open).await.unwrap();
        desk.disputes.follow(&ended).await.unwrap();
        desk.gateway.decides_dispute(&ended, RefundVerdict::Succeeded);
        desk.disputes.follow(&ended).await.unwrap();
        let queries = desk.db.queries();
        let asked = [open.clone(), "dp_unknown".to_owned(), ended.clone()];
        let sorted = |mut names: Vec<String>| { names.sort(); names };
        let both = sorted(vec![open.clone(), ended.clone()]);
        assert_eq!(sorted(queries.known_disputes(&asked).await.unwrap()), both);
        assert!(queries.known_disputes(&[]).await.unwrap().is_empty());
        let (past, future) = (SystemClock.now() - TimeDelta::days(1), SystemClock.now() + TimeDelta::days(1));
        assert_eq!(sorted(queries.moving_disputes(past).await.unwrap()), both);
        assert_eq!(queries.moving_disputes(future).await.unwrap(), [open]);
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
