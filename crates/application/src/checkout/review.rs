//! Deciding about payments whose money is promised and held: admins take it or let it go, and where nobody does in time it is let
//! go. The decision is written down first; then the gateway is asked, and asked again until it has answered.

use super::promises::{self, FollowError};
use super::settle::SettleError;
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::policy::{ReviewPayments as MayReview, ViewAllPayments};
use crate::identity::{Allowed, Client};
use crate::jobs::Job;
use crate::payments::ports::{PaymentFilter, PaymentGateway, PaymentQueries, PaymentWithCustomer};
use crate::payments::submission::SubmissionError;
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::TimeDelta;
use domain::kernel::{Page, PageRequest, PaymentId, UserId};
use domain::ledger::FeeRate;
use domain::payments::{Payment, ReviewRefusal, ReviewStatus};
use std::sync::Arc;

/// When the gateway is asked again that did not answer what was decided.
const ASK_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(15);

/// Looks at payments, and decides about those that are held.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ReviewPayments: Send + Sync {
    /// A page of payments, the newest first.
    async fn list(
        &self,
        caller: &Allowed<ViewAllPayments>,
        filter: &PaymentFilter,
        page: &PageRequest,
    ) -> Result<Page<PaymentWithCustomer>, RepositoryError>;
    /// Has the money taken that is promised, or let go; answers the payment as it stands then. If the gateway is away, the decision
    /// stands and is carried out later.
    async fn decide(
        &self,
        caller: &Allowed<MayReview>,
        id: PaymentId,
        take: bool,
        client: &Client,
    ) -> Result<PaymentWithCustomer, ReviewError>;
    /// Lets the money go on which nobody has decided.
    async fn end(&self, id: PaymentId) -> Result<(), SettleError>;
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// There is no such payment.
    #[error("there is no such payment")]
    NotFound,
    /// It is not held, or somebody has decided.
    #[error(transparent)]
    Refused(#[from] ReviewRefusal),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`ReviewPayments`].
pub struct ReviewDesk {
    /// Reads payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// Takes the money, or lets it go.
    pub gateway: Arc<dyn PaymentGateway>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// What the platform keeps of a sale.
    pub fee: FeeRate,
}

#[async_trait]
impl ReviewPayments for ReviewDesk {
    async fn list(
        &self,
        _: &Allowed<ViewAllPayments>,
        filter: &PaymentFilter,
        page: &PageRequest,
    ) -> Result<Page<PaymentWithCustomer>, RepositoryError> {
        self.payments.list_payments(filter, page).await
    }

    async fn decide(
        &self,
        caller: &Allowed<MayReview>,
        id: PaymentId,
        take: bool,
        client: &Client,
    ) -> Result<PaymentWithCustomer, ReviewError> {
        let (decision, kind) = if take {
            (ReviewStatus::Approved, SecurityEventKind::PaymentApproved)
        } else {
            (ReviewStatus::Rejected, SecurityEventKind::PaymentRejected)
        };
        let payment = self.note(id, decision, Some((caller.user_id, kind, client))).await?;
        if let Err(error) = self.carry_out(&payment).await {
            tracing::warn!(payment = %id, %error, "what was decided will be carried out later");
        }
        self.payments.find_with_customer(id).await?.ok_or(ReviewError::NotFound)
    }

    async fn end(&self, id: PaymentId) -> Result<(), SettleError> {
        let payment = match self.note(id, ReviewStatus::Rejected, None).await {
            Ok(payment) => payment,
            // Somebody has decided, or the money is gone.
            Err(ReviewError::Refused(_)) => return Ok(()),
            Err(ReviewError::NotFound) => return Err(SettleError::NotFound),
            Err(ReviewError::Repository(error)) => return Err(error.into()),
        };
        tracing::info!(payment = %id, "nobody has decided in time");
        self.carry_out(&payment).await
    }
}

impl ReviewDesk {
    /// Writes down what was decided, by whom, and that the gateway is to be told.
    async fn note(
        &self,
        id: PaymentId,
        decision: ReviewStatus,
        by: Option<(UserId, SecurityEventKind, &Client)>,
    ) -> Result<Payment, ReviewError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let mut payment = tx.payments().lock(id).await?.ok_or(ReviewError::NotFound)?;
        payment.decide(decision, by.map(|(admin, _, _)| admin), now)?;
        tx.payments().update(&payment).await?;
        if let Some((admin, kind, client)) = by {
            let mut event = SecurityEvent::new(kind).by(admin).from(client);
            event = event.with("payment", id).with("amount", payment.amount);
            event.user_id = payment.purpose.customer();
            tx.security_log().record(&event, now).await?;
        }
        tx.jobs().push(Job::SettlePayment { payment_id: id.uuid() }, now + ASK_AGAIN_AFTER).await?;
        tx.commit().await?;
        Ok(payment)
    }

    async fn carry_out(&self, payment: &Payment) -> Result<(), SettleError> {
        let Some(session) = &payment.session else { return Ok(()) };
        let (gateway, transactor, clock) = (self.gateway.as_ref(), self.transactor.as_ref(), self.clock.as_ref());
        let verdict = promises::verdict(gateway, transactor, clock, payment, &session.id).await?;
        let tx = self.transactor.begin().await?;
        promises::follow(tx.as_ref(), payment, verdict, self.fee, self.clock.now()).await?;
        Ok(tx.commit().await?)
    }
}

