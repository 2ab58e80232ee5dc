//! What an OpenID provider publishes about itself (OpenID Connect Discovery 1.0): fetched when first needed, kept for an
//! hour, and fetched again when a token is signed by a key that is not among the known ones.

use super::client::InvalidProvider;
use super::http::ProviderHttp;
use application::identity::social::ports::ProviderError;
use application::system::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use oauth2::http::header::HeaderMap;
use openidconnect::core::{CoreJsonWebKeySet, CoreProviderMetadata};
use std::sync::{Arc, PoisonError, RwLock};
use url::Url;

/// How long a document is believed.
const LIFETIME: TimeDelta = TimeDelta::hours(1);
/// A token with an unknown key makes us look again at most this often.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(1);
/// Where Microsoft's shared documents leave a gap for the tenant.
pub const TENANT_GAP: &str = "{tenantid}";

/// What a provider published, and when we read it.
pub struct Published {
    /// Its addresses and its keys.
    pub metadata: CoreProviderMetadata,
    read_at: DateTime<Utc>,
}

/// Which issuer a document may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuerRule {
    /// The one that was asked for, to the letter.
    Exact,
    /// Any of the same origin: Microsoft's documents name the tenant by its id, or leave a gap for it.
    SameOrigin,
}

/// Reads and keeps a provider's documents.
pub struct Discovery {
    issuer: String,
    address: Url,
    rule: IssuerRule,
    http: ProviderHttp,
    clock: Arc<dyn Clock>,
    kept: RwLock<Option<Arc<Published>>>,
}

impl Discovery {
    /// Of this issuer.
    pub fn new(
        issuer: String,
        rule: IssuerRule,
        http: ProviderHttp,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, InvalidProvider> {
        let address = Url::parse(&format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/')))?;
        Ok(Self { issuer, address, rule, http, clock, kept: RwLock::default() })
    }

    /// What is published, as we know it.
    pub async fn published(&self) -> Result<Arc<Published>, ProviderError> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner).clone();
        match kept {
            Some(published) if self.age(&published) < LIFETIME => Ok(published),
            _ => self.fetch().await,
        }
    }

    /// What is published now, after `known` was found wanting; none if that was read just now.
    pub async fn newer_than(&self, known: &Published) -> Result<Option<Arc<Published>>, ProviderError> {
        if self.age(known) < LOOK_AGAIN { Ok(None) } else { self.fetch().await.map(Some) }
    }

    fn age(&self, published: &Published) -> TimeDelta {
        self.clock.now() - published.read_at
    }

    /// Whoever comes meanwhile fetches too: waiting for each other, a slow provider's callers would wait for ever.
    async fn fetch(&self) -> Result<Arc<Published>, ProviderError> {
        let metadata: CoreProviderMetadata = self.http.get_json(&self.address, HeaderMap::new()).await?;
        self.check_issuer(metadata.issuer().as_str())?;
        let keys: CoreJsonWebKeySet = self.http.get_json(metadata.jwks_uri().url(), HeaderMap::new()).await?;
        let published = Arc::new(Published { metadata: metadata.set_jwks(keys), read_at: self.clock.now() });
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(published.clone());
        Ok(published)
    }

    fn check_issuer(&self, named: &str) -> Result<(), ProviderError> {
        let right = match self.rule {
            IssuerRule::Exact => named == self.issuer,
            IssuerRule::SameOrigin => Url::parse(named).is_ok_and(|url| url.origin() == self.address.origin()),
        };
        let wrong = || ProviderError::Refused(format!("the document of {} is that of {named}", self.issuer));
        if right { Ok(()) } else { Err(wrong()) }
    }
}
