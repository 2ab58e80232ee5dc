//! Rules of which one statement finds the first row that breaks them.

mod money_back;

use super::snapshot::{CAPTURED, UNPAID, with_floor};
use crate::sql::error::from_db;
use application::RepositoryError;
use application::ledger::check::ports::Rule;
use domain::ledger::{AccountKind, MovementKind};
use money_back::{
    CARD_GIVEN, ORDER_GIVEN, PAYOUTS, REFUNDS, TOP_UP_GIVEN, miscounted, posted, rowless, top_up_moves, undisputed_fees,
};
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, Func, IntoCondition, JoinType, Query, SelectStatement, SimpleExpr, UnionType,
};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

/// The first row that breaks a rule, in words.
pub async fn first_that_breaks<C: ConnectionTrait>(db: &C, rule: Rule) -> Result<Option<String>, RepositoryError> {
    let (mut select, what) = statement(rule);
    let row = db.query_one(select.limit(1)).await.map_err(from_db)?;
    row.map(|row| Ok(format!("{what} {}", value(&row)?))).transpose()
}

/// What identifies the row: an id, a reference, or what else it has.
fn value(row: &QueryResult) -> Result<String, RepositoryError> {
    if let Ok(id) = row.try_get::<Uuid>("", "row") {
        return Ok(id.to_string());
    }
    row.try_get::<String>("", "row").map_err(from_db)
}

fn statement(rule: Rule) -> (SelectStatement, &'static str) {
    match rule {
        Rule::BalanceFloor => (below_zero("ledger_balances", "owner_id", "amount"), "the running balance of"),
        Rule::StockFloor => (below_zero("variants", "id", "stock"), "the stock of variant"),
        Rule::HoldIsTenders => (hold_unlike_tenders(), "the hold is not what was taken by order"),
        Rule::TendersAddUp => (total_unlike_parts(), "payment and what was taken are not the total of order"),
        Rule::CapturedIsPaid => (captured_but_unpaid(), "the order is not paid of payment"),
        Rule::CapturedIsCredited => (captured_but_not_credited(), "there is no transaction of payment"),
        Rule::CreditedIsCaptured => {
            (credited_but_not_captured(), "the payment is not captured as it says of transaction")
        }
        Rule::PaidIsPosted => (paid_but_not_posted(), "there is no transaction of order"),
        Rule::RefundsAreCounted => {
            (miscounted(("orders", "id"), ("refunds", "order_id"), ORDER_GIVEN), "the refunds are not those of order")
        }
        Rule::CardRefundsAreCounted => (
            miscounted(("payments", "id"), ("refunds", "payment_id"), CARD_GIVEN)
                .and_where(Expr::col(("payments", "order_id")).is_not_null())
                .take(),
            "the refunds are not those of payment",
        ),
        Rule::TopUpRefundsAreCounted => (
            miscounted(("payments", "id"), ("top_up_refunds", "payment_id"), TOP_UP_GIVEN)
                .and_where(Expr::col(("payments", "order_id")).is_null())
                .take(),
            "what went back is not that of payment",
        ),
        Rule::FeeIsOfDispute => (undisputed_fees(), "nobody disputed the payment of the fee"),
        Rule::TopUpRefundIsPosted => {
            (top_up_moves("posted_as", "top_up_refunds.amount"), "its transaction is not that of a top-up's refund")
        }
        Rule::TopUpReturnIsPosted => (
            top_up_moves("returned_as", "-top_up_refunds.amount"),
            "it is not posted that it came back of a top-up's refund",
        ),
        Rule::RefundIsPosted => (posted("refunds", "posted_as"), "there is no transaction of refund"),
        Rule::ReturnIsPosted => (posted("refunds", "returned_as"), "it is not posted that it came back of refund"),
        Rule::PostedIsRefund => (rowless(&["refunds", "top_up_refunds"], &REFUNDS), "there is no refund of"),
        Rule::PayoutIsPosted => (
            posted("payouts", "posted_as").union(UnionType::All, posted("payouts", "returned_as")).take(),
            "there is no transaction of payout",
        ),
        Rule::PostedIsPayout => (rowless(&["payouts"], &PAYOUTS), "there is no payout of"),
        Rule::EventOnce => (twice("webhook_events", "id", &["gateway", "id"]), "the event"),
        Rule::KeyOnce => (twice("idempotency_keys", "key", &["caller", "key"]), "the key"),
        Rule::ReferenceOnce => (twice("ledger_transactions", "reference", &["reference"]), "the reference"),
        Rule::EntryBelongs => {
            let (entries, transactions) = (("ledger_entries", "transaction_id"), ("ledger_transactions", "id"));
            let same = Expr::col(transactions).equals(entries);
            (without("ledger_entries", "ledger_transactions", same, transactions), "there is no transaction of entry")
        }
        Rule::ConfirmedOnce => (confirmed_twice(), "two jobs confirm"),
        Rule::BalanceHasEntries => (balance_without_entries(), "there is no entry of the running balance of"),
        Rule::EntryIsCounted => (uncounted(), "no balance counts entry"),
    }
}

