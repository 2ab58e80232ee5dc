//! Which products a reader wants, as conditions on the row of a product.

use super::entity::{category, material, product, product_material, variant};
use crate::sql::error::from_db;
use crate::sql::identity::entity::user;
use crate::sql::stored::StoredText;
use application::RepositoryError;
use application::catalog::views::ProductFilter;
use domain::catalog::ProductStatus;
use domain::identity::Role;
use domain::kernel::{Slug, fold};
use sea_orm::sea_query::{Expr, LikeExpr, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait};
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
        all = all.add(Expr::exists(one_of_the_materials(&filter.materials)));
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
async fn with_descendants<C: ConnectionTrait>(db: &C, slugs: &[Slug]) -> Result<HashSet<Uuid>, RepositoryError> {
    let tree = category::Entity::find().all(db).await.map_err(from_db)?;
    let named = |row: &&category::Model| slugs.iter().any(|slug| slug.as_str() == row.slug);
    let mut found: HashSet<Uuid> = tree.iter().filter(named).map(|row| row.id).collect();
    loop {
        let below = tree.iter().filter(|row| row.parent_id.is_some_and(|parent| found.contains(&parent)));
        let more: Vec<Uuid> = below.map(|row| row.id).filter(|id| !found.contains(id)).collect();
        if more.is_empty() {
            return Ok(found);
        }
        found.extend(more);
    }
}

fn one_of_the_materials(slugs: &[Slug]) -> SelectStatement {
    Query::select()
        .column((product_material::Entity, product_material::Column::ProductId))
        .from(product_material::Entity)
        .inner_join(
            material::Entity,
            Expr::col((material::Entity, material::Column::Id))
                .equals((product_material::Entity, product_material::Column::MaterialId)),
        )
        .and_where(
            Expr::col((product_material::Entity, product_material::Column::ProductId))
                .equals((product::Entity, product::Column::Id)),
        )
        .and_where(material::Column::Slug.is_in(slugs.iter().map(Slug::as_str)))
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
        .to_owned()
}
