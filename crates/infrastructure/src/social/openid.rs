//! Any provider that speaks OpenID Connect: Google, Microsoft, Apple's peers, or a company's own. The library proves the ID
//! token: its signature by one of the provider's published keys, issuer, audience, time and nonce.

use super::client::{InvalidProvider, RegisteredClient, address, bearer, display_name, subject};
use super::discovery::{Discovery, IssuerRule, Published, TENANT_GAP};
use super::http::{HttpFault, ProviderHttp};
use super::oauth2::unredeemed;
use application::identity::social::ports::{Arrival, ExternalIdentity, FlowSecrets, IdentityProvider, ProviderError};
use application::system::Clock;
use async_trait::async_trait;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod, CoreErrorResponseType,
    CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, IdTokenVerifier,
    Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, SignatureVerificationError,
    StandardErrorResponse, StandardTokenResponse, SubjectIdentifier, TokenResponse, UserInfoError,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Keys of which only the provider has the private half. (Not HMAC, whose key would be the client's secret; never `none`.)
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Where a provider goes its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenIdFlavour {
    /// Nowhere.
    Standard,
    /// Microsoft: one document serves many tenants, each of which is its own issuer; and an address is whatever the
    /// tenant's administrator typed, unless `xms_edov` says that its domain's owner was proven.
    Microsoft,
}

/// Signs people in by an OpenID provider.
pub struct OpenIdProvider {
    registered: RegisteredClient,
    callback: RedirectUrl,
    flavour: OpenIdFlavour,
    discovery: Discovery,
    http: ProviderHttp,
    clock: Arc<dyn Clock>,
}

/// Claims beyond the standard ones.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct MoreClaims {
    #[serde(skip_serializing_if = "Option::is_none")]
    tid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    xms_edov: Option<serde_json::Value>,
}

impl AdditionalClaims for MoreClaims {}

type Algorithm = CoreJwsSigningAlgorithm;
type Fields =
    IdTokenFields<MoreClaims, EmptyExtraTokenFields, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, Algorithm>;
type Tokens = StandardTokenResponse<Fields, CoreTokenType>;
type Claims = openidconnect::IdTokenClaims<MoreClaims, CoreGenderClaim>;
type Client = openidconnect::Client<
    MoreClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl OpenIdProvider {
    /// The provider that is this issuer.
    ///
    /// # Errors
    /// When an address is none.
    pub fn new(
        registered: RegisteredClient,
        issuer: String,
        flavour: OpenIdFlavour,
        http: ProviderHttp,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, InvalidProvider> {
        let rule = match flavour {
            OpenIdFlavour::Standard => IssuerRule::Exact,
            OpenIdFlavour::Microsoft => IssuerRule::SameOrigin,
        };
        let callback = RedirectUrl::new(registered.callback_url.clone())?;
        let discovery = Discovery::new(issuer, rule, http.clone(), clock.clone())?;
        Ok(Self { registered, callback, flavour, discovery, http, clock })
    }

    fn client(&self, published: &Published) -> Client {
        let methods = published.metadata.token_endpoint_auth_methods_supported();
        let knows = |method| methods.is_none_or(|methods| methods.contains(&method));
        let basic = knows(CoreClientAuthMethod::ClientSecretBasic);
        let post = methods.is_some() && knows(CoreClientAuthMethod::ClientSecretPost);
        let id = ClientId::new(self.registered.id.clone());
        let secret = ClientSecret::new(self.registered.secret.clone());
        Client::from_provider_metadata(published.metadata.clone(), id, Some(secret))
            .set_auth_type(if post && !basic { AuthType::RequestBody } else { AuthType::BasicAuth })
            .set_redirect_uri(self.callback.clone())
    }

    async fn redeem(&self, client: &Client, code: &str, secrets: &FlowSecrets) -> Result<Tokens, ProviderError> {
        let request = client.exchange_code(AuthorizationCode::new(code.to_owned()));
        let request = request.map_err(|_| ProviderError::Refused("there is no token endpoint".to_owned()))?;
        request.set_pkce_verifier(verifier(secrets)).request_async(&self.http).await.map_err(unredeemed)
    }

    /// The ID token's claims, proven. If its key is unknown, the provider may have new ones.
    async fn claims(&self, tokens: &Tokens, known: &Published, nonce: &Nonce) -> Result<Claims, ProviderError> {
        let unknown = ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey);
        match self.verified(tokens, known, nonce) {
            Err(Unverified::Claims(error)) if error == unknown => match self.discovery.newer_than(known).await? {
                Some(newer) => self.verified(tokens, &newer, nonce).map_err(ProviderError::from),
                None => Err(Unverified::Claims(error).into()),
            },
            verdict => verdict.map_err(ProviderError::from),
        }
    }

    fn verified(&self, tokens: &Tokens, published: &Published, nonce: &Nonce) -> Result<Claims, Unverified> {
        let token = tokens.id_token().ok_or(Unverified::Missing)?;
        let metadata = &published.metadata;
        let client = ClientId::new(self.registered.id.clone());
        let issuer = metadata.issuer().clone();
        let many_tenants = self.flavour == OpenIdFlavour::Microsoft && issuer.as_str().contains(TENANT_GAP);
        let verifier = IdTokenVerifier::new_public_client(client, issuer, metadata.jwks().clone())
            .set_allowed_algs(ALGORITHMS)
            .require_issuer_match(!many_tenants)
            .set_time_fn(|| self.clock.now());
        let claims = token.claims(&verifier, nonce).map_err(Unverified::Claims)?;
        if many_tenants {
            let tenant = claims.additional_claims().tid.as_deref().unwrap_or_default();
            let expected = metadata.issuer().as_str().replace(TENANT_GAP, tenant);
            if tenant.is_empty() || claims.issuer().as_str() != expected {
                return Err(Unverified::Tenant);
            }
        }
        if claims.authorized_party().is_some_and(|party| party.as_str() != self.registered.id) {
            return Err(Unverified::Party);
        }
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = token.signing_alg().map_err(|_| Unverified::AccessToken)?;
            let key = token.signing_key(&verifier).map_err(|_| Unverified::AccessToken)?;
            let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key);
            if actual.map_err(|_| Unverified::AccessToken)? != *expected {
                return Err(Unverified::AccessToken);
            }
        }
        Ok(claims.clone())
    }

    /// What the provider tells beside the ID token, for those that keep the address out of it.
    async fn told(&self, client: &Client, tokens: &Tokens, who: &SubjectIdentifier) -> Result<Told, ProviderError> {
        bearer(tokens.access_token().secret())?;
        let Ok(request) = client.user_info(tokens.access_token().clone(), Some(who.clone())) else {
            return Ok(Told::default()); // it has no such endpoint
        };
        let claims: CoreUserInfoClaims = request.request_async(&self.http).await.map_err(untold)?;
        Ok(Told {
            email: claims.email().map(|email| email.to_string()),
            email_verified: self.flavour == OpenIdFlavour::Standard && claims.email_verified() == Some(true),
            name: claims.name().and_then(|names| names.get(None)).map(|name| name.to_string()),
        })
    }

    fn said(&self, claims: &Claims) -> Told {
        let proven = match self.flavour {
            OpenIdFlavour::Standard => claims.email_verified() == Some(true),
            OpenIdFlavour::Microsoft => claims.additional_claims().xms_edov.as_ref().is_some_and(is_true),
        };
        Told {
            email: claims.email().map(|email| email.to_string()),
            email_verified: proven,
            name: claims.name().and_then(|names| names.get(None)).map(|name| name.to_string()),
        }
    }
}

