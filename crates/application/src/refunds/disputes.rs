//! Disputes: a bank takes a payment back for its customer, and the shop answers it at the gateway. Here the money follows: those who
//! earned by the order give it when it is taken, and get it again when the dispute is won.

pub(super) mod cards;
pub(super) mod fees;

use super::ports::{DisputeState, GatewayDispute, RefundGateway};
use super::sale::{left_of_tenders, sale_of, sum, taken_from};
use super::settling::{self, SettleRefundError};
use super::top_ups;
use super::top_ups::disputes::Heard;
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::Job;
use crate::payments::ports::PaymentQueries;
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::{Transactor, UnitOfWork};
use crate::webhooks::announce;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::kernel::{Money, OrderId, RefundId};
use domain::ledger::Subject;
use domain::ledger::movements;
use domain::orders::OrderEventKind;
use domain::payments::{Payment, Purpose};
use domain::refunds::{
    OrderTender, Refund, RefundKind, RefundRefusal, RefundStatus, RefundTender, RefundVerdict, RefundWish, TenderKind,
    Within,
};
use domain::webhooks::EventKind;
use std::sync::Arc;

/// Follows disputes.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait FollowDisputes: Send + Sync {
    /// Asks the gateway how a dispute stands, and follows it.
    async fn follow(&self, gateway_id: &str) -> Result<(), SettleRefundError>;
}

/// When a dispute is looked at again that was heard of before its payment had settled.
const AFTER_ITS_PAYMENT: TimeDelta = TimeDelta::seconds(2);

