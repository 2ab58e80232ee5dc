//! Accounts as admins see them. A page takes five statements, however many accounts it has.

use super::entity::user::{Column, Entity, Model};
use super::sessions::session;
use crate::sql::Sql;
use crate::sql::audit::entity::security_event;
use crate::sql::error::from_db;
use crate::sql::paging::{KeyKind, Sorting, rows_of_page, time_key};
use crate::sql::stored::StoredText;
use application::RepositoryError;
use application::audit::SecurityEventKind;
use application::identity::ports::{AccountFilter, AccountQueries, AccountSort, AccountStatus, AccountView};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::User;
use domain::kernel::{Cursor, Page, PageRequest, UserId};
use sea_orm::sea_query::{Expr, Func, LikeExpr, Query, UnionType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, EntityTrait, ExprTrait, Order, QueryFilter,
    QuerySelect,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

#[async_trait]
impl AccountQueries for Sql<DatabaseConnection> {
    async fn list_accounts(
        &self,
        filter: &AccountFilter,
        sort: AccountSort,
        page: &PageRequest,
        now: DateTime<Utc>,
    ) -> Result<Page<AccountView>, RepositoryError> {
        let Some(select) = rows_of_page(Entity::find().filter(wanted(filter)), sorting(sort), page) else {
            return Ok(Page { data: Vec::new(), next: None });
        };
        let rows = select.all(&self.0).await.map_err(from_db)?;
        let rows = Page::from_one_more(rows, page.limit, |row| Cursor { key: key(sort, row), id: row.id });
        Ok(Page { data: views(&self.0, rows.data, now).await?, next: rows.next })
    }

    async fn find_account(&self, id: UserId, now: DateTime<Utc>) -> Result<Option<AccountView>, RepositoryError> {
        let row = Entity::find_by_id(id.uuid()).one(&self.0).await.map_err(from_db)?;
        Ok(views(&self.0, row.into_iter().collect(), now).await?.pop())
    }
}

fn wanted(filter: &AccountFilter) -> Condition {
    let active = || Condition::all().add(Column::DisabledAt.is_null()).add(Column::DeletedAt.is_null());
    let status = filter.status.map(|status| match status {
        AccountStatus::Active => active(),
        AccountStatus::Unverified => active().add(Column::EmailVerifiedAt.is_null()),
        AccountStatus::Disabled => {
            Condition::all().add(Column::DisabledAt.is_not_null()).add(Column::DeletedAt.is_null())
        }
        AccountStatus::Deleted => Condition::all().add(Column::DeletedAt.is_not_null()),
    });
    let words = filter.text.as_deref().unwrap_or_default().split_whitespace();
    words
        .fold(Condition::all(), |all, word| all.add(has(word)))
        .add_option(filter.role.map(|role| Column::Role.eq(role.text())))
        .add_option(status)
}

/// The word occurs somewhere, in upper or lower case.
fn has(word: &str) -> Condition {
    let word = word.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let pattern = || LikeExpr::new(format!("%{word}%")).escape('!');
    let in_column = |column: Column| Expr::expr(Func::lower(Expr::col((Entity, column)))).like(pattern());
    Condition::any().add(in_column(Column::Email)).add(in_column(Column::Name)).add(in_column(Column::ShopName))
}

const fn sorting(sort: AccountSort) -> Sorting<Column> {
    let (key, kind, order) = match sort {
        AccountSort::Newest => (Column::CreatedAt, KeyKind::Time, Order::Desc),
        AccountSort::Oldest => (Column::CreatedAt, KeyKind::Time, Order::Asc),
        AccountSort::EmailAscending => (Column::Email, KeyKind::Text, Order::Asc),
        AccountSort::EmailDescending => (Column::Email, KeyKind::Text, Order::Desc),
    };
    Sorting { key, kind, id: Column::Id, order }
}

fn key(sort: AccountSort, row: &Model) -> String {
    match sort {
        AccountSort::Newest | AccountSort::Oldest => time_key(row.created_at),
        AccountSort::EmailAscending | AccountSort::EmailDescending => row.email.clone(),
    }
}

async fn views<C: ConnectionTrait>(
    db: &C,
    rows: Vec<Model>,
    now: DateTime<Utc>,
) -> Result<Vec<AccountView>, RepositoryError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let sessions = open_sessions(db, &ids, now).await?;
    let sign_ins = last_sign_ins(db, &ids).await?;
    let two_factor = with_two_factors(db, &ids).await?;
    let view = |row: Model| {
        Ok(AccountView {
            last_sign_in_at: sign_ins.get(&row.id).copied(),
            two_factor: two_factor.contains(&row.id),
            sessions: sessions.get(&row.id).map_or(0, |count| u64::try_from(*count).unwrap_or_default()),
            user: User::try_from(row)?,
        })
    };
    rows.into_iter().map(view).collect()
}

async fn open_sessions<C: ConnectionTrait>(
    db: &C,
    ids: &[Uuid],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, i64>, RepositoryError> {
    let open = session::Entity::find()
        .select_only()
        .column(session::Column::UserId)
        .column_as(session::Column::Id.count(), "sessions")
        .filter(session::Column::UserId.is_in(ids.iter().copied()))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .group_by(session::Column::UserId);
    Ok(open.into_tuple().all(db).await.map_err(from_db)?.into_iter().collect())
}

async fn last_sign_ins<C: ConnectionTrait>(
    db: &C,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, DateTime<Utc>>, RepositoryError> {
    let last = security_event::Entity::find()
        .select_only()
        .column(security_event::Column::UserId)
        .column_as(security_event::Column::At.max(), "last")
        .filter(security_event::Column::UserId.is_in(ids.iter().copied()))
        .filter(security_event::Column::Kind.eq(SecurityEventKind::LoginSucceeded.name()))
        .group_by(security_event::Column::UserId);
    Ok(last.into_tuple().all(db).await.map_err(from_db)?.into_iter().collect())
}

/// Those with an authenticator app or a passkey.
async fn with_two_factors<C: ConnectionTrait>(db: &C, ids: &[Uuid]) -> Result<HashSet<Uuid>, RepositoryError> {
    let theirs = || Expr::col("user_id").is_in(ids.iter().copied());
    let passkeys = Query::select().column("user_id").from("passkeys").and_where(theirs()).to_owned();
    let either = Query::select()
        .column("user_id")
        .from("totp")
        .and_where(theirs())
        .and_where(Expr::col("confirmed_at").is_not_null())
        .union(UnionType::Distinct, passkeys)
        .to_owned();
    let rows = db.query_all(&either).await.map_err(from_db)?;
    rows.iter().map(|row| row.try_get("", "user_id").map_err(from_db)).collect()
}
