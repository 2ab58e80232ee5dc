//! Changing orders: written whole once, then only their status and what is added to their timeline and to what they took.

use super::entity::{order, order_event, order_line, order_tender};
use super::mapping::{event_rows, line_rows, order_row, with_parts};
use super::tenders::tender_rows;
use crate::sql::error::from_db;
use crate::sql::stored::StoredText;
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::orders::ports::OrderRepository;
use async_trait::async_trait;
use domain::kernel::OrderId;
use domain::orders::Order;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

#[async_trait]
impl OrderRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, order: &Order) -> Result<(), RepositoryError> {
        let row = order_row(order).into_active_model();
        order::Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        let rows = line_rows(order).into_iter().map(IntoActiveModel::into_active_model);
        order_line::Entity::insert_many(rows).exec_without_returning(&self.0).await.map_err(from_db)?;
        self.append_events(order).await?;
        self.append_tenders(order).await
    }

    async fn lock(&self, id: OrderId) -> Result<Option<Order>, RepositoryError> {
        let row = order::Entity::find_by_id(id.uuid()).lock(OWN).one(&self.0).await.map_err(from_db)?;
        Ok(with_parts(&self.0, row.into_iter().collect()).await?.pop())
    }

    async fn update(&self, order: &Order) -> Result<(), RepositoryError> {
        let update = order::Entity::update_many()
            .col_expr(order::Column::Status, Expr::value(order.status.text()))
            .filter(order::Column::Id.eq(order.id.uuid()));
        update.exec(&self.0).await.map_err(from_db)?;
        self.append_events(order).await?;
        self.append_tenders(order).await
    }
}

impl Sql<DatabaseTransaction> {
    /// Those that are there stay as they are.
    async fn append_events(&self, order: &Order) -> Result<(), RepositoryError> {
        use order_event::Column::{OrderId, Position};
        let rows = event_rows(order).into_iter().map(IntoActiveModel::into_active_model);
        let there = OnConflict::columns([OrderId, Position]).do_nothing().to_owned();
        let insert = order_event::Entity::insert_many(rows).on_conflict(there);
        insert.exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    /// Likewise.
    async fn append_tenders(&self, order: &Order) -> Result<(), RepositoryError> {
        use order_tender::Column::{OrderId, Position};
        if order.tenders.is_empty() {
            return Ok(());
        }
        let rows = tender_rows(order).into_iter().map(IntoActiveModel::into_active_model);
        let there = OnConflict::columns([OrderId, Position]).do_nothing().to_owned();
        let insert = order_tender::Entity::insert_many(rows).on_conflict(there);
        insert.exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}
