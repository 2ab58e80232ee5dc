//! The gateway's own books, as far as they are about payments of ours. What else its account has taken is not told of.

use async_trait::async_trait;
use domain::kernel::{Money, PaymentId};

/// Reads what a gateway has taken.
#[async_trait]
pub trait GatewayBooks: Send + Sync {
    /// The gateway's name.
    fn name(&self) -> &'static str;
    /// Whether a page is in these books. Those of other gateways are not, nor is a page for play money in books of real money.
    fn keep(&self, session_id: &str) -> bool;
    /// The money that was taken, a page at a time: the first one, or the one that follows. What was taken before the first page
    /// was asked for is on one of them.
    async fn read(&self, from: Option<String>) -> Result<BookPage, BooksUnreadable>;
}

/// A page of the books.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BookPage {
    /// What was taken.
    pub taken: Vec<Taken>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// Money that the gateway has taken for a payment of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The gateway's name for it.
    pub name: String,
    /// The payment that it says it is for.
    pub payment: PaymentId,
    /// How much.
    pub amount: Money,
    /// How much of it was given back, by refunds.
    pub refunded: Money,
}

/// The books can't be read, or not to their end.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct BooksUnreadable(#[from] pub Box<dyn std::error::Error + Send + Sync>);
