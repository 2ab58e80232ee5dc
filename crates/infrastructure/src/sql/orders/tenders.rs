//! What orders took of gift cards and balance. A card's last characters are read from the card.

use super::entity::{order, order_tender};
use crate::sql::error::{corrupt, from_db};
use crate::sql::stored::{money, position};
use application::RepositoryError;
use domain::kernel::{GiftCardId, OrderId, UserId};
use domain::orders::{Order, Tender, TenderSource};
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, JoinType, SelectModel, SelectorRaw};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct TenderRow {
    order_id: Uuid,
    kind: String,
    gift_card_id: Option<Uuid>,
    last4: Option<String>,
    user_id: Option<Uuid>,
    amount: i64,
}

pub fn tender_rows(order: &Order) -> Vec<order_tender::Model> {
    let row = |(index, tender): (usize, &Tender)| {
        let (kind, gift_card_id, user_id) = match &tender.source {
            TenderSource::GiftCard { id, .. } => ("gift_card", Some(id.uuid()), None),
            TenderSource::Balance(user) => ("balance", None, Some(user.uuid())),
        };
        order_tender::Model {
            order_id: OrderId::uuid(order.id),
            position: position(index),
            kind: kind.to_owned(),
            gift_card_id,
            user_id,
            amount: tender.amount.amount(),
        }
    };
    order.tenders.iter().enumerate().map(row).collect()
}

/// What each of these orders took, by order, in one statement.
pub async fn tenders_of<C: ConnectionTrait>(
    db: &C,
    orders: &[order::Model],
) -> Result<HashMap<Uuid, Vec<Tender>>, RepositoryError> {
    let card = Expr::col(("gift_cards", "id")).equals(("order_tenders", "gift_card_id"));
    let select = Query::select()
        .columns(["order_id", "kind", "gift_card_id", "user_id", "amount"].map(|column| ("order_tenders", column)))
        .column(("gift_cards", "last4"))
        .from("order_tenders")
        .join(JoinType::LeftJoin, "gift_cards", card.into_condition())
        .and_where(Expr::col(("order_tenders", "order_id")).is_in(orders.iter().map(|order| order.id)))
        .order_by(("order_tenders", "position"), sea_orm::Order::Asc)
        .take();
    let statement = db.get_database_backend().build(&select);
    let rows: Vec<TenderRow> =
        SelectorRaw::<SelectModel<TenderRow>>::from_statement(statement).all(db).await.map_err(from_db)?;
    let currencies: HashMap<Uuid, &str> = orders.iter().map(|order| (order.id, order.currency.as_str())).collect();
    let mut tenders: HashMap<Uuid, Vec<Tender>> = HashMap::new();
    for row in rows {
        let currency = currencies.get(&row.order_id).ok_or_else(|| corrupt("order of a tender"))?;
        let amount = money(row.amount, currency)?;
        tenders.entry(row.order_id).or_default().push(Tender { source: source(row)?, amount });
    }
    Ok(tenders)
}

fn source(row: TenderRow) -> Result<TenderSource, RepositoryError> {
    match (row.kind.as_str(), row.gift_card_id.zip(row.last4), row.user_id) {
        ("gift_card", Some((id, last4)), None) => Ok(TenderSource::GiftCard { id: GiftCardId::new(id), last4 }),
        ("balance", None, Some(user)) => Ok(TenderSource::Balance(UserId::new(user))),
        _ => Err(corrupt("source of a tender")),
    }
}
