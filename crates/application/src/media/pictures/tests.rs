//! The desk with doubles behind it.

use super::*;
use crate::catalog::ports::MockCatalogQueries;
use crate::catalog::views::{ImageView, ProductView, SellerView};
use crate::media::ports::{Drawn, MockDrawPictures, MockPictureStore};
use crate::system::MockClock;
use crate::tests::{StandingSystem, allowed, now, uuid};
use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
use chrono::{DateTime, Utc};
use domain::catalog::{PictureFormat, PictureSize, ProductStatus};
use domain::identity::Role;
use domain::kernel::{Currency, Money, RichText, Slug};
use mockall::Sequence;

fn product() -> ProductId {
    ProductId::new(uuid(5))
}

fn picture(number: u64) -> Picture {
    let largest = PictureSize { path: format!("pictures/{number}/9-a.jpg"), width: 9, height: 9 };
    Picture { id: ImageId::new(uuid(number)), largest, alt: String::new(), smaller: vec![] }
}

fn view(pictures: u64) -> ProductView {
    ProductView {
        id: product(),
        slug: Slug::parse("ring").unwrap(),
        title: "Ring".to_owned(),
        description: RichText::default(),
        price: Money::new(1, Currency::EUR),
        compare_at_price: None,
        seller: SellerView { id: caller().user_id, shop_name: "Maison Ada".to_owned(), created_at: now() },
        category: None,
        materials: vec![],
        images: (0..pictures).map(|number| ImageView::from(picture(number))).collect(),
        option_names: vec![],
        variants: vec![],
        status: ProductStatus::Active,
        gift_card: false,
        created_at: now(),
        updated_at: now(),
    }
}

fn caller() -> Allowed<policy::SellProducts> {
    allowed(Role::Seller)
}

fn catalog(found: Option<ProductView>) -> MockCatalogQueries {
    let mut catalog = MockCatalogQueries::new();
    catalog.expect_find_owned().return_once(move |_, _| Ok(found));
    catalog
}

/// Somebody who draws whatever is handed in.
fn painter() -> MockDrawPictures {
    let mut painter = MockDrawPictures::new();
    let drawn = Drawn { format: PictureFormat::Jpeg, width: 40, height: 30, bytes: vec![1, 2] };
    painter.expect_largest().return_once(move |_| Ok(drawn));
    painter
}

fn intent() -> UnitOfWorkDouble {
    let mut tx = UnitOfWorkDouble::default();
    let planned =
        |job: &Job, at: &DateTime<Utc>| *job == Job::SweepPicture { image_id: uuid(1_000) } && *at == now() + GRACE;
    tx.jobs.expect_push().withf(planned).times(1).returning(|_, _| Ok(()));
    tx
}

fn locked(pictures: u64) -> UnitOfWorkDouble {
    let mut tx = UnitOfWorkDouble::default();
    let gallery = Gallery::stored((1..=pictures).map(picture).collect());
    let own = |seller: &_, id: &_| *seller == caller().user_id && *id == product();
    tx.pictures.expect_lock_owned().withf(own).return_once(move |_, _| Ok(Some(gallery)));
    tx
}

struct Desk {
    catalog: MockCatalogQueries,
    store: MockPictureStore,
    painter: MockDrawPictures,
    clock: Arc<dyn Clock>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            catalog: catalog(Some(view(0))),
            store: MockPictureStore::new(),
            painter: painter(),
            clock: StandingSystem::new(),
        }
    }
}

fn desk(transactor: &Arc<TransactorDouble>, parts: Desk) -> PictureDesk {
    PictureDesk {
        catalog: Arc::new(parts.catalog),
        transactor: transactor.clone(),
        store: Arc::new(parts.store),
        painter: Arc::new(parts.painter),
        ids: StandingSystem::new(),
        clock: parts.clock,
    }
}

async fn add(transactor: &Arc<TransactorDouble>, parts: Desk) -> Result<Picture, PictureError> {
    desk(transactor, parts).add(&caller(), product(), vec![0], " A ring ".to_owned()).await
}

#[tokio::test]
async fn a_picture_is_stored_before_it_is_named_and_its_sizes_are_planned() {
    let mut last = locked(2);
    last.pictures.expect_add().withf(|_, picture, _| picture.alt == "A ring").times(1).returning(|_, _, _| Ok(()));
    let sizes = |job: &Job, at: &_| *job == Job::MakePictureSizes { image_id: uuid(1_000) } && *at == now();
    last.jobs.expect_push().withf(sizes).times(1).returning(|_, _| Ok(()));
    let transactor = TransactorDouble::new([intent(), last]);
    let mut parts = Desk::default();
    let seen = transactor.clone();
    let stored = move |path: &str, bytes: &Vec<u8>| {
        seen.commits() == 1 && path.starts_with(&Picture::folder(ImageId::new(uuid(1_000)))) && *bytes == [1, 2]
    };
    parts.store.expect_write().withf(stored).times(1).returning(|_, _| Ok(()));
    let picture = add(&transactor, parts).await.unwrap();
    assert_eq!(transactor.commits(), 2);
    assert_eq!((picture.largest.width, picture.largest.height), (40, 30));
    let name = picture.largest.path.rsplit('/').next().unwrap();
    assert!(name.starts_with("40-") && name.ends_with(".jpg") && name.len() == 23, "{name}");
}

