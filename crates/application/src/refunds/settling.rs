//! The steps that refunds and disputes share: a refund follows the gateway's verdict, in one transaction with what that means to the
//! order and the ledger; and asking the gateway for it. Whoever comes second finds it done.

use super::disputes::cards;
use super::ports::{CardRefund, DisputeState, GatewayRefund, RefundGateway};
use super::sale::{sale_of, sum, taken_from};
use crate::jobs::{Job, JobFailure};
use crate::ledger::ports::PostError;
use crate::payments::ports::GatewayError;
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::{Transactor, UnitOfWork};
use chrono::{DateTime, Utc};
use domain::kernel::{Applied, Money, MoneyError, PaymentId};
use domain::ledger::movements::{Dispute, DisputeWon, RefundFailed};
use domain::ledger::{Account, Posting, PostingError};
use domain::orders::{Order, OrderEventKind};
use domain::payments::Payment;
use domain::refunds::{Allotment, ContradictoryRefund, Refund, RefundKind, RefundStatus, RefundVerdict};

/// Why a refund was not brought further.
#[derive(Debug, thiserror::Error)]
pub enum SettleRefundError {
    /// It, its order or its payment is not there.
    #[error("the refund, its order or its payment is not there")]
    NotFound,
    /// The gateway failed.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The gateway contradicts what it said before.
    #[error(transparent)]
    Contradiction(#[from] ContradictoryRefund),
    /// What is stored does not add up.
    #[error("the money does not add up: {0}")]
    Unbalanced(#[from] PostingError),
    /// More would come back than was given.
    #[error("more would come back than was given")]
    Miscounted,
    /// There is too little in an account.
    #[error("there is too little in {0}")]
    TooLittle(Account),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<MoneyError> for SettleRefundError {
    fn from(error: MoneyError) -> Self {
        Self::Unbalanced(error.into())
    }
}

impl From<PostError> for SettleRefundError {
    fn from(error: PostError) -> Self {
        match error {
            PostError::TooLittle(account) => Self::TooLittle(account),
            PostError::Repository(error) => Self::Repository(error),
        }
    }
}

/// A contradiction is for a person; a gateway or a database that was away may be back.
impl From<SettleRefundError> for JobFailure {
    fn from(error: SettleRefundError) -> Self {
        match error {
            SettleRefundError::Gateway(error) => error.into(),
            SettleRefundError::Repository(error) => error.into(),
            SettleRefundError::NotFound
            | SettleRefundError::Contradiction(_)
            | SettleRefundError::Unbalanced(_)
            | SettleRefundError::Miscounted
            | SettleRefundError::TooLittle(_) => Self::Fail(error.to_string()),
        }
    }
}

/// Asks the gateway for a refund, or how it stands, and follows its answer. What it refuses has failed.
///
/// # Errors
/// [`SettleRefundError`]; asking again is safe.
pub async fn ask(
    gateway: &dyn RefundGateway,
    transactor: &dyn Transactor,
    clock: &dyn Clock,
    payment: &Payment,
    refund: &Refund,
    asked_before: bool,
) -> Result<Refund, SettleRefundError> {
    let known_as = refund.gateway_id.clone();
    let wish = CardRefund { id: refund.id, amount: refund.card_part(), asked_before, known_as };
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

/// Follows a verdict on a refund or a dispute. Answers how it stands then; the caller commits.
///
/// # Errors
/// [`SettleRefundError`]; the caller rolls back.
pub async fn follow(
    tx: &dyn UnitOfWork,
    refund: &Refund,
    gateway_id: Option<&str>,
    verdict: &RefundVerdict,
    now: DateTime<Utc>,
) -> Result<Refund, SettleRefundError> {
    let mut order = tx.orders().lock(refund.order_id).await?.ok_or(SettleRefundError::NotFound)?;
    if let Some(payment) = refund.payment_id {
        tx.payments().lock(payment).await?.ok_or(SettleRefundError::NotFound)?;
    }
    let mut stored = tx.refunds().lock(refund.id).await?.ok_or(SettleRefundError::NotFound)?;
    let before = stored.clone();
    if let Some(gateway_id) = gateway_id {
        stored.known_as(gateway_id);
    }
    match stored.follow(verdict, now)? {
        Applied::Already => {}
        Applied::Now(RefundStatus::Failed) => {
            come_back(tx, &mut order, &before, now).await?;
            if let (RefundKind::Dispute, Some(payment)) = (stored.kind, stored.payment_id) {
                note_dispute(tx, payment, &stored).await?;
            }
        }
        Applied::Now(RefundStatus::Pending | RefundStatus::Succeeded) => {
            if let (RefundKind::Dispute, Some(payment)) = (stored.kind, stored.payment_id) {
                order.note(OrderEventKind::DisputeLost, stored.amount.plus(stored.excess)?, now);
                tx.orders().update(&order).await?;
                note_dispute(tx, payment, &stored).await?;
                tx.jobs().push(Job::SendDisputeNotice { refund_id: stored.id.uuid() }, now).await?;
            }
        }
    }
    if stored != before {
        tx.refunds().update(&stored).await?;
    }
    Ok(stored)
}

/// Notes on the payment how it stands, now that one of its disputes stands so.
async fn note_dispute(tx: &dyn UnitOfWork, payment: PaymentId, changed: &Refund) -> Result<(), RepositoryError> {
    let all = tx.refunds().of_order(changed.order_id).await?;
    let others = all.iter().filter(|one| one.kind == RefundKind::Dispute && one.id != changed.id);
    let state = DisputeState::of(others.map(|one| one.status).chain([changed.status]));
    match state {
        Some(state) => tx.refunds().note_dispute(payment, state).await,
        None => Ok(()),
    }
}

/// What did not stay with the customer is theirs again who gave it.
async fn come_back(
    tx: &dyn UnitOfWork,
    order: &mut Order,
    refund: &Refund,
    now: DateTime<Utc>,
) -> Result<(), SettleRefundError> {
    if refund.kind == RefundKind::Dispute {
        cards::set_free(tx, order, refund, now).await?;
    }
    let back = refund.come_back()?;
    let amount = sum(order, back.iter().map(|part| part.amount))?;
    let posting = posting_of_return(tx, order, refund, &back, amount).await?;
    tx.ledger().post(&posting, now).await?;
    if !tx.refunds().count_back(order.id, amount, refund.payment_id, refund.card_part()).await? {
        return Err(SettleRefundError::Miscounted);
    }
    let refund_id = refund.id.uuid();
    match (refund.kind, refund.payment_id) {
        (RefundKind::Dispute, Some(_)) => {
            order.note(OrderEventKind::DisputeWon, amount.plus(refund.excess)?, now);
            tx.jobs().push(Job::SendDisputeNotice { refund_id }, now).await?;
        }
        (RefundKind::Refund | RefundKind::Dispute, _) => {
            order.note(OrderEventKind::RefundFailed, amount, now);
            tx.jobs().push(Job::SendRefundFailedNotice { refund_id }, now).await?;
        }
    }
    Ok(tx.orders().update(order).await?)
}

async fn posting_of_return(
    tx: &dyn UnitOfWork,
    order: &Order,
    refund: &Refund,
    back: &[Allotment],
    amount: Money,
) -> Result<Posting, SettleRefundError> {
    let given = Refund::given(&tx.refunds().of_order(order.id).await?)?;
    let to = taken_from(sale_of(tx, order).await?.returned(&given, back)?);
    let (id, payment) = (refund.id, refund.payment_id);
    Ok(match (refund.kind, payment) {
        (RefundKind::Dispute, Some(payment)) => {
            let (excess, amount) = (refund.excess, amount.plus(refund.excess)?);
            DisputeWon(Dispute { id, order: order.id, payment, amount, from: to, excess }).posting()?
        }
        (RefundKind::Refund | RefundKind::Dispute, payment) => {
            let customer = order.user_id;
            RefundFailed { id, order: order.id, payment, customer, card: amount, to }.posting()?
        }
    })
}
