//! Which products a reader wants, as conditions on the row of a product.

use super::entity::{category, product, product_material, variant};
use super::slugs::{self, given};
use crate::sql::error::from_db;
use crate::sql::identity::entity::user;
use crate::sql::stored::StoredText;
use application::RepositoryError;
use application::catalog::views::ProductFilter;
use domain::catalog::ProductStatus;
use domain::identity::Role;
use domain::kernel::{Slug, fold};
use sea_orm::sea_query::{Expr, LikeExpr, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter};
use std::collections::HashSet;
use uuid::Uuid;

/// What is on sale: active products of those who are sellers, and whom nobody keeps out. Hidden with its seller, a product
/// is back with them as it was.
pub fn on_sale() -> Condition {
    let kept_out = Condition::any()
        .add(Expr::col((user::Entity, user::Column::Role)).ne(Role::Seller.text()))
        .add(Expr::col((user::Entity, user::Column::DisabledAt)).is_not_null())
        .add(Expr::col((user::Entity, user::Column::DeletedAt)).is_not_null());
    let kept_out_seller = Query::select()
        .column((user::Entity, user::Column::Id))
        .from(user::Entity)
        .and_where(Expr::col((user::Entity, user::Column::Id)).equals((product::Entity, product::Column::SellerId)))
        .cond_where(kept_out)
        .to_owned();
    Condition::all()
        .add(product::Column::Status.eq(ProductStatus::Active.text()))
        .add(Expr::exists(kept_out_seller).not())
}

/// Products on sale that a reader wants.
pub async fn wanted<C: ConnectionTrait>(db: &C, filter: &ProductFilter) -> Result<Condition, RepositoryError> {
    use product::Column::{CategoryId, Currency, PriceAmount, SearchText, SellerId};
    let mut all = on_sale();
    if !filter.categories.is_empty() {
        all = all.add(CategoryId.is_in(with_descendants(db, &filter.categories).await?));
    }
    if !filter.materials.is_empty() {
        let materials = owners(db, slugs::MATERIAL, &filter.materials).await?;
        all = all.add(Expr::exists(one_of_the_materials(materials)));
    }
    if filter.in_stock {
        all = all.add(Expr::exists(a_piece_in_stock()).or(product::Column::GiftCard.eq(true)));
    }
    Ok(all
        .add(has_words(SearchText, filter.text.as_deref()))
        .add_option(filter.seller.map(|seller| SellerId.eq(seller.uuid())))
        .add_option(filter.price_min.map(|least| PriceAmount.gte(least)))
        .add_option(filter.price_max.map(|most| PriceAmount.lte(most)))
        .add_option(filter.currency.map(|currency| Currency.eq(currency.code()))))
}

/// Every word of the text occurs in the column, which is folded already.
pub fn has_words(column: product::Column, text: Option<&str>) -> Condition {
    let has = |word: &str| {
        let word = word.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let word = word.replace('\0', "\u{fffd}"); // PostgreSQL's texts can't hold it
        Expr::col((product::Entity, column)).like(LikeExpr::new(format!("%{word}%")).escape('!'))
    };
    let text = fold(text.unwrap_or_default());
    text.split_whitespace().fold(Condition::all(), |all, word| all.add(has(word)))
}

/// The ids of these categories and of all below them. The tree is small, so it is read whole.
async fn with_descendants<C: ConnectionTrait>(db: &C, wanted: &[Slug]) -> Result<HashSet<Uuid>, RepositoryError> {
    let tree = category::Entity::find().all(db).await.map_err(from_db)?;
    let mut found = owners(db, slugs::CATEGORY, wanted).await?;
    loop {
        let below = tree.iter().filter(|row| row.parent_id.is_some_and(|parent| found.contains(&parent)));
        let more: Vec<Uuid> = below.map(|row| row.id).filter(|id| !found.contains(id)).collect();
        if more.is_empty() {
            return Ok(found);
        }
        found.extend(more);
    }
}

/// The ids of those that have these slugs, or had them.
async fn owners<C: ConnectionTrait>(db: &C, kind: &str, wanted: &[Slug]) -> Result<HashSet<Uuid>, RepositoryError> {
    let given = given::Entity::find()
        .filter(given::Column::Kind.eq(kind))
        .filter(given::Column::Slug.is_in(wanted.iter().map(Slug::as_str)));
    let rows = given.all(db).await.map_err(from_db)?;
    Ok(rows.into_iter().map(|row| row.owner_id).collect())
}

fn one_of_the_materials(ids: HashSet<Uuid>) -> SelectStatement {
    Query::select()
        .column((product_material::Entity, product_material::Column::ProductId))
        .from(product_material::Entity)
        .and_where(
            Expr::col((product_material::Entity, product_material::Column::ProductId))
                .equals((product::Entity, product::Column::Id)),
        )
        .and_where(product_material::Column::MaterialId.is_in(ids))
        .to_owned()
}

fn a_piece_in_stock() -> SelectStatement {
    Query::select()
        .column((variant::Entity, variant::Column::Id))
        .from(variant::Entity)
        .and_where(
            Expr::col((variant::Entity, variant::Column::ProductId)).equals((product::Entity, product::Column::Id)),
        )
        .and_where(variant::Column::Stock.gt(0_i64))
        .and_where(variant::Column::RemovedAt.is_null())
        .to_owned()
}
