//! Delivering: a message is signed and sent, and what came of it is written down for its owner to see. What was sent when the
//! process died is sent once more: its id is the same, by which merchants know a copy.

use super::ports::{DeliveryStore, DueDelivery, Message, MessageSender, WebhookQueries};
use super::secret::{SigningSecret, SigningSecrets};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::ports::SealFailed;
use crate::jobs::Job;
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Applied, WebhookDeliveryId, WebhookId};
use domain::webhooks::{Attempt, Delivery, Endpoint, Fault, Jitter, Outcome};
use std::collections::HashMap;
use std::sync::Arc;

/// Delivers what is due.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait DeliverWebhooks: Send + Sync {
    /// Takes up to so many deliveries in hand that are due, beside those that are.
    async fn claim(
        &self,
        limit: usize,
        in_hand: &HashMap<WebhookId, usize>,
    ) -> Result<Vec<DueDelivery>, RepositoryError>;
    /// Tries one. If what came of it can't be written down it is tried again when the lease ends.
    async fn deliver(&self, id: WebhookDeliveryId) -> Result<(), RepositoryError>;
}

/// The service behind [`DeliverWebhooks`].
pub struct Courier {
    /// Where deliveries are taken from.
    pub store: Arc<dyn DeliveryStore>,
    /// Reads them.
    pub webhooks: Arc<dyn WebhookQueries>,
    /// Sends.
    pub sender: Arc<dyn MessageSender>,
    /// Opens what signs.
    pub secrets: SigningSecrets,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time, and draws ids.
    pub system: CourierSystem,
}

/// The time and the ids of a courier.
pub struct CourierSystem {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
}

#[async_trait]
impl DeliverWebhooks for Courier {
    async fn claim(
        &self,
        limit: usize,
        in_hand: &HashMap<WebhookId, usize>,
    ) -> Result<Vec<DueDelivery>, RepositoryError> {
        self.store.claim(self.system.clock.now(), limit, in_hand).await
    }

    async fn deliver(&self, id: WebhookDeliveryId) -> Result<(), RepositoryError> {
        let Some((delivery, endpoint)) = self.webhooks.find_dispatch(id).await? else { return Ok(()) };
        if !endpoint.is_enabled() {
            return self.give_up(id).await; // it was switched off in the very moment in which the event went out
        }
        let at = self.system.clock.now();
        let outcome = match self.signing(&endpoint, at) {
            Ok(secrets) => self.sender.send(&message(&delivery, &endpoint, secrets, at)).await,
            Err(error) => {
                tracing::error!(endpoint = %endpoint.id, %error, "a webhook's secret can't be opened");
                Outcome::Fault(Fault::NotSigned)
            }
        };
        let took = self.system.clock.now() - at;
        self.note(&delivery, Attempt { id: self.system.ids.next(), at, took, outcome }).await
    }
}

impl Courier {
    fn signing(&self, endpoint: &Endpoint, now: DateTime<Utc>) -> Result<Vec<SigningSecret>, SealFailed> {
        endpoint.signing(now).into_iter().map(|sealed| self.secrets.open(endpoint.id, sealed)).collect()
    }

    async fn give_up(&self, id: WebhookDeliveryId) -> Result<(), RepositoryError> {
        let tx = self.transactor.begin().await?;
        let Some(mut delivery) = tx.webhook_deliveries().lock(id).await? else { return Ok(()) };
        delivery.give_up(self.system.clock.now());
        tx.webhook_deliveries().update(&delivery).await?;
        tx.commit().await
    }

    /// The endpoint is locked before the delivery, as everywhere.
    async fn note(&self, sent: &Delivery, attempt: Attempt) -> Result<(), RepositoryError> {
        let now = self.system.clock.now();
        let tx = self.transactor.begin().await?;
        let Some(mut endpoint) = tx.webhooks().lock(sent.endpoint_id).await? else { return Ok(()) };
        let Some(mut delivery) = tx.webhook_deliveries().lock(sent.id).await? else { return Ok(()) };
        delivery.note(&attempt.outcome, jitter(&attempt), now);
        tx.webhook_deliveries().update(&delivery).await?;
        tx.webhook_deliveries().record(sent.id, &attempt).await?;
        let before = endpoint.clone();
        let switched_off = endpoint.note(&attempt.outcome, now);
        if endpoint != before {
            tx.webhooks().update(&endpoint).await?;
        }
        if switched_off != Applied::Already {
            switch_off(tx.as_ref(), &endpoint, now).await?;
        }
        tx.commit().await
    }
}

