//! The demo shop: a jeweller's catalogue by six sellers, customers, and a year of orders. Everything is drawn from the
//! same numbers each time, so that a second run finds what the first one made.

mod catalogue;
mod draw;
mod history;

use application::RepositoryError;
use application::identity::ports::{HashingFailed, IdentityQueries, PasswordHasher};
use application::unit_of_work::Transactor;
use catalogue::Catalogue;
use chrono::{DateTime, Utc};
use domain::identity::{NewUser, Password, Role, User};
use domain::kernel::{EmailAddress, UserId};
use domain::ledger::FeeRate;
use draw::id;
use infrastructure::media::{MediaStore, StoreError};
use std::fmt;
use std::sync::Arc;

/// The password of every demo account. They exist in demo shops only.
pub const PASSWORD: &str = "Carat-demo-1";
/// The demo admin.
pub const ADMIN: &str = "admin@example.com";
/// The demo customer who has orders.
pub const CUSTOMER: &str = "customer@example.com";
/// One of the demo sellers.
pub const SELLER: &str = "maison-aurelie@example.com";
/// How many orders the demo has unless told.
const ORDERS: usize = 900;

/// What seeding needs.
pub struct Seeder {
    pub transactor: Arc<dyn Transactor>,
    pub people: Arc<dyn IdentityQueries>,
    pub hasher: Arc<dyn PasswordHasher>,
    pub media: MediaStore,
    pub fee: FeeRate,
    pub now: DateTime<Utc>,
}

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeedReport {
    /// So much; and whether somebody had the demo admin's address before.
    Made { products: usize, orders: usize, has_admin: bool },
    /// The demo is there already.
    AlreadyThere,
}

impl fmt::Display for SeedReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Made { products, orders, has_admin } => {
                write!(f, "Made {products} products and {orders} orders.")?;
                if *has_admin { write!(f, " {ADMIN} was there before, with a password of its own.") } else { Ok(()) }
            }
            Self::AlreadyThere => f.write_str("The demo shop is there already; nothing was changed."),
        }
    }
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The demo's own data is wrong.
    #[error("the demo's data is wrong: {0}")]
    Data(String),
    /// A picture could not be written.
    #[error("a picture could not be written: {0}")]
    Media(#[from] StoreError),
    /// The password could not be hashed.
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    /// The database failed.
    #[error("the database failed: {0}")]
    Repository(#[from] RepositoryError),
}

impl Seeder {
    /// Fills the shop, all or nothing, unless the demo is there.
    ///
    /// # Errors
    /// [`SeedError`].
    pub async fn seed(&self, products: Option<usize>, orders: Option<usize>) -> Result<SeedReport, SeedError> {
        if self.is_there().await? {
            return Ok(SeedReport::AlreadyThere);
        }
        let has_admin = self.people.find_user_by_email(&address(ADMIN)?).await?.is_some();
        let catalogue = Catalogue::read()?;
        catalogue.write_pictures(&self.media).await?;
        let password = Password::parse(PASSWORD).map_err(|faults| SeedError::Data(format!("{faults:?}")))?;
        let hash = self.hasher.hash(&password).await?;

        let tx = self.transactor.begin().await?;
        for user in self.people(&catalogue, &hash)? {
            // Who has the demo admin's address was there before, and keeps their password.
            if !(has_admin && user.role == Role::Admin) {
                tx.users().insert(&user).await?;
            }
        }
        let made = catalogue.write(tx.as_ref(), products, self.now).await?;
        let orders = history::write(tx.as_ref(), &made, orders.unwrap_or(ORDERS), self.fee, self.now).await?;
        tx.commit().await?;
        Ok(SeedReport::Made { products: made.len(), orders, has_admin })
    }

    /// Whether the demo is there, by the ids of its accounts: an admin of the shop's own may have the demo admin's address.
    async fn is_there(&self) -> Result<bool, SeedError> {
        for email in [SELLER, CUSTOMER, ADMIN] {
            if self.people.find_user(user_id(email)).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn people(&self, catalogue: &Catalogue, hash: &str) -> Result<Vec<User>, SeedError> {
        let person = |email: &str, name: &str, role, shop: Option<&str>| {
            let new = NewUser {
                id: user_id(email),
                email: address(email)?,
                name: Some(name.to_owned()),
                role,
                shop_name: shop.map(str::to_owned),
                password_hash: Some(hash.to_owned()),
            };
            let mut user = User::register(new, history::opening(self.now));
            user.verify_email(user.created_at);
            Ok(user)
        };
        let staff = [
            person(ADMIN, "Alex Admin", Role::Admin, None),
            person(CUSTOMER, "Camille Customer", Role::Customer, None),
        ];
        let sellers = catalogue.sellers().map(|(email, name, shop)| person(email, name, Role::Seller, Some(shop)));
        staff.into_iter().chain(sellers).collect()
    }
}

fn address(email: &str) -> Result<EmailAddress, SeedError> {
    EmailAddress::parse(email).map_err(|error| SeedError::Data(error.to_string()))
}

/// The id of a demo account.
pub(crate) fn user_id(email: &str) -> UserId {
    UserId::new(id("user", email))
}
