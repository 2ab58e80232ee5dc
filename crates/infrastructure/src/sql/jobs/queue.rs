//! Pushing jobs, in the transaction that makes them true.

use super::entity::{WAITING, job};
use crate::sql::Sql;
use crate::sql::error::{corrupt, from_db};
use application::RepositoryError;
use application::jobs::{Job, JobQueue};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use uuid::Uuid;

#[async_trait]
impl JobQueue for Sql<DatabaseTransaction> {
    async fn push(&self, job: Job, run_at: DateTime<Utc>) -> Result<(), RepositoryError> {
        let row = new_row(&job, run_at)?;
        job::Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}

/// The row of a new job. Its kind is a column of its own, so that a person sees at once what waits.
pub fn new_row(job: &Job, run_at: DateTime<Utc>) -> Result<job::ActiveModel, RepositoryError> {
    let payload = serde_json::to_value(job).map_err(RepositoryError::unavailable)?;
    let kind = payload.get("kind").and_then(serde_json::Value::as_str).ok_or_else(|| corrupt("job without a kind"))?;
    #[expect(clippy::disallowed_methods, reason = "the id of a row that nobody outside knows; no rule depends on it")]
    let id = Uuid::now_v7();
    Ok(job::ActiveModel {
        id: Set(id),
        kind: Set(kind.to_owned()),
        payload: Set(payload.clone()),
        state: Set(WAITING.to_owned()),
        run_at: Set(run_at),
        urgent: Set(job.is_urgent()),
        claimed_until: Set(None),
        attempts: Set(0),
        reason: Set(None),
        schedule: Set(None),
    })
}
