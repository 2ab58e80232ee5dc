//! Reading the whole ledger as it stands at one moment, a page at a time.

use super::entity::{balance, entry, transaction};
use super::rules;
use crate::sql::error::from_db;
use crate::sql::{Database, Sql};
use application::RepositoryError;
use application::ledger::check::ports::{
    AccountPlace, ChainPlace, Ledgers, Rule, Snapshot, StoredEntry, StoredLeg, StoredOrder, StoredTransaction,
};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ledger::{AccountKind, MovementKind};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, IntoCondition, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, SelectModel, SelectorRaw,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Where a payment stands whose money the gateway took, whatever became of it later.
pub(super) const CAPTURED: [&str; 4] = ["captured", "partly_refunded", "refunded", "disputed"];
/// Where an order stands that is not paid.
pub(super) const UNPAID: [&str; 3] = ["pending_payment", "cancelled", "expired"];
/// How long after an order's time its payment may still be open.
const GRACE: TimeDelta = TimeDelta::minutes(15);

#[async_trait]
impl Ledgers for Database {
    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, RepositoryError> {
        Ok(Box::new(self.frozen().await?))
    }
}

#[derive(FromQueryResult)]
struct LegRow {
    transaction_id: Uuid,
    account: String,
    owner_id: Option<Uuid>,
    amount: i64,
    currency: String,
    user_id: Option<Uuid>,
    created_at: DateTime<Utc>,
}

#[derive(FromQueryResult)]
struct OrderRow {
    id: Uuid,
    total_amount: i64,
    currency: String,
    status: String,
    payment_id: Option<Uuid>,
    captured: Option<i64>,
}

#[derive(FromQueryResult)]
struct EntryRow {
    owner_id: Uuid,
    account: String,
    currency: String,
    account_position: i64,
    amount: i64,
    balance_after: Option<i64>,
    running: Option<i64>,
    entries: Option<i64>,
}

#[async_trait]
impl Snapshot for Sql<DatabaseTransaction> {
    async fn transactions(
        &self,
        after: Option<ChainPlace>,
        most: u64,
    ) -> Result<Vec<StoredTransaction>, RepositoryError> {
        use transaction::Column::{Chain, Position};
        let seen = after.map(|ChainPlace { chain, position }| {
            let here = Expr::tuple([Chain.into_expr(), Position.into_expr()]);
            here.gt(Expr::tuple([Expr::value(chain), Expr::value(position)]))
        });
        let next = transaction::Entity::find().filter(Condition::all().add_option(seen));
        let rows = next.order_by_asc(Chain).order_by_asc(Position).limit(most).all(&self.0).await.map_err(from_db)?;
        let mut legs = self.legs_of(&rows).await?;
        Ok(rows.into_iter().map(|row| stored(row, &mut legs)).collect())
    }

    async fn orders_of(
        &self,
        transactions: &[StoredTransaction],
    ) -> Result<HashMap<Uuid, StoredOrder>, RepositoryError> {
        let paid = transactions.iter().filter(|transaction| transaction.kind == MovementKind::OrderPaid.name());
        let ids: Vec<Uuid> = paid.filter_map(|transaction| transaction.order).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let payment = Condition::all()
            .add(Expr::col(("payments", "order_id")).equals(("orders", "id")))
            .add(Expr::col(("payments", "status")).is_in(CAPTURED));
        let orders = Query::select()
            .columns([("orders", "id"), ("orders", "total_amount"), ("orders", "currency"), ("orders", "status")])
            .expr_as(Expr::col(("payments", "id")), Alias::new("payment_id"))
            .expr_as(Expr::col(("payments", "amount")), Alias::new("captured"))
            .from("orders")
            .join(JoinType::LeftJoin, "payments", payment)
            .and_where(Expr::col(("orders", "id")).is_in(ids))
            .take();
        let order = |row: OrderRow| {
            let is_paid = !UNPAID.contains(&row.status.as_str());
            let captured = row.payment_id.zip(row.captured);
            (row.id, StoredOrder { total: row.total_amount, currency: row.currency, is_paid, captured })
        };
        Ok(self.rows::<OrderRow>(&orders).await?.into_iter().map(order).collect())
    }

