//! Sellers and their own products.

use super::ports::CatalogQueries;
use super::views::ProductView;
use crate::identity::{Allowed, policy};
use crate::repository_error::{RepositoryError, UniqueKey};
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::catalog::{NewProduct, NewVariant, Options, Product, ProductChange, ProductFault, ProductStatus};
use domain::kernel::{CategoryId, MaterialId, Money, Page, PageRequest, ProductId, RichText, Slug, UserId, VariantId};
use std::sync::Arc;
use uuid::Uuid;

/// What a seller hands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductDraft {
    pub title: String,
    pub description: RichText,
    pub price: Money,
    pub compare_at_price: Option<Money>,
    pub category: Option<Slug>,
    pub materials: Vec<Slug>,
    pub status: ProductStatus,
    /// At least one.
    pub variants: Vec<VariantDraft>,
}

/// A variant as a seller hands it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariantDraft {
    /// Their number for it; drawn when they give none.
    pub sku: Option<String>,
    pub options: Options,
    pub price: Option<Money>,
    pub stock: u32,
}

/// What a seller changes, with places by their slugs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProductEdit {
    /// The change; its places are filled in from the slugs below.
    pub change: ProductChange,
    pub category: Option<Option<Slug>>,
    pub materials: Option<Vec<Slug>>,
    /// A new stock for the only variant of a simple product.
    pub stock: Option<u32>,
}

/// Lets sellers look after their own products, and nobody else's.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SellProducts: Send + Sync {
    /// Puts a product on sale.
    async fn create(
        &self,
        caller: &Allowed<policy::SellProducts>,
        draft: ProductDraft,
    ) -> Result<ProductView, SellError>;
    /// Changes one.
    async fn edit(
        &self,
        caller: &Allowed<policy::SellProducts>,
        id: ProductId,
        edit: ProductEdit,
    ) -> Result<ProductView, SellError>;
    /// Their own products, newest first.
    async fn list<'a>(
        &self,
        caller: &Allowed<policy::ViewOwnProducts>,
        status: Option<ProductStatus>,
        text: Option<&'a str>,
        page: &PageRequest,
    ) -> Result<Page<ProductView>, SellError>;
    /// One of their own products.
    async fn find(&self, caller: &Allowed<policy::ViewOwnProducts>, id: ProductId) -> Result<ProductView, SellError>;
}

/// Why a seller's wish was not done.
#[derive(Debug, thiserror::Error)]
pub enum SellError {
    /// They have no such product.
    #[error("there is no such product")]
    NotFound,
    /// The product would be wrong.
    #[error("the product has faults")]
    Faulty(Vec<ProductFault>),
    /// There is no such category.
    #[error("there is no such category")]
    UnknownCategory,
    /// There is no such material; its place in the list.
    #[error("there is no such material")]
    UnknownMaterial(usize),
    /// `stock` was given for a product with several variants.
    #[error("the product has several variants")]
    SeveralVariants,
    /// Another of their variants has the number.
    #[error("the SKU is taken")]
    SkuTaken,
    /// The database failed.
    #[error(transparent)]
    Repository(RepositoryError),
}

impl From<RepositoryError> for SellError {
    fn from(error: RepositoryError) -> Self {
        match error {
            RepositoryError::Conflict(UniqueKey::VariantSku) => Self::SkuTaken,
            other => Self::Repository(other),
        }
    }
}

/// The service behind [`SellProducts`].
pub struct ProductDesk {
    /// Reads.
    pub catalog: Arc<dyn CatalogQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
}

#[async_trait]
impl SellProducts for ProductDesk {
    async fn create(
        &self,
        caller: &Allowed<policy::SellProducts>,
        draft: ProductDraft,
    ) -> Result<ProductView, SellError> {
        let category_id = self.category(draft.category.as_ref()).await?;
        let material_ids = self.materials(&draft.materials).await?;
        let id = ProductId::new(self.ids.next());
        let title_slug = Slug::from_title(&draft.title, "product");
        let variants = draft.variants.into_iter().map(|variant| self.new_variant(variant)).collect();
        let tx = self.transactor.begin().await?;
        let taken = tx.products().slug_is_taken(&title_slug).await?;
        let new = NewProduct {
            id,
            seller_id: caller.user_id,
            slug: if taken { title_slug.with_suffix(&tail(id.uuid())) } else { title_slug },
            title: draft.title,
            description: draft.description,
            price: draft.price,
            compare_at_price: draft.compare_at_price,
            category_id,
            material_ids,
            status: draft.status,
            variants,
        };
        let product = Product::create(new, self.clock.now()).map_err(SellError::Faulty)?;
        tx.products().insert(&product).await?;
        tx.commit().await?;
        self.own(caller.user_id, id).await
    }

