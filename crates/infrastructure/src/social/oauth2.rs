//! The authorization code grant of OAuth 2 with PKCE (RFC 6749, RFC 7636), for providers that stop there. Who somebody is
//! must then be asked of the provider's own API.

use super::client::{InvalidProvider, RegisteredClient, bearer};
use super::http::{HttpFault, ProviderHttp};
use application::identity::social::ports::{FlowSecrets, ProviderError};
use oauth2::basic::{BasicClient, BasicErrorResponse};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse, TokenUrl,
};

/// The grant, for one provider.
pub struct CodeGrant {
    client: BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>,
    http: ProviderHttp,
    scope: &'static str,
}

impl CodeGrant {
    /// The grant with these addresses, asking for this scope.
    pub fn new(
        client: &RegisteredClient,
        authorize_url: String,
        token_url: String,
        scope: &'static str,
        http: ProviderHttp,
    ) -> Result<Self, InvalidProvider> {
        let client = BasicClient::new(ClientId::new(client.id.clone()))
            .set_client_secret(ClientSecret::new(client.secret.clone()))
            .set_auth_uri(AuthUrl::new(authorize_url)?)
            .set_token_uri(TokenUrl::new(token_url)?)
            .set_redirect_uri(RedirectUrl::new(client.callback_url.clone())?)
            .set_auth_type(AuthType::RequestBody); // neither GitHub nor Facebook documents Basic
        Ok(Self { client, http, scope })
    }

    /// Where the browser goes.
    pub fn authorize_url(&self, secrets: &FlowSecrets) -> String {
        let (state, verifier) = (secrets.state.clone(), verifier(secrets));
        let request = self.client.authorize_url(|| CsrfToken::new(state)).add_scope(Scope::new(self.scope.to_owned()));
        request.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier)).url().0.into()
    }

    /// The access token behind a code.
    pub async fn redeem(&self, code: &str, secrets: &FlowSecrets) -> Result<String, ProviderError> {
        let request = self.client.exchange_code(AuthorizationCode::new(code.to_owned()));
        let tokens = request.set_pkce_verifier(verifier(secrets)).request_async(&self.http).await;
        let tokens = tokens.map_err(|error: RequestTokenError<HttpFault, BasicErrorResponse>| unredeemed(error))?;
        Ok(bearer(tokens.access_token().secret())?.to_owned())
    }
}

fn verifier(secrets: &FlowSecrets) -> PkceCodeVerifier {
    PkceCodeVerifier::new(secrets.pkce_verifier.clone())
}

/// Why a code was not redeemed. The body of an answer that can't be read is left out: it may hold a token.
pub(super) fn unredeemed<T: oauth2::ErrorResponse>(error: RequestTokenError<HttpFault, T>) -> ProviderError {
    match error {
        RequestTokenError::Request(fault) => fault.into(),
        RequestTokenError::ServerResponse(response) => ProviderError::Refused(format!("the code: {response}")),
        RequestTokenError::Parse(_, _) => ProviderError::Refused("no tokens for the code".to_owned()),
        RequestTokenError::Other(words) => ProviderError::Refused(format!("no tokens for the code: {words}")),
    }
}