    async fn account_entries(
        &self,
        after: Option<AccountPlace>,
        most: u64,
    ) -> Result<Vec<StoredEntry>, RepositoryError> {
        use entry::Column::{Account, AccountPosition, Currency, OwnerId};
        let places = [OwnerId, Account, Currency, AccountPosition];
        let running = |column: balance::Column, own: entry::Column| {
            Expr::col((balance::Entity, column)).equals((entry::Entity, own))
        };
        let same = running(balance::Column::OwnerId, OwnerId)
            .and(running(balance::Column::Account, Account))
            .and(running(balance::Column::Currency, Currency));
        let mut entries = Query::select()
            .columns(places.map(|column| (entry::Entity, column)))
            .columns([(entry::Entity, entry::Column::Amount), (entry::Entity, entry::Column::BalanceAfter)])
            .expr_as(Expr::col((balance::Entity, balance::Column::Amount)), Alias::new("running"))
            .expr_as(Expr::col((balance::Entity, balance::Column::Entries)), Alias::new("entries"))
            .from(entry::Entity)
            .join(JoinType::LeftJoin, balance::Entity, same.into_condition())
            .and_where(Expr::col((entry::Entity, Account)).is_in(with_floor()))
            .and_where(Expr::col((entry::Entity, OwnerId)).is_not_null())
            .and_where(Expr::col((entry::Entity, AccountPosition)).is_not_null())
            .limit(most)
            .take();
        if let Some(AccountPlace { owner, account, currency, position }) = after {
            let here = Expr::tuple(places.map(|column| Expr::col((entry::Entity, column))));
            let seen = [Expr::value(owner), Expr::value(account), Expr::value(currency), Expr::value(position)];
            entries.and_where(here.gt(Expr::tuple(seen)));
        }
        for column in places {
            entries.order_by((entry::Entity, column), sea_orm::Order::Asc);
        }
        Ok(self.rows::<EntryRow>(&entries).await?.into_iter().map(Into::into).collect())
    }

    async fn first_that_breaks(&self, rule: Rule) -> Result<Option<String>, RepositoryError> {
        rules::first_that_breaks(&self.0, rule).await
    }

    async fn overdue_payments(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let overdue = Query::select()
            .expr_as(Expr::cust("count(*)"), Alias::new("rows"))
            .from("payments")
            .inner_join("orders", Expr::col(("payments", "order_id")).equals(("orders", "id")))
            .and_where(Expr::col(("payments", "status")).is_not_in(CAPTURED))
            .and_where(Expr::col(("payments", "status")).is_not_in(["declined", "voided"]))
            .and_where(Expr::col(("orders", "expires_at")).lt(now - GRACE))
            .take();
        self.count(&overdue).await
    }

    async fn paid_before_ledger(&self) -> Result<u64, RepositoryError> {
        let all = Query::select()
            .expr_as(Expr::cust("count(*)"), Alias::new("rows"))
            .from("orders_paid_before_ledger")
            .take();
        self.count(&all).await
    }
}

/// The kinds of accounts that have a floor.
pub(super) fn with_floor() -> impl Iterator<Item = &'static str> {
    AccountKind::ALL.iter().filter(|kind| kind.has_floor()).map(|kind| kind.name())
}

impl Sql<DatabaseTransaction> {
    async fn rows<T: FromQueryResult>(&self, select: &SelectStatement) -> Result<Vec<T>, RepositoryError> {
        let statement = self.0.get_database_backend().build(select);
        SelectorRaw::<SelectModel<T>>::from_statement(statement).all(&self.0).await.map_err(from_db)
    }

    async fn count(&self, select: &SelectStatement) -> Result<u64, RepositoryError> {
        let row = self.0.query_one(select).await.map_err(from_db)?;
        let count: Option<i64> = row.map(|row| row.try_get("", "rows")).transpose().map_err(from_db)?;
        Ok(count.unwrap_or_default().unsigned_abs())
    }

    /// The legs of these transactions, by transaction, in their order.
    async fn legs_of(
        &self,
        transactions: &[transaction::Model],
    ) -> Result<HashMap<Uuid, Vec<StoredLeg>>, RepositoryError> {
        use entry::Column::{Account, Amount, CreatedAt, Currency, OwnerId, Position, TransactionId, UserId};
        let mut legs: HashMap<Uuid, Vec<StoredLeg>> = HashMap::with_capacity(transactions.len());
        if transactions.is_empty() {
            return Ok(legs);
        }
        let theirs = Query::select()
            .columns([TransactionId, Account, OwnerId, Amount, Currency, UserId, CreatedAt])
            .from(entry::Entity)
            .and_where(TransactionId.is_in(transactions.iter().map(|transaction| transaction.id)))
            .order_by(TransactionId, sea_orm::Order::Asc)
            .order_by(Position, sea_orm::Order::Asc)
            .take();
        for row in self.rows::<LegRow>(&theirs).await? {
            legs.entry(row.transaction_id).or_default().push(StoredLeg {
                account: row.account,
                owner: row.owner_id,
                amount: row.amount,
                currency: row.currency,
                shown_to: row.user_id,
                created_at: row.created_at,
            });
        }
        Ok(legs)
    }
}

fn stored(row: transaction::Model, legs: &mut HashMap<Uuid, Vec<StoredLeg>>) -> StoredTransaction {
    StoredTransaction {
        legs: legs.remove(&row.id).unwrap_or_default(),
        id: row.id,
        chain: row.chain,
        position: row.position,
        kind: row.kind,
        reference: row.reference,
        order: row.order_id,
        payment: row.payment_id,
        gift_card: row.gift_card_id,
        created_at: row.created_at,
        digest: row.digest,
    }
}

impl From<EntryRow> for StoredEntry {
    fn from(row: EntryRow) -> Self {
        Self {
            owner: row.owner_id,
            account: row.account,
            currency: row.currency,
            account_position: row.account_position,
            amount: row.amount,
            balance_after: row.balance_after,
            running: row.running.zip(row.entries),
        }
    }
}
