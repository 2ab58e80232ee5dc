//! Making, naming and removing passkeys.

use super::policy::{Allowed, ChangeCredentials, FinishCredentials, ViewCredentials};
use super::ports::{Ceremony, CeremonyKind, FactorQueries, PasskeyCeremonies, PasskeyFailed};
use super::totp::notice;
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::SecondFactorChange;
use crate::repository_error::{RepositoryError, UniqueKey};
use crate::system::{Clock, IdGenerator, OpaqueToken, SecretSource, digest_of};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::Passkey;
use domain::kernel::{PasskeyId, UserId};
use serde_json::Value;
use std::sync::Arc;

/// Looks after passkeys.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait KeepPasskeys: Send + Sync {
    /// The caller's, in the order of their making.
    async fn list(&self, caller: &Allowed<ViewCredentials>) -> Result<Vec<Passkey>, RepositoryError>;
    /// Begins to make one.
    async fn begin(&self, caller: &Allowed<ChangeCredentials>) -> Result<PasskeyQuestion, PasskeyError>;
    /// Keeps what a device has made. A ceremony is finished once, whatever comes of it.
    async fn add(
        &self,
        caller: &Allowed<FinishCredentials>,
        challenge: &str,
        name: &str,
        credential: &Value,
    ) -> Result<Passkey, PasskeyError>;
    /// Renames one; `None` when the caller has no such passkey.
    async fn rename(
        &self,
        caller: &Allowed<FinishCredentials>,
        id: PasskeyId,
        name: &str,
    ) -> Result<Option<Passkey>, RepositoryError>;
    /// Removes one; `false` when the caller has no such passkey.
    async fn remove(&self, caller: &Allowed<ChangeCredentials>, id: PasskeyId) -> Result<bool, RepositoryError>;
}

/// What a browser is asked.
#[derive(Clone, PartialEq)]
pub struct PasskeyQuestion {
    /// What is handed in with the answer; a secret.
    pub challenge: String,
    /// For the browser, as JSON of WebAuthn.
    pub options: Value,
}

impl PasskeyQuestion {
    /// How long there is time to answer.
    pub const LIFETIME: TimeDelta = TimeDelta::minutes(5);

    /// The ceremony that is stored behind a question.
    #[must_use]
    pub fn ceremony(
        token: &OpaqueToken,
        kind: CeremonyKind,
        user: Option<UserId>,
        data: String,
        now: DateTime<Utc>,
    ) -> Ceremony {
        Ceremony { digest: token.digest(), kind, user_id: user, data, tries_left: 1, expires_at: now + Self::LIFETIME }
    }
}

impl std::fmt::Debug for PasskeyQuestion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasskeyQuestion").finish_non_exhaustive()
    }
}

/// Why no passkey was made.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// There is no such question any more.
    #[error("the challenge has expired")]
    Expired,
    /// What the device answered is not accepted.
    #[error("the passkey is not valid")]
    Refused,
    /// The device has registered it before.
    #[error("the passkey is registered already")]
    Taken,
    /// The account has as many as it may have.
    #[error("the account has too many passkeys")]
    TooMany,
    /// No question could be asked.
    #[error(transparent)]
    Failed(#[from] PasskeyFailed),
    /// The database failed.
    #[error(transparent)]
    Repository(RepositoryError),
}

impl From<RepositoryError> for PasskeyError {
    fn from(error: RepositoryError) -> Self {
        match error {
            RepositoryError::Conflict(UniqueKey::PasskeyCredential) => Self::Taken,
            error => Self::Repository(error),
        }
    }
}

/// The service behind [`KeepPasskeys`].
pub struct PasskeyDesk {
    /// Reads passkeys.
    pub factors: Arc<dyn FactorQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Asks devices, and checks their answers.
    pub ceremonies: Arc<dyn PasskeyCeremonies>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Draws challenges.
    pub secrets: Arc<dyn SecretSource>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl KeepPasskeys for PasskeyDesk {
    async fn list(&self, caller: &Allowed<ViewCredentials>) -> Result<Vec<Passkey>, RepositoryError> {
        self.factors.passkeys(caller.user_id).await
    }

    async fn begin(&self, caller: &Allowed<ChangeCredentials>) -> Result<PasskeyQuestion, PasskeyError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let user = tx.users().lock(caller.user_id).await?.ok_or(PasskeyError::Expired)?;
        let present = tx.passkeys().of_user(user.id).await?;
        if present.len() >= Passkey::LIMIT {
            return Err(PasskeyError::TooMany);
        }
        let present: Vec<_> = present.into_iter().map(|passkey| passkey.credential_id).collect();
        let begun = self.ceremonies.begin_registration(&user, &present)?;
        let token = OpaqueToken::draw(&*self.secrets);
        let kind = CeremonyKind::PasskeyRegistration;
        tx.ceremonies().insert(&PasskeyQuestion::ceremony(&token, kind, Some(user.id), begun.state, now)).await?;
        tx.commit().await?;
        Ok(PasskeyQuestion { challenge: token.reveal(), options: begun.options })
    }

