//! Sellers and their own products.

use super::ports::CatalogQueries;
use super::views::ProductView;
use crate::identity::{Allowed, policy};
use crate::jobs::Job;
use crate::repository_error::{RepositoryError, UniqueKey};
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use domain::catalog::{
    ChangeRefusal, NewProduct, NewVariant, Options, Product, ProductChange, ProductFault, ProductStatus, StockChange,
    Variant, VariantChange, VariantEdit,
};
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
    /// The options, in the order in which customers choose.
    pub option_names: Vec<String>,
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
    /// Another slug; the one of now stays good.
    pub slug: Option<SlugWish>,
    /// Variants that are changed or added, in the order in which they shall stand.
    pub variants: Vec<VariantWish>,
    /// A new stock for the only variant of a simple product.
    pub stock: Option<StockChange>,
}

/// What a seller wants of a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariantWish {
    /// This change of one that is there.
    Change(VariantChange),
    /// One more.
    Add(VariantDraft),
}

/// What became of a product that its seller removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removed {
    /// It is gone: nobody had ever ordered it.
    Gone,
    /// It is archived, for the orders that have it.
    Archived(Box<ProductView>),
}

/// The slug that a seller wants for a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlugWish {
    /// This one.
    Given(Slug),
    /// One that the title makes, with an end of its own if that is taken.
    OfTitle,
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
    /// Removes one that nobody ordered, and archives any other.
    async fn remove(&self, caller: &Allowed<policy::SellProducts>, id: ProductId) -> Result<Removed, SellError>;
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
    /// Variants have not got the stock that the seller saw; as they are now.
    #[error("the stock has moved")]
    StockMoved(Vec<Variant>),
    /// There is no such category.
    #[error("there is no such category")]
    UnknownCategory,
    /// There is no such material; its place in the list.
    #[error("there is no such material")]
    UnknownMaterial(usize),
    /// `stock` was given for a product with several variants.
    #[error("the product has several variants")]
    SeveralVariants,
    /// Another product has the slug, or had it.
    #[error("the slug is taken")]
    SlugTaken,
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
            RepositoryError::Conflict(UniqueKey::ProductSlug) => Self::SlugTaken,
            other => Self::Repository(other),
        }
    }
}

