//! Accounts and sign-in.

pub mod account;
pub mod addresses;
pub mod admin;
pub mod admin_dto;
pub mod api_keys;
mod cookies;
pub mod dto;
pub mod handlers;
pub mod identities;
pub mod passkeys;
pub mod passwords;
pub mod problems;
pub mod register_many;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod social;
pub mod totp;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::register)
        .service(handlers::verify_email)
        .service(handlers::resend_verification)
        .service(sign_in::login)
        .service(sign_in::step_up)
        .service(second_factor::answer_second_factor)
        .service(second_factor::ask_passkey)
        .service(second_factor::answer_passkey)
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
        .service(identities::list_identities)
        .service(identities::unlink_identity)
        .service(api_keys::list_api_keys)
        .service(api_keys::create_api_key)
        .service(api_keys::revoke_api_key)
        .service(register_many::register_bulk)
        .service(admin::list_users)
        .service(admin::get_user)
        .service(admin::update_user)
        .service(admin::end_user_sessions)
        .service(totp::get_totp)
        .service(totp::start_totp)
        .service(totp::confirm_totp)
        .service(totp::disable_totp)
        .service(totp::count_recovery_codes)
        .service(totp::renew_recovery_codes)
        .service(passkeys::list_passkeys)
        .service(passkeys::begin_passkey)
        .service(passkeys::add_passkey)
        .service(passkeys::rename_passkey)
        .service(passkeys::remove_passkey)
        .service(handlers::me)
        .service(account::edit_me)
        .service(account::delete_me)
        .service(account::confirm_email)
        .service(account::drop_email_change)
        .service(addresses::list_addresses)
        .service(addresses::create_address)
        .service(addresses::get_address)
        .service(addresses::replace_address)
        .service(addresses::remove_address);
}
