//! Changing the tree of categories.

use super::entity::{category, product};
use super::slugs;
use crate::sql::error::from_db;
use crate::sql::{OWN, Sql};
use application::catalog::ports::CategoryRepository;
use application::{RepositoryError, UniqueKey};
use async_trait::async_trait;
use domain::catalog::Category;
use domain::kernel::{CategoryId, Slug};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

#[async_trait]
impl CategoryRepository for Sql<DatabaseTransaction> {
    /// Read twice: the statement that waited for the rows does not see those that were added meanwhile.
    async fn lock_all(&self) -> Result<Vec<Category>, RepositoryError> {
        let by_id = category::Entity::find().order_by_asc(category::Column::Id);
        by_id.clone().lock(OWN).all(&self.0).await.map_err(from_db)?;
        let rows = by_id.all(&self.0).await.map_err(from_db)?;
        rows.into_iter().map(Category::try_from).collect()
    }

    async fn slug_owner(&self, slug: &Slug) -> Result<Option<CategoryId>, RepositoryError> {
        Ok(slugs::owner(&self.0, slugs::CATEGORY, slug).await?.map(CategoryId::new))
    }

    async fn insert(&self, category: &Category) -> Result<(), RepositoryError> {
        self.claim(category).await?;
        let row = row(category).into_active_model();
        category::Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn update(&self, category: &Category) -> Result<(), RepositoryError> {
        self.claim(category).await?;
        let row = row(category).into_active_model().reset_all();
        let this = category::Entity::update_many().set(row).filter(category::Column::Id.eq(category.id.uuid()));
        this.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn count_products(&self, id: CategoryId) -> Result<u64, RepositoryError> {
        let inside = product::Entity::find().filter(product::Column::CategoryId.eq(id.uuid()));
        inside.count(&self.0).await.map_err(from_db)
    }

    async fn merge(&self, from: CategoryId, into: CategoryId) -> Result<(), RepositoryError> {
        let products = product::Entity::update_many()
            .col_expr(product::Column::CategoryId, Expr::value(into.uuid()))
            .filter(product::Column::CategoryId.eq(from.uuid()));
        products.exec(&self.0).await.map_err(from_db)?;
        let below = category::Entity::update_many()
            .col_expr(category::Column::ParentId, Expr::value(into.uuid()))
            .filter(category::Column::ParentId.eq(from.uuid()));
        below.exec(&self.0).await.map_err(from_db)?;
        slugs::hand_over(&self.0, from.uuid(), into.uuid()).await?;
        category::Entity::delete_by_id(from.uuid()).exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn remove(&self, id: CategoryId) -> Result<(), RepositoryError> {
        slugs::free(&self.0, id.uuid()).await?;
        category::Entity::delete_by_id(id.uuid()).exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}

impl Sql<DatabaseTransaction> {
    async fn claim(&self, category: &Category) -> Result<(), RepositoryError> {
        let claimed = slugs::claim(&self.0, slugs::CATEGORY, &category.slug, category.id.uuid()).await?;
        if claimed { Ok(()) } else { Err(RepositoryError::Conflict(UniqueKey::CategorySlug)) }
    }
}

fn row(category: &Category) -> category::Model {
    category::Model {
        id: category.id.uuid(),
        slug: category.slug.as_str().to_owned(),
        name: category.name.clone(),
        parent_id: category.parent_id.map(CategoryId::uuid),
    }
}
