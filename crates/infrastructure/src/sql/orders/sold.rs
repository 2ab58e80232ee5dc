//! What orders were worth to one of their sellers: for statements.

use super::entity::{order, order_line};
use crate::sql::error::{corrupt, from_db};
use application::RepositoryError;
use domain::kernel::{Money, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, SelectModel, SelectorRaw};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What an order was worth to one of its sellers.
#[derive(Debug, Clone)]
pub struct Sold {
    /// What people quote.
    pub number: String,
    /// What their lines cost, less their share of the discount.
    pub net: i64,
    /// What each refund gave back of their lines.
    pub refunded: HashMap<Uuid, i64>,
}

#[derive(FromQueryResult)]
struct RefundedRow {
    order_id: Uuid,
    refund_id: Uuid,
    amount: i64,
}

/// The same of these orders.
pub async fn sold_of<C: ConnectionTrait>(
    db: &C,
    seller: UserId,
    orders: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Sold>, RepositoryError> {
    let ids: Vec<Uuid> = orders.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = order::Entity::find().filter(order::Column::Id.is_in(ids.clone())).all(db).await.map_err(from_db)?;
    let lines = order_line::Entity::find().filter(order_line::Column::OrderId.is_in(ids.clone()));
    let mut gross: HashMap<Uuid, BTreeMap<Uuid, i64>> = HashMap::new();
    for line in lines.all(db).await.map_err(from_db)? {
        *gross.entry(line.order_id).or_default().entry(line.seller_id).or_default() += line.total_amount;
    }
    let mut refunded = refunded_of(db, seller, ids).await?;
    let sold = |row: order::Model| {
        let net = net_of(seller, row.discount_amount, gross.remove(&row.id).unwrap_or_default())?;
        let refunded = refunded.remove(&row.id).unwrap_or_default();
        Ok((row.id, Sold { number: row.number, net, refunded }))
    };
    found.into_iter().map(sold).collect()
}

/// A seller's lines less their share of the discount, as it is shared when an order is paid.
fn net_of(seller: UserId, discount: i64, gross: BTreeMap<Uuid, i64>) -> Result<i64, RepositoryError> {
    let weights: Vec<i64> = gross.values().copied().collect();
    let discount = Money::new(discount, domain::kernel::Currency::EUR); // which one doesn't matter here
    let shares = discount.allot(&weights).ok_or_else(|| corrupt("the discount of an order"))?;
    let own = gross.into_iter().zip(shares).find(|((of, _), _)| *of == seller.uuid());
    Ok(own.map_or(0, |((_, gross), off)| gross.saturating_sub(off.amount())))
}

async fn refunded_of<C: ConnectionTrait>(
    db: &C,
    seller: UserId,
    orders: Vec<Uuid>,
) -> Result<HashMap<Uuid, HashMap<Uuid, i64>>, RepositoryError> {
    let select = Query::select()
        .columns([("refunds", "order_id"), ("refund_parts", "refund_id"), ("refund_parts", "amount")])
        .from("refund_parts")
        .inner_join("refunds", Expr::col(("refunds", "id")).equals(("refund_parts", "refund_id")))
        .inner_join("order_lines", Expr::col(("order_lines", "id")).equals(("refund_parts", "line_id")))
        .and_where(Expr::col(("refunds", "order_id")).is_in(orders))
        .and_where(Expr::col(("order_lines", "seller_id")).eq(seller.uuid()))
        .take();
    let statement = db.get_database_backend().build(&select);
    let rows: Vec<RefundedRow> =
        SelectorRaw::<SelectModel<RefundedRow>>::from_statement(statement).all(db).await.map_err(from_db)?;
    let mut refunded: HashMap<Uuid, HashMap<Uuid, i64>> = HashMap::new();
    for row in rows {
        *refunded.entry(row.order_id).or_default().entry(row.refund_id).or_default() += row.amount;
    }
    Ok(refunded)
}
