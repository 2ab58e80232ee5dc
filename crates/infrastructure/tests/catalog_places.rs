//! The contract of categories and materials, on both databases: the tree, the slugs that stay good, and what happens when
//! several arrange them at once.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::catalog::arrange_categories::{ArrangeCategories, ArrangeCategoryError, CategoryDesk, CategoryEdit};
use application::catalog::ports::CatalogQueries;
use application::catalog::views::{CategoryView, ProductFilter, ProductSort};
use application::identity::policy::Permission;
use application::identity::{Allowed, Caller, Client, Credential, SessionProof};
use application::{RepositoryError, UniqueKey};
use domain::catalog::{Category, PlaceRefusal, Product};
use domain::identity::{Role, User};
use domain::kernel::{CategoryId, PageRequest, SessionId, Slug, TokenId, UserId};
use infrastructure::system::{SystemClock, UuidGenerator};
use std::sync::Arc;
use testkit::builders::{a_category, a_material, a_product, a_seller, id, noon, slug};
use testkit::{TestDb, both_databases};

fn allowed<P: Permission>(role: Role) -> Allowed<P> {
    let proof = SessionProof {
        session_id: SessionId::new(id()),
        token_id: TokenId::new(id()),
        token_expires_at: noon(),
        proven_at: noon(),
    };
    let caller =
        Caller { user_id: UserId::new(id()), role, email_verified: true, credential: Credential::Session(proof) };
    Allowed::check(&caller, noon()).unwrap()
}

/// An admin whom there is: the security log names them.
async fn admin<P: Permission>(db: &TestDb) -> Allowed<P> {
    let admin = User { role: Role::Admin, ..a_seller() };
    let tx = db.begin().await;
    tx.users().insert(&admin).await.unwrap();
    tx.commit().await.unwrap();
    let proof = SessionProof {
        session_id: SessionId::new(id()),
        token_id: TokenId::new(id()),
        token_expires_at: noon(),
        proven_at: noon(),
    };
    let credential = Credential::Session(proof);
    let caller = Caller { user_id: admin.id, role: Role::Admin, email_verified: true, credential };
    Allowed::check(&caller, noon()).unwrap()
}

fn client() -> Client {
    Client { address: std::net::Ipv4Addr::LOCALHOST.into(), device: "Firefox on Linux".to_owned(), device_token: None }
}

fn desk(db: &TestDb) -> Arc<CategoryDesk> {
    let transactor = Arc::new(db.database().transactor());
    Arc::new(CategoryDesk { transactor, clock: Arc::new(SystemClock), ids: Arc::new(UuidGenerator) })
}

