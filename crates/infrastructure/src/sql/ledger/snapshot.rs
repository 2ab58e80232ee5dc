//! Reading the whole ledger as it stands at one moment, a page at a time.

use super::bulk::{
    self, Column,
    Column::{Bytes, Id, Json, Plain},
};
use super::entity::{balance, entry, transaction};
use super::{books, rules};
use crate::sql::error::{corrupt, from_db};
use crate::sql::{Database, Sql};
use application::RepositoryError;
use application::ledger::check::ports::{
    AccountPlace, ChainPlace, Ledgers, Overdue, Rule, Snapshot, StoredEntry, StoredLeg, StoredOrder, StoredPayment,
    StoredTransaction,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::PaymentId;
use domain::ledger::{AccountKind, MovementKind};
use sea_orm::sea_query::{Alias, Asterisk, Condition, Expr, ExprTrait, IntoCondition, Query, SimpleExpr};
use sea_orm::{ConnectionTrait, DatabaseTransaction, JoinType, Order::Asc};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

/// Where a payment stands whose money the gateway took, whatever became of it later.
pub(super) const CAPTURED: [&str; 4] = ["captured", "partly_refunded", "refunded", "disputed"];
/// Where an order stands that is not paid.
pub(super) const UNPAID: [&str; 3] = ["pending_payment", "cancelled", "expired"];

#[async_trait]
impl Ledgers for Database {
    async fn snapshots(&self) -> Result<[Box<dyn Snapshot>; 3], RepositoryError> {
        Ok(self.frozen().await?.map(|view| Box::new(view) as Box<dyn Snapshot>))
    }
}

const TRANSACTION: [Column; 11] = [
    Id("id"),
    Plain("chain"),
    Plain("position"),
    Plain("kind"),
    Plain("reference"),
    Id("order_id"),
    Id("payment_id"),
    Id("gift_card_id"),
    Plain("created_at"),
    Bytes("digest"),
    Json("legs"),
];

/// A row of [`TRANSACTION`].
#[derive(Deserialize)]
struct TransactionRow {
    id: Uuid,
    chain: String,
    position: i64,
    kind: String,
    reference: String,
    order: Option<Uuid>,
    payment: Option<Uuid>,
    gift_card: Option<Uuid>,
    created_at: DateTime<Utc>,
    digest: String,
    /// None where there is no entry.
    legs: Option<Vec<LegRow>>,
}

const LEG: [Column; 6] =
    [Plain("account"), Id("owner_id"), Plain("amount"), Plain("currency"), Id("user_id"), Plain("created_at")];

/// A row of [`LEG`].
#[derive(Deserialize)]
struct LegRow(String, Option<Uuid>, i64, String, Option<Uuid>, DateTime<Utc>);

const ORDER: [Column; 8] = [
    Id("id"),
    Plain("total_amount"),
    Plain("currency"),
    Plain("status"),
    Plain("tenders"),
    Id("payment_id"),
    Plain("captured"),
    Id("forerunner"),
];

/// A row of [`ORDER`].
#[derive(Deserialize)]
struct OrderRow {
    id: Uuid,
    total: i64,
    currency: String,
    status: String,
    tenders: i64,
    payment: Option<Uuid>,
    captured: Option<i64>,
    forerunner: Option<Uuid>,
}

const ENTRY: [Column; 8] = [
    Id("owner_id"),
    Plain("account"),
    Plain("currency"),
    Plain("account_position"),
    Plain("amount"),
    Plain("balance_after"),
    Plain("running"),
    Plain("entries"),
];

/// A row of [`ENTRY`].
#[derive(Deserialize)]
struct EntryRow(Uuid, String, String, i64, i64, Option<i64>, Option<i64>, Option<i64>);

#[async_trait]
impl Snapshot for Sql<DatabaseTransaction> {
    async fn transactions(
        &self,
        after: Option<ChainPlace>,
        most: u64,
    ) -> Result<Vec<StoredTransaction>, RepositoryError> {
        let seen = after.map(|ChainPlace { chain, position }| {
            let here = Expr::tuple([Expr::col("chain"), Expr::col("position")]);
            here.gt(Expr::tuple([Expr::value(chain), Expr::value(position)]))
        });
        let legs = bulk::table(self.0.get_database_backend(), &LEG, &["position"]);
        let legs = format!("(SELECT {legs} FROM ledger_entries WHERE transaction_id = ledger_transactions.id)");
        let next = Query::select()
            .column((transaction::Entity, Asterisk))
            .expr_as(Expr::cust(legs), Alias::new("legs"))
            .from(transaction::Entity)
            .cond_where(Condition::all().add_option(seen))
            .order_by("chain", Asc)
            .order_by("position", Asc)
            .limit(most)
            .take();
        let rows: Vec<TransactionRow> = bulk::rows(&self.0, next, &TRANSACTION, &["chain", "position"]).await?;
        rows.into_iter().map(StoredTransaction::try_from).collect()
    }

    async fn orders_of(
        &self,
        transactions: &[StoredTransaction],
    ) -> Result<HashMap<Uuid, StoredOrder>, RepositoryError> {
        let kinds = [MovementKind::OrderPaid, MovementKind::Refund, MovementKind::Dispute].map(MovementKind::name);
        let paid = transactions.iter().filter(|transaction| kinds.contains(&transaction.kind.as_str()));
        let ids: Vec<Uuid> = paid.filter_map(|transaction| transaction.order).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        // Each row of another table is looked up by its key: joined, PostgreSQL would read all payments anew for each page.
        let of_order = |table: &'static str, column: &'static str| {
            let own = Expr::col((table, "order_id")).equals(("orders", "id"));
            Query::select().column((table, column)).from(table).and_where(own).take()
        };
        let captured = |column| {
            let taken = Expr::col(("payments", "status")).is_in(CAPTURED);
            SimpleExpr::from(of_order("payments", column).and_where(taken).take())
        };
        let orders = Query::select()
            .columns([("orders", "id"), ("orders", "total_amount"), ("orders", "currency"), ("orders", "status")])
            .expr_as(rules::taken_by_order(), Alias::new("tenders"))
            .expr_as(captured("id"), Alias::new("payment_id"))
            .expr_as(captured("amount"), Alias::new("captured"))
            .expr_as(SimpleExpr::from(of_order("orders_paid_before_ledger", "order_id")), Alias::new("forerunner"))
            .from("orders")
            .and_where(Expr::col(("orders", "id")).is_in(ids))
            .take();
        let order = |row: OrderRow| {
            let is_paid = !UNPAID.contains(&row.status.as_str());
            let OrderRow { total, currency, tenders, .. } = row;
            let (before_ledger, captured) = (row.forerunner.is_some(), row.payment.zip(row.captured));
            (row.id, StoredOrder { total, currency, tenders, is_paid, before_ledger, captured })
        };
        let rows: Vec<OrderRow> = bulk::rows(&self.0, orders, &ORDER, &["id"]).await?;
        Ok(rows.into_iter().map(order).collect())
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
            entries.order_by((entry::Entity, column), Asc);
        }
        let order = ["owner_id", "account", "currency", "account_position"];
        let rows: Vec<EntryRow> = bulk::rows(&self.0, entries, &ENTRY, &order).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    async fn first_that_breaks(&self, rule: Rule) -> Result<Option<String>, RepositoryError> {
        rules::first_that_breaks(&self.0, rule).await
    }

    async fn overdue_payments(&self, now: DateTime<Utc>) -> Result<Overdue, RepositoryError> {
        books::overdue(&self.0, now).await
    }

    async fn captured_payments(
        &self,
        after: Option<PaymentId>,
        most: u64,
    ) -> Result<Vec<StoredPayment>, RepositoryError> {
        books::captured(&self.0, after, most).await
    }

    async fn payments(&self, ids: &[PaymentId]) -> Result<Vec<StoredPayment>, RepositoryError> {
        books::these(&self.0, ids).await
    }

    async fn paid_before_ledger(&self) -> Result<u64, RepositoryError> {
        let all = Query::select()
            .expr_as(Expr::cust("count(*)"), Alias::new("rows"))
            .from("orders_paid_before_ledger")
            .take();
        let row = self.0.query_one(&all).await.map_err(from_db)?;
        let count: Option<i64> = row.map(|row| row.try_get("", "rows")).transpose().map_err(from_db)?;
        Ok(count.unwrap_or_default().unsigned_abs())
    }
}

/// The kinds of accounts that have a floor.
pub(super) fn with_floor() -> impl Iterator<Item = &'static str> {
    AccountKind::ALL.iter().filter(|kind| kind.has_floor()).map(|kind| kind.name())
}

impl TryFrom<TransactionRow> for StoredTransaction {
    type Error = RepositoryError;

    fn try_from(row: TransactionRow) -> Result<Self, RepositoryError> {
        Ok(Self {
            id: row.id,
            chain: row.chain,
            position: row.position,
            kind: row.kind,
            reference: row.reference,
            order: row.order,
            payment: row.payment,
            gift_card: row.gift_card,
            created_at: row.created_at,
            digest: hex::decode(row.digest).map_err(|_| corrupt("digest"))?,
            legs: row.legs.unwrap_or_default().into_iter().map(Into::into).collect(),
        })
    }
}

impl From<LegRow> for StoredLeg {
    fn from(LegRow(account, owner, amount, currency, shown_to, created_at): LegRow) -> Self {
        Self { account, owner, amount, currency, shown_to, created_at }
    }
}

impl From<EntryRow> for StoredEntry {
    fn from(row: EntryRow) -> Self {
        let EntryRow(owner, account, currency, account_position, amount, balance_after, running, entries) = row;
        Self { owner, account, currency, account_position, amount, balance_after, running: running.zip(entries) }
    }
}
