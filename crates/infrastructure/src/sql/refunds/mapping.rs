//! From refunds to their rows, and back: four statements read any number of refunds with all that belongs to them.

use super::entity::{refund, refund_kept, refund_part, refund_tender};
use crate::sql::error::{corrupt, from_db};
use crate::sql::stored::{count, money, position};
use application::RepositoryError;
use domain::kernel::{GiftCardId, OrderId, OrderLineId, PaymentId, RefundId, UserId};
use domain::refunds::{Refund, RefundKind, RefundPart, RefundStatus, RefundTender, TenderKind};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

/// The refunds of these rows, in their order.
pub async fn with_parts<C: ConnectionTrait>(db: &C, rows: Vec<refund::Model>) -> Result<Vec<Refund>, RepositoryError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = || rows.iter().map(|row| row.id);
    let own = refund_part::Entity::find().filter(refund_part::Column::RefundId.is_in(ids()));
    let all_parts = own.order_by_asc(refund_part::Column::Position).all(db).await.map_err(from_db)?;
    let own = refund_tender::Entity::find().filter(refund_tender::Column::RefundId.is_in(ids()));
    let all_tenders = own.order_by_asc(refund_tender::Column::Position).all(db).await.map_err(from_db)?;
    let own = refund_kept::Entity::find().filter(refund_kept::Column::RefundId.is_in(ids()));
    let all_kept = own.order_by_asc(refund_kept::Column::LineId).all(db).await.map_err(from_db)?;
    let mut kept: HashMap<Uuid, Vec<refund_kept::Model>> = HashMap::new();
    for part in all_kept {
        kept.entry(part.refund_id).or_default().push(part);
    }
    let mut parts: HashMap<Uuid, Vec<refund_part::Model>> = HashMap::new();
    for part in all_parts {
        parts.entry(part.refund_id).or_default().push(part);
    }
    let mut tenders: HashMap<Uuid, Vec<refund_tender::Model>> = HashMap::new();
    for tender in all_tenders {
        tenders.entry(tender.refund_id).or_default().push(tender);
    }
    let refund = |row: refund::Model| {
        let (parts, to) = (parts.remove(&row.id).unwrap_or_default(), tenders.remove(&row.id).unwrap_or_default());
        let kept = kept.remove(&row.id).unwrap_or_default();
        refund_from(row, parts, kept, to)
    };
    rows.into_iter().map(refund).collect()
}

pub fn refund_row(refund: &Refund) -> refund::Model {
    let (posted_as, returned_as) = references(&format!("order:{}", refund.order_id), refund.kind, refund.id);
    refund::Model {
        id: refund.id.uuid(),
        kind: refund.kind.name().to_owned(),
        order_id: refund.order_id.uuid(),
        payment_id: refund.payment_id.map(PaymentId::uuid),
        amount: refund.amount.amount(),
        currency: refund.amount.currency().code().to_owned(),
        card_amount: refund.card_part().amount(),
        excess: refund.excess.amount(),
        status: refund.status.name().to_owned(),
        reason: refund.reason.clone(),
        restocked: refund.restocked,
        requested_by: refund.requested_by.map(UserId::uuid),
        request_key: refund.request_key.clone(),
        gateway_id: refund.gateway_id.clone(),
        failure: refund.failure.clone(),
        posted_as,
        returned_as: Some(returned_as).filter(|_| refund.status == RefundStatus::Failed),
        created_at: refund.created_at,
        updated_at: refund.updated_at,
    }
}

/// Under which references the ledger has it, and that it came back: as its movements name themselves.
pub fn references(subject: &str, kind: RefundKind, id: RefundId) -> (String, String) {
    let (posted, returned) = match kind {
        RefundKind::Refund => ("refunded", "refund-failed"),
        RefundKind::Dispute => ("disputed", "dispute-won"),
    };
    (format!("{subject}:{posted}:{id}"), format!("{subject}:{returned}:{id}"))
}

pub fn part_rows(refund: &Refund) -> Vec<refund_part::Model> {
    let row = |(index, part): (usize, &RefundPart)| refund_part::Model {
        refund_id: refund.id.uuid(),
        position: position(index),
        line_id: part.line.map(OrderLineId::uuid),
        quantity: i64::from(part.quantity),
        amount: part.amount.amount(),
    };
    refund.parts.iter().enumerate().map(row).collect()
}

pub fn kept_rows(refund: &Refund) -> Vec<refund_kept::Model> {
    let row = |part: &RefundPart| {
        let (refund_id, quantity) = (refund.id.uuid(), i64::from(part.quantity));
        Some(refund_kept::Model { refund_id, line_id: part.line?.uuid(), quantity, amount: part.amount.amount() })
    };
    refund.kept.iter().filter_map(row).collect()
}

pub fn tender_rows(refund: &Refund) -> Vec<refund_tender::Model> {
    let row = |tender: &RefundTender| {
        let (kind, gift_card_id, user_id) = match tender.kind {
            TenderKind::GiftCard(card) => ("gift_card", Some(card.uuid()), None),
            TenderKind::Balance(user) => ("balance", None, Some(user.uuid())),
            TenderKind::Card => ("card", None, None),
        };
        let (kind, amount) = (kind.to_owned(), tender.amount.amount());
        let position = i64::from(tender.position);
        refund_tender::Model { refund_id: refund.id.uuid(), position, kind, gift_card_id, user_id, amount }
    };
    refund.to.iter().map(row).collect()
}

fn refund_from(
    row: refund::Model,
    parts: Vec<refund_part::Model>,
    kept: Vec<refund_kept::Model>,
    tenders: Vec<refund_tender::Model>,
) -> Result<Refund, RepositoryError> {
    let amount = |amount| money(amount, &row.currency);
    let part = |part: refund_part::Model| {
        let (line, quantity) = (part.line_id.map(OrderLineId::new), count(part.quantity)?);
        Ok(RefundPart { line, quantity, amount: amount(part.amount)? })
    };
    let left = |part: refund_kept::Model| {
        let (line, quantity) = (Some(OrderLineId::new(part.line_id)), count(part.quantity)?);
        Ok(RefundPart { line, quantity, amount: amount(part.amount)? })
    };
    let tender = |tender: refund_tender::Model| {
        let kind = match (tender.kind.as_str(), tender.gift_card_id, tender.user_id) {
            ("gift_card", Some(card), _) => TenderKind::GiftCard(GiftCardId::new(card)),
            ("balance", _, Some(user)) => TenderKind::Balance(UserId::new(user)),
            ("card", _, _) => TenderKind::Card,
            _ => return Err(corrupt("kind of a tender")),
        };
        Ok(RefundTender { position: count(tender.position)?, kind, amount: amount(tender.amount)? })
    };
    Ok(Refund {
        id: RefundId::new(row.id),
        kind: RefundKind::parse(&row.kind).ok_or_else(|| corrupt("kind of a refund"))?,
        order_id: OrderId::new(row.order_id),
        payment_id: row.payment_id.map(PaymentId::new),
        amount: amount(row.amount)?,
        excess: amount(row.excess)?,
        status: RefundStatus::parse(&row.status).ok_or_else(|| corrupt("status of a refund"))?,
        parts: parts.into_iter().map(part).collect::<Result<_, RepositoryError>>()?,
        kept: kept.into_iter().map(left).collect::<Result<_, RepositoryError>>()?,
        to: tenders.into_iter().map(tender).collect::<Result<_, RepositoryError>>()?,
        reason: row.reason,
        restocked: row.restocked,
        requested_by: row.requested_by.map(UserId::new),
        request_key: row.request_key,
        gateway_id: row.gateway_id,
        failure: row.failure,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
