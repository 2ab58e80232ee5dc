//! The contract of products and their stock, on both databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::catalog::ports::CatalogQueries;
use application::catalog::views::{ProductFilter, ProductKey, ProductSort};
use application::unit_of_work::Transactor;
use application::{RepositoryError, UniqueKey};
use domain::catalog::{
    NewVariant, Options, Product, ProductChange, ProductStatus, StockChange, VariantChange, VariantEdit,
};
use domain::identity::{Role, User};
use domain::kernel::{PageRequest, ProductId, UserId, VariantId};
use testkit::builders::{
    a_cart, a_cart_line, a_category, a_material, a_picture, a_product, a_seller, a_variant, cents, id, seconds, slug,
};
use testkit::{TestDb, both_databases};

async fn seller(db: &TestDb) -> User {
    let seller = a_seller();
    let tx = db.begin().await;
    tx.users().insert(&seller).await.unwrap();
    tx.commit().await.unwrap();
    seller
}

async fn insert(db: &TestDb, product: &Product) {
    let tx = db.begin().await;
    tx.products().insert(product).await.unwrap();
    tx.commit().await.unwrap();
}

/// A product that is stored, with this stock of its only variant.
async fn stored(db: &TestDb, stock: u32) -> Product {
    let mut product = a_product(seller(db).await.id);
    product.variants = vec![a_variant(12_900, stock)];
    insert(db, &product).await;
    product
}

async fn stock_of(db: &TestDb, variant: VariantId) -> u32 {
    db.queries().offers(&[variant]).await.unwrap()[0].stock
}

