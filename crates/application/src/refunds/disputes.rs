//! Disputes: a bank takes a payment back for its customer, and the shop answers it at the gateway. Here the money follows: those who
//! earned by the order give it when it is taken, and get it again when the dispute is won.

use super::ports::{DisputeState, GatewayDispute, RefundGateway};
use super::sale::{left_of_tenders, sale_of, sum, taken_from};
use super::settling::{self, SettleRefundError};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::Job;
use crate::payments::ports::PaymentQueries;
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::{Transactor, UnitOfWork};
use crate::webhooks::announce;
use async_trait::async_trait;
use chrono::TimeDelta;
use domain::kernel::{Money, OrderId, RefundId};
use domain::ledger::movements::{self};
use domain::orders::OrderEventKind;
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
        let Some(order) = payment.purpose.order() else {
            // Store balance may be spent already: whether it is taken back is for a person to decide.
            tracing::error!(payment = %payment.id, dispute = gateway_id, "a top-up is disputed; take it up with its customer");
            tx.payments().lock(payment.id).await?;
            tx.refunds().note_dispute(payment.id, state_of(&told.verdict)).await?;
            self.log(tx.as_ref(), &told, gateway_id).await?;
            return Ok(tx.commit().await?);
        };
        tx.orders().lock(order).await?.ok_or(SettleRefundError::NotFound)?;
        let payment = tx.payments().lock(payment.id).await?.ok_or(SettleRefundError::NotFound)?;
        if !payment.status.is_final() {
            // Its event was faster than the payment's: what it takes back must have come first.
            let dispute_id = gateway_id.to_owned();
            tx.jobs().push(Job::SettlePayment { payment_id: payment.id.uuid() }, now).await?;
            tx.jobs().push(Job::FollowDispute { dispute_id }, now + AFTER_ITS_PAYMENT).await?;
            return Ok(tx.commit().await?);
        }
        let known = match tx.refunds().lock_by_gateway_id(gateway_id).await? {
            Some(known) => known,
            // Who hears of it when it is won already has nothing to move.
            None if matches!(told.verdict, RefundVerdict::Failed(_)) => return Ok(()),
            None => self.open(tx.as_ref(), order, &told, gateway_id).await?,
        };
        settling::follow(tx.as_ref(), &known, None, &told.verdict, now).await?;
        Ok(tx.commit().await?)
    }
}

impl DisputeDesk {
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
        let (id, disputed, payment) = (dispute.id, payment.clone(), payment.id);
        let movement = movements::Dispute { id, order: order.id, payment, amount: told.amount, from, excess };
        tx.ledger().post(&movement.posting()?, now).await?;
        order.note(OrderEventKind::Disputed, told.amount, now);
        tx.orders().update(&order).await?;
        tx.refunds().note_dispute(payment, DisputeState::Open).await?;
        self.log(tx, told, gateway_id).await?;
        announce::payment(tx, EventKind::PaymentDisputed, &disputed, Some(&order), now).await?;
        tx.jobs().push(Job::SendDisputeNotice { refund_id: dispute.id.uuid() }, now).await?;
        Ok(dispute)
    }

    async fn log(&self, tx: &dyn UnitOfWork, told: &GatewayDispute, gateway_id: &str) -> Result<(), SettleRefundError> {
        let event = SecurityEvent::new(SecurityEventKind::PaymentDisputed)
            .with("payment", told.payment.to_string())
            .with("dispute", gateway_id.to_owned())
            .with("amount", told.amount.to_string());
        Ok(tx.security_log().record(&event, self.clock.now()).await?)
    }
}

const fn state_of(verdict: &RefundVerdict) -> DisputeState {
    match verdict {
        RefundVerdict::Pending => DisputeState::Open,
        RefundVerdict::Succeeded => DisputeState::Lost,
        RefundVerdict::Failed(_) => DisputeState::Won,
    }
}

const fn least(one: Money, other: Money) -> Money {
    if other.amount() < one.amount() { other } else { one }
}

#[cfg(test)]
mod tests;
