//! Checkout: a cart becomes an order; and giving up that order before it is paid.

pub mod dto;
pub mod handlers;
pub mod problems;
pub mod return_urls;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(handlers::check_out).service(handlers::cancel_order);
}
