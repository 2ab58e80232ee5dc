//! The rows of gift cards, as they are stored.

use crate::sql::error::corrupt;
use crate::sql::ledger::entity::balance;
use crate::sql::stored::{email, money};
use application::RepositoryError;
use application::gift_cards::ports::CardWithBalance;
use domain::gift_cards::GiftCard;
use domain::kernel::{GiftCardId, Money, UserId};
use domain::ledger::AccountKind;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::HashMap;
use uuid::Uuid;

pub mod gift_card {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "gift_cards")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub code_digest: String,
        pub last4: String,
        pub value: i64,
        pub currency: String,
        pub issued_by: Uuid,
        pub recipient_email: Option<String>,
        pub expires_at: Option<DateTimeUtc>,
        pub disabled_at: Option<DateTimeUtc>,
        pub voided_at: Option<DateTimeUtc>,
        pub redeemed_at: Option<DateTimeUtc>,
        pub redeemed_by: Option<Uuid>,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod batch {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "gift_card_batches")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub value: i64,
        pub currency: String,
        pub quantity: i64,
        pub issued: i64,
        pub expires_at: Option<DateTimeUtc>,
        pub note: Option<String>,
        pub issued_by: Uuid,
        /// What the codes follow from, sealed; none once nobody may know them any more.
        pub seed: Option<String>,
        pub completed_at: Option<DateTimeUtc>,
        pub downloaded_at: Option<DateTimeUtc>,
        pub downloaded_by: Option<Uuid>,
        pub lapsed_at: Option<DateTimeUtc>,
        pub disabled_at: Option<DateTimeUtc>,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod delivery {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "gift_card_deliveries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub gift_card_id: Uuid,
        pub recipient_email: String,
        pub recipient_name: Option<String>,
        pub sender_name: Option<String>,
        pub message: Option<String>,
        /// A day, as ISO 8601 writes it.
        pub deliver_on: Option<String>,
        pub send_at: DateTimeUtc,
        /// What the code follows from, sealed; none once it was sent.
        pub seed: Option<String>,
        pub letter: i64,
        pub sending_since: Option<DateTimeUtc>,
        pub sent_at: Option<DateTimeUtc>,
        pub failed_at: Option<DateTimeUtc>,
        pub order_id: Option<Uuid>,
        pub order_line_id: Option<Uuid>,
        pub piece: Option<i64>,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod batch_card {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "gift_card_batch_cards")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub batch_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i64,
        pub gift_card_id: Uuid,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<&GiftCard> for gift_card::Model {
    fn from(card: &GiftCard) -> Self {
        Self {
            id: card.id.uuid(),
            code_digest: card.code_digest.clone(),
            last4: card.last4.clone(),
            value: card.value.amount(),
            currency: card.value.currency().code().to_owned(),
            issued_by: card.issued_by.uuid(),
            recipient_email: card.recipient_email.as_ref().map(ToString::to_string),
            expires_at: card.expires_at,
            disabled_at: card.disabled_at,
            voided_at: card.voided_at,
            redeemed_at: card.redeemed_at,
            redeemed_by: card.redeemed_by.map(UserId::uuid),
            created_at: card.created_at,
            updated_at: card.updated_at,
        }
    }
}

impl TryFrom<gift_card::Model> for GiftCard {
    type Error = RepositoryError;

    fn try_from(row: gift_card::Model) -> Result<Self, RepositoryError> {
        Ok(Self {
            id: GiftCardId::new(row.id),
            code_digest: row.code_digest,
            last4: row.last4,
            value: money(row.value, &row.currency)?,
            issued_by: UserId::new(row.issued_by),
            recipient_email: row.recipient_email.as_deref().map(email).transpose()?,
            expires_at: row.expires_at,
            disabled_at: row.disabled_at,
            voided_at: row.voided_at,
            redeemed_at: row.redeemed_at,
            redeemed_by: row.redeemed_by.map(UserId::new),
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// The cards with what is left on them, in two statements however many they are.
pub async fn with_balances<C: ConnectionTrait>(
    db: &C,
    rows: Vec<gift_card::Model>,
) -> Result<Vec<CardWithBalance>, RepositoryError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let theirs = balance::Entity::find()
        .filter(balance::Column::OwnerId.is_in(ids))
        .filter(balance::Column::Account.eq(AccountKind::GiftCard.name()));
    let found = theirs.all(db).await.map_err(crate::sql::error::from_db)?;
    let balances: HashMap<Uuid, balance::Model> = found.into_iter().map(|row| (row.owner_id, row)).collect();
    let with_balance = |row: gift_card::Model| {
        let card = GiftCard::try_from(row)?;
        let balance = match balances.get(&card.id.uuid()) {
            Some(row) => money(row.amount, &row.currency)?,
            None => Money::zero(card.value.currency()),
        };
        if balance.currency() != card.value.currency() {
            return Err(corrupt("currency of a gift card's balance"));
        }
        Ok(CardWithBalance { card, balance })
    };
    rows.into_iter().map(with_balance).collect()
}
