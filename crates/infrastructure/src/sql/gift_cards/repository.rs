//! Storing gift cards.

use super::entity::gift_card::{Column, Entity, Model};
use super::entity::with_balances;
use crate::sql::error::from_db;
use crate::sql::ledger::entity::balance;
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::gift_cards::ports::{CardWithBalance, GiftCardRepository};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gift_cards::GiftCard;
use domain::kernel::GiftCardId;
use domain::ledger::AccountKind;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

#[async_trait]
impl GiftCardRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, card: &GiftCard) -> Result<(), RepositoryError> {
        let row = Model::from(card).into_active_model();
        Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn lock(&self, id: GiftCardId) -> Result<Option<CardWithBalance>, RepositoryError> {
        self.own(Entity::find_by_id(id.uuid())).await
    }

    async fn lock_by_digest(&self, digest: &str) -> Result<Option<CardWithBalance>, RepositoryError> {
        self.own(Entity::find().filter(Column::CodeDigest.eq(digest))).await
    }

    async fn lock_all(&self, ids: &[GiftCardId]) -> Result<Vec<CardWithBalance>, RepositoryError> {
        self.own_all(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).await
    }

    async fn lock_all_by_digest(&self, digests: &[String]) -> Result<Vec<CardWithBalance>, RepositoryError> {
        self.own_all(Column::CodeDigest.is_in(digests)).await
    }

    async fn update(&self, card: &GiftCard) -> Result<(), RepositoryError> {
        let row = Model::from(card).into_active_model().reset_all();
        Entity::update(row).exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn void(&self, id: GiftCardId, now: DateTime<Utc>) -> Result<bool, RepositoryError> {
        let same = |column: balance::Column, own: Column| Expr::col((balance::Entity, column)).equals((Entity, own));
        let all_of_it = Query::select()
            .expr(Expr::val(1_i64))
            .from(balance::Entity)
            .and_where(same(balance::Column::OwnerId, Column::Id))
            .and_where(same(balance::Column::Amount, Column::Value))
            .and_where(same(balance::Column::Currency, Column::Currency))
            .and_where(balance::Column::Account.eq(AccountKind::GiftCard.name()))
            .take();
        let update = Entity::update_many()
            .col_expr(Column::VoidedAt, Expr::value(now))
            .col_expr(Column::UpdatedAt, Expr::value(now))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::VoidedAt.is_null())
            .filter(Column::RedeemedAt.is_null())
            .filter(Expr::exists(all_of_it));
        Ok(update.exec(&self.0).await.map_err(from_db)?.rows_affected == 1)
    }
}

impl Sql<DatabaseTransaction> {
    /// Whoever moves what is on a card locks the card first, so its balance stays as it is read here.
    async fn own(&self, select: Select<Entity>) -> Result<Option<CardWithBalance>, RepositoryError> {
        let row = select.lock(OWN).one(&self.0).await.map_err(from_db)?;
        Ok(with_balances(&self.0, row.into_iter().collect()).await?.pop())
    }

    /// The same for several, which are locked in the order in which they are read: by id.
    async fn own_all(&self, these: SimpleExpr) -> Result<Vec<CardWithBalance>, RepositoryError> {
        let select = Entity::find().filter(these).order_by_asc(Column::Id).lock(OWN);
        with_balances(&self.0, select.all(&self.0).await.map_err(from_db)?).await
    }
}
