//! Reading payments as they are stored, to hold them against the gateway's books.

use super::snapshot::CAPTURED;
use crate::sql::error::from_db;
use application::RepositoryError;
use application::ledger::check::ports::{Overdue, Standing, StoredPayment};
use chrono::{DateTime, TimeDelta, Utc};
use domain::kernel::PaymentId;
use domain::payments::Payment;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, IntoCondition, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, JoinType, Order::Asc, QueryResult};
use uuid::Uuid;

/// How long after the time to pay a payment may still be open.
const GRACE: TimeDelta = TimeDelta::minutes(15);
/// Where a payment stands that has ended without money.
const ENDED: [&str; 2] = ["declined", "voided"];

/// Payments that are open for too long.
pub async fn overdue(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Overdue, RepositoryError> {
    let order = Expr::col(("payments", "order_id")).equals(("orders", "id"));
    let late_order = Expr::col(("orders", "expires_at")).lt(now - GRACE);
    let begun = Expr::col(("payments", "created_at")).lt(now - GRACE - Payment::TIME_TO_PAY);
    let late_top_up = Expr::col(("payments", "order_id")).is_null().and(begun);
    let oldest = Query::select()
        .column(("payments", "id"))
        .expr_as(Expr::cust("count(*) OVER ()"), Alias::new("rows"))
        .from("payments")
        .join(JoinType::LeftJoin, "orders", order.into_condition())
        .and_where(Expr::col(("payments", "status")).is_not_in(CAPTURED))
        .and_where(Expr::col(("payments", "status")).is_not_in(ENDED))
        .and_where(Expr::col(("payments", "status")).ne("authorized"))
        .cond_where(Condition::any().add(late_order).add(late_top_up))
        .order_by(("payments", "created_at"), Asc)
        .order_by(("payments", "id"), Asc)
        .limit(1)
        .take();
    let Some(row) = tx.query_one(&oldest).await.map_err(from_db)? else { return Ok(Overdue::default()) };
    let read = || -> Result<_, DbErr> { Ok((row.try_get::<i64>("", "rows")?, row.try_get::<Uuid>("", "id")?)) };
    let (count, first) = read().map_err(from_db)?;
    Ok(Overdue { count: count.unsigned_abs(), first: Some(PaymentId::new(first)) })
}

/// Payments whose money a gateway took. Where nothing was left to pay, none did.
pub async fn captured(
    tx: &DatabaseTransaction,
    after: Option<PaymentId>,
    most: u64,
) -> Result<Vec<StoredPayment>, RepositoryError> {
    let seen = after.map(|id| Expr::col("id").gt(id.uuid()));
    let page = payments()
        .and_where(Expr::col("status").is_in(CAPTURED))
        .and_where(Expr::col("amount").gt(0_i64))
        .cond_where(Condition::all().add_option(seen))
        .order_by("id", Asc)
        .limit(most)
        .take();
    all(tx, &page).await
}

/// These payments, as far as they are there.
pub async fn these(tx: &DatabaseTransaction, ids: &[PaymentId]) -> Result<Vec<StoredPayment>, RepositoryError> {
    let ids = ids.iter().map(|id| id.uuid());
    all(tx, &payments().and_where(Expr::col("id").is_in(ids)).take()).await
}

fn payments() -> SelectStatement {
    Query::select()
        .columns(["id", "session_id", "amount", "currency", "status"])
        .expr_as(given_back("succeeded"), Alias::new("refunded"))
        .expr_as(given_back("pending"), Alias::new("refunding"))
        .from("payments")
        .take()
}

/// What goes back by the gateway; a dispute is not its doing. (PostgreSQL sums whole numbers into numeric.)
fn given_back(status: &'static str) -> Expr {
    let own = |table: &str| {
        format!("{table}.payment_id = payments.id AND {table}.kind = 'refund' AND {table}.status = '{status}'")
    };
    let (of_order, of_top_up) = (own("refunds"), own("top_up_refunds"));
    Expr::cust(format!(
        "CAST((SELECT COALESCE(SUM(refunds.card_amount), 0) FROM refunds WHERE {of_order}) \
         + (SELECT COALESCE(SUM(top_up_refunds.amount), 0) FROM top_up_refunds WHERE {of_top_up}) AS bigint)"
    ))
}

async fn all(tx: &DatabaseTransaction, select: &SelectStatement) -> Result<Vec<StoredPayment>, RepositoryError> {
    let rows = tx.query_all(select).await.map_err(from_db)?;
    rows.iter().map(|row| stored(row).map_err(from_db)).collect()
}

fn stored(row: &QueryResult) -> Result<StoredPayment, DbErr> {
    let status: String = row.try_get("", "status")?;
    let standing = if CAPTURED.contains(&status.as_str()) {
        Standing::Captured
    } else if ENDED.contains(&status.as_str()) {
        Standing::Ended(status)
    } else {
        Standing::Open
    };
    Ok(StoredPayment {
        id: PaymentId::new(row.try_get("", "id")?),
        session: row.try_get("", "session_id")?,
        amount: row.try_get("", "amount")?,
        currency: row.try_get("", "currency")?,
        standing,
        refunded: row.try_get("", "refunded")?,
        refunding: row.try_get("", "refunding")?,
    })
}
