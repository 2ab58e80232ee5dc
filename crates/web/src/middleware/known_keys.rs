//! Whose an API key is, without asking the database each time: so that its user's budget pays for its requests, and not the
//! address that it comes from.
//!
//! A key says nothing by itself, as a token does by its signature. The first request by one asks, as far as a budget of its
//! address allows, so that made-up keys can't flood the database; then a node remembers for a minute whose it is. That lets
//! nobody in: it only tells whom a request is counted for.

use super::rate_limit::network;
use actix_web::HttpRequest;
use actix_web::web::Data;
use application::identity::Credential;
use application::identity::authenticate::Authenticate;
use application::rate_limits::{Budget, RateLimits};
use application::system::{Clock, digest_of};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

/// For how long it is remembered whose a key is.
const REMEMBERED: TimeDelta = TimeDelta::minutes(1);

/// The users of API keys that were good a moment ago, by the keys' digests.
#[derive(Debug, Default)]
pub struct KnownKeys(Mutex<HashMap<String, Known>>);

#[derive(Debug)]
struct Known {
    user: String,
    until: DateTime<Utc>,
}

impl KnownKeys {
    /// Whose a key is; `None` when it is nobody's, or its address has asked too often.
    pub async fn user(&self, request: &HttpRequest, key: &str, lookups_a_minute: NonZeroU32) -> Option<String> {
        let now = request.app_data::<Data<dyn Clock>>()?.now();
        let digest = digest_of(key);
        if let Some(user) = self.recall(&digest, now) {
            return Some(user);
        }
        let limits = request.app_data::<Data<dyn RateLimits>>()?;
        let lookups = Budget { name: "api-keys", a_minute: lookups_a_minute };
        let taken = limits.take(lookups, &network(request).to_string()).await.ok()?;
        if taken.refused_for.is_some() {
            return None;
        }
        let caller = request.app_data::<Data<dyn Authenticate>>()?.authenticate(key).await.ok()?;
        let Credential::ApiKey { .. } = caller.credential else { return None };
        let user = caller.user_id.to_string();
        self.remember(digest, user.clone(), now);
        Some(user)
    }

    /// Forgets the keys that have not come for a while.
    pub fn forget_idle(&self, now: DateTime<Utc>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, known| now < known.until);
    }

    fn recall(&self, digest: &str, now: DateTime<Utc>) -> Option<String> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(digest).filter(|known| now < known.until).map(|known| known.user.clone())
    }

    fn remember(&self, digest: String, user: String, now: DateTime<Utc>) {
        let known = Known { user, until: now + REMEMBERED };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(digest, known);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_remembered_for_a_minute_and_then_forgotten() {
        let (keys, noon) = (KnownKeys::default(), DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        keys.remember("digest".to_owned(), "ada".to_owned(), noon);
        let later = |seconds| noon + TimeDelta::seconds(seconds);
        assert_eq!(keys.recall("digest", later(59)).as_deref(), Some("ada"));
        assert_eq!(keys.recall("another", later(59)), None);
        assert_eq!(keys.recall("digest", later(60)), None);
        keys.forget_idle(later(59));
        assert_eq!(keys.0.lock().unwrap().len(), 1);
        keys.forget_idle(later(60));
        assert_eq!(keys.0.lock().unwrap().len(), 0);
    }
}
