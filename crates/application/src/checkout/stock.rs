//! The steps that move stock: a checkout takes its pieces; an order that ends unpaid gives them back, exactly once, because
//! only the transaction that moves the order on does it.

use crate::cart::shop::{CartLineView, CartView};
use crate::catalog::views::Shortage;
use crate::repository_error::RepositoryError;
use crate::unit_of_work::UnitOfWork;
use domain::kernel::VariantId;
use domain::orders::Order;
use std::collections::BTreeMap;

/// Takes the pieces from the stock, in the order of variant ids. Answers what others took meanwhile, of all lines.
///
/// # Errors
/// When the database fails.
pub async fn reserve(tx: &dyn UnitOfWork, view: &CartView) -> Result<Vec<Shortage>, RepositoryError> {
    let mut lines: Vec<_> = view.lines.iter().collect();
    lines.sort_by_key(|line| line.line.variant_id);
    let mut lacking = Vec::new();
    for line in lines {
        if !tx.stock().reserve(line.line.variant_id, line.line.quantity).await? {
            lacking.push(line);
        }
    }
    if lacking.is_empty() {
        return Ok(Vec::new());
    }
    let variants: Vec<VariantId> = lacking.iter().map(|line| line.line.variant_id).collect();
    let offers = tx.stock().offers(&variants).await?;
    let available = |id| offers.iter().find(|offer| offer.variant_id == id).map_or(0, |offer| offer.stock);
    let shortage = |line: &&CartLineView| Shortage {
        variant_id: line.line.variant_id,
        title: line.offer.title.clone(),
        requested: line.line.quantity,
        available: available(line.line.variant_id),
    };
    Ok(lacking.iter().map(shortage).collect())
}

/// Gives back what the order had reserved, in the order of variant ids.
///
/// # Errors
/// When the database fails.
pub async fn give_back(tx: &dyn UnitOfWork, order: &Order) -> Result<(), RepositoryError> {
    let mut quantities: BTreeMap<VariantId, u32> = BTreeMap::new();
    for line in &order.lines {
        *quantities.entry(line.variant_id).or_default() += line.quantity;
    }
    for (variant, quantity) in quantities {
        tx.stock().give_back(variant, quantity).await?;
    }
    Ok(())
}
