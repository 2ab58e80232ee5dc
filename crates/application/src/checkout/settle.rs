//! Following the gateway: after an event, and by asking again until a payment has ended.

use super::promises;
use super::settlement::{self, SettlementError};
use super::submission::{self, SubmissionError};
use crate::jobs::{Job, JobFailure};
use crate::orders::ports::{OrderAccess, OrderQueries};
pub use crate::payments::RECONCILE_EVERY;
use crate::payments::credit::{self, CreditError};
use crate::payments::ports::{GatewayError, PaymentGateway, PaymentQueries};
use crate::payments::submission::hand_over;
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::TimeDelta;
use domain::kernel::{PaymentId, UserId};
use domain::ledger::FeeRate;
use domain::orders::Order;
use domain::payments::{HostedSession, Payment, Purpose};
use std::sync::Arc;

/// How often the gateway is asked about money that is promised while nobody has decided: its bank may have changed its mind.
const ASK_ABOUT_HELD_EVERY: TimeDelta = TimeDelta::hours(1);

/// Brings payments to their end.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SettlePayments: Send + Sync {
    /// Sees to it that the gateway has a payment that was written down.
    async fn submit(&self, id: PaymentId) -> Result<(), SettleError>;
    /// Asks the gateway how a payment stands, and follows it.
    async fn settle(&self, id: PaymentId) -> Result<(), SettleError>;
    /// The same, and plans to ask again while the payment has not ended.
    async fn reconcile(&self, id: PaymentId) -> Result<(), SettleError>;
}

