//! Reading the catalogue. A page of products takes six statements, however many products it has.

use super::entity::{category, material, product, variant};
use super::{filter, offers, parts, slugs};
use crate::sql::Sql;
use crate::sql::error::{corrupt, from_db};
use crate::sql::identity::entity::user;
use crate::sql::paging::{KeyKind, Sorting, rows_of_page, time_key};
use crate::sql::stored::{StoredText, money, slug};
use application::RepositoryError;
use application::catalog::ports::CatalogQueries;
use application::catalog::views::{
    CategoryView, ImageView, MaterialView, Offer, ProductFilter, ProductKey, ProductSort, ProductView, SellerView,
};
use async_trait::async_trait;
use domain::catalog::{Category, Material, ProductStatus};
use domain::identity::Role;
use domain::kernel::{Cursor, Page, PageRequest, ProductId, RichText, UserId, VariantId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, EntityTrait, Order, QueryFilter, QueryOrder,
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

#[async_trait]
impl CatalogQueries for Sql<DatabaseConnection> {
    async fn list(
        &self,
        filter: &ProductFilter,
        sort: ProductSort,
        page: &PageRequest,
    ) -> Result<Page<ProductView>, RepositoryError> {
        list(&self.0, filter::wanted(&self.0, filter).await?, sort, page).await
    }

    async fn find(&self, key: &ProductKey) -> Result<Option<ProductView>, RepositoryError> {
        let by_id = |id: Uuid| filter::on_sale().add(product::Column::Id.eq(id));
        let slug = match key {
            ProductKey::Id(id) => return one(&self.0, by_id(id.uuid())).await,
            ProductKey::Slug(slug) => slug,
        };
        let now = one(&self.0, filter::on_sale().add(product::Column::Slug.eq(slug.as_str()))).await?;
        if now.is_some() {
            return Ok(now);
        }
        match slugs::owner(&self.0, slugs::PRODUCT, slug).await? {
            Some(id) => one(&self.0, by_id(id)).await,
            None => Ok(None),
        }
    }

    async fn list_owned<'a>(
        &self,
        seller: UserId,
        status: Option<ProductStatus>,
        text: Option<&'a str>,
        page: &PageRequest,
    ) -> Result<Page<ProductView>, RepositoryError> {
        let own = Condition::all()
            .add(product::Column::SellerId.eq(seller.uuid()))
            .add(filter::has_words(product::Column::TitleKey, text))
            .add_option(status.map(|status| product::Column::Status.eq(status.text())));
        list(&self.0, own, ProductSort::Newest, page).await
    }

    async fn list_everyones<'a>(
        &self,
        gift_card: Option<bool>,
        text: Option<&'a str>,
        page: &PageRequest,
    ) -> Result<Page<ProductView>, RepositoryError> {
        let any = Condition::all()
            .add(filter::has_words(product::Column::TitleKey, text))
            .add_option(gift_card.map(|is| product::Column::GiftCard.eq(is)));
        list(&self.0, any, ProductSort::Newest, page).await
    }

    async fn find_owned(&self, seller: UserId, id: ProductId) -> Result<Option<ProductView>, RepositoryError> {
        let own = product::Column::SellerId.eq(seller.uuid());
        one(&self.0, Condition::all().add(product::Column::Id.eq(id.uuid())).add(own)).await
    }

    async fn categories(&self) -> Result<Vec<CategoryView>, RepositoryError> {
        let by_name = category::Entity::find().order_by_asc(category::Column::Name).order_by_asc(category::Column::Id);
        let rows = by_name.all(&self.0).await.map_err(from_db)?;
        let mut given = slugs::all(&self.0, slugs::CATEGORY).await?;
        let view = |row: category::Model| {
            let category = Category::try_from(row)?;
            let mut former_slugs = given.remove(&category.id.uuid()).unwrap_or_default();
            former_slugs.retain(|slug| *slug != category.slug);
            Ok(CategoryView { category, former_slugs })
        };
        rows.into_iter().map(view).collect()
    }

    async fn materials(&self) -> Result<Vec<MaterialView>, RepositoryError> {
        let by_name = material::Entity::find().order_by_asc(material::Column::Name).order_by_asc(material::Column::Id);
        let rows = by_name.all(&self.0).await.map_err(from_db)?;
        let mut given = slugs::all(&self.0, slugs::MATERIAL).await?;
        let view = |row: material::Model| {
            let material = Material::try_from(row)?;
            let mut former_slugs = given.remove(&material.id.uuid()).unwrap_or_default();
            former_slugs.retain(|slug| *slug != material.slug);
            Ok(MaterialView { material, former_slugs })
        };
        rows.into_iter().map(view).collect()
    }

    async fn seller(&self, id: UserId) -> Result<Option<SellerView>, RepositoryError> {
        let this = user::Entity::find_by_id(id.uuid())
            .filter(user::Column::Role.eq(Role::Seller.text()))
            .filter(user::Column::DeletedAt.is_null())
            .filter(user::Column::DisabledAt.is_null());
        let row = this.one(&self.0).await.map_err(from_db)?;
        Ok(row.map(|row| {
            let shop_name = row.shop_name.or(row.name).unwrap_or_default();
            SellerView { id, shop_name, created_at: row.created_at }
        }))
    }

    async fn offers(&self, variants: &[VariantId]) -> Result<Vec<Offer>, RepositoryError> {
        offers::offers(&self.0, variants).await
    }

    async fn first_images(&self, products: &[ProductId]) -> Result<HashMap<ProductId, ImageView>, RepositoryError> {
        let ids: Vec<Uuid> = products.iter().map(|product| product.uuid()).collect();
        let images = parts::first_images(&self.0, &ids).await?;
        Ok(images.into_iter().map(|(product, image)| (ProductId::new(product), image)).collect())
    }
}

