//! Seeing and unlinking the identities elsewhere by which one can sign in.

use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::policy::{Allowed, ChangeCredentials, ViewCredentials};
use crate::identity::ports::{IdentityQueries, LinkedIdentity, LinkedIdentityQueries, SecondFactor};
use crate::jobs::{Job, SecondFactorChange};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use std::sync::Arc;
use uuid::Uuid;

/// Shows and unlinks identities.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait KeepIdentities: Send + Sync {
    /// The caller's, the oldest first.
    async fn list(&self, caller: &Allowed<ViewCredentials>) -> Result<Vec<LinkedIdentity>, RepositoryError>;
    /// Unlinks one of them.
    async fn unlink(&self, caller: &Allowed<ChangeCredentials>, id: Uuid) -> Result<(), UnlinkError>;
}

/// Why an identity stays linked.
#[derive(Debug, thiserror::Error)]
pub enum UnlinkError {
    /// There is no such.
    #[error("there is no such identity")]
    NotFound,
    /// There is no other way to sign in.
    #[error("there is no other way to sign in")]
    LastSignInMethod,
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`KeepIdentities`].
pub struct IdentityKeeping {
    /// Reads identities.
    pub identities: Arc<dyn LinkedIdentityQueries>,
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl KeepIdentities for IdentityKeeping {
    async fn list(&self, caller: &Allowed<ViewCredentials>) -> Result<Vec<LinkedIdentity>, RepositoryError> {
        self.identities.linked_identities(caller.user_id).await
    }

    async fn unlink(&self, caller: &Allowed<ChangeCredentials>, id: Uuid) -> Result<(), UnlinkError> {
        let now = self.clock.now();
        let has_passkey = self.people.second_factors(caller.user_id).await?.contains(&SecondFactor::Passkey);
        let tx = self.transactor.begin().await?;
        let user = tx.users().lock(caller.user_id).await?.ok_or(UnlinkError::NotFound)?;
        let all = tx.linked_identities().list(user.id).await?;
        let identity = all.iter().find(|identity| identity.id == id).ok_or(UnlinkError::NotFound)?;
        if all.len() == 1 && user.password_hash.is_none() && !has_passkey {
            return Err(UnlinkError::LastSignInMethod);
        }
        tx.linked_identities().delete(user.id, id).await?;
        let event = SecurityEvent::new(SecurityEventKind::IdentityUnlinked).about(user.id);
        tx.security_log().record(&event.with("provider", &identity.provider), now).await?;
        let change = SecondFactorChange::IdentityUnlinked;
        tx.jobs().push(Job::SendSecondFactorNotice { user_id: user.id.uuid(), change }, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::{MockIdentityQueries, MockLinkedIdentityQueries};
    use crate::tests::{StandingSystem, allowed, now, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::{Role, User};

    fn link(id: u64) -> LinkedIdentity {
        LinkedIdentity {
            id: uuid(id),
            user_id: ada(true).id,
            provider: "acme".to_owned(),
            subject: id.to_string(),
            email: None,
            created_at: now(),
        }
    }

    fn ada(with_password: bool) -> User {
        let someone = user(Role::Customer);
        User { password_hash: someone.password_hash.clone().filter(|_| with_password), ..someone }
    }

    fn keeping(transactor: &Arc<TransactorDouble>, factors: Vec<SecondFactor>) -> IdentityKeeping {
        let (mut identities, mut people) = (MockLinkedIdentityQueries::new(), MockIdentityQueries::new());
        identities.expect_linked_identities().withf(|user| *user == ada(true).id).returning(|_| Ok(vec![link(50)]));
        people.expect_second_factors().returning(move |_| Ok(factors.clone()));
        IdentityKeeping {
            identities: Arc::new(identities),
            people: Arc::new(people),
            transactor: transactor.clone(),
            clock: StandingSystem::new(),
        }
    }

    /// A unit of work that knows this user and these identities of theirs, and lets nothing be written.
    fn with(person: Option<User>, links: Vec<LinkedIdentity>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().times(1).returning(move |_| Ok(person.clone()));
        tx.linked_identities.expect_list().returning(move |_| Ok(links.clone()));
        tx
    }

    /// The same, of which one is unlinked.
    fn unlinking(mut tx: UnitOfWorkDouble) -> UnitOfWorkDouble {
        let this = |user: &domain::kernel::UserId, id: &Uuid| *user == ada(true).id && *id == uuid(50);
        tx.linked_identities.expect_delete().withf(this).times(1).returning(|_, _| Ok(true));
        let unlinked = SecurityEventKind::IdentityUnlinked;
        tx.security_log
            .expect_record()
            .withf(move |event, _| event.kind == unlinked && event.details["provider"] == "acme")
            .times(1)
            .returning(|_, _| Ok(()));
        let change = SecondFactorChange::IdentityUnlinked;
        let told = Job::SendSecondFactorNotice { user_id: ada(true).id.uuid(), change };
        tx.jobs.expect_push().withf(move |job, _| *job == told).times(1).returning(|_, _| Ok(()));
        tx
    }

    #[tokio::test]
    async fn who_can_sign_in_otherwise_unlinks_an_identity_and_is_told() {
        let cases = [
            (ada(true), vec![link(50)], vec![]),
            (ada(false), vec![link(50), link(51)], vec![]),
            (ada(false), vec![link(50)], vec![SecondFactor::Passkey]),
        ];
        for (person, links, factors) in cases {
            let transactor = TransactorDouble::new([unlinking(with(Some(person), links))]);
            keeping(&transactor, factors).unlink(&allowed(Role::Customer), uuid(50)).await.unwrap();
            assert_eq!(transactor.commits(), 1);
        }
    }

    #[tokio::test]
    async fn the_last_way_to_sign_in_stays_and_an_authenticator_app_is_none() {
        for factors in [vec![], vec![SecondFactor::Totp, SecondFactor::RecoveryCode]] {
            let transactor = TransactorDouble::new([with(Some(ada(false)), vec![link(50)])]);
            let error = keeping(&transactor, factors).unlink(&allowed(Role::Customer), uuid(50)).await.unwrap_err();
            assert!(matches!(error, UnlinkError::LastSignInMethod));
            assert_eq!(transactor.commits(), 0);
        }
    }

    #[tokio::test]
    async fn another_users_identity_is_not_there() {
        for person in [Some(ada(true)), None] {
            let transactor = TransactorDouble::new([with(person, vec![link(51)])]);
            let error = keeping(&transactor, vec![]).unlink(&allowed(Role::Customer), uuid(50)).await.unwrap_err();
            assert!(matches!(error, UnlinkError::NotFound));
            assert_eq!(transactor.commits(), 0);
        }
    }

    #[tokio::test]
    async fn one_sees_ones_own() {
        let keeping = keeping(&TransactorDouble::new([]), vec![]);
        assert_eq!(keeping.list(&allowed(Role::Customer)).await.unwrap(), [link(50)]);
    }
}
