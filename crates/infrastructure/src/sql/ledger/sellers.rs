//! What sellers are owed: the sum of their entries, since no sale touches a row of theirs.

use super::entity::{entry, transaction};
use crate::sql::error::{corrupt, from_db};
use crate::sql::paging::{KeyKind, Sorting, rows_of_page, time_key};
use crate::sql::stored::money;
use crate::sql::{Sql, orders};
use application::RepositoryError;
use application::ledger::statement::{Earnings, Period, Statement, StatementLine, StatementQueries};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Currency, Cursor, LedgerEntryId, Money, OrderId, Page, PageRequest, PayoutId, UserId};
use domain::ledger::{AccountKind, MovementKind};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, EntityTrait, FromQueryResult, Order, QueryFilter,
    SelectModel, SelectorRaw,
};
use uuid::Uuid;

const SUM: &str = "CAST(COALESCE(SUM(amount), 0) AS bigint)";

/// What a seller is owed in a currency; by the entries that meet a condition, or all.
pub async fn seller_balance<C: ConnectionTrait>(
    db: &C,
    seller: UserId,
    currency: Currency,
    condition: Option<Condition>,
) -> Result<Money, RepositoryError> {
    let mut select = of_sellers(Some(seller));
    select.expr_as(Expr::cust(SUM), Alias::new("sum")).and_where(entry::Column::Currency.eq(currency.code()));
    select.cond_where(Condition::all().add_option(condition));
    let row = db.query_one(&select).await.map_err(from_db)?;
    let sum: Option<i64> = row.map(|row| row.try_get("", "sum")).transpose().map_err(from_db)?;
    Ok(Money::new(sum.unwrap_or_default(), currency))
}

#[derive(FromQueryResult)]
struct BalanceRow {
    owner_id: Uuid,
    currency: String,
    sum: i64,
}

/// What each seller is owed in each currency in which that is not nothing.
pub async fn all_seller_balances<C: ConnectionTrait>(db: &C) -> Result<Vec<(UserId, Money)>, RepositoryError> {
    let mut select = of_sellers(None);
    select
        .columns([entry::Column::OwnerId, entry::Column::Currency])
        .expr_as(Expr::cust(SUM), Alias::new("sum"))
        .group_by_columns([entry::Column::OwnerId, entry::Column::Currency])
        .and_having(Expr::cust("SUM(amount)").ne(0_i64));
    let rows = rows::<BalanceRow, _>(db, &select).await?;
    rows.into_iter().map(|row| Ok((UserId::new(row.owner_id), money(row.sum, &row.currency)?))).collect()
}

#[derive(FromQueryResult)]
struct EarningsRow {
    currency: String,
    balance: i64,
    paid_out: i64,
}

#[async_trait]
impl StatementQueries for Sql<DatabaseConnection> {
    async fn statement(
        &self,
        seller: UserId,
        period: &Period,
        page: &PageRequest,
    ) -> Result<Statement, RepositoryError> {
        use entry::Column::{Account, CreatedAt, Currency, Id, OwnerId};
        let before = |at: DateTime<Utc>| Condition::all().add(CreatedAt.lt(at));
        let opening = match period.from {
            Some(from) => seller_balance(&self.0, seller, period.currency, Some(before(from))).await?,
            None => Money::zero(period.currency),
        };
        let closing = seller_balance(&self.0, seller, period.currency, period.to.map(before)).await?;
        let own = Condition::all()
            .add(Account.eq(AccountKind::Seller.name()))
            .add(OwnerId.eq(seller.uuid()))
            .add(Currency.eq(period.currency.code()))
            .add_option(period.from.map(|from| CreatedAt.gte(from)))
            .add_option(period.to.map(|to| CreatedAt.lt(to)));
        let newest = Sorting { key: CreatedAt, kind: KeyKind::Time, id: Id, order: Order::Desc };
        let Some(select) = rows_of_page(entry::Entity::find().filter(own), newest, page) else {
            return Ok(Statement { lines: Page { data: Vec::new(), next: None }, opening, closing });
        };
        let rows = select.all(&self.0).await.map_err(from_db)?;
        let rows = Page::from_one_more(rows, page.limit, |row| Cursor { key: time_key(row.created_at), id: row.id });
        let data = self.lines(seller, period.currency, &rows.data).await?;
        Ok(Statement { lines: Page { data, next: rows.next }, opening, closing })
    }

