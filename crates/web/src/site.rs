//! Putting it all together: one site for the process, and from it one app for each worker.

use crate::apps::{self, Apps};
use crate::extract::path;
use crate::home::unmatched::{Allowed, unmatched};
use crate::middleware::body::Uploads;
use crate::middleware::known_keys::KnownKeys;
use crate::middleware::metrics::Metrics;
use crate::middleware::rate_limit::{self, RateLimit};
use crate::middleware::{body, budgets, cors, etag, headers, idempotency, observe, same_site};
use crate::openapi::pages::{Document, RedocScript};
use crate::public_keys::{self, PublicKeys};
use crate::services::{Assets, Services};
use crate::settings::Settings;
use crate::{health, media, notifications, openapi, pages, payments, problem};
use actix_governor::Governor;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, Condition, from_fn};
use actix_web::web::{self, Bytes, Data, PayloadConfig};
use actix_web::{App, Error};
use std::sync::Arc;
use utoipa_actix_web::service_config::ServiceConfig as Documented;

/// Everything that the workers share.
#[derive(Clone)]
pub struct Site {
    services: Services,
    settings: Data<Settings>,
    apps: Data<Apps>,
    public_keys: Data<dyn PublicKeys>,
    redoc: Data<RedocScript>,
    document: Data<Document>,
    allowed: Data<Allowed>,
    metrics: Data<Metrics>,
    rate_limit: RateLimit,
    known_keys: Data<KnownKeys>,
    uploads: Data<Uploads>,
}

/// The site could not be built.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The metrics could not be registered.
    #[error("the metrics could not be registered")]
    Metrics(#[from] prometheus::Error),
    /// The flood guard could not be built.
    #[error("the flood guard could not be built")]
    RateLimit,
    /// The OpenAPI document could not be written.
    #[error("the OpenAPI document could not be written")]
    Document(#[from] serde_json::Error),
}

impl Site {
    /// Builds the site.
    ///
    /// # Errors
    /// [`SiteError`]; all are mistakes in the code.
    pub fn new(services: Services, assets: Assets, settings: Settings) -> Result<Self, SiteError> {
        let openapi = openapi::openapi();
        let json = openapi.to_json()?;
        let document = Document { tag: etag::tag(json.as_bytes()), json: Bytes::from(json) };
        Ok(Self {
            services,
            rate_limit: rate_limit::rate_limit(&settings).ok_or(SiteError::RateLimit)?,
            settings: Data::new(settings),
            apps: Data::new(Apps { customer: assets.customer_app, seller: assets.seller_app }),
            public_keys: Data::from(assets.public_keys),
            redoc: Data::new(RedocScript(assets.redoc_script)),
            document: Data::new(document),
            allowed: Data::new(Allowed::of(&openapi)),
            metrics: Data::new(Metrics::new()?),
            known_keys: Data::default(),
            uploads: Data::default(),
        })
    }

    /// What is measured; more may be registered.
    #[must_use]
    pub fn metrics(&self) -> Arc<Metrics> {
        self.metrics.clone().into_inner()
    }

    /// Forgets clients whose budget is whole again. Call it every few minutes, or the flood guard remembers every address
    /// that ever came.
    pub fn forget_idle_clients(&self) {
        self.rate_limit.limiter().retain_recent();
        self.rate_limit.limiter().shrink_to_fit();
        self.services.rate_limits.forget_idle();
        self.known_keys.forget_idle(self.services.clock.now());
    }

    /// An app for one worker.
    pub fn app(
        &self,
    ) -> App<
        impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>
        + use<>,
    > {
        let site = self.clone();
        App::new()
            .configure(|config| site.configure(config))
            .default_service(web::to(apps::serve))
            .wrap(from_fn(body::whole))
            .wrap(cors::cors(&self.settings))
            .wrap(Compress::default())
            .wrap(from_fn(headers::secure))
            .wrap(from_fn(observe::observe))
    }

    fn configure(&self, config: &mut web::ServiceConfig) {
        self.services.register(config);
        config
            .app_data(self.settings.clone())
            .app_data(self.apps.clone())
            .app_data(self.public_keys.clone())
            .app_data(self.redoc.clone())
            .app_data(self.document.clone())
            .app_data(self.allowed.clone())
            .app_data(self.metrics.clone())
            .app_data(self.known_keys.clone())
            .app_data(path::config())
            .app_data(self.uploads.clone())
            .app_data(PayloadConfig::new(self.settings.body_limit));
        if let Some(jobs) = &self.services.jobs {
            config.app_data(Data::from(Arc::clone(jobs)));
        }
        config.configure(openapi::pages::routes).configure(health::routes).configure(media::files);
        config.configure(pages::routes).configure(problem::pages::routes).configure(public_keys::routes);
        if self.services.sandbox_page.is_some() {
            config.configure(payments::sandbox::routes);
        }
        if self.services.mailbox.is_some() {
            config.configure(notifications::routes);
        }
        self.configure_api(config);
    }

    /// The API with its own middleware, outermost last. The flood guard comes before everything that costs; it has a scope
    /// of its own because `actix-governor` can't surround what is wrapped already (its service must be `Unpin`).
    fn configure_api(&self, config: &mut web::ServiceConfig) {
        let limited = self.settings.rate_limit_per_minute > 0;
        let operations = web::scope("")
            .configure(|config| crate::routes(&mut Documented::new(config)))
            .default_service(web::to(unmatched))
            .wrap(from_fn(idempotency::honour))
            .wrap(from_fn(same_site::guard))
            .wrap(from_fn(budgets::of_tries));
        let guarded = web::scope("/api/v1")
            .service(operations)
            .wrap(Condition::new(limited, Governor::new(&self.rate_limit)))
            .wrap(from_fn(budgets::of_users_and_gateways))
            .wrap(from_fn(rate_limit::name_headers));
        config.service(guarded).service(web::scope("/api").default_service(web::to(unmatched)));
    }
}
