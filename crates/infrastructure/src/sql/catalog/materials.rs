//! Changing the materials.

use super::entity::{material, product_material};
use super::slugs;
use crate::sql::error::from_db;
use crate::sql::{OWN, Sql};
use application::catalog::ports::MaterialRepository;
use application::{RepositoryError, UniqueKey};
use async_trait::async_trait;
use domain::catalog::Material;
use domain::kernel::{MaterialId, Slug};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

#[async_trait]
impl MaterialRepository for Sql<DatabaseTransaction> {
    /// Read twice: the statement that waited for the rows does not see those that were added meanwhile.
    async fn lock_all(&self) -> Result<Vec<Material>, RepositoryError> {
        let by_id = material::Entity::find().order_by_asc(material::Column::Id);
        by_id.clone().lock(OWN).all(&self.0).await.map_err(from_db)?;
        let rows = by_id.all(&self.0).await.map_err(from_db)?;
        rows.into_iter().map(Material::try_from).collect()
    }

    async fn slug_owner(&self, slug: &Slug) -> Result<Option<MaterialId>, RepositoryError> {
        Ok(slugs::owner(&self.0, slugs::MATERIAL, slug).await?.map(MaterialId::new))
    }

    async fn insert(&self, material: &Material) -> Result<(), RepositoryError> {
        self.claim_for(material).await?;
        let row = row(material).into_active_model();
        material::Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn update(&self, material: &Material) -> Result<(), RepositoryError> {
        self.claim_for(material).await?;
        let row = row(material).into_active_model().reset_all();
        let this = material::Entity::update_many().set(row).filter(material::Column::Id.eq(material.id.uuid()));
        this.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn count_products(&self, id: MaterialId) -> Result<u64, RepositoryError> {
        let made_of_it = product_material::Entity::find().filter(product_material::Column::MaterialId.eq(id.uuid()));
        made_of_it.count(&self.0).await.map_err(from_db)
    }

    /// What is made of both keeps the place of the one that stays.
    async fn merge(&self, from: MaterialId, into: MaterialId) -> Result<(), RepositoryError> {
        use product_material::Column::{MaterialId, ProductId};
        let of_both = Query::select()
            .column(ProductId)
            .from(product_material::Entity)
            .and_where(MaterialId.eq(into.uuid()))
            .to_owned();
        let alone = product_material::Entity::update_many()
            .col_expr(MaterialId, Expr::value(into.uuid()))
            .filter(MaterialId.eq(from.uuid()))
            .filter(ProductId.not_in_subquery(of_both));
        alone.exec(&self.0).await.map_err(from_db)?;
        let rest = product_material::Entity::delete_many().filter(MaterialId.eq(from.uuid()));
        rest.exec(&self.0).await.map_err(from_db)?;
        slugs::hand_over(&self.0, from.uuid(), into.uuid()).await?;
        material::Entity::delete_by_id(from.uuid()).exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn remove(&self, id: MaterialId) -> Result<(), RepositoryError> {
        slugs::free(&self.0, id.uuid()).await?;
        material::Entity::delete_by_id(id.uuid()).exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}

impl Sql<DatabaseTransaction> {
    async fn claim_for(&self, material: &Material) -> Result<(), RepositoryError> {
        let claimed = slugs::claim(&self.0, slugs::MATERIAL, &material.slug, material.id.uuid()).await?;
        if claimed { Ok(()) } else { Err(RepositoryError::Conflict(UniqueKey::MaterialSlug)) }
    }
}

fn row(material: &Material) -> material::Model {
    material::Model { id: material.id.uuid(), slug: material.slug.as_str().to_owned(), name: material.name.clone() }
}
