//! A person with an account.

use crate::kernel::{Applied, EmailAddress, UserId};
use chrono::{DateTime, Utc};

/// What a person is here for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Buys.
    Customer,
    /// Buys, and sells their own products.
    Seller,
    /// Looks after the shop.
    Admin,
}

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Unique among all users.
    pub email: EmailAddress,
    /// The new address, while a change is open. It is the change that keeps it: this is read and never written.
    pub pending_email: Option<EmailAddress>,
    /// How they want to be called.
    pub name: Option<String>,
    /// What they may do.
    pub role: Role,
    /// The name of a seller's shop.
    pub shop_name: Option<String>,
    /// Their telephone number, as they wrote it.
    pub phone: Option<String>,
    /// Where a picture of them is.
    pub avatar_url: Option<String>,
    /// The hash of the password, in the PHC or modular crypt format; none for who signs in by other ways only.
    pub password_hash: Option<String>,
    /// When they proved that the address is theirs.
    pub email_verified_at: Option<DateTime<Utc>>,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// Since when an admin keeps them out.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When the account was deleted; what told of the person is gone, what orders and ledger need stays.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new account begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// The id it will have.
    pub id: UserId,
    /// Its address.
    pub email: EmailAddress,
    /// How they want to be called.
    pub name: Option<String>,
    /// What they want to do.
    pub role: Role,
    /// The name of a seller's shop.
    pub shop_name: Option<String>,
    /// The hash of the password, if there is one.
    pub password_hash: Option<String>,
}

/// What is to be different in a profile: what is `None` stays, and `Some(None)` takes away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// How they want to be called.
    pub name: Option<Option<String>>,
    /// Their telephone number.
    pub phone: Option<Option<String>>,
    /// Where a picture of them is.
    pub avatar_url: Option<Option<String>>,
    /// The name of a seller's shop.
    pub shop_name: Option<Option<String>>,
}

/// Why a profile stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileRefusal {
    /// A seller's shop has a name.
    ShopNameRequired,
    /// Only sellers have a shop.
    NotASeller,
}

/// What is known no more of someone whose account was deleted, for the last mail to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The address that they had.
    pub email: EmailAddress,
    /// Their name, if the address was proven: until then it may be words of strangers.
    pub name: Option<String>,
}

impl Role {
    /// As programs write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Seller => "seller",
            Self::Admin => "admin",
        }
    }

    /// The role of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Customer, Self::Seller, Self::Admin].into_iter().find(|role| role.name() == name)
    }
}

impl User {
    /// A new account, whose address is not proven yet.
    #[must_use]
    pub fn register(new: NewUser, now: DateTime<Utc>) -> Self {
        Self {
            id: new.id,
            email: new.email,
            pending_email: None,
            name: new.name,
            role: new.role,
            shop_name: new.shop_name,
            phone: None,
            avatar_url: None,
            password_hash: new.password_hash,
            email_verified_at: None,
            created_at: now,
            disabled_at: None,
            deleted_at: None,
        }
    }

