//! Gift cards that an order has bought. Whoever has a card's code has its value: a piece of such a line goes back only while nobody has
//! used any of its card, and the card goes with it.

use super::give::GiveRefundError;
use crate::gift_cards::ports::CardWithBalance;
use crate::ledger::ports::PostError;
use crate::repository_error::RepositoryError;
use crate::unit_of_work::UnitOfWork;
use crate::webhooks::announce;
use chrono::{DateTime, Utc};
use domain::kernel::{Applied, GiftCardId, Money, OrderLineId};
use domain::ledger::movements::GiftCardVoided;
use domain::orders::{Order, OrderLine, TenderSource};
use domain::refunds::{Given, RefundPart, RefundWish};
use domain::webhooks::EventKind;
use std::collections::{BTreeMap, HashMap};

/// The gift cards of an order's lines, locked.
pub struct Bought {
    cards: Vec<(OrderLineId, CardWithBalance)>,
}

impl Bought {
    /// Locks them, and with them, in the order of their ids, those that the order was paid by: money may go back to these.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lock(tx: &dyn UnitOfWork, order: &Order) -> Result<Self, RepositoryError> {
        if order.lines.iter().all(|line| line.gift.is_none()) {
            return Ok(Self { cards: Vec::new() });
        }
        let pieces = tx.gift_deliveries().pieces_of(order.id).await?;
        let lines: HashMap<GiftCardId, OrderLineId> = pieces.iter().map(|(card, piece)| (*card, piece.line)).collect();
        let paid_by = order.tenders.iter().filter_map(|tender| match tender.source {
            TenderSource::GiftCard { id, .. } => Some(id),
            TenderSource::Balance(_) => None,
        });
        let ids: Vec<GiftCardId> = lines.keys().copied().chain(paid_by).collect();
        let found = tx.gift_cards().lock_all(&ids).await?;
        let of_line = |found: CardWithBalance| Some((*lines.get(&found.card.id)?, found));
        Ok(Self { cards: found.into_iter().filter_map(of_line).collect() })
    }

    /// How many pieces of each such line may go back in all: those whose cards were taken back, and those whose cards can be. An
    /// amount is of none of them.
    pub fn most(&self, order: &Order, wish: &RefundWish) -> BTreeMap<OrderLineId, u32> {
        let most = |line: &OrderLine| match wish {
            RefundWish::Amount(_) => 0,
            RefundWish::Rest | RefundWish::Lines(_) | RefundWish::Delivery(_) => {
                self.taken_back(line.id).saturating_add(pieces(self.whole(line.id).count()))
            }
        };
        order.lines.iter().filter(|line| line.gift.is_some()).map(|line| (line.id, most(line))).collect()
    }

    /// Takes back the cards of these pieces, which come on top of what was given back before.
    ///
    /// # Errors
    /// When somebody was faster; the caller rolls back.
    pub async fn take_back(
        &self,
        tx: &dyn UnitOfWork,
        order: &Order,
        given: &Given,
        parts: &[RefundPart],
        now: DateTime<Utc>,
    ) -> Result<(), GiveRefundError> {
        for part in parts {
            let sold = order.lines.iter().find(|line| Some(line.id) == part.line && line.gift.is_some());
            let Some(line) = sold else { continue };
            let before = given.get(&part.line).map_or(0, |(_, quantity)| *quantity);
            // A card that was taken back for a refund that did not arrive stays so: the next one needs no other.
            let needed = before.saturating_add(part.quantity).saturating_sub(self.taken_back(line.id));
            for found in self.whole(line.id).take(usize::try_from(needed).unwrap_or(usize::MAX)) {
                one(tx, order, line, found, now).await?;
            }
        }
        Ok(())
    }

    fn of(&self, line: OrderLineId) -> impl Iterator<Item = &CardWithBalance> {
        self.cards.iter().filter(move |(of, _)| *of == line).map(|(_, found)| found)
    }

    fn whole(&self, line: OrderLineId) -> impl Iterator<Item = &CardWithBalance> {
        self.of(line).filter(|found| found.card.is_whole(found.balance))
    }

    fn taken_back(&self, line: OrderLineId) -> u32 {
        pieces(self.of(line).filter(|found| found.card.voided_at.is_some()).count())
    }
}

async fn one(
    tx: &dyn UnitOfWork,
    order: &Order,
    line: &OrderLine,
    found: &CardWithBalance,
    now: DateTime<Utc>,
) -> Result<(), GiveRefundError> {
    let card = &found.card;
    if !tx.gift_cards().void(card.id, now).await? {
        return Err(GiveRefundError::GiftCards);
    }
    let movement = GiftCardVoided { gift_card: card.id, order: order.id, seller: line.seller.id, value: card.value };
    match tx.ledger().post(&movement.posting()?, now).await {
        Ok(Applied::Now(())) => {}
        // What the ledger says is what holds.
        Ok(Applied::Already) | Err(PostError::TooLittle(_)) => return Err(GiveRefundError::GiftCards),
        Err(PostError::Repository(error)) => return Err(error.into()),
    }
    let void = domain::gift_cards::GiftCard { voided_at: Some(now), ..card.clone() };
    let nothing = Money::zero(card.value.currency());
    Ok(announce::gift_card(tx, EventKind::GiftCardDisabled, &void, nothing, now).await?)
}

fn pieces(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
