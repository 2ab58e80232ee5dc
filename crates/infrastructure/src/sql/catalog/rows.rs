//! From products to their rows, and back.

use super::entity::{StoredNames, product, product_image, product_material, thumbnails, variant};
use crate::sql::stored::{StoredOptions, StoredText, money, position, slug};
use application::RepositoryError;
use domain::catalog::{Picture, Product, ProductStatus};
use domain::kernel::{CategoryId, MaterialId, Money, ProductId, RichText, UserId, fold};

pub fn product_row(product: &Product) -> product::Model {
    let title_key = fold(&product.title);
    let search_text = format!("{title_key}\n{}", fold(&words(&product.description)));
    product::Model {
        id: product.id.uuid(),
        seller_id: product.seller_id.uuid(),
        slug: product.slug.as_str().to_owned(),
        title: product.title.clone(),
        title_key,
        description: product.description.as_str().to_owned(),
        search_text,
        price_amount: product.price.amount(),
        compare_at_amount: product.compare_at_price.map(Money::amount),
        currency: product.currency().code().to_owned(),
        category_id: product.category_id.map(CategoryId::uuid),
        status: product.status.text().to_owned(),
        gift_card: product.gift_card,
        option_names: StoredNames(product.option_names.clone()),
        created_at: product.created_at,
        updated_at: product.updated_at,
    }
}

pub fn variant_rows(product: &Product) -> Vec<variant::Model> {
    let row = |(index, variant): (usize, &domain::catalog::Variant)| variant::Model {
        id: variant.id.uuid(),
        product_id: product.id.uuid(),
        seller_id: product.seller_id.uuid(),
        position: position(index),
        sku: variant.sku.clone(),
        options: StoredOptions(variant.options.clone()),
        price_amount: variant.price.amount(),
        stock: i64::from(variant.stock),
        removed_at: None,
    };
    product.variants.iter().enumerate().map(row).collect()
}

pub fn product_from(
    row: product::Model,
    mut variants: Vec<variant::Model>,
    materials: Vec<product_material::Model>,
) -> Result<Product, RepositoryError> {
    variants.sort_by_key(|variant| variant.position);
    let variants = variants.into_iter().map(|variant| variant.into_variant(&row.currency));
    Ok(Product {
        id: ProductId::new(row.id),
        seller_id: UserId::new(row.seller_id),
        slug: slug(&row.slug)?,
        title: row.title,
        description: RichText::trusted(row.description),
        price: money(row.price_amount, &row.currency)?,
        compare_at_price: row.compare_at_amount.map(|amount| money(amount, &row.currency)).transpose()?,
        category_id: row.category_id.map(CategoryId::new),
        material_ids: materials
            .into_iter()
            .map(|link: product_material::Model| MaterialId::new(link.material_id))
            .collect(),
        status: ProductStatus::read(&row.status)?,
        gift_card: row.gift_card,
        option_names: row.option_names.0,
        variants: variants.collect::<Result<_, _>>()?,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

pub fn image_row(product: ProductId, position: i32, picture: &Picture) -> product_image::Model {
    product_image::Model {
        id: picture.id.uuid(),
        product_id: product.uuid(),
        position,
        alt: picture.alt.clone(),
        width: i64::from(picture.largest.width),
        height: i64::from(picture.largest.height),
        path: picture.largest.path.clone(),
        thumbnails: thumbnails(&picture.smaller),
    }
}

/// The words of a rich text, without its markup.
fn words(text: &RichText) -> String {
    let mut inside_tag = false;
    let keep = |c: char| match c {
        '<' => {
            inside_tag = true;
            ' '
        }
        '>' => {
            inside_tag = false;
            ' '
        }
        _ if inside_tag => '\0',
        c => c,
    };
    let plain: String = text.as_str().chars().map(keep).filter(|c| *c != '\0').collect();
    plain.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_not_searched() {
        let text =
            RichText::trusted("<p>Gold &amp; <strong>silver</strong></p><a href=\"https://x.example\">here</a>".into());
        let words = words(&text);
        assert_eq!(words.split_whitespace().collect::<Vec<_>>(), ["Gold", "&", "silver", "here"]);
    }
}