    async fn earnings(&self, seller: UserId) -> Result<Vec<Earnings>, RepositoryError> {
        let payouts = [MovementKind::Payout, MovementKind::PayoutFailed].map(MovementKind::name);
        let sent = format!(
            "CAST(COALESCE(SUM(CASE WHEN kind IN ('{}', '{}') THEN -amount ELSE 0 END), 0) AS bigint)",
            payouts[0], payouts[1]
        );
        let its_own = Expr::col((transaction::Entity, transaction::Column::Id))
            .equals((entry::Entity, entry::Column::TransactionId));
        let mut select = of_sellers(Some(seller));
        select
            .inner_join(transaction::Entity, its_own)
            .column(entry::Column::Currency)
            .expr_as(Expr::cust(SUM), Alias::new("balance"))
            .expr_as(Expr::cust(sent), Alias::new("paid_out"))
            .group_by_col(entry::Column::Currency)
            .order_by(entry::Column::Currency, Order::Asc);
        let of = |row: EarningsRow| {
            Ok(Earnings { balance: money(row.balance, &row.currency)?, paid_out: money(row.paid_out, &row.currency)? })
        };
        rows::<EarningsRow, _>(&self.0, &select).await?.into_iter().map(of).collect()
    }
}

impl Sql<DatabaseConnection> {
    /// The lines of these entries: what was owed after the newest is the sum up to it, and so on down.
    async fn lines(
        &self,
        seller: UserId,
        currency: Currency,
        entries: &[entry::Model],
    ) -> Result<Vec<StatementLine>, RepositoryError> {
        let Some(newest) = entries.first() else { return Ok(Vec::new()) };
        let up_to = Expr::tuple([Expr::col(entry::Column::CreatedAt), Expr::col(entry::Column::Id)])
            .lte(Expr::tuple([Expr::value(newest.created_at), Expr::value(newest.id)]));
        let mut after = seller_balance(&self.0, seller, currency, Some(Condition::all().add(up_to))).await?;
        let transactions = self.transactions_of(entries).await?;
        let about = orders::sold_of(&self.0, seller, transactions.values().filter_map(|row| row.order_id)).await?;
        let mut lines = Vec::new();
        for row in entries {
            let transaction = transactions.get(&row.transaction_id).ok_or_else(|| corrupt("an entry of nothing"))?;
            let amount = money(row.amount, &row.currency)?;
            let sold = transaction.order_id.and_then(|order| about.get(&order));
            lines.push(line(row, transaction, amount, after, sold)?);
            after = after.minus(amount).map_err(|_| corrupt("the amount of an entry"))?;
        }
        Ok(lines)
    }
}

fn line(
    row: &entry::Model,
    transaction: &transaction::Model,
    amount: Money,
    balance_after: Money,
    sold: Option<&orders::Sold>,
) -> Result<StatementLine, RepositoryError> {
    let kind = MovementKind::parse(&transaction.kind).ok_or_else(|| corrupt("kind of a transaction"))?;
    // A reference ends with the id of what it is about.
    let last = transaction.reference.rsplit(':').next().and_then(|text| Uuid::parse_str(text).ok());
    let of_payout = matches!(kind, MovementKind::Payout | MovementKind::PayoutFailed);
    let worth = sold.and_then(|sold| match kind {
        MovementKind::OrderPaid => Some(sold.net),
        MovementKind::Refund => last.and_then(|refund| sold.refunded.get(&refund)).map(|given| -given),
        _ => None,
    });
    let fee = worth.map(|worth| Money::new(worth.saturating_sub(amount.amount()), amount.currency()));
    Ok(StatementLine {
        id: LedgerEntryId::new(row.id),
        kind,
        amount,
        fee,
        balance_after,
        order_id: transaction.order_id.map(OrderId::new),
        order_number: sold.map(|sold| sold.number.clone()),
        payout_id: last.filter(|_| of_payout).map(PayoutId::new),
        created_at: row.created_at,
    })
}

fn of_sellers(seller: Option<UserId>) -> SelectStatement {
    let mut select = Query::select().from(entry::Entity).take();
    select.and_where(entry::Column::Account.eq(AccountKind::Seller.name()));
    if let Some(seller) = seller {
        select.and_where(entry::Column::OwnerId.eq(seller.uuid()));
    }
    select
}

async fn rows<T: FromQueryResult, C: ConnectionTrait>(
    db: &C,
    select: &SelectStatement,
) -> Result<Vec<T>, RepositoryError> {
    let statement = db.get_database_backend().build(select);
    SelectorRaw::<SelectModel<T>>::from_statement(statement).all(db).await.map_err(from_db)
}
