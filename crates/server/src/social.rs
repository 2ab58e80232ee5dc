//! The providers by which people sign in: what `[social.<id>]` says of each, what is wrong with it, and the adapter that
//! comes of it.

use application::identity::social::ports::{ConfiguredProvider, IdentityProvider, IdentityProviders};
use application::system::Clock;
use infrastructure::social::{
    FacebookAddresses, FacebookProvider, GitHubAddresses, GitHubProvider, InvalidProvider, OpenIdFlavour,
    OpenIdProvider, ProviderHttp, RegisteredClient,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The providers by their ids.
pub type SocialSettings = BTreeMap<String, ProviderSettings>;

/// What is set of one provider.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProviderSettings {
    /// How it is spoken with; told by the id where it is one of the kinds, else OpenID.
    pub kind: Option<ProviderKind>,
    /// Its name for people.
    pub name: Option<String>,
    pub client_id: String,
    pub client_secret: String,
    /// Which OpenID provider it is.
    pub issuer: Option<String>,
    /// Whom of Microsoft's: `common`, `organizations`, `consumers`, or a tenant of one's own.
    pub tenant: Option<String>,
    /// Where a server of one's own is: GitHub Enterprise.
    pub site_url: Option<String>,
    pub api_url: Option<String>,
}

/// How a provider is spoken with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderKind {
    Google,
    Microsoft,
    GitHub,
    Facebook,
    Oidc,
}

impl std::fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderSettings").field("kind", &self.kind).field("name", &self.name).finish_non_exhaustive()
    }
}

impl ProviderSettings {
    fn kind(&self, id: &str) -> ProviderKind {
        self.kind.unwrap_or(match id {
            "google" => ProviderKind::Google,
            "microsoft" => ProviderKind::Microsoft,
            "github" => ProviderKind::GitHub,
            "facebook" => ProviderKind::Facebook,
            _ => ProviderKind::Oidc,
        })
    }

    fn name(&self, id: &str) -> String {
        let usual = match self.kind(id) {
            ProviderKind::Google => "Google",
            ProviderKind::Microsoft => "Microsoft",
            ProviderKind::GitHub => "GitHub",
            ProviderKind::Facebook => "Facebook",
            ProviderKind::Oidc => id,
        };
        self.name.clone().unwrap_or_else(|| usual.to_owned())
    }

    /// The issuer of an OpenID provider.
    fn issuer(&self, id: &str) -> Option<String> {
        let usual = match self.kind(id) {
            ProviderKind::Google => Some("https://accounts.google.com".to_owned()),
            ProviderKind::Microsoft => {
                let tenant = self.tenant.as_deref().unwrap_or("common");
                Some(format!("https://login.microsoftonline.com/{tenant}/v2.0"))
            }
            ProviderKind::GitHub | ProviderKind::Facebook | ProviderKind::Oidc => None,
        };
        self.issuer.clone().or(usual)
    }

    /// Every address that is set or follows.
    fn addresses(&self, id: &str) -> impl Iterator<Item = (&'static str, String)> {
        let named =
            [("issuer", self.issuer(id)), ("site_url", self.site_url.clone()), ("api_url", self.api_url.clone())];
        named.into_iter().filter_map(|(name, address)| Some((name, address?)))
    }

    /// A provider on this machine, as the tests have it, is spoken with without TLS.
    fn is_here(&self, id: &str) -> bool {
        self.addresses(id).any(|(_, address)| is_loopback(&address))
    }

    fn faults(&self, id: &str) -> Vec<String> {
        let fault = |key: &str, words: &str| {
            let variable = format!("CARAT__SOCIAL__{}__{}", id.to_uppercase(), key.to_uppercase());
            format!("{variable} (social.{id}.{key}): {words}")
        };
        let kind = self.kind(id);
        let tenant = self.tenant.as_deref().unwrap_or("common");
        let odd_tenant = !tenant.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
        let own_server = self.site_url.is_some() != self.api_url.is_some();
        let checks = [
            (self.client_id.is_empty(), fault("client_id", "is required")),
            (self.client_secret.is_empty(), fault("client_secret", "is required")),
            (self.issuer(id).is_none() && kind == ProviderKind::Oidc, fault("issuer", "is required")),
            (tenant.is_empty() || odd_tenant, fault("tenant", "is no tenant of Microsoft's")),
            (own_server, fault("site_url", "is set together with api_url, or neither")),
        ];
        let unsafe_addresses = self.addresses(id).filter(|(_, address)| !is_usable(address));
        let unsafe_addresses =
            unsafe_addresses.map(|(key, _)| fault(key, "must be an https address without a slash at the end"));
        checks.into_iter().filter_map(|(wrong, text)| wrong.then_some(text)).chain(unsafe_addresses).collect()
    }