async fn insert(db: &TestDb, categories: &[Category]) {
    let tx = db.begin().await;
    for category in categories {
        tx.categories().insert(category).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn product_in(db: &TestDb, change: impl FnOnce(&mut Product)) -> Product {
    let seller = a_seller();
    let mut product = a_product(seller.id);
    change(&mut product);
    let tx = db.begin().await;
    tx.users().insert(&seller).await.unwrap();
    tx.products().insert(&product).await.unwrap();
    tx.commit().await.unwrap();
    product
}

async fn found(db: &TestDb, filter: ProductFilter) -> usize {
    db.queries().list(&filter, ProductSort::Newest, &PageRequest::default()).await.unwrap().data.len()
}

async fn in_category(db: &TestDb, text: &str) -> usize {
    found(db, ProductFilter { categories: vec![slug(text)], ..ProductFilter::default() }).await
}

async fn of_material(db: &TestDb, text: &str) -> usize {
    found(db, ProductFilter { materials: vec![slug(text)], ..ProductFilter::default() }).await
}

both_databases! {
    async fn a_category_that_gets_another_slug_keeps_the_old_one(db: TestDb) {
        let rings = a_category("rings");
        insert(&db, std::slice::from_ref(&rings)).await;
        product_in(&db, |product| product.category_id = Some(rings.id)).await;
        let renamed = Category { slug: slug("bands"), name: "Bands".to_owned(), ..rings.clone() };
        let tx = db.begin().await;
        tx.categories().update(&renamed).await.unwrap();
        assert_eq!(tx.categories().slug_owner(&slug("rings")).await.unwrap(), Some(rings.id));
        assert_eq!(tx.categories().slug_owner(&slug("pins")).await.unwrap(), None);
        tx.commit().await.unwrap();
        let view = CategoryView { category: renamed.clone(), former_slugs: vec![slug("rings")] };
        assert_eq!(db.queries().categories().await.unwrap(), [view]);
        assert_eq!((in_category(&db, "rings").await, in_category(&db, "bands").await), (1, 1), "old addresses are good");

        let tx = db.begin().await;
        let thief = a_category("rings");
        let refusal = tx.categories().insert(&thief).await;
        assert!(matches!(refusal, Err(RepositoryError::Conflict(UniqueKey::CategorySlug))), "{refusal:?}");
        drop(tx);
        let tx = db.begin().await;
        tx.categories().update(&rings).await.unwrap(); // it may have its own old one again
        tx.commit().await.unwrap();
        assert_eq!(db.queries().categories().await.unwrap()[0].former_slugs, [slug("bands")]);
    }

    async fn merging_moves_products_categories_and_addresses(db: TestDb) {
        let (rings, bands, pins) = (a_category("rings"), a_category("bands"), a_category("pins"));
        let thin = Category { parent_id: Some(bands.id), ..a_category("thin") };
        insert(&db, &[rings.clone(), bands.clone(), pins, thin.clone()]).await;
        product_in(&db, |product| product.category_id = Some(bands.id)).await;
        product_in(&db, |product| product.category_id = Some(thin.id)).await;
        let tx = db.begin().await;
        assert_eq!(tx.categories().count_products(bands.id).await.unwrap(), 1);
        tx.categories().merge(bands.id, rings.id).await.unwrap();
        tx.commit().await.unwrap();
        for name in ["rings", "bands"] {
            assert_eq!(in_category(&db, name).await, 2, "{name}");
        }
        assert_eq!((in_category(&db, "thin").await, in_category(&db, "pins").await), (1, 0));
        let all = db.queries().categories().await.unwrap();
        let of = |id: CategoryId| all.iter().find(|view| view.category.id == id);
        assert_eq!(of(thin.id).unwrap().category.parent_id, Some(rings.id));
        assert_eq!((of(rings.id).unwrap().former_slugs.clone(), of(bands.id)), (vec![slug("bands")], None));
    }

    async fn what_is_removed_leaves_its_slug_free_and_what_is_used_stays(db: TestDb) {
        let (rings, pins) = (a_category("rings"), a_category("pins"));
        insert(&db, &[rings.clone(), pins.clone()]).await;
        product_in(&db, |product| product.category_id = Some(rings.id)).await;
        let tx = db.begin().await;
        tx.categories().remove(pins.id).await.unwrap();
        tx.commit().await.unwrap();
        insert(&db, &[a_category("pins")]).await;
        let tx = db.begin().await;
        let refusal = tx.categories().remove(rings.id).await; // nobody asked whether it is empty
        assert!(matches!(refusal, Err(RepositoryError::Contention)), "{refusal:?}");
    }

    async fn whatever_is_made_of_a_merged_material_is_made_of_the_other_once(db: TestDb) {
        let (gold, yellow) = (a_material("gold"), a_material("yellow-gold"));
        let tx = db.begin().await;
        tx.materials().insert(&gold).await.unwrap();
        tx.materials().insert(&yellow).await.unwrap();
        tx.commit().await.unwrap();
        let both = product_in(&db, |product| product.material_ids = vec![yellow.id, gold.id]).await;
        product_in(&db, |product| product.material_ids = vec![yellow.id]).await;
        let tx = db.begin().await;
        assert_eq!(tx.materials().lock_all().await.unwrap().len(), 2);
        assert_eq!(tx.materials().count_products(yellow.id).await.unwrap(), 2);
        tx.materials().merge(yellow.id, gold.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((of_material(&db, "gold").await, of_material(&db, "yellow-gold").await), (2, 2));
        let view = db.queries().find_owned(both.seller_id, both.id).await.unwrap().unwrap();
        assert_eq!(view.materials, std::slice::from_ref(&gold));
        let all = db.queries().materials().await.unwrap();
        assert_eq!((all.len(), all[0].former_slugs.clone()), (1, vec![slug("yellow-gold")]));
        let tx = db.begin().await;
        let renamed = domain::catalog::Material { slug: slug("yellow-gold"), ..gold };
        tx.materials().update(&renamed).await.unwrap();
        assert_eq!(tx.materials().slug_owner(&slug("gold")).await.unwrap(), Some(renamed.id));
        let refusal = tx.materials().insert(&a_material("gold")).await;
        assert!(matches!(refusal, Err(RepositoryError::Conflict(UniqueKey::MaterialSlug))), "{refusal:?}");
    }

    async fn of_twins_that_are_made_at_once_there_is_one(db: TestDb) {
        insert(&db, &[a_category("jewellery")]).await;
        let desk = desk(&db);
        let tries: Vec<_> = (0..20).map(|_| {
            let desk = desk.clone();
            tokio::spawn(async move { desk.create(&allowed(Role::Seller), "Rings".to_owned(), None).await })
        }).collect();
        let mut made = 0;
        for one in tries {
            match one.await.unwrap() {
                Ok(_) => made += 1,
                Err(error) => assert!(
                    matches!(&error, ArrangeCategoryError::Refused(PlaceRefusal::SameName(twin)) if twin.slug == slug("rings")),
                    "{error}"
                ),
            }
        }
        assert_eq!((made, db.queries().categories().await.unwrap().len()), (1, 2));
    }

    async fn two_who_move_categories_below_each_other_make_no_circle(db: TestDb) {
        for round in 0..5 {
            let [one, other] = ["a", "b"].map(|name| a_category(&format!("{name}-{round}")));
            insert(&db, &[one.clone(), other.clone()]).await;
            let desk = desk(&db);
            let caller = admin(&db).await;
            let moved = |from: CategoryId, below: CategoryId| {
                let desk = desk.clone();
                let edit = CategoryEdit { parent_id: Some(Some(below)), ..CategoryEdit::default() };
                tokio::spawn(async move { desk.change(&caller, from, edit, &client()).await })
            };
            let (first, second) = (moved(one.id, other.id), moved(other.id, one.id));
            let outcomes = [first.await.unwrap(), second.await.unwrap()];
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
            let refused = |outcome: &Result<_, _>| matches!(outcome, Err(ArrangeCategoryError::Refused(PlaceRefusal::BelowItself)));
            assert!(outcomes.iter().any(refused), "{outcomes:?}");
        }
    }

    async fn a_slug_that_two_want_at_once_is_one_ones(db: TestDb) {
        let all: Vec<Category> = (0..10).map(|n| a_category(&format!("c-{n}"))).collect();
        insert(&db, &all).await;
        let tries: Vec<_> = all.into_iter().map(|category| {
            let db = db.database().transactor();
            tokio::spawn(async move {
                let tx = application::unit_of_work::Transactor::begin(&db).await.unwrap();
                let outcome = tx.categories().update(&Category { slug: Slug::parse("best").unwrap(), ..category }).await;
                if outcome.is_ok() { tx.commit().await.unwrap(); }
                outcome
            })
        }).collect();
        let mut won = 0;
        for one in tries {
            match one.await.unwrap() {
                Ok(()) => won += 1,
                Err(error) => assert!(matches!(error, RepositoryError::Conflict(UniqueKey::CategorySlug)), "{error:?}"),
            }
        }
        assert_eq!(won, 1);
    }
}
