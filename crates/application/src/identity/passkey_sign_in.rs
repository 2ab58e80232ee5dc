//! Signing in by a passkey: without a password, in place of a second factor, or to prove anew who one is. A passkey counts
//! as two factors, since its device verifies its user.

use super::client::Client;
use super::opening::{SessionOpening, SignInMethod, SignedIn};
use super::passkeys::PasskeyQuestion;
use super::policy::{Allowed, ProveAnew};
use super::ports::{
    Ceremony, CeremonyKind, FactorQueries, IdentityQueries, PasskeyCeremonies, PasskeyFailed, PasskeyRefused,
    SigningFailed,
};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, OpaqueToken, digest_of};
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{Passkey, User};
use domain::kernel::{SessionId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// Signs people in by passkeys.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PasskeySignIn: Send + Sync {
    /// Asks for a passkey.
    async fn ask(&self, why: &WhyPasskey) -> Result<PasskeyQuestion, PasskeySignInError>;
    /// Takes the answer. A question is answered once, rightly or wrongly. Whoever was asked to prove themself anew must be
    /// `caller` still.
    async fn answer<'a>(
        &self,
        challenge: &str,
        credential: &Value,
        client: &Client,
        caller: Option<&'a Allowed<ProveAnew>>,
    ) -> Result<SignedIn, PasskeySignInError>;
}

