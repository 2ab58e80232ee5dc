//! The HTTP API of the shop: routes, extractors, middleware, the shapes on the wire, problem documents, and the OpenAPI
//! document made from them. It knows the use cases by their traits, and neither the adapters behind them nor the
//! environment.
//!
//! # For the server crate
//! Hand in [`Services`] (the use cases), [`Assets`] (the built apps, ReDoc's script, the public keys) and [`Settings`], and
//! build a [`Site`]. It is shared by all workers, and makes each of them its app:
//! ```text
//! let site = web::Site::new(services, assets, web::Settings::at("https://shop.example"))?;
//! HttpServer::new(move || site.app()).bind(address)?.run().await?;
//! ```
//! Ports that the web itself needs, to be implemented by the server crate: [`health::Readiness`], [`media::MediaFiles`],
//! [`apps::AppFiles`], [`public_keys::PublicKeys`]. The site's [`Metrics`](middleware::metrics::Metrics) take more collectors, and
//! [`Site::forget_idle_clients`] is to be called now and then. [`openapi()`] is the document for the command line.

pub mod apps;
pub mod audit;
pub mod cart;
pub mod catalog;
pub mod checkout;
pub mod extract;
pub mod gift_cards;
pub mod health;
pub mod home;
pub mod identity;
pub mod ledger;
pub mod media;
pub mod middleware;
pub mod notifications;
pub mod openapi;
pub mod orders;
pub mod pages;
pub mod payments;
pub mod payouts;
pub mod problem;
pub mod public_keys;
pub mod refunds;
mod services;
mod settings;
mod site;
pub mod takeout;
pub mod webhooks;
pub mod wire;

pub use openapi::openapi;
pub use services::{
    AdminServices, Assets, FactorServices, GiftCardServices, PaymentServices, SellerMoneyServices, Services,
    WebhookServices,
};
pub use settings::{BodyPace, Settings};
pub use site::Site;

use utoipa_actix_web::service_config::ServiceConfig;

/// All operations of the API, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .configure(home::routes)
        .configure(identity::routes)
        .configure(audit::routes)
        .configure(takeout::routes)
        .configure(catalog::routes)
        .configure(media::routes)
        .configure(cart::routes)
        .configure(checkout::routes)
        .configure(orders::routes)
        .configure(payments::routes)
        .configure(gift_cards::routes)
        .configure(webhooks::routes)
        .configure(refunds::routes)
        .configure(payouts::routes)
        .configure(ledger::routes);
}