both_databases! {
    async fn a_product_is_seen_with_all_that_belongs_to_it(db: TestDb) {
        let seller = seller(&db).await;
        let (rings, gold, silver) = (a_category("rings"), a_material("gold"), a_material("silver"));
        let mut product = a_product(seller.id);
        product.category_id = Some(rings.id);
        product.material_ids = vec![silver.id, gold.id];
        product.compare_at_price = Some(cents(20_000));
        product.variants = vec![a_variant(12_900, 0), a_variant(13_900, 3)];
        let (front, back) = (a_picture("front"), a_picture("back"));
        let tx = db.begin().await;
        tx.categories().insert(&rings).await.unwrap();
        tx.materials().insert(&gold).await.unwrap();
        tx.materials().insert(&silver).await.unwrap();
        tx.products().insert(&product).await.unwrap();
        tx.products().insert_pictures(product.id, std::slice::from_ref(&front)).await.unwrap();
        tx.products().insert_pictures(product.id, &[back]).await.unwrap();
        tx.commit().await.unwrap();

        let view = db.queries().find(&ProductKey::Slug(product.slug.clone())).await.unwrap().unwrap();
        assert_eq!(db.queries().find(&ProductKey::Id(product.id)).await.unwrap(), Some(view.clone()));
        assert_eq!((view.id, &view.title, &view.description), (product.id, &product.title, &product.description));
        assert_eq!((view.price, view.compare_at_price), (cents(12_900), Some(cents(20_000))));
        assert_eq!((view.seller.id, view.seller.shop_name.as_str()), (seller.id, "Maison Ada"));
        assert_eq!(view.category, Some(rings.clone()));
        assert_eq!(view.materials, [silver.clone(), gold.clone()]);
        assert_eq!(view.variants, product.variants);
        assert_eq!((view.status, view.created_at, view.updated_at), (product.status, product.created_at, product.updated_at));
        let urls: Vec<_> = view.images.iter().map(|image| image.url.as_str()).collect();
        assert_eq!(urls, ["/media/demo/front-1200.webp", "/media/demo/back-1200.webp"]);
        assert_eq!(view.images[0].thumbnails[0].url, "/media/demo/front-400.webp");
        assert_eq!((view.images[0].width, view.images[0].thumbnails[0].width), (1200, 400));

        let asked = [product.variants[1].id, VariantId::new(id()), product.variants[0].id];
        let offers = db.queries().offers(&asked).await.unwrap();
        let offered: Vec<_> = offers.iter().map(|offer| (offer.variant_id, offer.price, offer.stock)).collect();
        assert_eq!(offered, [(asked[0], cents(13_900), 3), (asked[2], cents(12_900), 0)]);
        assert_eq!((offers[0].category.clone(), offers[0].on_sale), (Some(rings.slug), true));
        assert_eq!(offers[0].materials, [silver.slug, gold.slug]);
        assert_eq!(offers[0].image.as_ref().map(|image| image.id), Some(front.id));
        let first = db.queries().first_images(&[product.id, ProductId::new(id())]).await.unwrap();
        assert_eq!(first.into_iter().map(|(product, image)| (product, image.id)).collect::<Vec<_>>(), [(product.id, front.id)]);
    }

    async fn only_active_products_are_seen_by_customers(db: TestDb) {
        let seller = seller(&db).await;
        for status in [ProductStatus::Draft, ProductStatus::Archived] {
            let mut product = a_product(seller.id);
            product.status = status;
            insert(&db, &product).await;
            assert_eq!(db.queries().find(&ProductKey::Id(product.id)).await.unwrap(), None);
            assert!(db.queries().find_owned(seller.id, product.id).await.unwrap().is_some());
            assert!(!db.queries().offers(&[product.variants[0].id]).await.unwrap()[0].on_sale);
        }
        let all = db.queries().list(&ProductFilter::default(), ProductSort::Newest, &PageRequest::default()).await.unwrap();
        assert!(all.data.is_empty());
    }

    async fn what_a_seller_offers_is_on_sale_while_they_are_a_seller_whom_nobody_keeps_out(db: TestDb) {
        let (product, another) = (stored(&db, 5).await, stored(&db, 5).await);
        let asked = [product.variants[0].id, another.variants[0].id];
        let changed = |disabled_at: Option<chrono::DateTime<chrono::Utc>>, role: Role| {
            let (db, seller) = (&db, product.seller_id);
            async move {
                let tx = db.begin().await;
                let mut seller = tx.users().lock(seller).await.unwrap().unwrap();
                (seller.disabled_at, seller.role) = (disabled_at, role);
                tx.users().update(&seller).await.unwrap();
                tx.commit().await.unwrap();
            }
        };
        for (out, disabled_at, role) in [
            (true, Some(seconds(1)), Role::Seller),
            (false, None, Role::Seller),
            (true, None, Role::Customer),
            (false, None, Role::Seller),
        ] {
            changed(disabled_at, role).await;
            let all = db.queries().list(&ProductFilter::default(), ProductSort::Oldest, &PageRequest::default()).await.unwrap();
            let found: Vec<_> = all.data.iter().map(|view| view.id).collect();
            assert_eq!(found.contains(&product.id), !out);
            assert!(found.contains(&another.id));
            let theirs = ProductFilter { seller: Some(product.seller_id), ..ProductFilter::default() };
            let theirs = db.queries().list(&theirs, ProductSort::Oldest, &PageRequest::default()).await.unwrap();
            assert_eq!(theirs.data.len(), usize::from(!out));
            for key in [ProductKey::Id(product.id), ProductKey::Slug(product.slug.clone())] {
                assert_eq!(db.queries().find(&key).await.unwrap().is_some(), !out);
            }
            assert_eq!(db.queries().seller(product.seller_id).await.unwrap().is_some(), !out);
            let on_sale = |offers: Vec<application::catalog::views::Offer>| offers.iter().map(|offer| offer.on_sale).collect::<Vec<_>>();
            assert_eq!(on_sale(db.queries().offers(&asked).await.unwrap()), [!out, true]);
            let tx = db.begin().await;
            assert_eq!(on_sale(tx.stock().offers(&asked).await.unwrap()), [!out, true], "a checkout sees the same");
            drop(tx);
            // Their own they see, if only on their way out.
            assert!(db.queries().find_owned(product.seller_id, product.id).await.unwrap().is_some());
        }
    }

    async fn a_seller_sees_and_changes_only_their_own(db: TestDb) {
        let product = stored(&db, 5).await;
        let other = seller(&db).await;
        assert_eq!(db.queries().find_owned(other.id, product.id).await.unwrap(), None);
        assert!(db.queries().list_owned(other.id, None, None, &PageRequest::default()).await.unwrap().data.is_empty());
        let tx = db.begin().await;
        assert_eq!(tx.products().lock_owned(other.id, product.id).await.unwrap(), None);
        assert_eq!(tx.products().lock_owned(product.seller_id, product.id).await.unwrap(), Some(product.clone()));
        drop(tx);
        assert_eq!(db.queries().seller(other.id).await.unwrap().unwrap().shop_name, "Maison Ada");
        assert_eq!(db.queries().seller(UserId::new(id())).await.unwrap(), None);
    }

    async fn a_slug_belongs_to_one_product(db: TestDb) {
        let product = stored(&db, 5).await;
        let mut twin = a_product(product.seller_id);
        twin.slug = product.slug.clone();
        let tx = db.begin().await;
        assert_eq!(tx.products().slug_owner(&product.slug).await.unwrap(), Some(product.id));
        assert_eq!(tx.products().slug_owner(&slug("free")).await.unwrap(), None);
        let refusal = tx.products().insert(&twin).await;
        assert!(matches!(refusal, Err(RepositoryError::Conflict(UniqueKey::ProductSlug))), "{refusal:?}");
    }

    async fn a_product_is_found_by_every_slug_that_it_had_and_nobody_else_gets_one(db: TestDb) {
        let product = stored(&db, 5).await;
        let first = product.slug.clone();
        for (at, name) in ["second", "third"].into_iter().enumerate() {
            let tx = db.begin().await;
            let locked = tx.products().lock_owned(product.seller_id, product.id).await.unwrap().unwrap();
            let change = ProductChange { slug: Some(slug(name)), ..ProductChange::default() };
            tx.products().update(&locked.change(change, seconds(i64::try_from(at).unwrap())).unwrap()).await.unwrap();
            tx.commit().await.unwrap();
        }
        for asked in [first.clone(), slug("second"), slug("third")] {
            let found = db.queries().find(&ProductKey::Slug(asked)).await.unwrap().unwrap();
            assert_eq!((found.id, found.slug), (product.id, slug("third")));
        }
        let other = stored(&db, 1).await;
        let tx = db.begin().await;
        let thief = Product { slug: slug("second"), ..other };
        let refusal = tx.products().update(&thief).await;
        assert!(matches!(refusal, Err(RepositoryError::Conflict(UniqueKey::ProductSlug))), "{refusal:?}");
        drop(tx);
        let tx = db.begin().await;
        let back = Product { slug: first.clone(), ..product.clone() };
        tx.products().update(&back).await.unwrap(); // it may have its own old one again
        tx.commit().await.unwrap();
        assert_eq!(db.queries().find(&ProductKey::Slug(slug("third"))).await.unwrap().unwrap().slug, first);
        let tx = db.begin().await;
        tx.products().update(&Product { status: ProductStatus::Draft, ..back }).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().find(&ProductKey::Slug(slug("second"))).await.unwrap(), None, "it is not on sale");
    }

    async fn a_slug_that_many_products_want_at_once_is_one_products(db: TestDb) {
        let mut products = Vec::new();
        for _ in 0..8 {
            products.push(stored(&db, 1).await);
        }
        let tries: Vec<_> = products.into_iter().map(|product| {
            let transactor = db.database().transactor();
            tokio::spawn(async move {
                let tx = transactor.begin().await.unwrap();
                let locked = tx.products().lock_owned(product.seller_id, product.id).await.unwrap().unwrap();
                let outcome = tx.products().update(&Product { slug: slug("best"), ..locked }).await;
                if outcome.is_ok() { tx.commit().await.unwrap(); }
                outcome
            })
        }).collect();
        let mut won = 0;
        for one in tries {
            match one.await.unwrap() {
                Ok(()) => won += 1,
                Err(error) => assert!(matches!(error, RepositoryError::Conflict(UniqueKey::ProductSlug)), "{error:?}"),
            }
        }
        assert_eq!(won, 1);
    }

    async fn a_number_belongs_to_one_variant_of_a_seller(db: TestDb) {
        let product = stored(&db, 5).await;
        let mut twin = a_product(product.seller_id);
        twin.variants[0].sku = product.variants[0].sku.clone();
        let tx = db.begin().await;
        let refusal = tx.products().insert(&twin).await;
        assert!(matches!(refusal, Err(RepositoryError::Conflict(UniqueKey::VariantSku))), "{refusal:?}");
        drop(tx);

        let mut other = a_product(product.seller_id);
        insert(&db, &other).await;
        other.variants[0].sku = product.variants[0].sku.clone();
        let tx = db.begin().await;
        let refusal = tx.products().update(&other).await;
        assert!(matches!(refusal, Err(RepositoryError::Conflict(UniqueKey::VariantSku))), "{refusal:?}");
        drop(tx);

        let mut of_another_seller = a_product(seller(&db).await.id);
        of_another_seller.variants[0].sku = product.variants[0].sku.clone();
        insert(&db, &of_another_seller).await;
    }

    async fn a_change_is_written_variants_and_materials_included(db: TestDb) {
        let seller = seller(&db).await;
        let (gold, silver) = (a_material("gold"), a_material("silver"));
        let mut product = a_product(seller.id);
        product.material_ids = vec![gold.id, silver.id];
        product.variants = vec![a_variant(12_900, 5), a_variant(12_900, 6)];
        let tx = db.begin().await;
        tx.materials().insert(&gold).await.unwrap();
        tx.materials().insert(&silver).await.unwrap();
        tx.products().insert(&product).await.unwrap();
        tx.commit().await.unwrap();

        let second = product.variants[1].id;
        let change = ProductChange {
            title: Some("Bague".into()),
            price: Some(cents(15_000)),
            material_ids: Some(vec![silver.id]),
            status: Some(ProductStatus::Draft),
            variants: vec![VariantEdit::Change(VariantChange {
                id: second,
                sku: Some("NEW".into()),
                options: None,
                price: None,
                stock: Some(StockChange::To(9)),
            })],
            ..ProductChange::default()
        };
        let tx = db.begin().await;
        let locked = tx.products().lock_owned(seller.id, product.id).await.unwrap().unwrap();
        let changed = locked.change(change, seconds(5)).unwrap();
        tx.products().update(&changed).await.unwrap();
        tx.commit().await.unwrap();

        let tx = db.begin().await;
        assert_eq!(tx.products().lock_owned(seller.id, product.id).await.unwrap(), Some(changed.clone()));
        drop(tx);
        let view = db.queries().find_owned(seller.id, product.id).await.unwrap().unwrap();
        assert_eq!((view.title.as_str(), view.price, view.materials), ("Bague", cents(15_000), vec![silver]));
        assert_eq!(view.variants, changed.variants);
        let found = db.queries().list_owned(seller.id, Some(ProductStatus::Draft), Some("bAG"), &PageRequest::default()).await.unwrap();
        assert_eq!(found.data.len(), 1);
        let old = db.queries().list_owned(seller.id, None, Some("ring"), &PageRequest::default()).await.unwrap();
        assert!(old.data.is_empty());
    }

    async fn anyones_products_are_found_by_what_they_are_and_by_their_title(db: TestDb) {
        let (one, other) = (seller(&db).await, seller(&db).await);
        let word = format!("voucher{}", id().simple());
        let named = |seller: UserId, title: String, status| Product { title, status, ..a_product(seller) };
        let card = named(one.id, format!("{word} card"), ProductStatus::Draft);
        let ring = named(other.id, format!("Ring {word}"), ProductStatus::Active);
        for product in [&card, &ring] {
            insert(&db, product).await;
        }
        let tx = db.begin().await;
        assert!(tx.products().set_gift_card(card.id, true, seconds(5)).await.unwrap());
        tx.commit().await.unwrap();
        let text = word.to_uppercase();
        let mut all = vec![card.id, ring.id];
        all.sort();
        for (gift_card, wanted) in [(Some(true), vec![card.id]), (Some(false), vec![ring.id]), (None, all)] {
            let queries = db.queries();
            let found = queries.list_everyones(gift_card, Some(&text), &PageRequest::default()).await.unwrap().data;
            let mut found: Vec<ProductId> = found.into_iter().map(|product| product.id).collect();
            found.sort();
            assert_eq!(found, wanted, "{gift_card:?}");
        }
        let none = db.queries().list_everyones(Some(true), Some("ring"), &PageRequest::default()).await.unwrap();
        assert!(none.data.iter().all(|product| product.id != ring.id));
    }

    async fn stock_is_reserved_while_there_is_enough_and_given_back(db: TestDb) {
        let variant = stored(&db, 5).await.variants[0].id;
        let tx = db.begin().await;
        assert!(tx.stock().reserve(variant, 3).await.unwrap());
        assert!(!tx.stock().reserve(variant, 3).await.unwrap());
        assert!(tx.stock().reserve(variant, 2).await.unwrap());
        assert_eq!(tx.stock().offers(&[variant]).await.unwrap()[0].stock, 0);
        tx.stock().give_back(variant, 4).await.unwrap();
        assert!(!tx.stock().reserve(VariantId::new(id()), 1).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(stock_of(&db, variant).await, 4);
    }

    async fn what_a_checkout_that_fails_had_reserved_is_there_again(db: TestDb) {
        let variant = stored(&db, 1).await.variants[0].id;
        let tx = db.begin().await;
        assert!(tx.stock().reserve(variant, 1).await.unwrap());
        drop(tx);
        assert_eq!(stock_of(&db, variant).await, 1);
    }

    async fn the_last_piece_is_reserved_once(db: TestDb) {
        let variant = stored(&db, 1).await.variants[0].id;
        let tries = (0..50).map(|_| {
            let transactor = db.database().transactor();
            tokio::spawn(async move {
                let tx = transactor.begin().await.unwrap();
                let reserved = tx.stock().reserve(variant, 1).await.unwrap();
                tx.commit().await.unwrap();
                reserved
            })
        });
        let mut reserved = 0;
        for one in tries.collect::<Vec<_>>() {
            reserved += u32::from(one.await.unwrap());
        }
        assert_eq!((reserved, stock_of(&db, variant).await), (1, 0));
    }

    async fn a_seller_who_changes_a_product_loses_no_sale(db: TestDb) {
        let product = stored(&db, 5).await;
        let variant = product.variants[0].id;
        let edit = db.begin().await;
        let locked = edit.products().lock_owned(product.seller_id, product.id).await.unwrap().unwrap();
        let transactor = db.database().transactor();
        let sale = tokio::spawn(async move {
            let tx = transactor.begin().await.unwrap();
            assert!(tx.stock().reserve(variant, 2).await.unwrap());
            tx.commit().await.unwrap();
        });
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        edit.products().update(&locked).await.unwrap(); // writes the stock that it read: nobody moved it meanwhile
        edit.commit().await.unwrap();
        sale.await.unwrap();
        assert_eq!(stock_of(&db, variant).await, 3);
    }

    async fn a_variant_that_is_taken_off_stays_in_carts_as_gone_and_its_number_is_free(db: TestDb) {
        let seller = seller(&db).await;
        let mut product = a_product(seller.id);
        product.variants = vec![a_variant(12_900, 5), a_variant(12_900, 6)];
        insert(&db, &product).await;
        let (kept, gone) = (product.variants[0].clone(), product.variants[1].clone());
        let mut cart = a_cart();
        cart.lines = vec![a_cart_line(gone.id, 1), a_cart_line(kept.id, 1)];
        let tx = db.begin().await;
        tx.carts().insert(&cart).await.unwrap();
        tx.commit().await.unwrap();

        let heir = NewVariant {
            id: VariantId::new(id()),
            sku: gone.sku.clone(),
            options: Options::from([("Size".to_owned(), "99".to_owned())]),
            price: None,
            stock: 7,
        };
        let change = ProductChange {
            removed: vec![gone.id],
            option_names: Some(vec!["Metal".to_owned(), "Size".to_owned()]),
            variants: vec![VariantEdit::Add(heir.clone())],
            ..ProductChange::default()
        };
        let tx = db.begin().await;
        let locked = tx.products().lock_owned(seller.id, product.id).await.unwrap().unwrap();
        tx.products().update(&locked.change(change, seconds(5)).unwrap()).await.unwrap();
        tx.commit().await.unwrap();

        let view = db.queries().find(&ProductKey::Id(product.id)).await.unwrap().unwrap();
        assert_eq!(view.variants.iter().map(|v| v.id).collect::<Vec<_>>(), [kept.id, heir.id]);
        assert_eq!(view.option_names, ["Size"], "only those that there are");
        let offers = db.queries().offers(&[gone.id, kept.id]).await.unwrap();
        let shown: Vec<_> = offers.iter().map(|offer| (offer.on_sale, offer.stock, offer.sku.as_str())).collect();
        assert_eq!(shown, [(false, 0, gone.sku.as_str()), (true, 5, kept.sku.as_str())]);
        let tx = db.begin().await;
        assert!(!tx.stock().reserve(gone.id, 1).await.unwrap(), "nobody buys it any more");
        assert!(tx.products().lock_owned(seller.id, product.id).await.unwrap().unwrap().variants.iter().all(|v| v.id != gone.id));
    }

    async fn a_product_that_nobody_ordered_is_removed_with_all_that_is_its(db: TestDb) {
        let (product, other) = (stored(&db, 5).await, stored(&db, 5).await);
        let mut cart = a_cart();
        cart.lines = vec![a_cart_line(product.variants[0].id, 1), a_cart_line(other.variants[0].id, 1)];
        let tx = db.begin().await;
        tx.carts().insert(&cart).await.unwrap();
        tx.products().insert_pictures(product.id, &[a_picture("front")]).await.unwrap();
        tx.commit().await.unwrap();
        let tx = db.begin().await;
        assert!(!tx.products().was_ordered(product.id).await.unwrap());
        tx.products().remove(product.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().find_owned(product.seller_id, product.id).await.unwrap(), None);
        assert!(db.queries().offers(&[product.variants[0].id]).await.unwrap().is_empty());
        let tx = db.begin().await;
        let lines = tx.carts().lock(cart.id).await.unwrap().unwrap().lines;
        assert_eq!(lines.iter().map(|line| line.variant_id).collect::<Vec<_>>(), [other.variants[0].id]);
        let heir = Product { slug: product.slug.clone(), ..a_product(product.seller_id) };
        tx.products().insert(&heir).await.unwrap(); // its address is free
    }

    async fn stock_below_nothing_is_refused_by_the_database(db: TestDb) {
        stored(&db, 1).await;
        assert!(db.execute("UPDATE variants SET stock = -1").await.is_err());
        assert!(db.execute("UPDATE products SET price_amount = 0").await.is_err());
        assert!(db.execute("UPDATE products SET currency = 'EURO'").await.is_err());
    }
}
