//! Seeing what was delivered, sending it once more, and trying whether anything arrives at all.

use super::facts::test_payload;
use super::owner_of;
use super::ports::{TriedDelivery, WebhookQueries};
use crate::identity::policy::{SendWebhooks, ViewWebhooks};
use crate::identity::{Allowed, Caller};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use domain::kernel::{Page, PageRequest, WebhookDeliveryId, WebhookId};
use domain::webhooks::{Delivery, DeliveryStatus, Endpoint, EventKind, NewDelivery};
use std::sync::Arc;

/// Looks after deliveries to the caller's endpoints.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait TendDeliveries: Send + Sync {
    /// A page of deliveries, the newest first; `None` when there is no such endpoint.
    async fn list(
        &self,
        caller: &Allowed<ViewWebhooks>,
        webhook: WebhookId,
        status: Option<DeliveryStatus>,
        page: &PageRequest,
    ) -> Result<Option<Page<Delivery>>, RepositoryError>;
    /// One of them with its tries, or `None`.
    async fn find(
        &self,
        caller: &Allowed<ViewWebhooks>,
        webhook: WebhookId,
        id: WebhookDeliveryId,
    ) -> Result<Option<TriedDelivery>, RepositoryError>;
    /// Sends a message that says nothing, to see whether it arrives.
    async fn test(&self, caller: &Allowed<SendWebhooks>, webhook: WebhookId) -> Result<Delivery, SendAgainError>;
    /// Sends the same event once more, from the first try on.
    async fn replay(
        &self,
        caller: &Allowed<SendWebhooks>,
        webhook: WebhookId,
        id: WebhookDeliveryId,
    ) -> Result<Delivery, SendAgainError>;
}

/// Why nothing is sent.
#[derive(Debug, thiserror::Error)]
pub enum SendAgainError {
    /// There is no such endpoint or delivery, or it is another's.
    #[error("there is no such webhook or delivery")]
    NotFound,
    /// The endpoint is switched off.
    #[error("the webhook is switched off")]
    Disabled,
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`TendDeliveries`].
pub struct DeliveryDesk {
    /// Reads.
    pub webhooks: Arc<dyn WebhookQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl TendDeliveries for DeliveryDesk {
    async fn list(
        &self,
        caller: &Allowed<ViewWebhooks>,
        webhook: WebhookId,
        status: Option<DeliveryStatus>,
        page: &PageRequest,
    ) -> Result<Option<Page<Delivery>>, RepositoryError> {
        match self.webhooks.find_webhook(owner_of(caller), webhook).await? {
            Some(endpoint) => self.webhooks.list_deliveries(endpoint.id, status, page).await.map(Some),
            None => Ok(None),
        }
    }

    async fn find(
        &self,
        caller: &Allowed<ViewWebhooks>,
        webhook: WebhookId,
        id: WebhookDeliveryId,
    ) -> Result<Option<TriedDelivery>, RepositoryError> {
        match self.webhooks.find_webhook(owner_of(caller), webhook).await? {
            Some(endpoint) => self.webhooks.find_delivery(endpoint.id, id).await,
            None => Ok(None),
        }
    }

    async fn test(&self, caller: &Allowed<SendWebhooks>, webhook: WebhookId) -> Result<Delivery, SendAgainError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let endpoint = listening(tx.as_ref(), caller, webhook).await?;
        let new = NewDelivery {
            id: WebhookDeliveryId::new(self.ids.next()),
            endpoint_id: endpoint.id,
            event_id: self.ids.next(),
            kind: EventKind::Test,
            payload: test_payload(endpoint.id.uuid(), now).unwrap_or_default(),
        };
        let delivery = Delivery::begin(new, now);
        tx.webhook_deliveries().insert(&delivery).await?;
        tx.commit().await?;
        Ok(delivery)
    }

    async fn replay(
        &self,
        caller: &Allowed<SendWebhooks>,
        webhook: WebhookId,
        id: WebhookDeliveryId,
    ) -> Result<Delivery, SendAgainError> {
        let tx = self.transactor.begin().await?;
        let endpoint = listening(tx.as_ref(), caller, webhook).await?;
        let found = tx.webhook_deliveries().lock(id).await?.filter(|delivery| delivery.endpoint_id == endpoint.id);
        let mut delivery = found.ok_or(SendAgainError::NotFound)?;
        delivery.replay(self.clock.now());
        tx.webhook_deliveries().update(&delivery).await?;
        tx.commit().await?;
        Ok(delivery)
    }
}

