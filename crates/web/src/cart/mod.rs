//! Carts.

pub mod dto;
pub mod handlers;
pub mod problems;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::create_cart)
        .service(handlers::get_cart)
        .service(handlers::add_cart_line)
        .service(handlers::update_cart_line)
        .service(handlers::remove_cart_line);
}
