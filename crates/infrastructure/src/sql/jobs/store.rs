//! Taking jobs, as workers do: any number of them, on any number of nodes.

use super::entity::{BURIED, WAITING, job};
use super::queue::new_row;
use crate::sql::error::from_db;
use crate::sql::{Database, Sql};
use application::RepositoryError;
use application::jobs::{ClaimedJob, Job, JobCounts, JobStore, LEASE};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, LockBehavior, LockType, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, UpdateMany,
};
use uuid::Uuid;

/// The jobs in a database.
#[derive(Debug, Clone)]
pub struct SqlJobStore {
    database: Database,
}

impl SqlJobStore {
    /// In this database.
    #[must_use]
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone() }
    }
}

#[async_trait]
impl JobStore for SqlJobStore {
    /// One short transaction: PostgreSQL skips what another is claiming at this moment, SQLite has one writer anyway.
    async fn claim(&self, now: DateTime<Utc>, limit: u64) -> Result<Vec<ClaimedJob>, RepositoryError> {
        let tx = self.database.transactor().open().await?;
        let mut rows = due(now, true, limit).all(&tx.0).await.map_err(from_db)?;
        let left = limit.saturating_sub(rows.len() as u64);
        if left > 0 {
            rows.extend(due(now, false, left).all(&tx.0).await.map_err(from_db)?);
        }
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let claim = job::Entity::update_many()
            .col_expr(job::Column::ClaimedUntil, Expr::value(now + LEASE))
            .col_expr(job::Column::Attempts, Expr::col(job::Column::Attempts).add(1_i32))
            .col_expr(job::Column::Schedule, Expr::value(None::<String>))
            .filter(job::Column::Id.is_in(rows.iter().map(|row| row.id)));
        claim.exec(&tx.0).await.map_err(from_db)?;
        tx.close().await?;
        Ok(rows.into_iter().map(claimed).collect())
    }

    async fn complete(&self, id: Uuid) -> Result<(), RepositoryError> {
        job::Entity::delete_by_id(id).exec(self.database.writer()).await.map_err(from_db)?;
        Ok(())
    }

    async fn retry(&self, id: Uuid, run_at: DateTime<Utc>, reason: &str) -> Result<(), RepositoryError> {
        let update = let_go(id, reason).col_expr(job::Column::RunAt, Expr::value(run_at));
        update.exec(self.database.writer()).await.map_err(from_db)?;
        Ok(())
    }

    async fn bury(&self, id: Uuid, reason: &str) -> Result<(), RepositoryError> {
        let update = let_go(id, reason).col_expr(job::Column::State, Expr::value(BURIED));
        update.exec(self.database.writer()).await.map_err(from_db)?;
        Ok(())
    }

    async fn counts(&self) -> Result<JobCounts, RepositoryError> {
        let rows = job::Entity::find()
            .select_only()
            .column(job::Column::State)
            .column_as(job::Column::Id.count(), "count")
            .group_by(job::Column::State)
            .into_tuple::<(String, i64)>()
            .all(self.database.reader())
            .await
            .map_err(from_db)?;
        let of = |state: &str| rows.iter().find(|(s, _)| s == state).map_or(0, |(_, count)| count.unsigned_abs());
        Ok(JobCounts { waiting: of(WAITING), buried: of(BURIED) })
    }

    async fn push_unless_waiting(&self, job: Job, run_at: DateTime<Utc>) -> Result<(), RepositoryError> {
        let mut row = new_row(&job, run_at)?;
        let kind = row.kind.as_ref().clone();
        row.schedule = Set(Some(kind.clone()));
        let tx = self.database.transactor().open().await?;
        if !waits(&tx, &kind).await? {
            let planned = OnConflict::column(job::Column::Schedule).do_nothing().to_owned();
            let insert = job::Entity::insert(row).on_conflict(planned);
            insert.exec_without_returning(&tx.0).await.map_err(from_db)?;
        }
        tx.close().await
    }
}

/// Whether one of this kind waits. One that somebody is doing doesn't: it may be planning its successor.
async fn waits(tx: &Sql<DatabaseTransaction>, kind: &str) -> Result<bool, RepositoryError> {
    let waiting = job::Entity::find()
        .filter(job::Column::State.eq(WAITING))
        .filter(job::Column::Kind.eq(kind))
        .filter(job::Column::ClaimedUntil.is_null());
    Ok(waiting.count(&tx.0).await.map_err(from_db)? > 0)
}

/// A job that is nobody's any more.
fn let_go(id: Uuid, reason: &str) -> UpdateMany<job::Entity> {
    job::Entity::update_many()
        .col_expr(job::Column::ClaimedUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(job::Column::Reason, Expr::value(reason))
        .filter(job::Column::Id.eq(id))
}

/// Jobs whose time has come and that nobody has, the oldest first; each kind of urgency is a stretch of one index.
fn due(now: DateTime<Utc>, urgent: bool, limit: u64) -> Select<job::Entity> {
    let nobody_has_it =
        Condition::any().add(job::Column::ClaimedUntil.is_null()).add(job::Column::ClaimedUntil.lte(now));
    job::Entity::find()
        .filter(job::Column::State.eq(WAITING))
        .filter(job::Column::Urgent.eq(urgent))
        .filter(job::Column::RunAt.lte(now))
        .filter(nobody_has_it)
        .order_by_asc(job::Column::RunAt)
        .order_by_asc(job::Column::Id)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
}

fn claimed(row: job::Model) -> ClaimedJob {
    let attempt = u32::try_from(row.attempts).unwrap_or_default().saturating_add(1);
    let text = row.payload.to_string();
    let job = serde_json::from_value(row.payload).map_err(|_| text);
    ClaimedJob { id: row.id, job, attempt }
}
