//! Accounts and sign-in.

pub mod admin;
pub mod admin_dto;
pub mod api_keys;
mod cookies;
pub mod dto;
pub mod handlers;
pub mod passwords;
pub mod problems;
pub mod sessions;
pub mod sign_in;
pub mod social;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::register)
        .service(handlers::verify_email)
        .service(handlers::resend_verification)
        .service(sign_in::login)
        .service(sign_in::step_up)
        .service(sessions::refresh)
        .service(sessions::logout)
        .service(sessions::list_sessions)
        .service(sessions::end_session)
        .service(sessions::end_other_sessions)
        .service(passwords::forget_password)
        .service(passwords::reset_password)
        .service(passwords::change_password)
        .service(social::list_providers)
        .service(social::finish)
        .service(social::begin)
        .service(social::list_identities)
        .service(social::unlink_identity)
        .service(api_keys::list_api_keys)
        .service(api_keys::create_api_key)
        .service(api_keys::revoke_api_key)
        .service(admin::list_users)
        .service(admin::get_user)
        .service(admin::update_user)
        .service(admin::end_user_sessions)
        .service(handlers::me);
}
