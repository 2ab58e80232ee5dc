//! The tree of categories: sellers and admins add to it, admins arrange it. Every change waits for the one before, so that
//! each is judged by the tree as it is.

use super::sell::tail;
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::policy::{AddToCatalogue, ArrangeCatalogue};
use crate::identity::{Allowed, Client};
use crate::repository_error::{RepositoryError, UniqueKey};
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use domain::catalog::{Category, CategoryTree, PlaceRefusal};
use domain::kernel::{CategoryId, Slug};
use std::sync::Arc;

/// What an admin changes; `None` leaves a thing as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CategoryEdit {
    /// A new name; the slug stays, so that links stay as they are.
    pub name: Option<String>,
    /// A new slug; the old one stays good.
    pub slug: Option<Slug>,
    /// Another category above, or none.
    pub parent_id: Option<Option<CategoryId>>,
}

/// Adds and arranges categories.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ArrangeCategories: Send + Sync {
    /// Adds one below another, or at the top; its slug is drawn from its name.
    async fn create(
        &self,
        caller: &Allowed<AddToCatalogue>,
        name: String,
        parent: Option<CategoryId>,
    ) -> Result<Category, ArrangeCategoryError>;
    /// Renames or moves one.
    async fn change(
        &self,
        caller: &Allowed<ArrangeCatalogue>,
        id: CategoryId,
        edit: CategoryEdit,
        client: &Client,
    ) -> Result<Category, ArrangeCategoryError>;
    /// Gives all that one has to another, which is answered, and removes it.
    async fn merge(
        &self,
        caller: &Allowed<ArrangeCatalogue>,
        id: CategoryId,
        into: CategoryId,
        client: &Client,
    ) -> Result<Category, ArrangeCategoryError>;
    /// Removes one that nothing is in.
    async fn remove(
        &self,
        caller: &Allowed<ArrangeCatalogue>,
        id: CategoryId,
        client: &Client,
    ) -> Result<(), ArrangeCategoryError>;
}

/// Why the tree stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum ArrangeCategoryError {
    /// There is no such category.
    #[error("there is no such category")]
    NotFound,
    /// It can't stand there.
    #[error("it can't stand there: {0:?}")]
    Refused(PlaceRefusal),
    /// It can't be merged into that one.
    #[error("it can't be merged into that one: {0:?}")]
    NotMergeable(PlaceRefusal),
    /// The slug is or was another's.
    #[error("the slug is taken")]
    SlugTaken,
    /// Something is in it.
    #[error("{products} products and {categories} categories are in it")]
    NotEmpty {
        /// Products of any status.
        products: u64,
        /// Categories right below it.
        categories: usize,
    },
    /// The database failed.
    #[error(transparent)]
    Repository(RepositoryError),
}

impl From<RepositoryError> for ArrangeCategoryError {
    fn from(error: RepositoryError) -> Self {
        match error {
            RepositoryError::Conflict(UniqueKey::CategorySlug) => Self::SlugTaken,
            other => Self::Repository(other),
        }
    }
}

/// The service behind [`ArrangeCategories`].
pub struct CategoryDesk {
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
}

#[async_trait]
impl ArrangeCategories for CategoryDesk {
    async fn create(
        &self,
        _caller: &Allowed<AddToCatalogue>,
        name: String,
        parent: Option<CategoryId>,
    ) -> Result<Category, ArrangeCategoryError> {
        let id = CategoryId::new(self.ids.next());
        let tx = self.transactor.begin().await?;
        let all = tx.categories().lock_all().await?;
        let tree = CategoryTree(&all);
        let slugs = Category::slugs(&name, parent.and_then(|parent| tree.find(parent)));
        let slug = free(tx.as_ref(), slugs, id).await?;
        let category = Category { id, slug, name, parent_id: parent };
        tree.place(&category).map_err(ArrangeCategoryError::Refused)?;
        tx.categories().insert(&category).await?;
        tx.commit().await?;
        Ok(category)
    }

