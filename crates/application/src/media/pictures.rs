//! Sellers and the pictures of their own products.
//!
//! A file is written before the row that names it, and removed after it. What a crash leaves between the two is swept by a job
//! that was planned before the file was written: [`GRACE`] later it looks whether a row names the picture, and removes the files
//! if none does. An upload that took longer than [`LONGEST`] is refused at its end, so that a row never comes after the sweeper.

use super::place;
use super::ports::{DrawPictures, PictureRefusal, PictureStore, StoreUnavailable};
use crate::catalog::ports::CatalogQueries;
use crate::identity::{Allowed, policy};
use crate::jobs::Job;
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::TimeDelta;
use domain::catalog::{Gallery, GalleryFull, NoSuchPicture, Picture, PictureChange};
use domain::kernel::{ImageId, ProductId};
use std::sync::Arc;

/// After this the files of a picture that no row names are removed.
pub const GRACE: TimeDelta = TimeDelta::hours(1);
/// Storing a picture takes no longer.
const LONGEST: TimeDelta = TimeDelta::minutes(30);

/// Lets sellers look after the pictures of their own products, and nobody else's.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait KeepPictures: Send + Sync {
    /// Adds a picture, as the last one.
    async fn add(
        &self,
        caller: &Allowed<policy::SellProducts>,
        product: ProductId,
        file: Vec<u8>,
        alt: String,
    ) -> Result<Picture, PictureError>;
    /// Changes words or place of one.
    async fn change(
        &self,
        caller: &Allowed<policy::SellProducts>,
        product: ProductId,
        id: ImageId,
        change: PictureChange,
    ) -> Result<Picture, PictureError>;
    /// Takes one away.
    async fn remove(
        &self,
        caller: &Allowed<policy::SellProducts>,
        product: ProductId,
        id: ImageId,
    ) -> Result<(), PictureError>;
}

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// They have no such product.
    #[error("there is no such product")]
    ProductNotFound,
    /// The product has no such picture.
    #[error("there is no such picture")]
    NotFound,
    /// It has as many as it may have.
    #[error("the product has as many pictures as it may have")]
    Full,
    /// The picture is not taken.
    #[error(transparent)]
    Refused(#[from] PictureRefusal),
    /// The file could not be stored.
    #[error(transparent)]
    Store(#[from] StoreUnavailable),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<GalleryFull> for PictureError {
    fn from(_: GalleryFull) -> Self {
        Self::Full
    }
}

impl From<NoSuchPicture> for PictureError {
    fn from(_: NoSuchPicture) -> Self {
        Self::NotFound
    }
}

/// The service behind [`KeepPictures`].
pub struct PictureDesk {
    /// Reads.
    pub catalog: Arc<dyn CatalogQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Keeps files.
    pub store: Arc<dyn PictureStore>,
    /// Reads and draws.
    pub painter: Arc<dyn DrawPictures>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl KeepPictures for PictureDesk {
    async fn add(
        &self,
        caller: &Allowed<policy::SellProducts>,
        product: ProductId,
        file: Vec<u8>,
        alt: String,
    ) -> Result<Picture, PictureError> {
        // Nothing is unpacked for somebody who may not have it.
        let view = self.catalog.find_owned(caller.user_id, product).await?.ok_or(PictureError::ProductNotFound)?;
        if view.images.len() >= Gallery::MOST {
            return Err(PictureError::Full);
        }
        let drawn = self.painter.largest(file).await?;
        let id = ImageId::new(self.ids.next());
        let picture = Picture { id, largest: place(id, &drawn), alt, smaller: Vec::new() };

        let begun = self.clock.now();
        let tx = self.transactor.begin().await?;
        tx.jobs().push(Job::SweepPicture { image_id: id.uuid() }, begun + GRACE).await?;
        tx.commit().await?;
        self.store.write(&picture.largest.path, drawn.bytes).await?;

        let now = self.clock.now();
        if now - begun > LONGEST {
            return Err(StoreUnavailable("the file took too long to be stored".into()).into());
        }
        let tx = self.transactor.begin().await?;
        let gallery = tx.pictures().lock_owned(caller.user_id, product).await?;
        let mut gallery = gallery.ok_or(PictureError::ProductNotFound)?;
        gallery.add(picture)?;
        let picture = gallery.pictures().last().cloned().ok_or(PictureError::NotFound)?;
        tx.pictures().add(product, &picture, now).await?;
        tx.jobs().push(Job::MakePictureSizes { image_id: id.uuid() }, now).await?;
        tx.commit().await?;
        Ok(picture)
    }

    async fn change(
        &self,
        caller: &Allowed<policy::SellProducts>,
        product: ProductId,
        id: ImageId,
        change: PictureChange,
    ) -> Result<Picture, PictureError> {
        let tx = self.transactor.begin().await?;
        let gallery = tx.pictures().lock_owned(caller.user_id, product).await?;
        let mut gallery = gallery.ok_or(PictureError::ProductNotFound)?;
        let changed = gallery.change(id, change)?;
        tx.pictures().put(product, &gallery, self.clock.now()).await?;
        tx.commit().await?;
        Ok(changed)
    }

    async fn remove(
        &self,
        caller: &Allowed<policy::SellProducts>,
        product: ProductId,
        id: ImageId,
    ) -> Result<(), PictureError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let gallery = tx.pictures().lock_owned(caller.user_id, product).await?;
        let mut gallery = gallery.ok_or(PictureError::ProductNotFound)?;
        gallery.remove(id)?;
        tx.pictures().put(product, &gallery, now).await?;
        tx.jobs().push(Job::SweepPicture { image_id: id.uuid() }, now).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests;