/// What is told of somebody, in the ID token or beside it.
#[derive(Default)]
struct Told {
    email: Option<String>,
    email_verified: bool,
    name: Option<String>,
}

#[async_trait]
impl IdentityProvider for OpenIdProvider {
    async fn start(&self, secrets: &FlowSecrets) -> Result<String, ProviderError> {
        let published = self.discovery.published().await?;
        let (state, nonce, verifier) = (secrets.state.clone(), secrets.nonce.clone(), verifier(secrets));
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let client = self.client(&published);
        let request = client.authorize_url(flow, || CsrfToken::new(state), || Nonce::new(nonce));
        let scopes = ["email", "profile"].map(|scope| Scope::new(scope.to_owned()));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        Ok(request.add_scopes(scopes).set_pkce_challenge(challenge).url().0.into())
    }

    async fn finish(&self, arrival: &Arrival, secrets: &FlowSecrets) -> Result<ExternalIdentity, ProviderError> {
        let published = self.discovery.published().await?;
        let issuer = published.metadata.issuer().as_str();
        let other = |named: &&String| *named != issuer && !issuer.contains(TENANT_GAP);
        if let Some(named) = arrival.issuer.as_ref().filter(other) {
            return Err(ProviderError::Refused(format!("the browser comes from {named}")));
        }
        let client = self.client(&published);
        let tokens = self.redeem(&client, &arrival.code, secrets).await?;
        let claims = self.claims(&tokens, &published, &Nonce::new(secrets.nonce.clone())).await?;
        let mut told = self.said(&claims);
        if told.email.is_none() {
            let beside = self.told(&client, &tokens, claims.subject()).await?;
            told = Told { name: told.name.or(beside.name), ..beside };
        }
        let email = told.email.as_deref().and_then(address);
        Ok(ExternalIdentity {
            subject: subject(claims.subject())?,
            email_verified: told.email_verified && email.is_some(),
            email,
            name: told.name.as_deref().and_then(display_name),
        })
    }
}

fn verifier(secrets: &FlowSecrets) -> PkceCodeVerifier {
    PkceCodeVerifier::new(secrets.pkce_verifier.clone())
}

/// Microsoft writes it as a truth value, a number or a text.
fn is_true(claim: &serde_json::Value) -> bool {
    claim == &serde_json::json!(true) || claim == &serde_json::json!(1) || claim == "1" || claim == "true"
}

/// Why an ID token proves nothing.
#[derive(Debug, thiserror::Error)]
enum Unverified {
    #[error("there is none")]
    Missing,
    #[error("{0}")]
    Claims(ClaimsVerificationError),
    #[error("its issuer is not its tenant")]
    Tenant,
    #[error("it was made for another party")]
    Party,
    #[error("it belongs to another access token")]
    AccessToken,
}

impl From<Unverified> for ProviderError {
    fn from(error: Unverified) -> Self {
        let cause = match &error {
            Unverified::Claims(claims) => std::error::Error::source(claims),
            Unverified::Missing | Unverified::Tenant | Unverified::Party | Unverified::AccessToken => None,
        };
        let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
        Self::Refused(format!("the ID token: {error}{cause}"))
    }
}

fn untold(error: UserInfoError<HttpFault>) -> ProviderError {
    match error {
        UserInfoError::Request(fault) => fault.into(),
        other => ProviderError::Refused(format!("who it is: {other}")),
    }
}
