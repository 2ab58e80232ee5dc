//! The step that everyone shares who needs the gateway to have a payment: ask for its page, and note it.

use super::ports::{GatewayError, PaymentGateway};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use domain::kernel::{Applied, PaymentId};
use domain::orders::Order;
use domain::payments::{HostedSession, Payment};

/// Why the gateway may not have a payment yet.
#[derive(Debug, thiserror::Error)]
pub enum SubmissionError {
    /// The gateway failed.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// Opens the gateway's page for a payment, unless it is open, and notes it. Two at the same time get the same page,
/// since the payment's id is the gateway's key.
///
/// # Errors
/// When the gateway or the database fails; asking again is safe.
pub async fn hand_over(
    gateway: &dyn PaymentGateway,
    transactor: &dyn Transactor,
    clock: &dyn Clock,
    payment: &Payment,
    order: Option<&Order>,
) -> Result<HostedSession, SubmissionError> {
    if let Some(session) = &payment.session {
        return Ok(session.clone());
    }
    let session = match gateway.open(payment, order).await {
        Ok(session) => session,
        Err(error) => return Err(lost_sight(transactor, clock, payment.id, error).await),
    };
    let tx = transactor.begin().await?;
    if let Some(mut stored) = tx.payments().lock(payment.id).await? {
        stored.submit(session.clone(), clock.now());
        tx.payments().update(&stored).await?;
        tx.commit().await?;
    }
    Ok(session)
}

/// Notes that it is unknown what the gateway did, if its answer was lost, and hands on what went wrong.
pub async fn lost_sight(
    transactor: &dyn Transactor,
    clock: &dyn Clock,
    payment: PaymentId,
    error: GatewayError,
) -> SubmissionError {
    let noted = match &error {
        GatewayError::Lost(_) => note_unknown(transactor, clock, payment).await,
        GatewayError::Refused(_) | GatewayError::Unavailable(_) => Ok(()),
    };
    noted.map_or_else(SubmissionError::from, |()| error.into())
}

async fn note_unknown(
    transactor: &dyn Transactor,
    clock: &dyn Clock,
    payment: PaymentId,
) -> Result<(), RepositoryError> {
    let tx = transactor.begin().await?;
    let Some(mut stored) = tx.payments().lock(payment).await? else { return Ok(()) };
    if stored.lose_sight(clock.now()) == Applied::Now(()) {
        tx.payments().update(&stored).await?;
    }
    tx.commit().await
}
