//! The contract of orders, on both databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::orders::ports::{OrderFilter, OrderQueries};
use application::{RepositoryError, UniqueKey};
use domain::gift_cards::GiftCard;
use domain::identity::User;
use domain::kernel::{Applied, Cursor, Limit, OrderId, PageRequest, UserId};
use domain::orders::{Order, OrderEventKind, OrderState, OrderStatus, Tender, TenderSource};
use std::sync::atomic::Ordering;
use testkit::builders::{a_cart, a_gift_card, a_seller, a_user, an_order, an_order_line, cents, id, seconds};
use testkit::{TestDb, both_databases};

async fn insert_user(db: &TestDb, user: User) -> User {
    let tx = db.begin().await;
    tx.users().insert(&user).await.unwrap();
    tx.commit().await.unwrap();
    user
}

async fn insert(db: &TestDb, order: &Order) {
    let mut cart = a_cart();
    cart.id = order.cart_id;
    let tx = db.begin().await;
    tx.carts().insert(&cart).await.unwrap();
    tx.orders().insert(order).await.unwrap();
    tx.commit().await.unwrap();
}

/// An order that is stored, of a guest, for one line of each of these sellers.
async fn stored(db: &TestDb, sellers: &[&User]) -> Order {
    let order = an_order(a_cart().id, sellers.iter().map(|seller| an_order_line(seller)).collect());
    insert(db, &order).await;
    order
}

async fn pay(db: &TestDb, id: OrderId) {
    let tx = db.begin().await;
    let mut order = tx.orders().lock(id).await.unwrap().unwrap();
    order.pay(seconds(60)).unwrap();
    tx.orders().update(&order).await.unwrap();
    tx.commit().await.unwrap();
}

fn page(limit: u8, after: Option<Cursor>) -> PageRequest {
    PageRequest { limit: Limit::new(limit).unwrap(), after }
}