    async fn edit(
        &self,
        caller: &Allowed<policy::SellProducts>,
        id: ProductId,
        edit: ProductEdit,
    ) -> Result<ProductView, SellError> {
        let mut change = edit.change;
        if let Some(category) = edit.category {
            change.category_id = Some(self.category(category.as_ref()).await?);
        }
        if let Some(materials) = edit.materials {
            change.material_ids = Some(self.materials(&materials).await?);
        }
        let tx = self.transactor.begin().await?;
        let product = tx.products().lock_owned(caller.user_id, id).await?.ok_or(SellError::NotFound)?;
        if let Some(stock) = edit.stock {
            change.variants.push(product.only_variant_stock(stock).ok_or(SellError::SeveralVariants)?);
        }
        let changed = product.change(change, self.clock.now()).map_err(SellError::Faulty)?;
        tx.products().update(&changed).await?;
        tx.commit().await?;
        self.own(caller.user_id, id).await
    }

    async fn list<'a>(
        &self,
        caller: &Allowed<policy::ViewOwnProducts>,
        status: Option<ProductStatus>,
        text: Option<&'a str>,
        page: &PageRequest,
    ) -> Result<Page<ProductView>, SellError> {
        Ok(self.catalog.list_owned(caller.user_id, status, text, page).await?)
    }

    async fn find(&self, caller: &Allowed<policy::ViewOwnProducts>, id: ProductId) -> Result<ProductView, SellError> {
        self.own(caller.user_id, id).await
    }
}

impl ProductDesk {
    async fn own(&self, seller: UserId, id: ProductId) -> Result<ProductView, SellError> {
        self.catalog.find_owned(seller, id).await?.ok_or(SellError::NotFound)
    }

    async fn category(&self, slug: Option<&Slug>) -> Result<Option<CategoryId>, SellError> {
        let Some(slug) = slug else { return Ok(None) };
        let categories = self.catalog.categories().await?;
        let found = categories.into_iter().find(|view| view.answers_to(slug));
        found.map(|view| Some(view.category.id)).ok_or(SellError::UnknownCategory)
    }

    async fn materials(&self, slugs: &[Slug]) -> Result<Vec<MaterialId>, SellError> {
        if slugs.is_empty() {
            return Ok(Vec::new());
        }
        let known = self.catalog.materials().await?;
        let find = |(place, slug): (usize, &Slug)| {
            let found = known.iter().find(|view| view.answers_to(slug));
            found.map(|view| view.material.id).ok_or(SellError::UnknownMaterial(place))
        };
        slugs.iter().enumerate().map(find).collect()
    }

    fn new_variant(&self, draft: VariantDraft) -> NewVariant {
        let id = self.ids.next();
        let sku = draft.sku.unwrap_or_else(|| format!("SKU-{}", tail(id).to_uppercase()));
        NewVariant { id: VariantId::new(id), sku, options: draft.options, price: draft.price, stock: draft.stock }
    }
}

