//! Sending an event on its way: one delivery to each endpoint that asked for it, however often the job runs.

use super::facts::Facts;
use super::ports::WebhookQueries;
use crate::jobs::JobFailure;
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::WebhookDeliveryId;
use domain::webhooks::{Delivery, Endpoint, EventKind, NewDelivery};
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// Sends events on their way.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait AnnounceEvents: Send + Sync {
    /// Sends an event, which is what the job that carries it is, to everyone who asked for it.
    async fn announce(&self, id: Uuid, event: &str, at: DateTime<Utc>, facts: &Value) -> Result<(), JobFailure>;
}

/// The service behind [`AnnounceEvents`].
pub struct FanOut {
    /// Reads endpoints.
    pub webhooks: Arc<dyn WebhookQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl AnnounceEvents for FanOut {
    async fn announce(&self, id: Uuid, event: &str, at: DateTime<Utc>, facts: &Value) -> Result<(), JobFailure> {
        let kind = EventKind::parse(event).ok_or_else(|| no_such_event(event))?;
        let facts: Facts =
            serde_json::from_value(facts.clone()).map_err(|error| JobFailure::Fail(error.to_string()))?;
        let hearing = self.webhooks.listening(&facts.sellers()).await?;
        let now = self.clock.now();
        let begin = |endpoint: Endpoint| {
            let payload = facts.payload(kind, at, endpoint.owner)?;
            let delivery = WebhookDeliveryId::new(self.ids.next());
            let new = NewDelivery { id: delivery, endpoint_id: endpoint.id, event_id: id, kind, payload };
            Some(Delivery::begin(new, now))
        };
        let hearing = hearing.into_iter().filter(|endpoint| endpoint.hears_of(kind));
        let deliveries: Vec<Delivery> = hearing.filter_map(begin).collect();
        if deliveries.is_empty() {
            return Ok(());
        }
        let tx = self.transactor.begin().await?;
        for delivery in &deliveries {
            tx.webhook_deliveries().insert(delivery).await?; // one that is there already stays as it is
        }
        Ok(tx.commit().await?)
    }
}

/// What this version has no name for is for a person.
pub(super) fn no_such_event(event: &str) -> JobFailure {
    JobFailure::Fail(format!("no such event: {event}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{StandingSystem, now, order, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use crate::webhooks::ports::MockWebhookQueries;
    use crate::webhooks::tests::endpoint;
    use domain::kernel::{Applied, UserId};
    use domain::webhooks::Owner;

    fn fan_out(endpoints: Vec<Endpoint>, transactor: &Arc<TransactorDouble>) -> FanOut {
        let mut webhooks = MockWebhookQueries::new();
        let sellers = |sellers: &[UserId]| sellers == [UserId::new(uuid(5)), UserId::new(uuid(7))];
        webhooks.expect_listening().withf(sellers).return_once(|_| Ok(endpoints));
        let (transactor, ids) = (transactor.clone(), StandingSystem::new());
        FanOut { webhooks: Arc::new(webhooks), transactor, ids, clock: StandingSystem::new() }
    }

    async fn announced(fan_out: &FanOut, event: &str) -> Result<(), JobFailure> {
        let facts = serde_json::to_value(Facts::of_order(&order())).unwrap();
        fan_out.announce(uuid(90), event, now(), &facts).await
    }

    #[tokio::test]
    async fn each_endpoint_that_asked_gets_one_delivery_of_what_is_its_owners() {
        let (platform, seller) = (endpoint(1, Owner::Platform), endpoint(2, Owner::Seller(UserId::new(uuid(7)))));
        let mut deaf = endpoint(3, Owner::Platform);
        deaf.events = vec![EventKind::OrderPlaced];
        let mut tx = UnitOfWorkDouble::default();
        let whole = |delivery: &Delivery| {
            delivery.endpoint_id.uuid() == uuid(1)
                && delivery.event_id == uuid(90)
                && delivery.payload.contains("20000")
        };
        let own = |delivery: &Delivery| {
            delivery.endpoint_id.uuid() == uuid(2)
                && delivery.event_id == uuid(90)
                && !delivery.payload.contains("20000")
        };
        tx.webhook_deliveries.expect_insert().withf(whole).times(1).returning(|_| Ok(Applied::Now(())));
        tx.webhook_deliveries.expect_insert().withf(own).times(1).returning(|_| Ok(Applied::Already));
        let transactor = TransactorDouble::new([tx]);
        announced(&fan_out(vec![platform, seller, deaf], &transactor), "order.paid").await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn an_event_that_nobody_asked_for_costs_one_question() {
        let transactor = TransactorDouble::new([]);
        announced(&fan_out(vec![endpoint(1, Owner::Platform)], &transactor), "order.expired").await.unwrap();
    }

    #[tokio::test]
    async fn an_event_that_this_version_does_not_know_is_for_a_person() {
        let transactor = TransactorDouble::new([]);
        let refused = announced(&fan_out(vec![], &transactor), "order.sung").await;
        assert!(matches!(refused, Err(JobFailure::Fail(_))));
    }
}
