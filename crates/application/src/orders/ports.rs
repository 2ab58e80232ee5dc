//! What the order use cases need from outside.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use domain::kernel::{OrderId, Page, PageRequest, UserId};
use domain::orders::{Order, OrderState};

/// Stores orders with their lines and timeline.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait OrderRepository: Send + Sync {
    /// Adds one. `Conflict(OrderCart)` when its cart became an order before.
    async fn insert(&self, order: &Order) -> Result<(), RepositoryError>;
    /// Finds one, and keeps others from changing it.
    async fn lock(&self, id: OrderId) -> Result<Option<Order>, RepositoryError>;
    /// Writes a new status and what was added to the timeline; the rest of an order never changes.
    async fn update(&self, order: &Order) -> Result<(), RepositoryError>;
}

/// Reads orders, outside any transaction. Lists are newest first.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait OrderQueries: Send + Sync {
    /// By id.
    async fn find(&self, id: OrderId) -> Result<Option<Order>, RepositoryError>;
    /// A customer's own.
    async fn list_owned(
        &self,
        user: UserId,
        state: Option<OrderState>,
        page: &PageRequest,
    ) -> Result<Page<Order>, RepositoryError>;
    /// Those that have a line of this seller.
    async fn list_sold(
        &self,
        seller: UserId,
        state: Option<OrderState>,
        page: &PageRequest,
    ) -> Result<Page<Order>, RepositoryError>;
    /// Everybody's.
    async fn list_all(&self, filter: &OrderFilter, page: &PageRequest) -> Result<Page<Order>, RepositoryError>;
    /// One that has a line of this seller.
    async fn find_sold(&self, seller: UserId, id: OrderId) -> Result<Option<Order>, RepositoryError>;
}

/// Which of everybody's orders are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// The order's id, or how its number or the customer's address begins.
    pub text: Option<String>,
    /// Only those that stand so.
    pub state: Option<OrderState>,
}

/// Makes and checks the token by which a guest sees their order. It is computed from the order's id with a secret key, so
/// nothing is stored, and a mail can carry it again.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait OrderAccess: Send + Sync {
    /// The token of an order; a secret.
    fn token(&self, order: OrderId) -> String;
    /// Whether this is the order's token, compared in constant time.
    fn opens(&self, order: OrderId, token: &str) -> bool;
}
