//! Counting what is given back: one statement for the order and one for its payment. What would be more than was paid changes no row,
//! and that is the verdict.

use crate::sql::Sql;
use crate::sql::error::from_db;
use application::RepositoryError;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

const REFUNDED: &str = "refunded_amount";

/// Of what is counted.
pub struct Counted {
    pub table: &'static str,
    pub id: Uuid,
    /// The column with the most that can go back.
    pub most: &'static str,
    /// The status in which anything can.
    pub status: &'static str,
}

impl Sql<DatabaseTransaction> {
    /// More has gone back, unless that is more than all of it.
    pub(super) async fn count_more(&self, of: &Counted, amount: i64) -> Result<bool, RepositoryError> {
        let within = Expr::col(REFUNDED).add(amount).lte(Expr::col(of.most));
        self.move_count(of, amount, within.and(Expr::col("status").eq(of.status))).await
    }

    /// Less has gone back, unless that is less than nothing.
    pub(super) async fn count_less(&self, of: &Counted, amount: i64) -> Result<bool, RepositoryError> {
        self.move_count(of, -amount, Expr::col(REFUNDED).gte(amount)).await
    }

    async fn move_count(&self, of: &Counted, by: i64, condition: SimpleExpr) -> Result<bool, RepositoryError> {
        let update = Query::update()
            .table(of.table)
            .value(REFUNDED, Expr::col(REFUNDED).add(by))
            .and_where(Expr::col("id").eq(of.id))
            .and_where(condition)
            .take();
        Ok(self.0.execute(&update).await.map_err(from_db)?.rows_affected() == 1)
    }
}
