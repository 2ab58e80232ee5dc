//! GitHub, by its OAuth apps (<https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps>) and
//! REST API (<https://docs.github.com/rest/users/emails>). Enterprise servers have other addresses.

use super::client::{InvalidProvider, RegisteredClient, address, display_name};
use super::http::{ProviderHttp, read_json};
use super::oauth2::CodeGrant;
use application::identity::social::ports::{Arrival, ExternalIdentity, FlowSecrets, IdentityProvider, ProviderError};
use async_trait::async_trait;
use oauth2::http::StatusCode;
use oauth2::http::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use url::Url;

/// Where GitHub is, without slashes at the ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitHubAddresses {
    /// Its pages.
    pub site: String,
    /// Its REST API.
    pub api: String,
}

impl Default for GitHubAddresses {
    fn default() -> Self {
        Self { site: "https://github.com".to_owned(), api: "https://api.github.com".to_owned() }
    }
}

/// Signs people in by GitHub.
pub struct GitHubProvider {
    grant: CodeGrant,
    http: ProviderHttp,
    user: Url,
    emails: Url,
}

#[derive(Deserialize)]
struct Account {
    id: u64,
    login: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Address {
    email: String,
    primary: bool,
    verified: bool,
}

impl GitHubProvider {
    /// GitHub at these addresses.
    ///
    /// # Errors
    /// When one is none.
    pub fn new(
        client: &RegisteredClient,
        addresses: &GitHubAddresses,
        http: ProviderHttp,
    ) -> Result<Self, InvalidProvider> {
        let GitHubAddresses { site, api } = addresses;
        let authorize_url = format!("{site}/login/oauth/authorize");
        let token_url = format!("{site}/login/oauth/access_token");
        Ok(Self {
            grant: CodeGrant::new(client, authorize_url, token_url, "user:email", http.clone())?,
            http,
            user: Url::parse(&format!("{api}/user"))?,
            emails: Url::parse(&format!("{api}/user/emails"))?,
        })
    }

    /// The primary address. None where the person, or the app's owner, did not grant to see it.
    async fn primary(&self, headers: HeaderMap) -> Result<Option<Address>, ProviderError> {
        let response = self.http.get(&self.emails, headers).await?;
        match response.status() {
            StatusCode::OK => {
                let all: Vec<Address> = read_json(&self.emails, &response)?;
                Ok(all.into_iter().find(|address| address.primary))
            }
            StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => Ok(None),
            other => Err(ProviderError::Refused(format!("GitHub answered {other} for the addresses"))),
        }
    }
}

#[async_trait]
impl IdentityProvider for GitHubProvider {
    async fn start(&self, secrets: &FlowSecrets) -> Result<String, ProviderError> {
        Ok(self.grant.authorize_url(secrets))
    }

    async fn finish(&self, arrival: &Arrival, secrets: &FlowSecrets) -> Result<ExternalIdentity, ProviderError> {
        let headers = headers(&self.grant.redeem(&arrival.code, secrets).await?)?;
        let account: Account = self.http.get_json(&self.user, headers.clone()).await?;
        let primary = self.primary(headers).await?;
        Ok(ExternalIdentity {
            subject: account.id.to_string(), // the login can change hands
            email_verified: primary.as_ref().is_some_and(|primary| primary.verified),
            email: primary.and_then(|primary| address(&primary.email)),
            name: account.name.as_deref().and_then(display_name).or_else(|| display_name(&account.login)),
        })
    }
}

fn headers(token: &str) -> Result<HeaderMap, ProviderError> {
    let mut bearer = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| ProviderError::Refused("the access token is unusable".to_owned()))?;
    bearer.set_sensitive(true);
    Ok(HeaderMap::from_iter([
        (AUTHORIZATION, bearer),
        (ACCEPT, HeaderValue::from_static("application/vnd.github+json")),
        (HeaderName::from_static("x-github-api-version"), HeaderValue::from_static("2022-11-28")),
    ]))
}
