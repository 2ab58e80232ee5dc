//! Reading balances and movements.

use super::entity::{balance, entry, transaction};
use crate::sql::Sql;
use crate::sql::error::{corrupt, from_db};
use crate::sql::paging::{KeyKind, Sorting, rows_of_page, time_key};
use crate::sql::stored::money;
use application::RepositoryError;
use application::ledger::ports::{LedgerQueries, Movement, MovementFilter};
use async_trait::async_trait;
use domain::kernel::{Cursor, GiftCardId, LedgerEntryId, Money, OrderId, Page, PageRequest, PaymentId, UserId};
use domain::ledger::{AccountKind, MovementKind};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, DatabaseConnection, EntityTrait, Order, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

#[async_trait]
impl LedgerQueries for Sql<DatabaseConnection> {
    async fn balances(&self, user: UserId) -> Result<Vec<Money>, RepositoryError> {
        let own = balance::Entity::find()
            .filter(balance::Column::OwnerId.eq(user.uuid()))
            .filter(balance::Column::Account.eq(AccountKind::StoreBalance.name()));
        let rows = own.order_by_asc(balance::Column::Currency).all(&self.0).await.map_err(from_db)?;
        rows.iter().map(|row| money(row.amount, &row.currency)).collect()
    }

    async fn movements(
        &self,
        user: UserId,
        filter: &MovementFilter,
        page: &PageRequest,
    ) -> Result<Page<Movement>, RepositoryError> {
        use entry::Column::{CreatedAt, Id, UserId};
        let wanted = Condition::all()
            .add(UserId.eq(user.uuid()))
            .add_option(filter.kind.map(is_of))
            .add_option(filter.from.map(|from| CreatedAt.gte(from)))
            .add_option(filter.to.map(|to| CreatedAt.lt(to)));
        let newest = Sorting { key: CreatedAt, kind: KeyKind::Time, id: Id, order: Order::Desc };
        let Some(select) = rows_of_page(entry::Entity::find().filter(wanted), newest, page) else {
            return Ok(Page { data: Vec::new(), next: None });
        };
        let rows = select.all(&self.0).await.map_err(from_db)?;
        let rows = Page::from_one_more(rows, page.limit, |row| Cursor { key: time_key(row.created_at), id: row.id });
        let transactions = self.transactions_of(&rows.data).await?;
        let movement = |row: entry::Model| {
            let transaction = transactions.get(&row.transaction_id).ok_or_else(|| corrupt("an entry of nothing"))?;
            movement(&row, transaction)
        };
        let data = rows.data.into_iter().map(movement).collect::<Result<_, RepositoryError>>()?;
        Ok(Page { data, next: rows.next })
    }
}

impl Sql<DatabaseConnection> {
    pub(super) async fn transactions_of(
        &self,
        entries: &[entry::Model],
    ) -> Result<HashMap<Uuid, transaction::Model>, RepositoryError> {
        if entries.is_empty() {
            return Ok(HashMap::new());
        }
        let theirs = transaction::Column::Id.is_in(entries.iter().map(|entry| entry.transaction_id));
        let rows = transaction::Entity::find().filter(theirs).all(&self.0).await.map_err(from_db)?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

/// Whether an entry's transaction is of this kind.
fn is_of(kind: MovementKind) -> SimpleExpr {
    let its_own =
        Expr::col((transaction::Entity, transaction::Column::Id)).equals((entry::Entity, entry::Column::TransactionId));
    let of_kind = Query::select()
        .expr(Expr::val(1_i64))
        .from(transaction::Entity)
        .and_where(its_own)
        .and_where(transaction::Column::Kind.eq(kind.name()))
        .take();
    Expr::exists(of_kind)
}

fn movement(row: &entry::Model, transaction: &transaction::Model) -> Result<Movement, RepositoryError> {
    Ok(Movement {
        id: LedgerEntryId::new(row.id),
        kind: MovementKind::parse(&transaction.kind).ok_or_else(|| corrupt("kind of a transaction"))?,
        amount: money(row.amount, &row.currency)?,
        balance_after: row.balance_after.map(|after| money(after, &row.currency)).transpose()?,
        order_id: transaction.order_id.map(OrderId::new),
        payment_id: transaction.payment_id.map(PaymentId::new),
        gift_card_id: transaction.gift_card_id.map(GiftCardId::new),
        created_at: row.created_at,
    })
}
