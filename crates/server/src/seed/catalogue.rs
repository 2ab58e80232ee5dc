//! The demo's products: read from the data beside the pictures, and more of them on demand, as variations.

use super::draw::{Draw, id, id_at};
use super::{SeedError, user_id};
use application::unit_of_work::UnitOfWork;
use chrono::{DateTime, TimeDelta, Utc};
use domain::catalog::{
    Category, Material, NewProduct, NewVariant, Options, Picture, PictureSize, Product, ProductStatus,
};
use domain::kernel::{CategoryId, Currency, ImageId, MaterialId, Money, ProductId, RichText, Slug, UserId, VariantId};
use infrastructure::media::MediaStore;
use rust_embed::RustEmbed;
use serde::Deserialize;
use std::collections::HashMap;

/// Where the demo's pictures are, in the store of pictures.
const FOLDER: &str = "demo";
/// The pictures of a product are this wide at the most.
const LARGEST: u32 = 1200;

/// A prime that is far from a seller's number of products.
const STRIDE: usize = 29;

#[derive(RustEmbed)]
#[folder = "../../assets/demo/pictures"]
struct Pictures;

/// The data of `assets/demo/catalogue.json`.
#[derive(Deserialize)]
pub struct Catalogue {
    sellers: Vec<SellerData>,
    categories: Vec<CategoryData>,
    materials: Vec<MaterialData>,
    products: Vec<ProductData>,
    #[serde(skip)]
    sizes: HashMap<String, PictureData>,
}

#[derive(Deserialize)]
struct SellerData {
    email: String,
    name: String,
    shop_name: String,
}

#[derive(Deserialize)]
struct CategoryData {
    slug: String,
    name: String,
    parent: Option<String>,
}

#[derive(Deserialize)]
struct MaterialData {
    slug: String,
    name: String,
}

#[derive(Deserialize)]
struct ProductData {
    slug: String,
    seller: usize,
    title: String,
    description: String,
    category: String,
    materials: Vec<String>,
    price: i64,
    compare_at_price: Option<i64>,
    variants: Vec<VariantData>,
    pictures: Vec<PictureName>,
}

#[derive(Deserialize)]
struct VariantData {
    sku: String,
    options: Options,
    stock: u32,
    price: Option<i64>,
}

#[derive(Deserialize)]
struct PictureName {
    file: String,
    alt: String,
}

#[derive(Deserialize)]
struct PictureData {
    width: u32,
    height: u32,
    widths: Vec<u32>,
}

/// A product that was made, with what an order keeps of it.
pub struct Made {
    pub product: Product,
    pub shop_name: String,
    pub category: Slug,
    pub materials: Vec<Slug>,
}

impl Catalogue {
    /// Reads the data.
    pub fn read() -> Result<Self, SeedError> {
        let data = |error: serde_json::Error| SeedError::Data(error.to_string());
        let mut catalogue: Self =
            serde_json::from_str(include_str!("../../../../assets/demo/catalogue.json")).map_err(data)?;
        let index = Pictures::get("index.json").ok_or_else(|| SeedError::Data("no index of pictures".to_owned()))?;
        catalogue.sizes = serde_json::from_slice(&index.data).map_err(data)?;
        Ok(catalogue)
    }

    /// Address, name and shop of each seller.
    pub fn sellers(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.sellers.iter().map(|s| (s.email.as_str(), s.name.as_str(), s.shop_name.as_str()))
    }

    /// Puts the pictures into the store.
    pub async fn write_pictures(&self, media: &MediaStore) -> Result<(), SeedError> {
        for name in Pictures::iter().filter(|name| name.ends_with(".webp")) {
            if let Some(file) = Pictures::get(&name) {
                media.put(&format!("{FOLDER}/{name}"), file.data.into_owned()).await?;
            }
        }
        Ok(())
    }

