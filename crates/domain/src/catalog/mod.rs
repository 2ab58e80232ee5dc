//! What is on sale: products with their variants, put into categories and described by materials.
//! Carts and orders hold snapshots of these; a product knows nothing of them.

mod category;
mod picture;
mod product;
mod tree;

pub use category::{Category, Material};
pub use picture::{Gallery, GalleryFull, NoSuchPicture, Picture, PictureChange, PictureFormat, PictureSize};
pub use product::{
    ChangeRefusal, NewProduct, NewVariant, Options, Product, ProductChange, ProductFault, ProductStatus, StockChange,
    Variant, VariantChange, VariantEdit,
};
pub use tree::{CategoryTree, PlaceRefusal, name_key};
