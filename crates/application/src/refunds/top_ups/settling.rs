//! The steps that everyone shares who learns how a refund of a top-up stands: asking the gateway for it, and following its verdict
//! in one transaction with what that means to the balance. Whoever comes second finds it done.

use crate::jobs::Job;
use crate::payments::ports::GatewayError;
use crate::refunds::SettleRefundError;
use crate::refunds::ports::{CardRefund, DisputeState, GatewayRefund, RefundGateway};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::{Transactor, UnitOfWork};
use chrono::{DateTime, Utc};
use domain::kernel::{Applied, PaymentId};
use domain::ledger::movements::{TopUpDisputeWon, TopUpDisputed, TopUpRefundFailed, TopUpRefunded};
use domain::ledger::{Posting, PostingError};
use domain::payments::Payment;
use domain::refunds::{RefundKind, RefundStatus, RefundVerdict, TopUpRefund};

/// Asks the gateway for a refund, or how it stands, and follows its answer. What it refuses has failed.
///
/// # Errors
/// [`SettleRefundError`]; asking again is safe.
pub async fn ask(
    gateway: &dyn RefundGateway,
    transactor: &dyn Transactor,
    clock: &dyn Clock,
    payment: &Payment,
    refund: &TopUpRefund,
    asked_before: bool,
) -> Result<TopUpRefund, SettleRefundError> {
    let wish = CardRefund { id: refund.id, amount: refund.amount, asked_before, known_as: refund.gateway_id.clone() };
    let (gateway_id, verdict) = match gateway.refund(payment, &wish).await {
        Ok(GatewayRefund { id, verdict }) => (Some(id), verdict),
        Err(GatewayError::Refused(why)) => (None, RefundVerdict::Failed(why)),
        Err(error @ (GatewayError::Unavailable(_) | GatewayError::Lost(_))) => return Err(error.into()),
    };
    let tx = transactor.begin().await?;
    let settled = follow(tx.as_ref(), refund, gateway_id.as_deref(), &verdict, clock.now()).await?;
    tx.commit().await?;
    Ok(settled)
}

/// Follows a verdict. Answers how the refund stands then; the caller commits.
///
/// # Errors
/// [`SettleRefundError`]; the caller rolls back.
pub async fn follow(
    tx: &dyn UnitOfWork,
    refund: &TopUpRefund,
    gateway_id: Option<&str>,
    verdict: &RefundVerdict,
    now: DateTime<Utc>,
) -> Result<TopUpRefund, SettleRefundError> {
    tx.users().lock(refund.customer).await?; // whose chain it is
    tx.payments().lock(refund.payment_id).await?.ok_or(SettleRefundError::NotFound)?;
    let mut stored = tx.top_up_refunds().lock(refund.id).await?.ok_or(SettleRefundError::NotFound)?;
    let before = stored.clone();
    if let Some(gateway_id) = gateway_id {
        stored.known_as(gateway_id);
    }
    match stored.follow(verdict, now)? {
        Applied::Already => {}
        Applied::Now(RefundStatus::Failed) => come_back(tx, &stored, now).await?,
        Applied::Now(RefundStatus::Pending | RefundStatus::Succeeded) => {
            if stored.kind == RefundKind::Dispute {
                tx.jobs().push(Job::SendDisputeNotice { refund_id: stored.id.uuid() }, now).await?;
            }
        }
    }
    if stored != before {
        tx.top_up_refunds().update(&stored).await?;
    }
    if stored.kind == RefundKind::Dispute && stored.status != before.status {
        note_dispute(tx, stored.payment_id).await?;
    }
    Ok(stored)
}

/// Notes on the payment how it stands with all its disputes.
async fn note_dispute(tx: &dyn UnitOfWork, payment: PaymentId) -> Result<(), RepositoryError> {
    let all = tx.top_up_refunds().of_payment(payment).await?;
    let disputes = all.iter().filter(|one| one.kind == RefundKind::Dispute);
    match DisputeState::of(disputes.map(|one| one.status)) {
        Some(state) => tx.refunds().note_dispute(payment, state).await,
        None => Ok(()),
    }
}

/// What did not stay with the customer's card is theirs and the platform's again who gave it.
async fn come_back(tx: &dyn UnitOfWork, refund: &TopUpRefund, now: DateTime<Utc>) -> Result<(), SettleRefundError> {
    let posting = match refund.kind {
        RefundKind::Refund => TopUpRefundFailed(given(refund)).posting()?,
        RefundKind::Dispute => TopUpDisputeWon(disputed(refund)).posting()?,
    };
    tx.ledger().post(&posting, now).await?;
    if !tx.top_up_refunds().count_back(refund.payment_id, refund.counted).await? {
        return Err(SettleRefundError::Miscounted);
    }
    let refund_id = refund.id.uuid();
    let notice = match refund.kind {
        RefundKind::Refund => Job::SendRefundFailedNotice { refund_id },
        RefundKind::Dispute => Job::SendDisputeNotice { refund_id },
    };
    Ok(tx.jobs().push(notice, now).await?)
}

/// What it moves.
///
/// # Errors
/// When nothing moves.
pub fn posting(refund: &TopUpRefund) -> Result<Posting, PostingError> {
    match refund.kind {
        RefundKind::Refund => given(refund).posting(),
        RefundKind::Dispute => disputed(refund).posting(),
    }
}

const fn given(refund: &TopUpRefund) -> TopUpRefunded {
    let TopUpRefund { id, payment_id: payment, customer: user, amount, .. } = *refund;
    TopUpRefunded { id, payment, user, amount }
}

const fn disputed(refund: &TopUpRefund) -> TopUpDisputed {
    let TopUpRefund { id, payment_id: payment, customer: user, amount, taken, .. } = *refund;
    TopUpDisputed { id, payment, user, amount, taken }
}
