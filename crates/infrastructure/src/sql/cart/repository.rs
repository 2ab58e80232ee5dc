//! Changing carts.

use super::entity::{cart, cart_line, with_lines};
use crate::sql::error::from_db;
use crate::sql::stored::{StoredGift, position};
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::cart::ports::CartRepository;
use async_trait::async_trait;
use domain::cart::Cart;
use domain::kernel::CartId;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect,
};

#[async_trait]
impl CartRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, cart: &Cart) -> Result<(), RepositoryError> {
        let row = cart::Model::from(cart).into_active_model();
        cart::Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        self.insert_lines(cart).await
    }

    async fn lock(&self, id: CartId) -> Result<Option<Cart>, RepositoryError> {
        let found = cart::Entity::find_by_id(id.uuid()).lock(OWN).one(&self.0).await.map_err(from_db)?;
        match found {
            Some(row) => with_lines(&self.0, row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Lines are few and the cart is locked: they are written anew. Those of a cart that is spent change no more.
    async fn update(&self, cart: &Cart) -> Result<(), RepositoryError> {
        let row = cart::Model::from(cart).into_active_model().reset_all();
        let this = cart::Entity::update_many().set(row).filter(cart::Column::Id.eq(cart.id.uuid()));
        this.exec(&self.0).await.map_err(from_db)?;
        if cart.order_id.is_some() {
            return Ok(());
        }
        let old = cart_line::Column::CartId.eq(cart.id.uuid());
        cart_line::Entity::delete_many().filter(old).exec(&self.0).await.map_err(from_db)?;
        self.insert_lines(cart).await
    }
}

impl Sql<DatabaseTransaction> {
    async fn insert_lines(&self, cart: &Cart) -> Result<(), RepositoryError> {
        let row = |(index, line): (usize, &domain::cart::CartLine)| cart_line::ActiveModel {
            id: Set(line.id.uuid()),
            cart_id: Set(cart.id.uuid()),
            variant_id: Set(line.variant_id.uuid()),
            position: Set(position(index)),
            quantity: Set(i64::from(line.quantity)),
            gift: Set(line.gift.as_ref().map(StoredGift::from)),
        };
        let rows: Vec<_> = cart.lines.iter().enumerate().map(row).collect();
        if !rows.is_empty() {
            cart_line::Entity::insert_many(rows).exec_without_returning(&self.0).await.map_err(from_db)?;
        }
        Ok(())
    }
}
