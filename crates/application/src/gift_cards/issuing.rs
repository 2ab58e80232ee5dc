//! What every new gift card has: a row, its value in the ledger, and its end in the calendar; and if it is mailed, a delivery.
//! Those of a batch have one end together, and are announced together.

use crate::jobs::Job;
use crate::ledger::ports::PostError;
use crate::repository_error::RepositoryError;
use crate::unit_of_work::UnitOfWork;
use crate::webhooks::announce;
use chrono::{DateTime, Utc};
use domain::gift_cards::{Delivery, GiftCard};
use domain::ledger::Posting;
use domain::ledger::movements::GiftCardIssued;
use domain::webhooks::EventKind;

/// Stores a card that nobody paid for.
pub(super) async fn give_away(tx: &dyn UnitOfWork, card: &GiftCard, now: DateTime<Utc>) -> Result<(), RepositoryError> {
    put_out(tx, card, &given(card)?, now).await
}

/// Stores one of a batch, which ends and is announced with the others.
pub(super) async fn add_to_batch(
    tx: &dyn UnitOfWork,
    card: &GiftCard,
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    store(tx, card, &given(card)?, now).await
}

fn given(card: &GiftCard) -> Result<Posting, RepositoryError> {
    let movement = GiftCardIssued { gift_card: card.id, value: card.value };
    movement.posting().map_err(RepositoryError::unavailable)
}

/// Stores a card with the posting that gives it its value.
pub(super) async fn put_out(
    tx: &dyn UnitOfWork,
    card: &GiftCard,
    value: &Posting,
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    store(tx, card, value, now).await?;
    if let Some(end) = card.expires_at {
        tx.jobs().push(Job::ExpireGiftCard { gift_card_id: card.id.uuid() }, end).await?;
    }
    announce::gift_card(tx, EventKind::GiftCardIssued, card, card.value, now).await
}

async fn store(
    tx: &dyn UnitOfWork,
    card: &GiftCard,
    value: &Posting,
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    tx.gift_cards().insert(card).await?;
    tx.ledger().post(value, now).await.map_err(|error| match error {
        PostError::Repository(error) => error,
        impossible @ PostError::TooLittle(_) => RepositoryError::unavailable(impossible),
    })?;
    Ok(())
}

/// Plans to mail a card.
pub(super) async fn plan_delivery(tx: &dyn UnitOfWork, delivery: &Delivery) -> Result<(), RepositoryError> {
    tx.gift_deliveries().insert(delivery).await?;
    tx.jobs().push(letter_of(delivery), delivery.send_at).await
}

/// The job that sends the present letter of a delivery.
pub(super) const fn letter_of(delivery: &Delivery) -> Job {
    Job::DeliverGiftCard { gift_card_id: delivery.gift_card.uuid(), letter: delivery.letter }
}
