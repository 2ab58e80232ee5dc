//! Variants as they are offered at this moment, to a cart or within a checkout.

use super::entity::{product, variant};
use super::parts;
use crate::sql::error::from_db;
use crate::sql::stored::{StoredText, money, slug};
use application::RepositoryError;
use application::catalog::views::Offer;
use domain::cart::Cart;
use domain::catalog::ProductStatus;
use domain::kernel::{ProductId, VariantId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The offers, in the order in which they are asked for; unknown variants are left out.
pub async fn offers<C: ConnectionTrait>(db: &C, ids: &[VariantId]) -> Result<Vec<Offer>, RepositoryError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: BTreeSet<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let found = variant::Entity::find().filter(variant::Column::Id.is_in(wanted));
    let rows = found.all(db).await.map_err(from_db)?;
    let product_ids: BTreeSet<Uuid> = rows.iter().map(|row| row.product_id).collect();
    let found = product::Entity::find().filter(product::Column::Id.is_in(product_ids.iter().copied()));
    let products = found.all(db).await.map_err(from_db)?;
    let product_ids: Vec<Uuid> = product_ids.into_iter().collect();
    let sellers = parts::sellers(db, products.iter().map(|row| row.seller_id)).await?;
    let categories = parts::categories(db, products.iter().filter_map(|row| row.category_id)).await?;
    let materials = parts::materials(db, &product_ids).await?;
    let images = parts::first_images(db, &product_ids).await?;

    let products: HashMap<Uuid, product::Model> = products.into_iter().map(|row| (row.id, row)).collect();
    let mut rows: HashMap<Uuid, variant::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    let mut offers = Vec::with_capacity(rows.len());
    for id in ids {
        let Some(row) = rows.remove(&id.uuid()) else { continue };
        let Some(product) = products.get(&row.product_id) else {
            continue;
        };
        let Some(seller) = sellers.get(&product.seller_id) else {
            continue;
        };
        // What was taken off stays in carts, where it is seen to be gone.
        let here = row.removed_at.is_none();
        offers.push(Offer {
            variant_id: *id,
            product_id: ProductId::new(product.id),
            product_slug: slug(&product.slug)?,
            sku: row.sku,
            title: product.title.clone(),
            options: row.options.0,
            price: money(row.price_amount, &product.currency)?,
            // Of gift cards there are as many as one may ask for.
            stock: match (here, product.gift_card) {
                (false, _) => 0,
                (true, true) => Cart::MOST_GIFTS,
                (true, false) => parts::pieces(row.stock),
            },
            on_sale: here && ProductStatus::read(&product.status)? == ProductStatus::Active && !seller.kept_out,
            gift_card: product.gift_card,
            seller: seller.view.clone(),
            category: product.category_id.and_then(|id| Some(categories.get(&id)?.slug.clone())),
            materials: materials.get(&product.id).into_iter().flatten().map(|m| m.slug.clone()).collect(),
            image: images.get(&product.id).cloned(),
        });
    }
    Ok(offers)
}
