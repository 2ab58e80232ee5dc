//! The contract of lists of products: filters, orders, and pages that skip and repeat nothing, on both databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::catalog::ports::CatalogQueries;
use application::catalog::views::{ProductFilter, ProductSort, ProductView};
use domain::catalog::Product;
use domain::identity::User;
use domain::kernel::{Cursor, Limit, PageRequest, ProductId, RichText};
use std::sync::atomic::Ordering;
use testkit::builders::{a_category, a_material, a_product, a_seller, a_variant, cents, id, seconds, slug};
use testkit::{TestDb, both_databases};

async fn seller(db: &TestDb) -> User {
    let seller = a_seller();
    let tx = db.begin().await;
    tx.users().insert(&seller).await.unwrap();
    tx.commit().await.unwrap();
    seller
}

async fn insert(db: &TestDb, products: &[Product]) {
    let tx = db.begin().await;
    for product in products {
        tx.products().insert(product).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn titled(seller: &User, title: &str, price: i64, age: i64) -> Product {
    let mut product = a_product(seller.id);
    product.title = title.into();
    product.description = RichText::sanitise("<p>Nothing.</p>");
    product.price = cents(price);
    product.variants = vec![a_variant(price, 1)];
    product.created_at = seconds(-age);
    product
}

async fn titles(db: &TestDb, filter: ProductFilter) -> Vec<String> {
    let page = db.queries().list(&filter, ProductSort::TitleAscending, &PageRequest::default()).await.unwrap();
    page.data.into_iter().map(|product| product.title).collect()
}

fn text(words: &str) -> ProductFilter {
    ProductFilter { text: Some(words.into()), ..ProductFilter::default() }
}

fn page(limit: u8, after: Option<Cursor>) -> PageRequest {
    PageRequest { limit: Limit::new(limit).unwrap(), after }
}

/// All pages of a list, and what happens after the first.
async fn walk(db: &TestDb, sort: ProductSort, limit: u8) -> Vec<ProductView> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let part = db.queries().list(&ProductFilter::default(), sort, &page(limit, after)).await.unwrap();
        assert!(part.data.len() <= usize::from(limit));
        all.extend(part.data);
        after = part.next;
        if after.is_none() {
            return all;
        }
    }
}

fn ids(products: &[ProductView]) -> Vec<ProductId> {
    products.iter().map(|product| product.id).collect()
}

