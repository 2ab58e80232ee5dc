//! Moving running balances: one statement each. What would go below zero changes no row, and that is the verdict.

use super::entity::balance::{ActiveModel, Column, Entity};
use crate::sql::error::{corrupt, from_db};
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::ledger::ports::PostError;
use domain::kernel::{Currency, Money};
use domain::ledger::{Account, Leg};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter,
    QuerySelect, QueryTrait, StatementBuilder,
};

/// What is in an account after a leg, and how many entries made it.
#[derive(Debug, Clone, Copy)]
pub struct Moved {
    pub amount: i64,
    pub entries: i64,
}

impl Sql<DatabaseTransaction> {
    /// Moves the balance of the leg's account; `None` where it has no floor, and so no running balance.
    pub(super) async fn move_balance(&self, leg: &Leg) -> Result<Option<Moved>, PostError> {
        if !leg.account.kind().has_floor() {
            return Ok(None);
        }
        let moved = if leg.amount.is_positive() { self.put_in(leg).await? } else { self.take_out(leg).await? };
        moved.map(Some).ok_or(PostError::TooLittle(leg.account))
    }

    /// What is in an account that has a floor. Its row stays as it is until the end; where there is none yet, there is nothing.
    pub(super) async fn own_balance(&self, account: Account, currency: Currency) -> Result<Money, RepositoryError> {
        let row = Entity::find()
            .filter(Column::OwnerId.eq(account.owner()))
            .filter(Column::Account.eq(account.kind().name()))
            .filter(Column::Currency.eq(currency.code()));
        let row = row.lock(OWN).one(&self.0).await.map_err(from_db)?;
        Ok(row.map_or(Money::zero(currency), |row| Money::new(row.amount, currency)))
    }

    async fn put_in(&self, leg: &Leg) -> Result<Option<Moved>, RepositoryError> {
        let more = |column, by: i64| Expr::col((Entity, column)).add(by);
        let first = ActiveModel {
            owner_id: Set(leg.account.owner().ok_or_else(|| corrupt("an account without an owner"))?),
            account: Set(leg.account.kind().name().to_owned()),
            currency: Set(leg.amount.currency().code().to_owned()),
            amount: Set(leg.amount.amount()),
            entries: Set(1),
        };
        let there = OnConflict::columns([Column::OwnerId, Column::Account, Column::Currency])
            .value(Column::Amount, more(Column::Amount, leg.amount.amount()))
            .value(Column::Entries, more(Column::Entries, 1))
            .to_owned();
        let mut insert = Entity::insert(first).on_conflict(there).into_query();
        insert.returning(Query::returning().columns([Column::Amount, Column::Entries]));
        self.moved(&insert).await
    }

    async fn take_out(&self, leg: &Leg) -> Result<Option<Moved>, RepositoryError> {
        let amount = leg.amount.amount();
        let update = Query::update()
            .table(Entity)
            .value(Column::Amount, Expr::col(Column::Amount).add(amount))
            .value(Column::Entries, Expr::col(Column::Entries).add(1_i64))
            .and_where(Expr::col(Column::OwnerId).eq(leg.account.owner()))
            .and_where(Expr::col(Column::Account).eq(leg.account.kind().name()))
            .and_where(Expr::col(Column::Currency).eq(leg.amount.currency().code()))
            .and_where(Expr::col(Column::Amount).add(amount).gte(0_i64))
            .returning(Query::returning().columns([Column::Amount, Column::Entries]))
            .take();
        self.moved(&update).await
    }

    async fn moved<S: StatementBuilder>(&self, statement: &S) -> Result<Option<Moved>, RepositoryError> {
        let Some(row) = self.0.query_one(statement).await.map_err(from_db)? else { return Ok(None) };
        let amount = row.try_get("", "amount").map_err(from_db)?;
        Ok(Some(Moved { amount, entries: row.try_get("", "entries").map_err(from_db)? }))
    }
}
