//! The composition root: which adapter stands behind which port. The only place that knows them all.

use crate::apps::{self, LocalMedia};
use crate::config::Settings;
use crate::keys;
use crate::readiness::DatabaseReadiness;
use crate::seed::{SeedError, SeedReport, Seeder};
use crate::worker::Worker;
use application::RepositoryError;
use application::cart::shop::CartFilling;
use application::catalog::browse::Catalog;
use application::catalog::sell::ProductDesk;
use application::checkout::cancel::Cancellation;
use application::checkout::place_order::CheckoutDesk;
use application::checkout::settle::Settlement;
use application::identity::ports::{HashingFailed, IdentityQueries};
use application::identity::profile::Profile;
use application::identity::register::{RegisterError, RegisterUsers, Registration, UserRegistration};
use application::identity::sign_in::PasswordSignIn;
use application::identity::verify_email::EmailProof;
use application::jobs::JobStore;
use application::notifications::ports::{Mailbox, Mailer};
use application::notifications::send::{CodeDrawing, Letterhead, Post};
use application::orders::ports::OrderAccess;
use application::orders::view::OrderDesk;
use application::payments::hear::GatewayEar;
use application::system::Clock;
use application::unit_of_work::Transactor;
use chrono::TimeDelta;
use domain::identity::{Password, Role};
use domain::kernel::EmailAddress;
use infrastructure::crypto::{BcryptHasher, HmacCodes, HmacOrderAccess, Rs256Tokens, SigningKey};
use infrastructure::mail::{FolderMailbox, SmtpMailer};
use infrastructure::media::MediaFolder;
use infrastructure::payment::{SandboxAddresses, SandboxGateway};
use infrastructure::sql::idempotency::SqlIdempotencyKeys;
use infrastructure::sql::jobs::SqlJobStore;
use infrastructure::sql::payments::SandboxSessions;
use infrastructure::sql::{Database, DatabaseSettings};
use infrastructure::system::{SystemClock, SystemSecrets, UuidGenerator};
use std::sync::Arc;

type Failure = Box<dyn std::error::Error>;

/// A shop whose database is there and up to date.
pub struct Shop {
    settings: Settings,
    database: Database,
    hasher: Arc<BcryptHasher>,
    transactor: Arc<dyn Transactor>,
    clock: Arc<SystemClock>,
}