impl From<FollowError> for SettleError {
    fn from(error: FollowError) -> Self {
        match error {
            FollowError::Settlement(error) => Self::Settlement(error),
            FollowError::Credit(error) => Self::Credit(error),
            FollowError::Repository(error) => Self::Repository(error),
        }
    }
}

impl From<SubmissionError> for SettleError {
    fn from(error: SubmissionError) -> Self {
        match error {
            SubmissionError::Gateway(error) => Self::Gateway(error),
            SubmissionError::Repository(error) => Self::Repository(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::JobFailure;
    use crate::payments::ports::{GatewayError, MockPaymentGateway, MockPaymentQueries};
    use crate::payments::top_up::tests::top_up;
    use crate::tests::{StandingSystem, allowed, client, now, session, user};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;
    use domain::kernel::Applied;
    use domain::payments::{GatewayVerdict, PaymentStatus, Review};

    fn held() -> Payment {
        let mut payment = Payment { review: Some(Review::open(vec!["declines".to_owned()])), ..top_up() };
        payment.submit(session(), now());
        payment.follow(GatewayVerdict::Authorized, now()).unwrap();
        payment
    }

    fn desk(transactor: &Arc<TransactorDouble>, gateway: MockPaymentGateway) -> ReviewDesk {
        let mut payments = MockPaymentQueries::new();
        let found = || PaymentWithCustomer { payment: held(), email: None, order_number: None };
        payments.expect_find_with_customer().returning(move |_| Ok(Some(found())));
        ReviewDesk {
            payments: Arc::new(payments),
            gateway: Arc::new(gateway),
            transactor: transactor.clone(),
            clock: StandingSystem::new(),
            fee: FeeRate::NONE,
        }
    }

    /// A gateway at which money is promised, and which ends it so.
    fn gateway(
        capture: fn() -> Result<GatewayVerdict, GatewayError>,
        release: fn() -> Result<GatewayVerdict, GatewayError>,
    ) -> MockPaymentGateway {
        let mut gateway = MockPaymentGateway::new();
        gateway.expect_verdict().returning(|_| Ok(GatewayVerdict::Authorized));
        gateway.expect_capture().returning(move |_| capture());
        gateway.expect_release().returning(move |_| release());
        gateway
    }

    /// The unit of work that notes a decision.
    fn noting(decision: ReviewStatus, kind: Option<SecurityEventKind>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.payments.expect_lock().returning(|_| Ok(Some(held())));
        tx.payments.expect_update().withf(move |payment| payment.decision() == decision).times(1).returning(|_| Ok(()));
        let told = move |event: &SecurityEvent, _: &_| Some(event.kind) == kind;
        tx.security_log.expect_record().withf(told).times(usize::from(kind.is_some())).returning(|_, _| Ok(()));
        let again = |job: &Job, at: &_| {
            *job == Job::SettlePayment { payment_id: top_up().id.uuid() } && *at == now() + TimeDelta::seconds(15)
        };
        tx.jobs.expect_push().withf(again).times(1).returning(|_, _| Ok(()));
        tx
    }

    /// The unit of work that follows.
    fn following(status: PaymentStatus) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.webhooks.expect_is_any_on().returning(|| Ok(true));
        tx.users.expect_lock().returning(|_| Ok(Some(user(Role::Customer))));
        tx.payments.expect_lock().returning(|_| Ok(Some(held())));
        tx.payments.expect_update().withf(move |payment| payment.status == status).times(1).returning(|_| Ok(()));
        tx.ledger.expect_post().returning(|_, _| Ok(Applied::Now(())));
        tx.jobs.expect_push().returning(|_, _| Ok(())); // merchants are told
        tx
    }

    const fn never() -> Result<GatewayVerdict, GatewayError> {
        panic!("nobody decided so")
    }

    async fn decide(desk: &ReviewDesk, take: bool) -> Result<PaymentWithCustomer, ReviewError> {
        desk.decide(&allowed(Role::Admin), top_up().id, take, &client()).await
    }

    #[tokio::test]
    async fn what_is_approved_is_taken() {
        let noting = noting(ReviewStatus::Approved, Some(SecurityEventKind::PaymentApproved));
        let transactor = TransactorDouble::new([noting, following(PaymentStatus::Captured)]);
        decide(&desk(&transactor, gateway(|| Ok(GatewayVerdict::Paid), never)), true).await.unwrap();
        assert_eq!(transactor.commits(), 2);
    }

    #[tokio::test]
    async fn what_is_rejected_is_let_go() {
        let noting = noting(ReviewStatus::Rejected, Some(SecurityEventKind::PaymentRejected));
        let transactor = TransactorDouble::new([noting, following(PaymentStatus::Voided)]);
        decide(&desk(&transactor, gateway(never, || Ok(GatewayVerdict::Closed))), false).await.unwrap();
        assert_eq!(transactor.commits(), 2);
    }

    #[tokio::test]
    async fn a_decision_stands_when_the_gateway_is_away_or_its_answer_is_lost() {
        let noted = || noting(ReviewStatus::Approved, Some(SecurityEventKind::PaymentApproved));
        let transactor = TransactorDouble::new([noted()]);
        let away = gateway(|| Err(GatewayError::Unavailable("away".into())), never);
        decide(&desk(&transactor, away), true).await.unwrap();
        assert_eq!(transactor.commits(), 1);
        let transactor = TransactorDouble::new([noted(), following(PaymentStatus::Unknown)]);
        let lost = gateway(|| Err(GatewayError::Lost("lost".into())), never);
        decide(&desk(&transactor, lost), true).await.unwrap();
        assert_eq!(transactor.commits(), 2);
    }

    #[tokio::test]
    async fn what_was_decided_or_is_not_held_is_refused_and_nothing_is_asked() {
        let mut decided = held();
        decided.decide(ReviewStatus::Rejected, None, now()).unwrap();
        for stored in [decided, top_up()] {
            let mut tx = UnitOfWorkDouble::default();
            tx.payments.expect_lock().returning(move |_| Ok(Some(stored.clone())));
            let transactor = TransactorDouble::new([tx]);
            let refused = decide(&desk(&transactor, MockPaymentGateway::new()), true).await;
            assert!(matches!(refused, Err(ReviewError::Refused(_))));
            assert_eq!(transactor.commits(), 0);
        }
    }

    #[tokio::test]
    async fn where_nobody_decides_in_time_the_money_is_let_go() {
        let transactor =
            TransactorDouble::new([noting(ReviewStatus::Rejected, None), following(PaymentStatus::Voided)]);
        desk(&transactor, gateway(never, || Ok(GatewayVerdict::Closed))).end(top_up().id).await.unwrap();
        assert_eq!(transactor.commits(), 2);
        let mut tx = UnitOfWorkDouble::default();
        tx.payments.expect_lock().returning(|_| Ok(Some(Payment { status: PaymentStatus::Captured, ..held() })));
        let transactor = TransactorDouble::new([tx]);
        desk(&transactor, MockPaymentGateway::new()).end(top_up().id).await.unwrap();
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn a_gateway_that_is_away_when_time_is_over_is_asked_again() {
        let transactor = TransactorDouble::new([noting(ReviewStatus::Rejected, None)]);
        let away = gateway(never, || Err(GatewayError::Unavailable("away".into())));
        let failure = JobFailure::from(desk(&transactor, away).end(top_up().id).await.unwrap_err());
        assert!(matches!(failure, JobFailure::Retry(_)));
    }
}
