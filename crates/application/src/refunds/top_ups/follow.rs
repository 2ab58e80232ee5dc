//! Following the gateway: after an event, and by asking again until it has said what became of a refund. What is no refund of a
//! top-up is left to those who follow all others.

use super::ports::TopUpRefundQueries;
use super::settling;
use crate::jobs::Job;
use crate::payments::ports::{GatewayError, PaymentQueries};
use crate::refunds::SettleRefundError;
use crate::refunds::follow::{FollowRefunds, pause};
use crate::refunds::ports::RefundGateway;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::kernel::RefundId;
use domain::refunds::{RefundKind, RefundStatus, TopUpRefund};
use std::sync::Arc;

/// Follows refunds of top-ups, before those that others follow.
pub struct TopUpRefundFollowing {
    /// Reads refunds of top-ups.
    pub refunds: Arc<dyn TopUpRefundQueries>,
    /// Reads payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// Knows the truth.
    pub gateway: Arc<dyn RefundGateway>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Who follows all others.
    pub others: Arc<dyn FollowRefunds>,
}

#[async_trait]
impl FollowRefunds for TopUpRefundFollowing {
    async fn follow(&self, id: RefundId) -> Result<(), SettleRefundError> {
        match self.refunds.find_top_up_refund(id).await? {
            Some(refund) => self.ask(&refund).await.map(|_| ()),
            None => self.others.follow(id).await,
        }
    }

    async fn reconcile(&self, id: RefundId) -> Result<(), SettleRefundError> {
        let Some(refund) = self.refunds.find_top_up_refund(id).await? else { return self.others.reconcile(id).await };
        if refund.status != RefundStatus::Pending {
            return Ok(());
        }
        let status = match self.ask(&refund).await {
            Ok(asked) => asked.status,
            // It is asked again as soon as one that has no news, however long it has been away.
            Err(SettleRefundError::Gateway(error @ (GatewayError::Unavailable(_) | GatewayError::Lost(_)))) => {
                tracing::warn!(refund = %id, error = &error as &dyn std::error::Error, "the gateway will be asked again");
                RefundStatus::Pending
            }
            Err(error) => return Err(error),
        };
        if status == RefundStatus::Pending {
            let now = self.clock.now();
            let tx = self.transactor.begin().await?;
            let again = Job::ReconcileRefund { refund_id: id.uuid() };
            tx.jobs().push(again, now + pause(now - refund.created_at)).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

impl TopUpRefundFollowing {
    async fn ask(&self, refund: &TopUpRefund) -> Result<TopUpRefund, SettleRefundError> {
        if refund.kind != RefundKind::Refund || refund.status == RefundStatus::Failed {
            return Ok(refund.clone());
        }
        let payment = self.payments.find(refund.payment_id).await?.ok_or(SettleRefundError::NotFound)?;
        let (gateway, transactor) = (self.gateway.as_ref(), self.transactor.as_ref());
        settling::ask(gateway, transactor, self.clock.as_ref(), &payment, refund, true).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::ports::MockPaymentQueries;
    use crate::payments::top_up::tests::top_up;
    use crate::refunds::follow::MockFollowRefunds;
    use crate::refunds::ports::{CardRefund, GatewayRefund, MockRefundGateway};
    use crate::refunds::top_ups::give::tests::{captured, refund, settling};
    use crate::refunds::top_ups::ports::MockTopUpRefundQueries;
    use crate::tests::{StandingSystem, now, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use chrono::TimeDelta;
    use domain::refunds::RefundVerdict;

    fn following(
        transactor: &Arc<TransactorDouble>,
        known: Option<TopUpRefund>,
        says: Option<Result<RefundVerdict, GatewayError>>,
    ) -> TopUpRefundFollowing {
        let mut refunds = MockTopUpRefundQueries::new();
        refunds.expect_find_top_up_refund().returning(move |_| Ok(known.clone()));
        let mut payments = MockPaymentQueries::new();
        payments.expect_find().withf(|id| *id == top_up().id).returning(|_| Ok(Some(captured())));
        let mut gateway = MockRefundGateway::new();
        let asked_before = |_: &_, wish: &CardRefund| wish.asked_before && wish.id == refund().id;
        if let Some(says) = says {
            gateway
                .expect_refund()
                .withf(asked_before)
                .return_once(|_, _| Ok(GatewayRefund { id: "re_1".to_owned(), verdict: says? }));
        }
        let mut others = MockFollowRefunds::new();
        others.expect_follow().returning(|_| Ok(()));
        others.expect_reconcile().returning(|_| Ok(()));
        TopUpRefundFollowing {
            refunds: Arc::new(refunds),
            payments: Arc::new(payments),
            gateway: Arc::new(gateway),
            transactor: transactor.clone(),
            clock: StandingSystem::new(),
            others: Arc::new(others),
        }
    }

    #[tokio::test]
    async fn what_is_no_refund_of_a_top_up_is_left_to_others() {
        let transactor = TransactorDouble::new([]);
        let following = following(&transactor, None, None);
        following.follow(RefundId::new(uuid(9))).await.unwrap();
        following.reconcile(RefundId::new(uuid(9))).await.unwrap();
    }

    #[tokio::test]
    async fn what_has_arrived_is_done() {
        let transactor = TransactorDouble::new([settling(RefundStatus::Succeeded)]);
        following(&transactor, Some(refund()), Some(Ok(RefundVerdict::Succeeded)))
            .reconcile(refund().id)
            .await
            .unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn what_failed_days_later_comes_back_into_the_balance() {
        let gone = TopUpRefund { status: RefundStatus::Succeeded, ..refund() };
        let transactor = TransactorDouble::new([settling(RefundStatus::Failed)]);
        let failed = RefundVerdict::Failed("the card is lost".to_owned());
        following(&transactor, Some(gone), Some(Ok(failed))).follow(refund().id).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn while_it_is_pending_or_the_gateway_is_away_it_is_asked_for_again() {
        for away in [GatewayError::Unavailable("away".into()), GatewayError::Lost("lost".into())] {
            let mut tx = UnitOfWorkDouble::default();
            let again = |job: &Job, at: &_| {
                *job == Job::ReconcileRefund { refund_id: refund().id.uuid() } && *at == now() + TimeDelta::minutes(2)
            };
            tx.jobs.expect_push().withf(again).times(1).returning(|_, _| Ok(()));
            let transactor = TransactorDouble::new([tx]);
            following(&transactor, Some(refund()), Some(Err(away))).reconcile(refund().id).await.unwrap();
            assert_eq!(transactor.commits(), 1);
        }
    }

    #[tokio::test]
    async fn what_has_ended_is_not_asked_for() {
        for status in [RefundStatus::Succeeded, RefundStatus::Failed] {
            let transactor = TransactorDouble::new([]);
            let ended = following(&transactor, Some(TopUpRefund { status, ..refund() }), None);
            ended.reconcile(refund().id).await.unwrap();
        }
        let transactor = TransactorDouble::new([]);
        let failed = TopUpRefund { status: RefundStatus::Failed, ..refund() };
        following(&transactor, Some(failed), None).follow(refund().id).await.unwrap();
    }
}
