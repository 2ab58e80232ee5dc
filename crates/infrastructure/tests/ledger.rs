//! The contract of the ledger, its races, and what a check finds, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use application::RepositoryError;
use application::ledger::check::{Line, Report, Verdict};
use application::ledger::ports::{LedgerQueries, Movement, MovementFilter, PostError};
use application::unit_of_work::{Transactor, UnitOfWork};
use chrono::{DateTime, Utc};
use domain::kernel::{
    Applied, Currency, Cursor, GiftCardId, Limit, Money, OrderId, Page, PageRequest, PaymentId, UserId,
};
use domain::ledger::movements::{
    GiftCardIssued, GiftCardRedeemed, Held, OrderHeld, OrderHoldReleased, OrderPaid, SoldLine, TopUp,
};
use domain::ledger::{Account, FeeRate, MovementKind, Posting};
use domain::orders::{Order, Tender, TenderSource};
use domain::payments::{GatewayVerdict, Payment};
use testkit::builders::{
    a_cart, a_payment, a_seller, a_top_up, a_user, an_order, an_order_line, cents, id, noon, seconds,
};
use testkit::migration;
use testkit::{TestDb, both_databases};

async fn a_customer(db: &TestDb) -> UserId {
    let customer = a_user();
    let tx = db.begin().await;
    tx.users().insert(&customer).await.unwrap();
    tx.commit().await.unwrap();
    customer.id
}

fn topped_up(user: UserId, amount: i64) -> Posting {
    TopUp { payment: PaymentId::new(id()), user, amount: cents(amount) }.posting().unwrap()
}

fn held(order: OrderId, user: UserId, amount: i64) -> Posting {
    let held = Held { balance: Some((user, cents(amount))), gift_cards: vec![] };
    OrderHeld { order, before: 0, held }.posting().unwrap()
}

/// Posts; what was paid in was paid by card.
async fn post_in(tx: &dyn UnitOfWork, posting: &Posting, now: DateTime<Utc>) -> Result<Applied, PostError> {
    let applied = tx.ledger().post(posting, now).await?;
    if let (Applied::Now(()), MovementKind::TopUp, Some(id)) = (applied, posting.kind(), posting.about().payment) {
        let leg = posting.legs().iter().find(|leg| leg.amount.is_positive()).unwrap();
        let customer = UserId::new(leg.account.owner().unwrap());
        tx.payments().insert(&Payment { id, ..a_top_up(customer, leg.amount) }).await.unwrap();
    }
    Ok(applied)
}

async fn post(db: &TestDb, posting: &Posting, after: i64) -> Result<Applied, PostError> {
    let tx = db.begin().await;
    let applied = post_in(tx.as_ref(), posting, seconds(after)).await?;
    tx.commit().await?;
    Ok(applied)
}

/// The same by a task of its own.
fn posting(db: &TestDb, posting: Posting) -> tokio::task::JoinHandle<Result<Applied, PostError>> {
    let transactor = db.database().transactor();
    tokio::spawn(async move {
        let tx = transactor.begin().await?;
        let applied = post_in(tx.as_ref(), &posting, noon()).await?;
        tx.commit().await?;
        Ok(applied)
    })
}

