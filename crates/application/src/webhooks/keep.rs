//! Keeping endpoints: where a merchant is told of events, of which, and by what secret they know that it is us.

use super::owner_of;
use super::ports::{TargetRefusal, TargetRules, WebhookQueries};
use super::secret::{SigningSecret, SigningSecrets};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::policy::{ManageWebhooks, ViewWebhooks};
use crate::identity::ports::SealFailed;
use crate::identity::{Allowed, Client};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::kernel::WebhookId;
use domain::webhooks::{Endpoint, EndpointChange, EndpointRefusal, EventKind, NewEndpoint, Owner};
use std::sync::Arc;

/// Keeps endpoints: admins the platform's, sellers their own.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait KeepWebhooks: Send + Sync {
    /// All of the caller's, the oldest first.
    async fn list(&self, caller: &Allowed<ViewWebhooks>) -> Result<Vec<Endpoint>, RepositoryError>;
    /// One of them, or `None`.
    async fn find(&self, caller: &Allowed<ViewWebhooks>, id: WebhookId) -> Result<Option<Endpoint>, RepositoryError>;
    /// Makes one, and shows its secret this once.
    async fn create(
        &self,
        caller: &Allowed<ManageWebhooks>,
        wish: WebhookWish,
        client: &Client,
    ) -> Result<KeyedWebhook, KeepWebhookError>;
    /// Changes one. What waits for one that is switched off is given up.
    async fn change(
        &self,
        caller: &Allowed<ManageWebhooks>,
        id: WebhookId,
        change: EndpointChange,
        client: &Client,
    ) -> Result<Endpoint, KeepWebhookError>;
    /// Gives one another secret, and shows it this once. The present one signs, too, for a day.
    async fn rotate(
        &self,
        caller: &Allowed<ManageWebhooks>,
        id: WebhookId,
        client: &Client,
    ) -> Result<KeyedWebhook, KeepWebhookError>;
    /// Removes one, with all its deliveries; `false` when there is none.
    async fn remove(
        &self,
        caller: &Allowed<ManageWebhooks>,
        id: WebhookId,
        client: &Client,
    ) -> Result<bool, RepositoryError>;
}

/// What an endpoint is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookWish {
    /// Where messages go.
    pub url: String,
    /// What its owner calls it.
    pub description: Option<String>,
    /// What it is told of.
    pub events: Vec<EventKind>,
}

/// An endpoint and its secret, which is not shown again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedWebhook {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// What it is signed by.
    pub secret: SigningSecret,
}