/// What follows when an endpoint was switched off: nothing waits for it any more, and its owner is told.
async fn switch_off(tx: &dyn UnitOfWork, endpoint: &Endpoint, now: DateTime<Utc>) -> Result<(), RepositoryError> {
    tx.webhook_deliveries().give_up(endpoint.id, now).await?;
    let Some(disabled) = endpoint.disabled else { return Ok(()) };
    let event = SecurityEvent::new(SecurityEventKind::WebhookDisabled)
        .about(endpoint.created_by)
        .with("webhook", endpoint.id)
        .with("reason", disabled.reason.name());
    tx.security_log().record(&event, now).await?;
    let job = Job::SendWebhookDisabledNotice { user_id: endpoint.created_by.uuid(), webhook_id: endpoint.id.uuid() };
    tx.jobs().push(job, now).await
}

fn message(delivery: &Delivery, endpoint: &Endpoint, secrets: Vec<SigningSecret>, at: DateTime<Utc>) -> Message {
    let id = format!("evt_{}", delivery.event_id.simple());
    Message { url: endpoint.url.clone(), id, at, body: delivery.payload.clone(), secrets }
}

/// Out of the random part of the try's id: what it decides is no secret.
fn jitter(attempt: &Attempt) -> Jitter {
    let [.., last] = attempt.id.into_bytes();
    Jitter(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{StandingSystem, now, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use crate::webhooks::ports::{MockDeliveryStore, MockMessageSender, MockWebhookQueries};
    use crate::webhooks::tests::{answered, delivery, endpoint, secrets};
    use domain::webhooks::{DeliveryStatus, DisableReason, Disabled, EndpointChange, Owner, PreviousSecret};

    fn courier(endpoint: &Endpoint, sender: MockMessageSender, transactor: &Arc<TransactorDouble>) -> Courier {
        let mut webhooks = MockWebhookQueries::new();
        let found = (delivery(50, 2), endpoint.clone());
        webhooks.expect_find_dispatch().return_once(|_| Ok(Some(found)));
        Courier {
            store: Arc::new(MockDeliveryStore::new()),
            webhooks: Arc::new(webhooks),
            sender: Arc::new(sender),
            secrets: secrets(),
            transactor: transactor.clone(),
            system: CourierSystem { clock: StandingSystem::new(), ids: StandingSystem::new() },
        }
    }

    fn sending(outcome: &Outcome) -> MockMessageSender {
        let (mut sender, outcome) = (MockMessageSender::new(), outcome.clone());
        sender.expect_send().times(1).return_once(|_| outcome);
        sender
    }

    /// A unit of work in which a try of delivery 50 to this endpoint is written down, and the delivery is left so.
    fn noting(endpoint: &Endpoint, status: DeliveryStatus, outcome: &Outcome) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        let (endpoint, outcome) = (endpoint.clone(), outcome.clone());
        tx.webhooks.expect_lock().return_once(|_| Ok(Some(endpoint)));
        tx.webhook_deliveries.expect_lock().return_once(|_| Ok(Some(delivery(50, 2))));
        let left = move |delivery: &Delivery| delivery.status == status && delivery.tries == 1;
        tx.webhook_deliveries.expect_update().withf(left).times(1).returning(|_| Ok(()));
        let told = move |_: &_, attempt: &Attempt| attempt.outcome == outcome && attempt.at == now();
        tx.webhook_deliveries.expect_record().withf(told).times(1).returning(|_, _| Ok(()));
        tx
    }

    async fn delivered(courier: &Courier) {
        courier.deliver(delivery(50, 2).id).await.unwrap();
    }

    #[tokio::test]
    async fn a_message_carries_the_events_id_and_is_signed_by_both_secrets_while_they_change() {
        let mut endpoint = endpoint(2, Owner::Platform);
        let previous = PreviousSecret { sealed: "sealed before".to_owned(), until: now() + Endpoint::OVERLAP };
        endpoint.previous_secret = Some(previous);
        let mut sender = MockMessageSender::new();
        let signed = |message: &Message| {
            message.id == format!("evt_{}", uuid(90).simple())
                && (message.url.as_str(), message.body.as_str()) == ("https://merchant.example/hook", "{}")
                && message.secrets.len() == 2
                && message.at == now()
        };
        sender.expect_send().withf(signed).times(1).returning(|_| answered(200));
        let transactor = TransactorDouble::new([noting(&endpoint, DeliveryStatus::Delivered, &answered(200))]);
        delivered(&courier(&endpoint, sender, &transactor)).await;
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn a_failure_waits_for_its_next_try_and_the_endpoint_fails_from_now_on() {
        let endpoint = endpoint(2, Owner::Platform);
        let outcome = Outcome::Fault(Fault::TimedOut);
        let mut tx = noting(&endpoint, DeliveryStatus::Waiting, &outcome);
        let failing = |endpoint: &Endpoint| endpoint.failing_since == Some(now()) && endpoint.is_enabled();
        tx.webhooks.expect_update().withf(failing).times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        delivered(&courier(&endpoint, sending(&outcome), &transactor)).await;
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn who_is_gone_is_switched_off_and_told_once() {
        let endpoint = endpoint(2, Owner::Platform);
        let mut tx = noting(&endpoint, DeliveryStatus::Failed, &answered(410));
        let off = |endpoint: &Endpoint| endpoint.disabled == Some(Disabled { at: now(), reason: DisableReason::Gone });
        tx.webhooks.expect_update().withf(off).times(1).returning(|_| Ok(()));
        tx.webhook_deliveries.expect_give_up().times(1).returning(|_, _| Ok(()));
        let noted = |event: &SecurityEvent, _: &_| event.kind == SecurityEventKind::WebhookDisabled;
        tx.security_log.expect_record().withf(noted).times(1).returning(|_, _| Ok(()));
        let told = |job: &Job, _: &_| *job == Job::SendWebhookDisabledNotice { user_id: uuid(1), webhook_id: uuid(2) };
        tx.jobs.expect_push().withf(told).times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        delivered(&courier(&endpoint, sending(&answered(410)), &transactor)).await;
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn nothing_is_sent_to_who_is_switched_off() {
        let mut endpoint = endpoint(2, Owner::Platform);
        let off = EndpointChange { enabled: Some(false), ..EndpointChange::default() };
        endpoint.change(off, now()).unwrap();
        let mut tx = UnitOfWorkDouble::default();
        tx.webhook_deliveries.expect_lock().return_once(|_| Ok(Some(delivery(50, 2))));
        let failed = |delivery: &Delivery| delivery.status == DeliveryStatus::Failed && delivery.tries == 0;
        tx.webhook_deliveries.expect_update().withf(failed).times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        delivered(&courier(&endpoint, MockMessageSender::new(), &transactor)).await;
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn what_cannot_be_signed_is_not_sent() {
        let mut endpoint = endpoint(2, Owner::Platform);
        endpoint.secret = "sealed by another key".to_owned();
        let outcome = Outcome::Fault(Fault::NotSigned);
        let mut tx = noting(&endpoint, DeliveryStatus::Waiting, &outcome);
        tx.webhooks.expect_update().times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let mut courier = courier(&endpoint, MockMessageSender::new(), &transactor);
        let mut vault = crate::identity::ports::MockSecretBox::new();
        vault.expect_open().return_const(Err(SealFailed));
        courier.secrets.vault = Arc::new(vault);
        delivered(&courier).await;
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn a_delivery_that_is_gone_with_its_endpoint_is_nothing_to_do() {
        let transactor = TransactorDouble::new([]);
        let mut courier = courier(&endpoint(2, Owner::Platform), MockMessageSender::new(), &transactor);
        let mut webhooks = MockWebhookQueries::new();
        webhooks.expect_find_dispatch().return_once(|_| Ok(None));
        courier.webhooks = Arc::new(webhooks);
        delivered(&courier).await;
    }
}
