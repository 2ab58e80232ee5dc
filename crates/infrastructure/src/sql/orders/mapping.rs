//! From orders to their rows, and back: four statements read any number of orders with all that belongs to them.

use super::entity::{order, order_event, order_line};
use super::tenders::tenders_of;
use crate::sql::error::from_db;
use crate::sql::stored::{StoredGift, StoredOptions, StoredText, StoredTexts, count, email, money, position, slug};
use application::RepositoryError;
use domain::kernel::{CartId, Gift, Money, OrderId, OrderLineId, ProductId, Slug, UserId, VariantId};
use domain::orders::{Order, OrderEvent, OrderEventKind, OrderLine, OrderNumber, OrderStatus, SellerSnapshot, Tender};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

/// The orders of these rows, in their order.
pub async fn with_parts<C: ConnectionTrait>(db: &C, rows: Vec<order::Model>) -> Result<Vec<Order>, RepositoryError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = || rows.iter().map(|row| row.id);
    let own = order_line::Entity::find().filter(order_line::Column::OrderId.is_in(ids()));
    let all_lines = own.order_by_asc(order_line::Column::Position).all(db).await.map_err(from_db)?;
    let own = order_event::Entity::find().filter(order_event::Column::OrderId.is_in(ids()));
    let all_events = own.order_by_asc(order_event::Column::Position).all(db).await.map_err(from_db)?;

    let mut lines: HashMap<Uuid, Vec<order_line::Model>> = HashMap::new();
    for line in all_lines {
        lines.entry(line.order_id).or_default().push(line);
    }
    let mut events: HashMap<Uuid, Vec<order_event::Model>> = HashMap::new();
    for event in all_events {
        events.entry(event.order_id).or_default().push(event);
    }
    let mut tenders = tenders_of(db, &rows).await?;
    let order = |row: order::Model| {
        let (lines, events) = (lines.remove(&row.id).unwrap_or_default(), events.remove(&row.id).unwrap_or_default());
        let tenders = tenders.remove(&row.id).unwrap_or_default();
        order_from(row, lines, tenders, events)
    };
    rows.into_iter().map(order).collect()
}

pub fn order_row(order: &Order) -> order::Model {
    order::Model {
        id: order.id.uuid(),
        number: order.number.0.clone(),
        cart_id: order.cart_id.uuid(),
        checkout_key: order.checkout_key.clone(),
        user_id: order.user_id.map(UserId::uuid),
        email: order.email.as_str().to_owned(),
        status: order.status.text().to_owned(),
        currency: order.total.currency().code().to_owned(),
        subtotal_amount: order.subtotal.amount(),
        discount_amount: order.discount.amount(),
        shipping_amount: order.shipping.amount(),
        tax_amount: order.tax.amount(),
        total_amount: order.total.amount(),
        refunded_amount: order.refunded.amount(),
        shipping_address: order.shipping_address.as_ref().map(Into::into),
        created_at: order.created_at,
        expires_at: order.expires_at,
    }
}

pub fn line_rows(order: &Order) -> Vec<order_line::Model> {
    let row = |(index, line): (usize, &OrderLine)| order_line::Model {
        id: line.id.uuid(),
        order_id: order.id.uuid(),
        position: position(index),
        product_id: line.product_id.uuid(),
        variant_id: line.variant_id.uuid(),
        sku: line.sku.clone(),
        title: line.title.clone(),
        options: StoredOptions(line.options.clone()),
        quantity: i64::from(line.quantity),
        unit_price_amount: line.unit_price.amount(),
        total_amount: line.total.amount(),
        seller_id: line.seller.id.uuid(),
        shop_name: line.seller.shop_name.clone(),
        category_slug: line.category.as_ref().map(|slug| slug.as_str().to_owned()),
        material_slugs: StoredTexts(line.materials.iter().map(|slug| slug.as_str().to_owned()).collect()),
        gift: line.gift.as_ref().map(StoredGift::from),
    };
    order.lines.iter().enumerate().map(row).collect()
}

pub fn event_rows(order: &Order) -> Vec<order_event::Model> {
    let row = |(index, event): (usize, &OrderEvent)| order_event::Model {
        order_id: order.id.uuid(),
        position: position(index),
        kind: event.kind.text().to_owned(),
        at: event.at,
        amount: event.amount.map(Money::amount),
    };
    order.timeline.iter().enumerate().map(row).collect()
}

fn order_from(
    row: order::Model,
    lines: Vec<order_line::Model>,
    tenders: Vec<Tender>,
    events: Vec<order_event::Model>,
) -> Result<Order, RepositoryError> {
    let amount = |amount| money(amount, &row.currency);
    let event = |event: order_event::Model| {
        let (kind, about) = (OrderEventKind::read(&event.kind)?, event.amount.map(amount).transpose()?);
        Ok(OrderEvent { kind, at: event.at, amount: about })
    };
    Ok(Order {
        id: OrderId::new(row.id),
        cart_id: CartId::new(row.cart_id),
        user_id: row.user_id.map(UserId::new),
        email: email(&row.email)?,
        status: OrderStatus::read(&row.status)?,
        lines: lines.into_iter().map(|line| line_from(line, &row.currency)).collect::<Result<_, _>>()?,
        subtotal: amount(row.subtotal_amount)?,
        discount: amount(row.discount_amount)?,
        shipping: amount(row.shipping_amount)?,
        tax: amount(row.tax_amount)?,
        total: amount(row.total_amount)?,
        tenders,
        refunded: amount(row.refunded_amount)?,
        timeline: events.into_iter().map(event).collect::<Result<_, RepositoryError>>()?,
        number: OrderNumber(row.number),
        checkout_key: row.checkout_key,
        shipping_address: row.shipping_address.map(Into::into),
        created_at: row.created_at,
        expires_at: row.expires_at,
    })
}

fn line_from(row: order_line::Model, currency: &str) -> Result<OrderLine, RepositoryError> {
    Ok(OrderLine {
        id: OrderLineId::new(row.id),
        product_id: ProductId::new(row.product_id),
        variant_id: VariantId::new(row.variant_id),
        sku: row.sku,
        title: row.title,
        options: row.options.0,
        quantity: count(row.quantity)?,
        unit_price: money(row.unit_price_amount, currency)?,
        total: money(row.total_amount, currency)?,
        seller: SellerSnapshot { id: UserId::new(row.seller_id), shop_name: row.shop_name },
        category: row.category_slug.as_deref().map(slug).transpose()?,
        materials: row.material_slugs.0.iter().map(|text| slug(text)).collect::<Result<Vec<Slug>, _>>()?,
        gift: row.gift.map(Gift::try_from).transpose()?,
    })
}
