//! The catalogue on the wire.

use super::place_dto::{CategorySummary, MaterialSummary};
use crate::wire::{Money, lists};
use application::catalog::views::{ImageView, ProductView, SellerView, Thumbnail as View};
use chrono::{DateTime, Utc};
use domain::cart::Cart;
use domain::catalog::ProductStatus as Status;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

/// A product.
#[derive(Debug, Serialize, ToSchema)]
pub struct Product {
    /// Its id.
    pub id: Uuid,
    /// For addresses; stays as it is when the title changes. Those of before stay good.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Sanitised HTML; may be empty.
    pub description: String,
    /// The lowest price of its variants.
    pub price: Money,
    /// What it cost before.
    #[schema(required)]
    pub compare_at_price: Option<Money>,
    /// Whose it is.
    pub seller: SellerSummary,
    /// Where it stands.
    #[schema(required)]
    pub category: Option<CategorySummary>,
    /// What it is made of.
    pub materials: Vec<MaterialSummary>,
    /// Its pictures, the first one first.
    pub images: Vec<Image>,
    /// The names of the variants' options, in the order in which customers choose.
    pub option_names: Vec<String>,
    /// What can be bought.
    pub variants: Vec<Variant>,
    /// Whether any variant can be bought now.
    pub in_stock: bool,
    /// Always null: there are no ratings yet.
    #[schema(required)]
    pub rating: Option<f64>,
    /// Whether customers see it.
    pub status: ProductStatus,
    /// Whether its variants are gift cards that are worth what they cost: each is mailed to somebody.
    pub gift_card: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its seller last changed it.
    pub updated_at: DateTime<Utc>,
}

/// Whether customers see a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    /// Being prepared.
    Draft,
    /// On sale.
    Active,
    /// Taken off.
    Archived,
}

impl ProductStatus {
    /// The status of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "draft" => Some(Self::Draft),
            "active" => Some(Self::Active),
            "archived" => Some(Self::Archived),
            _ => None,
        }
    }
}

impl From<Status> for ProductStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Draft => Self::Draft,
            Status::Active => Self::Active,
            Status::Archived => Self::Archived,
        }
    }
}

impl From<ProductStatus> for Status {
    fn from(status: ProductStatus) -> Self {
        match status {
            ProductStatus::Draft => Self::Draft,
            ProductStatus::Active => Self::Active,
            ProductStatus::Archived => Self::Archived,
        }
    }
}

/// A variant of a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct Variant {
    /// Its id; what goes into carts.
    pub id: Uuid,
    /// The seller's number for it.
    pub sku: String,
    /// What distinguishes it, in the order of the product's `option_names`; empty for the only variant of a simple product.
    #[serde(serialize_with = "in_order")]
    #[schema(value_type = BTreeMap<String, String>)]
    pub options: Vec<(String, String)>,
    /// What one costs.
    pub price: Money,
    /// How many can be bought now.
    pub stock: u32,
}

impl Variant {
    /// Options that are not among the names stand last.
    fn of(variant: domain::catalog::Variant, option_names: &[String]) -> Self {
        let (id, price) = (variant.id.uuid(), variant.price.into());
        let mut options: Vec<_> = variant.options.into_iter().collect();
        options.sort_by_key(|(name, _)| option_names.iter().position(|known| known == name).unwrap_or(usize::MAX));
        Self { id, sku: variant.sku, options, price, stock: variant.stock }
    }
}

/// An object whose members stand in this order.
fn in_order<S: Serializer>(members: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
}

/// A seller, in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct SellerSummary {
    /// Their id.
    pub id: Uuid,
    /// The name of their shop.
    pub shop_name: String,
}

/// A seller.
#[derive(Debug, Serialize, ToSchema)]
pub struct Seller {
    /// Their id.
    pub id: Uuid,
    /// The name of their shop.
    pub shop_name: String,
    /// Since when they sell here.
    pub created_at: DateTime<Utc>,
}

impl From<SellerView> for SellerSummary {
    fn from(seller: SellerView) -> Self {
        Self { id: seller.id.uuid(), shop_name: seller.shop_name }
    }
}

impl From<SellerView> for Seller {
    fn from(seller: SellerView) -> Self {
        Self { id: seller.id.uuid(), shop_name: seller.shop_name, created_at: seller.created_at }
    }
}

/// A picture.
#[derive(Debug, Serialize, ToSchema)]
pub struct Image {
    /// Its id.
    pub id: Uuid,
    /// Where it is.
    pub url: String,
    /// The same as WebP in several widths, narrowest first. Empty for the moment after an upload in which they are made.
    pub thumbnails: Vec<Thumbnail>,
    /// The same as JPEG, for what can't read WebP; narrowest first.
    pub fallbacks: Vec<Thumbnail>,
    /// What it shows, in words.
    pub alt: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// A smaller version of a picture.
#[derive(Debug, Serialize, ToSchema)]
pub struct Thumbnail {
    /// Where it is.
    pub url: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl From<View> for Thumbnail {
    fn from(one: View) -> Self {
        Self { url: one.url, width: one.width, height: one.height }
    }
}

impl From<ImageView> for Image {
    fn from(image: ImageView) -> Self {
        let (width, height) = (image.width, image.height);
        Self {
            id: image.id.uuid(),
            url: image.url,
            thumbnails: image.thumbnails.into_iter().map(Into::into).collect(),
            fallbacks: image.fallbacks.into_iter().map(Into::into).collect(),
            alt: image.alt,
            width,
            height,
        }
    }
}

impl From<ProductView> for Product {
    fn from(mut product: ProductView) -> Self {
        if product.gift_card {
            // Their stock does not count: there are as many as one may ask for.
            product.variants.iter_mut().for_each(|variant| variant.stock = Cart::MOST_GIFTS);
        }
        Self {
            id: product.id.uuid(),
            in_stock: product.in_stock(),
            slug: product.slug.to_string(),
            title: product.title,
            description: product.description.as_str().to_owned(),
            price: product.price.into(),
            compare_at_price: product.compare_at_price.map(Into::into),
            seller: product.seller.into(),
            category: product.category.map(Into::into),
            materials: product.materials.into_iter().map(Into::into).collect(),
            images: product.images.into_iter().map(Into::into).collect(),
            variants: product.variants.into_iter().map(|variant| Variant::of(variant, &product.option_names)).collect(),
            option_names: product.option_names,
            rating: None,
            status: product.status.into(),
            gift_card: product.gift_card,
            created_at: product.created_at,
            updated_at: product.updated_at,
        }
    }
}

lists! {
    /// A page of products.
    ProductPage of Product,
}
