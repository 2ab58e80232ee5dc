//! Making many accounts at once, as admins do when a shop moves in.

use super::client::Client;
use super::policy::{AdministerUsers, Allowed};
use super::ports::{HashingFailed, IdentityQueries};
use super::register::{RegisterError, RegisterUsers, Registration};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::kernel::UserId;
use std::collections::HashSet;
use std::sync::Arc;

/// Makes many accounts.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait RegisterMany: Send + Sync {
    /// Makes an account of each row, or tells why not; each stands by itself, whole or not at all. One password is hashed
    /// at a time, so that people who sign in meanwhile wait for one hash at the most: a thousand rows take minutes.
    /// `of` is how many rows there were, with those that were not even rows.
    async fn register_many(
        &self,
        caller: &Allowed<AdministerUsers>,
        rows: Vec<Registration>,
        of: usize,
        client: &Client,
    ) -> Result<Vec<Result<UserId, RowRefusal>>, RepositoryError>;
}

/// Why there is no account of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowRefusal {
    /// The address has an account.
    EmailTaken,
    /// A row before has the same address.
    EmailRepeated,
    /// Something was away; the same row may succeed later.
    Unavailable,
}

/// The service behind [`RegisterMany`].
pub struct BatchRegistration {
    /// Makes one.
    pub registration: Arc<dyn RegisterUsers>,
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl RegisterMany for BatchRegistration {
    async fn register_many(
        &self,
        caller: &Allowed<AdministerUsers>,
        rows: Vec<Registration>,
        of: usize,
        client: &Client,
    ) -> Result<Vec<Result<UserId, RowRefusal>>, RepositoryError> {
        let (mut seen, mut results) = (HashSet::new(), Vec::with_capacity(rows.len()));
        for row in rows {
            let first = seen.insert(row.email.clone());
            results.push(if first { self.one(row).await } else { Err(RowRefusal::EmailRepeated) });
        }
        let created = results.iter().filter(|result| result.is_ok()).count();
        let event = SecurityEvent::new(SecurityEventKind::BulkRegistered).about(caller.user_id).from(client);
        let event = event.with("created", created).with("failed", of.saturating_sub(created));
        let tx = self.transactor.begin().await?;
        tx.security_log().record(&event, self.clock.now()).await?;
        tx.commit().await?;
        Ok(results)
    }
}

impl BatchRegistration {
    async fn one(&self, row: Registration) -> Result<UserId, RowRefusal> {
        // Before the hash, which is the work.
        match self.people.find_user_by_email(&row.email).await {
            Ok(None) => {}
            Ok(Some(_)) => return Err(RowRefusal::EmailTaken),
            Err(error) => return Err(unavailable(&error)),
        }
        match self.registration.register(row).await {
            Ok(user) => Ok(user.id),
            Err(RegisterError::EmailTaken) => Err(RowRefusal::EmailTaken),
            Err(RegisterError::Hashing(HashingFailed::Busy)) => Err(RowRefusal::Unavailable),
            Err(error @ (RegisterError::Hashing(HashingFailed::Broken(_)) | RegisterError::Repository(_))) => {
                Err(unavailable(&error))
            }
        }
    }
}

fn unavailable(error: &(dyn std::error::Error + 'static)) -> RowRefusal {
    tracing::warn!(error, "a row of a batch of accounts could not be made");
    RowRefusal::Unavailable
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::MockIdentityQueries;
    use crate::identity::register::{MockRegisterUsers, Registrar};
    use crate::tests::{StandingSystem, allowed, client, email, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::{Password, Role, User};

    fn row(address: &str) -> Registration {
        Registration {
            email: email(address),
            password: Password::parse("Secret-123").unwrap(),
            name: None,
            role: Role::Customer,
            shop_name: None,
            email_verified: false,
            by: Registrar::CommandLine,
        }
    }

    #[tokio::test]
    async fn each_row_stands_by_itself() {
        let mut people = MockIdentityQueries::new();
        people
            .expect_find_user_by_email()
            .returning(|address| Ok((address.as_str() == "old@example.com").then(|| user(Role::Customer))));
        let mut registration = MockRegisterUsers::new();
        registration.expect_register().times(3).returning(|row| match row.email.as_str() {
            "busy@example.com" => Err(RegisterError::Hashing(HashingFailed::Busy)),
            "raced@example.com" => Err(RegisterError::EmailTaken),
            _ => Ok(User { id: UserId::new(uuid(8)), ..user(Role::Customer) }),
        });
        let mut tx = UnitOfWorkDouble::default();
        tx.security_log
            .expect_record()
            .withf(|event, _| {
                let told = |name: &str| event.details.get(name).map(String::as_str).unwrap_or_default().to_owned();
                event.kind == SecurityEventKind::BulkRegistered && told("created") == "1" && told("failed") == "6"
            })
            .times(1)
            .returning(|_, _| Ok(()));
        let service = BatchRegistration {
            registration: Arc::new(registration),
            people: Arc::new(people),
            transactor: TransactorDouble::new([tx]),
            clock: StandingSystem::new(),
        };
        let addresses =
            ["new@example.com", "old@example.com", "NEW@example.com", "busy@example.com", "raced@example.com"];
        let rows = addresses.map(row).to_vec();
        let results = service.register_many(&allowed(Role::Admin), rows, 7, &client()).await.unwrap();
        assert_eq!(
            results,
            [
                Ok(UserId::new(uuid(8))),
                Err(RowRefusal::EmailTaken),
                Err(RowRefusal::EmailRepeated),
                Err(RowRefusal::Unavailable),
                Err(RowRefusal::EmailTaken),
            ]
        );
    }
}