/// The service behind [`FollowDisputes`].
pub struct DisputeDesk {
    /// Reads payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// Knows the truth.
    pub gateway: Arc<dyn RefundGateway>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl FollowDisputes for DisputeDesk {
    async fn follow(&self, gateway_id: &str) -> Result<(), SettleRefundError> {
        let Some(told) = self.gateway.dispute(gateway_id).await? else { return Ok(()) };
        let payment = self.payments.find(told.payment).await?.ok_or(SettleRefundError::NotFound)?;
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        match payment.purpose {
            Purpose::Order { order, .. } => self.of_order(tx.as_ref(), order, &told, gateway_id).await?,
            Purpose::TopUp { customer } => {
                let id = RefundId::new(self.ids.next());
                let heard = Heard { id, customer, told: &told, gateway_id };
                top_ups::disputes::follow(tx.as_ref(), &heard, now).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}

impl DisputeDesk {
    async fn of_order(
        &self,
        tx: &dyn UnitOfWork,
        order: OrderId,
        told: &GatewayDispute,
        gateway_id: &str,
    ) -> Result<(), SettleRefundError> {
        let now = self.clock.now();
        tx.orders().lock(order).await?.ok_or(SettleRefundError::NotFound)?;
        let payment = tx.payments().lock(told.payment).await?.ok_or(SettleRefundError::NotFound)?;
        if !payment.status.is_final() {
            return wait_for_its_payment(tx, &payment, gateway_id, now).await;
        }
        match tx.refunds().lock_by_gateway_id(gateway_id).await? {
            Some(known) => {
                settling::follow(tx, &known, None, &told.verdict, now).await?;
            }
            None if matches!(told.verdict, RefundVerdict::Failed(_)) && told.fees.is_empty() => {}
            // Who hears of it when it is won already has nothing to move but what the gateway kept for itself.
            None if matches!(told.verdict, RefundVerdict::Failed(_)) => {
                let earlier = tx.refunds().of_order(order).await?;
                let earlier = earlier.iter().filter(|one| one.kind == RefundKind::Dispute).map(|one| one.status);
                if let Some(state) = DisputeState::of(earlier.chain([RefundStatus::Failed])) {
                    tx.refunds().note_dispute(payment.id, state).await?;
                }
            }
            None => {
                let known = self.open(tx, order, told, gateway_id).await?;
                settling::follow(tx, &known, None, &told.verdict, now).await?;
            }
        }
        fees::book(tx, told, Subject::Order(order), now).await
    }

    /// The bank has taken the money: what is left of the price bears it, and beyond that the platform does.
    async fn open(
        &self,
        tx: &dyn UnitOfWork,
        order: OrderId,
        told: &GatewayDispute,
        gateway_id: &str,
    ) -> Result<Refund, SettleRefundError> {
        let now = self.clock.now();
        let mut order = tx.orders().lock(order).await?.ok_or(SettleRefundError::NotFound)?;
        let payment = tx.payments().lock(told.payment).await?.ok_or(SettleRefundError::NotFound)?;
        let earlier = tx.refunds().of_order(order.id).await?;
        let (sale, given) = (sale_of(tx, &order).await?, Refund::given(&earlier)?);
        let card =
            left_of_tenders(&order, Some(&payment), &earlier)?.into_iter().find(|one| one.kind == TenderKind::Card);
        let nothing = Money::zero(told.amount.currency());
        let OrderTender { position, amount: of_card, .. } =
            card.unwrap_or(OrderTender { position: 0, kind: TenderKind::Card, amount: nothing });
        let most = least(least(told.amount, of_card), sale.left(Within::Order, &given)?);
        let parts = match sale.allot(&RefundWish::Amount(most), Within::Order, &given) {
            Ok(parts) => parts,
            Err(RefundRefusal::Amount(error)) => return Err(error.into()),
            Err(_) => Vec::new(), // nothing is left
        };
        let amount = sum(&order, parts.iter().map(|part| part.amount))?;
        let from = taken_from(sale.taken(&given, &parts)?);
        let excess = told.amount.minus(amount)?;
        let dispute = Refund {
            id: RefundId::new(self.ids.next()),
            kind: RefundKind::Dispute,
            order_id: order.id,
            payment_id: Some(payment.id),
            amount,
            excess,
            status: RefundStatus::Pending,
            parts,
            kept: Vec::new(),
            to: vec![RefundTender { position, kind: TenderKind::Card, amount }],
            reason: None,
            restocked: false,
            requested_by: None,
            request_key: format!("dispute:{gateway_id}"),
            gateway_id: Some(gateway_id.to_owned()),
            failure: None,
            created_at: now,
            updated_at: now,
        };
        if !tx.refunds().count(order.id, amount, dispute.payment_id, amount).await? {
            return Err(SettleRefundError::Miscounted);
        }
        tx.refunds().insert(&dispute).await?;
        cards::keep(tx, &order, &dispute).await?;
        let (id, disputed, payment) = (dispute.id, payment.clone(), payment.id);
        let movement = movements::Dispute { id, order: order.id, payment, amount: told.amount, from, excess };
        tx.ledger().post(&movement.posting()?, now).await?;
        order.note(OrderEventKind::Disputed, told.amount, now);
        tx.orders().update(&order).await?;
        tx.refunds().note_dispute(payment, DisputeState::Open).await?;
        log(tx, told, gateway_id, now).await?;
        announce::payment(tx, EventKind::PaymentDisputed, &disputed, Some(&order), now).await?;
        tx.jobs().push(Job::SendDisputeNotice { refund_id: dispute.id.uuid() }, now).await?;
        Ok(dispute)
    }
}

/// Its event was faster than the payment's: what it takes back must have come first.
pub(super) async fn wait_for_its_payment(
    tx: &dyn UnitOfWork,
    payment: &Payment,
    gateway_id: &str,
    now: DateTime<Utc>,
) -> Result<(), SettleRefundError> {
    let dispute_id = gateway_id.to_owned();
    tx.jobs().push(Job::SettlePayment { payment_id: payment.id.uuid() }, now).await?;
    Ok(tx.jobs().push(Job::FollowDispute { dispute_id }, now + AFTER_ITS_PAYMENT).await?)
}

/// The security log tells of it.
pub(super) async fn log(
    tx: &dyn UnitOfWork,
    told: &GatewayDispute,
    gateway_id: &str,
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    let event = SecurityEvent::new(SecurityEventKind::PaymentDisputed)
        .with("payment", told.payment.to_string())
        .with("dispute", gateway_id.to_owned())
        .with("amount", told.amount.to_string());
    tx.security_log().record(&event, now).await
}

pub(super) const fn least(one: Money, other: Money) -> Money {
    if other.amount() < one.amount() { other } else { one }
}

#[cfg(test)]
mod tests;
