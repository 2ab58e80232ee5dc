//! The cookies of a session. None of them can be read by scripts, and none is sent along from other
//! sites, but for the one of a browser that comes back from a provider.

use crate::extract::{DEVICE_COOKIE, caller};
use crate::settings::Settings;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use application::identity::opening::SignedIn;
use application::identity::social::sign_in::AWAY_AT_MOST;
use chrono::{DateTime, Utc};

pub use crate::extract::caller::REFRESH_COOKIE;
/// The refresh token and the device token are sent to the sign-in routes alone.
const AUTH_PATH: &str = "/api/v1/auth";
/// The name of the cookie of a browser that is away at a provider.
pub const AWAY_COOKIE: &str = "carat_oauth";
const AWAY_PATH: &str = "/api/v1/auth/oauth";
/// How long a browser is known as one that has signed in, in days.
const DEVICE_DAYS: i64 = 365;

/// The cookies of someone who is signed in.
pub fn signed_in(signed_in: &SignedIn, now: DateTime<Utc>, settings: &Settings) -> Vec<Cookie<'static>> {
    let seconds = |until: DateTime<Utc>| Duration::seconds((until - now).num_seconds().max(0));
    let access = cookie(caller::COOKIE, &signed_in.access.token, "/", seconds(signed_in.access.expires_at), settings);
    let lifetime = seconds(signed_in.session_expires_at);
    let refresh = cookie(REFRESH_COOKIE, &signed_in.refresh_token, AUTH_PATH, lifetime, settings);
    let device = signed_in
        .device_token
        .as_ref()
        .map(|token| cookie(DEVICE_COOKIE, token, AUTH_PATH, Duration::days(DEVICE_DAYS), settings));
    [access, refresh].into_iter().chain(device).collect()
}

/// What clears them. The device stays known.
pub fn signed_out(settings: &Settings) -> [Cookie<'static>; 2] {
    [
        cookie(caller::COOKIE, "", "/", Duration::ZERO, settings),
        cookie(REFRESH_COOKIE, "", AUTH_PATH, Duration::ZERO, settings),
    ]
}

/// What binds a browser to the provider that it is sent to. It comes back from another site, so this one is lax.
pub fn away(token: &str, settings: &Settings) -> Cookie<'static> {
    let minutes = Duration::seconds(AWAY_AT_MOST.num_seconds());
    let mut cookie = cookie(AWAY_COOKIE, token, AWAY_PATH, minutes, settings);
    cookie.set_same_site(SameSite::Lax);
    cookie
}

/// What clears it.
pub fn back(settings: &Settings) -> Cookie<'static> {
    let mut cookie = away("", settings);
    cookie.set_max_age(Duration::ZERO);
    cookie
}

fn cookie(name: &'static str, value: &str, path: &'static str, age: Duration, settings: &Settings) -> Cookie<'static> {
    Cookie::build(name, value.to_owned())
        .path(path)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(settings.secure_cookies)
        .max_age(age)
        .finish()
}
