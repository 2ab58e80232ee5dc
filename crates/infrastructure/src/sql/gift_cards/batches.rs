//! Storing and reading batches of gift cards.

use super::entity::batch::{Column, Entity, Model};
use super::entity::{batch_card, gift_card};
use crate::sql::error::from_db;
use crate::sql::paging::{KeyKind, Sorting, rows_of_page, time_key};
use crate::sql::stored::{count, money};
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::gift_cards::ports::{BatchCard, GiftCardBatchQueries, GiftCardBatchRepository};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gift_cards::{GiftCardBatch, SealedSeed};
use domain::kernel::{Cursor, GiftCardBatchId, GiftCardId, Page, PageRequest, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait,
    IntoActiveModel, Order, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

#[async_trait]
impl GiftCardBatchRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, batch: &GiftCardBatch) -> Result<(), RepositoryError> {
        let row = Model::from(batch).into_active_model();
        Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn lock(&self, id: GiftCardBatchId) -> Result<Option<GiftCardBatch>, RepositoryError> {
        let row = Entity::find_by_id(id.uuid()).lock(OWN).one(&self.0).await.map_err(from_db)?;
        row.map(GiftCardBatch::try_from).transpose()
    }

    async fn update(&self, batch: &GiftCardBatch) -> Result<(), RepositoryError> {
        let row = Model::from(batch).into_active_model().reset_all();
        Entity::update(row).exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn put_cards(&self, id: GiftCardBatchId, cards: &[(u32, GiftCardId)]) -> Result<(), RepositoryError> {
        let row = |(position, card): &(u32, GiftCardId)| batch_card::ActiveModel {
            batch_id: Set(id.uuid()),
            position: Set(i64::from(*position)),
            gift_card_id: Set(card.uuid()),
        };
        let insert = batch_card::Entity::insert_many(cards.iter().map(row));
        insert.exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn cards(&self, id: GiftCardBatchId) -> Result<Vec<BatchCard>, RepositoryError> {
        let places = batch_card::Entity::find()
            .filter(batch_card::Column::BatchId.eq(id.uuid()))
            .order_by_asc(batch_card::Column::Position);
        let digests = gift_card::Entity::find()
            .select_only()
            .columns([gift_card::Column::Id, gift_card::Column::CodeDigest])
            .filter(gift_card::Column::Id.in_subquery(cards_of(id)))
            .into_tuple::<(Uuid, String)>();
        let places = places.all(&self.0).await.map_err(from_db)?;
        let mut digests: HashMap<_, _> = digests.all(&self.0).await.map_err(from_db)?.into_iter().collect();
        let card = |place: batch_card::Model| BatchCard {
            id: GiftCardId::new(place.gift_card_id),
            code_digest: digests.remove(&place.gift_card_id).unwrap_or_default(),
        };
        Ok(places.into_iter().map(card).collect())
    }

    async fn disable_cards(&self, id: GiftCardBatchId, now: DateTime<Utc>) -> Result<(), RepositoryError> {
        self.own_cards(id).await?;
        let update = gift_card::Entity::update_many()
            .col_expr(gift_card::Column::DisabledAt, Expr::value(now))
            .col_expr(gift_card::Column::UpdatedAt, Expr::value(now))
            .filter(gift_card::Column::Id.in_subquery(cards_of(id)))
            .filter(gift_card::Column::DisabledAt.is_null());
        update.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn enable_cards(
        &self,
        id: GiftCardBatchId,
        disabled_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), RepositoryError> {
        self.own_cards(id).await?;
        let update = gift_card::Entity::update_many()
            .col_expr(gift_card::Column::DisabledAt, Expr::value(None::<DateTime<Utc>>))
            .col_expr(gift_card::Column::UpdatedAt, Expr::value(now))
            .filter(gift_card::Column::Id.in_subquery(cards_of(id)))
            .filter(gift_card::Column::DisabledAt.eq(disabled_at));
        update.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}

impl Sql<DatabaseTransaction> {
    /// Locks the cards of a batch one after the other, by id, as everyone does.
    async fn own_cards(&self, id: GiftCardBatchId) -> Result<(), RepositoryError> {
        let locked = gift_card::Entity::find()
            .select_only()
            .column(gift_card::Column::Id)
            .filter(gift_card::Column::Id.in_subquery(cards_of(id)))
            .order_by_asc(gift_card::Column::Id)
            .lock(OWN)
            .into_tuple::<Uuid>();
        locked.all(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}

/// The ids of a batch's cards.
pub(super) fn cards_of(id: GiftCardBatchId) -> SelectStatement {
    Query::select()
        .column(batch_card::Column::GiftCardId)
        .from(batch_card::Entity)
        .and_where(Expr::col((batch_card::Entity, batch_card::Column::BatchId)).eq(id.uuid()))
        .take()
}

#[async_trait]
impl GiftCardBatchQueries for Sql<DatabaseConnection> {
    async fn find_batch(&self, id: GiftCardBatchId) -> Result<Option<GiftCardBatch>, RepositoryError> {
        let row = Entity::find_by_id(id.uuid()).one(&self.0).await.map_err(from_db)?;
        row.map(GiftCardBatch::try_from).transpose()
    }

    async fn list_batches(&self, page: &PageRequest) -> Result<Page<GiftCardBatch>, RepositoryError> {
        let newest = Sorting { key: Column::CreatedAt, kind: KeyKind::Time, id: Column::Id, order: Order::Desc };
        let Some(select) = rows_of_page(Entity::find(), newest, page) else {
            return Ok(Page { data: Vec::new(), next: None });
        };
        let rows = select.all(&self.0).await.map_err(from_db)?;
        let rows = Page::from_one_more(rows, page.limit, |row| Cursor { key: time_key(row.created_at), id: row.id });
        let data = rows.data.into_iter().map(GiftCardBatch::try_from).collect::<Result<_, _>>()?;
        Ok(Page { data, next: rows.next })
    }
}

impl From<&GiftCardBatch> for Model {
    fn from(batch: &GiftCardBatch) -> Self {
        Self {
            id: batch.id.uuid(),
            value: batch.value.amount(),
            currency: batch.value.currency().code().to_owned(),
            quantity: i64::from(batch.quantity),
            issued: i64::from(batch.issued),
            expires_at: batch.expires_at,
            note: batch.note.clone(),
            issued_by: batch.issued_by.uuid(),
            seed: batch.seed.as_ref().map(|seed| seed.expose().to_owned()),
            completed_at: batch.completed_at,
            downloaded_at: batch.downloaded_at,
            downloaded_by: batch.downloaded_by.map(UserId::uuid),
            lapsed_at: batch.lapsed_at,
            disabled_at: batch.disabled_at,
            created_at: batch.created_at,
            updated_at: batch.updated_at,
        }
    }
}

impl TryFrom<Model> for GiftCardBatch {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        Ok(Self {
            id: GiftCardBatchId::new(row.id),
            value: money(row.value, &row.currency)?,
            quantity: count(row.quantity)?,
            issued: count(row.issued)?,
            expires_at: row.expires_at,
            note: row.note,
            issued_by: UserId::new(row.issued_by),
            seed: row.seed.map(SealedSeed::new),
            completed_at: row.completed_at,
            downloaded_at: row.downloaded_at,
            downloaded_by: row.downloaded_by.map(UserId::new),
            lapsed_at: row.lapsed_at,
            disabled_at: row.disabled_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}