    async fn add(
        &self,
        caller: &Allowed<FinishCredentials>,
        challenge: &str,
        name: &str,
        credential: &Value,
    ) -> Result<Passkey, PasskeyError> {
        let (now, user) = (self.clock.now(), caller.user_id);
        let ceremony = self.finish(challenge, now).await?;
        if ceremony.user_id != Some(user) {
            return Err(PasskeyError::Expired);
        }
        let new = self.ceremonies.finish_registration(&ceremony.data, credential).map_err(|_| PasskeyError::Refused)?;
        let passkey = Passkey {
            id: PasskeyId::new(self.ids.next()),
            user_id: user,
            credential_id: new.credential_id,
            material: new.material,
            name: name.to_owned(),
            created_at: now,
            last_used_at: None,
        };
        let tx = self.transactor.begin().await?;
        tx.users().lock(user).await?;
        if tx.passkeys().of_user(user).await?.len() >= Passkey::LIMIT {
            return Err(PasskeyError::TooMany);
        }
        tx.passkeys().insert(&passkey).await?;
        tx.security_log().record(&SecurityEvent::new(SecurityEventKind::PasskeyAdded).about(user), now).await?;
        tx.jobs().push(notice(user, SecondFactorChange::PasskeyAdded), now).await?;
        tx.commit().await?;
        Ok(passkey)
    }

    async fn rename(
        &self,
        caller: &Allowed<FinishCredentials>,
        id: PasskeyId,
        name: &str,
    ) -> Result<Option<Passkey>, RepositoryError> {
        let tx = self.transactor.begin().await?;
        let renamed = tx.passkeys().rename(caller.user_id, id, name).await?;
        tx.commit().await?;
        Ok(renamed)
    }