/// A column with its table.
type Column = (&'static str, &'static str);

fn from(table: &'static str, row: &'static str) -> SelectStatement {
    Query::select().expr_as(Expr::col((table, row)), Alias::new("row")).from(table).take()
}

fn below_zero(table: &'static str, row: &'static str, column: &'static str) -> SelectStatement {
    from(table, row).and_where(Expr::col((table, column)).lt(0_i64)).take()
}

/// Rows of a table that have no partner in another.
fn without(
    table: &'static str,
    other: &'static str,
    on: SimpleExpr,
    partner: (&'static str, &'static str),
) -> SelectStatement {
    from(table, "id")
        .join(JoinType::LeftJoin, other, on.into_condition())
        .and_where(Expr::col(partner).is_null())
        .take()
}

fn twice(table: &'static str, row: &'static str, key: &[&'static str]) -> SelectStatement {
    let mut rows = from(table, row);
    for column in key {
        rows.group_by_col((table, *column));
    }
    rows.and_having(Expr::cust("count(*)").gt(1_i64)).take()
}

/// What an order took of gift cards and balance. (PostgreSQL sums whole numbers into numeric.)
pub(super) fn taken_by_order() -> SimpleExpr {
    let own = Expr::col(("order_tenders", "order_id")).equals(("orders", "id"));
    let sum =
        Query::select().expr(Expr::col(("order_tenders", "amount")).sum()).from("order_tenders").and_where(own).take();
    coalesce(SimpleExpr::from(sum)).cast_as("bigint")
}

/// What is in an order's hold.
fn held_by_order() -> SimpleExpr {
    let own = holds().expr(Expr::col("amount").sum()).and_where(Expr::col("owner_id").equals(("orders", "id"))).take();
    coalesce(SimpleExpr::from(own)).cast_as("bigint")
}

fn holds() -> SelectStatement {
    Query::select().from("ledger_balances").and_where(Expr::col("account").eq(AccountKind::OrderHold.name())).take()
}

fn coalesce(amount: SimpleExpr) -> SimpleExpr {
    Func::coalesce([amount, Expr::val(0_i64)]).into()
}

/// Few orders wait, and of all others only the holds that are not empty are looked at.
fn hold_unlike_tenders() -> SelectStatement {
    let waits = || Expr::col(("orders", "status")).eq("pending_payment");
    let unlike = waits().and(held_by_order().ne(taken_by_order()));
    let full = holds().column("owner_id").and_where(Expr::col("amount").ne(0_i64)).take();
    let kept = waits().not().and(Expr::col(("orders", "id")).in_subquery(full));
    from("orders", "id").and_where(unlike.or(kept)).take()
}

fn total_unlike_parts() -> SelectStatement {
    let taken = Query::select()
        .column("order_id")
        .expr_as(Expr::col("amount").sum(), Alias::new("amount"))
        .from("order_tenders")
        .group_by_col("order_id")
        .take();
    let own = Expr::col(("taken", "order_id")).equals(("orders", "id"));
    let parts = Expr::col(("payments", "amount")).add(coalesce(Expr::col(("taken", "amount"))));
    from("orders", "id")
        .inner_join("payments", Expr::col(("payments", "order_id")).equals(("orders", "id")))
        .join_subquery(JoinType::LeftJoin, taken, Alias::new("taken"), own.into_condition())
        .and_where(Expr::col(("orders", "total_amount")).ne(parts))
        .take()
}

fn captured_but_unpaid() -> SelectStatement {
    let order = Expr::col(("orders", "id")).equals(("payments", "order_id"));
    from("payments", "id")
        .inner_join("orders", order)
        .and_where(Expr::col(("payments", "status")).is_in(CAPTURED))
        .and_where(Expr::col(("orders", "status")).is_in(UNPAID))
        .take()
}

fn captured_but_not_credited() -> SelectStatement {
    let own = Expr::col(("ledger_transactions", "payment_id"))
        .equals(("payments", "id"))
        .and(Expr::col(("ledger_transactions", "kind")).eq(MovementKind::TopUp.name()));
    without("payments", "ledger_transactions", own, ("ledger_transactions", "id"))
        .and_where(Expr::col(("payments", "order_id")).is_null())
        .and_where(Expr::col(("payments", "status")).is_in(CAPTURED))
        .take()
}

fn credited_but_not_captured() -> SelectStatement {
    let entry = Expr::col(("ledger_entries", "transaction_id"))
        .equals(("ledger_transactions", "id"))
        .and(Expr::col(("ledger_entries", "account")).eq(AccountKind::StoreBalance.name()));
    let same = |own: &'static str, of_payment: &'static str| {
        Expr::col(("ledger_entries", own)).equals(("payments", of_payment))
    };
    let captured = Expr::col(("payments", "id"))
        .equals(("ledger_transactions", "payment_id"))
        .and(Expr::col(("payments", "order_id")).is_null())
        .and(Expr::col(("payments", "status")).is_in(CAPTURED))
        .and(same("amount", "amount"))
        .and(same("currency", "currency"))
        .and(same("owner_id", "user_id"));
    from("ledger_transactions", "id")
        .join(JoinType::LeftJoin, "ledger_entries", entry.into_condition())
        .join(JoinType::LeftJoin, "payments", captured.into_condition())
        .and_where(Expr::col(("ledger_transactions", "kind")).eq(MovementKind::TopUp.name()))
        .and_where(Expr::col(("payments", "id")).is_null())
        .take()
}

fn paid_but_not_posted() -> SelectStatement {
    let own = Expr::col(("ledger_transactions", "order_id"))
        .equals(("orders", "id"))
        .and(Expr::col(("ledger_transactions", "kind")).eq(MovementKind::OrderPaid.name()));
    let before = Expr::col(("orders_paid_before_ledger", "order_id")).equals(("orders", "id"));
    without("orders", "ledger_transactions", own, ("ledger_transactions", "id"))
        .join(JoinType::LeftJoin, "orders_paid_before_ledger", before.into_condition())
        .and_where(Expr::col(("orders", "status")).is_not_in(UNPAID))
        .and_where(Expr::col(("orders", "total_amount")).gt(0_i64))
        .and_where(Expr::col(("orders_paid_before_ledger", "order_id")).is_null())
        .take()
}

/// Only what waits can be seen: a job that is done leaves no row.
fn confirmed_twice() -> SelectStatement {
    Query::select()
        .expr_as(Expr::col("payload").cast_as("text"), Alias::new("row"))
        .from("jobs")
        .and_where(Expr::col("kind").eq("send_order_confirmation"))
        .group_by_col("payload")
        .and_having(Expr::cust("count(*)").gt(1_i64))
        .take()
}

fn balance_without_entries() -> SelectStatement {
    let same = |column: &'static str| Expr::col(("ledger_entries", column)).equals(("ledger_balances", column));
    let entry = Query::select()
        .expr(Expr::val(1_i64))
        .from("ledger_entries")
        .and_where(same("owner_id"))
        .and_where(same("account"))
        .and_where(same("currency"))
        .take();
    from("ledger_balances", "owner_id").and_where(Expr::exists(entry).not()).take()
}

fn uncounted() -> SelectStatement {
    let nowhere = Expr::col("owner_id").is_null().or(Expr::col("account_position").is_null());
    from("ledger_entries", "id").and_where(Expr::col("account").is_in(with_floor())).and_where(nowhere).take()
}