both_databases! {
    async fn every_order_is_kept_through_pages_of_any_size(db: TestDb) {
        let seller = seller(&db).await;
        // Ties in every sorting value, and titles that only differ in case.
        let products = [
            titled(&seller, "Alliance", 300, 1),
            titled(&seller, "alliance", 100, 1),
            titled(&seller, "Bague", 100, 1),
            titled(&seller, "bague", 200, 2),
            titled(&seller, "Étoile", 200, 3),
            titled(&seller, "étoile", 100, 3),
            titled(&seller, "Chaîne", 100, 0),
        ];
        insert(&db, &products).await;
        for sort in [
            ProductSort::Newest, ProductSort::Oldest, ProductSort::Cheapest, ProductSort::Dearest,
            ProductSort::TitleAscending, ProductSort::TitleDescending,
        ] {
            let whole = walk(&db, sort, 100).await;
            assert_eq!(whole.len(), products.len());
            for limit in 1..=4 {
                assert_eq!(ids(&walk(&db, sort, limit).await), ids(&whole), "{sort:?} by {limit}");
            }
            let sorted = whole.windows(2).all(|pair| {
                let [a, b] = pair else { return false };
                match sort {
                    ProductSort::Newest => (a.created_at, a.id) > (b.created_at, b.id),
                    ProductSort::Oldest => (a.created_at, a.id) < (b.created_at, b.id),
                    ProductSort::Cheapest => (a.price.amount(), a.id) < (b.price.amount(), b.id),
                    ProductSort::Dearest => (a.price.amount(), a.id) > (b.price.amount(), b.id),
                    ProductSort::TitleAscending => (a.title.to_lowercase(), a.id) < (b.title.to_lowercase(), b.id),
                    ProductSort::TitleDescending => (a.title.to_lowercase(), a.id) > (b.title.to_lowercase(), b.id),
                }
            });
            assert!(sorted, "{sort:?}");
        }
    }

    async fn rows_that_come_and_go_between_pages_shift_nothing(db: TestDb) {
        let seller = seller(&db).await;
        let products: Vec<Product> = (0..6).map(|age| titled(&seller, "Ring", 100, age / 2)).collect();
        insert(&db, &products).await;
        let newest = ProductSort::Newest;
        let whole = ids(&walk(&db, newest, 100).await);
        let first = db.queries().list(&ProductFilter::default(), newest, &page(2, None)).await.unwrap();
        insert(&db, &[titled(&seller, "Newer", 100, -1)]).await;
        db.execute("DELETE FROM variants").await.unwrap();
        // The row that the cursor stands on goes, and so does one before it.
        let gone: Vec<String> = first.data.iter().map(|product| format!("'{}'", product.slug)).collect();
        db.execute(&format!("DELETE FROM products WHERE slug IN ({})", gone.join(","))).await.unwrap();
        let second = db.queries().list(&ProductFilter::default(), newest, &page(2, first.next)).await.unwrap();
        let third = db.queries().list(&ProductFilter::default(), newest, &page(2, second.next.clone())).await.unwrap();
        assert_eq!(ids(&second.data), whole[2..4]);
        assert_eq!(ids(&third.data), whole[4..6]);
        assert_eq!(third.next, None);
    }

    async fn a_page_takes_six_statements_however_many_products_it_has(db: TestDb) {
        let (gold, rings) = (a_material("gold"), a_category("rings"));
        let tx = db.begin().await;
        tx.materials().insert(&gold).await.unwrap();
        tx.categories().insert(&rings).await.unwrap();
        tx.commit().await.unwrap();
        for age in 0..12 {
            let mut product = titled(&seller(&db).await, "Ring", 100, age);
            product.material_ids = vec![gold.id];
            product.category_id = Some(rings.id);
            product.variants.push(a_variant(200, 1));
            insert(&db, &[product]).await;
        }
        for limit in [1, 12] {
            let (queries, statements) = db.counted_queries();
            let part = queries.list(&ProductFilter::default(), ProductSort::Newest, &page(limit, None)).await.unwrap();
            assert_eq!(part.data.len(), usize::from(limit));
            assert_eq!(statements.load(Ordering::SeqCst), 6);
            let variants: Vec<_> = part.data.iter().flat_map(|p| &p.variants).map(|variant| variant.id).collect();
            let (queries, statements) = db.counted_queries();
            assert_eq!(queries.offers(&variants).await.unwrap().len(), variants.len());
            assert_eq!(statements.load(Ordering::SeqCst), 6);
        }
    }

    async fn a_cursor_of_another_list_gives_an_empty_page(db: TestDb) {
        let seller = seller(&db).await;
        insert(&db, &[titled(&seller, "Ring", 100, 0)]).await;
        let strange = Cursor { key: "Ring".into(), id: id() };
        let part = db.queries().list(&ProductFilter::default(), ProductSort::Newest, &page(2, Some(strange))).await.unwrap();
        assert!(part.data.is_empty() && part.next.is_none());
    }

    async fn every_word_must_occur_in_title_or_description(db: TestDb) {
        let seller = seller(&db).await;
        let mut star = titled(&seller, "Étoile 100% d'or", 100, 0);
        star.description = RichText::sanitise("<p>Ciselée <strong>à la main</strong> &amp; polie_lisse</p>");
        insert(&db, &[star, titled(&seller, "Chaîne", 100, 0)]).await;
        for found in ["étoile", "etoile", "ÉTOILE main", "100%", "polie_", "& ciselée", "  or   étoile ", "toil"] {
            assert_eq!(titles(&db, text(found)).await, ["Étoile 100% d'or"], "{found}");
        }
        for lost in ["étoile argent", "100_", "po%lisse", "strong", "!", "'; DROP TABLE products; --", "\\"] {
            assert_eq!(titles(&db, text(lost)).await, Vec::<String>::new(), "{lost}");
        }
        assert_eq!(titles(&db, text(" ")).await.len(), 2);
    }

    async fn a_category_includes_all_below_it(db: TestDb) {
        let seller = seller(&db).await;
        let jewels = a_category("jewels");
        let (mut rings, mut signets, other) = (a_category("rings"), a_category("signets"), a_category("watches"));
        rings.parent_id = Some(jewels.id);
        signets.parent_id = Some(rings.id);
        let tx = db.begin().await;
        for category in [&jewels, &rings, &signets, &other] {
            tx.categories().insert(category).await.unwrap();
        }
        tx.commit().await.unwrap();
        let within = |title: &str, category: &domain::catalog::Category| {
            let mut product = titled(&seller, title, 100, 0);
            product.category_id = Some(category.id);
            product
        };
        let products = [within("a", &jewels), within("b", &rings), within("c", &signets), within("d", &other), titled(&seller, "e", 1, 0)];
        insert(&db, &products).await;
        let of = |slugs: &[&str]| ProductFilter { categories: slugs.iter().map(|s| slug(s)).collect(), ..ProductFilter::default() };
        assert_eq!(titles(&db, of(&["jewels"])).await, ["a", "b", "c"]);
        assert_eq!(titles(&db, of(&["rings"])).await, ["b", "c"]);
        assert_eq!(titles(&db, of(&["signets", "watches"])).await, ["c", "d"]);
        assert_eq!(titles(&db, of(&["nowhere"])).await, Vec::<String>::new());
        let named: Vec<String> = db.queries().categories().await.unwrap().into_iter().map(|category| category.category.name).collect();
        assert_eq!(named, ["jewels", "rings", "signets", "watches"]);
    }

    async fn filters_narrow_each_other(db: TestDb) {
        let (one, two) = (seller(&db).await, seller(&db).await);
        let (gold, silver) = (a_material("gold"), a_material("silver"));
        let tx = db.begin().await;
        tx.materials().insert(&silver).await.unwrap();
        tx.materials().insert(&gold).await.unwrap();
        tx.commit().await.unwrap();
        let mut products = [titled(&one, "a", 100, 0), titled(&one, "b", 200, 0), titled(&two, "c", 300, 0), titled(&two, "d", 400, 0)];
        products[0].material_ids = vec![gold.id];
        products[1].material_ids = vec![gold.id, silver.id];
        products[2].material_ids = vec![silver.id];
        products[2].variants[0].stock = 0;
        insert(&db, &products).await;
        let all = ProductFilter::default;
        let (gold, silver) = (slug("gold"), slug("silver"));
        assert_eq!(titles(&db, ProductFilter { materials: vec![gold.clone()], ..all() }).await, ["a", "b"]);
        assert_eq!(titles(&db, ProductFilter { materials: vec![gold, silver], ..all() }).await, ["a", "b", "c"]);
        assert_eq!(titles(&db, ProductFilter { seller: Some(two.id), ..all() }).await, ["c", "d"]);
        assert_eq!(titles(&db, ProductFilter { price_min: Some(200), price_max: Some(300), ..all() }).await, ["b", "c"]);
        assert_eq!(titles(&db, ProductFilter { in_stock: true, ..all() }).await, ["a", "b", "d"]);
        assert_eq!(titles(&db, ProductFilter { seller: Some(two.id), in_stock: true, ..all() }).await, ["d"]);
        let yen = domain::kernel::Currency::parse("JPY").unwrap();
        assert_eq!(titles(&db, ProductFilter { currency: Some(yen), ..all() }).await, Vec::<String>::new());
        assert_eq!(db.queries().materials().await.unwrap().len(), 2);
    }
}
