//! Counts of attempts: one conditional statement decides whether one more is granted.

use crate::sql::Database;
use crate::sql::error::from_db;
use application::RepositoryError;
use application::identity::ports::{AttemptCounts, AttemptKey, Budget, Taken, WindowBegins};
use async_trait::async_trait;
use attempt_count::{ActiveModel, Column, Entity};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait};

mod attempt_count {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attempt_counts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub used: i64,
        pub resets_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The counts in a database, which all nodes share.
#[derive(Debug, Clone)]
pub struct SqlAttemptCounts {
    database: Database,
}

impl SqlAttemptCounts {
    /// In this database.
    #[must_use]
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone() }
    }
}

#[async_trait]
impl AttemptCounts for SqlAttemptCounts {
    async fn take(&self, key: &AttemptKey, budget: Budget, now: DateTime<Utc>) -> Result<Taken, RepositoryError> {
        let whole_again = now + budget.window;
        let over = || Expr::col((Entity, Column::ResetsAt)).lte(now);
        let used =
            CaseStatement::new().case(over(), Expr::value(1_i64)).finally(Expr::col((Entity, Column::Used)).add(1_i64));
        let resets_at = match budget.begins {
            WindowBegins::WithEach => Expr::value(whole_again),
            WindowBegins::WithTheFirst => CaseStatement::new()
                .case(over(), Expr::value(whole_again))
                .finally(Expr::col((Entity, Column::ResetsAt)))
                .into(),
        };
        let free = Condition::any().add(over()).add(Expr::col((Entity, Column::Used)).lt(budget.attempts));
        let count = OnConflict::column(Column::Key)
            .value(Column::Used, used)
            .value(Column::ResetsAt, resets_at)
            .action_cond_where(free)
            .to_owned();
        let first = ActiveModel { key: Set(key.as_str().to_owned()), used: Set(1), resets_at: Set(whole_again) };
        let mut statement = Entity::insert(first).on_conflict(count).into_query();
        statement.returning_col(Column::Used);
        let row = self.database.writer().query_one(&statement).await.map_err(from_db)?;
        match row {
            Some(row) => Ok(Taken::Granted { used: row.try_get("", "used").map_err(from_db)? }),
            None => self.look(key, budget, now).await,
        }
    }

    async fn look(&self, key: &AttemptKey, budget: Budget, now: DateTime<Utc>) -> Result<Taken, RepositoryError> {
        let row = Entity::find_by_id(key.as_str()).one(self.database.writer()).await.map_err(from_db)?;
        Ok(match row {
            Some(row) if row.resets_at > now && row.used >= budget.attempts => Taken::Refused { until: row.resets_at },
            Some(row) if row.resets_at > now => Taken::Granted { used: row.used },
            Some(_) | None => Taken::Granted { used: 0 },
        })
    }

    async fn give_back(&self, key: &AttemptKey) -> Result<(), RepositoryError> {
        let back = Entity::update_many()
            .col_expr(Column::Used, Expr::col(Column::Used).sub(1_i64))
            .filter(Column::Key.eq(key.as_str()))
            .filter(Column::Used.gt(0_i64));
        back.exec(self.database.writer()).await.map_err(from_db)?;
        Ok(())
    }

    async fn reset(&self, key: &AttemptKey) -> Result<(), RepositoryError> {
        Entity::delete_by_id(key.as_str()).exec(self.database.writer()).await.map_err(from_db)?;
        Ok(())
    }

    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let over = Entity::delete_many().filter(Column::ResetsAt.lte(now));
        Ok(over.exec(self.database.writer()).await.map_err(from_db)?.rows_affected)
    }
}
