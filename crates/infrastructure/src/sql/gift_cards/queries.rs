//! Reading gift cards.

use super::batches::cards_of;
use super::entity::gift_card::{Column, Entity};
use super::entity::with_balances;
use crate::sql::Sql;
use crate::sql::error::from_db;
use crate::sql::ledger::entity::balance;
use crate::sql::paging::{KeyKind, Sorting, rows_of_page, time_key};
use crate::sql::stored::money;
use application::RepositoryError;
use application::gift_cards::ports::{CardFilter, CardWithBalance, GiftCardQueries, Liability};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gift_cards::GiftCardStatus;
use domain::kernel::{Cursor, GiftCardId, Page, PageRequest};
use domain::ledger::AccountKind;
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, DatabaseConnection, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};

#[async_trait]
impl GiftCardQueries for Sql<DatabaseConnection> {
    async fn find_card(&self, id: GiftCardId) -> Result<Option<CardWithBalance>, RepositoryError> {
        let row = Entity::find_by_id(id.uuid()).one(&self.0).await.map_err(from_db)?;
        Ok(with_balances(&self.0, row.into_iter().collect()).await?.pop())
    }

    async fn find_card_by_digest(&self, digest: &str) -> Result<Option<CardWithBalance>, RepositoryError> {
        let found = Entity::find().filter(Column::CodeDigest.eq(digest));
        let row = found.one(&self.0).await.map_err(from_db)?;
        Ok(with_balances(&self.0, row.into_iter().collect()).await?.pop())
    }

    async fn list_cards(
        &self,
        filter: &CardFilter,
        page: &PageRequest,
        now: DateTime<Utc>,
    ) -> Result<Page<CardWithBalance>, RepositoryError> {
        let wanted = Condition::all()
            .add_option(filter.status.map(|status| stands(status, now)))
            .add_option(filter.text.as_deref().map(has))
            .add_option(filter.batch.map(|batch| Column::Id.in_subquery(cards_of(batch))));
        let newest = Sorting { key: Column::CreatedAt, kind: KeyKind::Time, id: Column::Id, order: Order::Desc };
        let Some(select) = rows_of_page(Entity::find().filter(wanted), newest, page) else {
            return Ok(Page { data: Vec::new(), next: None });
        };
        let rows = select.all(&self.0).await.map_err(from_db)?;
        let rows = Page::from_one_more(rows, page.limit, |row| Cursor { key: time_key(row.created_at), id: row.id });
        Ok(Page { data: with_balances(&self.0, rows.data).await?, next: rows.next })
    }

    async fn liabilities(&self) -> Result<Vec<Liability>, RepositoryError> {
        let left = balance::Entity::find()
            .select_only()
            .column(balance::Column::Currency)
            .column_as(balance::Column::OwnerId.count(), "cards")
            // PostgreSQL sums whole numbers into numeric; cast back, it is refused if it doesn't fit.
            .column_as(balance::Column::Amount.sum().cast_as("bigint"), "outstanding")
            .filter(balance::Column::Account.eq(AccountKind::GiftCard.name()))
            .filter(balance::Column::Amount.gt(0_i64))
            .group_by(balance::Column::Currency)
            .order_by_asc(balance::Column::Currency);
        let rows: Vec<(String, i64, i64)> = left.into_tuple().all(&self.0).await.map_err(from_db)?;
        let liability = |(currency, cards, outstanding): (String, i64, i64)| {
            Ok(Liability {
                cards: u64::try_from(cards).unwrap_or_default(),
                outstanding: money(outstanding, &currency)?,
            })
        };
        rows.into_iter().map(liability).collect()
    }
}

/// The rule of [`domain::gift_cards::GiftCard::status`], for the database.
fn stands(status: GiftCardStatus, now: DateTime<Utc>) -> Condition {
    let unredeemed = || Condition::all().add(Column::RedeemedAt.is_null());
    let in_time = || Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(now));
    match status {
        GiftCardStatus::Active => {
            let free = unredeemed().add(Column::DisabledAt.is_null()).add(Column::VoidedAt.is_null());
            free.add(in_time()).add(has_value())
        }
        GiftCardStatus::Disabled => {
            let kept = Condition::all().add(in_time()).add(has_value()).add(Column::DisabledAt.is_not_null());
            unredeemed().add(Condition::any().add(Column::VoidedAt.is_not_null()).add(kept))
        }
        GiftCardStatus::Expired => unredeemed().add(Column::VoidedAt.is_null()).add(Column::ExpiresAt.lte(now)),
        GiftCardStatus::Redeemed => Condition::any()
            .add(Column::RedeemedAt.is_not_null())
            .add(Condition::all().add(Column::VoidedAt.is_null()).add(in_time()).add(has_value().not())),
    }
}

/// Whether something is left on a card.
fn has_value() -> SimpleExpr {
    let left = Query::select()
        .expr(Expr::val(1_i64))
        .from(balance::Entity)
        .and_where(Expr::col((balance::Entity, balance::Column::OwnerId)).equals((Entity, Column::Id)))
        .and_where(balance::Column::Account.eq(AccountKind::GiftCard.name()))
        .and_where(balance::Column::Amount.gt(0_i64))
        .take();
    Expr::exists(left)
}

/// The code ends so, or the recipient's address has it.
fn has(text: &str) -> Condition {
    let word = text.trim().to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let address = Expr::expr(Func::lower(Expr::col((Entity, Column::RecipientEmail))));
    Condition::any()
        .add(Column::Last4.eq(text.trim().to_uppercase()))
        .add(address.like(LikeExpr::new(format!("%{word}%")).escape('!')))
}
