//! Claiming keys: one conditional statement decides who runs the request.

use super::entity::idempotency_key::{ActiveModel, Column, Entity};
use super::entity::{DONE, RUNNING, StoredHeaders};
use crate::sql::Database;
use crate::sql::error::from_db;
use application::RepositoryError;
use application::idempotency::{Claim, IdempotencyKeys, KEPT, KeyedRequest, LEASE, StoredAnswer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};

/// The keys in a database.
#[derive(Debug, Clone)]
pub struct SqlIdempotencyKeys {
    database: Database,
}

impl SqlIdempotencyKeys {
    /// In this database.
    #[must_use]
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone() }
    }

    /// Takes a key that nobody has, whose holder's lease has ended, or that is too old to count.
    async fn take(&self, request: &KeyedRequest, now: DateTime<Utc>) -> Result<bool, RepositoryError> {
        let row = ActiveModel {
            caller: Set(request.caller.clone()),
            key: Set(request.key.clone()),
            fingerprint: Set(request.fingerprint.clone()),
            state: Set(RUNNING.to_owned()),
            claimed_at: Set(now),
            leased_until: Set(now + LEASE),
            status: Set(None),
            headers: Set(None),
            body: Set(None),
        };
        let left_behind = Condition::all()
            .add(Column::State.eq(RUNNING))
            .add(Column::LeasedUntil.lte(now))
            .add(Column::Fingerprint.eq(request.fingerprint.as_str()));
        let free = Condition::any().add(left_behind).add(Column::ClaimedAt.lte(now - KEPT));
        let take_over = OnConflict::columns([Column::Caller, Column::Key])
            .update_columns([
                Column::Fingerprint,
                Column::State,
                Column::ClaimedAt,
                Column::LeasedUntil,
                Column::Status,
                Column::Headers,
                Column::Body,
            ])
            .action_cond_where(free)
            .to_owned();
        let insert = Entity::insert(row).on_conflict(take_over);
        Ok(insert.exec_without_returning(self.database.writer()).await.map_err(from_db)? == 1)
    }
}

#[async_trait]
impl IdempotencyKeys for SqlIdempotencyKeys {
    async fn claim(&self, request: &KeyedRequest, now: DateTime<Utc>) -> Result<Claim, RepositoryError> {
        if self.take(request, now).await? {
            return Ok(Claim::Granted);
        }
        let found = Entity::find_by_id((request.caller.clone(), request.key.clone())).one(self.database.reader()).await;
        match found.map_err(from_db)? {
            // Given back in between: the next try finds it free.
            None => Ok(Claim::InUse),
            Some(row) if row.fingerprint != request.fingerprint => Ok(Claim::Mismatch),
            Some(row) if row.state == DONE => row.into_answer().map(Claim::Replay),
            Some(_) => Ok(Claim::InUse),
        }
    }

    async fn keep(&self, request: &KeyedRequest, answer: &StoredAnswer) -> Result<(), RepositoryError> {
        let update = Entity::update_many()
            .col_expr(Column::State, Expr::value(DONE))
            .col_expr(Column::Status, Expr::value(i32::from(answer.status)))
            .col_expr(Column::Headers, Expr::value(StoredHeaders(answer.headers.clone())))
            .col_expr(Column::Body, Expr::value(answer.body.clone()))
            .filter(running(request));
        update.exec(self.database.writer()).await.map_err(from_db)?;
        Ok(())
    }

    async fn release(&self, request: &KeyedRequest) -> Result<(), RepositoryError> {
        Entity::delete_many().filter(running(request)).exec(self.database.writer()).await.map_err(from_db)?;
        Ok(())
    }

    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let old = Entity::delete_many().filter(Column::ClaimedAt.lte(now - KEPT));
        Ok(old.exec(self.database.writer()).await.map_err(from_db)?.rows_affected)
    }
}

/// The key while its request runs: an answer that is kept is never changed.
fn running(request: &KeyedRequest) -> Condition {
    Condition::all()
        .add(Column::Caller.eq(request.caller.as_str()))
        .add(Column::Key.eq(request.key.as_str()))
        .add(Column::Fingerprint.eq(request.fingerprint.as_str()))
        .add(Column::State.eq(RUNNING))
}
