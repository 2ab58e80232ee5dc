//! Reading carts.

use super::entity::{cart, with_lines};
use crate::sql::Sql;
use crate::sql::error::from_db;
use application::RepositoryError;
use application::cart::ports::CartQueries;
use async_trait::async_trait;
use domain::cart::Cart;
use domain::kernel::CartId;
use sea_orm::{DatabaseConnection, EntityTrait};

#[async_trait]
impl CartQueries for Sql<DatabaseConnection> {
    async fn find(&self, id: CartId) -> Result<Option<Cart>, RepositoryError> {
        let found = cart::Entity::find_by_id(id.uuid()).one(&self.0).await.map_err(from_db)?;
        match found {
            Some(row) => with_lines(&self.0, row).await.map(Some),
            None => Ok(None),
        }
    }
}
