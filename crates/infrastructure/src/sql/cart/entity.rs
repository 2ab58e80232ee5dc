//! The rows of carts, as they are stored.

use crate::sql::error::from_db;
use crate::sql::stored::{count, currency};
use application::RepositoryError;
use domain::cart::{Cart, CartLine};
use domain::kernel::{CartId, CartLineId, Gift, OrderId, UserId, VariantId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

pub mod cart {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "carts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Option<Uuid>,
        pub currency: String,
        pub order_id: Option<Uuid>,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod cart_line {
    use crate::sql::stored::StoredGift;
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cart_lines")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub cart_id: Uuid,
        pub variant_id: Uuid,
        pub position: i32,
        pub quantity: i64,
        #[sea_orm(column_type = "JsonBinary", nullable)]
        pub gift: Option<StoredGift>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<&Cart> for cart::Model {
    fn from(cart: &Cart) -> Self {
        Self {
            id: cart.id.uuid(),
            user_id: cart.owner.map(UserId::uuid),
            currency: cart.currency.code().to_owned(),
            order_id: cart.order_id.map(OrderId::uuid),
            created_at: cart.created_at,
            updated_at: cart.updated_at,
        }
    }
}

/// The cart of a row, with its lines.
pub async fn with_lines<C: ConnectionTrait>(db: &C, row: cart::Model) -> Result<Cart, RepositoryError> {
    let own = cart_line::Entity::find().filter(cart_line::Column::CartId.eq(row.id));
    let lines = own.order_by_asc(cart_line::Column::Position).all(db).await.map_err(from_db)?;
    let line = |line: cart_line::Model| {
        let (id, variant_id) = (CartLineId::new(line.id), VariantId::new(line.variant_id));
        let gift = line.gift.map(Gift::try_from).transpose()?;
        Ok(CartLine { id, variant_id, quantity: count(line.quantity)?, gift })
    };
    Ok(Cart {
        id: CartId::new(row.id),
        owner: row.user_id.map(UserId::new),
        currency: currency(&row.currency)?,
        order_id: row.order_id.map(OrderId::new),
        lines: lines.into_iter().map(line).collect::<Result<_, RepositoryError>>()?,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
