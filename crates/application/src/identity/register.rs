//! Making an account.

use super::client::Client;
use super::ports::{HashingFailed, PasswordHasher};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::Job;
use crate::repository_error::{RepositoryError, UniqueKey};
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::identity::{EmailVerification, NewUser, Password, Role, User};
use domain::kernel::{EmailAddress, UserId};
use std::sync::Arc;

/// What someone hands in to get an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Their address.
    pub email: EmailAddress,
    /// Their password.
    pub password: Password,
    /// How they want to be called.
    pub name: Option<String>,
    /// Their role. Whoever registers themself can't be an admin; the web sees to it by its types.
    pub role: Role,
    /// The name of a seller's shop.
    pub shop_name: Option<String>,
    /// Who registers them.
    pub by: Registrar,
    /// Whether the address is known to be theirs, as that of an admin made on the command line.
    pub email_verified: bool,
}

/// Who registers someone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registrar {
    /// They themself, at this client.
    Themself(Client),
    /// An admin, at this client.
    Admin(UserId, Client),
    /// Whoever runs the server.
    CommandLine,
}

/// Makes accounts.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait RegisterUsers: Send + Sync {
    /// Makes an account, and sees to it that a code is mailed unless the address is known.
    async fn register(&self, registration: Registration) -> Result<User, RegisterError>;
}

/// Why there is no new account.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The address has an account.
    #[error("the address has an account")]
    EmailTaken,
    /// The password could not be hashed.
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    /// The database failed.
    #[error(transparent)]
    Repository(RepositoryError),
}

impl From<RepositoryError> for RegisterError {
    fn from(error: RepositoryError) -> Self {
        match error {
            RepositoryError::Conflict(UniqueKey::UserEmail) => Self::EmailTaken,
            other => Self::Repository(other),
        }
    }
}

/// The service behind [`RegisterUsers`].
pub struct UserRegistration {
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Hashes.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws the id.
    pub ids: Arc<dyn IdGenerator>,
}

#[async_trait]
impl RegisterUsers for UserRegistration {
    async fn register(&self, registration: Registration) -> Result<User, RegisterError> {
        let password_hash = self.hasher.hash(&registration.password).await?;
        let now = self.clock.now();
        let new = NewUser {
            id: UserId::new(self.ids.next()),
            email: registration.email,
            name: registration.name,
            role: registration.role,
            shop_name: registration.shop_name,
            password_hash: Some(password_hash),
        };
        let mut user = User::register(new, now);
        if registration.email_verified {
            user.verify_email(now);
        }
        let tx = self.transactor.begin().await?;
        tx.users().insert(&user).await?;
        if !user.is_verified() {
            tx.email_verifications().save(&EmailVerification::request(user.id, now)).await?;
            tx.jobs().push(Job::SendVerificationCode { user_id: user.id.uuid() }, now).await?;
        }
        let event = SecurityEvent::new(SecurityEventKind::Registered).about(user.id).with("role", user.role.name());
        tx.security_log().record(&registered_by(&registration.by, event), now).await?;
        tx.commit().await?;
        Ok(user)
    }
}

fn registered_by(registrar: &Registrar, event: SecurityEvent) -> SecurityEvent {
    match registrar {
        Registrar::Themself(client) => event.from(client),
        Registrar::Admin(admin, client) => event.by(*admin).from(client),
        Registrar::CommandLine => event.with("by", "command line"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::MockPasswordHasher;
    use crate::tests::{StandingSystem, client, email};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};

    fn registration() -> Registration {
        Registration {
            email: email("ada@example.com"),
            password: Password::parse("Secret-123").unwrap(),
            name: None,
            role: Role::Customer,
            shop_name: None,
            email_verified: false,
            by: Registrar::Themself(client()),
        }
    }

    fn service(transactor: &Arc<TransactorDouble>) -> UserRegistration {
        let mut hasher = MockPasswordHasher::new();
        hasher.expect_hash().times(1).returning(|_| Ok("hashed".to_owned()));
        let system = StandingSystem::new();
        UserRegistration {
            transactor: transactor.clone(),
            hasher: Arc::new(hasher),
            clock: system.clone(),
            ids: system,
        }
    }

    #[tokio::test]
    async fn a_new_account_is_stored_with_its_hash_and_gets_a_code() {
        let mut tx = UnitOfWorkDouble::default();
        tx.users
            .expect_insert()
            .withf(|user| user.password_hash.as_deref() == Some("hashed"))
            .times(1)
            .returning(|_| Ok(()));
        tx.email_verifications.expect_save().times(1).returning(|_| Ok(()));
        tx.jobs
            .expect_push()
            .withf(|job, _| matches!(job, Job::SendVerificationCode { .. }))
            .times(1)
            .returning(|_, _| Ok(()));
        tx.security_log
            .expect_record()
            .withf(|event, _| event.kind == SecurityEventKind::Registered && event.address.is_some())
            .times(1)
            .returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let user = service(&transactor).register(registration()).await.unwrap();
        assert!(!user.is_verified());
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn an_address_that_has_an_account_is_refused_and_nothing_is_committed() {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_insert().returning(|_| Err(RepositoryError::Conflict(UniqueKey::UserEmail)));
        let transactor = TransactorDouble::new([tx]);
        let error = service(&transactor).register(registration()).await.unwrap_err();
        assert!(matches!(error, RegisterError::EmailTaken));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn an_admin_made_on_the_command_line_needs_no_code() {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_insert().withf(User::is_verified).times(1).returning(|_| Ok(()));
        tx.security_log.expect_record().times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let by = Registrar::CommandLine;
        let admin = Registration { role: Role::Admin, email_verified: true, by, ..registration() };
        assert!(service(&transactor).register(admin).await.unwrap().is_verified());
    }
}
