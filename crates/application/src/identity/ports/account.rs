//! Where changes of address, address books, and what else belongs to an account alone are kept.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{AddressBook, EmailChange, SavedAddress};
use domain::kernel::UserId;

/// Stores the open changes of address, one for each user at the most.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait EmailChangeRepository: Send + Sync {
    /// Finds a user's, and keeps others from changing it.
    async fn lock(&self, user: UserId) -> Result<Option<EmailChange>, RepositoryError>;
    /// Adds it, or writes what changed.
    async fn save(&self, change: &EmailChange) -> Result<(), RepositoryError>;
    /// Forgets it.
    async fn delete(&self, user: UserId) -> Result<(), RepositoryError>;
}

/// Stores address books.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait AddressBookRepository: Send + Sync {
    /// A user's, as this transaction sees it. Lock the user first, so that nobody else is writing in it.
    async fn find(&self, user: UserId) -> Result<AddressBook, RepositoryError>;
    /// Writes it as it is now.
    async fn save(&self, book: &AddressBook) -> Result<(), RepositoryError>;
}

/// Reads address books, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait AddressQueries: Send + Sync {
    /// A user's addresses, the default first, then those added last.
    async fn addresses_of(&self, user: UserId) -> Result<Vec<SavedAddress>, RepositoryError>;
}

/// Removes what belongs to a person alone.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait AccountErasure: Send + Sync {
    /// Deletes all that a user alone has: sessions, proofs and factors, keys and identities, the address book, open
    /// carts; takes what they sell off sale; and blanks in the security log who and where they were.
    async fn erase(&self, user: UserId, now: DateTime<Utc>) -> Result<(), RepositoryError>;
}