    async fn remove(&self, caller: &Allowed<ChangeCredentials>, id: PasskeyId) -> Result<bool, RepositoryError> {
        let (now, user) = (self.clock.now(), caller.user_id);
        let tx = self.transactor.begin().await?;
        if !tx.passkeys().delete(user, id).await? {
            return Ok(false);
        }
        tx.security_log().record(&SecurityEvent::new(SecurityEventKind::PasskeyRemoved).about(user), now).await?;
        tx.jobs().push(notice(user, SecondFactorChange::PasskeyRemoved), now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

impl PasskeyDesk {
    /// Takes the ceremony away, before anything is checked.
    async fn finish(&self, challenge: &str, now: DateTime<Utc>) -> Result<Ceremony, PasskeyError> {
        let tx = self.transactor.begin().await?;
        let found = tx.ceremonies().finish(&digest_of(challenge), CeremonyKind::PasskeyRegistration, now).await?;
        tx.commit().await?;
        found.ok_or(PasskeyError::Expired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::{BegunPasskey, MockFactorQueries, MockPasskeyCeremonies, NewPasskey, PasskeyRefused};
    use crate::tests::{StandingSystem, allowed, now, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::{CredentialId, PasskeyMaterial, Role};
    use serde_json::json;

    fn ada() -> UserId {
        user(Role::Customer).id
    }

    fn desk(transactor: &Arc<TransactorDouble>, made: Result<&'static str, PasskeyRefused>) -> PasskeyDesk {
        let mut ceremonies = MockPasskeyCeremonies::new();
        ceremonies
            .expect_begin_registration()
            .returning(|_, _| Ok(BegunPasskey { options: json!({}), state: "state".to_owned() }));
        ceremonies.expect_finish_registration().withf(|state, _| state == "state").returning(move |_, _| {
            let new = |id: &str| NewPasskey {
                credential_id: CredentialId(id.to_owned()),
                material: PasskeyMaterial("{}".to_owned()),
            };
            made.map(new)
        });
        let system = StandingSystem::new();
        PasskeyDesk {
            factors: Arc::new(MockFactorQueries::new()),
            transactor: transactor.clone(),
            ceremonies: Arc::new(ceremonies),
            ids: system.clone(),
            secrets: system.clone(),
            clock: system,
        }
    }

    fn passkey(number: u64) -> Passkey {
        Passkey {
            id: PasskeyId::new(uuid(number)),
            user_id: ada(),
            credential_id: CredentialId(number.to_string()),
            material: PasskeyMaterial("{}".to_owned()),
            name: "Laptop".to_owned(),
            created_at: now(),
            last_used_at: None,
        }
    }

    /// A unit of work in which the ceremony is finished, by whoever began it.
    fn finishing(by: Option<UserId>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.ceremonies.expect_finish().times(1).returning(move |_, kind, now| {
            let token = OpaqueToken::draw(&*StandingSystem::new());
            Ok(by.map(|by| PasskeyQuestion::ceremony(&token, kind, Some(by), "state".to_owned(), now)))
        });
        tx
    }

    fn keeping(present: usize) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(|_| Ok(Some(user(Role::Customer))));
        tx.passkeys.expect_of_user().returning(move |_| Ok((0..).take(present).map(passkey).collect()));
        tx
    }

    async fn add(
        units: Vec<UnitOfWorkDouble>,
        made: Result<&'static str, PasskeyRefused>,
    ) -> (Result<Passkey, PasskeyError>, usize) {
        let transactor = TransactorDouble::new(units);
        let added = desk(&transactor, made).add(&allowed(Role::Customer), "token", "Laptop", &json!({})).await;
        (added, transactor.commits())
    }

    #[tokio::test]
    async fn a_question_is_stored_for_who_asked() {
        let mut tx = keeping(1);
        let theirs = |ceremony: &Ceremony| ceremony.user_id == Some(ada()) && ceremony.data == "state";
        tx.ceremonies.expect_insert().withf(theirs).times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        desk(&transactor, Ok("id")).begin(&allowed(Role::Customer)).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn who_has_as_many_as_one_may_have_makes_no_other() {
        let transactor = TransactorDouble::new([keeping(Passkey::LIMIT)]);
        let error = desk(&transactor, Ok("id")).begin(&allowed(Role::Customer)).await.unwrap_err();
        assert!(matches!(error, PasskeyError::TooMany));
        let (added, commits) = add(vec![finishing(Some(ada())), keeping(Passkey::LIMIT)], Ok("id")).await;
        assert!(matches!(added, Err(PasskeyError::TooMany)));
        assert_eq!(commits, 1, "the ceremony is spent");
    }

    #[tokio::test]
    async fn what_a_device_has_made_is_kept_and_told() {
        let mut tx = keeping(1);
        tx.passkeys.expect_insert().times(1).returning(|_| Ok(()));
        tx.security_log.expect_record().times(1).returning(|_, _| Ok(()));
        tx.jobs.expect_push().times(1).returning(|_, _| Ok(()));
        let (added, commits) = add(vec![finishing(Some(ada())), tx], Ok("id")).await;
        assert_eq!(added.unwrap().credential_id, CredentialId("id".to_owned()));
        assert_eq!(commits, 2);
    }

    #[tokio::test]
    async fn a_ceremony_is_finished_once_by_who_began_it_whatever_comes_of_it() {
        for (by, commits) in [(None, 1), (Some(UserId::new(uuid(77))), 1)] {
            let (added, committed) = add(vec![finishing(by)], Ok("id")).await;
            assert!(matches!(added, Err(PasskeyError::Expired)));
            assert_eq!(committed, commits);
        }
        let (added, commits) = add(vec![finishing(Some(ada()))], Err(PasskeyRefused::Invalid)).await;
        assert!(matches!(added, Err(PasskeyError::Refused)));
        assert_eq!(commits, 1);
    }

    #[tokio::test]
    async fn a_device_that_is_registered_already_is_told_so() {
        let mut tx = keeping(0);
        let taken = || Err(RepositoryError::Conflict(UniqueKey::PasskeyCredential));
        tx.passkeys.expect_insert().times(1).returning(move |_| taken());
        let (added, commits) = add(vec![finishing(Some(ada())), tx], Ok("id")).await;
        assert!(matches!(added, Err(PasskeyError::Taken)));
        assert_eq!(commits, 1);
    }

    #[tokio::test]
    async fn removing_is_told_and_removing_nothing_is_not() {
        for (there, told) in [(true, 1), (false, 0)] {
            let mut tx = UnitOfWorkDouble::default();
            tx.passkeys.expect_delete().times(1).returning(move |_, _| Ok(there));
            tx.security_log.expect_record().times(told).returning(|_, _| Ok(()));
            tx.jobs.expect_push().times(told).returning(|_, _| Ok(()));
            let transactor = TransactorDouble::new([tx]);
            let removed =
                desk(&transactor, Ok("id")).remove(&allowed(Role::Customer), PasskeyId::new(uuid(5))).await.unwrap();
            assert_eq!((removed, transactor.commits()), (there, told));
        }
    }
}
