//! The materials: sellers and admins add to them, admins rename, merge and remove them. Every change waits for the one before.

use super::sell::tail;
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::policy::{AddToCatalogue, ArrangeCatalogue};
use crate::identity::{Allowed, Client};
use crate::repository_error::{RepositoryError, UniqueKey};
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use domain::catalog::{Material, name_key};
use domain::kernel::{MaterialId, Slug};
use std::sync::Arc;

/// So many there are at the most, since they are read whole.
const MOST: usize = 2_000;

/// What an admin changes; `None` leaves a thing as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MaterialEdit {
    /// A new name; the slug stays, so that links stay as they are.
    pub name: Option<String>,
    /// A new slug; the old one stays good.
    pub slug: Option<Slug>,
}

/// Adds and arranges materials.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ArrangeMaterials: Send + Sync {
    /// Adds one; its slug is drawn from its name.
    async fn create(&self, caller: &Allowed<AddToCatalogue>, name: String) -> Result<Material, ArrangeMaterialError>;
    /// Renames one.
    async fn change(
        &self,
        caller: &Allowed<ArrangeCatalogue>,
        id: MaterialId,
        edit: MaterialEdit,
        client: &Client,
    ) -> Result<Material, ArrangeMaterialError>;
    /// Whatever is made of one is made of another, which is answered; and it is removed.
    async fn merge(
        &self,
        caller: &Allowed<ArrangeCatalogue>,
        id: MaterialId,
        into: MaterialId,
        client: &Client,
    ) -> Result<Material, ArrangeMaterialError>;
    /// Removes one that nothing is made of.
    async fn remove(
        &self,
        caller: &Allowed<ArrangeCatalogue>,
        id: MaterialId,
        client: &Client,
    ) -> Result<(), ArrangeMaterialError>;
}

/// Why the materials stay as they are.
#[derive(Debug, thiserror::Error)]
pub enum ArrangeMaterialError {
    /// There is no such material.
    #[error("there is no such material")]
    NotFound,
    /// There is no such material to merge into, or it is the same.
    #[error("there is no such other material")]
    UnknownTarget,
    /// Another one has the name.
    #[error("another material has the name")]
    SameName(Material),
    /// The shop has as many as it takes.
    #[error("there are too many materials")]
    Full,
    /// The slug is or was another's.
    #[error("the slug is taken")]
    SlugTaken,
    /// So many products are made of it.
    #[error("{0} products are made of it")]
    InUse(u64),
    /// The database failed.
    #[error(transparent)]
    Repository(RepositoryError),
}

impl From<RepositoryError> for ArrangeMaterialError {
    fn from(error: RepositoryError) -> Self {
        match error {
            RepositoryError::Conflict(UniqueKey::MaterialSlug) => Self::SlugTaken,
            other => Self::Repository(other),
        }
    }
}

/// The service behind [`ArrangeMaterials`].
pub struct MaterialDesk {
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
}

#[async_trait]
impl ArrangeMaterials for MaterialDesk {
    async fn create(&self, _caller: &Allowed<AddToCatalogue>, name: String) -> Result<Material, ArrangeMaterialError> {
        let id = MaterialId::new(self.ids.next());
        let tx = self.transactor.begin().await?;
        let all = tx.materials().lock_all().await?;
        if all.len() >= MOST {
            return Err(ArrangeMaterialError::Full);
        }
        let drawn = Slug::from_title(&name, "material");
        let taken = tx.materials().slug_owner(&drawn).await?.is_some();
        let slug = if taken { drawn.with_suffix(&tail(id.uuid())) } else { drawn };
        let material = differing(&all, Material { id, slug, name })?;
        tx.materials().insert(&material).await?;
        tx.commit().await?;
        Ok(material)
    }

    async fn change(
        &self,
        caller: &Allowed<ArrangeCatalogue>,
        id: MaterialId,
        edit: MaterialEdit,
        client: &Client,
    ) -> Result<Material, ArrangeMaterialError> {
        let tx = self.transactor.begin().await?;
        let all = tx.materials().lock_all().await?;
        let before = find(&all, id).ok_or(ArrangeMaterialError::NotFound)?;
        let slug = edit.slug.unwrap_or_else(|| before.slug.clone());
        let name = edit.name.unwrap_or_else(|| before.name.clone());
        let material = differing(&all, Material { id, slug, name })?;
        tx.materials().update(&material).await?;
        let event = told(SecurityEventKind::MaterialChanged, caller, client)
            .with("material", id)
            .with("from", &before.name)
            .with("to", &material.name);
        self.note_and_commit(tx, &event).await?;
        Ok(material)
    }

    async fn merge(
        &self,
        caller: &Allowed<ArrangeCatalogue>,
        id: MaterialId,
        into: MaterialId,
        client: &Client,
    ) -> Result<Material, ArrangeMaterialError> {
        let tx = self.transactor.begin().await?;
        let all = tx.materials().lock_all().await?;
        let from = find(&all, id).ok_or(ArrangeMaterialError::NotFound)?;
        let target = find(&all, into).filter(|target| target.id != id).ok_or(ArrangeMaterialError::UnknownTarget)?;
        tx.materials().merge(id, into).await?;
        let event = told(SecurityEventKind::MaterialMerged, caller, client)
            .with("material", id)
            .with("from", &from.name)
            .with("into", into)
            .with("to", &target.name);
        self.note_and_commit(tx, &event).await?;
        Ok(target.clone())
    }

