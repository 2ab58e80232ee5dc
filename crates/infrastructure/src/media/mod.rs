//! Pictures: where their files are, and how they are drawn.

mod jpeg;
mod painter;
mod store;

pub use painter::Painter;
pub use store::{BucketSettings, MediaStore, StoreError};
