//! What sellers call their shops.

use super::entity::user;
use crate::sql::error::from_db;
use application::RepositoryError;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::HashMap;
use uuid::Uuid;

/// The names of these sellers' shops; those without one are left out.
pub async fn shop_names<C: ConnectionTrait>(
    db: &C,
    sellers: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, RepositoryError> {
    let ids: Vec<Uuid> = sellers.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(db).await.map_err(from_db)?;
    Ok(found.into_iter().filter_map(|row| Some((row.id, row.shop_name?))).collect())
}
