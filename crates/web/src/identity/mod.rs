//! Accounts and sign-in.

pub mod dto;
pub mod handlers;
pub mod problems;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::register)
        .service(handlers::verify_email)
        .service(handlers::resend_verification)
        .service(handlers::login)
        .service(handlers::logout)
        .service(handlers::me);
}