impl From<ChangeRefusal> for SellError {
    fn from(refusal: ChangeRefusal) -> Self {
        match refusal {
            ChangeRefusal::Faulty(faults) => Self::Faulty(faults),
            ChangeRefusal::StockMoved(variants) => Self::StockMoved(variants),
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
        let variants = draft.variants.into_iter().map(|variant| self.new_variant(variant)).collect();
        let tx = self.transactor.begin().await?;
        let new = NewProduct {
            id,
            seller_id: caller.user_id,
            slug: slug_of_title(tx.as_ref(), id, &draft.title).await?,
            title: draft.title,
            description: draft.description,
            price: draft.price,
            compare_at_price: draft.compare_at_price,
            category_id,
            material_ids,
            status: draft.status,
            option_names: draft.option_names,
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
        change.slug = match edit.slug {
            None => None,
            Some(SlugWish::Given(slug)) => Some(slug),
            Some(SlugWish::OfTitle) => {
                let title = change.title.as_deref().unwrap_or(&product.title);
                Some(slug_of_title(tx.as_ref(), id, title).await?)
            }
        };
        change.variants = edit.variants.into_iter().map(|wish| self.variant_edit(wish)).collect();
        if let Some(stock) = edit.stock {
            let id = product.only_variant().ok_or(SellError::SeveralVariants)?;
            let change_of_it = VariantChange { id, sku: None, options: None, price: None, stock: Some(stock) };
            change.variants.push(VariantEdit::Change(change_of_it));
        }
        let changed = product.change(change, self.clock.now())?;
        tx.products().update(&changed).await?;
        tx.commit().await?;
        self.own(caller.user_id, id).await
    }

    async fn remove(&self, caller: &Allowed<policy::SellProducts>, id: ProductId) -> Result<Removed, SellError> {
        let tx = self.transactor.begin().await?;
        let product = tx.products().lock_owned(caller.user_id, id).await?.ok_or(SellError::NotFound)?;
        if !tx.products().was_ordered(id).await? {
            let gallery = tx.pictures().lock_owned(caller.user_id, id).await?.unwrap_or_default();
            tx.products().remove(id).await?;
            for picture in gallery.pictures() {
                tx.jobs().push(Job::SweepPicture { image_id: picture.id.uuid() }, self.clock.now()).await?;
            }
            tx.commit().await?;
            return Ok(Removed::Gone);
        }
        let off = ProductChange { status: Some(ProductStatus::Archived), ..ProductChange::default() };
        let archived = product.change(off, self.clock.now())?;
        tx.products().update(&archived).await?;
        tx.commit().await?;
        Ok(Removed::Archived(Box::new(self.own(caller.user_id, id).await?)))
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

    fn variant_edit(&self, wish: VariantWish) -> VariantEdit {
        match wish {
            VariantWish::Change(change) => VariantEdit::Change(change),
            VariantWish::Add(draft) => VariantEdit::Add(self.new_variant(draft)),
        }
    }

    fn new_variant(&self, draft: VariantDraft) -> NewVariant {
        let id = self.ids.next();
        let sku = draft.sku.unwrap_or_else(|| format!("SKU-{}", tail(id).to_uppercase()));
        NewVariant { id: VariantId::new(id), sku, options: draft.options, price: draft.price, stock: draft.stock }
    }
}

/// The slug that a title makes, if no other product has or had it; otherwise with an end of its own.
async fn slug_of_title(tx: &dyn UnitOfWork, id: ProductId, title: &str) -> Result<Slug, RepositoryError> {
    let drawn = Slug::from_title(title, "product");
    let owner = tx.products().slug_owner(&drawn).await?;
    let free = owner.is_none_or(|owner| owner == id);
    Ok(if free { drawn } else { drawn.with_suffix(&tail(id.uuid())) })
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
    use domain::catalog::{Category, Gallery, Picture, PictureSize};
    use domain::identity::Role;
    use domain::kernel::{ImageId, UserId};

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
            option_names: vec![],
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
            option_names: vec![],
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
            option_names: vec![],
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
        tx.products.expect_slug_owner().returning(|_| Ok(Some(ProductId::new(uuid(77)))));
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
        let edit = ProductEdit { stock: Some(StockChange::ToFrom(7, 1)), ..ProductEdit::default() };
        desk(&transactor).edit(&allowed(Role::Seller), product().id, edit).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn a_stock_that_somebody_bought_of_meanwhile_is_not_overwritten() {
        let mut tx = UnitOfWorkDouble::default();
        tx.products.expect_lock_owned().returning(|_, _| Ok(Some(product())));
        let transactor = TransactorDouble::new([tx]);
        let edit = ProductEdit { stock: Some(StockChange::ToFrom(7, 2)), ..ProductEdit::default() };
        let refused = desk(&transactor).edit(&allowed(Role::Seller), product().id, edit).await;
        let Err(SellError::StockMoved(variants)) = refused else { panic!("{refused:?}") };
        assert_eq!((variants[0].stock, transactor.commits()), (1, 0));
    }

    #[tokio::test]
    async fn a_variant_that_is_added_gets_an_id_and_a_number() {
        let mut tx = UnitOfWorkDouble::default();
        tx.products.expect_lock_owned().returning(|_, _| Ok(Some(product())));
        let grown = |product: &Product| product.variants.len() == 2 && product.variants[1].sku.starts_with("SKU-");
        tx.products.expect_update().withf(grown).times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let options = Options::from([("Size".to_owned(), "52".to_owned())]);
        let draft = VariantDraft { sku: None, options, price: None, stock: 1 };
        let edit = ProductEdit { variants: vec![VariantWish::Add(draft)], ..ProductEdit::default() };
        desk(&transactor).edit(&allowed(Role::Seller), product().id, edit).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn what_nobody_ordered_is_removed_and_all_else_is_archived() {
        for ordered in [false, true] {
            let mut tx = UnitOfWorkDouble::default();
            tx.products.expect_lock_owned().returning(|_, _| Ok(Some(product())));
            tx.products.expect_was_ordered().returning(move |_| Ok(ordered));
            tx.products.expect_remove().times(usize::from(!ordered)).returning(|_| Ok(()));
            let largest = PictureSize { path: "pictures/7/9-a.jpg".to_owned(), width: 9, height: 9 };
            let picture = Picture { id: ImageId::new(uuid(7)), largest, alt: String::new(), smaller: vec![] };
            tx.pictures.expect_lock_owned().returning(move |_, _| Ok(Some(Gallery::stored(vec![picture.clone()]))));
            let swept = |job: &Job, _: &_| *job == Job::SweepPicture { image_id: uuid(7) };
            tx.jobs.expect_push().withf(swept).times(usize::from(!ordered)).returning(|_, _| Ok(()));
            let archived = |product: &Product| product.status == ProductStatus::Archived;
            tx.products.expect_update().withf(archived).times(usize::from(ordered)).returning(|_| Ok(()));
            let transactor = TransactorDouble::new([tx]);
            let removed = desk(&transactor).remove(&allowed(Role::Seller), product().id).await.unwrap();
            assert_eq!((removed == Removed::Gone, transactor.commits()), (!ordered, 1));
        }
    }

    #[tokio::test]
    async fn the_slug_is_changed_when_that_is_asked_and_not_by_a_title_alone() {
        let cases: [(Option<&str>, Option<SlugWish>, &str); 5] = [
            (Some("Band"), None, "ring"),
            (None, Some(SlugWish::Given(slug("best-ring"))), "best-ring"),
            (Some("Band"), Some(SlugWish::OfTitle), "band"),
            (Some("Taken"), Some(SlugWish::OfTitle), "taken-00000004"),
            (None, Some(SlugWish::OfTitle), "ring"),
        ];
        for (title, wish, expected) in cases {
            let mut tx = UnitOfWorkDouble::default();
            tx.products.expect_lock_owned().returning(|_, _| Ok(Some(product())));
            tx.products.expect_slug_owner().returning(|asked| {
                Ok(match asked.as_str() {
                    "taken" => Some(ProductId::new(uuid(77))),
                    "ring" => Some(product().id), // its own
                    _ => None,
                })
            });
            let moved = move |product: &Product| product.slug == slug(expected);
            tx.products.expect_update().withf(moved).times(1).returning(|_| Ok(()));
            let transactor = TransactorDouble::new([tx]);
            let change = ProductChange { title: title.map(str::to_owned), ..ProductChange::default() };
            let edit = ProductEdit { change, slug: wish, ..ProductEdit::default() };
            desk(&transactor).edit(&allowed(Role::Seller), product().id, edit).await.unwrap();
            assert_eq!(transactor.commits(), 1);
        }
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
