//! Storing and reading batches of gift cards.

use super::entity::batch::{Column, Entity, Model};
use super::entity::{batch_card, gift_card, with_balances};
use crate::sql::error::from_db;
use crate::sql::paging::{KeyKind, Sorting, rows_of_page, time_key};
use crate::sql::stored::{count, money};
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::gift_cards::ports::{
    BatchCard, CardWithBalance, GiftCardBatchQueries, GiftCardBatchRepository, PlacedCard,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gift_cards::{GiftCardBatch, SealedSeed};
use domain::kernel::{Cursor, GiftCardBatchId, GiftCardId, Page, PageRequest, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait,
    IntoActiveModel, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use std::collections::HashMap;
use std::ops::Range;
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

    async fn ids_in(&self, id: GiftCardBatchId, places: &[u32]) -> Result<Vec<(u32, GiftCardId)>, RepositoryError> {
        let rows = batch_card::Entity::find()
            .filter(batch_card::Column::BatchId.eq(id.uuid()))
            .filter(batch_card::Column::Position.is_in(places.iter().map(|place| i64::from(*place))));
        let rows = rows.all(&self.0).await.map_err(from_db)?.into_iter();
        rows.map(|row| Ok((count(row.position)?, GiftCardId::new(row.gift_card_id)))).collect()
    }

    async fn lock_cards(&self, id: GiftCardBatchId, places: Range<u32>) -> Result<Vec<PlacedCard>, RepositoryError> {
        let these = batch_card::Entity::find()
            .filter(batch_card::Column::BatchId.eq(id.uuid()))
            .filter(batch_card::Column::Position.gte(i64::from(places.start)))
            .filter(batch_card::Column::Position.lt(i64::from(places.end)));
        self.own_placed(these).await
    }

    async fn disable_cards(&self, id: GiftCardBatchId, now: DateTime<Utc>) -> Result<Vec<PlacedCard>, RepositoryError> {
        let mut cards = self.own_all_of(id).await?;
        cards.retain(|placed| placed.card.disabled_at.is_none());
        let update = gift_card::Entity::update_many()
            .col_expr(gift_card::Column::DisabledAt, Expr::value(now))
            .col_expr(gift_card::Column::UpdatedAt, Expr::value(now))
            .filter(gift_card::Column::Id.in_subquery(cards_of(id)))
            .filter(gift_card::Column::DisabledAt.is_null());
        update.exec(&self.0).await.map_err(from_db)?;
        Ok(changed(cards, Some(now), now))
    }

    async fn enable_cards(
        &self,
        id: GiftCardBatchId,
        disabled_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<PlacedCard>, RepositoryError> {
        let mut cards = self.own_all_of(id).await?;
        cards.retain(|placed| placed.card.disabled_at == Some(disabled_at));
        let update = gift_card::Entity::update_many()
            .col_expr(gift_card::Column::DisabledAt, Expr::value(None::<DateTime<Utc>>))
            .col_expr(gift_card::Column::UpdatedAt, Expr::value(now))
            .filter(gift_card::Column::Id.in_subquery(cards_of(id)))
            .filter(gift_card::Column::DisabledAt.eq(disabled_at));
        update.exec(&self.0).await.map_err(from_db)?;
        Ok(changed(cards, None, now))
    }
}

impl Sql<DatabaseTransaction> {
    async fn own_all_of(&self, id: GiftCardBatchId) -> Result<Vec<PlacedCard>, RepositoryError> {
        self.own_placed(batch_card::Entity::find().filter(batch_card::Column::BatchId.eq(id.uuid()))).await
    }

    /// Locks the cards in these places one after the other, by id, as everyone does. Answers them in their places.
    async fn own_placed(&self, places: Select<batch_card::Entity>) -> Result<Vec<PlacedCard>, RepositoryError> {
        let ids = places.clone().select_only().column(batch_card::Column::GiftCardId).into_query();
        let locked = gift_card::Entity::find()
            .filter(gift_card::Column::Id.in_subquery(ids))
            .order_by_asc(gift_card::Column::Id)
            .lock(OWN);
        let locked = locked.all(&self.0).await.map_err(from_db)?;
        let found = with_balances(&self.0, locked).await?.into_iter();
        let mut found: HashMap<_, _> = found.map(|found| (found.card.id.uuid(), found)).collect();
        let places = places.order_by_asc(batch_card::Column::Position).all(&self.0).await.map_err(from_db)?;
        let place = |row: batch_card::Model| {
            let CardWithBalance { card, balance } = found.remove(&row.gift_card_id)?;
            Some(count(row.position).map(|place| PlacedCard { place, card, balance }))
        };
        places.into_iter().filter_map(place).collect()
    }
}

/// The cards as they were written.
fn changed(mut cards: Vec<PlacedCard>, disabled_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Vec<PlacedCard> {
    for placed in &mut cards {
        (placed.card.disabled_at, placed.card.updated_at) = (disabled_at, now);
    }
    cards
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
