//! Every rule of the ledger's check finds the row that breaks it, on both databases. Constraints forbid most such rows; they are
//! taken away first, as somebody who writes into the tables by hand could.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use application::ledger::check::Verdict;
use application::ledger::check::ports::{Ledgers, Overdue, Rule};
use chrono::TimeDelta;
use domain::kernel::{GiftCardId, PaymentId};
use domain::ledger::movements::{GiftCardIssued, GiftCardRedeemed, Held, OrderHeld, OrderPaid, SoldLine, TopUp};
use domain::ledger::{FeeRate, Posting};
use domain::orders::{Order, Tender, TenderSource};
use domain::payments::{GatewayVerdict, Payment, PaymentStatus};
use testkit::builders::{
    a_cart, a_payment, a_seller, a_top_up, a_user, an_order, an_order_line, cents, id, noon, seconds,
};
use testkit::{TestDb, both_databases};

const TABLES: [&str; 14] = [
    "ledger_entries",
    "ledger_transactions",
    "ledger_balances",
    "order_tenders",
    "refunds",
    "top_up_refunds",
    "payouts",
    "payments",
    "orders",
    "variants",
    "webhook_events",
    "idempotency_keys",
    "jobs",
    "orders_paid_before_ledger",
];

/// What is altered, and what names the row that is found. An order is paid by 30 of a balance of 50 and by card.
const fn alteration(rule: Rule) -> (&'static [&'static str], &'static str) {
    match rule {
        Rule::BalanceFloor => (&["UPDATE ledger_balances SET amount = -1 WHERE account = 'gift_card'"], "CARD"),
        Rule::StockFloor => (&["INSERT INTO variants (id, stock) SELECT id, -1 FROM orders"], "ORDER"),
        Rule::HoldIsTenders | Rule::CapturedIsPaid => (
            &["UPDATE orders SET status = 'pending_payment'"],
            if matches!(rule, Rule::CapturedIsPaid) { "PAYMENT" } else { "ORDER" },
        ),
        Rule::CapturedIsCredited => {
            (&["UPDATE ledger_transactions SET kind = 'payout' WHERE kind = 'top_up'"], "TOP-UP")
        }
        Rule::CreditedIsCaptured => (&["UPDATE payments SET status = 'declined' WHERE order_id IS NULL"], ""),
        Rule::PaidIsPosted => (&["DELETE FROM ledger_transactions WHERE kind = 'order_paid'"], "ORDER"),
        Rule::TendersAddUp => (&["UPDATE order_tenders SET amount = amount + 1"], "ORDER"),
        Rule::RefundsAreCounted => (&["UPDATE orders SET refunded_amount = 1"], "ORDER"),
        Rule::CardRefundsAreCounted => {
            (&["UPDATE payments SET refunded_amount = 1 WHERE order_id IS NOT NULL"], "PAYMENT")
        }
        Rule::FeeIsOfDispute => (&["UPDATE ledger_transactions SET kind = 'dispute_fee' WHERE kind = 'top_up'"], ""),
        Rule::TopUpRefundsAreCounted => (&["UPDATE payments SET refunded_amount = 1 WHERE order_id IS NULL"], "TOP-UP"),
        Rule::TopUpRefundIsPosted => (
            &["INSERT INTO top_up_refunds (id, kind, status, amount, counted, currency, posted_as) \
               SELECT orders.id, 'refund', 'succeeded', 51, 51, 'EUR', reference FROM orders, ledger_transactions \
               WHERE ledger_transactions.kind = 'top_up'"],
            "ORDER",
        ),
        Rule::TopUpReturnIsPosted => (
            &["INSERT INTO top_up_refunds (id, kind, status, amount, counted, currency, posted_as, returned_as) \
               SELECT id, 'refund', 'failed', 5, 5, 'EUR', 'somewhere', 'nowhere' FROM orders"],
            "ORDER",
        ),
        Rule::RefundIsPosted => (
            &["INSERT INTO refunds (id, kind, status, amount, card_amount, posted_as) \
               SELECT id, 'refund', 'succeeded', 5, 5, 'nowhere' FROM orders"],
            "ORDER",
        ),
        Rule::ReturnIsPosted => (
            &["INSERT INTO refunds (id, kind, status, amount, card_amount, posted_as, returned_as) \
               SELECT orders.id, 'refund', 'failed', 5, 5, reference, 'nowhere' FROM orders, ledger_transactions \
               WHERE ledger_transactions.kind = 'order_paid'"],
            "ORDER",
        ),
        Rule::PostedIsRefund => (&["UPDATE ledger_transactions SET kind = 'refund' WHERE kind = 'order_paid'"], ""),
        Rule::PayoutIsPosted => (
            &["INSERT INTO payouts (id, status, amount, posted_as) SELECT id, 'paid', 5, 'nowhere' FROM orders"],
            "ORDER",
        ),
        Rule::PostedIsPayout => (&["UPDATE ledger_transactions SET kind = 'payout' WHERE kind = 'order_paid'"], ""),
        Rule::EventOnce => (
            &[
                "INSERT INTO webhook_events (gateway, id) VALUES ('stripe', 'evt_1')",
                "INSERT INTO webhook_events (gateway, id) VALUES ('stripe', 'evt_1')",
            ],
            "evt_1",
        ),
        Rule::KeyOnce => (
            &[
                "INSERT INTO idempotency_keys (caller, key) VALUES ('user', 'key 1')",
                "INSERT INTO idempotency_keys (caller, key) VALUES ('user', 'key 1')",
            ],
            "key 1",
        ),
        Rule::ReferenceOnce => (&["UPDATE ledger_transactions SET reference = 'the same'"], "the same"),
        Rule::EntryBelongs => (&["DELETE FROM ledger_transactions WHERE kind = 'top_up'"], ""),
        Rule::ConfirmedOnce => (
            &[
                "INSERT INTO jobs (kind, payload) VALUES ('send_order_confirmation', '{\"order_id\": \"order 1\"}')",
                "INSERT INTO jobs (kind, payload) VALUES ('send_order_confirmation', '{\"order_id\": \"order 1\"}')",
            ],
            "order 1",
        ),
        Rule::BalanceHasEntries => (
            &["INSERT INTO ledger_balances (owner_id, account, currency, amount, entries) \
               SELECT id, 'gift_card', 'EUR', 0, 0 FROM orders"],
            "ORDER",
        ),
        Rule::EntryIsCounted => {
            (&["UPDATE ledger_entries SET account_position = NULL WHERE account = 'order_hold' AND amount < 0"], "")
        }
    }
}

