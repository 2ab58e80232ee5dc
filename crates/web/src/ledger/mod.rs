//! One's own money: the store balance, and what moved. What moves it is elsewhere.

mod csv;
pub mod dto;
pub mod handlers;
pub mod query;
pub mod statement;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(handlers::get_balance).service(handlers::list_transactions).service(handlers::export_transactions);
    config.service(statement::get_statement).service(statement::export_statement).service(statement::get_earnings);
}
