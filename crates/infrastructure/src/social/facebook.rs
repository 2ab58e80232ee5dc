//! Facebook, by its manual login flow (<https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow>).
//! It does not say whether it has proven an address, so no address of its is taken as proven.

use super::client::{InvalidProvider, RegisteredClient, address, display_name, subject};
use super::http::ProviderHttp;
use super::oauth2::CodeGrant;
use application::identity::social::ports::{Arrival, ExternalIdentity, FlowSecrets, IdentityProvider, ProviderError};
use async_trait::async_trait;
use aws_lc_rs::hmac;
use oauth2::http::header::HeaderMap;
use serde::Deserialize;
use url::Url;

/// Where Facebook is, without slashes at the ends. A version that Facebook has ended is answered by the oldest one left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacebookAddresses {
    /// Its pages.
    pub site: String,
    /// Its Graph API.
    pub graph: String,
}

impl Default for FacebookAddresses {
    fn default() -> Self {
        Self { site: "https://www.facebook.com/v23.0".to_owned(), graph: "https://graph.facebook.com/v23.0".to_owned() }
    }
}

/// Signs people in by Facebook.
pub struct FacebookProvider {
    grant: CodeGrant,
    http: ProviderHttp,
    me: Url,
    app_secret: hmac::Key,
}

#[derive(Deserialize)]
struct Account {
    id: String,
    name: Option<String>,
    email: Option<String>,
}

impl FacebookProvider {
    /// Facebook at these addresses.
    ///
    /// # Errors
    /// When one is none.
    pub fn new(
        client: &RegisteredClient,
        addresses: &FacebookAddresses,
        http: ProviderHttp,
    ) -> Result<Self, InvalidProvider> {
        let FacebookAddresses { site, graph } = addresses;
        let authorize_url = format!("{site}/dialog/oauth");
        let token_url = format!("{graph}/oauth/access_token");
        Ok(Self {
            grant: CodeGrant::new(client, authorize_url, token_url, "email", http.clone())?,
            http,
            me: Url::parse(&format!("{graph}/me"))?,
            app_secret: hmac::Key::new(hmac::HMAC_SHA256, client.secret.as_bytes()),
        })
    }

    /// The question who the token's bearer is, signed so that a stolen token alone is of no use
    /// (<https://developers.facebook.com/docs/graph-api/guides/secure-requests>).
    fn question(&self, token: &str) -> Url {
        let proof = hex::encode(hmac::sign(&self.app_secret, token.as_bytes()));
        let mut url = self.me.clone();
        url.query_pairs_mut()
            .append_pair("fields", "id,name,email")
            .append_pair("access_token", token)
            .append_pair("appsecret_proof", &proof);
        url
    }
}

#[async_trait]
impl IdentityProvider for FacebookProvider {
    async fn start(&self, secrets: &FlowSecrets) -> Result<String, ProviderError> {
        Ok(self.grant.authorize_url(secrets))
    }

    async fn finish(&self, arrival: &Arrival, secrets: &FlowSecrets) -> Result<ExternalIdentity, ProviderError> {
        let token = self.grant.redeem(&arrival.code, secrets).await?;
        let account: Account = self.http.get_json(&self.question(&token), HeaderMap::new()).await?;
        Ok(ExternalIdentity {
            subject: subject(&account.id)?,
            email: account.email.as_deref().and_then(address),
            email_verified: false,
            name: account.name.as_deref().and_then(display_name),
        })
    }
}
