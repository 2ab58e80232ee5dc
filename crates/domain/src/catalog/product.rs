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
    /// Unique among products; those it had before stay its own.
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
    /// The names of the variants' options, in the order in which customers choose; those that are not named follow.
    pub option_names: Vec<String>,
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
    /// The names of the variants' options, in the order in which customers choose.
    pub option_names: Vec<String>,
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
    /// A new title; the slug stays, unless it is changed, too.
    pub title: Option<String>,
    /// A new slug that is free, or was the product's before.
    pub slug: Option<Slug>,
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
    /// A new order of the options.
    pub option_names: Option<Vec<String>>,
    /// Variants that are changed or added. When all that there will be are among them, they stand in this order.
    pub variants: Vec<VariantEdit>,
    /// Variants that are taken off for good.
    pub removed: Vec<VariantId>,
}

/// What a seller does with one variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariantEdit {
    /// Changes one that is there.
    Change(VariantChange),
    /// Adds one.
    Add(NewVariant),
}

/// What a seller changes on one variant; `None` leaves a thing as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariantChange {
    /// Which variant.
    pub id: VariantId,
    /// A new number.
    pub sku: Option<String>,
    /// What distinguishes it from now on.
    pub options: Option<Options>,
    /// A new price.
    pub price: Option<Money>,
    /// A new stock.
    pub stock: Option<StockChange>,
}

/// How a seller changes a stock, which customers change at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StockChange {
    /// So many there are, whatever there were.
    To(u32),
    /// So many there are, if there were as many as the seller saw.
    ToFrom(u32, u32),
    /// So many more, or fewer.
    By(i32),
}

impl StockChange {
    /// A variant has so many pieces at the most.
    pub const MOST: u32 = 1_000_000;

    /// The stock that comes of it, if it is one.
    fn apply(self, stock: u32) -> Option<u32> {
        let changed = match self {
            Self::To(to) | Self::ToFrom(to, _) => Some(to),
            Self::By(more) => stock.checked_add_signed(more),
        };
        changed.filter(|stock| *stock <= Self::MOST)
    }
}

/// Why a product is not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// It would have these faults.
    Faulty(Vec<ProductFault>),
    /// These variants have not got the stock that the seller saw: they were bought, or given back. As they are now.
    StockMoved(Vec<Variant>),
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
    /// A stock below nothing, or beyond measure.
    StockOutOfRange,
}

