//! Signing in elsewhere: away to a provider, and back with its word for who somebody is.
//!
//! What is remembered meanwhile is found again by the state, once, within ten minutes; and only the browser that was sent
//! away may come back with it, since it alone has the token whose digest is remembered too (RFC 9700, 4.7).

use super::journey::{Away, Back, Landing, NoCode, Refusal};
use super::linking::{Newcomer, NotLinked};
use super::ports::{ConfiguredProvider, FlowSecrets, IdentityProviders, ProviderError};
use crate::identity::client::Client;
use crate::identity::opening::{SessionOpening, SignInMethod};
use crate::identity::policy::{Allowed, ChangeCredentials};
use crate::identity::ports::{Ceremony, CeremonyKind, IdentityQueries, SecondFactor, SigningFailed};
use crate::identity::sign_in::SecondFactorChallenge;
use crate::repository_error::RepositoryError;
use crate::system::{Clock, OpaqueToken, digest_of};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::TimeDelta;
use domain::identity::User;
use domain::kernel::UserId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How long somebody may be away.
pub const AWAY_AT_MOST: TimeDelta = TimeDelta::minutes(10);
/// Of many first sign-ins at once one makes the account; the others find it at their next try.
const TRIES: usize = 4;

/// Signs people in by providers.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SocialSignIn: Send + Sync {
    /// The providers that the shop is configured for: their ids and their names for people.
    fn providers(&self) -> Vec<(String, String)>;
    /// Sends a browser to a provider. Whoever is signed in and asks for it links the identity to their account instead.
    async fn begin(
        &self,
        provider: &str,
        return_to: &str,
        linking: Option<Allowed<ChangeCredentials>>,
    ) -> Result<Away, BeginError>;
    /// Takes it back.
    async fn finish(&self, back: Back, client: &Client) -> Result<Landing, FinishError>;
}