    /// Makes categories, materials and so many products (all of the data, unless told).
    pub async fn write(
        &self,
        tx: &dyn UnitOfWork,
        count: Option<usize>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Made>, SeedError> {
        for category in &self.categories {
            let parent_id = category.parent.as_deref().map(category_id);
            let slug = slug(&category.slug)?;
            let id = category_id(&category.slug);
            tx.categories().insert(&Category { id, slug, name: category.name.clone(), parent_id }).await?;
        }
        for material in &self.materials {
            let (id, slug) = (material_id(&material.slug), slug(&material.slug)?);
            tx.materials().insert(&Material { id, slug, name: material.name.clone() }).await?;
        }
        let mut made = Vec::new();
        for (place, data) in self.products.iter().cycle().take(count.unwrap_or(self.products.len())).enumerate() {
            let one = self.make(data, place, now)?;
            tx.products().insert(&one.product).await?;
            tx.products().insert_pictures(one.product.id, &self.pictures(data, &one.product)).await?;
            made.push(one);
        }
        Ok(made)
    }

    /// A product of the data; beyond the first round of the data, a variation with a price of its own.
    fn make(&self, data: &ProductData, place: usize, now: DateTime<Utc>) -> Result<Made, SeedError> {
        let round = place / self.products.len().max(1);
        let seller =
            self.sellers.get(data.seller).ok_or_else(|| SeedError::Data(format!("seller of {}", data.slug)))?;
        let mut draw = Draw::new(place as u64);
        let vary = |price: i64, draw: &mut Draw| if round == 0 { price } else { price + 100 * signed(draw.below(200)) };
        let end = if round == 0 { String::new() } else { format!("-{round}") };
        // The shop filled up over its first weeks, all sellers side by side: a stride that meets every place once.
        let age = round * self.products.len() + place * STRIDE % self.products.len().max(1);
        let created_at = now - TimeDelta::hours(7 * signed(age as u64)) - TimeDelta::minutes(signed(draw.below(300)));
        let name = format!("{}{end}", data.slug);
        let base = vary(data.price, &mut draw);
        let variant = |variant: &VariantData| {
            let sku = format!("{}{end}", variant.sku);
            let price = variant.price.map(|price| eur(price + base - data.price));
            NewVariant {
                id: VariantId::new(id("variant", &sku)),
                sku,
                options: variant.options.clone(),
                price,
                stock: variant.stock,
            }
        };
        let new = NewProduct {
            id: ProductId::new(id_at("product", &name, millis(created_at))),
            seller_id: UserId::new(user_id(&seller.email).uuid()),
            slug: slug(&name)?,
            title: if round == 0 { data.title.clone() } else { format!("{} No. {}", data.title, round + 1) },
            description: RichText::sanitise(&data.description),
            price: eur(base),
            compare_at_price: data.compare_at_price.map(|price| eur(price + base - data.price)),
            category_id: Some(category_id(&data.category)),
            material_ids: data.materials.iter().map(|material| material_id(material)).collect(),
            status: ProductStatus::Active,
            option_names: Vec::new(),
            variants: data.variants.iter().map(variant).collect(),
        };
        let product =
            Product::create(new, created_at).map_err(|faults| SeedError::Data(format!("{}: {faults:?}", data.slug)))?;
        Ok(Made {
            product,
            shop_name: seller.shop_name.clone(),
            category: slug(&data.category)?,
            materials: data.materials.iter().map(|material| slug(material)).collect::<Result<_, _>>()?,
        })
    }

    fn pictures(&self, data: &ProductData, product: &Product) -> Vec<Picture> {
        let picture = |picture: &PictureName| {
            let sizes = self.sizes.get(&picture.file)?;
            let size = |width: u32| PictureSize {
                path: format!("{FOLDER}/{}-{width}.webp", picture.file),
                width,
                height: width * sizes.height / sizes.width.max(1),
            };
            let id = ImageId::new(id("image", &format!("{} {}", product.slug, picture.file)));
            let smaller = sizes.widths.iter().filter(|width| **width < LARGEST).map(|width| size(*width)).collect();
            Some(Picture { id, largest: size(LARGEST), alt: picture.alt.clone(), smaller })
        };
        data.pictures.iter().filter_map(picture).collect()
    }
}

const fn eur(amount: i64) -> Money {
    Money::new(amount, Currency::EUR)
}

fn slug(text: &str) -> Result<Slug, SeedError> {
    Slug::parse(text).map_err(|_| SeedError::Data(format!("\"{text}\" is no slug")))
}

fn category_id(slug: &str) -> CategoryId {
    CategoryId::new(id("category", slug))
}

fn material_id(slug: &str) -> MaterialId {
    MaterialId::new(id("material", slug))
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Milliseconds since 1970, as ids of version 7 have them.
pub fn millis(at: DateTime<Utc>) -> u64 {
    u64::try_from(at.timestamp_millis()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_product_of_the_data_obeys_the_rules_and_has_a_picture() {
        let catalogue = Catalogue::read().unwrap();
        assert!(catalogue.products.len() >= 60);
        assert!(catalogue.sellers.len() >= 6 && catalogue.categories.len() >= 10 && catalogue.materials.len() >= 8);
        for (place, data) in catalogue.products.iter().enumerate() {
            let made = catalogue.make(data, place, DateTime::UNIX_EPOCH).unwrap();
            let pictures = catalogue.pictures(data, &made.product);
            assert!(!pictures.is_empty(), "{} has no picture", data.slug);
            for size in pictures.iter().flat_map(|picture| picture.smaller.iter().chain([&picture.largest])) {
                let file = size.path.strip_prefix("demo/").unwrap();
                assert!(Pictures::get(file).is_some(), "{file} is missing");
            }
        }
    }
}
