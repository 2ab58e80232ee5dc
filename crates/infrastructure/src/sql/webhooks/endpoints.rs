//! Storing endpoints.

use super::entity::webhook::{Column, Entity, Model};
use crate::sql::error::from_db;
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::webhooks::ports::WebhookRepository;
use async_trait::async_trait;
use domain::kernel::{UserId, WebhookId};
use domain::webhooks::{Endpoint, Owner};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QuerySelect, Select,
};
use uuid::Uuid;

#[async_trait]
impl WebhookRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, endpoint: &Endpoint) -> Result<(), RepositoryError> {
        let row = Model::from(endpoint).into_active_model();
        Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn lock_owned(&self, owner: Owner, id: WebhookId) -> Result<Option<Endpoint>, RepositoryError> {
        self.own_webhook(Entity::find_by_id(id.uuid()).filter(belongs_to(owner))).await
    }

    async fn lock(&self, id: WebhookId) -> Result<Option<Endpoint>, RepositoryError> {
        self.own_webhook(Entity::find_by_id(id.uuid())).await
    }

    async fn update(&self, endpoint: &Endpoint) -> Result<(), RepositoryError> {
        let row = Model::from(endpoint).into_active_model().reset_all();
        Entity::update(row).exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn remove(&self, owner: Owner, id: WebhookId) -> Result<bool, RepositoryError> {
        let theirs = Entity::delete_many().filter(Column::Id.eq(id.uuid())).filter(belongs_to(owner));
        Ok(theirs.exec(&self.0).await.map_err(from_db)?.rows_affected > 0)
    }

    async fn count(&self, owner: Owner) -> Result<u64, RepositoryError> {
        Entity::find().filter(belongs_to(owner)).count(&self.0).await.map_err(from_db)
    }

    async fn is_any_on(&self) -> Result<bool, RepositoryError> {
        let on = Entity::find().select_only().column(Column::Id).filter(Column::DisabledAt.is_null()).limit(1);
        Ok(on.into_tuple::<Uuid>().one(&self.0).await.map_err(from_db)?.is_some())
    }
}

impl Sql<DatabaseTransaction> {
    async fn own_webhook(&self, select: Select<Entity>) -> Result<Option<Endpoint>, RepositoryError> {
        let row = select.lock(OWN).one(&self.0).await.map_err(from_db)?;
        row.map(TryInto::try_into).transpose()
    }
}

/// Whether it is this owner's.
pub(super) fn belongs_to(owner: Owner) -> SimpleExpr {
    owner.seller().map_or_else(|| Column::SellerId.is_null(), |seller: UserId| Column::SellerId.eq(seller.uuid()))
}
