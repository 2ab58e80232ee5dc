//! Giving money back: sellers for their own lines, admins for any order.

pub mod dto;
pub mod handlers;
pub mod problems;
pub mod top_ups;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::give_seller_refund)
        .service(handlers::list_seller_refunds)
        .service(handlers::give_refund)
        .service(handlers::list_refunds)
        .service(top_ups::handlers::refund_top_up)
        .service(top_ups::handlers::list_top_up_refunds);
}
