//! Storing and reading deliveries of gift cards.

use super::entity::delivery::{Column, Entity, Model};
use super::entity::gift_card;
use crate::sql::error::{corrupt, from_db};
use crate::sql::stored::{count, email, money};
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::gift_cards::ports::{GiftDeliveryQueries, GiftDeliveryRepository, SoldCard};
use async_trait::async_trait;
use domain::gift_cards::{Delivery, OrderPiece, SealedSeed};
use domain::kernel::{Gift, GiftCardId, OrderId, OrderLineId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;

#[async_trait]
impl GiftDeliveryRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, delivery: &Delivery) -> Result<(), RepositoryError> {
        let row = Model::from(delivery).into_active_model();
        Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn lock(&self, card: GiftCardId) -> Result<Option<Delivery>, RepositoryError> {
        let row = Entity::find_by_id(card.uuid()).lock(OWN).one(&self.0).await.map_err(from_db)?;
        row.map(Delivery::try_from).transpose()
    }

    async fn update(&self, delivery: &Delivery) -> Result<(), RepositoryError> {
        let row = Model::from(delivery).into_active_model().reset_all();
        Entity::update(row).exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn any_of_order(&self, order: OrderId) -> Result<bool, RepositoryError> {
        let some = Entity::find().filter(Column::OrderId.eq(order.uuid()));
        Ok(some.count(&self.0).await.map_err(from_db)? > 0)
    }

    async fn pieces_of(&self, order: OrderId) -> Result<Vec<(GiftCardId, OrderPiece)>, RepositoryError> {
        let own = Entity::find().filter(Column::OrderId.eq(order.uuid()));
        let rows = own.all(&self.0).await.map_err(from_db)?;
        let piece = |row: Model| {
            let delivery = Delivery::try_from(row)?;
            Ok(delivery.piece.map(|piece| (delivery.gift_card, piece)))
        };
        rows.into_iter().map(piece).filter_map(Result::transpose).collect()
    }
}

#[async_trait]
impl GiftDeliveryQueries for Sql<DatabaseConnection> {
    async fn find_delivery(&self, card: GiftCardId) -> Result<Option<Delivery>, RepositoryError> {
        let row = Entity::find_by_id(card.uuid()).one(&self.0).await.map_err(from_db)?;
        row.map(Delivery::try_from).transpose()
    }

    async fn sold_cards(&self, order: OrderId) -> Result<Vec<SoldCard>, RepositoryError> {
        let deliveries = Entity::find()
            .filter(Column::OrderId.eq(order.uuid()))
            .order_by_asc(Column::OrderLineId)
            .order_by_asc(Column::Piece);
        let rows = deliveries.all(&self.0).await.map_err(from_db)?;
        let ids: Vec<_> = rows.iter().map(|row| row.gift_card_id).collect();
        let cards = gift_card::Entity::find().filter(gift_card::Column::Id.is_in(ids));
        let cards = cards.all(&self.0).await.map_err(from_db)?;
        let mut cards: HashMap<_, _> = cards.into_iter().map(|card| (card.id, card)).collect();
        let sold = |row: Model| {
            let card = cards.remove(&row.gift_card_id).ok_or_else(|| corrupt("a delivery without a card"))?;
            Ok(SoldCard {
                value: money(card.value, &card.currency)?,
                last4: card.last4,
                delivery: Delivery::try_from(row)?,
            })
        };
        rows.into_iter().map(sold).collect()
    }
}

impl From<&Delivery> for Model {
    fn from(delivery: &Delivery) -> Self {
        let gift = &delivery.gift;
        Self {
            gift_card_id: delivery.gift_card.uuid(),
            recipient_email: gift.recipient_email.to_string(),
            recipient_name: gift.recipient_name.clone(),
            sender_name: gift.sender_name.clone(),
            message: gift.message.clone(),
            deliver_on: gift.deliver_on.map(|day| day.to_string()),
            send_at: delivery.send_at,
            seed: delivery.seed.as_ref().map(|seed| seed.expose().to_owned()),
            letter: i64::from(delivery.letter),
            sending_since: delivery.sending_since,
            sent_at: delivery.sent_at,
            failed_at: delivery.failed_at,
            order_id: delivery.piece.map(|piece| piece.order.uuid()),
            order_line_id: delivery.piece.map(|piece| piece.line.uuid()),
            piece: delivery.piece.map(|piece| i64::from(piece.number)),
            created_at: delivery.created_at,
            updated_at: delivery.updated_at,
        }
    }
}

impl TryFrom<Model> for Delivery {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        let day = row.deliver_on.as_deref().map(str::parse).transpose();
        let piece = match (row.order_id, row.order_line_id, row.piece) {
            (Some(order), Some(line), Some(number)) => {
                Some(OrderPiece { order: OrderId::new(order), line: OrderLineId::new(line), number: count(number)? })
            }
            _ => None,
        };
        Ok(Self {
            gift_card: GiftCardId::new(row.gift_card_id),
            gift: Gift {
                recipient_email: email(&row.recipient_email)?,
                recipient_name: row.recipient_name,
                sender_name: row.sender_name,
                message: row.message,
                deliver_on: day.map_err(|_| corrupt("day of a delivery"))?,
            },
            send_at: row.send_at,
            seed: row.seed.map(SealedSeed::new),
            letter: count(row.letter)?,
            sending_since: row.sending_since,
            sent_at: row.sent_at,
            failed_at: row.failed_at,
            piece,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}