/// Why an endpoint is not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum KeepWebhookError {
    /// There is none, or it is another's.
    #[error("there is no such webhook")]
    NotFound,
    /// There are as many as there may be.
    #[error("there are too many webhooks")]
    TooMany,
    /// Nothing is sent there.
    #[error("nothing is sent to such an address: {0:?}")]
    Target(TargetRefusal),
    /// It can't be so.
    #[error("the webhook is refused: {0:?}")]
    Refused(EndpointRefusal),
    /// Its secret could not be sealed.
    #[error(transparent)]
    Sealing(#[from] SealFailed),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`KeepWebhooks`].
pub struct WebhookDesk {
    /// Reads endpoints.
    pub webhooks: Arc<dyn WebhookQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Knows where messages may go.
    pub targets: Arc<dyn TargetRules>,
    /// Draws and seals secrets.
    pub secrets: SigningSecrets,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl KeepWebhooks for WebhookDesk {
    async fn list(&self, caller: &Allowed<ViewWebhooks>) -> Result<Vec<Endpoint>, RepositoryError> {
        self.webhooks.list_webhooks(owner_of(caller)).await
    }

    async fn find(&self, caller: &Allowed<ViewWebhooks>, id: WebhookId) -> Result<Option<Endpoint>, RepositoryError> {
        self.webhooks.find_webhook(owner_of(caller), id).await
    }

    async fn create(
        &self,
        caller: &Allowed<ManageWebhooks>,
        wish: WebhookWish,
        client: &Client,
    ) -> Result<KeyedWebhook, KeepWebhookError> {
        let now = self.clock.now();
        let (id, owner) = (WebhookId::new(self.ids.next()), owner_of(caller));
        let (secret, sealed) = self.secrets.draw(id)?;
        let new = NewEndpoint {
            id,
            owner,
            created_by: caller.user_id,
            url: self.targets.check(&wish.url).map_err(KeepWebhookError::Target)?,
            description: wish.description,
            events: wish.events,
            secret: sealed,
        };
        let endpoint = Endpoint::create(new, now).map_err(KeepWebhookError::Refused)?;
        let tx = self.transactor.begin().await?;
        // Two at once: the second waits for the owner's rows, and counts the first one's. The platform's owners are all admins.
        match owner {
            Owner::Seller(seller) => {
                tx.users().lock(seller).await?;
            }
            Owner::Platform => {
                tx.users().lock_admins().await?;
            }
        }
        if tx.webhooks().count(owner).await? >= Endpoint::MOST {
            return Err(KeepWebhookError::TooMany);
        }
        tx.webhooks().insert(&endpoint).await?;
        let event = event(SecurityEventKind::WebhookCreated, caller, id, client).with("url", &endpoint.url);
        tx.security_log().record(&event, now).await?;
        tx.commit().await?;
        Ok(KeyedWebhook { endpoint, secret })
    }

    async fn change(
        &self,
        caller: &Allowed<ManageWebhooks>,
        id: WebhookId,
        mut change: EndpointChange,
        client: &Client,
    ) -> Result<Endpoint, KeepWebhookError> {
        if let Some(url) = change.url {
            change.url = Some(self.targets.check(&url).map_err(KeepWebhookError::Target)?);
        }
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let found = tx.webhooks().lock_owned(owner_of(caller), id).await?;
        let mut endpoint = found.ok_or(KeepWebhookError::NotFound)?;
        let was_on = endpoint.is_enabled();
        endpoint.change(change, now).map_err(KeepWebhookError::Refused)?;
        tx.webhooks().update(&endpoint).await?;
        if was_on && !endpoint.is_enabled() {
            tx.webhook_deliveries().give_up(id, now).await?;
        }
        let event = event(SecurityEventKind::WebhookChanged, caller, id, client)
            .with("url", &endpoint.url)
            .with("enabled", endpoint.is_enabled());
        tx.security_log().record(&event, now).await?;
        tx.commit().await?;
        Ok(endpoint)
    }

    async fn rotate(
        &self,
        caller: &Allowed<ManageWebhooks>,
        id: WebhookId,
        client: &Client,
    ) -> Result<KeyedWebhook, KeepWebhookError> {
        let now = self.clock.now();
        let (secret, sealed) = self.secrets.draw(id)?;
        let tx = self.transactor.begin().await?;
        let found = tx.webhooks().lock_owned(owner_of(caller), id).await?;
        let mut endpoint = found.ok_or(KeepWebhookError::NotFound)?;
        endpoint.rotate(sealed, now);
        tx.webhooks().update(&endpoint).await?;
        let event = event(SecurityEventKind::WebhookSecretRotated, caller, id, client);
        tx.security_log().record(&event, now).await?;
        tx.commit().await?;
        Ok(KeyedWebhook { endpoint, secret })
    }

    async fn remove(
        &self,
        caller: &Allowed<ManageWebhooks>,
        id: WebhookId,
        client: &Client,
    ) -> Result<bool, RepositoryError> {
        let tx = self.transactor.begin().await?;
        if !tx.webhooks().remove(owner_of(caller), id).await? {
            return Ok(false);
        }
        let event = event(SecurityEventKind::WebhookRemoved, caller, id, client);
        tx.security_log().record(&event, self.clock.now()).await?;
        tx.commit().await?;
        Ok(true)
    }
}

fn event(kind: SecurityEventKind, caller: &Allowed<ManageWebhooks>, id: WebhookId, client: &Client) -> SecurityEvent {
    SecurityEvent::new(kind).about(caller.user_id).from(client).with("webhook", id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{StandingSystem, allowed, client, now, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use crate::webhooks::ports::{MockTargetRules, MockWebhookQueries};
    use crate::webhooks::tests::{endpoint, secrets};
    use domain::identity::Role;
    use domain::kernel::UserId;

    fn desk(transactor: &Arc<TransactorDouble>) -> WebhookDesk {
        let mut targets = MockTargetRules::new();
        targets.expect_check().returning(|url| {
            if url.contains("localhost") { Err(TargetRefusal::Forbidden) } else { Ok(url.to_lowercase()) }
        });
        WebhookDesk {
            webhooks: Arc::new(MockWebhookQueries::new()),
            transactor: transactor.clone(),
            targets: Arc::new(targets),
            secrets: secrets(),
            ids: StandingSystem::new(),
            clock: StandingSystem::new(),
        }
    }

    fn wish(url: &str) -> WebhookWish {
        WebhookWish { url: url.to_owned(), description: None, events: vec![EventKind::OrderPaid] }
    }

    fn seller() -> Owner {
        Owner::Seller(UserId::new(uuid(1)))
    }

    /// A unit of work in which somebody has so many already.
    fn with(count: u64) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        let this = |id: &UserId| *id == UserId::new(uuid(1));
        tx.users.expect_lock().withf(this).returning(|_| Ok(Some(user(Role::Seller))));
        tx.users.expect_lock_admins().returning(|| Ok(vec![UserId::new(uuid(1))]));
        tx.webhooks.expect_count().returning(move |_| Ok(count));
        tx
    }

    fn logs(tx: &mut UnitOfWorkDouble, kind: SecurityEventKind) {
        let logged =
            move |event: &SecurityEvent, _: &_| event.kind == kind && event.user_id == Some(UserId::new(uuid(1)));
        tx.security_log.expect_record().withf(logged).times(1).returning(|_, _| Ok(()));
    }

    #[tokio::test]
    async fn a_new_one_is_its_makers_and_shows_its_secret_which_is_kept_sealed() {
        for (role, owner) in [(Role::Seller, seller()), (Role::Admin, Owner::Platform)] {
            let mut tx = with(9);
            let stored = move |endpoint: &Endpoint| {
                endpoint.owner == owner && endpoint.secret == "sealed anew" && endpoint.url == "https://a.example/"
            };
            tx.webhooks.expect_insert().withf(stored).times(1).returning(|_| Ok(()));
            logs(&mut tx, SecurityEventKind::WebhookCreated);
            let transactor = TransactorDouble::new([tx]);
            let made = desk(&transactor).create(&allowed(role), wish("https://A.example/"), &client()).await.unwrap();
            assert!(made.secret.reveal().starts_with("whsec_"));
            assert_eq!(transactor.commits(), 1);
        }
    }

    #[tokio::test]
    async fn what_can_not_be_is_not_made() {
        let transactor = TransactorDouble::new([with(10)]);
        let desk = desk(&transactor);
        let refused = desk.create(&allowed(Role::Seller), wish("https://a.example/"), &client()).await;
        assert!(matches!(refused, Err(KeepWebhookError::TooMany)));
        let refused = desk.create(&allowed(Role::Seller), wish("https://localhost/"), &client()).await;
        assert!(matches!(refused, Err(KeepWebhookError::Target(TargetRefusal::Forbidden))));
        let gift_cards = WebhookWish { events: vec![EventKind::GiftCardIssued], ..wish("https://a.example/") };
        let refused = desk.create(&allowed(Role::Seller), gift_cards, &client()).await;
        let expected = EndpointRefusal::NotForOwner(EventKind::GiftCardIssued);
        assert!(matches!(refused, Err(KeepWebhookError::Refused(why)) if why == expected));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn switching_one_off_gives_up_what_waits_for_it() {
        let mut tx = UnitOfWorkDouble::default();
        let own = |owner: &Owner, id: &WebhookId| *owner == seller() && id.uuid() == uuid(2);
        tx.webhooks.expect_lock_owned().withf(own).return_once(|_, _| Ok(Some(endpoint(2, seller()))));
        tx.webhooks.expect_update().withf(|endpoint| !endpoint.is_enabled()).times(1).returning(|_| Ok(()));
        tx.webhook_deliveries.expect_give_up().times(1).returning(|_, _| Ok(()));
        logs(&mut tx, SecurityEventKind::WebhookChanged);
        let transactor = TransactorDouble::new([tx]);
        let off = EndpointChange { enabled: Some(false), ..EndpointChange::default() };
        let id = WebhookId::new(uuid(2));
        desk(&transactor).change(&allowed(Role::Seller), id, off, &client()).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn a_replaced_secret_stays_beside_the_new_one() {
        let mut tx = UnitOfWorkDouble::default();
        tx.webhooks.expect_lock_owned().return_once(|_, _| Ok(Some(endpoint(2, Owner::Platform))));
        let both = |endpoint: &Endpoint| endpoint.signing(now()) == ["sealed anew", "sealed"];
        tx.webhooks.expect_update().withf(both).times(1).returning(|_| Ok(()));
        logs(&mut tx, SecurityEventKind::WebhookSecretRotated);
        let transactor = TransactorDouble::new([tx]);
        desk(&transactor).rotate(&allowed(Role::Admin), WebhookId::new(uuid(2)), &client()).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn anothers_is_not_there() {
        let nothing = || {
            let mut tx = UnitOfWorkDouble::default();
            tx.webhooks.expect_lock_owned().returning(|_, _| Ok(None));
            tx.webhooks.expect_remove().returning(|_, _| Ok(false));
            tx
        };
        let transactor = TransactorDouble::new([nothing(), nothing(), nothing()]);
        let (desk, id) = (desk(&transactor), WebhookId::new(uuid(2)));
        let changed = desk.change(&allowed(Role::Seller), id, EndpointChange::default(), &client()).await;
        assert!(matches!(changed, Err(KeepWebhookError::NotFound)));
        let rotated = desk.rotate(&allowed(Role::Seller), id, &client()).await;
        assert!(matches!(rotated, Err(KeepWebhookError::NotFound)));
        assert!(!desk.remove(&allowed(Role::Seller), id, &client()).await.unwrap());
        assert_eq!(transactor.commits(), 0);
    }
}
