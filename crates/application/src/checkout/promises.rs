//! The steps that everyone shares who asks how a payment stands: what somebody has decided about money that is promised, or that
//! the balance is to pay instead of a card, is done first, and then what was bought follows.

use super::settlement::{self, Closing, SettlementError};
use crate::payments::credit::{self, CreditError};
use crate::payments::ports::PaymentGateway;
use crate::payments::submission::{SubmissionError, lost_sight};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::{Transactor, UnitOfWork};
use chrono::{DateTime, Utc};
use domain::ledger::FeeRate;
use domain::payments::{GatewayVerdict, Payment, Purpose, ReviewStatus};

/// Why what was bought could not follow.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// An order.
    #[error(transparent)]
    Settlement(#[from] SettlementError),
    /// A balance.
    #[error(transparent)]
    Credit(#[from] CreditError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// How the gateway says that a page stands, after money that is promised there was taken or let go, if that is decided, and after
/// the page was closed, if the payment is left to the balance.
///
/// # Errors
/// When the gateway fails, or the database while that is noted; asking again is safe.
pub async fn verdict(
    gateway: &dyn PaymentGateway,
    transactor: &dyn Transactor,
    clock: &dyn Clock,
    payment: &Payment,
    session_id: &str,
) -> Result<GatewayVerdict, SubmissionError> {
    let stands = gateway.verdict(session_id).await?;
    let ended = match (stands, payment.decision()) {
        (GatewayVerdict::Open, _) if payment.is_left_to_balance() => gateway.close(session_id).await,
        (GatewayVerdict::Authorized, ReviewStatus::Approved) => gateway.capture(session_id).await,
        (GatewayVerdict::Authorized, ReviewStatus::Rejected) => gateway.release(session_id).await,
        _ => return Ok(stands),
    };
    match ended {
        Ok(verdict) => Ok(verdict),
        Err(error) => Err(lost_sight(transactor, clock, payment.id, error).await),
    }
}

/// Has order or balance follow the verdict; the caller commits.
///
/// # Errors
/// [`FollowError`]; the caller rolls back.
pub async fn follow(
    tx: &dyn UnitOfWork,
    payment: &Payment,
    verdict: GatewayVerdict,
    fee: FeeRate,
    now: DateTime<Utc>,
) -> Result<(), FollowError> {
    match payment.purpose {
        Purpose::Order { order, .. } => {
            settlement::follow(tx, order, verdict, Closing::Cancelled, fee, now).await?;
        }
        Purpose::TopUp { customer } => {
            credit::follow(tx, customer, payment.id, verdict, now).await?;
        }
    }
    Ok(())
}
