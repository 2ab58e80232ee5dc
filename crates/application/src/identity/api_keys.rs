//! API keys: by which programs act for a user, within the scopes that the user gave them.

use super::client::Client;
use super::policy::{Allowed, ChangeCredentials, RevokeApiKeys, ViewCredentials};
use super::ports::ApiKeyQueries;
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::{Job, SecondFactorChange};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator, OpaqueToken, SecretSource, digest_of};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{ApiKey, ApiKeyRefusal, NewApiKey, Scopes};
use domain::kernel::ApiKeyId;
use std::fmt;
use std::sync::Arc;

/// How every key begins, so that people and programs that look for leaked secrets know one when they see it.
pub const MARK: &str = "carat_";
/// So much of a key its owner sees later.
const SHOWN: usize = 12;

/// Keeps API keys.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait KeepApiKeys: Send + Sync {
    /// The caller's keys, the newest first.
    async fn list(&self, caller: &Allowed<ViewCredentials>) -> Result<Vec<ApiKey>, RepositoryError>;
    /// Makes a key, and shows it this once.
    async fn create(
        &self,
        caller: &Allowed<ChangeCredentials>,
        wish: ApiKeyWish,
        client: &Client,
    ) -> Result<CreatedApiKey, CreateApiKeyError>;
    /// Takes a key back; `false` when there is none to take back.
    async fn revoke(
        &self,
        caller: &Allowed<RevokeApiKeys>,
        id: ApiKeyId,
        client: &Client,
    ) -> Result<bool, RepositoryError>;
}

/// What a key is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyWish {
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Until when.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A key that was made.
#[derive(Clone, PartialEq, Eq)]
pub struct CreatedApiKey {
    /// What is kept of it.
    pub key: ApiKey,
    /// The key itself; a secret.
    pub secret: String,
}

impl fmt::Debug for CreatedApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedApiKey").field("id", &self.key.id).finish_non_exhaustive()
    }
}

/// Why there is no new key.
#[derive(Debug, thiserror::Error)]
pub enum CreateApiKeyError {
    /// It would be good for nothing.
    #[error("the key is refused: {0:?}")]
    Refused(ApiKeyRefusal),
    /// There are as many as there may be.
    #[error("there are too many keys")]
    TooMany,
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`KeepApiKeys`].
pub struct ApiKeyDesk {
    /// Reads keys.
    pub keys: Arc<dyn ApiKeyQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Draws the id.
    pub ids: Arc<dyn IdGenerator>,
    /// Draws the key.
    pub secrets: Arc<dyn SecretSource>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl KeepApiKeys for ApiKeyDesk {
    async fn list(&self, caller: &Allowed<ViewCredentials>) -> Result<Vec<ApiKey>, RepositoryError> {
        self.keys.list_keys(caller.user_id).await
    }

    async fn create(
        &self,
        caller: &Allowed<ChangeCredentials>,
        wish: ApiKeyWish,
        client: &Client,
    ) -> Result<CreatedApiKey, CreateApiKeyError> {
        let now = self.clock.now();
        let secret = format!("{MARK}{}", OpaqueToken::draw(self.secrets.as_ref()).reveal());
        let new = NewApiKey {
            id: ApiKeyId::new(self.ids.next()),
            user_id: caller.user_id,
            name: wish.name,
            prefix: secret.chars().take(SHOWN).collect(),
            digest: digest_of(&secret),
            scopes: wish.scopes,
            expires_at: wish.expires_at,
        };
        let key = ApiKey::issue(new, now).map_err(CreateApiKeyError::Refused)?;
        let tx = self.transactor.begin().await?;
        // Two at once: the second waits for the user's row, and counts the first one's.
        tx.users().lock(caller.user_id).await?;
        if tx.api_keys().count(caller.user_id).await? >= ApiKey::MOST {
            return Err(CreateApiKeyError::TooMany);
        }
        tx.api_keys().insert(&key).await?;
        let scopes: Vec<_> = key.scopes.iter().map(domain::identity::Scope::name).collect();
        let event = event(SecurityEventKind::ApiKeyCreated, caller, key.id, client).with("scopes", scopes.join(" "));
        tx.security_log().record(&event.with("name", &key.name), now).await?;
        let change = SecondFactorChange::ApiKeyCreated;
        tx.jobs().push(Job::SendSecondFactorNotice { user_id: caller.user_id.uuid(), change }, now).await?;
        tx.commit().await?;
        Ok(CreatedApiKey { key, secret })
    }

    async fn revoke(
        &self,
        caller: &Allowed<RevokeApiKeys>,
        id: ApiKeyId,
        client: &Client,
    ) -> Result<bool, RepositoryError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        if !tx.api_keys().revoke(caller.user_id, id, now).await? {
            return Ok(false);
        }
        tx.security_log().record(&event(SecurityEventKind::ApiKeyRevoked, caller, id, client), now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

fn event(kind: SecurityEventKind, caller: &super::Caller, key: ApiKeyId, client: &Client) -> SecurityEvent {
    SecurityEvent::new(kind).about(caller.user_id).from(client).with("api_key", key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::MockApiKeyQueries;
    use crate::tests::{StandingSystem, allowed, client, user};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::{Role, Scope};

    fn service(tx: UnitOfWorkDouble) -> (ApiKeyDesk, Arc<TransactorDouble>) {
        let (transactor, system) = (TransactorDouble::new([tx]), StandingSystem::new());
        let desk = ApiKeyDesk {
            keys: Arc::new(MockApiKeyQueries::new()),
            transactor: transactor.clone(),
            ids: system.clone(),
            secrets: system.clone(),
            clock: system,
        };
        (desk, transactor)
    }

    fn wish() -> ApiKeyWish {
        ApiKeyWish { name: "Till".to_owned(), scopes: [Scope::SalesRead].into_iter().collect(), expires_at: None }
    }

    fn with_keys(count: u64) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(|_| Ok(Some(user(Role::Seller))));
        tx.api_keys.expect_count().returning(move |_| Ok(count));
        tx
    }

    #[tokio::test]
    async fn a_key_is_shown_once_and_only_its_digest_is_stored() {
        let mut tx = with_keys(49);
        let secret = format!("carat_{}", "A".repeat(43));
        let digest = digest_of(&secret);
        tx.api_keys
            .expect_insert()
            .withf(move |key| key.digest == digest && key.prefix == "carat_AAAAAA")
            .times(1)
            .returning(|_| Ok(()));
        tx.security_log.expect_record().times(1).returning(|_, _| Ok(()));
        tx.jobs
            .expect_push()
            .withf(|job, _| {
                matches!(job, Job::SendSecondFactorNotice { change: SecondFactorChange::ApiKeyCreated, .. })
            })
            .times(1)
            .returning(|_, _| Ok(()));
        let (desk, transactor) = service(tx);
        let created = desk.create(&allowed(Role::Seller), wish(), &client()).await.unwrap();
        assert_eq!((created.secret.as_str(), transactor.commits()), (secret.as_str(), 1));
        assert!(!format!("{created:?}").contains("AAAA"));
    }

    #[tokio::test]
    async fn there_are_fifty_keys_at_the_most() {
        let (desk, transactor) = service(with_keys(50));
        let refused = desk.create(&allowed(Role::Seller), wish(), &client()).await;
        assert!(matches!(refused, Err(CreateApiKeyError::TooMany)));
        assert_eq!(transactor.commits(), 0);
    }
}
