//! What sellers send to put a product on sale.

use super::slugs::to_slug;
use crate::extract::text;
use crate::problem::Problem;
use crate::wire::{self, Money};
use application::catalog::sell::{ProductDraft, VariantDraft};
use domain::kernel::{RichText, Slug};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// A product to be put on sale; the least is a title, a price and a stock.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = stock_or_variants, skip_on_field_errors = false))]
pub struct CreateProductRequest {
    /// Its title.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 200), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// The price of each variant that has none of its own.
    #[validate(custom(function = wire::price))]
    pub price: Money,
    /// How many there are; may be left out with `variants`.
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(maximum = 1_000_000)]
    pub stock: Option<u32>,
    /// HTML, of which the harmless part is kept.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 20_000))]
    #[schema(max_length = 20_000)]
    pub description: Option<String>,
    /// What it cost before.
    #[validate(custom(function = wire::price))]
    pub compare_at_price: Option<Money>,
    /// A category's slug.
    #[validate(custom(function = text::slug))]
    pub category: Option<String>,
    /// Materials' slugs.
    #[serde(default)]
    #[validate(length(max = 20), custom(function = text::slugs))]
    pub materials: Vec<String>,
    /// Whether customers see it at once.
    pub status: Option<NewProductStatus>,
    /// The number of the only variant; drawn when there is none.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 64), custom(function = text::one_line))]
    #[schema(max_length = 64)]
    pub sku: Option<String>,
    /// The names of its variants' options, in the order in which customers choose; by the alphabet, unless told.
    #[serde(default)]
    #[validate(custom(function = option_names))]
    #[schema(max_items = 10)]
    pub option_names: Vec<String>,
    /// Its variants; without them it gets one.
    #[validate(nested)]
    pub variants: Option<Vec<NewVariant>>,
}

/// Whether customers see a new product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NewProductStatus {
    /// Being prepared.
    Draft,
    /// On sale; the default.
    Active,
}

/// A variant to be put on sale.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVariant {
    /// The seller's number for it; drawn when there is none.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 64), custom(function = text::one_line))]
    #[schema(max_length = 64)]
    pub sku: Option<String>,
    /// What distinguishes it.
    #[serde(default)]
    #[validate(custom(function = options))]
    pub options: BTreeMap<String, String>,
    /// Its own price.
    #[validate(custom(function = wire::price))]
    pub price: Option<Money>,
    /// How many there are.
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(maximum = 1_000_000)]
    pub stock: u32,
}

fn stock_or_variants(request: &CreateProductRequest) -> Result<(), ValidationError> {
    match &request.variants {
        None if request.stock.is_none() => Err(text::faults([("/stock", "required", "is required without variants")])),
        Some(variants) if variants.is_empty() => Err(text::faults([("/variants", "required", "must not be empty")])),
        Some(variants) => not_too_many(variants),
        None => Ok(()),
    }
}

pub(super) fn not_too_many<T>(variants: &[T]) -> Result<(), ValidationError> {
    if variants.len() <= 100 {
        Ok(())
    } else {
        Err(text::faults([("/variants", "too-long", "must have 100 at the most")]))
    }
}

/// At most ten options, each with a short name and value.
pub(super) fn options(options: &BTreeMap<String, String>) -> Result<(), ValidationError> {
    let short = |text: &String| !text.trim().is_empty() && text.chars().count() <= 60 && text::one_line(text).is_ok();
    let valid = options.len() <= 10 && options.iter().all(|(name, value)| short(name) && short(value));
    if valid {
        Ok(())
    } else {
        Err(text::faults([("", "options", "must be at most ten short names with short values")]))
    }
}

/// At most ten names that differ.
pub(super) fn option_names(names: &[String]) -> Result<(), ValidationError> {
    let short = |name: &String| !name.trim().is_empty() && name.chars().count() <= 60 && text::one_line(name).is_ok();
    let distinct: BTreeSet<&str> = names.iter().map(|name| name.trim()).collect();
    if names.len() <= 10 && names.iter().all(short) && distinct.len() == names.len() {
        Ok(())
    } else {
        Err(text::faults([("", "options", "must be at most ten short names that differ")]))
    }
}

pub(super) fn trimmed(names: Vec<String>) -> Vec<String> {
    names.into_iter().map(|name| name.trim().to_owned()).collect()
}

impl TryFrom<CreateProductRequest> for ProductDraft {
    type Error = Problem;

    fn try_from(request: CreateProductRequest) -> Result<Self, Problem> {
        let only = || VariantDraft {
            sku: request.sku,
            options: BTreeMap::new(),
            price: None,
            stock: request.stock.unwrap_or_default(),
        };
        let variants = match request.variants {
            Some(variants) => variants.into_iter().enumerate().map(variant_draft).collect::<Result<_, _>>()?,
            None => vec![only()],
        };
        let status = match request.status {
            Some(NewProductStatus::Draft) => domain::catalog::ProductStatus::Draft,
            Some(NewProductStatus::Active) | None => domain::catalog::ProductStatus::Active,
        };
        Ok(Self {
            title: request.title,
            description: RichText::sanitise(&request.description.unwrap_or_default()),
            price: request.price.into_domain("/price")?,
            compare_at_price: request
                .compare_at_price
                .map(|price| price.into_domain("/compare_at_price"))
                .transpose()?,
            category: request.category.map(|slug| to_slug("/category", &slug)).transpose()?,
            materials: to_slugs(&request.materials)?,
            status,
            option_names: trimmed(request.option_names),
            variants,
        })
    }
}

fn variant_draft((place, variant): (usize, NewVariant)) -> Result<VariantDraft, Problem> {
    let pointer = format!("/variants/{place}/price");
    let price = variant.price.map(|price| price.into_domain(&pointer)).transpose()?;
    Ok(VariantDraft { sku: variant.sku, options: trimmed_options(variant.options), price, stock: variant.stock })
}

pub(super) fn trimmed_options(options: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let trimmed = |(name, value): (String, String)| (name.trim().to_owned(), value.trim().to_owned());
    options.into_iter().map(trimmed).collect()
}

pub(super) fn to_slugs(texts: &[String]) -> Result<Vec<Slug>, Problem> {
    let slug = |(place, text): (usize, &String)| to_slug(&format!("/materials/{place}"), text);
    texts.iter().enumerate().map(slug).collect()
}
