//! The addresses that someone keeps, so as not to type them at every purchase. Orders have copies of their own.

use crate::kernel::{AddressId, UserId};
use chrono::{DateTime, Utc};

/// Everything in an address book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressBook {
    /// Whose.
    pub user_id: UserId,
    /// In the order in which they were added. Unless there are none, exactly one is the default.
    pub addresses: Vec<SavedAddress>,
}

/// An address in a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedAddress {
    /// Its id.
    pub id: AddressId,
    /// Where.
    pub address: PostalAddress,
    /// Whether it is the one that is offered first.
    pub is_default: bool,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostalAddress {
    /// Who receives what is sent there.
    pub name: String,
    /// Street and number.
    pub line1: String,
    /// Floor, company, or the like.
    pub line2: Option<String>,
    /// City.
    pub city: String,
    /// Postal code.
    pub postal_code: String,
    /// State, province or county.
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2, in upper case.
    pub country: String,
}

/// The book is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookFull;

impl AddressBook {
    /// How many addresses it takes.
    pub const MOST: usize = 50;

    /// Adds an address. The first one is the default, and so is one that is to be.
    ///
    /// # Errors
    /// [`BookFull`].
    pub fn add(
        &mut self,
        id: AddressId,
        address: PostalAddress,
        is_default: bool,
        now: DateTime<Utc>,
    ) -> Result<SavedAddress, BookFull> {
        if self.addresses.len() >= Self::MOST {
            return Err(BookFull);
        }
        let is_default = is_default || self.addresses.is_empty();
        let saved = SavedAddress { id, address, is_default, created_at: now, updated_at: now };
        self.addresses.push(saved.clone());
        if is_default {
            self.make_default(id);
        }
        Ok(saved)
    }

    /// Replaces an address; `None` when there is no such. The default stays it until another one becomes it.
    pub fn replace(
        &mut self,
        id: AddressId,
        address: PostalAddress,
        is_default: bool,
        now: DateTime<Utc>,
    ) -> Option<SavedAddress> {
        let saved = self.addresses.iter_mut().find(|saved| saved.id == id)?;
        saved.address = address;
        saved.updated_at = now;
        saved.is_default |= is_default;
        let saved = saved.clone();
        if saved.is_default {
            self.make_default(id);
        }
        Some(saved)
    }

    /// Takes an address out; `false` when there is no such. After the default, the one added last becomes it.
    pub fn remove(&mut self, id: AddressId) -> bool {
        let before = self.addresses.len();
        self.addresses.retain(|saved| saved.id != id);
        let without_default = !self.addresses.iter().any(|saved| saved.is_default);
        if let Some(last) = self.addresses.last_mut().filter(|_| without_default) {
            last.is_default = true;
        }
        self.addresses.len() < before
    }

    fn make_default(&mut self, id: AddressId) {
        for saved in &mut self.addresses {
            saved.is_default = saved.id == id;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn id(number: u128) -> AddressId {
        AddressId::new(Uuid::from_u128(number))
    }

    fn address(city: &str) -> PostalAddress {
        PostalAddress {
            name: "Ada".to_owned(),
            line1: "1 rue de la Paix".to_owned(),
            line2: None,
            city: city.to_owned(),
            postal_code: "75002".to_owned(),
            region: None,
            country: "FR".to_owned(),
        }
    }

    fn book(addresses: u128) -> AddressBook {
        let mut book = AddressBook { user_id: UserId::new(Uuid::nil()), addresses: Vec::new() };
        for number in 1..=addresses {
            book.add(id(number), address("Paris"), false, now()).unwrap();
        }
        book
    }

    fn defaults(book: &AddressBook) -> Vec<AddressId> {
        book.addresses.iter().filter(|saved| saved.is_default).map(|saved| saved.id).collect()
    }

    #[test]
    fn the_first_address_is_the_default() {
        assert_eq!(defaults(&book(3)), [id(1)]);
    }

    #[test]
    fn there_is_one_default() {
        let mut book = book(2);
        assert!(book.add(id(3), address("Lyon"), true, now()).unwrap().is_default);
        assert_eq!(defaults(&book), [id(3)]);
        assert!(book.replace(id(2), address("Nice"), true, now()).unwrap().is_default);
        assert_eq!(defaults(&book), [id(2)]);
        assert!(book.replace(id(2), address("Nice"), false, now()).unwrap().is_default, "until another becomes it");
        assert_eq!(defaults(&book), [id(2)]);
    }

    #[test]
    fn after_the_default_the_last_one_becomes_it() {
        let mut book = book(3);
        assert!(book.remove(id(2)));
        assert_eq!(defaults(&book), [id(1)]);
        assert!(book.remove(id(1)));
        assert_eq!(defaults(&book), [id(3)]);
        assert!(!book.remove(id(1)), "gone already");
        assert!(book.remove(id(3)));
        assert_eq!(book.addresses, []);
    }

    #[test]
    fn a_full_book_takes_no_more() {
        let mut book = book(50);
        assert_eq!(book.add(id(51), address("Lyon"), true, now()), Err(BookFull));
        assert_eq!((book.addresses.len(), defaults(&book)), (50, vec![id(1)]));
    }

    #[test]
    fn what_is_not_there_is_not_replaced() {
        assert_eq!(book(1).replace(id(2), address("Lyon"), true, now()), None);
    }
}