    async fn change(
        &self,
        caller: &Allowed<ArrangeCatalogue>,
        id: CategoryId,
        edit: CategoryEdit,
        client: &Client,
    ) -> Result<Category, ArrangeCategoryError> {
        let tx = self.transactor.begin().await?;
        let all = tx.categories().lock_all().await?;
        let tree = CategoryTree(&all);
        let before = tree.find(id).ok_or(ArrangeCategoryError::NotFound)?;
        let category = Category {
            id,
            slug: edit.slug.unwrap_or_else(|| before.slug.clone()),
            name: edit.name.unwrap_or_else(|| before.name.clone()),
            parent_id: edit.parent_id.unwrap_or(before.parent_id),
        };
        tree.place(&category).map_err(ArrangeCategoryError::Refused)?;
        tx.categories().update(&category).await?;
        let event = told(SecurityEventKind::CategoryChanged, caller, client)
            .with("category", id)
            .with("from", &before.name)
            .with("to", &category.name);
        self.note_and_commit(tx, &event).await?;
        Ok(category)
    }

    async fn merge(
        &self,
        caller: &Allowed<ArrangeCatalogue>,
        id: CategoryId,
        into: CategoryId,
        client: &Client,
    ) -> Result<Category, ArrangeCategoryError> {
        let tx = self.transactor.begin().await?;
        let all = tx.categories().lock_all().await?;
        let tree = CategoryTree(&all);
        let from = tree.find(id).ok_or(ArrangeCategoryError::NotFound)?;
        tree.merge(id, into).map_err(ArrangeCategoryError::NotMergeable)?;
        let unknown = || ArrangeCategoryError::NotMergeable(PlaceRefusal::UnknownParent);
        let target = tree.find(into).ok_or_else(unknown)?;
        tx.categories().merge(id, into).await?;
        let event = told(SecurityEventKind::CategoryMerged, caller, client)
            .with("category", id)
            .with("from", &from.name)
            .with("into", into)
            .with("to", &target.name);
        self.note_and_commit(tx, &event).await?;
        Ok(target.clone())
    }

    async fn remove(
        &self,
        caller: &Allowed<ArrangeCatalogue>,
        id: CategoryId,
        client: &Client,
    ) -> Result<(), ArrangeCategoryError> {
        let tx = self.transactor.begin().await?;
        let all = tx.categories().lock_all().await?;
        let tree = CategoryTree(&all);
        let category = tree.find(id).ok_or(ArrangeCategoryError::NotFound)?;
        let (products, categories) = (tx.categories().count_products(id).await?, tree.children(id));
        if products > 0 || categories > 0 {
            return Err(ArrangeCategoryError::NotEmpty { products, categories });
        }
        tx.categories().remove(id).await?;
        let event =
            told(SecurityEventKind::CategoryRemoved, caller, client).with("category", id).with("from", &category.name);
        self.note_and_commit(tx, &event).await?;
        Ok(())
    }
}

impl CategoryDesk {
    async fn note_and_commit(&self, tx: Box<dyn UnitOfWork>, event: &SecurityEvent) -> Result<(), RepositoryError> {
        tx.security_log().record(event, self.clock.now()).await?;
        tx.commit().await
    }
}

fn told(kind: SecurityEventKind, caller: &Allowed<ArrangeCatalogue>, client: &Client) -> SecurityEvent {
    SecurityEvent::new(kind).about(caller.user_id).by(caller.user_id).from(client)
}