async fn all<T>(tasks: Vec<tokio::task::JoinHandle<T>>) -> Vec<T> {
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

async fn movements(db: &TestDb, user: UserId, filter: MovementFilter, page: PageRequest) -> Page<Movement> {
    db.queries().movements(user, &filter, &page).await.unwrap()
}

async fn all_movements(db: &TestDb, user: UserId, filter: MovementFilter) -> Vec<(MovementKind, i64, Option<i64>)> {
    let page = movements(db, user, filter, PageRequest::default()).await;
    let seen =
        |movement: &Movement| (movement.kind, movement.amount.amount(), movement.balance_after.map(Money::amount));
    page.data.iter().map(seen).collect()
}

/// An order that is paid, by so many cents of a balance of 50 and by card; with its transactions, or without.
async fn a_paid_order(db: &TestDb, taken: i64, with_transactions: bool) -> (Order, UserId) {
    let (seller, customer, cart) = (a_seller(), a_user(), a_cart());
    let mut order = an_order(cart.id, vec![an_order_line(&seller), an_order_line(&seller)]);
    order.user_id = Some(customer.id);
    let mut payment = a_payment(&order);
    let balance = Tender { source: TenderSource::Balance(customer.id), amount: cents(taken) };
    order.take(vec![balance], |rest| rest).unwrap();
    payment.amount = order.by_card().unwrap();
    order.pay(seconds(60)).unwrap();
    payment.follow(GatewayVerdict::Paid, seconds(60)).unwrap();
    let tx = db.begin().await;
    tx.users().insert(&seller).await.unwrap();
    tx.users().insert(&customer).await.unwrap();
    tx.carts().insert(&cart).await.unwrap();
    tx.orders().insert(&order).await.unwrap();
    tx.payments().insert(&payment).await.unwrap();
    if with_transactions {
        post_in(tx.as_ref(), &topped_up(customer.id, 50), seconds(1)).await.unwrap();
        if taken > 0 {
            tx.ledger().post(&held(order.id, customer.id, taken), seconds(2)).await.unwrap();
        }
        let line = SoldLine { seller: seller.id, total: order.total, fee_free: false };
        let paid = OrderPaid {
            order: order.id,
            payment: Some(payment.id),
            customer: order.user_id,
            lines: vec![line],
            discount: cents(0),
            shipping: cents(0),
            tax: cents(0),
            card: payment.amount,
            held: cents(taken),
        };
        let posting = paid.posting(FeeRate::basis_points(250).unwrap()).unwrap();
        tx.ledger().post(&posting, seconds(60)).await.unwrap();
    }
    tx.commit().await.unwrap();
    (order, customer.id)
}

/// The numbers of the invariants that are broken.
fn broken(report: &Report) -> Vec<usize> {
    let is_broken = |line: &&Line| matches!(line.verdict, Verdict::Broken(_));
    report.lines.iter().filter(is_broken).map(|line| line.number).collect()
}

both_databases! {
    async fn a_posting_is_stored_once_and_moves_the_balance(db: TestDb) {
        let user = a_customer(&db).await;
        let first = topped_up(user, 50);
        assert_eq!(post(&db, &first, 1).await.unwrap(), Applied::Now(()));
        assert_eq!(post(&db, &first, 2).await.unwrap(), Applied::Already);
        assert_eq!(post(&db, &topped_up(user, 7), 3).await.unwrap(), Applied::Now(()));
        assert_eq!(db.queries().balances(user).await.unwrap(), [cents(57)]);
        assert!(db.queries().balances(a_customer(&db).await).await.unwrap().is_empty());
        db.assert_ledger_is_sound().await;
    }

    async fn an_account_that_has_too_little_refuses_and_nothing_is_stored(db: TestDb) {
        let (user, order) = (a_customer(&db).await, OrderId::new(id()));
        let refused = post(&db, &held(order, user, 1), 1).await;
        assert!(matches!(refused, Err(PostError::TooLittle(Account::StoreBalance(of))) if of == user), "{refused:?}");
        post(&db, &topped_up(user, 50), 1).await.unwrap();
        let refused = post(&db, &held(order, user, 51), 2).await;
        assert!(matches!(refused, Err(PostError::TooLittle(_))), "{refused:?}");
        assert_eq!(db.number("SELECT count(*) FROM ledger_transactions").await, 1);
        assert_eq!(post(&db, &held(order, user, 50), 3).await.unwrap(), Applied::Now(()));
        assert_eq!(db.queries().balances(user).await.unwrap(), [cents(0)]);
        db.assert_ledger_is_sound().await;
    }

    async fn a_hold_is_spent_or_released_once(db: TestDb) {
        let (user, order) = (a_customer(&db).await, OrderId::new(id()));
        post(&db, &topped_up(user, 50), 1).await.unwrap();
        post(&db, &held(order, user, 30), 2).await.unwrap();
        let released = OrderHoldReleased { order, held: Held { balance: Some((user, cents(30))), gift_cards: vec![] }, redeemed: vec![] };
        let released = released.posting().unwrap();
        assert_eq!(post(&db, &released, 3).await.unwrap(), Applied::Now(()));
        assert_eq!(post(&db, &released, 3).await.unwrap(), Applied::Already);
        let paid = OrderPaid {
            order, payment: None, customer: Some(user), lines: vec![SoldLine { seller: UserId::new(id()), total: cents(30), fee_free: false }],
            discount: cents(0), shipping: cents(0), tax: cents(0), card: cents(0), held: cents(30),
        };
        let spent = post(&db, &paid.posting(FeeRate::NONE).unwrap(), 4).await;
        assert!(matches!(spent, Err(PostError::TooLittle(Account::OrderHold(_)))), "{spent:?}");
        assert_eq!(db.queries().balances(user).await.unwrap(), [cents(50)]);
        db.assert_ledger_is_sound().await;
    }

    async fn of_many_postings_of_one_reference_at_once_one_is_stored(db: TestDb) {
        let user = a_customer(&db).await;
        let same = topped_up(user, 50);
        let outcomes = all((0..24).map(|_| posting(&db, same.clone())).collect()).await;
        let stored = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Applied::Now(())))).count();
        let known = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Applied::Already))).count();
        assert_eq!((stored, known), (1, 23), "{outcomes:?}");
        assert_eq!(db.queries().balances(user).await.unwrap(), [cents(50)]);
        db.assert_ledger_is_sound().await;
    }

    async fn many_who_spend_one_balance_at_once_never_bring_it_below_zero(db: TestDb) {
        let user = a_customer(&db).await;
        post(&db, &topped_up(user, 100), 0).await.unwrap();
        let spend = |_| posting(&db, held(OrderId::new(id()), user, 30));
        let outcomes = all((0..24).map(spend).collect()).await;
        let spent = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Applied::Now(())))).count();
        let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(PostError::TooLittle(_)))).count();
        assert_eq!((spent, refused), (3, 21), "{outcomes:?}");
        assert_eq!(db.queries().balances(user).await.unwrap(), [cents(10)]);
        db.assert_ledger_is_sound().await;
    }

    async fn a_card_is_redeemed_by_one_of_many(db: TestDb) {
        let gift_card = GiftCardId::new(id());
        post(&db, &GiftCardIssued { gift_card, value: cents(500) }.posting().unwrap(), 0).await.unwrap();
        let redeem = |_| {
            let redeemed = GiftCardRedeemed { gift_card, user: UserId::new(id()), value: cents(500) };
            posting(&db, redeemed.posting().unwrap())
        };
        let outcomes = all((0..16).map(redeem).collect()).await;
        let redeemed = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Applied::Now(())))).count();
        let known = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Applied::Already))).count();
        assert_eq!((redeemed, known), (1, 15), "{outcomes:?}");
        db.assert_ledger_is_sound().await;
    }

    async fn a_chain_has_no_gap_however_many_lengthen_it_at_once(db: TestDb) {
        let user = a_customer(&db).await;
        let outcomes = all((0..12).map(|_| posting(&db, topped_up(user, 1))).collect()).await;
        let refused: Vec<_> = outcomes.iter().filter(|o| !matches!(o, Ok(Applied::Now(())))).collect();
        assert!(refused.iter().all(|o| matches!(o, Err(PostError::Repository(RepositoryError::Contention)))), "{refused:?}");
        let stored = i64::try_from(outcomes.len() - refused.len()).unwrap();
        assert_eq!(db.number("SELECT max(position) FROM ledger_transactions").await, stored);
        assert_eq!(db.queries().balances(user).await.unwrap(), [cents(stored)]);
        db.assert_ledger_is_sound().await;
    }

    async fn people_see_their_own_movements_with_what_was_left(db: TestDb) {
        let (order, customer) = a_paid_order(&db, 30, true).await;
        let card = order.total.amount() - 30;
        assert_eq!(all_movements(&db, customer, MovementFilter::default()).await, [
            (MovementKind::OrderPaid, -card, None),
            (MovementKind::OrderHeld, -30, Some(20)),
            (MovementKind::TopUp, 50, Some(50)),
        ]);
        let seller = order.lines[0].seller.id;
        let earned = order.total.amount() - order.total.amount() * 250 / 10_000;
        assert_eq!(all_movements(&db, seller, MovementFilter::default()).await, [(MovementKind::OrderPaid, earned, None)]);
        assert!(all_movements(&db, a_customer(&db).await, MovementFilter::default()).await.is_empty());
        let page = movements(&db, customer, MovementFilter::default(), PageRequest::default()).await;
        assert_eq!((page.data[0].order_id, page.data[2].order_id), (Some(order.id), None));
        assert!(page.data[0].payment_id.is_some() && page.data[2].payment_id.is_some());
        assert_eq!((page.data[0].created_at, page.data[2].created_at), (seconds(60), seconds(1)));
    }

    async fn who_locks_a_balance_knows_what_is_there_until_the_end(db: TestDb) {
        let (user, account) = (a_customer(&db).await, |user| Account::StoreBalance(user));
        let locked = async |user, currency| db.begin().await.ledger().lock_balance(account(user), currency).await.unwrap();
        assert_eq!(locked(user, Currency::EUR).await, cents(0), "there is no row yet");
        post(&db, &topped_up(user, 50), 1).await.unwrap();
        assert_eq!(locked(user, Currency::EUR).await, cents(50));
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(locked(user, yen).await, Money::zero(yen));
        let tx = db.begin().await;
        assert_eq!(tx.ledger().lock_balance(account(user), Currency::EUR).await.unwrap(), cents(50));
        let other = posting(&db, held(OrderId::new(id()), user, 30));
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        assert!(!other.is_finished(), "another took from it meanwhile");
        tx.ledger().post(&held(OrderId::new(id()), user, 40), seconds(2)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(matches!(other.await.unwrap(), Err(PostError::TooLittle(which)) if which == account(user)));
        assert_eq!(db.queries().balances(user).await.unwrap(), [cents(10)]);
    }

    async fn movements_are_filtered_and_paged(db: TestDb) {
        let user = a_customer(&db).await;
        for number in 1..=7 {
            post(&db, &topped_up(user, number), number / 3).await.unwrap(); // some at the same moment
        }
        post(&db, &held(OrderId::new(id()), user, 5), 9).await.unwrap();
        let filtered = async |filter| all_movements(&db, user, filter).await.len();
        let none = MovementFilter::default();
        assert_eq!(filtered(MovementFilter { kind: Some(MovementKind::TopUp), ..none }).await, 7);
        assert_eq!(filtered(MovementFilter { kind: Some(MovementKind::Payout), ..none }).await, 0);
        assert_eq!(filtered(MovementFilter { from: Some(seconds(2)), ..none }).await, 3);
        assert_eq!(filtered(MovementFilter { to: Some(seconds(2)), ..none }).await, 5);
        assert_eq!(filtered(MovementFilter { from: Some(seconds(1)), to: Some(seconds(2)), ..none }).await, 3);
        let (mut seen, mut after): (Vec<_>, Option<Cursor>) = (Vec::new(), None);
        loop {
            let page = movements(&db, user, none, PageRequest { limit: Limit::new(3).unwrap(), after }).await;
            seen.extend(page.data.iter().map(|movement| movement.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let whole = movements(&db, user, none, PageRequest::default()).await;
        assert_eq!(seen, whole.data.iter().map(|movement| movement.id).collect::<Vec<_>>());
        assert_eq!(seen.len(), 8);
    }

    async fn a_row_that_is_altered_by_hand_is_found(db: TestDb) {
        let (order, customer) = a_paid_order(&db, 30, true).await;
        let report = db.check_ledger().await;
        assert_eq!((broken(&report), report.transactions, report.entries), (vec![], 3, 8));
        let paid = db.number("SELECT count(*) FROM ledger_entries WHERE account = 'seller'").await;
        assert_eq!(paid, 1);
        // What is done, how it is undone, and which invariants are broken in between.
        let alterations: [(&str, &str, &[usize]); 11] = [
            (
                "UPDATE ledger_entries SET amount = amount + 1 WHERE account = 'seller'",
                "UPDATE ledger_entries SET amount = amount - 1 WHERE account = 'seller'",
                &[1, 10],
            ),
            (
                "UPDATE ledger_transactions SET kind = 'payout' WHERE kind = 'top_up'",
                "UPDATE ledger_transactions SET kind = 'top_up' WHERE kind = 'payout'",
                &[5, 10],
            ),
            (
                "UPDATE ledger_transactions SET kind = 'refund' WHERE kind = 'order_paid'",
                "UPDATE ledger_transactions SET kind = 'order_paid' WHERE kind = 'refund'",
                &[5, 7, 10],
            ),
            (
                "UPDATE ledger_transactions SET position = 4 WHERE kind = 'order_paid'",
                "UPDATE ledger_transactions SET position = 2 WHERE kind = 'order_paid'",
                &[10],
            ),
            (
                "UPDATE ledger_balances SET amount = amount + 1 WHERE account = 'store_balance'",
                "UPDATE ledger_balances SET amount = amount - 1 WHERE account = 'store_balance'",
                &[14],
            ),
            (
                "UPDATE ledger_entries SET balance_after = balance_after + 1 WHERE account = 'store_balance'",
                "UPDATE ledger_entries SET balance_after = balance_after - 1 WHERE account = 'store_balance'",
                &[14],
            ),
            (
                "UPDATE ledger_entries SET account_position = NULL WHERE account = 'order_hold' AND amount < 0",
                "UPDATE ledger_entries SET account_position = 2 WHERE account = 'order_hold' AND amount < 0",
                &[14],
            ),
            (
                "UPDATE orders SET total_amount = total_amount + 1",
                "UPDATE orders SET total_amount = total_amount - 1",
                &[6],
            ),
            (
                "UPDATE order_tenders SET amount = amount + 1",
                "UPDATE order_tenders SET amount = amount - 1",
                &[6],
            ),
            ("UPDATE orders SET status = 'pending_payment'", "UPDATE orders SET status = 'paid'", &[3, 5]),
            ("UPDATE payments SET status = 'declined'", "UPDATE payments SET status = 'captured'", &[5]),
        ];
        for (alter, undo, expected) in alterations {
            db.execute(alter).await.unwrap();
            assert_eq!(broken(&db.check_ledger().await), expected, "{alter}");
            db.execute(undo).await.unwrap();
            assert!(db.check_ledger().await.is_sound(), "{undo}");
        }
        let named = db.check_ledger().await.lines.len();
        assert_eq!(named, 14);
        db.execute("DELETE FROM ledger_entries WHERE account = 'platform_fees'").await.unwrap();
        let report = db.check_ledger().await;
        assert_eq!(broken(&report), [1, 10]);
        let Verdict::Broken(row) = &report.lines[9].verdict else { panic!("{report:?}") };
        assert!(row.contains(&format!("order:{}:captured", order.id)), "{row}");
        assert_eq!(db.queries().balances(customer).await.unwrap(), [cents(20)]);
    }

    async fn the_tail_that_is_cut_off_a_chain_is_missed_by_its_order_and_by_the_balances(db: TestDb) {
        a_paid_order(&db, 30, true).await;
        let last = "(SELECT id FROM ledger_transactions WHERE kind = 'order_paid')";
        db.execute(&format!("DELETE FROM ledger_entries WHERE transaction_id IN {last}")).await.unwrap();
        db.execute("DELETE FROM ledger_transactions WHERE kind = 'order_paid'").await.unwrap();
        assert_eq!(broken(&db.check_ledger().await), [5, 14]);
    }

    async fn no_statement_brings_a_running_balance_below_zero(db: TestDb) {
        post(&db, &topped_up(a_customer(&db).await, 5), 1).await.unwrap();
        assert!(db.execute("UPDATE ledger_balances SET amount = -1").await.is_err());
    }

    async fn an_order_that_was_paid_before_there_was_a_ledger_is_told_apart(db: TestDb) {
        a_paid_order(&db, 0, false).await;
        assert_eq!(broken(&db.check_ledger().await), [5], "it should have its transaction");
        while !migration::pending(db.url()).await.unwrap().iter().any(|name| name.contains("ledger")) {
            migration::take_back(db.url()).await.unwrap();
        }
        migration::migrate(db.url()).await.unwrap();
        let report = db.check_ledger().await;
        assert_eq!((broken(&report), report.before_ledger, report.transactions), (vec![], 1, 0));
    }

    async fn what_is_there_outlives_that_its_tables_are_built_anew(db: TestDb) {
        a_paid_order(&db, 0, true).await;
        let before = db.check_ledger().await;
        db.execute("DELETE FROM payments WHERE order_id IS NULL").await.unwrap(); // there was no room for top-ups before
        while !migration::pending(db.url()).await.unwrap().iter().any(|name| name.contains("money")) {
            migration::take_back(db.url()).await.unwrap();
        }
        migration::migrate(db.url()).await.unwrap();
        let after = db.check_ledger().await;
        assert_eq!(broken(&after), [5], "the top-up's payment is missed, and nothing else: {after:?}");
        assert_eq!((after.transactions, after.entries), (before.transactions, before.entries));
        assert!(after.transactions > 1);
        db.execute("DELETE FROM orders").await.unwrap_err(); // the payments still refer to them
        let cut = db.execute("DELETE FROM ledger_transactions").await;
        assert!(cut.is_err(), "the entries still refer to their transactions");
    }

    async fn a_check_sees_one_moment_and_nobody_waits_for_it(db: TestDb) {
        use application::ledger::check::ports::Ledgers;
        let user = a_customer(&db).await;
        post(&db, &topped_up(user, 5), 1).await.unwrap();
        let views = db.database().snapshots().await.unwrap();
        // Two of them have not read a row of the ledger yet.
        assert_eq!(views[0].transactions(None, 10).await.unwrap().len(), 1);
        post(&db, &topped_up(user, 5), 2).await.unwrap();
        for view in &views {
            assert_eq!(view.transactions(None, 10).await.unwrap().len(), 1);
            assert_eq!(view.account_entries(None, 10).await.unwrap().len(), 1);
        }
    }
}
