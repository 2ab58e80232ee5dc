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

    /// Notes that the address is theirs.
    pub fn verify_email(&mut self, now: DateTime<Utc>) -> Applied {
        if self.is_verified() {
            return Applied::Already;
        }
        self.email_verified_at = Some(now);
        Applied::Now(())
    }
}
