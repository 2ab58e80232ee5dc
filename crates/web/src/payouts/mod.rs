//! Sending sellers what they are owed.

pub mod dto;
pub mod handlers;
pub mod problems;
pub mod query;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`. The fixed addresses stand before those with an id.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::list_own_payouts)
        .service(handlers::list_owed)
        .service(handlers::list_payouts)
        .service(handlers::make_payout)
        .service(handlers::fail_payout);
}
