//! Budgets of requests beyond the flood guard's: somebody who is signed in has one of their own, and does not pay for their
//! neighbours at the same address; what tries passwords and codes has a small one for each address; and a payment gateway, which
//! calls in bursts from a few addresses, has a large one.
//!
//! Who is signed in is told by the signature of their token alone, which costs no question to the database, and whose an API
//! key is by [`KnownKeys`]: made-up tokens and keys count for their address. When the budgets can't be reached, requests pass: [`rate_limit`](super::rate_limit) still guards.

use super::known_keys::KnownKeys;
use super::rate_limit::{Standing, network};
use super::refuse;
use crate::extract::caller;
use crate::problem::{Problem, registry};
use crate::settings::Settings;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest};
use application::identity::api_keys::MARK;
use application::identity::ports::AccessTokens;
use application::rate_limits::{Budget, RateLimits};
use application::system::Clock;
use std::num::NonZeroU32;

/// Marks a request that another budget pays for than its address's.
#[derive(Debug, Clone, Copy)]
pub struct PaidOtherwise;

/// Below `/auth`, what neither tries a secret nor makes an account or a mail.
const HARMLESS: [&str; 2] = ["/api/v1/auth/refresh", "/api/v1/auth/logout"];
/// Elsewhere, what tries a password or a code.
const TRIES: [&str; 3] =
    ["/api/v1/users/me/password", "/api/v1/users/me/totp/confirm", "/api/v1/users/me/email/confirm"];

/// Where gateways call.
const WEBHOOKS: &str = "/api/v1/webhooks/";
/// So many times what others may ask, a gateway may tell from one address.
const EVENTS_FOR_A_REQUEST: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);

/// Takes a request of somebody who is signed in from their budget, and a gateway's from that of gateways.
///
/// # Errors
/// Those of what it surrounds.
pub async fn of_users_and_gateways(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let payer = match of_a_gateway(&request) {
        None => of_a_user(&request).await,
        gateway => gateway,
    };
    let Some((budget, client)) = payer else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    request.extensions_mut().insert(PaidOtherwise);
    spend(request, next, budget, &client).await
}

fn of_a_gateway(request: &ServiceRequest) -> Option<(Budget, String)> {
    let calls = request.method() == Method::POST && request.match_info().as_str().starts_with(WEBHOOKS);
    let others = setting(request, |settings| settings.rate_limit_per_minute).filter(|_| calls)?;
    let a_minute = others.saturating_mul(EVENTS_FOR_A_REQUEST);
    Some((Budget { name: "webhook", a_minute }, network(request.request()).to_string()))
}

async fn of_a_user(request: &ServiceRequest) -> Option<(Budget, String)> {
    let a_minute = setting(request, |settings| settings.rate_limit_per_user_per_minute)?;
    Some((Budget { name: "user", a_minute }, user(request.request()).await?))
}

/// Takes a request that tries a password or a code, or makes an account or a mail, from its address's budget.
///
/// # Errors
/// Those of what it surrounds.
pub async fn of_tries(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let a_minute = setting(&request, |settings| settings.sign_in_rate_limit_per_minute);
    let Some(a_minute) = a_minute.filter(|_| is_a_try(request.request())) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let address = network(request.request()).to_string();
    spend(request, next, Budget { name: "sign-in", a_minute }, &address).await
}

/// A limit, unless it is switched off.
fn setting(request: &ServiceRequest, limit: fn(&Settings) -> u32) -> Option<NonZeroU32> {
    let settings = request.app_data::<Data<Settings>>()?;
    NonZeroU32::new(limit(settings)).filter(|_| settings.rate_limit_per_minute > 0)
}

fn is_a_try(request: &HttpRequest) -> bool {
    // The address as it is routed: the one that was sent may hide letters behind percent signs.
    let path = request.match_info().as_str();
    let at_the_door = path.starts_with("/api/v1/auth/") && !HARMLESS.contains(&path);
    [Method::POST, Method::PUT].contains(request.method()) && (at_the_door || TRIES.contains(&path))
}

/// Whose token or API key it is, if it is one of ours.
async fn user(request: &HttpRequest) -> Option<String> {
    let token = caller::token(request)?;
    if token.starts_with(MARK) {
        let keys = request.app_data::<Data<KnownKeys>>()?;
        let lookups = NonZeroU32::new(request.app_data::<Data<Settings>>()?.rate_limit_per_minute)?;
        return keys.user(request, &token, lookups).await;
    }
    let tokens = request.app_data::<Data<dyn AccessTokens>>()?;
    let clock = request.app_data::<Data<dyn Clock>>()?;
    tokens.read(&token, clock.now()).ok().map(|claims| claims.user.to_string())
}

async fn spend(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    budget: Budget,
    client: &str,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(limits) = request.app_data::<Data<dyn RateLimits>>().cloned() else {
        return Ok(refuse(request, &Problem::internal("RateLimits is missing")));
    };
    let taken = match limits.take(budget, client).await {
        Ok(taken) => taken,
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "a budget could not be asked");
            return Ok(next.call(request).await?.map_into_boxed_body());
        }
    };
    let wait = taken.refused_for.map(|wait| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1));
    let mut answer = match wait {
        Some(seconds) => refuse(request, &Problem::new(&registry::RATE_LIMITED).retry_after(seconds)),
        None => next.call(request).await?.map_into_boxed_body(),
    };
    Standing { limit: budget.a_minute.get().into(), remaining: taken.remaining.into() }.tell(answer.headers_mut());
    Ok(answer)
}
