//! Orders, as their customers, their sellers and admins see them.

pub mod dto;
pub mod handlers;
pub mod problems;
pub mod query;
pub mod seller_dto;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::list_orders)
        .service(handlers::get_order)
        .service(handlers::list_seller_orders)
        .service(handlers::get_seller_order)
        .service(handlers::list_any_orders)
        .service(handlers::get_any_order);
}
