//! Which pictures products have.

use crate::sql::catalog::entity::{StoredThumbnails, product, product_image, thumbnails};
use crate::sql::error::from_db;
use crate::sql::stored::position;
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::catalog::ports::ProductRepository;
use application::media::ports::PictureRepository;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::catalog::{Gallery, Picture, PictureSize};
use domain::kernel::{ImageId, ProductId, UserId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

#[async_trait]
impl PictureRepository for Sql<DatabaseTransaction> {
    async fn lock_owned(&self, seller: UserId, product: ProductId) -> Result<Option<Gallery>, RepositoryError> {
        let own = product::Entity::find_by_id(product.uuid()).filter(product::Column::SellerId.eq(seller.uuid()));
        if own.lock(OWN).one(&self.0).await.map_err(from_db)?.is_none() {
            return Ok(None);
        }
        let rows = product_image::Entity::find()
            .filter(product_image::Column::ProductId.eq(product.uuid()))
            .order_by_asc(product_image::Column::Position)
            .all(&self.0)
            .await
            .map_err(from_db)?;
        let pictures: Vec<Picture> = rows.into_iter().map(Picture::try_from).collect::<Result<_, _>>()?;
        Ok(Some(Gallery::stored(pictures)))
    }

    async fn add(&self, product: ProductId, picture: &Picture, now: DateTime<Utc>) -> Result<(), RepositoryError> {
        self.insert_pictures(product, std::slice::from_ref(picture)).await?;
        self.touch(product, now).await
    }

    async fn put(&self, product: ProductId, gallery: &Gallery, now: DateTime<Utc>) -> Result<(), RepositoryError> {
        use product_image::Column::{Alt, Id, Position, ProductId};
        // Below zero first: no two may have one place, not even between two statements.
        let aside = product_image::Entity::update_many()
            .col_expr(Position, Expr::value(-1).sub(Expr::col(Position)))
            .filter(ProductId.eq(product.uuid()));
        aside.exec(&self.0).await.map_err(from_db)?;
        for (index, picture) in gallery.pictures().iter().enumerate() {
            let write = product_image::Entity::update_many()
                .col_expr(Position, Expr::value(position(index)))
                .col_expr(Alt, Expr::value(picture.alt.as_str()))
                .filter(Id.eq(picture.id.uuid()))
                .filter(ProductId.eq(product.uuid()));
            write.exec(&self.0).await.map_err(from_db)?;
        }
        let left = product_image::Entity::delete_many().filter(ProductId.eq(product.uuid())).filter(Position.lt(0));
        left.exec(&self.0).await.map_err(from_db)?;
        self.touch(product, now).await
    }

    async fn find(&self, id: ImageId) -> Result<Option<Picture>, RepositoryError> {
        let row = product_image::Entity::find_by_id(id.uuid()).one(&self.0).await.map_err(from_db)?;
        row.map(Picture::try_from).transpose()
    }

    async fn set_sizes(&self, id: ImageId, smaller: &[PictureSize]) -> Result<bool, RepositoryError> {
        let StoredThumbnails(sizes) = thumbnails(smaller);
        let sizes = serde_json::to_value(sizes).map_err(RepositoryError::unavailable)?;
        let write = product_image::Entity::update_many()
            .col_expr(product_image::Column::Thumbnails, Expr::value(sizes))
            .filter(product_image::Column::Id.eq(id.uuid()));
        Ok(write.exec(&self.0).await.map_err(from_db)?.rows_affected == 1)
    }
}

impl Sql<DatabaseTransaction> {
    /// A product whose pictures change has changed.
    async fn touch(&self, product: ProductId, now: DateTime<Utc>) -> Result<(), RepositoryError> {
        let update = product::Entity::update_many()
            .col_expr(product::Column::UpdatedAt, Expr::value(now))
            .filter(product::Column::Id.eq(product.uuid()));
        update.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}
