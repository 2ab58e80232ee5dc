//! The contract of products' pictures, on both databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::catalog::ports::CatalogQueries;
use application::catalog::views::ImageView;
use application::unit_of_work::Transactor;
use domain::catalog::{Gallery, Picture, PictureChange, PictureSize, Product};
use domain::kernel::{ImageId, UserId};
use testkit::builders::{a_picture, a_product, a_seller, id, seconds};
use testkit::{TestDb, both_databases};

/// A product with so many pictures.
async fn stored(db: &TestDb, pictures: usize) -> (Product, Vec<ImageId>) {
    let seller = a_seller();
    let product = a_product(seller.id);
    let tx = db.begin().await;
    tx.users().insert(&seller).await.unwrap();
    tx.products().insert(&product).await.unwrap();
    let mut ids = Vec::new();
    for number in 0..pictures {
        let picture = Picture { smaller: vec![], ..a_picture(&format!("p{number}")) };
        tx.pictures().add(product.id, &picture, seconds(1)).await.unwrap();
        ids.push(picture.id);
    }
    tx.commit().await.unwrap();
    (product, ids)
}

async fn gallery(db: &TestDb, product: &Product) -> Gallery {
    db.begin().await.pictures().lock_owned(product.seller_id, product.id).await.unwrap().unwrap()
}

fn ids(gallery: &Gallery) -> Vec<ImageId> {
    gallery.pictures().iter().map(|picture| picture.id).collect()
}

both_databases! {
    async fn pictures_are_added_at_the_end_and_the_product_was_changed_by_that(db: TestDb) {
        let (product, added) = stored(&db, 3).await;
        assert_eq!(ids(&gallery(&db, &product).await), added);
        let view = db.queries().find_owned(product.seller_id, product.id).await.unwrap().unwrap();
        assert_eq!(view.images.iter().map(|image| image.id).collect::<Vec<_>>(), added);
        assert_eq!((view.updated_at, view.created_at), (seconds(1), product.created_at));
    }

    async fn order_and_words_are_written_and_what_was_taken_away_is_gone(db: TestDb) {
        let (product, added) = stored(&db, 4).await;
        let (other, untouched) = stored(&db, 2).await;
        let mut changed = gallery(&db, &product).await;
        changed.change(added[3], PictureChange { alt: Some("Gold".to_owned()), position: Some(1) }).unwrap();
        changed.remove(added[1]).unwrap();
        let tx = db.begin().await;
        tx.pictures().put(product.id, &changed, seconds(9)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(gallery(&db, &product).await, changed);
        assert_eq!(ids(&changed), [added[3], added[0], added[2]]);
        assert_eq!(ids(&gallery(&db, &other).await), untouched);
        assert_eq!(db.queries().first_images(&[product.id]).await.unwrap()[&product.id].alt, "Gold");
        let tx = db.begin().await;
        assert_eq!(tx.pictures().find(added[1]).await.unwrap(), None);
        let left = tx.pictures().find(added[2]).await.unwrap();
        assert_eq!(left.as_ref(), changed.pictures().get(2));
        tx.pictures().put(product.id, &Gallery::default(), seconds(10)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(gallery(&db, &product).await, Gallery::default());
    }

    async fn sizes_are_noted_once_they_are_made_and_not_for_a_picture_that_is_gone(db: TestDb) {
        let (product, added) = stored(&db, 1).await;
        let size = |ending: &str| PictureSize { path: format!("pictures/x/320-a.{ending}"), width: 320, height: 200 };
        let sizes = vec![size("webp"), size("jpg")];
        let tx = db.begin().await;
        assert!(tx.pictures().set_sizes(added[0], &sizes).await.unwrap());
        assert!(!tx.pictures().set_sizes(ImageId::new(id()), &sizes).await.unwrap());
        tx.commit().await.unwrap();
        let picture = db.begin().await.pictures().find(added[0]).await.unwrap().unwrap();
        assert_eq!(picture.smaller, sizes);
        let shown = &db.queries().find_owned(product.seller_id, product.id).await.unwrap().unwrap().images[0];
        assert_eq!(*shown, ImageView::from(picture));
        assert_eq!((shown.thumbnails[0].url.as_str(), shown.fallbacks[0].url.as_str()),
            ("/media/pictures/x/320-a.webp", "/media/pictures/x/320-a.jpg"));
    }

    async fn anothers_product_has_no_pictures_to_lock(db: TestDb) {
        let (product, _) = stored(&db, 1).await;
        let stranger = UserId::new(id());
        assert_eq!(db.begin().await.pictures().lock_owned(stranger, product.id).await.unwrap(), None);
    }

    async fn of_twenty_who_add_a_picture_at_once_as_many_succeed_as_there_is_room(db: TestDb) {
        let (product, _) = stored(&db, 0).await;
        let adding = (0..20).map(|number| {
            let (transactor, product) = (db.database().transactor(), product.clone());
            tokio::spawn(async move {
                let tx = transactor.begin().await.unwrap();
                let mut gallery = tx.pictures().lock_owned(product.seller_id, product.id).await.unwrap().unwrap();
                let picture = a_picture(&format!("p{number}"));
                if gallery.add(picture.clone()).is_err() {
                    return 0;
                }
                tx.pictures().add(product.id, &picture, seconds(1)).await.unwrap();
                tx.commit().await.unwrap();
                1
            })
        });
        let mut added = 0;
        for one in adding.collect::<Vec<_>>() {
            added += one.await.unwrap();
        }
        assert_eq!(added, Gallery::MOST);
        assert_eq!(gallery(&db, &product).await.pictures().len(), Gallery::MOST);
    }
}