/// Why somebody is asked for a passkey.
#[derive(Debug, Clone)]
pub enum WhyPasskey {
    /// To sign in: any passkey of anyone will do.
    SignIn,
    /// To complete a sign-in whose password was right, by the token of its challenge.
    SecondFactor(String),
    /// To prove anew who they are.
    StepUp(Allowed<ProveAnew>),
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum PasskeySignInError {
    /// There is no such question or challenge any more.
    #[error("the challenge has expired")]
    Expired,
    /// Not a passkey of ours, not its answer, or its owner is kept out.
    #[error("the passkey is not valid")]
    Refused,
    /// No question could be asked.
    #[error(transparent)]
    Failed(#[from] PasskeyFailed),
    /// The token could not be signed.
    #[error(transparent)]
    Signing(#[from] SigningFailed),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// What is stored of a question.
#[derive(Serialize, Deserialize)]
struct Asked {
    state: String,
    purpose: Purpose,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Purpose {
    SignIn,
    SecondFactor { challenge_digest: String },
    StepUp { session: Uuid },
}

/// The service behind [`PasskeySignIn`].
pub struct PasskeyDoor {
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Reads passkeys.
    pub factors: Arc<dyn FactorQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Asks devices, and checks their answers.
    pub ceremonies: Arc<dyn PasskeyCeremonies>,
    /// Opens sessions.
    pub opening: SessionOpening,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl PasskeySignIn for PasskeyDoor {
    async fn ask(&self, why: &WhyPasskey) -> Result<PasskeyQuestion, PasskeySignInError> {
        let now = self.clock.now();
        let (user, purpose) = self.purpose(why, now).await?;
        let allowed = match user {
            Some(user) => self.factors.passkeys(user).await?.into_iter().map(|key| key.credential_id).collect(),
            None => Vec::new(),
        };
        if user.is_some() && allowed.is_empty() {
            return Err(PasskeySignInError::Refused);
        }
        let begun = self.ceremonies.begin_sign_in(&allowed)?;
        let asked = Asked { state: begun.state, purpose };
        let data = serde_json::to_string(&asked).map_err(RepositoryError::unavailable)?;
        let token = OpaqueToken::draw(&*self.opening.secrets);
        let tx = self.transactor.begin().await?;
        let kind = CeremonyKind::PasskeySignIn;
        tx.ceremonies().insert(&PasskeyQuestion::ceremony(&token, kind, user, data, now)).await?;
        tx.commit().await?;
        Ok(PasskeyQuestion { challenge: token.reveal(), options: begun.options })
    }

    async fn answer<'a>(
        &self,
        challenge: &str,
        credential: &Value,
        client: &Client,
        caller: Option<&'a Allowed<ProveAnew>>,
    ) -> Result<SignedIn, PasskeySignInError> {
        let ceremony = self.finish(challenge).await?;
        let asked: Asked = serde_json::from_str(&ceremony.data).map_err(RepositoryError::unavailable)?;
        let answerer = caller.and_then(|caller| caller.session()).map(|session| session.session_id);
        if let Purpose::StepUp { session } = asked.purpose
            && answerer != Some(SessionId::new(session))
        {
            return Err(PasskeySignInError::Expired);
        }
        let owner = match self.owner(&ceremony, credential).await {
            Ok(owner) => owner,
            Err(PasskeySignInError::Refused) => return self.refuse(ceremony.user_id, client, false).await,
            Err(error) => return Err(error),
        };
        self.admit(owner, &asked, credential, client).await
    }
}

impl PasskeyDoor {
    /// Whom the question is to, where that is known, and what the answer will lead to.
    async fn purpose(
        &self,
        why: &WhyPasskey,
        now: DateTime<Utc>,
    ) -> Result<(Option<UserId>, Purpose), PasskeySignInError> {
        match why {
            WhyPasskey::SignIn => Ok((None, Purpose::SignIn)),
            WhyPasskey::StepUp(caller) => {
                let session = caller.session().ok_or(PasskeySignInError::Expired)?.session_id;
                Ok((Some(caller.user_id), Purpose::StepUp { session: session.uuid() }))
            }
            WhyPasskey::SecondFactor(challenge) => {
                let challenge_digest = digest_of(challenge);
                let tx = self.transactor.begin().await?;
                let open = tx.ceremonies().find(&challenge_digest, CeremonyKind::SecondFactor, now).await?;
                let user = open.and_then(|open| open.user_id).ok_or(PasskeySignInError::Expired)?;
                Ok((Some(user), Purpose::SecondFactor { challenge_digest }))
            }
        }
    }

    /// Takes the question away, before anything is checked.
    async fn finish(&self, challenge: &str) -> Result<Ceremony, PasskeySignInError> {
        let tx = self.transactor.begin().await?;
        let kind = CeremonyKind::PasskeySignIn;
        let found = tx.ceremonies().finish(&digest_of(challenge), kind, self.clock.now()).await?;
        tx.commit().await?;
        found.ok_or(PasskeySignInError::Expired)
    }

    /// Who the answer says to be, which must be whom the question was to. The device itself names its user, unless we did.
    async fn owner(&self, ceremony: &Ceremony, credential: &Value) -> Result<User, PasskeySignInError> {
        let presented = self.ceremonies.presented(credential).map_err(|_| PasskeySignInError::Refused)?;
        let passkey = self.factors.find_passkey(&presented.credential_id).await?;
        let owner = passkey.ok_or(PasskeySignInError::Refused)?.user_id;
        let told = presented.user.or(ceremony.user_id);
        if told != Some(owner) || ceremony.user_id.is_some_and(|asked| asked != owner) {
            return Err(PasskeySignInError::Refused);
        }
        let user = self.people.find_user(owner).await?.filter(User::is_active);
        user.ok_or(PasskeySignInError::Refused)
    }

    /// Checks the signature against the passkey as it is now, and opens or renews the session.
    async fn admit(
        &self,
        owner: User,
        asked: &Asked,
        credential: &Value,
        client: &Client,
    ) -> Result<SignedIn, PasskeySignInError> {
        let now = self.clock.now();
        let opened = match asked.purpose {
            Purpose::StepUp { .. } => None,
            Purpose::SignIn | Purpose::SecondFactor { .. } => Some(self.opening.prepare(&owner, client, now)?),
        };
        let tx = self.transactor.begin().await?;
        tx.users().lock(owner.id).await?.filter(User::is_active).ok_or(PasskeySignInError::Refused)?;
        if let Err(refusal) = self.check(&*tx, &owner, &asked.state, credential, now).await? {
            drop(tx);
            return self.refuse(Some(owner.id), client, refusal == PasskeyRefused::Cloned).await;
        }
        if let Purpose::SecondFactor { challenge_digest } = &asked.purpose {
            let answered = tx.ceremonies().finish(challenge_digest, CeremonyKind::SecondFactor, now).await?;
            answered.ok_or(PasskeySignInError::Expired)?;
        }
        let signed_in = match (opened, &asked.purpose) {
            (Some(opened), _) => opened.store(&*tx, SignInMethod::Passkey, client, now).await?,
            (None, Purpose::StepUp { session }) => self.prove(&*tx, owner, SessionId::new(*session), now).await?,
            (None, Purpose::SignIn | Purpose::SecondFactor { .. }) => return Err(PasskeySignInError::Expired),
        };
        tx.commit().await?;
        Ok(signed_in)
    }

    /// Checks an answer, and keeps what its device told.
    async fn check(
        &self,
        tx: &dyn UnitOfWork,
        owner: &User,
        state: &str,
        credential: &Value,
        now: DateTime<Utc>,
    ) -> Result<Result<(), PasskeyRefused>, RepositoryError> {
        let Ok(presented) = self.ceremonies.presented(credential) else { return Ok(Err(PasskeyRefused::Invalid)) };
        let found = tx.passkeys().lock_by_credential(&presented.credential_id).await?;
        let theirs = |passkey: &Passkey| passkey.user_id == owner.id;
        let Some(mut passkey) = found.filter(theirs) else { return Ok(Err(PasskeyRefused::Invalid)) };
        match self.ceremonies.finish_sign_in(state, credential, &passkey.material) {
            Ok(material) => {
                passkey.used(material, now);
                tx.passkeys().save_use(&passkey).await?;
                Ok(Ok(()))
            }
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Renews the proof of a session that is open still, and hands its tokens out again.
    async fn prove(
        &self,
        tx: &dyn UnitOfWork,
        owner: User,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<SignedIn, PasskeySignInError> {
        let session = tx.sessions().find(session).await?.ok_or(PasskeySignInError::Expired)?;
        if session.ended_at.is_some() || session.user_id != owner.id {
            return Err(PasskeySignInError::Expired);
        }
        tx.sessions().prove(session.id, now).await?;
        Ok(self.opening.tokens(&session, session.generation, owner, None, now)?)
    }

    /// Notes a refusal.
    async fn refuse<T>(&self, user: Option<UserId>, client: &Client, cloned: bool) -> Result<T, PasskeySignInError> {
        let kind = if cloned { SecurityEventKind::PasskeyCloned } else { SecurityEventKind::SecondFactorFailed };
        let event = SecurityEvent::new(kind).from(client).with("method", "passkey");
        let event = match user {
            Some(user) => event.about(user),
            None => event,
        };
        let tx = self.transactor.begin().await?;
        tx.security_log().record(&event, self.clock.now()).await?;
        tx.commit().await?;
        Err(PasskeySignInError::Refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::opening::double::opening;
    use crate::identity::ports::{
        BegunPasskey, MockFactorQueries, MockIdentityQueries, MockPasskeyCeremonies, PresentedPasskey,
    };
    use crate::tests::{StandingSystem, client, now, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::{CredentialId, PasskeyMaterial, Role};
    use domain::kernel::PasskeyId;
    use serde_json::json;

    fn passkey() -> Passkey {
        Passkey {
            id: PasskeyId::new(uuid(60)),
            user_id: user(Role::Customer).id,
            credential_id: CredentialId("id".to_owned()),
            material: PasskeyMaterial("counter 1".to_owned()),
            name: "Laptop".to_owned(),
            created_at: now(),
            last_used_at: None,
        }
    }

    /// A door before which this user stands, with a device that says whose key it is, and what becomes of its signature.
    fn door(
        transactor: &Arc<TransactorDouble>,
        person: User,
        says: Option<UserId>,
        signed: Result<(), PasskeyRefused>,
    ) -> PasskeyDoor {
        let (mut people, mut factors, mut ceremonies) =
            (MockIdentityQueries::new(), MockFactorQueries::new(), MockPasskeyCeremonies::new());
        people.expect_find_user().returning(move |_| Ok(Some(person.clone())));
        factors.expect_find_passkey().returning(|_| Ok(Some(passkey())));
        factors.expect_passkeys().returning(|_| Ok(vec![]));
        ceremonies
            .expect_begin_sign_in()
            .returning(|_| Ok(BegunPasskey { options: json!({}), state: "state".to_owned() }));
        let presented = PresentedPasskey { credential_id: CredentialId("id".to_owned()), user: says };
        ceremonies.expect_presented().returning(move |_| Ok(presented.clone()));
        ceremonies
            .expect_finish_sign_in()
            .withf(|state, _, material| state == "state" && material.0 == "counter 1")
            .returning(move |_, _, _| signed.map(|()| PasskeyMaterial("counter 2".to_owned())));
        PasskeyDoor {
            people: Arc::new(people),
            factors: Arc::new(factors),
            transactor: transactor.clone(),
            ceremonies: Arc::new(ceremonies),
            opening: opening(),
            clock: StandingSystem::new(),
        }
    }

    fn ada() -> User {
        user(Role::Customer)
    }

    /// A unit of work in which the question is taken away.
    fn finishing(purpose: Purpose, asked: Option<UserId>) -> UnitOfWorkDouble {
        let data = serde_json::to_string(&Asked { state: "state".to_owned(), purpose }).unwrap();
        let mut tx = UnitOfWorkDouble::default();
        tx.ceremonies.expect_finish().times(1).returning(move |_, kind, now| {
            let token = OpaqueToken::draw(&*StandingSystem::new());
            Ok(Some(PasskeyQuestion::ceremony(&token, kind, asked, data.clone(), now)))
        });
        tx
    }

    /// A unit of work in which the signature is checked.
    fn checking() -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(|_| Ok(Some(ada())));
        tx.passkeys.expect_lock_by_credential().returning(|_| Ok(Some(passkey())));
        tx
    }

    /// A unit of work in which a refusal of this kind is noted.
    fn noting(kind: SecurityEventKind) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.security_log.expect_record().withf(move |event, _| event.kind == kind).times(1).returning(|_, _| Ok(()));
        tx
    }

    #[tokio::test]
    async fn a_passkey_opens_a_session_and_its_counter_is_kept() {
        let mut tx = checking();
        let kept = |passkey: &Passkey| passkey.material.0 == "counter 2" && passkey.last_used_at == Some(now());
        tx.passkeys.expect_save_use().withf(kept).times(1).returning(|_| Ok(()));
        tx.sessions.expect_insert().times(1).returning(|_| Ok(()));
        tx.security_log.expect_record().times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([finishing(Purpose::SignIn, None), tx]);
        let door = door(&transactor, ada(), Some(ada().id), Ok(()));
        let signed_in = door.answer("token", &json!({}), &client(), None).await.unwrap();
        assert_eq!((signed_in.user.id, transactor.commits()), (ada().id, 2));
    }

    #[tokio::test]
    async fn a_device_that_names_no_user_or_another_is_refused() {
        for says in [None, Some(UserId::new(uuid(77)))] {
            let units = [finishing(Purpose::SignIn, None), noting(SecurityEventKind::SecondFactorFailed)];
            let transactor = TransactorDouble::new(units);
            let door = door(&transactor, ada(), says, Ok(()));
            let error = door.answer("token", &json!({}), &client(), None).await.unwrap_err();
            assert!(matches!(error, PasskeySignInError::Refused));
            assert_eq!(transactor.commits(), 2, "the question is spent, and the refusal noted");
        }
    }

    #[tokio::test]
    async fn who_was_asked_must_answer() {
        let purpose = Purpose::SecondFactor { challenge_digest: "d".to_owned() };
        let eve = Some(UserId::new(uuid(77)));
        let units = [finishing(purpose, eve), noting(SecurityEventKind::SecondFactorFailed)];
        let transactor = TransactorDouble::new(units);
        let door = door(&transactor, ada(), Some(ada().id), Ok(()));
        let error = door.answer("token", &json!({}), &client(), None).await.unwrap_err();
        assert!(matches!(error, PasskeySignInError::Refused));
    }

    #[tokio::test]
    async fn whoever_is_kept_out_is_not_let_in_by_a_passkey() {
        let units = [finishing(Purpose::SignIn, None), noting(SecurityEventKind::SecondFactorFailed)];
        let transactor = TransactorDouble::new(units);
        let disabled = User { disabled_at: Some(now()), ..ada() };
        let door = door(&transactor, disabled, Some(ada().id), Ok(()));
        let error = door.answer("token", &json!({}), &client(), None).await.unwrap_err();
        assert!(matches!(error, PasskeySignInError::Refused));
    }

    #[tokio::test]
    async fn a_copy_is_refused_and_noted_as_one() {
        for (refusal, kind) in [
            (PasskeyRefused::Cloned, SecurityEventKind::PasskeyCloned),
            (PasskeyRefused::Invalid, SecurityEventKind::SecondFactorFailed),
        ] {
            let transactor = TransactorDouble::new([finishing(Purpose::SignIn, None), checking(), noting(kind)]);
            let door = door(&transactor, ada(), Some(ada().id), Err(refusal));
            let error = door.answer("token", &json!({}), &client(), None).await.unwrap_err();
            assert!(matches!(error, PasskeySignInError::Refused));
            assert_eq!(transactor.commits(), 2, "nothing of the sign-in is kept");
        }
    }

    #[tokio::test]
    async fn a_challenge_that_was_answered_meanwhile_opens_nothing() {
        let mut tx = checking();
        tx.passkeys.expect_save_use().returning(|_| Ok(()));
        tx.ceremonies.expect_finish().withf(|digest, _, _| digest == "d").times(1).returning(|_, _, _| Ok(None));
        let purpose = Purpose::SecondFactor { challenge_digest: "d".to_owned() };
        let transactor = TransactorDouble::new([finishing(purpose, Some(ada().id)), tx]);
        let door = door(&transactor, ada(), None, Ok(()));
        let error = door.answer("token", &json!({}), &client(), None).await.unwrap_err();
        assert!(matches!(error, PasskeySignInError::Expired));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn a_fresh_proof_is_given_by_the_session_that_was_asked() {
        let purpose = Purpose::StepUp { session: uuid(3) };
        let transactor = TransactorDouble::new([finishing(purpose, Some(ada().id))]);
        let door = door(&transactor, ada(), None, Ok(()));
        let error = door.answer("token", &json!({}), &client(), None).await.unwrap_err();
        assert!(matches!(error, PasskeySignInError::Expired), "a guest proves nothing");
    }

    #[tokio::test]
    async fn who_has_no_passkey_is_not_asked_for_one() {
        let mut tx = UnitOfWorkDouble::default();
        tx.ceremonies.expect_find().returning(|_, kind, now| {
            let token = OpaqueToken::draw(&*StandingSystem::new());
            Ok(Some(PasskeyQuestion::ceremony(&token, kind, Some(ada().id), "{}".to_owned(), now)))
        });
        let transactor = TransactorDouble::new([tx]);
        let door = door(&transactor, ada(), None, Ok(()));
        let error = door.ask(&WhyPasskey::SecondFactor("c".to_owned())).await.unwrap_err();
        assert!(matches!(error, PasskeySignInError::Refused));
        assert_eq!(transactor.commits(), 0);
    }
}
