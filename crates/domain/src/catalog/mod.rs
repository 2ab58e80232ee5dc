//! What is on sale: products with their variants, put into categories and described by materials.
//! Carts and orders hold snapshots of these; a product knows nothing of them.

mod category;
mod picture;
mod product;
mod tree;

pub use category::{Category, Material};
pub use picture::{Picture, PictureSize};
pub use product::{
    NewProduct, NewVariant, Options, Product, ProductChange, ProductFault, ProductStatus, Variant, VariantChange,
};
pub use tree::{CategoryTree, PlaceRefusal, name_key};
