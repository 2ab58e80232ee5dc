//! Reading payments as admins see them, with whose they are.

use super::entity::{KnownStatus, payment};
use crate::sql::Sql;
use crate::sql::error::from_db;
use crate::sql::paging::{KeyKind, Sorting, rows_of_page, time_key};
use crate::sql::stored::{StoredText, email};
use application::RepositoryError;
use application::payments::ports::{GoneBack, PaymentFilter, PaymentWithCustomer};
use domain::kernel::{Cursor, Page, PageRequest};
use domain::orders::OrderNumber;
use domain::payments::Payment;
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, EntityTrait, Order, QueryFilter};
use std::collections::HashMap;
use uuid::Uuid;

/// A page of payments, the newest first.
pub(super) async fn list(
    db: &Sql<DatabaseConnection>,
    filter: &PaymentFilter,
    page: &PageRequest,
) -> Result<Page<PaymentWithCustomer>, RepositoryError> {
    let statuses: Vec<&str> = filter.statuses.iter().map(|status| KnownStatus::told_of(*status).text()).collect();
    let stands = (!statuses.is_empty()).then(|| payment::Column::Status.is_in(statuses));
    let (amount, gone) = (payment::Column::Amount, payment::Column::RefundedAmount);
    let gone_back = filter.gone_back.map(|how_much| match how_much {
        GoneBack::Nothing => gone.eq(0_i64),
        GoneBack::Part => gone.gt(0_i64).and(gone.into_expr().lt(amount.into_expr())),
        GoneBack::All => gone.gt(0_i64).and(gone.into_expr().gte(amount.into_expr())),
    });
    let wanted = Condition::all().add_option(stands).add_option(gone_back).add_option(filter.text.as_deref().map(has));
    let (key, id) = (payment::Column::CreatedAt, payment::Column::Id);
    let newest = Sorting { key, kind: KeyKind::Time, id, order: Order::Desc };
    let Some(select) = rows_of_page(payment::Entity::find().filter(wanted), newest, page) else {
        return Ok(Page { data: Vec::new(), next: None });
    };
    let rows = select.all(&db.0).await.map_err(from_db)?;
    let rows = Page::from_one_more(rows, page.limit, |row| Cursor { key: time_key(row.created_at), id: row.id });
    Ok(Page { data: with_customers(db, rows.data).await?, next: rows.next })
}

/// The payments with their customers' addresses and their orders' numbers.
pub(super) async fn with_customers(
    db: &Sql<DatabaseConnection>,
    rows: Vec<payment::Model>,
) -> Result<Vec<PaymentWithCustomer>, RepositoryError> {
    let users: Vec<Uuid> = rows.iter().filter_map(|row| row.user_id).collect();
    let orders: Vec<Uuid> = rows.iter().filter_map(|row| row.order_id).collect();
    let mut emails: HashMap<Uuid, String> = HashMap::new();
    for row in texts(db, "users", "email", users).await? {
        emails.insert(row.0, row.1);
    }
    let mut numbers: HashMap<Uuid, String> = HashMap::new();
    for row in texts(db, "orders", "number", orders.clone()).await? {
        numbers.insert(row.0, row.1);
    }
    let guests: HashMap<Uuid, String> = texts(db, "orders", "email", orders).await?.into_iter().collect();
    let whole = |row: payment::Model| {
        let address = row.user_id.and_then(|user| emails.get(&user));
        let address = address.or_else(|| row.order_id.and_then(|order| guests.get(&order)));
        let number = row.order_id.and_then(|order| numbers.get(&order));
        Ok(PaymentWithCustomer {
            email: address.map(|address| email(address)).transpose()?,
            order_number: number.cloned().map(OrderNumber),
            payment: Payment::try_from(row)?,
        })
    };
    rows.into_iter().map(whole).collect()
}

/// A text of each of these rows, by id.
async fn texts(
    db: &Sql<DatabaseConnection>,
    table: &'static str,
    column: &'static str,
    ids: Vec<Uuid>,
) -> Result<Vec<(Uuid, String)>, RepositoryError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let select = Query::select().columns(["id", column]).from(table).and_where(Expr::col("id").is_in(ids)).take();
    let rows = db.0.query_all(&select).await.map_err(from_db)?;
    let pair = |row: sea_orm::QueryResult| {
        Ok((row.try_get("", "id").map_err(from_db)?, row.try_get("", column).map_err(from_db)?))
    };
    rows.into_iter().map(pair).collect()
}

/// The customer's address has it, or it is the order's number.
fn has(text: &str) -> Condition {
    let word = text.trim().to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let like = || LikeExpr::new(format!("%{word}%")).escape('!');
    let ids = |table: &'static str| Query::select().column("id").from(table).take();
    let address = |table: &'static str| -> SelectStatement {
        let lower = Expr::expr(Func::lower(Expr::col((table, "email"))));
        ids(table).and_where(lower.like(like())).take()
    };
    let numbered = ids("orders").and_where(Expr::col("number").eq(text.trim().to_uppercase())).take();
    Condition::any()
        .add(payment::Column::UserId.in_subquery(address("users")))
        .add(payment::Column::OrderId.in_subquery(address("orders")))
        .add(payment::Column::OrderId.in_subquery(numbered))
}