both_databases! {
    async fn an_order_is_found_as_it_was_placed(db: TestDb) {
        let seller = insert_user(&db, a_seller()).await;
        let customer = insert_user(&db, a_user()).await;
        let mut order = an_order(a_cart().id, vec![an_order_line(&seller), an_order_line(&seller), an_order_line(&seller)]);
        order.user_id = Some(customer.id);
        order.shipping_address.as_mut().unwrap().line2 = Some("3e étage".into());
        order.lines[1].category = None;
        order.lines[1].materials.clear();
        order.lines[1].options.clear();
        insert(&db, &order).await;
        assert_eq!(db.queries().find(order.id).await.unwrap(), Some(order.clone()));
        let tx = db.begin().await;
        assert_eq!(tx.orders().lock(order.id).await.unwrap(), Some(order));
        assert_eq!(tx.orders().lock(OrderId::new(id())).await.unwrap(), None);
        drop(tx);
        assert_eq!(db.queries().find(OrderId::new(id())).await.unwrap(), None);
    }

    async fn a_cart_becomes_one_order(db: TestDb) {
        let seller = insert_user(&db, a_seller()).await;
        let order = stored(&db, &[&seller]).await;
        let again = an_order(order.cart_id, vec![an_order_line(&seller)]);
        let tx = db.begin().await;
        let refusal = tx.orders().insert(&again).await;
        assert!(matches!(refusal, Err(RepositoryError::Conflict(UniqueKey::OrderCart))), "{refusal:?}");
        drop(tx);
        assert_eq!(db.queries().find(again.id).await.unwrap(), None);
    }

    async fn a_number_belongs_to_one_order(db: TestDb) {
        let seller = insert_user(&db, a_seller()).await;
        let order = stored(&db, &[&seller]).await;
        let cart = a_cart();
        let mut twin = an_order(cart.id, vec![an_order_line(&seller)]);
        twin.number = order.number.clone();
        let tx = db.begin().await;
        tx.carts().insert(&cart).await.unwrap();
        let refusal = tx.orders().insert(&twin).await;
        assert!(matches!(refusal, Err(RepositoryError::Conflict(UniqueKey::OrderNumber))), "{refusal:?}");
    }

    async fn only_the_status_and_the_timeline_of_an_order_change(db: TestDb) {
        let seller = insert_user(&db, a_seller()).await;
        let order = stored(&db, &[&seller]).await;
        let tx = db.begin().await;
        let mut locked = tx.orders().lock(order.id).await.unwrap().unwrap();
        assert_eq!(locked.pay(seconds(60)), Ok(Applied::Now(())));
        locked.email = a_user().email;
        locked.lines[0].title = "Another".into();
        locked.timeline[0].at = seconds(-1);
        tx.orders().update(&locked).await.unwrap();
        tx.orders().update(&locked).await.unwrap(); // nothing is added twice
        tx.commit().await.unwrap();

        let found = db.queries().find(order.id).await.unwrap().unwrap();
        let happened: Vec<_> = found.timeline.iter().map(|event| (event.kind, event.at)).collect();
        assert_eq!(happened, [(OrderEventKind::Placed, order.created_at), (OrderEventKind::Paid, seconds(60))]);
        assert_eq!(found.status, OrderStatus::Paid);
        assert_eq!((found.email, found.lines), (order.email, order.lines));
    }

    async fn what_an_order_took_besides_the_card_is_read_in_the_order_in_which_it_was_taken(db: TestDb) {
        let (seller, customer) = (insert_user(&db, a_seller()).await, insert_user(&db, a_user()).await);
        let (one, two) = (a_gift_card(customer.id, cents(500)), a_gift_card(customer.id, cents(700)));
        let tx = db.begin().await;
        tx.gift_cards().insert(&one).await.unwrap();
        tx.gift_cards().insert(&two).await.unwrap();
        tx.commit().await.unwrap();
        let mut order = an_order(a_cart().id, vec![an_order_line(&seller)]);
        let by_card = |card: &GiftCard, amount| Tender {
            source: TenderSource::GiftCard { id: card.id, last4: card.last4.clone() },
            amount: cents(amount),
        };
        order.tenders = vec![by_card(&two, 700), by_card(&one, 20)];
        insert(&db, &order).await;
        stored(&db, &[&seller]).await; // another
        assert_eq!(db.queries().find(order.id).await.unwrap(), Some(order.clone()));

        let tx = db.begin().await;
        let mut locked = tx.orders().lock(order.id).await.unwrap().unwrap();
        locked.tenders[0].amount = cents(1); // what was taken stays
        locked.tenders.push(Tender { source: TenderSource::Balance(customer.id), amount: cents(30) });
        tx.orders().update(&locked).await.unwrap();
        tx.orders().update(&locked).await.unwrap();
        tx.commit().await.unwrap();
        let found = db.queries().find(order.id).await.unwrap().unwrap();
        order.tenders.push(locked.tenders.remove(2));
        assert_eq!(found.tenders, order.tenders);
        assert_eq!((found.taken(), found.by_card()), (Ok(cents(750)), Ok(cents(25_050))));
    }

    async fn a_customer_sees_their_own_orders_newest_first(db: TestDb) {
        let (seller, customer) = (insert_user(&db, a_seller()).await, insert_user(&db, a_user()).await);
        let mut expected = Vec::new();
        for age in [0, 0, 1, 2, 2, 2, 3] {
            let mut order = an_order(a_cart().id, vec![an_order_line(&seller)]);
            order.user_id = Some(customer.id);
            order.created_at = seconds(-age);
            insert(&db, &order).await;
            expected.push((order.created_at, order.id));
        }
        stored(&db, &[&seller]).await; // a guest's
        expected.sort_unstable_by(|a, b| b.cmp(a));
        for limit in [1, 2, 3, 7, 100] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let part = db.queries().list_owned(customer.id, None, &page(limit, after)).await.unwrap();
                seen.extend(part.data.iter().map(|order| (order.created_at, order.id)));
                assert!(part.data.iter().all(|order| order.lines.len() == 1 && order.timeline.len() == 1));
                after = part.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(seen, expected, "by {limit}");
        }
        pay(&db, expected[2].1).await;
        let paid = db.queries().list_owned(customer.id, Some(OrderState::Paid), &page(10, None)).await.unwrap();
        assert_eq!(paid.data.iter().map(|order| order.id).collect::<Vec<_>>(), [expected[2].1]);
        let none = db.queries().list_owned(UserId::new(id()), None, &page(10, None)).await.unwrap();
        assert!(none.data.is_empty());
    }

    async fn a_page_takes_four_statements_however_many_orders_it_has(db: TestDb) {
        let seller = insert_user(&db, a_seller()).await;
        for _ in 0..12 {
            stored(&db, &[&seller, &seller]).await;
        }
        for limit in [1, 12] {
            let (queries, statements) = db.counted_queries();
            let sold = queries.list_sold(seller.id, None, &page(limit, None)).await.unwrap();
            assert_eq!(sold.data.len(), usize::from(limit));
            assert_eq!(statements.load(Ordering::SeqCst), 4);
        }
    }

    async fn everybodys_orders_are_found_by_id_or_by_how_their_number_or_the_address_begins(db: TestDb) {
        let seller = insert_user(&db, a_seller()).await;
        let (one, two) = (stored(&db, &[&seller]).await, stored(&db, &[&seller]).await);
        let found = async |text: Option<&str>, state| {
            let filter = OrderFilter { text: text.map(str::to_owned), state };
            let page = db.queries().list_all(&filter, &page(10, None)).await.unwrap();
            page.data.into_iter().map(|order| order.id).collect::<Vec<_>>()
        };
        assert_eq!(found(None, None).await.len(), 2);
        assert_eq!(found(Some(&one.number.0.to_lowercase()), None).await, [one.id]);
        let begins: String = one.number.0.chars().take(one.number.0.len() - 2).collect();
        assert!(found(Some(&begins), None).await.contains(&one.id));
        let name = one.email.as_str().split('@').next().unwrap().to_uppercase();
        for text in [name.as_str(), one.email.as_str(), &format!(" {} ", one.id)] {
            assert!(found(Some(text), None).await.contains(&one.id), "{text}");
        }
        assert_eq!(found(Some(&one.id.to_string()), None).await, [one.id]);
        assert!(found(one.email.as_str().get(1..), None).await.is_empty(), "not from within");
        assert!(found(Some("\0"), None).await.is_empty());
        assert!(found(Some("%"), None).await.is_empty(), "a sign of its own is no pattern");
        pay(&db, two.id).await;
        assert_eq!(found(None, Some(OrderState::Paid)).await, [two.id]);
    }

    async fn a_seller_sees_the_orders_with_a_line_of_theirs_once_each(db: TestDb) {
        let (one, two) = (insert_user(&db, a_seller()).await, insert_user(&db, a_seller()).await);
        let both = stored(&db, &[&one, &two, &one]).await;
        let other = stored(&db, &[&two]).await;
        let sold = db.queries().list_sold(one.id, None, &page(10, None)).await.unwrap();
        assert_eq!(sold.data, std::slice::from_ref(&both)); // whole: the service shows only their lines
        let sold = db.queries().list_sold(two.id, None, &page(1, None)).await.unwrap();
        assert_eq!((sold.data.len(), sold.next.is_some()), (1, true));
        assert_eq!(db.queries().find_sold(one.id, other.id).await.unwrap(), None);
        assert_eq!(db.queries().find_sold(one.id, both.id).await.unwrap(), Some(both.clone()));
        pay(&db, both.id).await;
        let paid = db.queries().list_sold(two.id, Some(OrderState::Paid), &page(10, None)).await.unwrap();
        assert_eq!(paid.data.iter().map(|order| order.id).collect::<Vec<_>>(), [both.id]);
    }
}
