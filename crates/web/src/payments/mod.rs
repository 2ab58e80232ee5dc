//! Payments: what gateways tell us, and the sandbox's own page.

pub mod dto;
pub mod handlers;
pub mod problems;
pub mod sandbox;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(handlers::hear_gateway);
}
