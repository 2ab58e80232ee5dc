//! Reading orders. A page takes four statements, however many orders it has.

use super::entity::{order, order_line};
use super::mapping::with_parts;
use crate::sql::Sql;
use crate::sql::error::from_db;
use crate::sql::paging::{KeyKind, Sorting, rows_of_page, time_key};
use crate::sql::stored::StoredText;
use application::RepositoryError;
use application::orders::ports::{OrderFilter, OrderQueries};
use async_trait::async_trait;
use domain::kernel::{Cursor, OrderId, Page, PageRequest, UserId};
use domain::orders::{Order, OrderState, OrderStatus};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, IdenStatic, QueryFilter,
};
use uuid::Uuid;

#[async_trait]
impl OrderQueries for Sql<DatabaseConnection> {
    async fn find(&self, id: OrderId) -> Result<Option<Order>, RepositoryError> {
        one(&self.0, Condition::all().add(order::Column::Id.eq(id.uuid()))).await
    }

    async fn list_owned(
        &self,
        user: UserId,
        state: Option<OrderState>,
        page: &PageRequest,
    ) -> Result<Page<Order>, RepositoryError> {
        let own = Condition::all().add(order::Column::UserId.eq(user.uuid()));
        list(&self.0, own, state, page).await
    }

    async fn list_sold(
        &self,
        seller: UserId,
        state: Option<OrderState>,
        page: &PageRequest,
    ) -> Result<Page<Order>, RepositoryError> {
        let sold = Condition::all().add(order::Column::Id.in_subquery(orders_with_a_line_of(seller)));
        list(&self.0, sold, state, page).await
    }

    async fn list_all(&self, filter: &OrderFilter, page: &PageRequest) -> Result<Page<Order>, RepositoryError> {
        let engine = self.0.get_database_backend();
        let wanted = Condition::all().add_option(filter.text.as_deref().map(|text| looks_like(engine, text)));
        list(&self.0, wanted, filter.state, page).await
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
    state: Option<OrderState>,
    page: &PageRequest,
) -> Result<Page<Order>, RepositoryError> {
    let condition = condition.add_option(state.map(stands_so));
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

/// What has gone back of its money stands beside an order's status.
fn stands_so(state: OrderState) -> Condition {
    let (status, refunded) = (order::Column::Status, order::Column::RefundedAmount);
    let total = || Expr::col((order::Entity, order::Column::TotalAmount));
    let (stored, more) = match state {
        OrderState::PendingPayment => (OrderStatus::PendingPayment, None),
        OrderState::Cancelled => (OrderStatus::Cancelled, None),
        OrderState::Expired => (OrderStatus::Expired, None),
        OrderState::Paid => (OrderStatus::Paid, Some(refunded.eq(0_i64))),
        OrderState::PartlyRefunded => {
            (OrderStatus::Paid, Some(refunded.gt(0_i64).and(refunded.into_expr().lt(total()))))
        }
        OrderState::Refunded => (OrderStatus::Paid, Some(refunded.gt(0_i64).and(refunded.into_expr().gte(total())))),
    };
    Condition::all().add(status.eq(stored.text())).add_option(more)
}

fn orders_with_a_line_of(seller: UserId) -> SelectStatement {
    Query::select()
        .column(order_line::Column::OrderId)
        .from(order_line::Entity)
        .and_where(order_line::Column::SellerId.eq(seller.uuid()))
        .to_owned()
}

/// It is the order's id, or its number or the customer's address begins so. Each is found by an index.
fn looks_like(engine: DbBackend, text: &str) -> Condition {
    let text = text.trim().replace('\0', "\u{fffd}"); // PostgreSQL's texts can't hold it
    if let Ok(id) = Uuid::parse_str(&text) {
        return Condition::all().add(order::Column::Id.eq(id));
    }
    let address = begins(engine, order::Column::Email, text.to_lowercase());
    if text.contains('@') {
        return Condition::all().add(address);
    }
    Condition::any().add(begins(engine, order::Column::Number, text.to_uppercase())).add(address)
}

/// As a range, by the order of bytes, which an index has: no pattern, so no sign in it has a meaning.
fn begins(engine: DbBackend, column: order::Column, start: String) -> Expr {
    let bytes = || match engine {
        DbBackend::Postgres => Expr::cust(format!(r#""orders"."{}" COLLATE "C""#, column.as_str())),
        _ => Expr::col((order::Entity, column)),
    };
    let end = format!("{start}{}", char::MAX);
    bytes().gte(start).and(bytes().lt(end))
}
