//! Announcing what happens, in the transaction that makes it true. One line in a use case; nothing is sent here.

use super::card_runs::CardRuns;
use super::facts::Facts;
use crate::jobs::Job;
use crate::repository_error::RepositoryError;
use crate::unit_of_work::UnitOfWork;
use chrono::{DateTime, Utc};
use domain::gift_cards::{GiftCard, GiftCardBatch, GiftCardStatus};
use domain::kernel::Money;
use domain::orders::{Order, OrderStatus};
use domain::payments::{Payment, PaymentStatus};
use domain::webhooks::EventKind;

/// How the gift card in a place of a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedStanding {
    /// Where in the batch.
    pub place: u32,
    /// How it stands.
    pub status: GiftCardStatus,
    /// What is left on it.
    pub balance: Money,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Something happened to an order.
///
/// # Errors
/// When the database fails.
pub async fn order(
    tx: &dyn UnitOfWork,
    kind: EventKind,
    order: &Order,
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    push(tx, kind, &Facts::of_order(order), now).await
}

/// Something happened to an attempt to pay an order, or to pay something else.
///
/// # Errors
/// When the database fails.
pub async fn payment(
    tx: &dyn UnitOfWork,
    kind: EventKind,
    payment: &Payment,
    order: Option<&Order>,
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    push(tx, kind, &Facts::of_payment(kind, payment, order), now).await
}

/// Something happened to a gift card, on which so much is left now.
///
/// # Errors
/// When the database fails.
pub async fn gift_card(
    tx: &dyn UnitOfWork,
    kind: EventKind,
    card: &GiftCard,
    balance: Money,
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    push(tx, kind, &Facts::of_gift_card(card, balance, now), now).await
}

/// The same happened to these gift cards of a batch, told in the order of their places, as they stand now. One job
/// tells of all of them.
///
/// # Errors
/// When the database fails.
pub async fn gift_cards(
    tx: &dyn UnitOfWork,
    kind: EventKind,
    batch: &GiftCardBatch,
    cards: impl IntoIterator<Item = PlacedStanding>,
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    let cards = CardRuns::of(batch, cards);
    if cards.is_empty() {
        return Ok(());
    }
    let cards = serde_json::to_value(&cards).map_err(RepositoryError::unavailable)?;
    let event = kind.name().to_owned();
    tx.jobs().push(Job::AnnounceGiftCards { announcement: None, event, at: now, cards }, now).await
}

/// A payment has ended, and its order with it: tells of both.
///
/// # Errors
/// When the database fails.
pub async fn settled(
    tx: &dyn UnitOfWork,
    order: &Order,
    payment: &Payment,
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    let of_order = match order.status {
        OrderStatus::PendingPayment => None,
        OrderStatus::Paid => Some(EventKind::OrderPaid),
        OrderStatus::Cancelled => Some(EventKind::OrderCancelled),
        OrderStatus::Expired => Some(EventKind::OrderExpired),
    };
    let of_payment = match payment.status {
        PaymentStatus::Authorized => Some(EventKind::PaymentHeld),
        PaymentStatus::Captured => Some(EventKind::PaymentSucceeded),
        PaymentStatus::Declined => Some(EventKind::PaymentFailed),
        PaymentStatus::Created | PaymentStatus::Submitted | PaymentStatus::Unknown | PaymentStatus::Voided => None,
    };
    if let Some(kind) = of_payment {
        self::payment(tx, kind, payment, Some(order), now).await?;
    }
    match of_order {
        Some(kind) => self::order(tx, kind, order, now).await,
        None => Ok(()),
    }
}

/// Most shops have no endpoint: nothing is left for a worker to find that out.
async fn push(tx: &dyn UnitOfWork, kind: EventKind, facts: &Facts, now: DateTime<Utc>) -> Result<(), RepositoryError> {
    if !tx.webhooks().is_any_on().await? {
        return Ok(());
    }
    let facts = serde_json::to_value(facts).map_err(RepositoryError::unavailable)?;
    tx.jobs().push(Job::AnnounceEvent { event: kind.name().to_owned(), at: now, facts }, now).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{now, order as an_order, payment as a_payment};
    use crate::unit_of_work::double::UnitOfWorkDouble;
    use std::sync::{Arc, Mutex};

    /// A unit of work that notes which events are announced.
    fn noting() -> (UnitOfWorkDouble, Arc<Mutex<Vec<String>>>) {
        let (mut tx, noted) = (UnitOfWorkDouble::default(), Arc::new(Mutex::new(Vec::new())));
        let notes = noted.clone();
        tx.webhooks.expect_is_any_on().returning(|| Ok(true));
        tx.jobs.expect_push().returning(move |job, at| {
            let Job::AnnounceEvent { event, at: happened, .. } = job else { panic!("{job:?}") };
            assert_eq!((at, happened), (now(), now()), "at once");
            notes.lock().unwrap().push(event);
            Ok(())
        });
        (tx, noted)
    }

    #[tokio::test]
    async fn an_order_and_its_payment_are_told_of_together() {
        for (order_is, payment_is, told) in [
            (OrderStatus::Paid, PaymentStatus::Captured, &["payment.succeeded", "order.paid"][..]),
            (OrderStatus::Cancelled, PaymentStatus::Declined, &["payment.failed", "order.cancelled"]),
            (OrderStatus::Cancelled, PaymentStatus::Voided, &["order.cancelled"]),
            (OrderStatus::Expired, PaymentStatus::Voided, &["order.expired"]),
            (OrderStatus::PendingPayment, PaymentStatus::Submitted, &[]),
        ] {
            let (tx, noted) = noting();
            let order = Order { status: order_is, ..an_order() };
            let payment = Payment { status: payment_is, ..a_payment() };
            settled(&tx, &order, &payment, now()).await.unwrap();
            assert_eq!(*noted.lock().unwrap(), told);
        }
    }

    #[tokio::test]
    async fn where_no_endpoint_is_on_nothing_is_announced() {
        let mut tx = UnitOfWorkDouble::default();
        tx.webhooks.expect_is_any_on().times(1).returning(|| Ok(false));
        order(&tx, EventKind::OrderPlaced, &an_order(), now()).await.unwrap();
    }
}
