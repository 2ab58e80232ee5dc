//! A product and its variants. The variant is what has a price, a stock and a place in a cart.

use crate::kernel::{CategoryId, Currency, MaterialId, Money, ProductId, RichText, Slug, UserId, VariantId};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// What distinguishes a variant: `Size` → `52`. Empty for the only variant of a simple product.
pub type Options = BTreeMap<String, String>;

/// Whether customers see a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductStatus {
    /// Being prepared.
    Draft,
    /// On sale.
    Active,
    /// Taken off.
    Archived,
}

/// A product of one seller, with at least one variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Whose it is.
    pub seller_id: UserId,
    /// Unique among products.
    pub slug: Slug,
    /// As shown.
    pub title: String,
    /// Sanitised when it was written.
    pub description: RichText,
    /// The lowest price of its variants, by which lists sort and filter.
    pub price: Money,
    /// What it cost before, shown struck out.
    pub compare_at_price: Option<Money>,
    /// Where it stands.
    pub category_id: Option<CategoryId>,
    /// What it is made of.
    pub material_ids: Vec<MaterialId>,
    /// Whether customers see it.
    pub status: ProductStatus,
    /// Whether its variants are gift cards of what they cost: their stock does not count, and an admin decides it.
    pub gift_card: bool,
    /// At least one, in the order shown.
    pub variants: Vec<Variant>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed by its seller.
    pub updated_at: DateTime<Utc>,
}

/// What is bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Its id.
    pub id: VariantId,
    /// The seller's own number for it; unique among the seller's variants.
    pub sku: String,
    /// What distinguishes it.
    pub options: Options,
    /// What one costs.
    pub price: Money,
    /// How many can be sold.
    pub stock: u32,
}

/// What a seller puts on sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProduct {
    /// The id it will have.
    pub id: ProductId,
    /// Whose it is.
    pub seller_id: UserId,
    /// A slug that is free.
    pub slug: Slug,
    /// As shown.
    pub title: String,
    /// As written by the seller, made safe.
    pub description: RichText,
    /// The price of each variant that has none of its own.
    pub price: Money,
    /// What it cost before.
    pub compare_at_price: Option<Money>,
    /// Where it stands.
    pub category_id: Option<CategoryId>,
    /// What it is made of.
    pub material_ids: Vec<MaterialId>,
    /// Whether customers see it at once.
    pub status: ProductStatus,
    /// Its variants.
    pub variants: Vec<NewVariant>,
}

/// A variant that a seller puts on sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVariant {
    /// The id it will have.
    pub id: VariantId,
    /// The seller's number for it.
    pub sku: String,
    /// What distinguishes it.
    pub options: Options,
    /// Its own price.
    pub price: Option<Money>,
    /// How many can be sold.
    pub stock: u32,
}

/// What a seller changes; `None` leaves a thing as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProductChange {
    /// A new title; the slug stays, so that links stay good.
    pub title: Option<String>,
    /// A new description.
    pub description: Option<RichText>,
    /// A new price for every variant that `variants` does not name with a price.
    pub price: Option<Money>,
    /// A new former price, or none.
    pub compare_at_price: Option<Option<Money>>,
    /// A new category, or none.
    pub category_id: Option<Option<CategoryId>>,
    /// New materials.
    pub material_ids: Option<Vec<MaterialId>>,
    /// A new status.
    pub status: Option<ProductStatus>,
    /// Changes of variants that exist.
    pub variants: Vec<VariantChange>,
}

/// What a seller changes on one variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariantChange {
    /// Which variant.
    pub id: VariantId,
    /// A new number.
    pub sku: Option<String>,
    /// A new price.
    pub price: Option<Money>,
    /// A new stock.
    pub stock: Option<u32>,
}

/// One thing that is wrong with a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductFault {
    /// No title.
    TitleMissing,
    /// A price of nothing, or less.
    PriceNotPositive,
    /// The price before is not above the price now.
    CompareAtNotHigher,
    /// Prices in several currencies.
    CurrencyMismatch,
    /// No variant at all.
    NoVariant,
    /// Two variants with the same options.
    SameOptionsTwice,
    /// Two variants with the same number.
    SameSkuTwice,
    /// A change of a variant that the product hasn't.
    UnknownVariant,
}