/// Why a browser can't be sent away.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// There is no such provider.
    #[error("there is no such provider")]
    NotFound,
    /// The provider is away.
    #[error(transparent)]
    Provider(ProviderError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// Why there is no answer to a browser that came back.
#[derive(Debug, thiserror::Error)]
pub enum FinishError {
    /// There is no such provider.
    #[error("there is no such provider")]
    NotFound,
    /// The token could not be signed.
    #[error(transparent)]
    Signing(#[from] SigningFailed),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// What is remembered while somebody is away. (The state is only known by its digest, the ceremony's key.)
#[derive(Serialize, Deserialize)]
struct Flow {
    provider: String,
    nonce: String,
    pkce_verifier: String,
    browser: String,
    return_to: String,
}

/// The service behind [`SocialSignIn`].
pub struct ProviderSignIn {
    /// The providers.
    pub providers: IdentityProviders,
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Opens sessions, and draws ids and secrets.
    pub opening: SessionOpening,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl SocialSignIn for ProviderSignIn {
    fn providers(&self) -> Vec<(String, String)> {
        self.providers.0.iter().map(|provider| (provider.id.clone(), provider.name.clone())).collect()
    }

    async fn begin(
        &self,
        provider: &str,
        return_to: &str,
        linking: Option<Allowed<ChangeCredentials>>,
    ) -> Result<Away, BeginError> {
        let configured = self.providers.find(provider).ok_or(BeginError::NotFound)?;
        let draw = || OpaqueToken::draw(&*self.opening.secrets);
        let (state, browser) = (draw(), draw());
        let secrets = FlowSecrets { state: state.reveal(), nonce: draw().reveal(), pkce_verifier: draw().reveal() };
        let authorize_url = configured.provider.start(&secrets).await.map_err(BeginError::Provider)?;
        let flow = Flow {
            provider: configured.id.clone(),
            nonce: secrets.nonce,
            pkce_verifier: secrets.pkce_verifier,
            browser: browser.digest(),
            return_to: return_to.to_owned(),
        };
        let ceremony = Ceremony {
            digest: state.digest(),
            kind: CeremonyKind::SocialSignIn,
            user_id: linking.map(|caller| caller.user_id),
            data: serde_json::to_string(&flow).map_err(RepositoryError::unavailable)?,
            tries_left: 1,
            expires_at: self.clock.now() + AWAY_AT_MOST,
        };
        let tx = self.transactor.begin().await?;
        tx.ceremonies().insert(&ceremony).await?;
        tx.commit().await?;
        Ok(Away { authorize_url, browser_token: browser.reveal() })
    }

    async fn finish(&self, back: Back, client: &Client) -> Result<Landing, FinishError> {
        let provider = self.providers.find(&back.provider).ok_or(FinishError::NotFound)?;
        let Some((flow, linking)) = self.resume(&back).await? else {
            return Ok(Landing::Refused { refusal: Refusal::Lost, linking: false, return_to: None });
        };
        let return_to = flow.return_to.clone();
        match self.land(provider, flow, linking, back, client).await {
            Ok(landing) => Ok(landing),
            Err(Stopped::Refused(refusal)) => {
                Ok(Landing::Refused { refusal, linking: linking.is_some(), return_to: Some(return_to) })
            }
            Err(Stopped::Failed(error)) => Err(error),
        }
    }
}

/// Why a flow ends on its way.
enum Stopped {
    Refused(Refusal),
    Failed(FinishError),
}

impl<T: Into<FinishError>> From<T> for Stopped {
    fn from(error: T) -> Self {
        Self::Failed(error.into())
    }
}

impl ProviderSignIn {
    /// What is remembered of a flow, and who wants to link. It is forgotten by this, whatever comes of it.
    async fn resume(&self, back: &Back) -> Result<Option<(Flow, Option<UserId>)>, RepositoryError> {
        let tx = self.transactor.begin().await?;
        let digest = digest_of(&back.state);
        let taken = tx.ceremonies().finish(&digest, CeremonyKind::SocialSignIn, self.clock.now()).await?;
        let Some(ceremony) = taken else { return Ok(None) };
        tx.commit().await?;
        let flow: Flow = serde_json::from_str(&ceremony.data).map_err(RepositoryError::unavailable)?;
        let browser = back.browser_token.as_deref().map(digest_of);
        let ours = flow.provider == back.provider && browser.as_ref() == Some(&flow.browser);
        Ok(ours.then_some((flow, ceremony.user_id)))
    }

    async fn land(
        &self,
        provider: &ConfiguredProvider,
        flow: Flow,
        linking: Option<UserId>,
        back: Back,
        client: &Client,
    ) -> Result<Landing, Stopped> {
        let arrival = back.arrival.map_err(|no_code| match no_code {
            NoCode::Denied => Stopped::Refused(Refusal::Denied),
            NoCode::Failed => Stopped::Refused(Refusal::Lost),
        })?;
        let secrets = FlowSecrets { state: back.state, nonce: flow.nonce, pkce_verifier: flow.pkce_verifier };
        let identity = provider.provider.finish(&arrival, &secrets).await;
        let identity = identity.map_err(|error| Stopped::Refused(Refusal::Provider(error)))?;
        let newcomer = Newcomer { provider, identity: &identity, client, now: self.clock.now() };
        if let Some(user) = linking {
            self.link(&newcomer, user).await?;
            return Ok(Landing::Linked { return_to: flow.return_to });
        }
        let user = self.identify(&newcomer).await?;
        self.welcome(user, flow.return_to, client).await
    }

    async fn identify(&self, newcomer: &Newcomer<'_>) -> Result<User, Stopped> {
        for _ in 1..TRIES {
            match self.try_to_identify(newcomer).await {
                Err(NotLinked::Repository(RepositoryError::Conflict(_) | RepositoryError::Contention)) => {}
                outcome => return outcome.map_err(stopped),
            }
        }
        self.try_to_identify(newcomer).await.map_err(stopped)
    }

    async fn try_to_identify(&self, newcomer: &Newcomer<'_>) -> Result<User, NotLinked> {
        let tx = self.transactor.begin().await?;
        let user = newcomer.find_or_register(&*tx, &*self.opening.ids).await?;
        tx.commit().await?;
        Ok(user)
    }

    async fn link(&self, newcomer: &Newcomer<'_>, user: UserId) -> Result<(), Stopped> {
        for _ in 1..TRIES {
            match self.try_to_link(newcomer, user).await {
                Err(NotLinked::Repository(RepositoryError::Conflict(_) | RepositoryError::Contention)) => {}
                outcome => return outcome.map_err(stopped),
            }
        }
        self.try_to_link(newcomer, user).await.map_err(stopped)
    }

    async fn try_to_link(&self, newcomer: &Newcomer<'_>, user: UserId) -> Result<(), NotLinked> {
        let tx = self.transactor.begin().await?;
        newcomer.link_to(&*tx, user, &*self.opening.ids).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A session, or the second factor.
    async fn welcome(&self, user: User, return_to: String, client: &Client) -> Result<Landing, Stopped> {
        let now = self.clock.now();
        let methods = SecondFactor::asked_at_sign_in(self.people.second_factors(user.id).await?);
        let opened = if methods.is_empty() { Some(self.opening.prepare(&user, client, now)?) } else { None };
        let tx = self.transactor.begin().await?;
        let user = tx.users().lock(user.id).await?.filter(User::is_active);
        let user = user.ok_or(Stopped::Refused(Refusal::KeptOut))?;
        let landing = if let Some(opened) = opened {
            let signed_in = opened.store(&*tx, SignInMethod::Social, client, now).await?;
            Landing::SignedIn { signed_in: Box::new(signed_in), return_to }
        } else {
            let token = OpaqueToken::draw(&*self.opening.secrets);
            let (challenge, ceremony) = SecondFactorChallenge::new(&user, methods, token, now);
            tx.ceremonies().insert(&ceremony).await?;
            Landing::SecondFactor { challenge, return_to }
        };
        tx.commit().await?;
        Ok(landing)
    }
}

fn stopped(reason: NotLinked) -> Stopped {
    match reason {
        NotLinked::KeptOut => Stopped::Refused(Refusal::KeptOut),
        NotLinked::EmailMissing => Stopped::Refused(Refusal::EmailMissing),
        NotLinked::EmailTaken => Stopped::Refused(Refusal::EmailTaken),
        NotLinked::IdentityTaken => Stopped::Refused(Refusal::IdentityTaken),
        NotLinked::Repository(error) => Stopped::Failed(error.into()),
    }
}
