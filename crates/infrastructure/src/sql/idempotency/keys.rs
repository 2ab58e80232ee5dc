//! Claiming keys: one conditional statement decides who runs the request.

use super::AnswerSeal;
use super::entity::idempotency_key::{ActiveModel, Column, Entity, Model};
use super::entity::{DONE, RUNNING};
use crate::sql::Database;
use crate::sql::error::{corrupt, from_db};
use application::RepositoryError;
use application::idempotency::{Claim, ClaimId, IdempotencyKeys, KEPT, KeyedRequest, LEASE, StoredAnswer};
use application::system::IdGenerator;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};
use std::sync::Arc;

/// The keys in a database.
#[derive(Clone)]
pub struct SqlIdempotencyKeys {
    database: Database,
    seal: AnswerSeal,
    ids: Arc<dyn IdGenerator>,
}

impl SqlIdempotencyKeys {
    /// In this database.
    #[must_use]
    pub fn new(database: &Database, seal: AnswerSeal, ids: Arc<dyn IdGenerator>) -> Self {
        Self { database: database.clone(), seal, ids }
    }

    /// Takes a key that nobody has, whose holder's lease has ended, or that is too old to count.
    async fn take(&self, request: &KeyedRequest, claim: ClaimId, now: DateTime<Utc>) -> Result<bool, RepositoryError> {
        let fingerprint = self.seal.fingerprint(request);
        let row = ActiveModel {
            caller: Set(request.caller.clone()),
            key: Set(request.key.clone()),
            fingerprint: Set(fingerprint.clone()),
            claim_id: Set(Some(claim.0)),
            state: Set(RUNNING.to_owned()),
            claimed_at: Set(now),
            leased_until: Set(now + LEASE),
            status: Set(None),
            body: Set(None),
        };
        let left_behind = Condition::all()
            .add(Column::State.eq(RUNNING))
            .add(Column::LeasedUntil.lte(now))
            .add(Column::Fingerprint.eq(fingerprint));
        let free = Condition::any().add(left_behind).add(Column::ClaimedAt.lte(now - KEPT));
        let take_over = OnConflict::columns([Column::Caller, Column::Key])
            .update_columns([
                Column::Fingerprint,
                Column::State,
                Column::ClaimId,
                Column::ClaimedAt,
                Column::LeasedUntil,
                Column::Status,
                Column::Body,
            ])
            .action_cond_where(free)
            .to_owned();
        let insert = Entity::insert(row).on_conflict(take_over);
        Ok(insert.exec_without_returning(self.database.writer()).await.map_err(from_db)? == 1)
    }

    /// The answer of a request that is done.
    fn answer(&self, request: &KeyedRequest, row: &Model) -> Result<StoredAnswer, RepositoryError> {
        let status = row.status.and_then(|status| u16::try_from(status).ok());
        let status = status.ok_or_else(|| corrupt("kept answer without a status"))?;
        let (headers, body) = self.seal.open(request, row.body.as_deref().unwrap_or_default())?;
        Ok(StoredAnswer { status, headers, body })
    }
}

#[async_trait]
impl IdempotencyKeys for SqlIdempotencyKeys {
    async fn claim(&self, request: &KeyedRequest, now: DateTime<Utc>) -> Result<Claim, RepositoryError> {
        let claim = ClaimId(self.ids.next());
        if self.take(request, claim, now).await? {
            return Ok(Claim::Granted(claim));
        }
        let found = Entity::find_by_id((request.caller.clone(), request.key.clone())).one(self.database.reader()).await;
        match found.map_err(from_db)? {
            // Given back in between: the next try finds it free.
            None => Ok(Claim::InUse),
            Some(row) if row.fingerprint != self.seal.fingerprint(request) => Ok(Claim::Mismatch),
            Some(row) if row.state == DONE => self.answer(request, &row).map(Claim::Replay),
            Some(_) => Ok(Claim::InUse),
        }
    }

    async fn renew(&self, request: &KeyedRequest, claim: ClaimId, now: DateTime<Utc>) -> Result<bool, RepositoryError> {
        let update = Entity::update_many()
            .col_expr(Column::LeasedUntil, Expr::value(now + LEASE))
            .filter(standing(request, claim));
        Ok(update.exec(self.database.writer()).await.map_err(from_db)?.rows_affected == 1)
    }

    async fn keep(
        &self,
        request: &KeyedRequest,
        claim: ClaimId,
        answer: &StoredAnswer,
    ) -> Result<bool, RepositoryError> {
        let update = Entity::update_many()
            .col_expr(Column::State, Expr::value(DONE))
            .col_expr(Column::Status, Expr::value(i32::from(answer.status)))
            .col_expr(Column::Body, Expr::value(self.seal.seal(request, answer)?))
            .filter(standing(request, claim));
        Ok(update.exec(self.database.writer()).await.map_err(from_db)?.rows_affected == 1)
    }

    async fn release(&self, request: &KeyedRequest, claim: ClaimId) -> Result<(), RepositoryError> {
        Entity::delete_many().filter(standing(request, claim)).exec(self.database.writer()).await.map_err(from_db)?;
        Ok(())
    }

    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let old = Entity::delete_many().filter(Column::ClaimedAt.lte(now - KEPT));
        Ok(old.exec(self.database.writer()).await.map_err(from_db)?.rows_affected)
    }
}

/// The key while this claim of it stands: an answer that is kept is never changed, and a twin that took over not disturbed.
fn standing(request: &KeyedRequest, claim: ClaimId) -> Condition {
    Condition::all()
        .add(Column::Caller.eq(request.caller.as_str()))
        .add(Column::Key.eq(request.key.as_str()))
        .add(Column::ClaimId.eq(claim.0))
        .add(Column::State.eq(RUNNING))
}
