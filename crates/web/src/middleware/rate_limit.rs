//! Each node's flood guard: so many requests a minute from one client address, with bursts up to as many (the generic cell
//! rate algorithm, by `actix-governor`). What another budget pays for ([`budgets`](super::budgets)) is not counted.

use super::budgets::PaidOtherwise;
use crate::extract::TrustedProxies;
use crate::extract::client_address;
use crate::problem::{Problem, registry};
use crate::settings::Settings;
use actix_governor::governor::NotUntil;
use actix_governor::governor::clock::{Clock, DefaultClock, QuantaInstant};
use actix_governor::governor::middleware::StateInformationMiddleware;
use actix_governor::{GovernorConfig, GovernorConfigBuilder, KeyExtractor};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};
use std::net::{IpAddr, Ipv6Addr};

/// The guard's configuration; clones count together.
pub type RateLimit = GovernorConfig<ClientKey, StateInformationMiddleware>;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// The guard for these settings; `None` when it can't be built, which no number of requests causes. With no limit it is
/// built all the same and never asked.
#[must_use]
pub fn rate_limit(settings: &Settings) -> Option<RateLimit> {
    let a_minute = settings.rate_limit_per_minute.max(1);
    GovernorConfigBuilder::default()
        .requests_per_minute(u64::from(a_minute))
        .burst_size(a_minute)
        .key_extractor(ClientKey(settings.trusted_proxies.clone()))
        .use_headers()
        .finish()
}

/// Tells clients apart.
#[derive(Debug, Clone)]
pub struct ClientKey(TrustedProxies);

/// Whom the guard counts a request for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Client {
    /// Nobody: a budget of their own pays.
    PaidOtherwise,
    /// All who come from there.
    Network(IpAddr),
}

impl KeyExtractor for ClientKey {
    type Key = Client;
    type KeyExtractionError = Problem;

    fn extract(&self, request: &ServiceRequest) -> Result<Client, Problem> {
        if request.extensions().get::<PaidOtherwise>().is_some() {
            return Ok(Client::PaidOtherwise);
        }
        let peer = request.peer_addr().map(|peer| peer.ip());
        Ok(Client::Network(household(client_address::of(peer, request.headers(), &self.0))))
    }

    fn whitelisted_keys(&self) -> Vec<Client> {
        vec![Client::PaidOtherwise]
    }

    fn exceed_rate_limit_response(&self, negative: &NotUntil<QuantaInstant>, _: HttpResponseBuilder) -> HttpResponse {
        let wait = negative.wait_time_from(DefaultClock::default().now());
        let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
        let limit = negative.quota().burst_size().get();
        Problem::new(&registry::RATE_LIMITED)
            .retry_after(seconds)
            .header(HeaderName::from_static("x-ratelimit-limit"), HeaderValue::from(limit))
            .header(HeaderName::from_static("x-ratelimit-remaining"), HeaderValue::from(0))
            .error_response()
    }
}

/// Where a request comes from, as budgets count it.
#[must_use]
pub fn network(request: &HttpRequest) -> IpAddr {
    household(client_address::of_request(request))
}

/// An address; of version 6 its first 64 bits, which one household has.
fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        IpAddr::V4(_) => address,
    }
}

/// How a client's budget stands.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// The whole.
    pub limit: u64,
    /// What is left.
    pub remaining: u64,
}

impl Standing {
    /// Tells it in the names of the contract (the IETF draft "RateLimit header fields for HTTP", version 6), and in how many
    /// seconds the whole budget is back. A narrower budget that was told before stays.
    pub fn tell(self, headers: &mut HeaderMap) {
        if headers.contains_key(LIMIT) {
            return;
        }
        let missing = self.limit.saturating_sub(self.remaining);
        let reset = (missing * 60).div_ceil(self.limit.max(1));
        let wait = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(0);
        headers.insert(LIMIT, HeaderValue::from(self.limit));
        headers.insert(REMAINING, HeaderValue::from(self.remaining));
        headers.insert(RESET, HeaderValue::from(reset.max(wait)));
    }
}

/// Gives the guard's headers the names of the contract.
///
/// # Errors
/// Those of what it surrounds.
pub async fn name_headers(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut answer = next.call(request).await?;
    let headers = answer.headers_mut();
    let limit = take(headers, "x-ratelimit-limit");
    let remaining = take(headers, "x-ratelimit-remaining");
    take(headers, "x-ratelimit-after");
    take(headers, "x-ratelimit-whitelisted");
    if let (Some(limit), Some(remaining)) = (limit, remaining) {
        Standing { limit, remaining }.tell(headers);
    }
    Ok(answer)
}

fn take(headers: &mut HeaderMap, name: &'static str) -> Option<u64> {
    let value = headers.remove(HeaderName::from_static(name)).next()?;
    value.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_household_is_one_client() {
        let network = |text: &str| household(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("2001:db8:1:2::9"), network("2001:db8:1:2:3:4:5:6"));
        assert_ne!(network("2001:db8:1:3::9"), network("2001:db8:1:2::9"));
        assert_eq!(network("203.0.113.9"), "203.0.113.9");
    }
}
