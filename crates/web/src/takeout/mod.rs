//! Taking one's data along.

pub mod dto;
pub mod handlers;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(handlers::export_me);
}
