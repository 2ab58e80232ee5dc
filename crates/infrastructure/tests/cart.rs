//! The contract of carts, on both databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::cart::ports::CartQueries;
use domain::cart::Cart;
use domain::catalog::Product;
use domain::kernel::{CartId, CartLineId, OrderId, VariantId};
use testkit::builders::{a_cart, a_cart_line, a_product, a_seller, a_user, a_variant, id, seconds};
use testkit::{TestDb, both_databases};

/// A product with three variants.
async fn product(db: &TestDb) -> Product {
    let seller = a_seller();
    let mut product = a_product(seller.id);
    product.variants = (0..3).map(|_| a_variant(12_900, 5)).collect();
    let tx = db.begin().await;
    tx.users().insert(&seller).await.unwrap();
    tx.products().insert(&product).await.unwrap();
    tx.commit().await.unwrap();
    product
}

async fn insert(db: &TestDb, cart: &Cart) {
    let tx = db.begin().await;
    tx.carts().insert(cart).await.unwrap();
    tx.commit().await.unwrap();
}

both_databases! {
    async fn a_cart_is_found_with_its_lines_in_their_order(db: TestDb) {
        let (product, user) = (product(&db).await, a_user());
        let tx = db.begin().await;
        tx.users().insert(&user).await.unwrap();
        tx.commit().await.unwrap();
        let mut cart = a_cart();
        cart.owner = Some(user.id);
        cart.lines = product.variants.iter().rev().map(|variant| a_cart_line(variant.id, 2)).collect();
        insert(&db, &cart).await;
        assert_eq!(db.queries().find(cart.id).await.unwrap(), Some(cart));
        assert_eq!(db.queries().find(CartId::new(id())).await.unwrap(), None);
    }

    async fn changes_of_a_cart_are_written_lines_included(db: TestDb) {
        let variants: Vec<VariantId> = product(&db).await.variants.iter().map(|variant| variant.id).collect();
        let mut cart = a_cart();
        cart.lines = vec![a_cart_line(variants[0], 1), a_cart_line(variants[1], 2)];
        insert(&db, &cart).await;

        let tx = db.begin().await;
        let mut locked = tx.carts().lock(cart.id).await.unwrap().unwrap();
        assert_eq!(locked, cart);
        locked.set_quantity(cart.lines[0].id, 0, seconds(1)).unwrap();
        locked.add(CartLineId::new(id()), variants[2], 3, seconds(2)).unwrap();
        locked.add(CartLineId::new(id()), variants[0], 4, seconds(3)).unwrap(); // the same variant on a new line
        tx.carts().update(&locked).await.unwrap();
        locked.check_out(OrderId::new(id()), seconds(4)).unwrap();
        tx.carts().update(&locked).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().find(cart.id).await.unwrap(), Some(locked));
    }

    async fn a_cart_that_is_emptied_stays(db: TestDb) {
        let variant = product(&db).await.variants[0].id;
        let mut cart = a_cart();
        cart.lines = vec![a_cart_line(variant, 1)];
        insert(&db, &cart).await;
        cart.lines.clear();
        let tx = db.begin().await;
        tx.carts().update(&cart).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().find(cart.id).await.unwrap(), Some(cart));
    }

    async fn a_line_of_a_variant_that_is_not_there_is_refused(db: TestDb) {
        let mut cart = a_cart();
        cart.lines = vec![a_cart_line(VariantId::new(id()), 1)];
        let tx = db.begin().await;
        // PostgreSQL and SQLite look at foreign keys at the statement.
        assert!(tx.carts().insert(&cart).await.is_err());
        drop(tx);
        assert_eq!(db.queries().find(cart.id).await.unwrap(), None);
    }
}
