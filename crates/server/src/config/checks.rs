//! What can be wrong with the settings. All faults are named at once, each with its setting.

use super::{Environment, Settings};
use crate::social;
use domain::identity::Password;
use domain::kernel::{Currency, EmailAddress};

/// Everything that is wrong or missing.
pub fn faults(settings: &Settings, unsupported: &[&str]) -> Vec<String> {
    let production = settings.environment == Environment::Production;
    let database =
        ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| settings.database.url.starts_with(scheme));
    let url = &settings.server.public_url;
    let admin_password = Password::parse(&settings.admin.password).is_ok();
    let checks = [
        (!database, "DATABASE_URL (database.url): must begin with sqlite:, postgres: or postgresql:"),
        (
            !is_origin(url),
            "PUBLIC_URL (server.public_url): must be an http or https address without a slash at the end",
        ),
        (Currency::parse(&settings.shop.currency).is_err(), "shop.currency: must be a code of ISO 4217, such as EUR"),
        (!(4..=16).contains(&settings.security.bcrypt_cost), "security.bcrypt_cost: must be from 4 to 16"),
        (settings.security.access_token_minutes == 0, "security.access_token_minutes: must be at least 1"),
        (settings.security.log_days == 0, "security.log_days: must be at least 1"),
        (settings.security.session_days == 0, "security.session_days: must be at least 1"),
        (
            !settings.admin.email.is_empty() && EmailAddress::parse(&settings.admin.email).is_err(),
            "ADMIN_EMAIL (admin.email): is not an e-mail address",
        ),
        (
            !settings.admin.email.is_empty() && !admin_password,
            "ADMIN_PASSWORD (admin.password): needs 8 to 128 characters with upper and lower case, a digit and a \
             special character, and none of the passwords that everybody tries first",
        ),
        (production && settings.security.bcrypt_cost < 10, "security.bcrypt_cost: must be at least 10 in production"),
        (
            production && settings.security.jwt_private_key_file.is_empty(),
            "JWT_PRIVATE_KEY_FILE (security.jwt_private_key_file): is required in production",
        ),
    ];
    let named = checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, text)| text.to_owned());
    named
        .chain(settings.payments.faults())
        .chain(settings.mail.faults(production))
        .chain(settings.stripe.faults(production))
        .chain(settings.media.faults())
        .chain(settings.webhooks.faults())
        .chain(social::faults(&settings.social))
        .chain(unsupported.iter().map(|name| format!("{name}: this version can't use it yet; unset it")))
        .collect()
}

/// Whether the text looks like `https://host`, without a slash at the end.
pub fn is_origin(text: &str) -> bool {
    (text.starts_with("http://") || text.starts_with("https://")) && !text.ends_with('/')
}
