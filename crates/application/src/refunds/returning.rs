//! Where what is given back goes: pieces on sale again, money to where its owner can use it.

use crate::jobs::Job;
use crate::repository_error::RepositoryError;
use crate::unit_of_work::UnitOfWork;
use chrono::{DateTime, Months, Utc};
use domain::kernel::{GiftCardId, VariantId};
use domain::ledger::movements::RefundedTo;
use domain::orders::Order;
use domain::refunds::{Refund, RefundPart, RefundTender, TenderKind};
use std::collections::BTreeMap;

/// How much longer a guest's gift card lives that had expired when money went back to it.
const LIVES_LONGER: Months = Months::new(12);

/// The pieces are for sale again, in the order of variant ids; gift cards are never out of stock.
///
/// # Errors
/// When the database fails.
pub async fn restock(tx: &dyn UnitOfWork, order: &Order, parts: &[RefundPart]) -> Result<(), RepositoryError> {
    let mut pieces: BTreeMap<VariantId, u32> = BTreeMap::new();
    for part in parts.iter().filter(|part| part.quantity > 0) {
        if let Some(line) = order.lines.iter().find(|line| Some(line.id) == part.line && line.gift.is_none()) {
            *pieces.entry(line.variant_id).or_default() += part.quantity;
        }
    }
    for (variant, quantity) in pieces {
        tx.stock().give_back(variant, quantity).await?;
    }
    Ok(())
}

/// A gift card that can't be used any more gets no money: what was redeemed went to someone, and there it goes; what has expired
/// goes to the customer's balance, and a guest's card lives longer.
///
/// # Errors
/// When the database fails.
pub async fn where_it_is_of_use(
    tx: &dyn UnitOfWork,
    order: &Order,
    mut to: Vec<RefundTender>,
    now: DateTime<Utc>,
) -> Result<Vec<RefundTender>, RepositoryError> {
    let mut cards: Vec<GiftCardId> = to.iter().filter_map(|tender| gift_card(tender.kind)).collect();
    cards.sort_unstable();
    cards.dedup();
    for id in cards {
        let Some(found) = tx.gift_cards().lock(id).await? else { continue };
        let mut card = found.card;
        let has_expired = card.expires_at.is_some_and(|end| end <= now);
        let instead = card.redeemed_by.or_else(|| order.user_id.filter(|_| has_expired));
        if let Some(user) = instead {
            let of_card = to.iter_mut().filter(|tender| gift_card(tender.kind) == Some(id));
            of_card.for_each(|tender| tender.kind = TenderKind::Balance(user));
        } else if has_expired {
            let end = now.checked_add_months(LIVES_LONGER).unwrap_or(now);
            card.prolong(end, now);
            tx.gift_cards().update(&card).await?;
            tx.jobs().push(Job::ExpireGiftCard { gift_card_id: id.uuid() }, end).await?;
        }
    }
    Ok(to)
}

const fn gift_card(kind: TenderKind) -> Option<GiftCardId> {
    match kind {
        TenderKind::GiftCard(id) => Some(id),
        TenderKind::Balance(_) | TenderKind::Card => None,
    }
}

/// Where a refund goes, as the ledger is told.
pub fn refunded_to(refund: &Refund) -> RefundedTo {
    let (mut gift_cards, mut balances) = (Vec::new(), Vec::new());
    for tender in &refund.to {
        match tender.kind {
            TenderKind::GiftCard(card) => gift_cards.push((card, tender.amount)),
            TenderKind::Balance(user) => balances.push((user, tender.amount)),
            TenderKind::Card => {}
        }
    }
    RefundedTo { card: refund.card_part(), gift_cards, balances }
}
