//! What the catalogue's use cases need from outside.

use super::views::{
    CategoryView, ImageView, MaterialView, Offer, ProductFilter, ProductKey, ProductSort, ProductView, SellerView,
};
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::catalog::{Category, Material, Picture, Product, ProductStatus};
use domain::kernel::{CategoryId, MaterialId, Page, PageRequest, ProductId, Slug, UserId, VariantId};
use std::collections::HashMap;

/// Stores products with their variants.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ProductRepository: Send + Sync {
    /// Whose slug this is, or was.
    async fn slug_owner(&self, slug: &Slug) -> Result<Option<ProductId>, RepositoryError>;
    /// Adds one. `Conflict(ProductSlug)` when its slug is or was another's, `Conflict(VariantSku)` when a number is taken.
    async fn insert(&self, product: &Product) -> Result<(), RepositoryError>;
    /// Finds a seller's own, and keeps others from changing it and its variants.
    async fn lock_owned(&self, seller: UserId, id: ProductId) -> Result<Option<Product>, RepositoryError>;
    /// Writes what changed. Variants that it hasn't any more are kept for those who have them in a cart, to whom they are not
    /// on sale; their numbers are free. Refuses like `insert`.
    async fn update(&self, product: &Product) -> Result<(), RepositoryError>;
    /// Whether an order of any status has it.
    async fn was_ordered(&self, id: ProductId) -> Result<bool, RepositoryError>;
    /// Removes one that nobody ordered, with its variants and pictures; it is gone from carts, and its slugs are free.
    async fn remove(&self, id: ProductId) -> Result<(), RepositoryError>;
    /// Makes a product a gift card, or none any more; answers whether there is such a product.
    async fn set_gift_card(&self, id: ProductId, gift_card: bool, now: DateTime<Utc>) -> Result<bool, RepositoryError>;
    /// Adds pictures to a product, after those that it has.
    async fn insert_pictures(&self, product: ProductId, pictures: &[Picture]) -> Result<(), RepositoryError>;
}

/// Stores the tree of categories. Slugs that a category had stay its own.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait CategoryRepository: Send + Sync {
    /// All of them, as they are once nobody else arranges them; and keeps others from it.
    async fn lock_all(&self) -> Result<Vec<Category>, RepositoryError>;
    /// Whose slug this is, or was.
    async fn slug_owner(&self, slug: &Slug) -> Result<Option<CategoryId>, RepositoryError>;
    /// Adds one, below a parent that is there. `Conflict(CategorySlug)` when its slug is or was another's.
    async fn insert(&self, category: &Category) -> Result<(), RepositoryError>;
    /// Writes its name, slug and parent. `Conflict(CategorySlug)` likewise.
    async fn update(&self, category: &Category) -> Result<(), RepositoryError>;
    /// How many products of any status are in it, and not below it.
    async fn count_products(&self, id: CategoryId) -> Result<u64, RepositoryError>;
    /// Gives all that one has to the other (products, categories below it, slugs), and removes it.
    async fn merge(&self, from: CategoryId, into: CategoryId) -> Result<(), RepositoryError>;
    /// Removes one that nothing is in; its slugs are free again.
    async fn remove(&self, id: CategoryId) -> Result<(), RepositoryError>;
}

/// Stores materials. Slugs that a material had stay its own.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait MaterialRepository: Send + Sync {
    /// All of them, as they are once nobody else arranges them; and keeps others from it.
    async fn lock_all(&self) -> Result<Vec<Material>, RepositoryError>;
    /// Whose slug this is, or was.
    async fn slug_owner(&self, slug: &Slug) -> Result<Option<MaterialId>, RepositoryError>;
    /// Adds one. `Conflict(MaterialSlug)` when its slug is or was another's.
    async fn insert(&self, material: &Material) -> Result<(), RepositoryError>;
    /// Writes its name and slug. `Conflict(MaterialSlug)` likewise.
    async fn update(&self, material: &Material) -> Result<(), RepositoryError>;
    /// How many products of any status are made of it.
    async fn count_products(&self, id: MaterialId) -> Result<u64, RepositoryError>;
    /// Whatever is made of one is made of the other; its slugs go there, and it is removed.
    async fn merge(&self, from: MaterialId, into: MaterialId) -> Result<(), RepositoryError>;
    /// Removes one that nothing is made of; its slugs are free again.
    async fn remove(&self, id: MaterialId) -> Result<(), RepositoryError>;
}

/// Moves the stock of variants. Each change is one conditional statement, so that no two callers can take the same piece.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait StockRepository: Send + Sync {
    /// The variants as they are offered now, within this transaction. Unknown ones are left out.
    async fn offers(&self, variants: &[VariantId]) -> Result<Vec<Offer>, RepositoryError>;
    /// Takes so many if there are enough; answers whether it did. Call in the order of variant ids.
    async fn reserve(&self, variant: VariantId, quantity: u32) -> Result<bool, RepositoryError>;
    /// Gives so many back. Call in the order of variant ids.
    async fn give_back(&self, variant: VariantId, quantity: u32) -> Result<(), RepositoryError>;
}

/// Reads the catalogue, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait CatalogQueries: Send + Sync {
    /// Active products.
    async fn list(
        &self,
        filter: &ProductFilter,
        sort: ProductSort,
        page: &PageRequest,
    ) -> Result<Page<ProductView>, RepositoryError>;
    /// An active product; by a slug that it has, or had before.
    async fn find(&self, key: &ProductKey) -> Result<Option<ProductView>, RepositoryError>;
    /// A seller's own products, newest first; of one status, or all; whose title has the text, if any.
    async fn list_owned<'a>(
        &self,
        seller: UserId,
        status: Option<ProductStatus>,
        text: Option<&'a str>,
        page: &PageRequest,
    ) -> Result<Page<ProductView>, RepositoryError>;
    /// Anyone's products of any status, newest first; gift cards, others, or both; whose title has the text, if any.
    async fn list_everyones<'a>(
        &self,
        gift_card: Option<bool>,
        text: Option<&'a str>,
        page: &PageRequest,
    ) -> Result<Page<ProductView>, RepositoryError>;
    /// A seller's own product.
    async fn find_owned(&self, seller: UserId, id: ProductId) -> Result<Option<ProductView>, RepositoryError>;
    /// All categories, by name.
    async fn categories(&self) -> Result<Vec<CategoryView>, RepositoryError>;
    /// All materials, by name.
    async fn materials(&self) -> Result<Vec<MaterialView>, RepositoryError>;
    /// Someone who sells.
    async fn seller(&self, id: UserId) -> Result<Option<SellerView>, RepositoryError>;
    /// The variants as they are offered now. Unknown ones are left out.
    async fn offers(&self, variants: &[VariantId]) -> Result<Vec<Offer>, RepositoryError>;
    /// The first picture of each product that has one.
    async fn first_images(&self, products: &[ProductId]) -> Result<HashMap<ProductId, ImageView>, RepositoryError>;
}
