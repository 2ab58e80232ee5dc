//! The cards that were tried for payments, as digests: counted for as long as rules look back, and then forgotten.

use crate::sql::error::from_db;
use application::RepositoryError;
use chrono::{DateTime, Utc};
use domain::kernel::PaymentId;
use domain::payments::{Payment, Track};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query, SimpleExpr};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

const CARDS: &str = "payment_cards";

/// Notes those that are not known yet of this payment.
pub async fn note(
    tx: &DatabaseTransaction,
    payment: PaymentId,
    cards: &[String],
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    for card in cards {
        let known = OnConflict::columns(["payment_id", "card"]).do_nothing().to_owned();
        let insert = Query::insert()
            .into_table(CARDS)
            .columns(["payment_id", "card", "seen_at"])
            .values([Expr::value(payment.uuid()), Expr::value(card.as_str()), Expr::value(now)])
            .map_err(|error| RepositoryError::unavailable(error.to_string()))?
            .on_conflict(known)
            .take();
        tx.execute(&insert).await.map_err(from_db)?;
    }
    Ok(())
}

/// Forgets those that were seen before.
pub async fn purge(tx: &DatabaseTransaction, before: DateTime<Utc>) -> Result<u64, RepositoryError> {
    let old = Query::delete().from_table(CARDS).and_where(Expr::col("seen_at").lte(before)).take();
    Ok(tx.execute(&old).await.map_err(from_db)?.rows_affected())
}

/// How many different ones were tried for these payments, as far as rules look back. A card is tried within the time to pay,
/// so that of somebody's payments only the last day's are looked at.
pub async fn count(tx: &DatabaseTransaction, whose: SimpleExpr, now: DateTime<Utc>) -> Result<u32, RepositoryError> {
    let different = Query::select()
        .expr_as(Expr::cust("COUNT(DISTINCT payment_cards.card)"), Alias::new("cards"))
        .from(CARDS)
        .inner_join("payments", Expr::col(("payments", "id")).equals((CARDS, "payment_id")))
        .and_where(Expr::col((CARDS, "seen_at")).gt(now - Track::WINDOW))
        .and_where(Expr::col(("payments", "created_at")).gt(now - Track::WINDOW - Payment::TIME_TO_PAY))
        .and_where(whose)
        .take();
    let row = tx.query_one(&different).await.map_err(from_db)?;
    let count: Result<Option<i64>, DbErr> = row.map(|row| row.try_get("", "cards")).transpose();
    Ok(u32::try_from(count.map_err(from_db)?.unwrap_or_default()).unwrap_or(u32::MAX))
}