    async fn remove(
        &self,
        caller: &Allowed<ArrangeCatalogue>,
        id: MaterialId,
        client: &Client,
    ) -> Result<(), ArrangeMaterialError> {
        let tx = self.transactor.begin().await?;
        let all = tx.materials().lock_all().await?;
        let material = find(&all, id).ok_or(ArrangeMaterialError::NotFound)?;
        let products = tx.materials().count_products(id).await?;
        if products > 0 {
            return Err(ArrangeMaterialError::InUse(products));
        }
        tx.materials().remove(id).await?;
        let event =
            told(SecurityEventKind::MaterialRemoved, caller, client).with("material", id).with("from", &material.name);
        self.note_and_commit(tx, &event).await?;
        Ok(())
    }
}

impl MaterialDesk {
    async fn note_and_commit(&self, tx: Box<dyn UnitOfWork>, event: &SecurityEvent) -> Result<(), RepositoryError> {
        tx.security_log().record(event, self.clock.now()).await?;
        tx.commit().await
    }
}

fn find(all: &[Material], id: MaterialId) -> Option<&Material> {
    all.iter().find(|material| material.id == id)
}

/// The material, if no other has its name.
fn differing(all: &[Material], material: Material) -> Result<Material, ArrangeMaterialError> {
    let key = name_key(&material.name);
    let twin = all.iter().find(|other| other.id != material.id && name_key(&other.name) == key);
    twin.map_or(Ok(material), |twin| Err(ArrangeMaterialError::SameName(twin.clone())))
}

fn told(kind: SecurityEventKind, caller: &Allowed<ArrangeCatalogue>, client: &Client) -> SecurityEvent {
    SecurityEvent::new(kind).about(caller.user_id).by(caller.user_id).from(client)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{StandingSystem, allowed, client, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;

    fn id(number: u64) -> MaterialId {
        MaterialId::new(uuid(number))
    }

    fn material(number: u64, name: &str) -> Material {
        Material { id: id(number), slug: Slug::from_title(name, "m"), name: name.to_owned() }
    }

    /// A unit of work in which there are Gold (1) and Silver (2); the slug `au` was Gold's.
    fn shop() -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.materials.expect_lock_all().times(1).returning(|| Ok(vec![material(1, "Gold"), material(2, "Silver")]));
        tx.materials.expect_slug_owner().returning(|slug| Ok((slug.as_str() == "au").then_some(id(1))));
        tx
    }

    fn noting(mut tx: UnitOfWorkDouble, kind: SecurityEventKind) -> UnitOfWorkDouble {
        tx.security_log.expect_record().withf(move |event, _| event.kind == kind).times(1).returning(|_, _| Ok(()));
        tx
    }

    fn desk(units: impl IntoIterator<Item = UnitOfWorkDouble>) -> (MaterialDesk, Arc<TransactorDouble>) {
        let (transactor, system) = (TransactorDouble::new(units), StandingSystem::new());
        (MaterialDesk { transactor: transactor.clone(), clock: system.clone(), ids: system }, transactor)
    }

    #[tokio::test]
    async fn a_new_one_gets_a_slug_that_nobody_had_and_a_twin_is_refused() {
        let mut tx = shop();
        let right = |made: &Material| made.slug.as_str() == "au-000003e8";
        tx.materials.expect_insert().withf(right).times(1).returning(|_| Ok(()));
        let (desk, transactor) = desk([tx, shop()]);
        desk.create(&allowed(Role::Seller), "Au".to_owned()).await.unwrap();
        let refused = desk.create(&allowed(Role::Seller), "GÓLD ".to_owned()).await.unwrap_err();
        assert!(matches!(refused, ArrangeMaterialError::SameName(twin) if twin.id == id(1)));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn renaming_and_merging_are_noted() {
        let mut renamed = noting(shop(), SecurityEventKind::MaterialChanged);
        renamed.materials.expect_update().times(1).returning(|_| Ok(()));
        let mut merged = noting(shop(), SecurityEventKind::MaterialMerged);
        merged.materials.expect_merge().times(1).returning(|_, _| Ok(()));
        let (desk, transactor) = desk([renamed, merged, shop()]);
        let edit = MaterialEdit { name: Some("Yellow gold".to_owned()), slug: None };
        let changed = desk.change(&allowed(Role::Admin), id(1), edit, &client()).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.slug.as_str()), ("Yellow gold", "gold"));
        assert_eq!(desk.merge(&allowed(Role::Admin), id(2), id(1), &client()).await.unwrap().id, id(1));
        let same = desk.merge(&allowed(Role::Admin), id(1), id(1), &client()).await;
        assert!(matches!(same, Err(ArrangeMaterialError::UnknownTarget)));
        assert_eq!(transactor.commits(), 2);
    }

    #[tokio::test]
    async fn only_one_that_nothing_is_made_of_is_removed() {
        let mut used = shop();
        used.materials.expect_count_products().returning(|_| Ok(3));
        let mut unused = noting(shop(), SecurityEventKind::MaterialRemoved);
        unused.materials.expect_count_products().returning(|_| Ok(0));
        unused.materials.expect_remove().times(1).returning(|_| Ok(()));
        let (desk, transactor) = desk([used, unused]);
        let refused = desk.remove(&allowed(Role::Admin), id(1), &client()).await;
        assert!(matches!(refused, Err(ArrangeMaterialError::InUse(3))));
        desk.remove(&allowed(Role::Admin), id(2), &client()).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }
}