    fn adapter(
        &self,
        id: &str,
        public_url: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<dyn IdentityProvider>, InvalidProvider> {
        let http = ProviderHttp::new(!self.is_here(id))?;
        let client = RegisteredClient {
            id: self.client_id.clone(),
            secret: self.client_secret.clone(),
            callback_url: format!("{public_url}/api/v1/auth/oauth/{id}/callback"),
        };
        let issuer = self.issuer(id).unwrap_or_default(); // checked when it was read
        let own = self.site_url.clone().zip(self.api_url.clone());
        Ok(match self.kind(id) {
            ProviderKind::Google | ProviderKind::Oidc => {
                Arc::new(OpenIdProvider::new(client, issuer, OpenIdFlavour::Standard, http, clock)?)
            }
            ProviderKind::Microsoft => {
                Arc::new(OpenIdProvider::new(client, issuer, OpenIdFlavour::Microsoft, http, clock)?)
            }
            ProviderKind::GitHub => {
                let addresses = own.map(|(site, api)| GitHubAddresses { site, api }).unwrap_or_default();
                Arc::new(GitHubProvider::new(&client, &addresses, http)?)
            }
            ProviderKind::Facebook => {
                let addresses = own.map(|(site, graph)| FacebookAddresses { site, graph }).unwrap_or_default();
                Arc::new(FacebookProvider::new(&client, &addresses, http)?)
            }
        })
    }
}

/// Everything that is wrong or missing.
pub fn faults(settings: &SocialSettings) -> Vec<String> {
    let is_id = |id: &str| {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        (1..=32).contains(&id.len()) && id.chars().all(fits)
    };
    let faults_of = |(id, provider): (&String, &ProviderSettings)| {
        if is_id(id) {
            provider.faults(id)
        } else {
            vec![format!("social.{id}: the id needs 1 to 32 lower-case letters, digits, - or _")]
        }
    };
    settings.iter().flat_map(faults_of).collect()
}

/// The adapters.
///
/// # Errors
/// When the system gives no HTTP client.
pub fn providers(
    settings: &SocialSettings,
    public_url: &str,
    clock: &Arc<dyn Clock>,
) -> Result<IdentityProviders, InvalidProvider> {
    let configured = settings.iter().map(|(id, provider)| {
        let adapter = provider.adapter(id, public_url, clock.clone())?;
        Ok(ConfiguredProvider { id: id.clone(), name: provider.name(id), provider: adapter })
    });
    configured.collect::<Result<Vec<_>, _>>().map(IdentityProviders)
}

fn is_usable(address: &str) -> bool {
    (address.starts_with("https://") || is_loopback(address)) && url::Url::parse(address).is_ok()
}

fn is_loopback(address: &str) -> bool {
    address.starts_with("http://127.0.0.1:")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(id: &str, provider: ProviderSettings) -> SocialSettings {
        BTreeMap::from([(id.to_owned(), provider)])
    }

    fn complete() -> ProviderSettings {
        ProviderSettings { client_id: "shop".into(), client_secret: "hidden".into(), ..ProviderSettings::default() }
    }

    #[test]
    fn each_well_known_provider_needs_an_id_and_a_secret_only() {
        for (id, name) in
            [("google", "Google"), ("microsoft", "Microsoft"), ("github", "GitHub"), ("facebook", "Facebook")]
        {
            assert_eq!(faults(&settings(id, complete())), Vec::<String>::new());
            assert_eq!(complete().name(id), name);
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = faults(&settings("google", ProviderSettings::default()));
        assert_eq!(missing.len(), 2);
        assert!(missing[0].starts_with("CARAT__SOCIAL__GOOGLE__CLIENT_ID (social.google.client_id)"), "{missing:?}");
        let missing = faults(&settings("acme", complete()));
        assert!(missing[0].contains("social.acme.issuer"), "{missing:?}");
    }

    #[test]
    fn a_provider_elsewhere_needs_tls() {
        let with = |issuer: &str| ProviderSettings { issuer: Some(issuer.to_owned()), ..complete() };
        assert!(faults(&settings("acme", with("https://id.acme.example"))).is_empty());
        assert!(faults(&settings("acme", with("http://127.0.0.1:9000"))).is_empty());
        for odd in ["http://id.acme.example", "id.acme.example", "http://127.0.0.1.acme.example", "https://"] {
            assert_eq!(faults(&settings("acme", with(odd))).len(), 1, "{odd}");
        }
    }

    #[test]
    fn an_odd_id_or_tenant_is_refused() {
        assert_eq!(faults(&settings("a/b", complete())).len(), 1);
        let tenant = ProviderSettings { tenant: Some("a/b".into()), ..complete() };
        assert_eq!(faults(&settings("microsoft", tenant)).len(), 1);
    }

    #[test]
    fn microsofts_tenant_is_part_of_its_issuer() {
        let own = ProviderSettings { tenant: Some("contoso.onmicrosoft.com".into()), ..complete() };
        let issuer = |provider: &ProviderSettings| provider.issuer("microsoft").unwrap();
        assert_eq!(issuer(&own), "https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0");
        assert_eq!(issuer(&complete()), "https://login.microsoftonline.com/common/v2.0");
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        assert!(!format!("{:?}", complete()).contains("hidden"));
    }
}
