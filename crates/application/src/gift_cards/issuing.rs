//! What every new gift card that is given away has: a row, its value in the ledger, and its end in the calendar.

use crate::jobs::Job;
use crate::ledger::ports::PostError;
use crate::repository_error::RepositoryError;
use crate::unit_of_work::UnitOfWork;
use chrono::{DateTime, Utc};
use domain::gift_cards::GiftCard;
use domain::ledger::Posting;
use domain::ledger::movements::GiftCardIssued;

/// Stores a card that nobody paid for.
pub(super) async fn give_away(tx: &dyn UnitOfWork, card: &GiftCard, now: DateTime<Utc>) -> Result<(), RepositoryError> {
    let movement = GiftCardIssued { gift_card: card.id, value: card.value };
    put_out(tx, card, &movement.posting().map_err(RepositoryError::unavailable)?, now).await
}

/// Stores a card with the posting that gives it its value.
pub(super) async fn put_out(
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
    if let Some(end) = card.expires_at {
        tx.jobs().push(Job::ExpireGiftCard { gift_card_id: card.id.uuid() }, end).await?;
    }
    Ok(())
}
