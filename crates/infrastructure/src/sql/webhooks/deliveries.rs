//! Storing deliveries, and what came of each try.

use super::entity::delivery::{Column, Entity, Model};
use super::entity::{attempt, row_of};
use crate::sql::error::from_db;
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::webhooks::ports::DeliveryRepository;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Applied, WebhookDeliveryId, WebhookId};
use domain::webhooks::{Attempt, Delivery, DeliveryStatus};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

#[async_trait]
impl DeliveryRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, delivery: &Delivery) -> Result<Applied, RepositoryError> {
        let once = OnConflict::columns([Column::WebhookId, Column::EventId]).do_nothing().to_owned();
        let insert = Entity::insert(Model::from(delivery).into_active_model()).on_conflict(once);
        let rows = insert.exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(if rows > 0 { Applied::Now(()) } else { Applied::Already })
    }

    async fn insert_all(&self, deliveries: &[Delivery]) -> Result<u64, RepositoryError> {
        let mut written = 0;
        // A statement takes so many values at the most.
        for some in deliveries.chunks(250) {
            let once = OnConflict::columns([Column::WebhookId, Column::EventId]).do_nothing().to_owned();
            let rows = some.iter().map(|delivery| Model::from(delivery).into_active_model());
            let insert = Entity::insert_many(rows).on_conflict(once);
            written += insert.exec_without_returning(&self.0).await.map_err(from_db)?;
        }
        Ok(written)
    }

    async fn lock(&self, id: WebhookDeliveryId) -> Result<Option<Delivery>, RepositoryError> {
        let row = Entity::find_by_id(id.uuid()).lock(OWN).one(&self.0).await.map_err(from_db)?;
        row.map(TryInto::try_into).transpose()
    }

    async fn update(&self, delivery: &Delivery) -> Result<(), RepositoryError> {
        let row = Model::from(delivery).into_active_model().reset_all();
        Entity::update(row).exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn record(&self, delivery: WebhookDeliveryId, attempt: &Attempt) -> Result<(), RepositoryError> {
        let row = row_of(delivery.uuid(), attempt).into_active_model();
        attempt::Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn give_up(&self, endpoint: WebhookId, now: DateTime<Utc>) -> Result<(), RepositoryError> {
        let update = Entity::update_many()
            .col_expr(Column::Status, Expr::value(DeliveryStatus::Failed.name()))
            .col_expr(Column::NextAttemptAt, Expr::value(None::<DateTime<Utc>>))
            .col_expr(Column::ClaimedUntil, Expr::value(None::<DateTime<Utc>>))
            .col_expr(Column::UpdatedAt, Expr::value(now))
            .filter(Column::WebhookId.eq(endpoint.uuid()))
            .filter(Column::Status.eq(DeliveryStatus::Waiting.name()));
        update.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn purge(&self, before: DateTime<Utc>) -> Result<(), RepositoryError> {
        let old = Entity::delete_many()
            .filter(Column::CreatedAt.lt(before))
            .filter(Column::Status.ne(DeliveryStatus::Waiting.name()));
        old.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}
