//! What users see of their own account, and change in it. A new address only begins here: it counts once it is proven
//! ([`super::change_email`]).

use super::client::Client;
use super::policy::{self, Allowed, ControlAccount, Permission, Refusal};
use super::ports::{AttemptCounts, AttemptKey, Budget, IdentityQueries, Taken, WindowBegins};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::Job;
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::{EmailChange, ProfileChange, ProfileRefusal, User};
use domain::kernel::EmailAddress;
use std::sync::Arc;

/// Shows people their own account.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ViewProfile: Send + Sync {
    /// The caller's account; `None` when it has been deleted since the token was read.
    async fn me(&self, caller: &Allowed<policy::ViewProfile>) -> Result<Option<User>, RepositoryError>;
}

/// Changes what people's accounts say.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait EditProfile: Send + Sync {
    /// Changes the caller's profile, all of it or nothing. A new address needs a fresh proof, and is sent a code; whether
    /// it is another account's nobody learns here.
    async fn edit(
        &self,
        caller: &Allowed<policy::EditProfile>,
        edit: ProfileEdit,
        client: &Client,
    ) -> Result<User, EditProfileError>;
}

/// What is to be different.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileEdit {
    /// In the profile.
    pub profile: ProfileChange,
    /// The address.
    pub email: Option<EmailAddress>,
}

/// Why an account stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum EditProfileError {
    /// The account has been deleted since the token was read.
    #[error("the account is gone")]
    Gone,
    /// A rule of profiles.
    #[error("the profile refuses")]
    Profile(ProfileRefusal),
    /// A new address needs more than the rest.
    #[error("a fresh proof is needed")]
    Refused(Refusal),
    /// Too many addresses were tried.
    #[error("too many changes of address")]
    TooManyChanges {
        /// When there may be another.
        until: DateTime<Utc>,
    },
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`ViewProfile`].
pub struct Profile {
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
}

#[async_trait]
impl ViewProfile for Profile {
    async fn me(&self, caller: &Allowed<policy::ViewProfile>) -> Result<Option<User>, RepositoryError> {
        self.people.find_user(caller.user_id).await
    }
}

/// The service behind [`EditProfile`].
pub struct ProfileDesk {
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Counts mails to new addresses, which may be strangers'.
    pub counts: Arc<dyn AttemptCounts>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// So often may a user have a code sent to a new address.
const CHANGES: Budget = Budget { attempts: 10, window: TimeDelta::hours(24), begins: WindowBegins::WithTheFirst };

#[async_trait]
impl EditProfile for ProfileDesk {
    async fn edit(
        &self,
        caller: &Allowed<policy::EditProfile>,
        edit: ProfileEdit,
        client: &Client,
    ) -> Result<User, EditProfileError> {
        let now = self.clock.now();
        let email = match edit.email {
            Some(email) => self.may_be_changed_to(caller, email, now).await?,
            None => None,
        };
        let tx = self.transactor.begin().await?;
        let mut user = tx.users().lock(caller.user_id).await?.filter(User::is_active).ok_or(EditProfileError::Gone)?;
        user.edit(edit.profile).map_err(EditProfileError::Profile)?;
        tx.users().update(&user).await?;
        if let Some(email) = email {
            begin_change(tx.as_ref(), &user, email.clone(), client, now).await?;
            user.pending_email = Some(email);
        }
        tx.commit().await?;
        Ok(user)
    }
}

impl ProfileDesk {
    /// The address, unless the caller has it already. Counted before it is begun, and outside the transaction, since it
    /// counts whatever becomes of that.
    async fn may_be_changed_to(
        &self,
        caller: &Allowed<policy::EditProfile>,
        email: EmailAddress,
        now: DateTime<Utc>,
    ) -> Result<Option<EmailAddress>, EditProfileError> {
        let user = self.people.find_user(caller.user_id).await?.ok_or(EditProfileError::Gone)?;
        if user.email == email {
            return Ok(None);
        }
        ControlAccount::RULE.check(caller, now).map_err(EditProfileError::Refused)?;
        let key = AttemptKey::of("email-change", &[&user.id.to_string()]);
        match self.counts.take(&key, CHANGES, now).await? {
            Taken::Granted { .. } => Ok(Some(email)),
            Taken::Refused { until } => Err(EditProfileError::TooManyChanges { until }),
        }
    }
}

async fn begin_change(
    tx: &dyn UnitOfWork,
    user: &User,
    email: EmailAddress,
    client: &Client,
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    let before = tx.email_changes().lock(user.id).await?;
    if before.is_some_and(|change| change.is_on_its_way_to(&email, now)) {
        return Ok(());
    }
    tx.email_changes().save(&EmailChange::request(user.id, email, now)).await?;
    tx.jobs().push(Job::SendEmailChangeCode { user_id: user.id.uuid() }, now).await?;
    let event = SecurityEvent::new(SecurityEventKind::EmailChangeRequested).about(user.id).from(client);
    tx.security_log().record(&event, now).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Caller;
    use crate::identity::ports::{MockAttemptCounts, MockIdentityQueries};
    use crate::tests::{StandingSystem, caller, email, now, user};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::{Role, Session};

    fn client() -> Client {
        Client { address: [192, 0, 2, 1].into(), device: "Firefox on Linux".to_owned(), device_token: None }
    }

    fn allowed(caller: Caller) -> Allowed<policy::EditProfile> {
        Allowed::check(&caller, now()).unwrap()
    }

    fn rename(email_to: Option<&str>) -> ProfileEdit {
        let profile = ProfileChange { name: Some(Some("Ada L.".to_owned())), ..ProfileChange::default() };
        ProfileEdit { profile, email: email_to.map(email) }
    }

    /// A unit of work in which Ada gets her new name.
    fn renaming() -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(|_| Ok(Some(user(Role::Customer))));
        let renamed = |user: &User| user.name.as_deref() == Some("Ada L.");
        tx.users.expect_update().withf(renamed).times(1).returning(|_| Ok(()));
        tx
    }