async fn one<C: ConnectionTrait>(db: &C, condition: Condition) -> Result<Option<ProductView>, RepositoryError> {
    let row = product::Entity::find().filter(condition).one(db).await.map_err(from_db)?;
    Ok(views(db, row.into_iter().collect()).await?.pop())
}

async fn list<C: ConnectionTrait>(
    db: &C,
    condition: Condition,
    sort: ProductSort,
    page: &PageRequest,
) -> Result<Page<ProductView>, RepositoryError> {
    let Some(select) = rows_of_page(product::Entity::find().filter(condition), sorting(sort), page) else {
        return Ok(Page { data: Vec::new(), next: None });
    };
    let rows = select.all(db).await.map_err(from_db)?;
    let rows = Page::from_one_more(rows, page.limit, |row| Cursor { key: sort_key(sort, row), id: row.id });
    Ok(Page { data: views(db, rows.data).await?, next: rows.next })
}

fn sorting(sort: ProductSort) -> Sorting<product::Column> {
    use product::Column::{CreatedAt, Id, PriceAmount, TitleKey};
    let (key, kind, order) = match sort {
        ProductSort::Newest => (CreatedAt, KeyKind::Time, Order::Desc),
        ProductSort::Oldest => (CreatedAt, KeyKind::Time, Order::Asc),
        ProductSort::Cheapest => (PriceAmount, KeyKind::Number, Order::Asc),
        ProductSort::Dearest => (PriceAmount, KeyKind::Number, Order::Desc),
        ProductSort::TitleAscending => (TitleKey, KeyKind::Text, Order::Asc),
        ProductSort::TitleDescending => (TitleKey, KeyKind::Text, Order::Desc),
    };
    Sorting { key, kind, id: Id, order }
}

fn sort_key(sort: ProductSort, row: &product::Model) -> String {
    match sort {
        ProductSort::Newest | ProductSort::Oldest => time_key(row.created_at),
        ProductSort::Cheapest | ProductSort::Dearest => row.price_amount.to_string(),
        ProductSort::TitleAscending | ProductSort::TitleDescending => row.title_key.clone(),
    }
}

/// The products with what belongs to them, in the order of the rows.
async fn views<C: ConnectionTrait>(db: &C, rows: Vec<product::Model>) -> Result<Vec<ProductView>, RepositoryError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let sellers = parts::sellers(db, rows.iter().map(|row| row.seller_id)).await?;
    let categories = parts::categories(db, rows.iter().filter_map(|row| row.category_id)).await?;
    let mut materials = parts::materials(db, &ids).await?;
    let mut images = parts::images(db, &ids).await?;
    let mut variants = parts::variants(db, &ids).await?;
    let view = |row: product::Model| {
        let own_variants = variants.remove(&row.id).unwrap_or_default();
        let option_names = option_names(row.option_names.0, &own_variants);
        let own_variants = own_variants.into_iter();
        Ok(ProductView {
            id: ProductId::new(row.id),
            slug: slug(&row.slug)?,
            description: RichText::trusted(row.description),
            price: money(row.price_amount, &row.currency)?,
            compare_at_price: row.compare_at_amount.map(|amount| money(amount, &row.currency)).transpose()?,
            seller: sellers
                .get(&row.seller_id)
                .map(|seller| seller.view.clone())
                .ok_or_else(|| corrupt("product without a seller"))?,
            category: row.category_id.and_then(|id| categories.get(&id).cloned()),
            materials: materials.remove(&row.id).unwrap_or_default(),
            images: images.remove(&row.id).unwrap_or_default(),
            option_names,
            variants: own_variants.map(|variant| variant.into_variant(&row.currency)).collect::<Result<_, _>>()?,
            status: ProductStatus::read(&row.status)?,
            gift_card: row.gift_card,
            title: row.title,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    };
    rows.into_iter().map(view).collect()
}

/// The names of the options that there are: in the seller's order, and those that it does not name by the alphabet.
fn option_names(named: Vec<String>, variants: &[variant::Model]) -> Vec<String> {
    let mut there: BTreeSet<&String> = variants.iter().flat_map(|variant| variant.options.0.keys()).collect();
    let mut names: Vec<String> = named.into_iter().filter(|name| there.remove(name)).collect();
    names.extend(there.into_iter().cloned());
    names
}