/// Why a payment was not brought further.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// There is no such payment, or its order is gone.
    #[error("there is no such payment")]
    NotFound,
    /// The gateway failed.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The verdict on an order's payment could not be followed.
    #[error(transparent)]
    Settlement(#[from] SettlementError),
    /// That on a top-up.
    #[error(transparent)]
    Credit(#[from] CreditError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<SettleError> for JobFailure {
    fn from(error: SettleError) -> Self {
        match error {
            SettleError::NotFound => Self::Fail(error.to_string()),
            SettleError::Gateway(error) => error.into(),
            SettleError::Settlement(error) => error.into(),
            SettleError::Credit(error) => error.into(),
            SettleError::Repository(error) => error.into(),
        }
    }
}

/// The service behind [`SettlePayments`].
pub struct Settlement {
    /// Reads payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// Reads orders.
    pub orders: Arc<dyn OrderQueries>,
    /// Knows the truth.
    pub gateway: Arc<dyn PaymentGateway>,
    /// Makes guests' tokens.
    pub access: Arc<dyn OrderAccess>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// What the platform keeps of a sale.
    pub fee: FeeRate,
}

#[async_trait]
impl SettlePayments for Settlement {
    async fn submit(&self, id: PaymentId) -> Result<(), SettleError> {
        let (payment, bought) = self.find(id).await?;
        if payment.status.is_final() {
            return Ok(());
        }
        self.submitted(&payment, &bought).await.map(|_| ())
    }

    async fn settle(&self, id: PaymentId) -> Result<(), SettleError> {
        let (payment, bought) = self.find(id).await?;
        if payment.status.is_final() {
            return Ok(());
        }
        let Some(session) = self.submitted(&payment, &bought).await? else { return Ok(()) };
        let (gateway, transactor, clock) = (self.gateway.as_ref(), self.transactor.as_ref(), self.clock.as_ref());
        let verdict = promises::verdict(gateway, transactor, clock, &payment, &session.id).await?;
        let tx = self.transactor.begin().await?;
        promises::follow(tx.as_ref(), &payment, verdict, self.fee, self.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    async fn reconcile(&self, id: PaymentId) -> Result<(), SettleError> {
        match self.settle(id).await {
            Ok(()) => {}
            // It is asked again as soon as one that has no news, however long it has been away.
            Err(SettleError::Gateway(error @ (GatewayError::Unavailable(_) | GatewayError::Lost(_)))) => {
                tracing::warn!(payment = %id, error = &error as &dyn std::error::Error, "the gateway will be asked again");
            }
            Err(error) => return Err(error),
        }
        let payment = self.payments.find(id).await?.ok_or(SettleError::NotFound)?;
        if payment.status.is_final() {
            return Ok(());
        }
        let tx = self.transactor.begin().await?;
        let wait = if payment.awaits_review() { ASK_ABOUT_HELD_EVERY } else { RECONCILE_EVERY };
        let next = self.clock.now() + wait;
        tx.jobs().push(Job::ReconcilePayment { payment_id: id.uuid() }, next).await?;
        Ok(tx.commit().await?)
    }
}

impl Settlement {
    /// The payment's page; `None` when the gateway takes no such payment, which ends it with what it pays.
    async fn submitted(&self, payment: &Payment, bought: &Bought) -> Result<Option<HostedSession>, SettleError> {
        let (gateway, access) = (self.gateway.as_ref(), self.access.as_ref());
        let (transactor, clock) = (self.transactor.as_ref(), self.clock.as_ref());
        let submitted = match bought {
            Bought::Order(order) => submission::submit(gateway, access, transactor, clock, payment, order).await,
            Bought::Balance(_) => hand_over(gateway, transactor, clock, payment, None).await,
        };
        let why = match submitted {
            Ok(session) => return Ok(Some(session)),
            Err(SubmissionError::Gateway(GatewayError::Refused(why))) => why,
            Err(error) => return Err(error.into()),
        };
        tracing::warn!(payment = %payment.id, why, "the gateway does not take the payment");
        let tx = self.transactor.begin().await?;
        match bought {
            Bought::Order(order) => {
                settlement::turn_away(tx.as_ref(), order.id, self.fee, clock.now()).await.map(|_| ())?;
            }
            Bought::Balance(user) => {
                credit::turn_away(tx.as_ref(), *user, payment.id, clock.now()).await.map(|_| ())?;
            }
        }
        tx.commit().await?;
        Ok(None)
    }

    async fn find(&self, id: PaymentId) -> Result<(Payment, Bought), SettleError> {
        let payment = self.payments.find(id).await?.ok_or(SettleError::NotFound)?;
        let bought = match payment.purpose {
            Purpose::Order { order, .. } => {
                Bought::Order(Box::new(self.orders.find(order).await?.ok_or(SettleError::NotFound)?))
            }
            Purpose::TopUp { customer } => Bought::Balance(customer),
        };
        Ok((payment, bought))
    }
}

/// What a payment pays.
enum Bought {
    Order(Box<Order>),
    /// This customer's.
    Balance(UserId),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::ports::{MockOrderAccess, MockOrderQueries};
    use crate::payments::ports::{MockPaymentGateway, MockPaymentQueries};
    use crate::payments::top_up::tests::top_up;
    use crate::tests::{StandingSystem, now, order, payment, session, user};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;
    use domain::kernel::Applied;
    use domain::payments::{GatewayVerdict, PaymentStatus, Review};

    fn settlement(transactor: &Arc<TransactorDouble>, stored: Payment, gateway: MockPaymentGateway) -> Settlement {
        let mut payments = MockPaymentQueries::new();
        payments.expect_find().returning(move |_| Ok(Some(stored.clone())));
        let mut orders = MockOrderQueries::new();
        orders.expect_find().returning(|_| Ok(Some(order())));
        let mut access = MockOrderAccess::new();
        access.expect_token().returning(|_| "token".to_owned());
        Settlement {
            payments: Arc::new(payments),
            orders: Arc::new(orders),
            gateway: Arc::new(gateway),
            access: Arc::new(access),
            transactor: transactor.clone(),
            clock: StandingSystem::new(),
            fee: FeeRate::NONE,
        }
    }

    fn opening(open: fn() -> Result<HostedSession, GatewayError>) -> MockPaymentGateway {
        let mut gateway = MockPaymentGateway::new();
        gateway.expect_open().times(1).returning(move |_, _| open());
        gateway
    }

    fn saying(verdict: fn() -> Result<GatewayVerdict, GatewayError>) -> MockPaymentGateway {
        let mut gateway = MockPaymentGateway::new();
        gateway.expect_verdict().times(1).returning(move |_| verdict());
        gateway
    }

    /// A unit of work in which this payment moves so, or not at all.
    fn moving(stored: Payment, to: Option<PaymentStatus>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.webhooks.expect_is_any_on().returning(|| Ok(true));
        let of_order = stored.clone();
        tx.users.expect_lock().returning(|_| Ok(Some(user(Role::Customer))));
        tx.orders.expect_lock().returning(|_| Ok(Some(order())));
        tx.payments.expect_lock().returning(move |_| Ok(Some(stored.clone())));
        tx.payments.expect_lock_of_order().returning(move |_| Ok(Some(of_order.clone())));
        let moved = move |payment: &Payment| Some(payment.status) == to;
        tx.payments.expect_update().withf(moved).times(usize::from(to.is_some())).returning(|_| Ok(()));
        tx.orders.expect_update().returning(|_| Ok(()));
        tx.stock.expect_give_back().returning(|_, _| Ok(()));
        tx.ledger.expect_post().returning(|_, _| Ok(Applied::Now(())));
        tx.jobs.expect_push().returning(|_, _| Ok(())); // merchants are told
        tx
    }

    /// A unit of work in which it is planned to ask again after so long.
    fn planning(wait: TimeDelta) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        let again = move |job: &Job, at: &_| {
            *job == Job::ReconcilePayment { payment_id: top_up().id.uuid() } && *at == now() + wait
        };
        tx.jobs.expect_push().withf(again).times(1).returning(|_, _| Ok(()));
        tx
    }

    fn submitted() -> Payment {
        let mut payment = top_up();
        payment.submit(session(), now());
        payment
    }

    #[tokio::test]
    async fn what_the_gateway_may_not_have_is_handed_over_until_it_has_ended() {
        for stored in [payment(), top_up()] {
            let transactor = TransactorDouble::new([moving(stored.clone(), Some(PaymentStatus::Submitted))]);
            settlement(&transactor, stored, opening(|| Ok(session()))).submit(payment().id).await.unwrap();
            assert_eq!(transactor.commits(), 1);
        }
        let ended = Payment { status: PaymentStatus::Voided, ..payment() };
        let settlement = settlement(&TransactorDouble::new([]), ended, MockPaymentGateway::new());
        settlement.submit(payment().id).await.unwrap();
        settlement.settle(payment().id).await.unwrap();
        settlement.reconcile(payment().id).await.unwrap();
    }

    #[tokio::test]
    async fn what_the_gateway_does_not_take_has_ended_and_is_not_asked_about() {
        for stored in [payment(), top_up()] {
            let transactor = TransactorDouble::new([moving(stored.clone(), Some(PaymentStatus::Declined))]);
            let refusing = opening(|| Err(GatewayError::Refused("no".to_owned())));
            settlement(&transactor, stored, refusing).settle(payment().id).await.unwrap();
            assert_eq!(transactor.commits(), 1);
        }
    }

    #[tokio::test]
    async fn what_the_gateway_says_is_followed() {
        let open = Payment { session: Some(session()), status: PaymentStatus::Submitted, ..payment() };
        for stored in [submitted(), open] {
            let transactor = TransactorDouble::new([moving(stored.clone(), Some(PaymentStatus::Captured))]);
            let settlement = settlement(&transactor, stored, saying(|| Ok(GatewayVerdict::Paid)));
            settlement.settle(top_up().id).await.unwrap();
            assert_eq!(transactor.commits(), 1);
        }
    }

    #[tokio::test]
    async fn until_it_has_ended_it_is_asked_again_also_while_the_gateway_is_away() {
        let minutes = TimeDelta::minutes(2);
        let transactor = TransactorDouble::new([planning(minutes)]);
        let away = saying(|| Err(GatewayError::Unavailable("away".into())));
        settlement(&transactor, submitted(), away).reconcile(top_up().id).await.unwrap();
        assert_eq!(transactor.commits(), 1);

        let transactor = TransactorDouble::new([moving(submitted(), None), planning(minutes)]);
        let waiting = saying(|| Ok(GatewayVerdict::Open));
        settlement(&transactor, submitted(), waiting).reconcile(top_up().id).await.unwrap();
        assert_eq!(transactor.commits(), 2);

        let mut held = Payment { review: Some(Review::open(vec![])), ..submitted() };
        held.follow(GatewayVerdict::Authorized, now()).unwrap();
        let transactor = TransactorDouble::new([moving(held.clone(), None), planning(TimeDelta::hours(1))]);
        let promised = saying(|| Ok(GatewayVerdict::Authorized));
        settlement(&transactor, held, promised).reconcile(top_up().id).await.unwrap();
        assert_eq!(transactor.commits(), 2);

        let transactor = TransactorDouble::new([]);
        let refusing = saying(|| Err(GatewayError::Refused("what payment?".to_owned())));
        assert!(settlement(&transactor, submitted(), refusing).reconcile(top_up().id).await.is_err());
    }
}
