//! Gift cards that a disputed order has bought: whoever has a code could spend what the bank has taken back. What nobody has used of
//! them is kept from being used while the dispute is open; what it had not kept itself, it doesn't give free.

use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::gift_cards::ports::CardWithBalance;
use crate::repository_error::RepositoryError;
use crate::unit_of_work::UnitOfWork;
use crate::webhooks::announce;
use chrono::{DateTime, Utc};
use domain::kernel::{Applied, GiftCardId};
use domain::orders::Order;
use domain::refunds::Refund;
use domain::webhooks::EventKind;

/// Disables those that have anything on them, at the moment that the dispute has as its own.
///
/// # Errors
/// When the database fails.
pub async fn keep(tx: &dyn UnitOfWork, order: &Order, dispute: &Refund) -> Result<(), RepositoryError> {
    let at = dispute.created_at;
    for mut found in bought(tx, order).await? {
        if found.balance.is_positive() && found.card.disable(at) == Applied::Now(()) {
            changed(tx, &found, dispute, (SecurityEventKind::GiftCardDisabled, EventKind::GiftCardDisabled), at)
                .await?;
        }
    }
    Ok(())
}

/// Enables those that were disabled at that moment, since the dispute is won.
///
/// # Errors
/// When the database fails.
pub async fn set_free(
    tx: &dyn UnitOfWork,
    order: &Order,
    dispute: &Refund,
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    for mut found in bought(tx, order).await? {
        if found.card.disabled_at == Some(dispute.created_at) && found.card.enable(now) == Applied::Now(()) {
            changed(tx, &found, dispute, (SecurityEventKind::GiftCardEnabled, EventKind::GiftCardEnabled), now).await?;
        }
    }
    Ok(())
}

async fn bought(tx: &dyn UnitOfWork, order: &Order) -> Result<Vec<CardWithBalance>, RepositoryError> {
    if order.lines.iter().all(|line| line.gift.is_none()) {
        return Ok(Vec::new());
    }
    let ids: Vec<GiftCardId> =
        tx.gift_deliveries().pieces_of(order.id).await?.into_iter().map(|(card, _)| card).collect();
    tx.gift_cards().lock_all(&ids).await
}

async fn changed(
    tx: &dyn UnitOfWork,
    found: &CardWithBalance,
    dispute: &Refund,
    (logged, told): (SecurityEventKind, EventKind),
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    tx.gift_cards().update(&found.card).await?;
    let event = SecurityEvent::new(logged)
        .with("gift_card", found.card.id.to_string())
        .with("dispute", dispute.gateway_id.clone().unwrap_or_default());
    tx.security_log().record(&event, now).await?;
    announce::gift_card(tx, told, &found.card, found.balance, now).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gift_cards::issue::tests::gift;
    use crate::gift_cards::redeem::tests::card;
    use crate::refunds::give::tests::{paid, refund};
    use crate::tests::{eur, now};
    use crate::unit_of_work::double::UnitOfWorkDouble;
    use crate::webhooks::tests::announces;
    use chrono::TimeDelta;
    use domain::gift_cards::GiftCard;

    fn order() -> Order {
        let mut order = paid();
        order.lines[0].gift = Some(gift(None));
        order
    }

    /// A unit of work in which the order has bought these cards.
    fn unit(cards: Vec<(GiftCard, i64)>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.gift_deliveries.expect_pieces_of().returning(|_| Ok(vec![]));
        let found = move |(card, balance)| CardWithBalance { card, balance: eur(balance) };
        tx.gift_cards.expect_lock_all().return_once(move |_| Ok(cards.into_iter().map(found).collect()));
        tx
    }

    #[tokio::test]
    async fn what_nobody_has_used_is_kept_from_being_used() {
        let by_hand = GiftCard { disabled_at: Some(now() - TimeDelta::days(1)), ..card() };
        let mut tx = unit(vec![(card(), 3_000), (card(), 0), (by_hand, 3_000)]);
        tx.gift_cards.expect_update().withf(|card| card.disabled_at == Some(now())).times(1).returning(|_| Ok(()));
        tx.security_log.expect_record().times(1).returning(|_, _| Ok(()));
        announces(&mut tx, &["gift_card.disabled"]);
        keep(&tx, &order(), &refund()).await.unwrap();
    }

    #[tokio::test]
    async fn what_it_had_kept_is_free_when_it_is_won_and_nothing_else() {
        let kept = GiftCard { disabled_at: Some(refund().created_at), ..card() };
        let by_hand = GiftCard { disabled_at: Some(now() + TimeDelta::days(1)), ..card() };
        let mut tx = unit(vec![(kept, 3_000), (by_hand, 3_000), (card(), 3_000)]);
        tx.gift_cards.expect_update().withf(|card| card.disabled_at.is_none()).times(1).returning(|_| Ok(()));
        tx.security_log.expect_record().times(1).returning(|_, _| Ok(()));
        announces(&mut tx, &["gift_card.enabled"]);
        set_free(&tx, &order(), &refund(), now()).await.unwrap();
    }

    #[tokio::test]
    async fn an_order_without_gift_cards_asks_for_none() {
        keep(&UnitOfWorkDouble::default(), &paid(), &refund()).await.unwrap();
    }
}
