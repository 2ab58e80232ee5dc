//! Changing products with their variants and materials.

use super::entity::{product, product_image, product_material, variant};
use super::rows::{image_row, product_from, product_row, variant_rows};
use super::slugs;
use crate::sql::cart::entity::cart_line;
use crate::sql::error::from_db;
use crate::sql::orders::entity::order_line;
use crate::sql::stored::position;
use crate::sql::{OWN, Sql};
use application::catalog::ports::ProductRepository;
use application::{RepositoryError, UniqueKey};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::catalog::{Picture, Product};
use domain::kernel::{ProductId, Slug, UserId};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

#[async_trait]
impl ProductRepository for Sql<DatabaseTransaction> {
    async fn slug_owner(&self, slug: &Slug) -> Result<Option<ProductId>, RepositoryError> {
        Ok(slugs::owner(&self.0, slugs::PRODUCT, slug).await?.map(ProductId::new))
    }

    async fn insert(&self, product: &Product) -> Result<(), RepositoryError> {
        self.claim_slug(product).await?;
        let row = product_row(product).into_active_model();
        product::Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        let rows = variant_rows(product).into_iter().map(IntoActiveModel::into_active_model);
        variant::Entity::insert_many(rows).exec_without_returning(&self.0).await.map_err(from_db)?;
        self.insert_materials(product).await
    }

    async fn lock_owned(&self, seller: UserId, id: ProductId) -> Result<Option<Product>, RepositoryError> {
        let own = product::Entity::find_by_id(id.uuid()).filter(product::Column::SellerId.eq(seller.uuid()));
        let Some(row) = own.lock(OWN).one(&self.0).await.map_err(from_db)? else {
            return Ok(None);
        };
        let variants = variant::Entity::find()
            .filter(variant::Column::ProductId.eq(row.id))
            .filter(variant::Column::RemovedAt.is_null())
            .order_by_asc(variant::Column::Id) // the order in which everyone locks stock
            .lock(OWN)
            .all(&self.0)
            .await
            .map_err(from_db)?;
        let materials = product_material::Entity::find()
            .filter(product_material::Column::ProductId.eq(row.id))
            .order_by_asc(product_material::Column::Position)
            .all(&self.0)
            .await
            .map_err(from_db)?;
        product_from(row, variants, materials).map(Some)
    }

    async fn update(&self, product: &Product) -> Result<(), RepositoryError> {
        self.claim_slug(product).await?;
        let row = product_row(product).into_active_model().reset_all();
        let this = product::Entity::update_many().set(row).filter(product::Column::Id.eq(product.id.uuid()));
        this.exec(&self.0).await.map_err(from_db)?;

        // First, so that their numbers are free.
        let kept = product.variants.iter().map(|variant| variant.id.uuid());
        let removed = variant::Entity::update_many()
            .col_expr(variant::Column::RemovedAt, Expr::value(product.updated_at))
            .filter(variant::Column::ProductId.eq(product.id.uuid()))
            .filter(variant::Column::Id.is_not_in(kept))
            .filter(variant::Column::RemovedAt.is_null());
        removed.exec(&self.0).await.map_err(from_db)?;

        use variant::Column::{Id, Options, Position, PriceAmount, Sku, Stock};
        let rows = variant_rows(product).into_iter().map(IntoActiveModel::into_active_model);
        let or_write = OnConflict::column(Id).update_columns([Position, Sku, Options, PriceAmount, Stock]).to_owned();
        let write = variant::Entity::insert_many(rows).on_conflict(or_write);
        write.exec_without_returning(&self.0).await.map_err(from_db)?;

        let old = product_material::Column::ProductId.eq(product.id.uuid());
        product_material::Entity::delete_many().filter(old).exec(&self.0).await.map_err(from_db)?;
        self.insert_materials(product).await
    }

    async fn was_ordered(&self, id: ProductId) -> Result<bool, RepositoryError> {
        let line = order_line::Entity::find().filter(order_line::Column::ProductId.eq(id.uuid()));
        Ok(line.one(&self.0).await.map_err(from_db)?.is_some())
    }

    async fn remove(&self, id: ProductId) -> Result<(), RepositoryError> {
        let variants = Query::select()
            .column(variant::Column::Id)
            .from(variant::Entity)
            .and_where(variant::Column::ProductId.eq(id.uuid()))
            .take();
        let in_carts = cart_line::Entity::delete_many().filter(cart_line::Column::VariantId.in_subquery(variants));
        in_carts.exec(&self.0).await.map_err(from_db)?;
        slugs::free(&self.0, id.uuid()).await?;
        product::Entity::delete_by_id(id.uuid()).exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn set_gift_card(&self, id: ProductId, gift_card: bool, now: DateTime<Utc>) -> Result<bool, RepositoryError> {
        let update = product::Entity::update_many()
            .col_expr(product::Column::GiftCard, Expr::value(gift_card))
            .col_expr(product::Column::UpdatedAt, Expr::value(now))
            .filter(product::Column::Id.eq(id.uuid()));
        Ok(update.exec(&self.0).await.map_err(from_db)?.rows_affected == 1)
    }

    async fn insert_pictures(&self, product: ProductId, pictures: &[Picture]) -> Result<(), RepositoryError> {
        let there = product_image::Entity::find().filter(product_image::Column::ProductId.eq(product.uuid()));
        let last = there.order_by_desc(product_image::Column::Position).one(&self.0).await.map_err(from_db)?;
        let first = last.map_or(0, |image| image.position.saturating_add(1));
        let rows: Vec<_> = (first..).zip(pictures).map(|(at, picture)| image_row(product, at, picture)).collect();
        if !rows.is_empty() {
            let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
            product_image::Entity::insert_many(rows).exec_without_returning(&self.0).await.map_err(from_db)?;
        }
        Ok(())
    }
}

impl Sql<DatabaseTransaction> {
    async fn claim_slug(&self, product: &Product) -> Result<(), RepositoryError> {
        let claimed = slugs::claim(&self.0, slugs::PRODUCT, &product.slug, product.id.uuid()).await?;
        if claimed { Ok(()) } else { Err(RepositoryError::Conflict(UniqueKey::ProductSlug)) }
    }

    /// A material that is named twice counts once.
    async fn insert_materials(&self, product: &Product) -> Result<(), RepositoryError> {
        use product_material::Column::{MaterialId, ProductId};
        let row = |(index, material): (usize, &domain::kernel::MaterialId)| product_material::ActiveModel {
            product_id: Set(product.id.uuid()),
            material_id: Set(material.uuid()),
            position: Set(position(index)),
        };
        let rows: Vec<_> = product.material_ids.iter().enumerate().map(row).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let twice = OnConflict::columns([ProductId, MaterialId]).do_nothing().to_owned();
        let insert = product_material::Entity::insert_many(rows).on_conflict(twice);
        insert.exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}
