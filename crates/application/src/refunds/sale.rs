//! The step that refunds and disputes share: what an order was sold for, by whom it was earned, and what is left of what paid it.

use super::settling::SettleRefundError;
use crate::unit_of_work::UnitOfWork;
use domain::kernel::{Money, MoneyError};
use domain::ledger::movements::TakenFrom;
use domain::orders::{Order, OrderLine, Tender, TenderSource};
use domain::payments::{Payment, PaymentStatus};
use domain::refunds::{OrderTender, Refund, RefundStatus, Sale, SaleLine, Taken, TenderKind};

/// An order's price, and who earned by it: as the ledger has it; of an order from before there was one, its sellers did.
///
/// # Errors
/// When the database fails, or the amounts don't fit together.
pub async fn sale_of(tx: &dyn UnitOfWork, order: &Order) -> Result<Sale, SettleRefundError> {
    let earned = tx.refunds().earned(order.id).await?.unwrap_or_default();
    // As the fee was taken when the order was paid.
    let line = |line: &OrderLine| SaleLine {
        id: line.id,
        seller: line.seller.id,
        quantity: line.quantity,
        total: line.total,
        fee_free: line.gift.is_some(),
    };
    let lines: Vec<SaleLine> = order.lines.iter().map(line).collect();
    Ok(Sale::new(&lines, order.discount, order.tax, order.shipping, &earned)?)
}

/// What is left to give back of each thing that the order was paid by, in the order in which it was taken.
///
/// # Errors
/// When the amounts don't fit together.
pub fn left_of_tenders(
    order: &Order,
    payment: Option<&Payment>,
    earlier: &[Refund],
) -> Result<Vec<OrderTender>, MoneyError> {
    let card = payment.filter(|payment| payment.status == PaymentStatus::Captured && payment.amount.is_positive());
    let mut tenders = taken_besides(order);
    if let Some(card) = card {
        let position = u32::try_from(tenders.len()).unwrap_or(u32::MAX);
        tenders.push(OrderTender { position, kind: TenderKind::Card, amount: card.amount });
    }
    for tender in &mut tenders {
        for back in earlier.iter().flat_map(|refund| refund.to.iter().map(move |to| (refund, to))) {
            let (refund, to) = back;
            // What failed at the gateway is the card's again; what a gift card got, it keeps.
            let returned = refund.status == RefundStatus::Failed && to.kind == TenderKind::Card;
            if to.position == tender.position && !returned {
                tender.amount = tender.amount.minus(to.amount)?;
            }
        }
    }
    Ok(tenders)
}

/// What the order took of gift cards and balance.
fn taken_besides(order: &Order) -> Vec<OrderTender> {
    let tender = |(position, tender): (u32, &Tender)| {
        let kind = match tender.source {
            TenderSource::GiftCard { id, .. } => TenderKind::GiftCard(id),
            TenderSource::Balance(user) => TenderKind::Balance(user),
        };
        OrderTender { position, kind, amount: tender.amount }
    };
    (0..).zip(&order.tenders).map(tender).collect()
}

/// Who bears it, as the ledger is told.
pub fn taken_from(taken: Taken) -> TakenFrom {
    let Taken { sellers, fee, tax, shipping } = taken;
    TakenFrom { sellers, fee, tax, shipping }
}

/// The sum of these.
///
/// # Errors
/// When it overflows.
pub fn sum(order: &Order, amounts: impl Iterator<Item = Money>) -> Result<Money, MoneyError> {
    Money::sum(order.total.currency(), amounts)
}