/// The first of the slugs that nobody has or had; with its own end when all are taken.
async fn free(tx: &dyn UnitOfWork, slugs: Vec<Slug>, id: CategoryId) -> Result<Slug, RepositoryError> {
    for slug in &slugs {
        if tx.categories().slug_owner(slug).await?.is_none() {
            return Ok(slug.clone());
        }
    }
    let own = slugs.into_iter().next().unwrap_or_else(|| Slug::from_title("", "category"));
    Ok(own.with_suffix(&tail(id.uuid())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{StandingSystem, allowed, client, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;

    fn id(number: u64) -> CategoryId {
        CategoryId::new(uuid(number))
    }

    fn slug(text: &str) -> Slug {
        Slug::parse(text).unwrap()
    }

    fn category(number: u64, name: &str, parent: Option<u64>) -> Category {
        Category { id: id(number), slug: Slug::from_title(name, "c"), name: name.to_owned(), parent_id: parent.map(id) }
    }

    /// A unit of work in which there are Jewellery (1) with Rings (2), and Watches (3).
    fn shop() -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        let all = vec![category(1, "Jewellery", None), category(2, "Rings", Some(1)), category(3, "Watches", None)];
        let taken = all.clone();
        tx.categories.expect_lock_all().times(1).returning(move || Ok(all.clone()));
        tx.categories
            .expect_slug_owner()
            .returning(move |slug| Ok(taken.iter().find(|c| c.slug == *slug).map(|c| c.id)));
        tx
    }

    fn noting(mut tx: UnitOfWorkDouble, kind: SecurityEventKind) -> UnitOfWorkDouble {
        tx.security_log.expect_record().withf(move |event, _| event.kind == kind).times(1).returning(|_, _| Ok(()));
        tx
    }

    fn desk(units: impl IntoIterator<Item = UnitOfWorkDouble>) -> (CategoryDesk, Arc<TransactorDouble>) {
        let (transactor, system) = (TransactorDouble::new(units), StandingSystem::new());
        (CategoryDesk { transactor: transactor.clone(), clock: system.clone(), ids: system }, transactor)
    }

    #[tokio::test]
    async fn a_new_one_gets_a_slug_from_its_name_and_if_need_be_from_the_name_above() {
        for (name, parent, expected) in [
            ("Pins", None, "pins"),
            ("Rings", Some(3), "watches-rings"),
            ("Rings", None, "rings-000003e8"),
            ("指輪", Some(1), "category"),
        ] {
            let mut tx = shop();
            let right =
                move |category: &Category| category.slug == slug(expected) && category.parent_id == parent.map(id);
            tx.categories.expect_insert().withf(right).times(1).returning(|_| Ok(()));
            let (desk, transactor) = desk([tx]);
            let made = desk.create(&allowed(Role::Seller), name.to_owned(), parent.map(id)).await.unwrap();
            assert_eq!((made.slug.as_str(), transactor.commits()), (expected, 1));
        }
    }

    #[tokio::test]
    async fn a_twin_is_refused_by_the_name_of_the_one_that_is_there() {
        let (desk, transactor) = desk([shop()]);
        let refused = desk.create(&allowed(Role::Seller), "RINGS".to_owned(), Some(id(1))).await.unwrap_err();
        let ArrangeCategoryError::Refused(PlaceRefusal::SameName(twin)) = refused else { panic!("{refused}") };
        assert_eq!((twin.id, transactor.commits()), (id(2), 0));
    }

    #[tokio::test]
    async fn renaming_leaves_the_slug_and_is_noted() {
        let mut tx = noting(shop(), SecurityEventKind::CategoryChanged);
        tx.categories.expect_update().times(1).returning(|_| Ok(()));
        let (desk, transactor) = desk([tx, shop()]);
        let edit = CategoryEdit { name: Some("Finger rings".to_owned()), ..CategoryEdit::default() };
        let changed = desk.change(&allowed(Role::Admin), id(2), edit.clone(), &client()).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.slug.as_str()), ("Finger rings", "rings"));
        let unknown = desk.change(&allowed(Role::Admin), id(9), edit, &client()).await;
        assert!(matches!(unknown, Err(ArrangeCategoryError::NotFound)));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn one_is_merged_into_another_but_not_into_one_below_it() {
        let mut tx = noting(shop(), SecurityEventKind::CategoryMerged);
        tx.categories
            .expect_merge()
            .withf(|from, into| (*from, *into) == (id(2), id(3)))
            .times(1)
            .returning(|_, _| Ok(()));
        let (desk, transactor) = desk([tx, shop()]);
        assert_eq!(desk.merge(&allowed(Role::Admin), id(2), id(3), &client()).await.unwrap().id, id(3));
        let below = desk.merge(&allowed(Role::Admin), id(1), id(2), &client()).await;
        assert!(matches!(below, Err(ArrangeCategoryError::NotMergeable(PlaceRefusal::BelowItself))));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn only_an_empty_one_is_removed() {
        let mut full = shop();
        full.categories.expect_count_products().returning(|_| Ok(7));
        let mut above = shop();
        above.categories.expect_count_products().returning(|_| Ok(0));
        let mut empty = noting(shop(), SecurityEventKind::CategoryRemoved);
        empty.categories.expect_count_products().returning(|_| Ok(0));
        empty.categories.expect_remove().times(1).returning(|_| Ok(()));
        let (desk, transactor) = desk([empty, above, full]);
        desk.remove(&allowed(Role::Admin), id(3), &client()).await.unwrap();
        for (number, expected) in [(1, (0, 1)), (3, (7, 0))] {
            let refused = desk.remove(&allowed(Role::Admin), id(number), &client()).await.unwrap_err();
            let ArrangeCategoryError::NotEmpty { products, categories } = refused else { panic!("{refused}") };
            assert_eq!((products, categories), expected);
        }
        assert_eq!(transactor.commits(), 1);
    }
}
