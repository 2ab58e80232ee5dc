//! What the server crate decides: addresses, limits and what is on. The web reads no environment and no file.

use crate::extract::TrustedProxies;
use std::time::Duration;
use url::{Origin, Url};

/// How the API behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the shop is, as browsers see it, without a slash at the end: `https://shop.example`.
    pub public_url: String,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// Other front ends that may call with credentials, such as `https://seller.example`.
    pub cors_origins: Vec<String>,
    /// Requests a minute from one client address to `/api/v1`; 0 for no limit of any kind.
    pub rate_limit_per_minute: u32,
    /// Requests a minute of one user, who then does not pay from their address's; 0 for none of their own.
    pub rate_limit_per_user_per_minute: u32,
    /// Tries of passwords and codes, and new accounts and mails, a minute from one client address; 0 for no limit of theirs.
    pub sign_in_rate_limit_per_minute: u32,
    /// Whether the session cookie is sent over TLS alone.
    pub secure_cookies: bool,
    /// Who has this as Bearer token may read `/metrics` from anywhere; without one only loopback callers.
    pub metrics_token: Option<String>,
    /// The largest body, in bytes.
    pub body_limit: usize,
    /// The largest picture that is uploaded, in bytes.
    pub upload_limit: usize,
    /// How a promised body has to arrive.
    pub body_pace: BodyPace,
    /// The version that is told.
    pub version: String,
}

/// How slowly a body may arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyPace {
    /// At the latest after this it is whole.
    pub deadline: Duration,
    /// In each such span of time until then...
    pub span: Duration,
    /// ...at least so many bytes of it come.
    pub least: usize,
}

impl Default for BodyPace {
    /// Twenty seconds, and 500 bytes a second. It is measured over ten, which a phone may take to find its network again.
    fn default() -> Self {
        Self { deadline: Duration::from_secs(20), span: Duration::from_secs(10), least: 5_000 }
    }
}

impl BodyPace {
    /// The same for an upload: two minutes, in which a slow line carries it.
    #[must_use]
    pub fn of_uploads(self) -> Self {
        Self { deadline: self.deadline * 6, ..self }
    }
}

impl Settings {
    /// The settings of a shop at this address, with the limits of the contract and everything else off.
    #[must_use]
    pub fn at(public_url: impl Into<String>) -> Self {
        Self {
            public_url: public_url.into(),
            trusted_proxies: TrustedProxies::default(),
            cors_origins: Vec::new(),
            rate_limit_per_minute: 0,
            rate_limit_per_user_per_minute: 0,
            sign_in_rate_limit_per_minute: 0,
            secure_cookies: false,
            metrics_token: None,
            body_limit: 1024 * 1024,
            upload_limit: 12 * 1024 * 1024,
            body_pace: BodyPace::default(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// Whether pages of this origin may use the session: the shop itself, or an allowed front end.
    #[must_use]
    pub fn allows_origin(&self, origin: &Origin) -> bool {
        let own = std::iter::once(&self.public_url).chain(&self.cors_origins);
        origin.is_tuple() && own.filter_map(|text| Url::parse(text).ok()).any(|url| url.origin() == *origin)
    }
}
