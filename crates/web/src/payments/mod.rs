//! Payments: making them, what gateways tell us, and the sandbox's own page.

pub mod admin_dto;
pub mod admin_handlers;
pub mod dto;
pub mod handlers;
pub mod pay_handlers;
pub mod problems;
pub mod query;
pub mod sandbox;

use crate::checkout::return_urls::return_urls;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::hear_gateway)
        .service(pay_handlers::make_payment)
        .service(pay_handlers::get_payment)
        .service(admin_handlers::list_payments)
        .service(admin_handlers::approve_payment)
        .service(admin_handlers::reject_payment);
}
