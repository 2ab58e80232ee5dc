//! The addresses that people keep in their account.

use super::policy::{Allowed, EditProfile, ViewProfile};
use super::ports::AddressQueries;
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use domain::identity::{AddressBook, BookFull, PostalAddress, SavedAddress, User};
use domain::kernel::{AddressId, UserId};
use std::sync::Arc;

/// Keeps people's addresses.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait KeepAddresses: Send + Sync {
    /// The caller's own, the default first.
    async fn list(&self, caller: &Allowed<ViewProfile>) -> Result<Vec<SavedAddress>, RepositoryError>;
    /// One of the caller's own.
    async fn find(&self, caller: &Allowed<ViewProfile>, id: AddressId) -> Result<SavedAddress, AddressError>;
    /// Adds one.
    async fn add(&self, caller: &Allowed<EditProfile>, entry: AddressEntry) -> Result<SavedAddress, AddressError>;
    /// Replaces one of the caller's own.
    async fn replace(
        &self,
        caller: &Allowed<EditProfile>,
        id: AddressId,
        entry: AddressEntry,
    ) -> Result<SavedAddress, AddressError>;
    /// Removes one of the caller's own.
    async fn remove(&self, caller: &Allowed<EditProfile>, id: AddressId) -> Result<(), AddressError>;
}

/// An address as it is to stand in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressEntry {
    /// Where.
    pub address: PostalAddress,
    /// Whether it becomes the default.
    pub is_default: bool,
}

/// Why the book stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// There is no such address, or it is another's.
    #[error("there is no such address")]
    NotFound,
    /// The book is full.
    #[error("the address book is full")]
    Full,
    /// The account has been deleted since the token was read.
    #[error("the account is gone")]
    Gone,
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<BookFull> for AddressError {
    fn from(_: BookFull) -> Self {
        Self::Full
    }
}

/// The service behind [`KeepAddresses`].
pub struct AddressDesk {
    /// Reads.
    pub addresses: Arc<dyn AddressQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl KeepAddresses for AddressDesk {
    async fn list(&self, caller: &Allowed<ViewProfile>) -> Result<Vec<SavedAddress>, RepositoryError> {
        self.addresses.addresses_of(caller.user_id).await
    }

    async fn find(&self, caller: &Allowed<ViewProfile>, id: AddressId) -> Result<SavedAddress, AddressError> {
        let own = self.addresses.addresses_of(caller.user_id).await?;
        own.into_iter().find(|saved| saved.id == id).ok_or(AddressError::NotFound)
    }

    async fn add(&self, caller: &Allowed<EditProfile>, entry: AddressEntry) -> Result<SavedAddress, AddressError> {
        let tx = self.transactor.begin().await?;
        let mut book = open(tx.as_ref(), caller.user_id).await?;
        let id = AddressId::new(self.ids.next());
        let saved = book.add(id, entry.address, entry.is_default, self.clock.now())?;
        tx.address_books().save(&book).await?;
        tx.commit().await?;
        Ok(saved)
    }

    async fn replace(
        &self,
        caller: &Allowed<EditProfile>,
        id: AddressId,
        entry: AddressEntry,
    ) -> Result<SavedAddress, AddressError> {
        let tx = self.transactor.begin().await?;
        let mut book = open(tx.as_ref(), caller.user_id).await?;
        let replaced = book.replace(id, entry.address, entry.is_default, self.clock.now());
        let saved = replaced.ok_or(AddressError::NotFound)?;
        tx.address_books().save(&book).await?;
        tx.commit().await?;
        Ok(saved)
    }

    async fn remove(&self, caller: &Allowed<EditProfile>, id: AddressId) -> Result<(), AddressError> {
        let tx = self.transactor.begin().await?;
        let mut book = open(tx.as_ref(), caller.user_id).await?;
        if !book.remove(id) {
            return Err(AddressError::NotFound);
        }
        tx.address_books().save(&book).await?;
        Ok(tx.commit().await?)
    }
}

/// The owner's book, which nobody else can write in until the end of the transaction.
async fn open(tx: &dyn UnitOfWork, owner: UserId) -> Result<AddressBook, AddressError> {
    tx.users().lock(owner).await?.filter(User::is_active).ok_or(AddressError::Gone)?;
    Ok(tx.address_books().find(owner).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::MockAddressQueries;
    use crate::tests::{StandingSystem, caller, now, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;

    fn entry(is_default: bool) -> AddressEntry {
        let address = PostalAddress {
            name: "Ada".to_owned(),
            line1: "1 Street".to_owned(),
            line2: None,
            city: "Paris".to_owned(),
            postal_code: "75001".to_owned(),
            region: None,
            country: "FR".to_owned(),
        };
        AddressEntry { address, is_default }
    }

    fn id(number: u64) -> AddressId {
        AddressId::new(uuid(number))
    }

    /// Ada's book with so many addresses.
    fn book(addresses: u64) -> AddressBook {
        let mut book = AddressBook { user_id: user(Role::Customer).id, addresses: Vec::new() };
        for number in 1..=addresses {
            book.add(id(number), entry(false).address, false, now()).unwrap();
        }
        book
    }

    fn with_book(addresses: u64) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().times(1).returning(|_| Ok(Some(user(Role::Customer))));
        tx.address_books.expect_find().returning(move |_| Ok(book(addresses)));
        tx
    }

    fn desk(transactor: &Arc<TransactorDouble>) -> AddressDesk {
        let mut addresses = MockAddressQueries::new();
        addresses.expect_addresses_of().returning(|_| Ok(book(2).addresses));
        AddressDesk {
            addresses: Arc::new(addresses),
            transactor: transactor.clone(),
            ids: StandingSystem::new(),
            clock: StandingSystem::new(),
        }
    }

    fn ada<P: crate::identity::policy::Permission>() -> Allowed<P> {
        Allowed::check(&caller(Role::Customer), now()).unwrap()
    }

    #[tokio::test]
    async fn the_whole_book_is_written_so_that_one_address_is_the_default() {
        let mut tx = with_book(2);
        let one = |book: &AddressBook| {
            let defaults: Vec<_> =
                book.addresses.iter().filter(|saved| saved.is_default).map(|saved| saved.id).collect();
            defaults == [id(1_000)]
        };
        tx.address_books.expect_save().withf(one).times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let saved = desk(&transactor).add(&ada(), entry(true)).await.unwrap();
        assert_eq!((saved.id, saved.is_default, transactor.commits()), (id(1_000), true, 1));
    }

    #[tokio::test]
    async fn a_full_book_and_an_unknown_address_are_refused() {
        let transactor = TransactorDouble::new([with_book(2), with_book(2), with_book(50)]);
        let desk = desk(&transactor);
        assert!(matches!(desk.remove(&ada(), id(9)).await, Err(AddressError::NotFound)));
        assert!(matches!(desk.replace(&ada(), id(9), entry(true)).await, Err(AddressError::NotFound)));
        assert!(matches!(desk.add(&ada(), entry(true)).await, Err(AddressError::Full)));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn an_address_is_found_among_ones_own() {
        let desk = desk(&TransactorDouble::new([]));
        assert_eq!(desk.find(&ada(), id(2)).await.unwrap().id, id(2));
        assert!(matches!(desk.find(&ada(), id(3)).await, Err(AddressError::NotFound)));
    }
}
