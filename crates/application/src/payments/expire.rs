//! Giving up a top-up that was not paid in time: the gateway closes its page, so that no money can arrive any more. Who was
//! faster has paid.

use super::credit::{self, CreditError};
use super::ports::{GatewayError, PaymentGateway, PaymentQueries};
use super::submission::{self, SubmissionError};
use crate::jobs::JobFailure;
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::kernel::{PaymentId, UserId};
use domain::payments::{Payment, PaymentStatus};
use std::sync::Arc;

/// Gives up top-ups that are not paid.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ExpireTopUps: Send + Sync {
    /// Closes the page of a top-up; one that has ended, or whose money is promised, is left alone.
    async fn expire(&self, id: PaymentId) -> Result<(), ExpireError>;
}

/// Why a top-up was not given up.
#[derive(Debug, thiserror::Error)]
pub enum ExpireError {
    /// There is no such top-up.
    #[error("there is no such top-up")]
    NotFound,
    /// The gateway could not be asked.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// Its answer could not be followed.
    #[error(transparent)]
    Credit(#[from] CreditError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<SubmissionError> for ExpireError {
    fn from(error: SubmissionError) -> Self {
        match error {
            SubmissionError::Gateway(error) => Self::Gateway(error),
            SubmissionError::Repository(error) => Self::Repository(error),
        }
    }
}

impl From<ExpireError> for JobFailure {
    fn from(error: ExpireError) -> Self {
        match error {
            ExpireError::NotFound => Self::Fail(error.to_string()),
            ExpireError::Gateway(error) => error.into(),
            ExpireError::Credit(error) => error.into(),
            ExpireError::Repository(error) => error.into(),
        }
    }
}

/// The service behind [`ExpireTopUps`].
pub struct TopUpExpiry {
    /// Reads payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// Closes the page.
    pub gateway: Arc<dyn PaymentGateway>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl ExpireTopUps for TopUpExpiry {
    async fn expire(&self, id: PaymentId) -> Result<(), ExpireError> {
        let payment = self.payments.find(id).await?.ok_or(ExpireError::NotFound)?;
        let customer = payment.purpose.customer().ok_or(ExpireError::NotFound)?;
        if payment.status.is_final() || payment.status == PaymentStatus::Authorized {
            return Ok(());
        }
        self.close(&payment, customer).await
    }
}

impl TopUpExpiry {
    async fn close(&self, payment: &Payment, customer: UserId) -> Result<(), ExpireError> {
        let (gateway, transactor, clock) = (self.gateway.as_ref(), self.transactor.as_ref(), self.clock.as_ref());
        let verdict = match submission::hand_over(gateway, transactor, clock, payment, None).await {
            Ok(session) => match gateway.close(&session.id).await {
                Ok(verdict) => Some(verdict),
                Err(error) => return Err(submission::lost_sight(transactor, clock, payment.id, error).await.into()),
            },
            // There is no page that could be closed.
            Err(SubmissionError::Gateway(GatewayError::Refused(_))) => None,
            Err(error) => return Err(error.into()),
        };
        let tx = transactor.begin().await?;
        match verdict {
            Some(verdict) => credit::follow(tx.as_ref(), customer, payment.id, verdict, clock.now()).await?,
            None => credit::turn_away(tx.as_ref(), customer, payment.id, clock.now()).await?,
        };
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::ports::{MockPaymentGateway, MockPaymentQueries};
    use crate::payments::top_up::tests::top_up;
    use crate::tests::{StandingSystem, now, session, user};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use crate::webhooks::tests::announces;
    use domain::identity::Role;
    use domain::kernel::Applied;
    use domain::payments::GatewayVerdict;

    fn submitted() -> Payment {
        let mut payment = top_up();
        payment.submit(session(), now());
        payment
    }

    fn expiry(
        transactor: &Arc<TransactorDouble>,
        stored: Payment,
        close: fn() -> Result<GatewayVerdict, GatewayError>,
    ) -> TopUpExpiry {
        let mut payments = MockPaymentQueries::new();
        payments.expect_find().returning(move |_| Ok(Some(stored.clone())));
        let mut gateway = MockPaymentGateway::new();
        gateway.expect_close().returning(move |_| close());
        TopUpExpiry {
            payments: Arc::new(payments),
            gateway: Arc::new(gateway),
            transactor: transactor.clone(),
            clock: StandingSystem::new(),
        }
    }

    fn unit(status: PaymentStatus) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(|_| Ok(Some(user(Role::Customer))));
        tx.payments.expect_lock().returning(|_| Ok(Some(submitted())));
        tx.payments.expect_update().withf(move |payment| payment.status == status).times(1).returning(|_| Ok(()));
        tx
    }

    #[tokio::test]
    async fn a_page_that_is_closed_ends_the_top_up() {
        let transactor = TransactorDouble::new([unit(PaymentStatus::Voided)]);
        expiry(&transactor, submitted(), || Ok(GatewayVerdict::Closed)).expire(top_up().id).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn who_was_faster_has_paid() {
        let mut tx = unit(PaymentStatus::Captured);
        tx.ledger.expect_post().times(1).returning(|_, _| Ok(Applied::Now(())));
        announces(&mut tx, &["payment.succeeded"]);
        let transactor = TransactorDouble::new([tx]);
        expiry(&transactor, submitted(), || Ok(GatewayVerdict::Paid)).expire(top_up().id).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn while_the_gateway_is_away_it_is_tried_again_and_a_lost_answer_is_noted() {
        let transactor = TransactorDouble::new([]);
        let away = expiry(&transactor, submitted(), || Err(GatewayError::Unavailable("away".into())));
        let failure = JobFailure::from(away.expire(top_up().id).await.unwrap_err());
        assert!(matches!(failure, JobFailure::Retry(_)));
        let transactor = TransactorDouble::new([unit(PaymentStatus::Unknown)]);
        let lost = expiry(&transactor, submitted(), || Err(GatewayError::Lost("lost".into())));
        assert!(matches!(JobFailure::from(lost.expire(top_up().id).await.unwrap_err()), JobFailure::Retry(_)));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn what_has_ended_or_is_promised_is_left_alone() {
        for status in [PaymentStatus::Captured, PaymentStatus::Voided, PaymentStatus::Authorized] {
            let transactor = TransactorDouble::new([]);
            let stored = Payment { status, ..submitted() };
            expiry(&transactor, stored, || panic!("nothing is closed")).expire(top_up().id).await.unwrap();
        }
    }
}
