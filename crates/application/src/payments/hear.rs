//! Hearing from the gateway: check the signature, keep the event once, and let a job ask the gateway what it means.

use super::ports::{GoingBack, InvalidEvent, PaymentGateway, ReceivedEvent};
use crate::jobs::Job;
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::kernel::Applied;
use std::sync::Arc;

/// Hears from gateways.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait HearGateway: Send + Sync {
    /// Takes an event. The order and number of deliveries don't matter.
    async fn hear(&self, gateway: &str, body: &[u8], signature: &str) -> Result<Applied, HearError>;
}

/// Why an event was not taken.
#[derive(Debug, thiserror::Error)]
pub enum HearError {
    /// No such gateway is configured.
    #[error("no such gateway is configured")]
    UnknownGateway,
    /// Not the gateway's.
    #[error(transparent)]
    Invalid(#[from] InvalidEvent),
    /// The database failed; the gateway will call again.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`HearGateway`].
pub struct GatewayEar {
    /// Knows its own signature.
    pub gateway: Arc<dyn PaymentGateway>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl HearGateway for GatewayEar {
    async fn hear(&self, gateway: &str, body: &[u8], signature: &str) -> Result<Applied, HearError> {
        if gateway != self.gateway.name() {
            return Err(HearError::UnknownGateway);
        }
        let now = self.clock.now();
        let event = self.gateway.read_event(body, signature, now)?;
        let payload = String::from_utf8_lossy(body).into_owned();
        let received =
            ReceivedEvent { gateway: self.gateway.name(), id: event.id, kind: event.kind, payload, received_at: now };
        let tx = self.transactor.begin().await?;
        let applied = tx.webhook_events().insert(&received).await?;
        if let (Applied::Now(()), Some(payment)) = (applied, event.payment) {
            tx.jobs().push(Job::SettlePayment { payment_id: payment.uuid() }, now).await?;
        }
        if let (Applied::Now(()), Some(going_back)) = (applied, event.going_back) {
            let follow = match going_back {
                GoingBack::Refund(refund) => Job::FollowRefund { refund_id: refund.uuid() },
                GoingBack::Dispute(dispute_id) => Job::FollowDispute { dispute_id },
            };
            tx.jobs().push(follow, now).await?;
        }
        tx.commit().await?;
        if applied == Applied::Now(()) && event.wants_a_person {
            let (gateway, payment) = (received.gateway, event.payment.map(|id| id.to_string()));
            tracing::warn!(gateway, event = received.id, kind = received.kind, payment, "an event wants a person");
        }
        Ok(applied)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::ports::{GatewayEvent, MockPaymentGateway};
    use crate::tests::{StandingSystem, payment};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};

    fn ear(transactor: &Arc<TransactorDouble>, read: Result<GatewayEvent, InvalidEvent>) -> GatewayEar {
        let mut gateway = MockPaymentGateway::new();
        gateway.expect_name().return_const("sandbox");
        gateway.expect_read_event().returning(move |_, _, _| read.clone());
        GatewayEar { gateway: Arc::new(gateway), transactor: transactor.clone(), clock: StandingSystem::new() }
    }

    fn event() -> GatewayEvent {
        GatewayEvent {
            id: "evt_1".to_owned(),
            kind: "paid".to_owned(),
            payment: Some(payment().id),
            going_back: None,
            wants_a_person: false,
        }
    }

    fn unit(applied: Applied) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        let kept = |event: &ReceivedEvent| event.id == "evt_1" && event.payload == "body";
        tx.webhook_events.expect_insert().withf(kept).times(1).returning(move |_| Ok(applied));
        tx
    }

    #[tokio::test]
    async fn a_new_event_is_kept_and_leaves_a_job() {
        let mut tx = unit(Applied::Now(()));
        let settles = |job: &Job, _: &_| *job == Job::SettlePayment { payment_id: payment().id.uuid() };
        tx.jobs.expect_push().withf(settles).times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let applied = ear(&transactor, Ok(event())).hear("sandbox", b"body", "signature").await.unwrap();
        assert_eq!(applied, Applied::Now(()));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn an_event_about_money_that_goes_back_leaves_a_job_of_its_own() {
        let refund = domain::kernel::RefundId::new(crate::tests::uuid(50));
        for (going_back, follow) in [
            (GoingBack::Refund(refund), Job::FollowRefund { refund_id: refund.uuid() }),
            (GoingBack::Dispute("dp_1".to_owned()), Job::FollowDispute { dispute_id: "dp_1".to_owned() }),
        ] {
            let mut tx = unit(Applied::Now(()));
            tx.jobs.expect_push().withf(move |job, _| *job == follow).times(1).returning(|_, _| Ok(()));
            let transactor = TransactorDouble::new([tx]);
            let event = GatewayEvent { payment: None, going_back: Some(going_back), ..event() };
            ear(&transactor, Ok(event)).hear("sandbox", b"body", "signature").await.unwrap();
            assert_eq!(transactor.commits(), 1);
        }
    }

    #[tokio::test]
    async fn an_event_that_comes_again_leaves_no_second_job() {
        let transactor = TransactorDouble::new([unit(Applied::Already)]);
        let applied = ear(&transactor, Ok(event())).hear("sandbox", b"body", "signature").await.unwrap();
        assert_eq!(applied, Applied::Already);
    }

    #[tokio::test]
    async fn a_forged_event_is_not_kept() {
        let transactor = TransactorDouble::new([]);
        let heard = ear(&transactor, Err(InvalidEvent::Signature)).hear("sandbox", b"body", "forged").await;
        assert!(matches!(heard, Err(HearError::Invalid(InvalidEvent::Signature))));
    }

    #[tokio::test]
    async fn another_gateways_webhook_is_not_there() {
        let transactor = TransactorDouble::new([]);
        let heard = ear(&transactor, Ok(event())).hear("stripe", b"body", "signature").await;
        assert!(matches!(heard, Err(HearError::UnknownGateway)));
    }
}
