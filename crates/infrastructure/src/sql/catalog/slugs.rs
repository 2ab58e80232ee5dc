//! Every slug that something ever had. A slug that was given stays its owner's, so that old addresses stay good.

use crate::sql::error::from_db;
use crate::sql::stored::slug as read;
use application::RepositoryError;
use domain::kernel::Slug;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

pub mod given {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "slugs")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub slug: String,
        pub owner_id: Uuid,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What has slugs of its own.
pub const PRODUCT: &str = "product";
/// Likewise.
pub const CATEGORY: &str = "category";
/// Likewise.
pub const MATERIAL: &str = "material";

/// Gives a slug to an owner, unless it is or was another's; answers whether it is the owner's now. Of two who want it at once,
/// the second waits for the first.
pub async fn claim<C: ConnectionTrait>(
    db: &C,
    kind: &str,
    slug: &Slug,
    owner_id: Uuid,
) -> Result<bool, RepositoryError> {
    let row =
        given::ActiveModel { kind: Set(kind.to_owned()), slug: Set(slug.as_str().to_owned()), owner_id: Set(owner_id) };
    let taken = OnConflict::columns([given::Column::Kind, given::Column::Slug]).do_nothing().to_owned();
    let insert = given::Entity::insert(row).on_conflict(taken);
    if insert.exec_without_returning(db).await.map_err(from_db)? == 1 {
        return Ok(true);
    }
    Ok(owner(db, kind, slug).await? == Some(owner_id))
}

/// Whose a slug is or was.
pub async fn owner<C: ConnectionTrait>(db: &C, kind: &str, slug: &Slug) -> Result<Option<Uuid>, RepositoryError> {
    let this = given::Entity::find_by_id((kind.to_owned(), slug.as_str().to_owned()));
    Ok(this.one(db).await.map_err(from_db)?.map(|row| row.owner_id))
}

/// All slugs that things of this kind ever had, by owner and in their order.
pub async fn all<C: ConnectionTrait>(db: &C, kind: &str) -> Result<HashMap<Uuid, Vec<Slug>>, RepositoryError> {
    let rows = given::Entity::find().filter(given::Column::Kind.eq(kind)).order_by_asc(given::Column::Slug);
    let mut by_owner: HashMap<Uuid, Vec<Slug>> = HashMap::new();
    for row in rows.all(db).await.map_err(from_db)? {
        by_owner.entry(row.owner_id).or_default().push(read(&row.slug)?);
    }
    Ok(by_owner)
}

/// Gives all slugs of one to another.
pub async fn hand_over<C: ConnectionTrait>(db: &C, from: Uuid, into: Uuid) -> Result<(), RepositoryError> {
    let update = given::Entity::update_many()
        .col_expr(given::Column::OwnerId, Expr::value(into))
        .filter(given::Column::OwnerId.eq(from));
    update.exec(db).await.map_err(from_db)?;
    Ok(())
}

/// Frees all slugs of one that is gone.
pub async fn free<C: ConnectionTrait>(db: &C, owner: Uuid) -> Result<(), RepositoryError> {
    let theirs = given::Entity::delete_many().filter(given::Column::OwnerId.eq(owner));
    theirs.exec(db).await.map_err(from_db)?;
    Ok(())
}
