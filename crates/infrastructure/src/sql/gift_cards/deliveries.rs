//! Storing and reading deliveries of gift cards.

use super::entity::delivery::{Entity, Model};
use crate::sql::error::{corrupt, from_db};
use crate::sql::stored::{count, email};
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::gift_cards::ports::{GiftDeliveryQueries, GiftDeliveryRepository};
use async_trait::async_trait;
use domain::gift_cards::{Delivery, OrderPiece, SealedSeed};
use domain::kernel::{Gift, GiftCardId, OrderId, OrderLineId};
use sea_orm::{ActiveModelTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, QuerySelect};

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
}

#[async_trait]
impl GiftDeliveryQueries for Sql<DatabaseConnection> {
    async fn find_delivery(&self, card: GiftCardId) -> Result<Option<Delivery>, RepositoryError> {
        let row = Entity::find_by_id(card.uuid()).one(&self.0).await.map_err(from_db)?;
        row.map(Delivery::try_from).transpose()
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
