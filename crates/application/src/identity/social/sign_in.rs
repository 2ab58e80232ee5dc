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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::SecurityEventKind;
    use crate::identity::opening::double::opening;
    use crate::identity::ports::{LinkedIdentity, MockIdentityQueries};
    use crate::identity::social::ports::{Arrival, ExternalIdentity, MockIdentityProvider};
    use crate::repository_error::UniqueKey;
    use crate::system::MockSecretSource;
    use crate::tests::{StandingSystem, allowed, client, now, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;

    fn ada() -> User {
        User { email_verified_at: Some(now()), ..user(Role::Customer) }
    }

    /// A door to the provider "acme", for people who have these factors. No two of its secrets are alike.
    fn door(
        transactor: &Arc<TransactorDouble>,
        acme: MockIdentityProvider,
        factors: Vec<SecondFactor>,
    ) -> ProviderSignIn {
        let (mut people, mut secrets, mut drawn) = (MockIdentityQueries::new(), MockSecretSource::new(), 0);
        people.expect_second_factors().returning(move |_| Ok(factors.clone()));
        secrets.expect_bytes().returning(move || {
            drawn += 1;
            [drawn; 32]
        });
        let named = |id: &str, provider: MockIdentityProvider| ConfiguredProvider {
            id: id.to_owned(),
            name: id.to_uppercase(),
            provider: Arc::new(provider),
        };
        ProviderSignIn {
            providers: IdentityProviders(vec![named("acme", acme), named("other", MockIdentityProvider::new())]),
            people: Arc::new(people),
            transactor: transactor.clone(),
            opening: SessionOpening { secrets: Arc::new(secrets), ..opening() },
            clock: StandingSystem::new(),
        }
    }

    /// A provider that knows Ada, and is asked this often.
    fn acme(asked: usize) -> MockIdentityProvider {
        let mut acme = MockIdentityProvider::new();
        acme.expect_finish()
            .withf(|arrival, secrets| {
                let FlowSecrets { state, nonce, pkce_verifier } = secrets;
                (arrival.code.as_str(), state.as_str(), nonce.as_str(), pkce_verifier.as_str())
                    == ("code", "state", "nonce", "verifier")
            })
            .times(asked)
            .returning(|_, _| {
                Ok(ExternalIdentity {
                    subject: "42".to_owned(),
                    email: Some(ada().email),
                    email_verified: true,
                    name: None,
                })
            });
        acme
    }

    fn back(provider: &str, browser: Option<&str>) -> Back {
        Back {
            provider: provider.to_owned(),
            state: "state".to_owned(),
            browser_token: browser.map(ToOwned::to_owned),
            arrival: Ok(Arrival { code: "code".to_owned(), issuer: None }),
        }
    }

    /// A unit of work in which the flow that was begun by this browser at "acme" is taken away.
    fn resuming(linking: Option<UserId>) -> UnitOfWorkDouble {
        let flow = Flow {
            provider: "acme".to_owned(),
            nonce: "nonce".to_owned(),
            pkce_verifier: "verifier".to_owned(),
            browser: digest_of("browser"),
            return_to: "/cart".to_owned(),
        };
        let ceremony = Ceremony {
            digest: digest_of("state"),
            kind: CeremonyKind::SocialSignIn,
            user_id: linking,
            data: serde_json::to_string(&flow).unwrap(),
            tries_left: 1,
            expires_at: now(),
        };
        taking(Some(ceremony))
    }

    fn taking(ceremony: Option<Ceremony>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.ceremonies
            .expect_finish()
            .withf(|digest, kind, at| {
                digest == digest_of("state") && *kind == CeremonyKind::SocialSignIn && *at == now()
            })
            .times(1)
            .return_once(move |_, _, _| Ok(ceremony));
        tx
    }

    /// A unit of work in which the identity is Ada's already.
    fn knowing() -> UnitOfWorkDouble {
        let mut tx = locking(ada());
        tx.linked_identities.expect_find().returning(|_, _| {
            Ok(Some(LinkedIdentity {
                id: uuid(50),
                user_id: ada().id,
                provider: "acme".to_owned(),
                subject: "42".to_owned(),
                email: None,
                created_at: now(),
            }))
        });
        tx
    }

    /// A unit of work that finds somebody so.
    fn locking(person: User) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(move |_| Ok(Some(person.clone())));
        tx
    }

    async fn land(door: &ProviderSignIn, back: Back) -> Landing {
        door.finish(back, &client()).await.unwrap()
    }

    fn is_lost(landing: &Landing) -> bool {
        matches!(landing, Landing::Refused { refusal: Refusal::Lost, linking: false, return_to: None })
    }

    #[tokio::test]
    async fn what_is_remembered_of_a_flow_is_bound_to_its_browser_and_soon_forgotten() {
        for linking in [None, Some(allowed(Role::Customer))] {
            let owner = linking.as_ref().map(|caller| caller.user_id);
            let mut acme = MockIdentityProvider::new();
            acme.expect_start().times(1).returning(|secrets| Ok(format!("https://acme.example/?{}", secrets.state)));
            let mut tx = UnitOfWorkDouble::default();
            let kept = Arc::new(std::sync::Mutex::new(None));
            let keeping = kept.clone();
            tx.ceremonies.expect_insert().times(1).returning(move |ceremony| {
                *keeping.lock().unwrap() = Some(ceremony.clone());
                Ok(())
            });
            let transactor = TransactorDouble::new([tx]);
            let away = door(&transactor, acme, vec![]).begin("acme", "/cart", linking).await.unwrap();
            let kept = kept.lock().unwrap().clone().unwrap();
            let state = away.authorize_url.split_once('?').unwrap().1;
            let flow: Flow = serde_json::from_str(&kept.data).unwrap();
            assert_eq!((kept.digest, kept.user_id), (digest_of(state), owner));
            assert_eq!((kept.kind, kept.expires_at), (CeremonyKind::SocialSignIn, now() + TimeDelta::minutes(10)));
            assert_eq!((flow.browser, flow.return_to.as_str()), (digest_of(&away.browser_token), "/cart"));
            assert!(!kept.data.contains(state) && !kept.data.contains(&away.browser_token));
            assert_ne!(flow.nonce, flow.pkce_verifier);
            assert_eq!(transactor.commits(), 1);
        }
    }

    #[tokio::test]
    async fn of_an_unknown_provider_or_one_that_is_away_nothing_is_remembered() {
        let mut acme = MockIdentityProvider::new();
        acme.expect_start().returning(|_| Err(ProviderError::Unavailable("away".into())));
        let door = door(&TransactorDouble::new([]), acme, vec![]);
        assert!(matches!(door.begin("nobody", "/", None).await, Err(BeginError::NotFound)));
        let away = door.begin("acme", "/", None).await;
        assert!(matches!(away, Err(BeginError::Provider(ProviderError::Unavailable(_)))));
        let unknown = door.finish(back("nobody", Some("browser")), &client()).await;
        assert!(matches!(unknown, Err(FinishError::NotFound)));
    }

    #[tokio::test]
    async fn a_state_that_is_unknown_too_old_or_used_asks_no_provider() {
        let transactor = TransactorDouble::new([taking(None)]);
        let door = door(&transactor, acme(0), vec![]);
        assert!(is_lost(&land(&door, back("acme", Some("browser"))).await));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn another_browser_or_another_provider_ends_the_flow() {
        for (provider, browser) in [("acme", None), ("acme", Some("another")), ("other", Some("browser"))] {
            let transactor = TransactorDouble::new([resuming(None)]);
            let door = door(&transactor, acme(0), vec![]);
            assert!(is_lost(&land(&door, back(provider, browser)).await), "{provider} {browser:?}");
            assert_eq!(transactor.commits(), 1, "it is forgotten all the same");
        }
    }

    #[tokio::test]
    async fn who_comes_back_without_a_code_is_not_asked_about() {
        for (no_code, denied) in [(NoCode::Denied, true), (NoCode::Failed, false)] {
            let transactor = TransactorDouble::new([resuming(None)]);
            let door = door(&transactor, acme(0), vec![]);
            let landing = land(&door, Back { arrival: Err(no_code), ..back("acme", Some("browser")) }).await;
            let Landing::Refused { refusal, linking: false, return_to } = landing else { panic!("{landing:?}") };
            assert_eq!((matches!(refusal, Refusal::Denied), return_to.as_deref()), (denied, Some("/cart")));
        }
    }

    #[tokio::test]
    async fn whom_the_provider_does_not_vouch_for_is_not_let_in() {
        let mut acme = MockIdentityProvider::new();
        acme.expect_finish().times(1).returning(|_, _| Err(ProviderError::Refused("another nonce".to_owned())));
        let transactor = TransactorDouble::new([resuming(None)]);
        let landing = land(&door(&transactor, acme, vec![]), back("acme", Some("browser"))).await;
        assert!(matches!(landing, Landing::Refused { refusal: Refusal::Provider(_), .. }));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn who_is_known_gets_a_session_and_lands_where_they_wanted_to_be() {
        let mut tx = locking(ada());
        tx.sessions.expect_insert().withf(|session| session.user_id == ada().id).times(1).returning(|_| Ok(()));
        tx.security_log
            .expect_record()
            .withf(|event, _| event.kind == SecurityEventKind::LoginSucceeded && event.details["method"] == "social")
            .times(1)
            .returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([resuming(None), knowing(), tx]);
        let landing = land(&door(&transactor, acme(1), vec![]), back("acme", Some("browser"))).await;
        let Landing::SignedIn { signed_in, return_to } = landing else { panic!("{landing:?}") };
        assert_eq!((signed_in.user.id, return_to.as_str(), transactor.commits()), (ada().id, "/cart", 3));
    }

    #[tokio::test]
    async fn an_account_with_an_authenticator_app_is_asked_for_it_and_gets_no_session() {
        let mut tx = locking(ada());
        tx.ceremonies
            .expect_insert()
            .withf(|ceremony| {
                ceremony.kind == CeremonyKind::SecondFactor
                    && ceremony.user_id == Some(ada().id)
                    && ceremony.tries_left == SecondFactorChallenge::TRIES
                    && ceremony.expires_at == now() + SecondFactorChallenge::LIFETIME
            })
            .times(1)
            .returning(|_| Ok(()));
        let transactor = TransactorDouble::new([resuming(None), knowing(), tx]);
        let factors = vec![SecondFactor::Totp, SecondFactor::RecoveryCode];
        let landing = land(&door(&transactor, acme(1), factors.clone()), back("acme", Some("browser"))).await;
        let Landing::SecondFactor { challenge, return_to } = landing else { panic!("{landing:?}") };
        assert_eq!((challenge.methods, return_to.as_str()), (factors, "/cart"));
        assert_eq!(transactor.commits(), 3);
    }

    #[tokio::test]
    async fn who_is_kept_out_meanwhile_gets_no_session() {
        let disabled = User { disabled_at: Some(now()), ..ada() };
        let transactor = TransactorDouble::new([resuming(None), knowing(), locking(disabled)]);
        let landing = land(&door(&transactor, acme(1), vec![]), back("acme", Some("browser"))).await;
        assert!(matches!(landing, Landing::Refused { refusal: Refusal::KeptOut, .. }));
        assert_eq!(transactor.commits(), 2);
    }

    #[tokio::test]
    async fn of_two_first_sign_ins_at_once_the_second_finds_what_the_first_has_made() {
        let mut tx = UnitOfWorkDouble::default();
        tx.linked_identities.expect_find().returning(|_, _| Ok(None));
        tx.users.expect_lock_by_email().returning(|_| Ok(None));
        let taken = || RepositoryError::Conflict(UniqueKey::UserEmail);
        tx.users.expect_insert().times(1).returning(move |_| Err(taken()));
        let mut opening = locking(ada());
        opening.sessions.expect_insert().times(1).returning(|_| Ok(()));
        opening.security_log.expect_record().times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([resuming(None), tx, knowing(), opening]);
        let landing = land(&door(&transactor, acme(1), vec![]), back("acme", Some("browser"))).await;
        assert!(matches!(landing, Landing::SignedIn { .. }));
        assert_eq!(transactor.commits(), 3, "the first try is rolled back");
    }

    #[tokio::test]
    async fn who_asked_for_it_gets_the_identity_linked_and_no_further_session() {
        let transactor = TransactorDouble::new([resuming(Some(ada().id)), knowing()]);
        let landing = land(&door(&transactor, acme(1), vec![]), back("acme", Some("browser"))).await;
        assert!(matches!(landing, Landing::Linked { return_to } if return_to == "/cart"));
        assert_eq!(transactor.commits(), 2);
    }
}
