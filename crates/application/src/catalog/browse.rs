//! Looking around in the shop.

use super::ports::CatalogQueries;
use super::views::{CategoryView, MaterialView, ProductFilter, ProductKey, ProductSort, ProductView, SellerView};
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use domain::kernel::{Page, PageRequest, UserId};
use std::sync::Arc;

/// Shows the catalogue to anyone.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait BrowseCatalog: Send + Sync {
    /// Active products.
    async fn products(
        &self,
        filter: &ProductFilter,
        sort: ProductSort,
        page: &PageRequest,
    ) -> Result<Page<ProductView>, RepositoryError>;
    /// An active product; `None` when there is none, or it is not on sale. One that is asked for by a slug of before has another now.
    async fn product(&self, key: &ProductKey) -> Result<Option<ProductView>, RepositoryError>;
    /// All categories, by name.
    async fn categories(&self) -> Result<Vec<CategoryView>, RepositoryError>;
    /// All materials, by name.
    async fn materials(&self) -> Result<Vec<MaterialView>, RepositoryError>;
    /// A seller.
    async fn seller(&self, id: UserId) -> Result<Option<SellerView>, RepositoryError>;
}

/// The service behind [`BrowseCatalog`].
pub struct Catalog {
    /// Reads.
    pub catalog: Arc<dyn CatalogQueries>,
}

#[async_trait]
impl BrowseCatalog for Catalog {
    async fn products(
        &self,
        filter: &ProductFilter,
        sort: ProductSort,
        page: &PageRequest,
    ) -> Result<Page<ProductView>, RepositoryError> {
        self.catalog.list(filter, sort, page).await
    }

    async fn product(&self, key: &ProductKey) -> Result<Option<ProductView>, RepositoryError> {
        self.catalog.find(key).await
    }

    async fn categories(&self) -> Result<Vec<CategoryView>, RepositoryError> {
        self.catalog.categories().await
    }

    async fn materials(&self) -> Result<Vec<MaterialView>, RepositoryError> {
        self.catalog.materials().await
    }

    async fn seller(&self, id: UserId) -> Result<Option<SellerView>, RepositoryError> {
        self.catalog.seller(id).await
    }
}
