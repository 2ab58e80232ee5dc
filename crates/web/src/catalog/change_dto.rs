//! What sellers send to change a product.

use super::dto::ProductStatus;
use super::seller_dto::{self, not_too_many, to_slugs, trimmed, trimmed_options};
use super::slugs::to_slug;
use crate::extract::text;
use crate::problem::Problem;
use crate::wire::{self, Money};
use application::catalog::sell::{ProductEdit, SlugWish, VariantDraft, VariantWish};
use domain::catalog::{ProductChange, StockChange, VariantChange as Change};
use domain::kernel::{RichText, VariantId};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// A change of a product; what is left out stays as it is.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = fits_together, skip_on_field_errors = false))]
pub struct UpdateProductRequest {
    /// A new title; the slug stays, unless it is changed, too.
    #[serde(default, deserialize_with = "text::trimmed_if_given")]
    #[validate(length(min = 1, max = 200), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    pub title: Option<String>,
    /// Another slug, which no other product has or had; null for the one that the title makes. The one of now stays good.
    #[serde(default, deserialize_with = "text::present")]
    #[validate(custom(function = text::slug))]
    #[schema(value_type = Option<String>)]
    pub slug: Option<Option<String>>,
    /// A new description.
    #[serde(default, deserialize_with = "text::trimmed_if_given")]
    #[validate(length(max = 20_000))]
    #[schema(max_length = 20_000, nullable = false)]
    pub description: Option<String>,
    /// A new price of every variant that `variants` does not name with a price.
    #[validate(custom(function = wire::price))]
    pub price: Option<Money>,
    /// What it cost before; null for nothing.
    #[serde(default, deserialize_with = "text::present")]
    #[validate(custom(function = wire::price))]
    #[schema(value_type = Option<Money>)]
    pub compare_at_price: Option<Option<Money>>,
    /// A category's slug; null for none.
    #[serde(default, deserialize_with = "text::present")]
    #[validate(custom(function = text::slug))]
    #[schema(value_type = Option<String>)]
    pub category: Option<Option<String>>,
    /// Materials' slugs.
    #[validate(length(max = 20), custom(function = text::slugs))]
    pub materials: Option<Vec<String>>,
    /// Whether customers see it.
    pub status: Option<ProductStatus>,
    /// The names of its variants' options, in the order in which customers choose.
    #[validate(custom(function = seller_dto::option_names))]
    #[schema(max_items = 10)]
    pub option_names: Option<Vec<String>>,
    /// Variants to be changed, and, without an `id`, to be added. If all that there will be are named, they stand in this order.
    #[serde(default)]
    #[validate(nested)]
    pub variants: Vec<VariantChange>,
    /// Ids of variants to be taken off. Carts show them as gone, orders keep them.
    #[serde(default)]
    pub remove_variants: Vec<Uuid>,
    /// A new stock for the only variant of a simple product.
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(maximum = 1_000_000)]
    pub stock: Option<u32>,
    /// With `stock`: the one that was seen. If it is another one by now, nothing is changed.
    pub expected_stock: Option<u32>,
    /// Instead of `stock`: so many more, or fewer.
    #[validate(range(min = -1_000_000, max = 1_000_000))]
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    pub stock_change: Option<i32>,
}

/// A change of a variant, of which what is left out stays as it is; or, without an `id`, one more variant.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = change_or_addition, skip_on_field_errors = false))]
pub struct VariantChange {
    /// Which; none for one more.
    pub id: Option<Uuid>,
    /// What distinguishes it.
    #[validate(custom(function = seller_dto::options))]
    pub options: Option<BTreeMap<String, String>>,
    /// A new price.
    #[validate(custom(function = wire::price))]
    pub price: Option<Money>,
    /// A new stock.
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(maximum = 1_000_000)]
    pub stock: Option<u32>,
    /// With `stock`: the one that was seen. If it is another one by now, nothing is changed.
    pub expected_stock: Option<u32>,
    /// Instead of `stock`: so many more, or fewer.
    #[validate(range(min = -1_000_000, max = 1_000_000))]
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    pub stock_change: Option<i32>,
    /// A new number.
    #[serde(default, deserialize_with = "text::trimmed_if_given")]
    #[validate(length(min = 1, max = 64), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 64)]
    pub sku: Option<String>,
}

