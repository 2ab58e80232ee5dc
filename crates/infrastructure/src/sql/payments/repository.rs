//! Changing attempts to pay, and keeping what gateways told us.

use super::entity::{payment, webhook_event};
use crate::sql::error::from_db;
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::payments::ports::{PaymentRepository, ReceivedEvent, WebhookEventRepository};
use async_trait::async_trait;
use domain::kernel::{Applied, OrderId, PaymentId};
use domain::payments::Payment;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect,
};

#[async_trait]
impl PaymentRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, payment: &Payment) -> Result<(), RepositoryError> {
        let row = payment::Model::from(payment).into_active_model();
        payment::Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn lock(&self, id: PaymentId) -> Result<Option<Payment>, RepositoryError> {
        let row = payment::Entity::find_by_id(id.uuid()).lock(OWN).one(&self.0).await.map_err(from_db)?;
        row.map(Payment::try_from).transpose()
    }

    async fn lock_of_order(&self, order: OrderId) -> Result<Option<Payment>, RepositoryError> {
        let found = payment::Entity::find().filter(payment::Column::OrderId.eq(order.uuid()));
        let row = found.lock(OWN).one(&self.0).await.map_err(from_db)?;
        row.map(Payment::try_from).transpose()
    }

    async fn update(&self, payment: &Payment) -> Result<(), RepositoryError> {
        let row = payment::Model::from(payment).into_active_model().reset_all();
        let this = payment::Entity::update_many().set(row).filter(payment::Column::Id.eq(payment.id.uuid()));
        this.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}

#[async_trait]
impl WebhookEventRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, event: &ReceivedEvent) -> Result<Applied, RepositoryError> {
        let row = webhook_event::ActiveModel {
            gateway: Set(event.gateway.to_owned()),
            id: Set(event.id.clone()),
            kind: Set(event.kind.clone()),
            payload: Set(event.payload.replace('\0', "\u{fffd}")), // PostgreSQL's texts can't hold it
            received_at: Set(event.received_at),
        };
        let known =
            OnConflict::columns([webhook_event::Column::Gateway, webhook_event::Column::Id]).do_nothing().to_owned();
        let insert = webhook_event::Entity::insert(row).on_conflict(known);
        let inserted = insert.exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(if inserted == 1 { Applied::Now(()) } else { Applied::Already })
    }
}
