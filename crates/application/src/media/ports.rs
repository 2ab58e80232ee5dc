//! What pictures need from outside: rows, a place for files, and somebody who can read and draw them.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::catalog::{Gallery, Picture, PictureFormat, PictureSize};
use domain::kernel::{ImageId, ProductId, UserId};

/// Stores which pictures products have.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PictureRepository: Send + Sync {
    /// The pictures of a seller's own product, kept from others' changes; `None` when they have no such product.
    async fn lock_owned(&self, seller: UserId, product: ProductId) -> Result<Option<Gallery>, RepositoryError>;
    /// Adds a picture at the end of a product's that is locked, which was changed by that.
    async fn add(&self, product: ProductId, picture: &Picture, now: DateTime<Utc>) -> Result<(), RepositoryError>;
    /// Writes order and words of the pictures of a product that is locked; those that are not there any more go.
    async fn put(&self, product: ProductId, gallery: &Gallery, now: DateTime<Utc>) -> Result<(), RepositoryError>;
    /// A picture of any product.
    async fn find(&self, id: ImageId) -> Result<Option<Picture>, RepositoryError>;
    /// Notes the smaller sizes of a picture, in one statement; answers whether the picture is still there.
    async fn set_sizes(&self, id: ImageId, smaller: &[PictureSize]) -> Result<bool, RepositoryError>;
}

/// Keeps the files.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PictureStore: Send + Sync {
    /// Writes a file, whole or not at all.
    async fn write(&self, path: &str, bytes: Vec<u8>) -> Result<(), StoreUnavailable>;
    /// Reads a file; `None` when there is none.
    async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, StoreUnavailable>;
    /// Removes all files of a folder; there need not be any.
    async fn remove_folder(&self, folder: &str) -> Result<(), StoreUnavailable>;
}

/// The place of the files is away.
#[derive(Debug, thiserror::Error)]
#[error("the store of pictures did not answer")]
pub struct StoreUnavailable(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Reads pictures that strangers hand in, and draws them anew: nothing of the bytes that came in is in those that come out.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait DrawPictures: Send + Sync {
    /// The picture upright, in the shop's colours, not larger than [`Picture::LONGEST_SIDE`].
    async fn largest(&self, upload: Vec<u8>) -> Result<Drawn, PictureRefusal>;
    /// One of ours in these widths, as far as it is wider: in each as WebP and as JPEG; and as WebP in its own width.
    async fn smaller(&self, picture: Vec<u8>, widths: &[u32]) -> Result<Vec<Drawn>, PictureRefusal>;
}

/// A picture that was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    pub format: PictureFormat,
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

/// Why a picture can't be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureRefusal {
    /// Its first bytes are none of a JPEG, PNG or WebP.
    #[error("it is no JPEG, PNG or WebP")]
    UnknownType,
    /// More pixels than are unpacked.
    #[error("it has too many pixels")]
    TooManyPixels,
    /// Damaged, cut off, or of a kind that can't be read.
    #[error("it can't be read")]
    Unreadable,
    /// Too many others are being drawn.
    #[error("too many pictures are waiting")]
    Busy,
}
