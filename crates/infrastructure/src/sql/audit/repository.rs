//! Writing the security log, as a row and as a structured line of the program's own log.

use super::entity::security_event::{ActiveModel, Column, Entity};
use crate::sql::Sql;
use crate::sql::error::from_db;
use application::RepositoryError;
use application::audit::SecurityEvent;
use application::audit::ports::SecurityLog;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::UserId;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

#[async_trait]
impl SecurityLog for Sql<DatabaseTransaction> {
    async fn record(&self, event: &SecurityEvent, now: DateTime<Utc>) -> Result<(), RepositoryError> {
        #[expect(clippy::disallowed_methods, reason = "the id of a row that no rule depends on")]
        let id = Uuid::now_v7();
        let row = ActiveModel {
            id: Set(id),
            at: Set(now),
            kind: Set(event.kind.name().to_owned()),
            user_id: Set(event.user_id.map(UserId::uuid)),
            actor_id: Set(event.actor_id.map(UserId::uuid)),
            email: Set(event.email.clone()),
            address: Set(event.address.clone()),
            device: Set(event.device.clone()),
            details: Set(serde_json::to_value(&event.details).map_err(RepositoryError::unavailable)?),
        };
        Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        tracing::info!(
            target: "security",
            kind = event.kind.name(),
            user = event.user_id.map(tracing::field::display),
            actor = event.actor_id.map(tracing::field::display),
            email = event.email,
            address = event.address,
            device = event.device,
            details = ?event.details,
            "security event"
        );
        Ok(())
    }

    async fn purge(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let old = Entity::delete_many().filter(Column::At.lt(before));
        Ok(old.exec(&self.0).await.map_err(from_db)?.rows_affected)
    }
}