type Faults = Vec<(&'static str, &'static str, &'static str)>;

fn fits_together(request: &UpdateProductRequest) -> Result<(), ValidationError> {
    not_too_many(&request.variants)?;
    not_too_many(&request.remove_variants)?;
    told(stock_faults(request.stock, request.expected_stock, request.stock_change))
}

fn change_or_addition(change: &VariantChange) -> Result<(), ValidationError> {
    let mut faults = stock_faults(change.stock, change.expected_stock, change.stock_change);
    if change.id.is_none() {
        if change.stock.is_none() {
            faults.push(("/stock", "required", "is required of a new variant"));
        }
        if change.expected_stock.is_some() {
            faults.push(("/expected_stock", "unexpected", "is for variants that are there"));
        }
        if change.stock_change.is_some() {
            faults.push(("/stock_change", "unexpected", "is for variants that are there"));
        }
    }
    told(faults)
}

fn stock_faults(stock: Option<u32>, expected: Option<u32>, change: Option<i32>) -> Faults {
    let mut faults = Faults::new();
    if stock.is_some() && change.is_some() {
        faults.push(("/stock_change", "unexpected", "is instead of a stock"));
    }
    if stock.is_none() && expected.is_some() {
        faults.push(("/expected_stock", "unexpected", "is for a new stock"));
    }
    faults
}

fn told(faults: Faults) -> Result<(), ValidationError> {
    if faults.is_empty() { Ok(()) } else { Err(text::faults(faults)) }
}

fn stock_change(stock: Option<u32>, expected: Option<u32>, change: Option<i32>) -> Option<StockChange> {
    match (stock, expected, change) {
        (Some(stock), Some(expected), _) => Some(StockChange::ToFrom(stock, expected)),
        (Some(stock), None, _) => Some(StockChange::To(stock)),
        (None, _, Some(change)) => Some(StockChange::By(change)),
        (None, _, None) => None,
    }
}

impl TryFrom<UpdateProductRequest> for ProductEdit {
    type Error = Problem;

    fn try_from(request: UpdateProductRequest) -> Result<Self, Problem> {
        let before = |price: Option<Money>| price.map(|price| price.into_domain("/compare_at_price")).transpose();
        let category = |slug: Option<String>| slug.map(|slug| to_slug("/category", &slug)).transpose();
        let wishes = request.variants.into_iter().enumerate().map(variant_wish);
        Ok(Self {
            change: ProductChange {
                title: request.title,
                description: request.description.map(|html| RichText::sanitise(&html)),
                price: request.price.map(|price| price.into_domain("/price")).transpose()?,
                compare_at_price: request.compare_at_price.map(before).transpose()?,
                status: request.status.map(Into::into),
                option_names: request.option_names.map(trimmed),
                removed: request.remove_variants.into_iter().map(VariantId::new).collect(),
                ..ProductChange::default()
            },
            category: request.category.map(category).transpose()?,
            materials: request.materials.as_deref().map(to_slugs).transpose()?,
            slug: request.slug.map(slug_wish).transpose()?,
            variants: wishes.collect::<Result<_, _>>()?,
            stock: stock_change(request.stock, request.expected_stock, request.stock_change),
        })
    }
}

fn slug_wish(slug: Option<String>) -> Result<SlugWish, Problem> {
    slug.map_or(Ok(SlugWish::OfTitle), |slug| to_slug("/slug", &slug).map(SlugWish::Given))
}

fn variant_wish((place, change): (usize, VariantChange)) -> Result<VariantWish, Problem> {
    let pointer = format!("/variants/{place}/price");
    let price = change.price.map(|price| price.into_domain(&pointer)).transpose()?;
    let (sku, options) = (change.sku, change.options.map(trimmed_options));
    let Some(id) = change.id else {
        let (options, stock) = (options.unwrap_or_default(), change.stock.unwrap_or_default());
        return Ok(VariantWish::Add(VariantDraft { sku, options, price, stock }));
    };
    let stock = stock_change(change.stock, change.expected_stock, change.stock_change);
    Ok(VariantWish::Change(Change { id: VariantId::new(id), sku, options, price, stock }))
}