    /// Whether they may sign in at all: neither disabled nor deleted.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.disabled_at.is_none() && self.deleted_at.is_none()
    }

    /// Whether the address is proven.
    #[must_use]
    pub const fn is_verified(&self) -> bool {
        self.email_verified_at.is_some()
    }

    /// Changes what the profile says.
    ///
    /// # Errors
    /// [`ProfileRefusal`]; then nothing is changed.
    pub fn edit(&mut self, change: ProfileChange) -> Result<(), ProfileRefusal> {
        match (&change.shop_name, self.role) {
            (Some(None), Role::Seller) => return Err(ProfileRefusal::ShopNameRequired),
            (Some(Some(_)), Role::Customer | Role::Admin) => return Err(ProfileRefusal::NotASeller),
            (None, _) | (Some(Some(_)), Role::Seller) | (Some(None), Role::Customer | Role::Admin) => {}
        }
        let fields = [
            (&mut self.name, change.name),
            (&mut self.phone, change.phone),
            (&mut self.avatar_url, change.avatar_url),
            (&mut self.shop_name, change.shop_name),
        ];
        for (field, new) in fields {
            if let Some(new) = new {
                *field = new;
            }
        }
        Ok(())
    }

    /// Takes the new address, which was proven just now. Answers the old one, if that was proven too.
    pub fn change_email(&mut self, new: EmailAddress, now: DateTime<Utc>) -> Option<EmailAddress> {
        let proven = self.email_verified_at.replace(now).is_some();
        self.pending_email = None;
        let old = std::mem::replace(&mut self.email, new);
        proven.then_some(old)
    }

    /// Forgets the person. `nobody` is an address at which nobody is, so that the one that they had is free again.
    pub fn erase(&mut self, nobody: EmailAddress, now: DateTime<Utc>) -> Erased {
        let name = self.name.take().filter(|_| self.is_verified());
        let email = std::mem::replace(&mut self.email, nobody);
        self.pending_email = None;
        self.shop_name = None;
        self.phone = None;
        self.avatar_url = None;
        self.password_hash = None;
        self.email_verified_at = None;
        self.deleted_at = Some(now);
        Erased { email, name }
    }

    /// Notes that the address is theirs.
    pub fn verify_email(&mut self, now: DateTime<Utc>) -> Applied {
        if self.is_verified() {
            return Applied::Already;
        }
        self.email_verified_at = Some(now);
        Applied::Now(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    fn user(role: Role) -> User {
        let new = NewUser {
            id: UserId::new(Uuid::nil()),
            email: address("ada@example.com"),
            name: Some("Ada".to_owned()),
            role,
            shop_name: (role == Role::Seller).then(|| "Ada's".to_owned()),
            password_hash: Some("hash".to_owned()),
        };
        User::register(new, now())
    }

    #[test]
    fn what_is_left_out_of_a_change_stays_and_null_takes_away() {
        let mut ada = user(Role::Customer);
        let phone = ProfileChange { phone: Some(Some("+33 1".to_owned())), ..ProfileChange::default() };
        assert_eq!(ada.edit(phone), Ok(()));
        assert_eq!(ada.edit(ProfileChange { name: Some(None), ..ProfileChange::default() }), Ok(()));
        assert_eq!((ada.name, ada.phone.as_deref()), (None, Some("+33 1")));
    }

    #[test]
    fn a_shop_is_the_sellers_and_has_a_name() {
        let shop = |name: Option<&str>| ProfileChange {
            name: Some(None),
            shop_name: Some(name.map(str::to_owned)),
            ..ProfileChange::default()
        };
        let mut seller = user(Role::Seller);
        assert_eq!(seller.edit(shop(None)), Err(ProfileRefusal::ShopNameRequired));
        assert_eq!(seller.name.as_deref(), Some("Ada"), "nothing is changed");
        assert_eq!(seller.edit(shop(Some("Atelier"))), Ok(()));
        assert_eq!(seller.shop_name.as_deref(), Some("Atelier"));
        assert_eq!(user(Role::Customer).edit(shop(Some("Atelier"))), Err(ProfileRefusal::NotASeller));
        assert_eq!(user(Role::Customer).edit(shop(None)), Ok(()));
    }

    #[test]
    fn a_new_address_is_proven_and_the_old_one_is_told_if_it_was() {
        let mut ada = user(Role::Customer);
        assert_eq!(ada.change_email(address("ada@example.org"), now()), None);
        assert_eq!(ada.change_email(address("ada@example.net"), now()), Some(address("ada@example.org")));
        assert_eq!((ada.email.as_str(), ada.email_verified_at), ("ada@example.net", Some(now())));
    }

    #[test]
    fn nothing_of_the_person_is_left_of_an_erased_account() {
        let mut ada = user(Role::Seller);
        ada.verify_email(now());
        let erased = ada.erase(address("deleted@deleted.invalid"), now());
        assert_eq!(erased, Erased { email: address("ada@example.com"), name: Some("Ada".to_owned()) });
        let nobody = User {
            email: address("deleted@deleted.invalid"),
            name: None,
            shop_name: None,
            password_hash: None,
            deleted_at: Some(now()),
            ..user(Role::Seller)
        };
        assert_eq!(ada, nobody);
        assert!(!ada.is_active());
        assert_eq!(user(Role::Customer).erase(address("d@deleted.invalid"), now()).name, None, "not proven");
    }
}
