//! Deleting one's account: what tells of the person goes, what orders and the law need stays.

use super::policy::{Allowed, ControlAccount};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::{Job, Private};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::identity::{Role, User};
use domain::kernel::EmailAddress;
use std::sync::Arc;

/// Deletes accounts.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait DeleteAccount: Send + Sync {
    /// Deletes the caller's account. The address is free again; orders stay as they are, since invoices must be kept.
    async fn delete(&self, caller: &Allowed<ControlAccount>) -> Result<(), DeleteAccountError>;
}

/// Why an account is not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteAccountError {
    /// Nobody would be left to look after the shop.
    #[error("the last admin can't go")]
    LastAdmin,
    /// It is deleted already.
    #[error("the account is gone")]
    Gone,
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`DeleteAccount`].
pub struct AccountDeletion {
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Draws the address at which nobody is.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl DeleteAccount for AccountDeletion {
    async fn delete(&self, caller: &Allowed<ControlAccount>) -> Result<(), DeleteAccountError> {
        let now = self.clock.now();
        // Not made of the user's id, which others may know: whoever registered it before could keep them from going.
        let nobody = EmailAddress::parse(&format!("deleted-{}@deleted.invalid", self.ids.next()))
            .map_err(RepositoryError::unavailable)?;
        let tx = self.transactor.begin().await?;
        // Admins are locked before anyone's own row, so that two who go at once don't wait for each other.
        if caller.role == Role::Admin && tx.users().lock_admins().await?.iter().all(|admin| *admin == caller.user_id) {
            return Err(DeleteAccountError::LastAdmin);
        }
        let user = tx.users().lock(caller.user_id).await?.filter(User::is_active);
        let mut user = user.ok_or(DeleteAccountError::Gone)?;
        let erased = user.erase(nobody, now);
        tx.users().update(&user).await?;
        tx.account_erasure().erase(user.id, now).await?;
        let event = SecurityEvent::new(SecurityEventKind::AccountDeleted).about(user.id);
        tx.security_log().record(&event, now).await?;
        let name = erased.name.as_deref().map(Private::from);
        tx.jobs().push(Job::SendAccountDeletedNotice { email: Private::from(&erased.email), name }, now).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{StandingSystem, caller, now, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::kernel::UserId;

    fn deletion(transactor: &Arc<TransactorDouble>) -> AccountDeletion {
        AccountDeletion { transactor: transactor.clone(), ids: StandingSystem::new(), clock: StandingSystem::new() }
    }

    fn allowed(role: Role) -> Allowed<ControlAccount> {
        Allowed::check(&caller(role), now()).unwrap()
    }

    /// A unit of work in which Ada's account is deleted.
    fn deleting(role: Role) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(move |_| Ok(Some(User { email_verified_at: Some(now()), ..user(role) })));
        let erased = |user: &User| {
            user.deleted_at == Some(now())
                && user.name.is_none()
                && user.email.as_str().starts_with("deleted-")
                && user.email.as_str().ends_with("@deleted.invalid")
                && !user.email.as_str().contains(&user.id.to_string())
        };
        tx.users.expect_update().withf(erased).times(1).returning(|_| Ok(()));
        tx.account_erasure.expect_erase().times(1).returning(|_, _| Ok(()));
        tx.security_log.expect_record().times(1).returning(|_, _| Ok(()));
        let told = |job: &Job, _: &_| {
            matches!(job, Job::SendAccountDeletedNotice { email, name: Some(name) }
                if email.as_str() == "ada@example.com" && name.as_str() == "Ada")
        };
        tx.jobs.expect_push().withf(told).times(1).returning(|_, _| Ok(()));
        tx
    }

    #[tokio::test]
    async fn the_person_is_erased_and_told_so_at_the_address_that_they_had() {
        let transactor = TransactorDouble::new([deleting(Role::Customer)]);
        deletion(&transactor).delete(&allowed(Role::Customer)).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn the_last_admin_stays() {
        let mut last = UnitOfWorkDouble::default();
        last.users.expect_lock_admins().returning(|| Ok(vec![user(Role::Admin).id]));
        let mut one_of_two = deleting(Role::Admin);
        let both = || Ok(vec![user(Role::Admin).id, UserId::new(uuid(8))]);
        one_of_two.users.expect_lock_admins().returning(both);
        let transactor = TransactorDouble::new([last, one_of_two]);
        let deletion = deletion(&transactor);
        let refused = deletion.delete(&allowed(Role::Admin)).await;
        assert!(matches!(refused, Err(DeleteAccountError::LastAdmin)));
        assert_eq!(transactor.commits(), 0);
        deletion.delete(&allowed(Role::Admin)).await.unwrap();
    }

    #[tokio::test]
    async fn an_account_is_deleted_once() {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(|_| Ok(Some(User { deleted_at: Some(now()), ..user(Role::Customer) })));
        let transactor = TransactorDouble::new([tx]);
        let refused = deletion(&transactor).delete(&allowed(Role::Customer)).await;
        assert!(matches!(refused, Err(DeleteAccountError::Gone)));
        assert_eq!(transactor.commits(), 0);
    }
}
