//! Giving a refund: what is left of the price decides how much, who earned by it bears it, and it goes back to what the order was
//! paid by, in that order. What goes to a card is written down here, asked of the gateway after the commit, and by a job until
//! the gateway has answered.

use super::bought::Bought;
use super::ports::{DisputeState, RefundGateway};
use super::returning::{refunded_to, restock, where_it_is_of_use};
use super::sale::{left_of_tenders, sale_of, sum, taken_from};
use super::settling::{self, SettleRefundError};
use crate::identity::Allowed;
use crate::identity::policy::{RefundOrders, RefundSales};
use crate::jobs::Job;
use crate::ledger::ports::PostError;
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::{Transactor, UnitOfWork};
use crate::webhooks::announce;
use async_trait::async_trait;
use chrono::TimeDelta;
use domain::kernel::{Money, MoneyError, OrderId, RefundId, UserId};
use domain::ledger::PostingError;
use domain::ledger::movements;
use domain::orders::{Order, OrderEventKind, OrderState, OrderStatus};
use domain::payments::Payment;
use domain::refunds::{Refund, RefundKind, RefundRefusal, RefundStatus, RefundWish, Within, fill};
use domain::webhooks::EventKind;
use std::sync::Arc;

/// How long after a refund was written down the gateway is asked for it again.
const ASK_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(15);

/// What is to be given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundCommand {
    /// Of which order.
    pub order: OrderId,
    /// How much of it.
    pub wish: RefundWish,
    /// Why, in words.
    pub reason: Option<String>,
    /// Whether the pieces go back on sale.
    pub restock: bool,
    /// What names this request: the caller and their idempotency key. The same name again answers the same refund.
    pub key: String,
}

/// Gives refunds.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait GiveRefunds: Send + Sync {
    /// Of the calling seller's own lines.
    async fn of_sales(
        &self,
        caller: &Allowed<RefundSales>,
        command: RefundCommand,
    ) -> Result<(Refund, Order), GiveRefundError>;
    /// Of a whole order, delivery included.
    async fn of_order(
        &self,
        caller: &Allowed<RefundOrders>,
        command: RefundCommand,
    ) -> Result<(Refund, Order), GiveRefundError>;
}

