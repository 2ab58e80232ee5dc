//! Disputes of top-ups: a bank takes back what its customer has paid into their balance. What the balance still holds is taken off it,
//! what was spent is the platform's loss, and both get it again when the dispute is won.

use super::settling;
use crate::jobs::Job;
use crate::refunds::SettleRefundError;
use crate::refunds::disputes::{fees, least, log, wait_for_its_payment};
use crate::refunds::ports::{DisputeState, GatewayDispute};
use crate::unit_of_work::UnitOfWork;
use crate::webhooks::announce;
use chrono::{DateTime, Utc};
use domain::kernel::{RefundId, UserId};
use domain::ledger::{Account, Subject};
use domain::payments::Payment;
use domain::refunds::{RefundKind, RefundStatus, RefundVerdict, TopUpRefund};
use domain::webhooks::EventKind;

/// A dispute of a top-up, as the gateway tells of it.
pub struct Heard<'a> {
    /// Our id for it, if it is new.
    pub id: RefundId,
    /// Whose balance it is.
    pub customer: UserId,
    /// What the gateway says.
    pub told: &'a GatewayDispute,
    /// Its id for it.
    pub gateway_id: &'a str,
}

/// Follows what the gateway says; the caller commits.
///
/// # Errors
/// [`SettleRefundError`]; the caller rolls back.
pub async fn follow(tx: &dyn UnitOfWork, heard: &Heard<'_>, now: DateTime<Utc>) -> Result<(), SettleRefundError> {
    tx.users().lock(heard.customer).await?; // whose chain it is
    let payment = tx.payments().lock(heard.told.payment).await?.ok_or(SettleRefundError::NotFound)?;
    if !payment.status.is_final() {
        return wait_for_its_payment(tx, &payment, heard.gateway_id, now).await;
    }
    let known = tx.top_up_refunds().lock_by_gateway_id(heard.gateway_id).await?;
    match known {
        Some(known) => {
            settling::follow(tx, &known, None, &heard.told.verdict, now).await?;
        }
        None if matches!(heard.told.verdict, RefundVerdict::Failed(_)) && heard.told.fees.is_empty() => {}
        // Who hears of it when it is won already has nothing to move but what the gateway kept for itself.
        None if matches!(heard.told.verdict, RefundVerdict::Failed(_)) => {
            let earlier = tx.top_up_refunds().of_payment(payment.id).await?;
            let earlier = earlier.iter().filter(|one| one.kind == RefundKind::Dispute).map(|one| one.status);
            if let Some(state) = DisputeState::of(earlier.chain([RefundStatus::Failed])) {
                tx.refunds().note_dispute(payment.id, state).await?;
            }
        }
        None => {
            let opened = open(tx, heard, &payment, now).await?;
            settling::follow(tx, &opened, None, &heard.told.verdict, now).await?;
        }
    }
    fees::book(tx, heard.told, Subject::User(heard.customer), now).await
}

/// The bank has taken the money: the balance gives what it holds.
async fn open(
    tx: &dyn UnitOfWork,
    heard: &Heard<'_>,
    payment: &Payment,
    now: DateTime<Utc>,
) -> Result<TopUpRefund, SettleRefundError> {
    let Heard { id, customer, told, gateway_id } = *heard;
    let (amount, left) = (told.amount, payment.left()?);
    left.minus(amount)?; // of one currency
    let holds = tx.ledger().lock_balance(Account::StoreBalance(customer), amount.currency()).await?;
    let dispute = TopUpRefund {
        id,
        kind: RefundKind::Dispute,
        payment_id: payment.id,
        customer,
        amount,
        counted: least(amount, left),
        taken: least(amount, holds),
        status: RefundStatus::Pending,
        reason: None,
        requested_by: None,
        request_key: format!("dispute:{gateway_id}"),
        gateway_id: Some(gateway_id.to_owned()),
        failure: None,
        created_at: now,
        updated_at: now,
    };
    if !tx.top_up_refunds().count(payment.id, dispute.counted).await? {
        return Err(SettleRefundError::Miscounted);
    }
    tx.top_up_refunds().insert(&dispute).await?;
    tx.ledger().post(&settling::posting(&dispute)?, now).await?;
    tx.refunds().note_dispute(payment.id, DisputeState::Open).await?;
    log(tx, told, gateway_id, now).await?;
    announce::payment(tx, EventKind::PaymentDisputed, payment, None, now).await?;
    tx.jobs().push(Job::SendDisputeNotice { refund_id: id.uuid() }, now).await?;
    Ok(dispute)
}