/// The last eight hexadecimal digits of an id: its random end.
pub(super) fn tail(id: Uuid) -> String {
    id.simple().to_string().split_off(24)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ports::MockCatalogQueries;
    use crate::catalog::views::{CategoryView, SellerView};
    use crate::tests::{StandingSystem, allowed, eur, now, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::catalog::{Category, Variant};
    use domain::identity::Role;
    use domain::kernel::UserId;

    fn slug(text: &str) -> Slug {
        Slug::parse(text).unwrap()
    }

    fn draft() -> ProductDraft {
        ProductDraft {
            title: "Ring".to_owned(),
            description: RichText::default(),
            price: eur(10_000),
            compare_at_price: None,
            category: Some(slug("rings")),
            materials: vec![],
            status: ProductStatus::Active,
            variants: vec![VariantDraft { sku: None, options: Options::new(), price: None, stock: 1 }],
        }
    }

    fn product() -> Product {
        let variant = Variant {
            id: VariantId::new(uuid(5)),
            sku: "R-1".to_owned(),
            options: Options::new(),
            price: eur(10_000),
            stock: 1,
        };
        Product {
            id: ProductId::new(uuid(4)),
            seller_id: UserId::new(uuid(1)),
            slug: slug("ring"),
            title: "Ring".to_owned(),
            description: RichText::default(),
            price: eur(10_000),
            compare_at_price: None,
            category_id: None,
            material_ids: vec![],
            status: ProductStatus::Active,
            gift_card: false,
            variants: vec![variant],
            created_at: now(),
            updated_at: now(),
        }
    }

    fn view() -> ProductView {
        let product = product();
        ProductView {
            id: product.id,
            slug: product.slug,
            title: product.title,
            description: product.description,
            price: product.price,
            compare_at_price: None,
            seller: SellerView { id: product.seller_id, shop_name: "Ada's".to_owned(), created_at: now() },
            category: None,
            materials: vec![],
            images: vec![],
            variants: product.variants,
            status: product.status,
            gift_card: false,
            created_at: now(),
            updated_at: now(),
        }
    }

    /// The desk of a shop that has the category `rings`.
    fn desk(transactor: &Arc<TransactorDouble>) -> ProductDesk {
        let mut catalog = MockCatalogQueries::new();
        let rings =
            Category { id: CategoryId::new(uuid(50)), slug: slug("rings"), name: "Rings".to_owned(), parent_id: None };
        let rings = CategoryView { category: rings, former_slugs: vec![slug("bands")] };
        catalog.expect_categories().returning(move || Ok(vec![rings.clone()]));
        catalog.expect_materials().returning(|| Ok(vec![]));
        catalog.expect_find_owned().returning(|_, _| Ok(Some(view())));
        let system = StandingSystem::new();
        ProductDesk { catalog: Arc::new(catalog), transactor: transactor.clone(), clock: system.clone(), ids: system }
    }

    #[tokio::test]
    async fn a_product_gets_its_places_and_a_slug_that_is_free() {
        let mut tx = UnitOfWorkDouble::default();
        tx.products.expect_slug_is_taken().returning(|_| Ok(true));
        let placed = |product: &Product| {
            product.slug == slug("ring-000003e8")
                && product.category_id == Some(CategoryId::new(uuid(50)))
                && product.seller_id == UserId::new(uuid(1))
                && product.variants.iter().all(|variant| variant.sku.starts_with("SKU-"))
        };
        tx.products.expect_insert().withf(placed).times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        desk(&transactor).create(&allowed(Role::Seller), draft()).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn a_place_that_is_not_there_is_named() {
        let transactor = TransactorDouble::new([]);
        let nowhere = ProductDraft { category: Some(slug("hats")), ..draft() };
        let refused = desk(&transactor).create(&allowed(Role::Seller), nowhere).await.unwrap_err();
        assert!(matches!(refused, SellError::UnknownCategory));
        let of_nothing = ProductDraft { materials: vec![slug("moonlight")], ..draft() };
        let refused = desk(&transactor).create(&allowed(Role::Seller), of_nothing).await.unwrap_err();
        assert!(matches!(refused, SellError::UnknownMaterial(0)));
    }

    #[tokio::test]
    async fn the_stock_of_a_simple_product_is_set_on_its_only_variant() {
        let mut tx = UnitOfWorkDouble::default();
        tx.products.expect_lock_owned().returning(|_, _| Ok(Some(product())));
        let restocked = |product: &Product| product.variants[0].stock == 7;
        tx.products.expect_update().withf(restocked).times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let edit = ProductEdit { stock: Some(7), ..ProductEdit::default() };
        desk(&transactor).edit(&allowed(Role::Seller), product().id, edit).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn anothers_product_is_not_there() {
        let mut tx = UnitOfWorkDouble::default();
        tx.products.expect_lock_owned().returning(|_, _| Ok(None));
        let transactor = TransactorDouble::new([tx]);
        let refused = desk(&transactor).edit(&allowed(Role::Seller), product().id, ProductEdit::default()).await;
        assert!(matches!(refused, Err(SellError::NotFound)));
        assert_eq!(transactor.commits(), 0);
    }
}
