//! A picture of a product, in several sizes. The files themselves are kept elsewhere, under these paths.

use crate::kernel::ImageId;

/// A picture in its largest size, and smaller ones for smaller screens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its id.
    pub id: ImageId,
    /// The largest size.
    pub largest: PictureSize,
    /// What it shows, in words.
    pub alt: String,
    /// The other sizes, narrowest first.
    pub smaller: Vec<PictureSize>,
}

/// One size of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureSize {
    /// Where the file is, relative to the store of pictures.
    pub path: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}
