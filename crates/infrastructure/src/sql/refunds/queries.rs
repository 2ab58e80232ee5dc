//! Reading refunds.

use super::entity::refund;
use super::mapping::with_parts;
use crate::sql::Sql;
use crate::sql::error::from_db;
use application::RepositoryError;
use application::refunds::ports::RefundQueries;
use async_trait::async_trait;
use domain::kernel::{OrderId, RefundId};
use domain::refunds::Refund;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};

#[async_trait]
impl RefundQueries for Sql<DatabaseConnection> {
    async fn find_refund(&self, id: RefundId) -> Result<Option<Refund>, RepositoryError> {
        let row = refund::Entity::find_by_id(id.uuid()).one(&self.0).await.map_err(from_db)?;
        Ok(with_parts(&self.0, row.into_iter().collect()).await?.pop())
    }

    async fn refunds_of(&self, order: OrderId) -> Result<Vec<Refund>, RepositoryError> {
        let own = refund::Entity::find().filter(refund::Column::OrderId.eq(order.uuid()));
        let newest = own.order_by_desc(refund::Column::CreatedAt).order_by_desc(refund::Column::Id);
        with_parts(&self.0, newest.all(&self.0).await.map_err(from_db)?).await
    }
}