impl Product {
    /// Puts a product on sale.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn create(new: NewProduct, now: DateTime<Utc>) -> Result<Self, Vec<ProductFault>> {
        let base = new.price;
        let variants = new.variants.into_iter().map(|variant| Variant::new(variant, base));
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
            option_names: new.option_names,
            variants: variants.collect(),
            created_at: now,
            updated_at: now,
        };
        product.checked()
    }

    /// The product with a seller's change.
    ///
    /// # Errors
    /// Everything that would be wrong with it, or what was bought since the seller looked.
    pub fn change(&self, change: ProductChange, now: DateTime<Utc>) -> Result<Self, ChangeRefusal> {
        let moved = self.moved_since(&change);
        if !moved.is_empty() {
            return Err(ChangeRefusal::StockMoved(moved));
        }
        let mut product = self.clone();
        if let Some(title) = change.title {
            title.trim().clone_into(&mut product.title);
        }
        product.slug = change.slug.unwrap_or(product.slug);
        product.description = change.description.unwrap_or(product.description);
        product.compare_at_price = change.compare_at_price.unwrap_or(product.compare_at_price);
        product.category_id = change.category_id.unwrap_or(product.category_id);
        product.material_ids = change.material_ids.unwrap_or(product.material_ids);
        product.status = change.status.unwrap_or(product.status);
        product.option_names = change.option_names.unwrap_or(product.option_names);
        product.updated_at = now;
        if let Some(price) = change.price {
            product.variants.iter_mut().for_each(|variant| variant.price = price);
        }
        let base = change.price.unwrap_or(product.price);
        product.arrange(change.variants, &change.removed, base).map_err(|fault| ChangeRefusal::Faulty(vec![fault]))?;
        product.checked().map_err(ChangeRefusal::Faulty)
    }

    /// Variants whose stock is not the one that the seller saw. That of gift cards does not count.
    fn moved_since(&self, change: &ProductChange) -> Vec<Variant> {
        let seen = |variant: &&Variant| {
            change.variants.iter().any(|edit| {
                matches!(edit, VariantEdit::Change(VariantChange { id, stock: Some(StockChange::ToFrom(_, seen)), .. })
                    if *id == variant.id && *seen != variant.stock)
            })
        };
        if self.gift_card { Vec::new() } else { self.variants.iter().filter(seen).cloned().collect() }
    }

    /// Removes, changes and adds variants, and puts them into the order of the edits if these name all that there are.
    fn arrange(&mut self, edits: Vec<VariantEdit>, removed: &[VariantId], base: Money) -> Result<(), ProductFault> {
        if removed.iter().any(|id| self.variants.iter().all(|variant| variant.id != *id)) {
            return Err(ProductFault::UnknownVariant);
        }
        self.variants.retain(|variant| !removed.contains(&variant.id));
        let mut order = Vec::with_capacity(edits.len());
        for edit in edits {
            match edit {
                VariantEdit::Change(change) => {
                    order.push(change.id);
                    let variant = self.variants.iter_mut().find(|variant| variant.id == change.id);
                    variant.ok_or(ProductFault::UnknownVariant)?.change(change)?;
                }
                VariantEdit::Add(new) => {
                    order.push(new.id);
                    self.variants.push(Variant::new(new, base));
                }
            }
        }
        let place = |variant: &Variant| order.iter().position(|id| *id == variant.id);
        if self.variants.iter().all(|variant| place(variant).is_some()) {
            self.variants.sort_by_key(place);
        }
        Ok(())
    }

    /// The only variant's id; `None` when there are several.
    #[must_use]
    pub fn only_variant(&self) -> Option<VariantId> {
        match self.variants.as_slice() {
            [only] => Some(only.id),
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

impl Variant {
    fn new(new: NewVariant, base: Money) -> Self {
        let price = new.price.unwrap_or(base);
        Self { id: new.id, sku: new.sku, options: new.options, price, stock: new.stock }
    }

    fn change(&mut self, change: VariantChange) -> Result<(), ProductFault> {
        self.sku = change.sku.unwrap_or_else(|| self.sku.clone());
        self.options = change.options.unwrap_or_else(|| self.options.clone());
        self.price = change.price.unwrap_or(self.price);
        if let Some(stock) = change.stock {
            self.stock = stock.apply(self.stock).ok_or(ProductFault::StockOutOfRange)?;
        }
        Ok(())
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
            option_names: vec!["Size".to_owned()],
            variants,
        }
    }

    fn stock_of(id: VariantId, stock: StockChange) -> VariantEdit {
        VariantEdit::Change(VariantChange { id, sku: None, options: None, price: None, stock: Some(stock) })
    }

    fn edits(variants: Vec<VariantEdit>) -> ProductChange {
        ProductChange { variants, ..ProductChange::default() }
    }

    fn sizes(product: &Product) -> Vec<&str> {
        product.variants.iter().map(|variant| variant.options["Size"].as_str()).collect()
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
        let change = edits(vec![stock_of(product.variants[0].id, StockChange::To(9))]);
        let changed = product.change(change, now()).unwrap();
        assert_eq!(changed.variants[0].stock, 9);
        assert_eq!(Product { variants: product.variants.clone(), ..changed }, product);
    }

    #[test]
    fn a_variant_of_another_product_cannot_be_changed() {
        let product = Product::create(ring(vec![variant(1, "50", None)]), now()).unwrap();
        let foreign = VariantId::new(Uuid::max());
        let unknown = Err(ChangeRefusal::Faulty(vec![ProductFault::UnknownVariant]));
        assert_eq!(product.change(edits(vec![stock_of(foreign, StockChange::To(9))]), now()), unknown);
        let removal = ProductChange { removed: vec![foreign], ..ProductChange::default() };
        assert_eq!(product.change(removal, now()), unknown);
    }

    #[test]
    fn variants_are_added_changed_and_removed_and_stand_in_the_order_that_names_them_all() {
        let product = Product::create(ring(vec![variant(1, "50", None), variant(2, "54", None)]), now()).unwrap();
        let [small, large] = [product.variants[0].id, product.variants[1].id];
        let add = |id, size| VariantEdit::Add(variant(id, size, None));
        let more = product.change(edits(vec![add(3, "52")]), now()).unwrap();
        assert_eq!(sizes(&more), ["50", "54", "52"], "not all are named: what is new comes last");
        assert_eq!(more.variants[2].price, eur(10_000), "without a price of its own it has the product's");
        let middle = stock_of(more.variants[2].id, StockChange::By(0));
        let ordered = edits(vec![stock_of(small, StockChange::By(0)), middle, stock_of(large, StockChange::By(0))]);
        assert_eq!(sizes(&more.change(ordered, now()).unwrap()), ["50", "52", "54"]);
        let resized = VariantChange {
            id: small,
            sku: None,
            options: Some(Options::from([("Size".to_owned(), "48".to_owned())])),
            price: Some(eur(9_000)),
            stock: None,
        };
        let change = ProductChange {
            removed: vec![large],
            option_names: Some(vec!["Metal".to_owned(), "Size".to_owned()]),
            ..edits(vec![VariantEdit::Change(resized)])
        };
        let changed = product.change(change, now()).unwrap();
        assert_eq!((sizes(&changed), changed.price), (vec!["48"], eur(9_000)));
        assert_eq!(changed.option_names, ["Metal", "Size"]);
        let all = ProductChange { removed: vec![small, large], ..ProductChange::default() };
        assert_eq!(product.change(all, now()), Err(ChangeRefusal::Faulty(vec![ProductFault::NoVariant])));
        let twin = product.change(edits(vec![add(4, "50")]), now());
        let faults = vec![ProductFault::SameOptionsTwice, ProductFault::SameSkuTwice];
        assert_eq!(twin, Err(ChangeRefusal::Faulty(faults)));
    }

    #[test]
    fn a_stock_that_moved_since_it_was_seen_is_not_overwritten() {
        let product = Product::create(ring(vec![variant(1, "50", None)]), now()).unwrap();
        let id = product.variants[0].id;
        let changed = |stock| product.change(edits(vec![stock_of(id, stock)]), now());
        assert_eq!(changed(StockChange::ToFrom(9, 3)).unwrap().variants[0].stock, 9);
        assert_eq!(changed(StockChange::ToFrom(9, 4)), Err(ChangeRefusal::StockMoved(product.variants.clone())));
        assert_eq!(changed(StockChange::By(-3)).unwrap().variants[0].stock, 0);
        assert_eq!(changed(StockChange::By(2)).unwrap().variants[0].stock, 5);
        for beyond in [StockChange::By(-4), StockChange::By(i32::MAX), StockChange::To(1_000_001)] {
            let faults = Err(ChangeRefusal::Faulty(vec![ProductFault::StockOutOfRange]));
            assert_eq!(changed(beyond), faults, "{beyond:?}");
        }
        let gift = Product { gift_card: true, ..product.clone() };
        let change = edits(vec![stock_of(id, StockChange::ToFrom(9, 20))]);
        assert!(gift.change(change, now()).is_ok(), "the stock of gift cards does not count");
    }
}