/// What stands in the tables, by the names that alterations give it.
struct Known(Vec<(&'static str, String)>);

impl Known {
    fn named(&self, name: &str) -> String {
        self.0.iter().find(|(known, _)| *known == name).map_or_else(|| name.to_owned(), |(_, id)| id.clone())
    }
}

async fn post(db: &TestDb, posting: &Posting) {
    let tx = db.begin().await;
    tx.ledger().post(posting, noon()).await.unwrap();
    tx.commit().await.unwrap();
}

/// An order that is paid by 30 of a balance of 50, and by card; and a gift card that was redeemed.
async fn a_shop(db: &TestDb) -> Known {
    let (seller, customer, cart) = (a_seller(), a_user(), a_cart());
    let mut order = an_order(cart.id, vec![an_order_line(&seller)]);
    order.user_id = Some(customer.id);
    let mut payment = a_payment(&order);
    order.take(vec![Tender { source: TenderSource::Balance(customer.id), amount: cents(30) }], |rest| rest).unwrap();
    payment.amount = order.by_card().unwrap();
    order.pay(seconds(60)).unwrap();
    payment.follow(GatewayVerdict::Paid, seconds(60)).unwrap();
    let top_up = a_top_up(customer.id, cents(50));
    let tx = db.begin().await;
    for user in [&seller, &customer] {
        tx.users().insert(user).await.unwrap();
    }
    tx.carts().insert(&cart).await.unwrap();
    tx.orders().insert(&order).await.unwrap();
    tx.payments().insert(&payment).await.unwrap();
    tx.payments().insert(&top_up).await.unwrap();
    tx.commit().await.unwrap();
    let held = Held { balance: Some((customer.id, cents(30))), gift_cards: vec![] };
    let paid = OrderPaid {
        order: order.id,
        payment: Some(payment.id),
        customer: order.user_id,
        lines: vec![SoldLine { seller: seller.id, total: order.total, fee_free: false }],
        discount: cents(0),
        shipping: cents(0),
        tax: cents(0),
        card: payment.amount,
        held: cents(30),
    };
    let card = GiftCardId::new(id());
    for posting in [
        TopUp { payment: top_up.id, user: customer.id, amount: cents(50) }.posting(),
        OrderHeld { order: order.id, before: 0, held }.posting(),
        paid.posting(FeeRate::basis_points(250).unwrap()),
        GiftCardIssued { gift_card: card, value: cents(70) }.posting(),
        GiftCardRedeemed { gift_card: card, user: a_user().id, value: cents(70) }.posting(),
    ] {
        post(db, &posting.unwrap()).await;
    }
    Known(vec![
        ("ORDER", order.id.to_string()),
        ("PAYMENT", payment.id.to_string()),
        ("TOP-UP", top_up.id.to_string()),
        ("CARD", card.to_string()),
    ])
}

async fn run(db: &TestDb, statements: &[String]) {
    for sql in statements {
        db.execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

/// Takes every constraint away, and keeps a copy of all rows.
async fn without_constraints(db: &TestDb) {
    let is_sqlite = db.url().starts_with("sqlite");
    if is_sqlite {
        db.execute("PRAGMA foreign_keys = OFF").await.unwrap();
    }
    for table in TABLES {
        let cascade = if is_sqlite { "" } else { " CASCADE" };
        run(
            db,
            &[
                format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}"),
                format!("DROP TABLE {table}{cascade}"),
                format!("CREATE TABLE {table} AS SELECT * FROM kept_{table}"),
            ],
        )
        .await;
    }
}

async fn restore(db: &TestDb) {
    for table in TABLES {
        run(db, &[format!("DELETE FROM {table}"), format!("INSERT INTO {table} SELECT * FROM kept_{table}")]).await;
    }
}

async fn found(db: &TestDb, rule: Rule) -> Option<String> {
    let [snapshot, ..] = db.database().snapshots().await.unwrap();
    snapshot.first_that_breaks(rule).await.unwrap()
}

/// The numbers of the invariants that are broken.
async fn broken(db: &TestDb) -> Vec<usize> {
    let lines = db.check_ledger().await.lines;
    lines.iter().filter(|line| matches!(line.verdict, Verdict::Broken(_))).map(|line| line.number).collect()
}

both_databases! {
    async fn every_rule_finds_and_names_a_row_that_breaks_it(db: TestDb) {
        let known = a_shop(&db).await;
        without_constraints(&db).await;
        assert_eq!(broken(&db).await, Vec::<usize>::new());
        for rule in Rule::ALL {
            assert_eq!(found(&db, *rule).await, None, "{rule:?}");
            let (statements, name) = alteration(*rule);
            for sql in statements {
                assert!(db.execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}")) > 0, "{sql}");
            }
            let row = found(&db, *rule).await.unwrap_or_else(|| panic!("{rule:?} finds nothing"));
            assert!(row.contains(&known.named(name)), "{rule:?}: {row}");
            assert!(broken(&db).await.contains(&rule.invariant()), "{rule:?}");
            restore(&db).await;
        }
        assert_eq!(broken(&db).await, Vec::<usize>::new());
    }

    async fn a_gift_card_that_was_redeemed_again_is_found_although_its_card_is_empty(db: TestDb) {
        a_shop(&db).await;
        without_constraints(&db).await;
        let again = "INSERT INTO ledger_transactions (id, chain, position, kind, reference, gift_card_id, created_at, digest) \
                     SELECT orders.id, chain, position + 1, kind, 'again', gift_card_id, ledger_transactions.created_at, digest \
                     FROM ledger_transactions, orders WHERE kind = 'gift_card_redeemed'";
        assert_eq!(db.execute(again).await.unwrap(), 1);
        let report = db.check_ledger().await;
        assert!(matches!(&report.lines[3].verdict, Verdict::Broken(row) if row.contains("again")), "{report:?}");
    }

    async fn payments_that_stay_open_are_counted_and_the_oldest_is_named(db: TestDb) {
        let (seller, customer, cart) = (a_seller(), a_user(), a_cart());
        let begun = |status: PaymentStatus, minutes: i64| Payment {
            status,
            created_at: noon() + TimeDelta::minutes(minutes),
            ..a_top_up(customer.id, cents(50))
        };
        let order = Order { expires_at: noon() + TimeDelta::minutes(30), ..an_order(cart.id, vec![an_order_line(&seller)]) };
        let of_order = Payment { status: PaymentStatus::Submitted, ..a_payment(&order) };
        let (first, second) = (begun(PaymentStatus::Submitted, 1), begun(PaymentStatus::Unknown, 2));
        let tx = db.begin().await;
        tx.users().insert(&seller).await.unwrap();
        tx.users().insert(&customer).await.unwrap();
        tx.carts().insert(&cart).await.unwrap();
        tx.orders().insert(&order).await.unwrap();
        for status in [PaymentStatus::Authorized, PaymentStatus::Declined, PaymentStatus::Voided, PaymentStatus::Captured] {
            tx.payments().insert(&begun(status, 0)).await.unwrap();
        }
        for payment in [&second, &first, &of_order] {
            tx.payments().insert(payment).await.unwrap();
        }
        tx.commit().await.unwrap();
        let [snapshot, ..] = db.database().snapshots().await.unwrap();
        let at = async |minutes: i64| snapshot.overdue_payments(noon() + TimeDelta::minutes(minutes)).await.unwrap();
        let told = |count: u64, first: Option<PaymentId>| Overdue { count, first };
        assert_eq!(at(45).await, told(0, None));
        assert_eq!(at(46).await, told(1, Some(of_order.id)));
        assert_eq!(at(47).await, told(2, Some(of_order.id)));
        assert_eq!(at(60).await, told(3, Some(of_order.id)));
    }
}
