//! The step that several use cases share: an order that ends unpaid gives its stock back, exactly once, because only the
//! transaction that moves the order on does it.

use crate::repository_error::RepositoryError;
use crate::unit_of_work::UnitOfWork;
use domain::kernel::VariantId;
use domain::orders::Order;
use std::collections::BTreeMap;

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