impl Product {
    /// Puts a product on sale.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn create(new: NewProduct, now: DateTime<Utc>) -> Result<Self, Vec<ProductFault>> {
        let base = new.price;
        let variants = new.variants.into_iter().map(|variant| Variant {
            id: variant.id,
            sku: variant.sku,
            options: variant.options,
            price: variant.price.unwrap_or(base),
            stock: variant.stock,
        });
        let product = Self {
            id: new.id,
            seller_id: new.seller_id,
            slug: new.slug,
            title: new.title.trim().to_owned(),
            description: new.description,
            price: base,
            compare_at_price: new.compare_at_price,
            category_id: new.category_id,
            material_ids: new.material_ids,
            status: new.status,
            gift_card: false,
            variants: variants.collect(),
            created_at: now,
            updated_at: now,
        };
        product.checked()
    }

    /// The product with a seller's change.
    ///
    /// # Errors
    /// Everything that would be wrong with it.
    pub fn change(&self, change: ProductChange, now: DateTime<Utc>) -> Result<Self, Vec<ProductFault>> {
        let mut product = self.clone();
        if let Some(title) = change.title {
            title.trim().clone_into(&mut product.title);
        }
        product.description = change.description.unwrap_or(product.description);
        product.compare_at_price = change.compare_at_price.unwrap_or(product.compare_at_price);
        product.category_id = change.category_id.unwrap_or(product.category_id);
        product.material_ids = change.material_ids.unwrap_or(product.material_ids);
        product.status = change.status.unwrap_or(product.status);
        product.updated_at = now;
        if let Some(price) = change.price {
            product.variants.iter_mut().for_each(|variant| variant.price = price);
        }
        for change in change.variants {
            let Some(variant) = product.variants.iter_mut().find(|variant| variant.id == change.id) else {
                return Err(vec![ProductFault::UnknownVariant]);
            };
            variant.sku = change.sku.unwrap_or_else(|| variant.sku.clone());
            variant.price = change.price.unwrap_or(variant.price);
            variant.stock = change.stock.unwrap_or(variant.stock);
        }
        product.checked()
    }

    /// The change that sets the stock of the only variant; `None` when there are several.
    #[must_use]
    pub fn only_variant_stock(&self, stock: u32) -> Option<VariantChange> {
        match self.variants.as_slice() {
            [only] => Some(VariantChange { id: only.id, sku: None, price: None, stock: Some(stock) }),
            _ => None,
        }
    }

    /// The currency of all its prices.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.price.currency()
    }

    fn checked(mut self) -> Result<Self, Vec<ProductFault>> {
        let lowest = self.variants.iter().map(|variant| variant.price).min_by_key(|price| price.amount());
        self.price = lowest.unwrap_or(self.price);
        let prices: Vec<Money> = self.variants.iter().map(|v| v.price).chain(self.compare_at_price).collect();
        let broken = [
            (self.title.is_empty(), ProductFault::TitleMissing),
            (!prices.iter().all(|price| price.is_positive()), ProductFault::PriceNotPositive),
            (prices.iter().any(|price| price.currency() != self.currency()), ProductFault::CurrencyMismatch),
            (
                self.compare_at_price.is_some_and(|before| before.amount() <= self.price.amount()),
                ProductFault::CompareAtNotHigher,
            ),
            (self.variants.is_empty(), ProductFault::NoVariant),
            (has_twins(self.variants.iter().map(|v| &v.options)), ProductFault::SameOptionsTwice),
            (has_twins(self.variants.iter().map(|v| &v.sku)), ProductFault::SameSkuTwice),
        ];
        let faults: Vec<ProductFault> = broken.into_iter().filter(|(is, _)| *is).map(|(_, fault)| fault).collect();
        if faults.is_empty() { Ok(self) } else { Err(faults) }
    }
}

fn has_twins<T: Ord>(values: impl Iterator<Item = T>) -> bool {
    let mut values: Vec<T> = values.collect();
    let all = values.len();
    values.sort();
    values.dedup();
    values.len() < all
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn eur(amount: i64) -> Money {
        Money::new(amount, Currency::EUR)
    }

    fn variant(id: u128, size: &str, price: Option<Money>) -> NewVariant {
        let options = Options::from([("Size".to_owned(), size.to_owned())]);
        NewVariant { id: VariantId::new(Uuid::from_u128(id)), sku: format!("SKU-{size}"), options, price, stock: 3 }
    }

    fn ring(variants: Vec<NewVariant>) -> NewProduct {
        NewProduct {
            id: ProductId::new(Uuid::nil()),
            seller_id: UserId::new(Uuid::nil()),
            slug: Slug::parse("ring").unwrap(),
            title: " Ring ".to_owned(),
            description: RichText::default(),
            price: eur(10_000),
            compare_at_price: None,
            category_id: None,
            material_ids: vec![],
            status: ProductStatus::Active,
            variants,
        }
    }

    #[test]
    fn a_variant_without_a_price_of_its_own_has_the_products() {
        let product = Product::create(ring(vec![variant(1, "50", None), variant(2, "52", Some(eur(9_000)))]), now());
        let product = product.unwrap();
        assert_eq!(product.variants[0].price, eur(10_000));
        assert_eq!(product.variants[1].price, eur(9_000));
        assert_eq!(product.price, eur(9_000), "lists show the lowest");
        assert_eq!(product.title, "Ring");
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let mut new = ring(vec![variant(1, "50", Some(eur(0))), variant(2, "50", None)]);
        new.title = "  ".to_owned();
        new.compare_at_price = Some(Money::new(1, Currency::parse("USD").unwrap()));
        let faults = Product::create(new, now()).unwrap_err();
        assert_eq!(
            faults,
            [
                ProductFault::TitleMissing,
                ProductFault::PriceNotPositive,
                ProductFault::CurrencyMismatch,
                ProductFault::SameOptionsTwice,
                ProductFault::SameSkuTwice
            ]
        );
    }

    #[test]
    fn a_former_price_must_be_higher() {
        let mut new = ring(vec![variant(1, "50", None)]);
        new.compare_at_price = Some(eur(10_000));
        assert_eq!(Product::create(new, now()), Err(vec![ProductFault::CompareAtNotHigher]));
    }

    #[test]
    fn a_change_leaves_alone_what_it_does_not_name() {
        let product = Product::create(ring(vec![variant(1, "50", None)]), now()).unwrap();
        let stock = VariantChange { id: product.variants[0].id, sku: None, price: None, stock: Some(9) };
        let changed = product.change(ProductChange { variants: vec![stock], ..Default::default() }, now()).unwrap();
        assert_eq!(changed.variants[0].stock, 9);
        assert_eq!(Product { variants: product.variants.clone(), ..changed }, product);
    }

    #[test]
    fn a_variant_of_another_product_cannot_be_changed() {
        let product = Product::create(ring(vec![variant(1, "50", None)]), now()).unwrap();
        let foreign = VariantChange { id: VariantId::new(Uuid::max()), sku: None, price: None, stock: Some(9) };
        let change = ProductChange { variants: vec![foreign], ..Default::default() };
        assert_eq!(product.change(change, now()), Err(vec![ProductFault::UnknownVariant]));
    }
}