#[tokio::test]
async fn nothing_is_unpacked_for_anothers_product_or_a_full_one() {
    for (found, expected) in [(None, "no such product"), (Some(view(12)), "as many pictures")] {
        let transactor = TransactorDouble::new([]);
        let parts = Desk { catalog: catalog(found), painter: MockDrawPictures::new(), ..Desk::default() };
        let error = add(&transactor, parts).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn a_picture_that_is_refused_leaves_nothing() {
    let mut painter = MockDrawPictures::new();
    painter.expect_largest().return_once(|_| Err(PictureRefusal::TooManyPixels));
    let transactor = TransactorDouble::new([]);
    let error = add(&transactor, Desk { painter, ..Desk::default() }).await.unwrap_err();
    assert!(matches!(error, PictureError::Refused(PictureRefusal::TooManyPixels)));
}

#[tokio::test]
async fn a_file_that_was_not_stored_is_named_by_no_row_and_swept() {
    let transactor = TransactorDouble::new([intent()]);
    let mut parts = Desk::default();
    parts.store.expect_write().return_once(|_, _| Err(StoreUnavailable("away".into())));
    assert!(matches!(add(&transactor, parts).await, Err(PictureError::Store(_))));
    assert_eq!(transactor.commits(), 1, "the intent alone");
}

#[tokio::test]
async fn of_two_who_add_the_twelfth_at_once_one_is_refused() {
    let transactor = TransactorDouble::new([intent(), locked(12)]);
    let mut parts = Desk::default();
    parts.store.expect_write().return_once(|_, _| Ok(()));
    assert!(matches!(add(&transactor, parts).await, Err(PictureError::Full)));
    assert_eq!(transactor.commits(), 1);
}

#[tokio::test]
async fn a_row_never_comes_after_the_sweeper() {
    let mut clock = MockClock::new();
    let mut order = Sequence::new();
    clock.expect_now().times(1).in_sequence(&mut order).return_const(now());
    clock.expect_now().times(1).in_sequence(&mut order).return_const(now() + LONGEST + TimeDelta::seconds(1));
    let transactor = TransactorDouble::new([intent()]);
    let mut parts = Desk { clock: Arc::new(clock), ..Desk::default() };
    parts.store.expect_write().return_once(|_, _| Ok(()));
    assert!(matches!(add(&transactor, parts).await, Err(PictureError::Store(_))));
    assert_eq!(transactor.commits(), 1, "the intent alone");
}

fn without_painter() -> Desk {
    Desk { painter: MockDrawPictures::new(), catalog: MockCatalogQueries::new(), ..Desk::default() }
}

#[tokio::test]
async fn a_picture_is_moved_and_described() {
    let mut tx = locked(3);
    let moved = |_: &_, gallery: &Gallery, _: &_| {
        gallery.pictures().iter().map(|picture| picture.id).collect::<Vec<_>>()
            == [3, 1, 2].map(|number| ImageId::new(uuid(number)))
    };
    tx.pictures.expect_put().withf(moved).times(1).returning(|_, _, _| Ok(()));
    let transactor = TransactorDouble::new([tx]);
    let change = PictureChange { alt: Some("Gold".to_owned()), position: Some(1) };
    let desk = desk(&transactor, without_painter());
    let changed = desk.change(&caller(), product(), ImageId::new(uuid(3)), change).await.unwrap();
    assert_eq!((changed.alt.as_str(), transactor.commits()), ("Gold", 1));
}

#[tokio::test]
async fn a_picture_is_taken_away_and_its_files_after_it() {
    let mut tx = locked(2);
    tx.pictures.expect_put().withf(|_, left, _| left.pictures().len() == 1).times(1).returning(|_, _, _| Ok(()));
    let swept = |job: &Job, at: &_| *job == Job::SweepPicture { image_id: uuid(1) } && *at == now();
    tx.jobs.expect_push().withf(swept).times(1).returning(|_, _| Ok(()));
    let transactor = TransactorDouble::new([tx]);
    desk(&transactor, without_painter()).remove(&caller(), product(), ImageId::new(uuid(1))).await.unwrap();
    assert_eq!(transactor.commits(), 1);
}

#[tokio::test]
async fn what_is_not_ones_own_is_not_there() {
    let foreign = || {
        let mut tx = UnitOfWorkDouble::default();
        tx.pictures.expect_lock_owned().return_once(|_, _| Ok(None));
        tx
    };
    let transactor = TransactorDouble::new([foreign(), locked(2)]);
    let desk = desk(&transactor, without_painter());
    let id = ImageId::new(uuid(9));
    assert!(matches!(desk.remove(&caller(), product(), id).await, Err(PictureError::ProductNotFound)));
    assert!(matches!(desk.remove(&caller(), product(), id).await, Err(PictureError::NotFound)));
    assert_eq!(transactor.commits(), 0);
}
