//! Whose an identity elsewhere is, or becomes.
//!
//! An address proves nothing unless both sides have proven it: a provider that doesn't check addresses could hand anyone's
//! account to a stranger, and a stranger could have registered with an address that is not theirs and wait for its owner.

use super::ports::{ConfiguredProvider, ExternalIdentity};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::client::Client;
use crate::identity::ports::LinkedIdentity;
use crate::jobs::{Job, SecondFactorChange};
use crate::repository_error::RepositoryError;
use crate::system::IdGenerator;
use crate::unit_of_work::UnitOfWork;
use chrono::{DateTime, Utc};
use domain::identity::{EmailVerification, NewUser, Role, User};
use domain::kernel::{EmailAddress, UserId};

/// Somebody as a provider knows them, at this moment.
pub struct Newcomer<'a> {
    pub provider: &'a ConfiguredProvider,
    pub identity: &'a ExternalIdentity,
    pub client: &'a Client,
    pub now: DateTime<Utc>,
}

/// Why an identity is nobody's here.
#[derive(Debug, thiserror::Error)]
pub enum NotLinked {
    #[error("the account is kept out, or gone")]
    KeptOut,
    #[error("the provider told no address")]
    EmailMissing,
    #[error("the address has an account that is not verified on both sides")]
    EmailTaken,
    #[error("the identity is somebody else's")]
    IdentityTaken,
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl Newcomer<'_> {
    /// Whose identity it is: that of who linked it, of the proven owner of its proven address, or of a new account.
    pub async fn find_or_register(&self, tx: &dyn UnitOfWork, ids: &dyn IdGenerator) -> Result<User, NotLinked> {
        if let Some(link) = tx.linked_identities().find(&self.provider.id, &self.identity.subject).await? {
            return active(tx.users().lock(link.user_id).await?);
        }
        let email = self.identity.email.as_ref().ok_or(NotLinked::EmailMissing)?;
        match tx.users().lock_by_email(email).await? {
            Some(user) => {
                let user = active(Some(user))?;
                if !(self.identity.email_verified && user.is_verified()) {
                    return Err(NotLinked::EmailTaken);
                }
                self.link(tx, user.id, ids).await?;
                Ok(user)
            }
            None => self.register(tx, email, ids).await,
        }
    }

    /// Makes it this user's, who asked for it.
    pub async fn link_to(&self, tx: &dyn UnitOfWork, user: UserId, ids: &dyn IdGenerator) -> Result<(), NotLinked> {
        let user = active(tx.users().lock(user).await?)?;
        match tx.linked_identities().find(&self.provider.id, &self.identity.subject).await? {
            Some(link) if link.user_id == user.id => Ok(()),
            Some(_) => Err(NotLinked::IdentityTaken),
            None => self.link(tx, user.id, ids).await,
        }
    }

    async fn link(&self, tx: &dyn UnitOfWork, user: UserId, ids: &dyn IdGenerator) -> Result<(), NotLinked> {
        self.note(tx, user, ids).await?;
        let change = SecondFactorChange::IdentityLinked;
        tx.jobs().push(Job::SendSecondFactorNotice { user_id: user.uuid(), change }, self.now).await?;
        Ok(())
    }

    async fn register(
        &self,
        tx: &dyn UnitOfWork,
        email: &EmailAddress,
        ids: &dyn IdGenerator,
    ) -> Result<User, NotLinked> {
        let new = NewUser {
            id: UserId::new(ids.next()),
            email: email.clone(),
            name: self.identity.name.clone(),
            role: Role::Customer,
            shop_name: None,
            password_hash: None,
        };
        let mut user = User::register(new, self.now);
        if self.identity.email_verified {
            user.verify_email(self.now);
        }
        tx.users().insert(&user).await?;
        let event = SecurityEvent::new(SecurityEventKind::Registered).about(user.id).from(self.client);
        let event = event.with("provider", &self.provider.id).with("role", user.role.name());
        tx.security_log().record(&event, self.now).await?;
        self.note(tx, user.id, ids).await?;
        if !user.is_verified() {
            tx.email_verifications().save(&EmailVerification::request(user.id, self.now)).await?;
            tx.jobs().push(Job::SendVerificationCode { user_id: user.id.uuid() }, self.now).await?;
        }
        Ok(user)
    }

