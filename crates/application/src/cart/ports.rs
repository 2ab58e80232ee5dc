//! What the cart's use cases need from outside.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use domain::cart::Cart;
use domain::kernel::CartId;

/// Stores carts with their lines.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait CartRepository: Send + Sync {
    /// Adds one.
    async fn insert(&self, cart: &Cart) -> Result<(), RepositoryError>;
    /// Finds one, and keeps others from changing it.
    async fn lock(&self, id: CartId) -> Result<Option<Cart>, RepositoryError>;
    /// Writes what changed, lines included.
    async fn update(&self, cart: &Cart) -> Result<(), RepositoryError>;
}

/// Reads carts, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait CartQueries: Send + Sync {
    /// By id.
    async fn find(&self, id: CartId) -> Result<Option<Cart>, RepositoryError>;
}