/// The caller's endpoint, which is on.
async fn listening(tx: &dyn UnitOfWork, caller: &Caller, webhook: WebhookId) -> Result<Endpoint, SendAgainError> {
    let endpoint = tx.webhooks().lock_owned(owner_of(caller), webhook).await?.ok_or(SendAgainError::NotFound)?;
    if endpoint.is_enabled() { Ok(endpoint) } else { Err(SendAgainError::Disabled) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{StandingSystem, allowed, now, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use crate::webhooks::ports::MockWebhookQueries;
    use crate::webhooks::tests::{delivery, endpoint};
    use domain::identity::Role;
    use domain::kernel::{Applied, UserId};
    use domain::webhooks::{EndpointChange, Owner};

    fn desk(transactor: &Arc<TransactorDouble>, webhooks: MockWebhookQueries) -> DeliveryDesk {
        DeliveryDesk {
            webhooks: Arc::new(webhooks),
            transactor: transactor.clone(),
            ids: StandingSystem::new(),
            clock: StandingSystem::new(),
        }
    }

    fn seller() -> Owner {
        Owner::Seller(UserId::new(uuid(1)))
    }

    fn with(endpoint: Option<Endpoint>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.webhooks.expect_lock_owned().withf(|owner, _| *owner == seller()).return_once(|_, _| Ok(endpoint));
        tx
    }

    fn webhook() -> WebhookId {
        WebhookId::new(uuid(2))
    }

    #[tokio::test]
    async fn a_test_is_a_delivery_of_its_own_that_was_not_asked_for() {
        let mut tx = with(Some(endpoint(2, seller())));
        let test = |delivery: &Delivery| {
            delivery.kind == EventKind::Test
                && delivery.payload.contains("webhook.test")
                && delivery.next_attempt_at == Some(now())
        };
        tx.webhook_deliveries.expect_insert().withf(test).times(1).returning(|_| Ok(Applied::Now(())));
        let transactor = TransactorDouble::new([tx]);
        let sent = desk(&transactor, MockWebhookQueries::new()).test(&allowed(Role::Seller), webhook()).await.unwrap();
        assert_eq!((sent.status, transactor.commits()), (DeliveryStatus::Waiting, 1));
    }

    #[tokio::test]
    async fn a_replay_is_the_same_event() {
        let mut tx = with(Some(endpoint(2, seller())));
        let mut failed = delivery(50, 2);
        failed.give_up(now());
        tx.webhook_deliveries.expect_lock().return_once(|_| Ok(Some(failed)));
        let same = |sent: &Delivery| *sent == delivery(50, 2);
        tx.webhook_deliveries.expect_update().withf(same).times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let desk = desk(&transactor, MockWebhookQueries::new());
        desk.replay(&allowed(Role::Seller), webhook(), delivery(50, 2).id).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn nothing_is_sent_to_anothers_endpoint_nor_to_one_that_is_off_nor_from_another_endpoint() {
        let mut off = endpoint(2, seller());
        off.change(EndpointChange { enabled: Some(false), ..EndpointChange::default() }, now()).unwrap();
        let mut elsewhere = with(Some(endpoint(2, seller())));
        elsewhere.webhook_deliveries.expect_lock().return_once(|_| Ok(Some(delivery(50, 3))));
        let transactor =
            TransactorDouble::new([with(None), with(Some(off.clone())), with(None), with(Some(off)), elsewhere]);
        let (desk, caller) = (desk(&transactor, MockWebhookQueries::new()), allowed(Role::Seller));
        assert!(matches!(desk.test(&caller, webhook()).await, Err(SendAgainError::NotFound)));
        assert!(matches!(desk.test(&caller, webhook()).await, Err(SendAgainError::Disabled)));
        let id = delivery(50, 2).id;
        assert!(matches!(desk.replay(&caller, webhook(), id).await, Err(SendAgainError::NotFound)));
        assert!(matches!(desk.replay(&caller, webhook(), id).await, Err(SendAgainError::Disabled)));
        assert!(matches!(desk.replay(&caller, webhook(), id).await, Err(SendAgainError::NotFound)));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn deliveries_are_seen_by_the_endpoints_owner_alone() {
        let transactor = TransactorDouble::new([]);
        let mut webhooks = MockWebhookQueries::new();
        webhooks.expect_find_webhook().withf(|owner, _| *owner == Owner::Platform).returning(|_, _| Ok(None));
        let desk = desk(&transactor, webhooks);
        let page = desk.list(&allowed(Role::Admin), webhook(), None, &PageRequest::default()).await.unwrap();
        assert_eq!(page, None);
        assert_eq!(desk.find(&allowed(Role::Admin), webhook(), delivery(50, 2).id).await.unwrap(), None);
    }
}
