//! Reading orders. A page takes four statements, however many orders it has.

use super::entity::{order, order_line};
use super::mapping::with_parts;
use crate::sql::Sql;
use crate::sql::error::from_db;
use crate::sql::paging::{KeyKind, Sorting, rows_of_page, time_key};
use crate::sql::stored::StoredText;
use application::RepositoryError;
use application::orders::ports::OrderQueries;
use async_trait::async_trait;
use domain::kernel::{Cursor, OrderId, Page, PageRequest, UserId};
use domain::orders::{Order, OrderStatus};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter};

#[async_trait]
impl OrderQueries for Sql<DatabaseConnection> {
    async fn find(&self, id: OrderId) -> Result<Option<Order>, RepositoryError> {
        one(&self.0, Condition::all().add(order::Column::Id.eq(id.uuid()))).await
    }

    async fn list_owned(
        &self,
        user: UserId,
        status: Option<OrderStatus>,
        page: &PageRequest,
    ) -> Result<Page<Order>, RepositoryError> {
        let own = Condition::all().add(order::Column::UserId.eq(user.uuid()));
        list(&self.0, own, status, page).await
    }

    async fn list_sold(
        &self,
        seller: UserId,
        status: Option<OrderStatus>,
        page: &PageRequest,
    ) -> Result<Page<Order>, RepositoryError> {
        let sold = Condition::all().add(order::Column::Id.in_subquery(orders_with_a_line_of(seller)));
        list(&self.0, sold, status, page).await
    }

    async fn find_sold(&self, seller: UserId, id: OrderId) -> Result<Option<Order>, RepositoryError> {
        let sold = order::Column::Id.in_subquery(orders_with_a_line_of(seller));
        one(&self.0, Condition::all().add(order::Column::Id.eq(id.uuid())).add(sold)).await
    }
}

async fn one<C: ConnectionTrait>(db: &C, condition: Condition) -> Result<Option<Order>, RepositoryError> {
    let row = order::Entity::find().filter(condition).one(db).await.map_err(from_db)?;
    Ok(with_parts(db, row.into_iter().collect()).await?.pop())
}

async fn list<C: ConnectionTrait>(
    db: &C,
    condition: Condition,
    status: Option<OrderStatus>,
    page: &PageRequest,
) -> Result<Page<Order>, RepositoryError> {
    let condition = condition.add_option(status.map(|status| order::Column::Status.eq(status.text())));
    let newest = Sorting {
        key: order::Column::CreatedAt,
        kind: KeyKind::Time,
        id: order::Column::Id,
        order: sea_orm::Order::Desc,
    };
    let Some(select) = rows_of_page(order::Entity::find().filter(condition), newest, page) else {
        return Ok(Page { data: Vec::new(), next: None });
    };
    let rows = select.all(db).await.map_err(from_db)?;
    let rows = Page::from_one_more(rows, page.limit, |row| Cursor { key: time_key(row.created_at), id: row.id });
    Ok(Page { data: with_parts(db, rows.data).await?, next: rows.next })
}

fn orders_with_a_line_of(seller: UserId) -> SelectStatement {
    Query::select()
        .column(order_line::Column::OrderId)
        .from(order_line::Entity)
        .and_where(order_line::Column::SellerId.eq(seller.uuid()))
        .to_owned()
}
