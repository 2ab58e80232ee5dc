//! A shop whose database is there: what can be done with it before and beside serving.

use crate::config::Settings;
use crate::seed::{SeedError, SeedReport, Seeder};
use application::RepositoryError;
use application::identity::ports::{HashingFailed, IdentityQueries};
use application::identity::register::{RegisterError, RegisterUsers, Registrar, Registration, UserRegistration};
use application::system::Clock;
use application::unit_of_work::Transactor;
use domain::identity::{Password, Role};
use domain::kernel::EmailAddress;
use infrastructure::crypto::Passwords;
use infrastructure::media::{MediaStore, StoreError};
use infrastructure::sql::{Database, DatabaseSettings};
use infrastructure::system::{SystemClock, UuidGenerator};
use std::sync::Arc;

type Failure = Box<dyn std::error::Error>;

/// A shop whose database is there and up to date.
pub struct Shop {
    pub(crate) settings: Settings,
    pub(crate) database: Database,
    pub(crate) hasher: Arc<Passwords>,
    pub(crate) transactor: Arc<dyn Transactor>,
    pub(crate) clock: Arc<SystemClock>,
    pub(crate) media: MediaStore,
}

/// Reaches the database.
///
/// # Errors
/// When it is not there.
pub async fn connect(settings: &Settings) -> Result<Database, RepositoryError> {
    let pool = DatabaseSettings { max_connections: settings.database.max_connections };
    Database::connect(&settings.database.url, pool).await
}

/// Where the pictures are.
fn pictures(settings: &Settings) -> Result<MediaStore, StoreError> {
    match settings.media.bucket() {
        Some(bucket) => MediaStore::in_bucket(&bucket),
        None => MediaStore::in_folder(&settings.data.folder.join("media")),
    }
}

impl Shop {
    /// Reaches the database and brings it up to date.
    ///
    /// # Errors
    /// When the database is away or refuses.
    pub async fn open(settings: &Settings) -> Result<Self, Failure> {
        let database = connect(settings).await.map_err(|error| {
            let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            format!("DATABASE_URL (database.url): {error}: {source}")
        })?;
        migration::migrate(&settings.database.url).await?;
        let media = pictures(settings).map_err(|error| format!("S3_BUCKET (media.s3_bucket), data.folder: {error}"))?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            settings: settings.clone(),
            hasher: Arc::new(Passwords::new(settings.security.password_hashing(), cores)),
            transactor: Arc::new(database.transactor()),
            clock: Arc::new(SystemClock),
            media,
            database,
        })
    }

    /// The service that makes accounts.
    pub fn registration(&self) -> UserRegistration {
        UserRegistration {
            transactor: self.transactor.clone(),
            hasher: self.hasher.clone(),
            clock: self.clock.clone(),
            ids: Arc::new(UuidGenerator),
        }
    }

    /// Fills the shop with the demo.
    ///
    /// # Errors
    /// When a picture or a row can't be written.
    pub async fn seed(&self, products: Option<usize>, orders: Option<usize>) -> Result<SeedReport, SeedError> {
        let seeder = Seeder {
            transactor: self.transactor.clone(),
            people: Arc::new(self.database.queries()),
            hasher: self.hasher.clone(),
            media: self.media.clone(),
            fee: self.settings.platform_fee(),
            now: self.clock.now(),
        };
        seeder.seed(products, orders).await
    }

    /// What is done once before serving: the configured admin, the demo, and the hash that hides unknown addresses.
    ///
    /// # Errors
    /// When the database or a hash fails.
    pub async fn prepare(&self) -> Result<(), Failure> {
        self.first_admin().await?;
        if self.settings.shop.demo {
            let report = self.seed(None, None).await?; // not inside the macro: a filter would leave it out
            tracing::info!("{report}");
        }
        Ok(())
    }

    /// Computes what the first login would have to wait for.
    ///
    /// # Errors
    /// When a hash fails.
    pub async fn warm_up(&self) -> Result<(), HashingFailed> {
        self.hasher.warm_up().await
    }

    async fn first_admin(&self) -> Result<(), Failure> {
        let admin = &self.settings.admin;
        let Ok(email) = EmailAddress::parse(&admin.email) else { return Ok(()) }; // none is configured
        let password = Password::parse(&admin.password).map_err(|_| "ADMIN_PASSWORD (admin.password)")?;
        let queries: &dyn IdentityQueries = &self.database.queries();
        if queries.find_user_by_email(&email).await?.is_some() {
            return Ok(());
        }
        let registration = Registration {
            email,
            password,
            name: None,
            role: Role::Admin,
            shop_name: None,
            by: Registrar::CommandLine,
            email_verified: true,
        };
        match self.registration().register(registration).await {
            Ok(_) | Err(RegisterError::EmailTaken) => Ok(()), // another node was faster
            Err(error) => Err(error.into()),
        }
    }
}