/// Why nothing is given back.
#[derive(Debug, thiserror::Error)]
pub enum GiveRefundError {
    /// There is no such order, or it has nothing of the seller's.
    #[error("there is no such order")]
    NotFound,
    /// It was not paid.
    #[error("the order is {0:?}")]
    NotPaid(OrderState),
    /// Its customer disputes the payment: the bank has the money.
    #[error("the payment is disputed")]
    Disputed,
    /// It would give back gift cards of which something was used, or that are not issued yet.
    #[error("gift cards that were used are not taken back")]
    GiftCards,
    /// There is not so much left.
    #[error(transparent)]
    Refused(#[from] RefundRefusal),
    /// What is stored does not add up.
    #[error("the money does not add up: {0}")]
    Unbalanced(#[from] PostingError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<MoneyError> for GiveRefundError {
    fn from(error: MoneyError) -> Self {
        Self::Unbalanced(error.into())
    }
}

impl From<PostError> for GiveRefundError {
    fn from(error: PostError) -> Self {
        match error {
            PostError::Repository(error) => Self::Repository(error),
            // What is given has no floor, and what gets it only grows.
            error @ PostError::TooLittle(_) => Self::Repository(RepositoryError::unavailable(error)),
        }
    }
}

impl From<SettleRefundError> for GiveRefundError {
    fn from(error: SettleRefundError) -> Self {
        match error {
            SettleRefundError::Repository(error) => Self::Repository(error),
            SettleRefundError::Unbalanced(error) => Self::Unbalanced(error),
            error @ (SettleRefundError::NotFound
            | SettleRefundError::Gateway(_)
            | SettleRefundError::Contradiction(_)
            | SettleRefundError::Miscounted
            | SettleRefundError::TooLittle(_)) => Self::Repository(RepositoryError::unavailable(error)),
        }
    }
}

/// The service behind [`GiveRefunds`].
pub struct RefundDesk {
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Gives back to cards.
    pub gateway: Arc<dyn RefundGateway>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl GiveRefunds for RefundDesk {
    async fn of_sales(
        &self,
        caller: &Allowed<RefundSales>,
        command: RefundCommand,
    ) -> Result<(Refund, Order), GiveRefundError> {
        self.give(Within::Seller(caller.user_id), caller.user_id, command).await
    }

    async fn of_order(
        &self,
        caller: &Allowed<RefundOrders>,
        command: RefundCommand,
    ) -> Result<(Refund, Order), GiveRefundError> {
        self.give(Within::Order, caller.user_id, command).await
    }
}

impl RefundDesk {
    async fn give(
        &self,
        within: Within,
        by: UserId,
        command: RefundCommand,
    ) -> Result<(Refund, Order), GiveRefundError> {
        let tx = self.transactor.begin().await?;
        let order = tx.orders().lock(command.order).await?.filter(|order| concerns(order, within));
        let mut order = order.ok_or(GiveRefundError::NotFound)?;
        let request_key = format!("{}:{}", order.id, command.key);
        if let Some(known) = tx.refunds().find_by_key(&request_key).await? {
            return Ok((known, order));
        }
        if order.status != OrderStatus::Paid {
            return Err(GiveRefundError::NotPaid(order.state()));
        }
        let payment = tx.payments().lock_of_order(order.id).await?;
        if let Some(payment) = &payment
            && tx.refunds().dispute_of(payment.id).await? == Some(DisputeState::Open)
        {
            return Err(GiveRefundError::Disputed);
        }
        let refund =
            self.write_down(tx.as_ref(), &mut order, payment.as_ref(), within, by, command, request_key).await?;
        tx.commit().await?;
        let Some(payment) = payment.filter(|_| refund.card_part().is_positive()) else { return Ok((refund, order)) };
        let (gateway, clock) = (self.gateway.as_ref(), self.clock.as_ref());
        match settling::ask(gateway, self.transactor.as_ref(), clock, &payment, &refund, false).await {
            Ok(asked) => Ok((asked, order)),
            Err(error) => {
                tracing::warn!(refund = %refund.id, error = &error as &dyn std::error::Error, "the gateway will be asked again");
                Ok((refund, order))
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one step of one use case")]
    async fn write_down(
        &self,
        tx: &dyn UnitOfWork,
        order: &mut Order,
        payment: Option<&Payment>,
        within: Within,
        by: UserId,
        command: RefundCommand,
        request_key: String,
    ) -> Result<Refund, GiveRefundError> {
        let now = self.clock.now();
        let earlier = tx.refunds().of_order(order.id).await?;
        let (sale, given) = (sale_of(tx, order).await?, Refund::given(&earlier)?);
        let wished = sale.allot(&command.wish, within, &given)?;
        if command.restock {
            restock(tx, order, &wished).await?;
        }
        let bought = Bought::lock(tx, order).await?;
        let sale = sale.with_at_most(&bought.most(order, &command.wish));
        let parts = sale.allot(&command.wish, within, &given).map_err(but_for_gift_cards)?;
        let kept = if command.wish == RefundWish::Rest { sale.kept(within, &given) } else { Vec::new() };
        bought.take_back(tx, order, &given, &parts, now).await?;
        let from = taken_from(sale.taken(&given, &parts)?);
        let amount = sum(order, parts.iter().map(|part| part.amount))?;
        let left = left_of_tenders(order, payment, &earlier)?;
        let filled = fill(amount, &left)?;
        let Some(filled) = filled else {
            return Err(RefundRefusal::TooMuch { left: sum(order, left.iter().map(|one| one.amount))? }.into());
        };
        let to = where_it_is_of_use(tx, order, filled, now).await?;
        let refund = Refund {
            id: RefundId::new(self.ids.next()),
            kind: RefundKind::Refund,
            order_id: order.id,
            payment_id: payment.map(|payment| payment.id),
            amount,
            excess: Money::zero(amount.currency()),
            status: RefundStatus::Pending,
            parts,
            kept,
            to,
            reason: command.reason,
            restocked: command.restock,
            requested_by: Some(by),
            request_key,
            gateway_id: None,
            failure: None,
            created_at: now,
            updated_at: now,
        };
        let card = refund.card_part();
        let status = if card.is_positive() { RefundStatus::Pending } else { RefundStatus::Succeeded };
        let refund = Refund { status, ..refund };
        if !tx.refunds().count(order.id, amount, refund.payment_id, card).await? {
            return Err(RefundRefusal::NothingLeft.into());
        }
        tx.refunds().insert(&refund).await?;
        let movement = movements::Refund {
            id: refund.id,
            order: order.id,
            payment: refund.payment_id,
            customer: order.user_id,
            to: refunded_to(&refund),
            from,
        };
        tx.ledger().post(&movement.posting()?, now).await?;
        order.refunded = order.refunded.plus(amount)?;
        order.note(OrderEventKind::Refunded, amount, now);
        tx.orders().update(order).await?;
        announce::order(tx, EventKind::OrderRefunded, order, now).await?;
        let refund_id = refund.id.uuid();
        tx.jobs().push(Job::SendRefundNotice { refund_id }, now).await?;
        if card.is_positive() {
            tx.jobs().push(Job::ReconcileRefund { refund_id }, now + ASK_AGAIN_AFTER).await?;
        }
        Ok(refund)
    }
}

fn concerns(order: &Order, within: Within) -> bool {
    match within {
        Within::Order => true,
        Within::Seller(seller) => order.lines.iter().any(|line| line.seller.id == seller),
    }
}

/// As a whole there was enough: what is short is gift cards.
fn but_for_gift_cards(refusal: RefundRefusal) -> GiveRefundError {
    match refusal {
        RefundRefusal::NothingLeft | RefundRefusal::TooManyPieces { .. } => GiveRefundError::GiftCards,
        refusal @ (RefundRefusal::UnknownLine(_) | RefundRefusal::TooMuch { .. } | RefundRefusal::Amount(_)) => {
            refusal.into()
        }
    }
}

#[cfg(test)]
pub mod tests;
