//! What belongs to products, read for any number of products at once: each function is one statement at the most.

use super::entity::{StoredThumbnail, category, material, product_image, product_material, variant};
use crate::sql::error::from_db;
use crate::sql::identity::entity::user;
use crate::sql::stored::{StoredText, count, money, slug};
use application::RepositoryError;
use application::catalog::views::{ImageView, SellerView};
use chrono::{DateTime, Utc};
use domain::catalog::{Category, Material, Picture, PictureSize, Variant};
use domain::identity::Role;
use domain::kernel::{CategoryId, ImageId, MaterialId, UserId, VariantId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A seller, and whether they sell no more: kept out, or given another role.
pub struct FoundSeller {
    pub view: SellerView,
    pub kept_out: bool,
}

/// The sellers with these ids.
pub async fn sellers<C: ConnectionTrait>(
    db: &C,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, FoundSeller>, RepositoryError> {
    let ids: BTreeSet<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::ShopName, user::Column::Name, user::Column::CreatedAt])
        .column(user::Column::Role)
        .columns([user::Column::DisabledAt, user::Column::DeletedAt])
        .filter(user::Column::Id.is_in(ids))
        .into_tuple::<Row>()
        .all(db)
        .await
        .map_err(from_db)?;
    let seller = |(id, shop_name, name, created_at, role, disabled_at, deleted_at): Row| {
        let shop_name = shop_name.or(name).unwrap_or_default();
        let view = SellerView { id: UserId::new(id), shop_name, created_at };
        (
            id,
            FoundSeller {
                view,
                kept_out: role != Role::Seller.text() || disabled_at.is_some() || deleted_at.is_some(),
            },
        )
    };
    Ok(rows.into_iter().map(seller).collect())
}

type Row = (Uuid, Option<String>, Option<String>, DateTime<Utc>, String, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// The categories with these ids.
pub async fn categories<C: ConnectionTrait>(
    db: &C,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Category>, RepositoryError> {
    let ids: BTreeSet<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = category::Entity::find().filter(category::Column::Id.is_in(ids)).all(db).await.map_err(from_db)?;
    rows.into_iter().map(|row| Ok((row.id, Category::try_from(row)?))).collect()
}

/// The materials of these products, in their order.
pub async fn materials<C: ConnectionTrait>(
    db: &C,
    products: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Material>>, RepositoryError> {
    let mut of_products: HashMap<Uuid, Vec<Material>> = HashMap::new();
    if products.is_empty() {
        return Ok(of_products);
    }
    let rows = product_material::Entity::find()
        .find_also_related(material::Entity)
        .filter(product_material::Column::ProductId.is_in(products.iter().copied()))
        .order_by_asc(product_material::Column::Position)
        .all(db)
        .await
        .map_err(from_db)?;
    for (link, material) in rows {
        if let Some(material) = material {
            of_products.entry(link.product_id).or_default().push(material.try_into()?);
        }
    }
    Ok(of_products)
}

/// The variants of these products, in their order.
pub async fn variants<C: ConnectionTrait>(
    db: &C,
    products: &[Uuid],
) -> Result<HashMap<Uuid, Vec<variant::Model>>, RepositoryError> {
    let mut of_products: HashMap<Uuid, Vec<variant::Model>> = HashMap::new();
    if products.is_empty() {
        return Ok(of_products);
    }
    let found = variant::Entity::find()
        .filter(variant::Column::ProductId.is_in(products.iter().copied()))
        .filter(variant::Column::RemovedAt.is_null());
    let rows = found.order_by_asc(variant::Column::Position).all(db).await.map_err(from_db)?;
    for row in rows {
        of_products.entry(row.product_id).or_default().push(row);
    }
    Ok(of_products)
}

/// The pictures of these products, in their order.
pub async fn images<C: ConnectionTrait>(
    db: &C,
    products: &[Uuid],
) -> Result<HashMap<Uuid, Vec<ImageView>>, RepositoryError> {
    let mut of_products: HashMap<Uuid, Vec<ImageView>> = HashMap::new();
    if products.is_empty() {
        return Ok(of_products);
    }
    let found = product_image::Entity::find().filter(product_image::Column::ProductId.is_in(products.iter().copied()));
    let rows = found.order_by_asc(product_image::Column::Position).all(db).await.map_err(from_db)?;
    for row in rows {
        of_products.entry(row.product_id).or_default().push(Picture::try_from(row)?.into());
    }
    Ok(of_products)
}

/// The first picture of each of these products that has one.
pub async fn first_images<C: ConnectionTrait>(
    db: &C,
    products: &[Uuid],
) -> Result<HashMap<Uuid, ImageView>, RepositoryError> {
    let first = |(product, images): (Uuid, Vec<ImageView>)| Some((product, images.into_iter().next()?));
    Ok(images(db, products).await?.into_iter().filter_map(first).collect())
}

impl variant::Model {
    /// The variant; its prices are in the product's currency.
    pub fn into_variant(self, currency: &str) -> Result<Variant, RepositoryError> {
        Ok(Variant {
            id: VariantId::new(self.id),
            sku: self.sku,
            options: self.options.0,
            price: money(self.price_amount, currency)?,
            stock: pieces(self.stock),
        })
    }
}

/// A stock. More pieces than we count are as good as the most that we count.
pub fn pieces(stock: i64) -> u32 {
    u32::try_from(stock.max(0)).unwrap_or(u32::MAX)
}

impl TryFrom<category::Model> for Category {
    type Error = RepositoryError;

    fn try_from(row: category::Model) -> Result<Self, RepositoryError> {
        let parent_id = row.parent_id.map(CategoryId::new);
        Ok(Self { id: CategoryId::new(row.id), slug: slug(&row.slug)?, name: row.name, parent_id })
    }
}

impl TryFrom<material::Model> for Material {
    type Error = RepositoryError;

    fn try_from(row: material::Model) -> Result<Self, RepositoryError> {
        Ok(Self { id: MaterialId::new(row.id), slug: slug(&row.slug)?, name: row.name })
    }
}

impl TryFrom<product_image::Model> for Picture {
    type Error = RepositoryError;

    fn try_from(row: product_image::Model) -> Result<Self, RepositoryError> {
        let size =
            |stored: StoredThumbnail| PictureSize { path: stored.path, width: stored.width, height: stored.height };
        Ok(Self {
            id: ImageId::new(row.id),
            largest: PictureSize { path: row.path, width: count(row.width)?, height: count(row.height)? },
            alt: row.alt,
            smaller: row.thumbnails.0.into_iter().map(size).collect(),
        })
    }
}
