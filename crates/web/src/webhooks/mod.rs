//! Outgoing webhooks: where sellers and admins are told of events, and what was delivered there.

pub mod delivery_dto;
pub mod delivery_handlers;
pub mod dto;
pub mod handlers;
pub mod problems;
pub mod query;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::create_webhook)
        .service(handlers::list_webhooks)
        .service(handlers::get_webhook)
        .service(handlers::update_webhook)
        .service(handlers::remove_webhook)
        .service(handlers::rotate_webhook_secret)
        .service(delivery_handlers::test_webhook)
        .service(delivery_handlers::list_webhook_deliveries)
        .service(delivery_handlers::get_webhook_delivery)
        .service(delivery_handlers::replay_webhook_delivery);
}
