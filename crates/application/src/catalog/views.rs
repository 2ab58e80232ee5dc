//! What readers of the catalogue see.

use chrono::{DateTime, Utc};
use domain::catalog::{Category, Material, Options, Picture, PictureFormat, PictureSize, ProductStatus, Variant};
use domain::kernel::{Currency, ImageId, Money, ProductId, RichText, Slug, UserId, VariantId};

/// A product with the names of what it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductView {
    pub id: ProductId,
    pub slug: Slug,
    pub title: String,
    pub description: RichText,
    pub price: Money,
    pub compare_at_price: Option<Money>,
    pub seller: SellerView,
    pub category: Option<Category>,
    pub materials: Vec<Material>,
    /// In the seller's order.
    pub images: Vec<ImageView>,
    /// The names of the variants' options, in the order in which customers choose.
    pub option_names: Vec<String>,
    /// In the seller's order.
    pub variants: Vec<Variant>,
    pub status: ProductStatus,
    /// Whether its variants are gift cards.
    pub gift_card: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ProductView {
    /// Whether any variant can be bought now.
    #[must_use]
    pub fn in_stock(&self) -> bool {
        self.gift_card || self.variants.iter().any(|variant| variant.stock > 0)
    }
}

/// A category, with the addresses that it had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryView {
    pub category: Category,
    /// Slugs that it had before, or that others had that were merged into it.
    pub former_slugs: Vec<Slug>,
}

impl CategoryView {
    /// Whether this is its slug, or was.
    #[must_use]
    pub fn answers_to(&self, slug: &Slug) -> bool {
        self.category.slug == *slug || self.former_slugs.contains(slug)
    }
}

/// A material, with the addresses that it had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaterialView {
    pub material: Material,
    /// Slugs that it had before, or that others had that were merged into it.
    pub former_slugs: Vec<Slug>,
}

impl MaterialView {
    /// Whether this is its slug, or was.
    #[must_use]
    pub fn answers_to(&self, slug: &Slug) -> bool {
        self.material.slug == *slug || self.former_slugs.contains(slug)
    }
}

/// A seller as customers see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SellerView {
    pub id: UserId,
    pub shop_name: String,
    /// Since when they sell here.
    pub created_at: DateTime<Utc>,
}

/// A picture with its smaller versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageView {
    pub id: ImageId,
    /// Where the largest version is, relative to the shop: `/media/...`.
    pub url: String,
    /// What it shows, in words.
    pub alt: String,
    /// Of the largest version, in pixels.
    pub width: u32,
    /// Of the largest version, in pixels.
    pub height: u32,
    /// As WebP, narrowest first. None of a picture whose sizes are being made.
    pub thumbnails: Vec<Thumbnail>,
    /// As JPEG, for who reads nothing else; narrowest first.
    pub fallbacks: Vec<Thumbnail>,
}

impl From<Picture> for ImageView {
    fn from(picture: Picture) -> Self {
        let written = |format| picture.smaller.iter().filter(move |size| size.format() == format).map(Thumbnail::of);
        Self {
            id: picture.id,
            url: url(&picture.largest.path),
            width: picture.largest.width,
            height: picture.largest.height,
            thumbnails: written(PictureFormat::Webp).collect(),
            fallbacks: written(PictureFormat::Jpeg).collect(),
            alt: picture.alt,
        }
    }
}

fn url(path: &str) -> String {
    format!("/media/{path}")
}

/// A smaller version of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    pub url: String,
    pub width: u32,
    pub height: u32,
}

impl Thumbnail {
    fn of(size: &PictureSize) -> Self {
        Self { url: url(&size.path), width: size.width, height: size.height }
    }
}

/// A variant as it is offered at this moment: all that a cart shows and an order keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub variant_id: VariantId,
    pub product_id: ProductId,
    pub product_slug: Slug,
    pub sku: String,
    pub title: String,
    pub options: Options,
    pub price: Money,
    pub stock: u32,
    /// Whether the product is active.
    pub on_sale: bool,
    /// Whether it is a gift card, of which there are always enough.
    pub gift_card: bool,
    pub seller: SellerView,
    pub category: Option<Slug>,
    pub materials: Vec<Slug>,
    /// The product's first picture.
    pub image: Option<ImageView>,
}

impl Offer {
    /// Whether so many can be bought now.
    #[must_use]
    pub const fn has(&self, quantity: u32) -> bool {
        self.on_sale && (self.gift_card || self.stock >= quantity)
    }
}

/// Too few of a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    pub variant_id: VariantId,
    pub title: String,
    pub requested: u32,
    pub available: u32,
}

/// Which products a reader wants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProductFilter {
    /// Words that the title or the description must have.
    pub text: Option<String>,
    /// Any of these categories, or one below them.
    pub categories: Vec<Slug>,
    /// Any of these materials.
    pub materials: Vec<Slug>,
    pub seller: Option<UserId>,
    /// In minor units, inclusive.
    pub price_min: Option<i64>,
    /// In minor units, inclusive.
    pub price_max: Option<i64>,
    /// Only those priced in this currency.
    pub currency: Option<Currency>,
    /// Only what can be bought now.
    pub in_stock: bool,
}

/// In which order; equals are told apart by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProductSort {
    #[default]
    Newest,
    Oldest,
    Cheapest,
    Dearest,
    TitleAscending,
    TitleDescending,
}

/// How a reader names a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProductKey {
    Id(ProductId),
    Slug(Slug),
}