    fn desk(transactor: &Arc<TransactorDouble>, taken: Option<Taken>) -> ProfileDesk {
        let mut counts = MockAttemptCounts::new();
        if let Some(taken) = taken {
            counts.expect_take().times(1).returning(move |_, _, _| Ok(taken));
        }
        let mut people = MockIdentityQueries::new();
        people.expect_find_user().returning(|_| Ok(Some(user(Role::Customer))));
        ProfileDesk {
            people: Arc::new(people),
            transactor: transactor.clone(),
            counts: Arc::new(counts),
            clock: StandingSystem::new(),
        }
    }

    #[tokio::test]
    async fn a_new_name_needs_no_fresh_proof_and_neither_does_the_present_address() {
        let later = |mut caller: Caller| {
            if let crate::identity::Credential::Session(proof) = &mut caller.credential {
                proof.proven_at = now() - Session::FRESH;
            }
            caller
        };
        let transactor = TransactorDouble::new([renaming(), renaming()]);
        let desk = desk(&transactor, None);
        let stale = allowed(later(caller(Role::Customer)));
        desk.edit(&stale, rename(None), &client()).await.unwrap();
        let same = desk.edit(&stale, rename(Some("Ada@example.com")), &client()).await.unwrap();
        assert_eq!((same.pending_email, transactor.commits()), (None, 2));

        let transactor = TransactorDouble::new([]);
        let refused = self::desk(&transactor, None).edit(&stale, rename(Some("new@example.com")), &client()).await;
        assert!(matches!(refused, Err(EditProfileError::Refused(Refusal::ProofNotFresh))));
        assert_eq!(transactor.commits(), 0, "the name stays too");
    }

    #[tokio::test]
    async fn a_new_address_is_pending_and_gets_a_code() {
        let mut tx = renaming();
        tx.email_changes.expect_lock().returning(|_| Ok(None));
        let wanted = |change: &EmailChange| change.email == email("new@example.com") && change.code.is_none();
        tx.email_changes.expect_save().withf(wanted).times(1).returning(|_| Ok(()));
        tx.jobs
            .expect_push()
            .withf(|job, _| matches!(job, Job::SendEmailChangeCode { .. }))
            .times(1)
            .returning(|_, _| Ok(()));
        tx.security_log.expect_record().times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let desk = desk(&transactor, Some(Taken::Granted { used: 1 }));
        let edited =
            desk.edit(&allowed(caller(Role::Customer)), rename(Some("new@example.com")), &client()).await.unwrap();
        assert_eq!((edited.email, edited.pending_email), (email("ada@example.com"), Some(email("new@example.com"))));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn asking_again_at_once_sends_no_second_code() {
        let mut tx = renaming();
        tx.email_changes
            .expect_lock()
            .returning(|user| Ok(Some(EmailChange::request(user, email("new@example.com"), now()))));
        let transactor = TransactorDouble::new([tx]);
        let desk = desk(&transactor, Some(Taken::Granted { used: 2 }));
        desk.edit(&allowed(caller(Role::Customer)), rename(Some("new@example.com")), &client()).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn strangers_are_not_sent_codes_without_end() {
        let transactor = TransactorDouble::new([]);
        let desk = desk(&transactor, Some(Taken::Refused { until: now() }));
        let refused = desk.edit(&allowed(caller(Role::Customer)), rename(Some("new@example.com")), &client()).await;
        assert!(matches!(refused, Err(EditProfileError::TooManyChanges { .. })));
        assert_eq!(transactor.commits(), 0);
    }
}
