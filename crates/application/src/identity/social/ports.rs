//! What social sign-in needs from outside: providers who know who somebody is.

use async_trait::async_trait;
use domain::kernel::EmailAddress;
use std::sync::Arc;

/// A provider who knows who people are. Its answers are proven before they get here: an adapter that can't prove one
/// refuses.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait IdentityProvider: Send + Sync {
    /// The address to which the browser is sent. It carries the state, the nonce (where the protocol has one) and the
    /// verifier's S256 challenge, never the verifier.
    async fn start(&self, secrets: &FlowSecrets) -> Result<String, ProviderError>;
    /// Who came back: exchanges the code, with the verifier, for what the provider knows. An answer made for another
    /// nonce, client or issuer is refused.
    async fn finish(&self, arrival: &Arrival, secrets: &FlowSecrets) -> Result<ExternalIdentity, ProviderError>;
}

/// What is drawn for one sign-in, and never used for another: each 256 bits as base64url.
#[derive(Clone, PartialEq, Eq)]
pub struct FlowSecrets {
    /// Comes back with the browser, and finds the flow again.
    pub state: String,
    /// Comes back inside the ID token.
    pub nonce: String,
    /// Proves to the provider that whoever redeems the code is who asked for it (RFC 7636).
    pub pkce_verifier: String,
}

impl std::fmt::Debug for FlowSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FlowSecrets").finish_non_exhaustive()
    }
}

/// What the browser brings back from the provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The authorization code.
    pub code: String,
    /// Who sent the browser, if they say so (RFC 9207).
    pub issuer: Option<String>,
}

impl std::fmt::Debug for Arrival {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Arrival").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// Somebody, as a provider knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalIdentity {
    /// Their id at the provider; never given to anyone else there.
    pub subject: String,
    /// Their address, if the provider tells it.
    pub email: Option<EmailAddress>,
    /// Whether the provider has proven that the address is theirs.
    pub email_verified: bool,
    /// How they are called there: one line of at most a hundred characters.
    pub name: Option<String>,
}

/// Why a provider told nobody.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It is away, slow, or in trouble; a later try may succeed.
    #[error("the identity provider can't be reached")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It refused, or its answer can't be believed.
    #[error("the identity provider's answer was refused: {0}")]
    Refused(String),
}

/// The providers that the shop is configured for.
#[derive(Clone, Default)]
pub struct IdentityProviders(pub Vec<ConfiguredProvider>);

/// A provider that the shop is configured for.
#[derive(Clone)]
pub struct ConfiguredProvider {
    /// Its name in addresses and in the database, such as `google`.
    pub id: String,
    /// Its name for people, such as `Google`.
    pub name: String,
    /// How it is spoken with.
    pub provider: Arc<dyn IdentityProvider>,
}

impl IdentityProviders {
    /// The one of this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&ConfiguredProvider> {
        self.0.iter().find(|configured| configured.id == id)
    }
}