/// Reaches the database.
///
/// # Errors
/// When it is not there.
pub async fn connect(settings: &Settings) -> Result<Database, RepositoryError> {
    let pool = DatabaseSettings { max_connections: settings.database.max_connections };
    Database::connect(&settings.database.url, pool).await
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
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            settings: settings.clone(),
            hasher: Arc::new(BcryptHasher::new(settings.security.bcrypt_cost, cores)),
            transactor: Arc::new(database.transactor()),
            clock: Arc::new(SystemClock),
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
            media: self.media(),
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
        let registration =
            Registration { email, password, name: None, role: Role::Admin, shop_name: None, email_verified: true };
        match self.registration().register(registration).await {
            Ok(_) | Err(RegisterError::EmailTaken) => Ok(()), // another node was faster
            Err(error) => Err(error.into()),
        }
    }

    fn media(&self) -> MediaFolder {
        MediaFolder::new(self.settings.data.folder.join("media"))
    }

    /// Puts everything together.
    ///
    /// # Errors
    /// When a key or a setting can't be used.
    pub fn compose(self) -> Result<Composition, Failure> {
        let Self { settings, database, hasher, transactor, clock } = &self;
        let key = Arc::new(keys::signing_key(settings)?);
        let lifetime = TimeDelta::minutes(i64::from(settings.security.access_token_minutes));
        let tokens = Arc::new(Rs256Tokens::new(key.clone(), lifetime));
        let codes = Arc::new(HmacCodes(key.derive("verification codes")));
        let access: Arc<dyn OrderAccess> = Arc::new(HmacOrderAccess(key.derive("order access")));
        let gateway = Arc::new(self.gateway(&key)?);
        let ids = Arc::new(UuidGenerator);
        let secrets = Arc::new(SystemSecrets);
        let queries = Arc::new(database.queries());
        let idempotency = Arc::new(SqlIdempotencyKeys::new(database));
        let jobs: Arc<dyn JobStore> = Arc::new(SqlJobStore::new(database));
        let (mailer, mailbox) = self.mail()?;
        let readiness = Arc::new(DatabaseReadiness::new(database.clone(), settings.database.url.clone()));

        let cancellation = Arc::new(Cancellation {
            orders: queries.clone(),
            payments: queries.clone(),
            gateway: gateway.clone(),
            transactor: transactor.clone(),
            access: access.clone(),
            clock: clock.clone(),
        });
        let post = Post {
            mailer,
            people: queries.clone(),
            orders: queries.clone(),
            codes: CodeDrawing {
                secrets: secrets.clone(),
                hasher: codes.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
            },
            access: access.clone(),
            letterhead: Letterhead {
                shop_name: settings.shop.name.clone(),
                public_url: settings.server.public_url.clone(),
            },
        };
        let settlement = Settlement {
            payments: queries.clone(),
            orders: queries.clone(),
            gateway: gateway.clone(),
            transactor: transactor.clone(),
            clock: clock.clone(),
        };
        let worker = Worker {
            store: jobs.clone(),
            clock: clock.clone(),
            mails: Arc::new(post),
            settlement: Arc::new(settlement),
            cancellation: cancellation.clone(),
            sandbox: gateway.clone(),
            idempotency: idempotency.clone(),
            transactor: transactor.clone(),
        };
        let services = web::Services {
            register_users: Arc::new(self.registration()),
            verify_emails: Arc::new(EmailProof { transactor: transactor.clone(), codes, clock: clock.clone() }),
            sign_in: Arc::new(PasswordSignIn {
                people: queries.clone(),
                transactor: transactor.clone(),
                hasher: hasher.clone(),
                tokens,
                clock: clock.clone(),
                ids: ids.clone(),
            }),
            view_profile: Arc::new(Profile { people: queries.clone() }),
            browse_catalog: Arc::new(Catalog { catalog: queries.clone() }),
            sell_products: Arc::new(ProductDesk {
                catalog: queries.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            }),
            fill_carts: Arc::new(CartFilling {
                carts: queries.clone(),
                catalog: queries.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                shop_currency: settings.currency(),
            }),
            place_orders: Arc::new(CheckoutDesk {
                transactor: transactor.clone(),
                gateway: gateway.clone(),
                access: access.clone(),
                clock: clock.clone(),
                ids,
                secrets,
            }),
            view_orders: Arc::new(OrderDesk {
                orders: queries.clone(),
                payments: queries.clone(),
                catalog: queries,
                access,
            }),
            cancel_orders: cancellation,
            hear_gateway: Arc::new(GatewayEar {
                gateway: gateway.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
            }),
            sandbox_page: Some(gateway),
            mailbox,
            idempotency_keys: idempotency,
            jobs: Some(jobs),
            readiness: readiness.clone(),
            media_files: Arc::new(LocalMedia(self.media())),
            clock: clock.clone(),
        };
        let assets = apps::assets(key.jwks());
        Ok(Composition { services, assets, worker, readiness, shop: self })
    }

    fn gateway(&self, key: &SigningKey) -> Result<SandboxGateway, Failure> {
        let server = &self.settings.server;
        let host = if server.host == "0.0.0.0" { "127.0.0.1" } else { server.host.as_str() };
        let addresses = SandboxAddresses {
            public_url: server.public_url.clone(),
            webhook_url: format!("http://{host}:{}/api/v1/webhooks/sandbox", server.port),
        };
        let sessions = SandboxSessions::new(&self.database);
        let secret = key.derive("sandbox webhook");
        Ok(SandboxGateway::new(sessions, secret, self.clock.clone(), Arc::new(SystemSecrets), addresses)?)
    }

    /// The mail server that is set; without one, outside production, the mailbox that `/dev/mail` shows.
    fn mail(&self) -> Result<Mail, Failure> {
        let mail = &self.settings.mail;
        if mail.smtp_url.is_empty() {
            let mailbox = Arc::new(FolderMailbox::new(self.settings.data.folder.join("mail"), self.clock.clone()));
            return Ok((mailbox.clone(), Some(mailbox)));
        }
        let mailer =
            SmtpMailer::new(&mail.smtp_url, &mail.from).map_err(|error| format!("SMTP_URL, MAIL_FROM: {error}"))?;
        Ok((Arc::new(mailer), None))
    }
}

type Mail = (Arc<dyn Mailer>, Option<Arc<dyn Mailbox>>);

/// Everything that serves.
pub struct Composition {
    pub services: web::Services,
    pub assets: web::Assets,
    pub worker: Worker,
    pub readiness: Arc<DatabaseReadiness>,
    pub shop: Shop,
}