    async fn note(&self, tx: &dyn UnitOfWork, user: UserId, ids: &dyn IdGenerator) -> Result<(), RepositoryError> {
        let link = LinkedIdentity {
            id: ids.next(),
            user_id: user,
            provider: self.provider.id.clone(),
            subject: self.identity.subject.clone(),
            email: self.identity.email.clone(),
            created_at: self.now,
        };
        tx.linked_identities().insert(&link).await?;
        let event = SecurityEvent::new(SecurityEventKind::IdentityLinked).about(user).from(self.client);
        tx.security_log().record(&event.with("provider", &self.provider.id), self.now).await
    }
}

fn active(user: Option<User>) -> Result<User, NotLinked> {
    user.filter(User::is_active).ok_or(NotLinked::KeptOut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::social::ports::MockIdentityProvider;
    use crate::tests::{StandingSystem, email, now, user, uuid};
    use crate::unit_of_work::double::UnitOfWorkDouble;
    use std::sync::Arc;

    fn ada(email_verified: bool) -> ExternalIdentity {
        let (email, name) = (Some(email("ada@example.com")), Some("Ada".to_owned()));
        ExternalIdentity { subject: "42".to_owned(), email, email_verified, name }
    }

    fn account(verified: bool) -> User {
        User { email_verified_at: verified.then(now), ..user(Role::Customer) }
    }

    fn link(owner: u64) -> LinkedIdentity {
        LinkedIdentity {
            id: uuid(50),
            user_id: UserId::new(uuid(owner)),
            provider: "acme".to_owned(),
            subject: "42".to_owned(),
            email: None,
            created_at: now(),
        }
    }

    /// A unit of work that finds these; what it may write, the test says.
    fn finding(link: Option<LinkedIdentity>, account: Option<User>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.linked_identities.expect_find().returning(move |_, _| Ok(link.clone()));
        let by_id = account.clone();
        tx.users.expect_lock().returning(move |_| Ok(by_id.clone()));
        tx.users.expect_lock_by_email().returning(move |_| Ok(account.clone()));
        tx.security_log.expect_record().returning(|_, _| Ok(()));
        tx
    }

    async fn arrive(tx: &UnitOfWorkDouble, identity: &ExternalIdentity) -> Result<User, NotLinked> {
        with(identity, async |newcomer| newcomer.find_or_register(tx, &*StandingSystem::new()).await).await
    }

    async fn ask_to_link(tx: &UnitOfWorkDouble, identity: &ExternalIdentity) -> Result<(), NotLinked> {
        let me = UserId::new(uuid(1));
        with(identity, async |newcomer| newcomer.link_to(tx, me, &*StandingSystem::new()).await).await
    }

    async fn with<T>(identity: &ExternalIdentity, act: impl AsyncFnOnce(Newcomer<'_>) -> T) -> T {
        let id = "acme".to_owned();
        let provider = ConfiguredProvider { name: id.clone(), id, provider: Arc::new(MockIdentityProvider::new()) };
        let address = std::net::IpAddr::from([192, 0, 2, 1]);
        let client = Client { address, device: "Firefox on Linux".to_owned(), device_token: None };
        act(Newcomer { provider: &provider, identity, client: &client, now: now() }).await
    }

    #[tokio::test]
    async fn who_linked_an_identity_is_known_by_it_whatever_address_it_has_now() {
        let tx = finding(Some(link(1)), Some(account(false)));
        let stranger = ExternalIdentity { email: Some(email("other@example.com")), ..ada(false) };
        assert_eq!(arrive(&tx, &stranger).await.unwrap().id, UserId::new(uuid(1)));
    }

    #[tokio::test]
    async fn an_address_that_both_sides_have_proven_links_and_is_told() {
        let mut tx = finding(None, Some(account(true)));
        tx.linked_identities.expect_insert().times(1).returning(|link| {
            assert_eq!((link.user_id, link.subject.as_str()), (UserId::new(uuid(1)), "42"));
            Ok(())
        });
        let notice = SecondFactorChange::IdentityLinked;
        let told = Job::SendSecondFactorNotice { user_id: uuid(1), change: notice };
        tx.jobs.expect_push().withf(move |job, _| *job == told).times(1).returning(|_, _| Ok(()));
        assert_eq!(arrive(&tx, &ada(true)).await.unwrap().id, UserId::new(uuid(1)));
    }

    #[tokio::test]
    async fn an_address_that_one_side_has_not_proven_links_nothing() {
        for (there, here) in [(true, false), (false, true), (false, false)] {
            let tx = finding(None, Some(account(here)));
            assert!(matches!(arrive(&tx, &ada(there)).await, Err(NotLinked::EmailTaken)), "{there} {here}");
        }
    }

    #[tokio::test]
    async fn a_new_account_has_no_password_and_gets_a_code_only_if_its_address_is_not_proven() {
        for proven in [true, false] {
            let mut tx = finding(None, None);
            tx.users.expect_insert().times(1).returning(|_| Ok(()));
            tx.linked_identities.expect_insert().times(1).returning(|_| Ok(()));
            let codes = usize::from(!proven);
            tx.email_verifications.expect_save().times(codes).returning(|_| Ok(()));
            let is_code = |job: &Job, _: &DateTime<Utc>| matches!(job, Job::SendVerificationCode { .. });
            tx.jobs.expect_push().withf(is_code).times(codes).returning(|_, _| Ok(()));
            tx.security_log.checkpoint();
            for kind in [SecurityEventKind::Registered, SecurityEventKind::IdentityLinked] {
                tx.security_log
                    .expect_record()
                    .withf(move |event, _| event.kind == kind && event.details["provider"] == "acme")
                    .times(1)
                    .returning(|_, _| Ok(()));
            }
            let new = arrive(&tx, &ada(proven)).await.unwrap();
            assert_eq!((new.role, new.password_hash.clone(), new.is_verified()), (Role::Customer, None, proven));
            assert_eq!(new.name.as_deref(), Some("Ada"));
        }
    }

    #[tokio::test]
    async fn without_an_address_there_is_no_account() {
        let nobody = ExternalIdentity { email: None, ..ada(false) };
        assert!(matches!(arrive(&finding(None, None), &nobody).await, Err(NotLinked::EmailMissing)));
    }

    #[tokio::test]
    async fn who_is_kept_out_does_not_get_in_this_way() {
        let disabled = User { disabled_at: Some(now()), ..account(true) };
        for known in [Some(link(1)), None] {
            let tx = finding(known, Some(disabled.clone()));
            assert!(matches!(arrive(&tx, &ada(true)).await, Err(NotLinked::KeptOut)));
        }
        assert!(matches!(ask_to_link(&finding(None, Some(disabled)), &ada(true)).await, Err(NotLinked::KeptOut)));
    }

    #[tokio::test]
    async fn an_identity_is_linked_to_one_account_alone_and_once() {
        let taken = finding(Some(link(2)), Some(account(true)));
        assert!(matches!(ask_to_link(&taken, &ada(true)).await, Err(NotLinked::IdentityTaken)));
        let mine = finding(Some(link(1)), Some(account(true)));
        ask_to_link(&mine, &ada(true)).await.unwrap();
    }

    #[tokio::test]
    async fn who_asks_for_it_may_link_an_identity_with_any_address() {
        let mut tx = finding(None, Some(account(true)));
        tx.linked_identities.expect_insert().times(1).returning(|_| Ok(()));
        tx.jobs.expect_push().times(1).returning(|_, _| Ok(()));
        ask_to_link(&tx, &ExternalIdentity { email: None, ..ada(false) }).await.unwrap();
    }
}
