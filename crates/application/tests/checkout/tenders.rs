//! Gift cards and balance at checkout on real databases: what they have is spent once, and comes back once.

use crate::shop::{self, Card, Shop};
use application::checkout::place_order::{PlaceOrderError, PlacedOrder};
use application::checkout::tenders::{CodeFault, CodeRefusal};
use domain::catalog::Product;
use domain::gift_cards::UseRefusal;
use domain::identity::User;
use domain::orders::{Order, OrderStatus};
use domain::payments::PaymentStatus;
use testkit::both_databases;

/// A ring costs so many cents.
const RING: i64 = 12_900;

/// What an order took besides the card, in cents.
fn taken(order: &Order) -> i64 {
    order.taken().unwrap().amount()
}

/// So many carts with a ring each are checked out at once by one customer, with these cards.
async fn rush(
    shop: &Shop,
    ring: &Product,
    customer: Option<&User>,
    cards: [&Card; 2],
    count: usize,
) -> Vec<Result<PlacedOrder, PlaceOrderError>> {
    let carts = shop.carts_with(ring, count).await;
    let swapped = [cards[1], cards[0]];
    let attempts = carts.into_iter().enumerate().map(|(n, cart)| {
        // Half of them name the cards the other way round: rows that are locked in two orders would deadlock.
        shop.check_out_with(customer, if n % 2 == 0 { &cards } else { &swapped }, cart, n)
    });
    shop::all(attempts.collect()).await
}

fn is_used_up(outcome: &Result<PlacedOrder, PlaceOrderError>) -> bool {
    let used_up = CodeFault::Refused(UseRefusal::Redeemed);
    matches!(outcome, Err(PlaceOrderError::GiftCard(CodeRefusal { why, .. })) if *why == used_up)
}

both_databases! {
    async fn twelve_checkouts_at_once_spend_one_balance_to_the_cent(db: TestDb) {
        let shop = Shop::open(db).await;
        let (ring, ada) = (shop.on_sale(12).await, shop.customer_with(30_000).await);
        let carts = shop.carts_with(&ring, 12).await;
        let attempts = carts.into_iter().enumerate().map(|(n, cart)| shop.check_out_with(Some(&ada), &[], cart, n));
        let placed: Vec<_> = shop::all(attempts.collect()).await.into_iter().map(Result::unwrap).collect();
        let mut spent: Vec<i64> = placed.iter().map(|placed| taken(&placed.order)).filter(|cents| *cents > 0).collect();
        spent.sort_unstable();
        assert_eq!(spent, [4_200, RING, RING]);
        assert_eq!(shop.balance(&ada).await, 0);
        let paid: Vec<_> = placed.iter().filter(|placed| placed.order.status == OrderStatus::Paid).collect();
        assert_eq!(paid.len(), 2, "nothing is left to pay of these");
        assert_eq!((shop.gateway.pages(), shop.jobs("send_order_confirmation").await), (10, 2));
        shop.assert_money_adds_up().await;

        for (turn, placed) in placed.iter().filter(|placed| placed.order.status != OrderStatus::Paid).enumerate() {
            match turn % 2 {
                0 => shop.gateway.declines(&placed.payment),
                _ => assert!(shop.gateway.pays(&placed.payment)),
            }
            shop.settle(placed.payment.id).await.unwrap();
        }
        let orders = shop::all(placed.iter().map(|placed| shop.order(placed.order.id)).collect()).await;
        let lasting: i64 = orders.iter().filter(|order| order.status == OrderStatus::Paid).map(taken).sum();
        assert_eq!(shop.balance(&ada).await, 30_000 - lasting);
        assert_eq!(shop.ledger("order_hold").await, 0);
        shop.assert_money_adds_up().await;
    }

    async fn several_checkouts_at_once_spend_one_gift_card_to_the_cent(db: TestDb) {
        let shop = Shop::open(db).await;
        let (ring, card) = (shop.on_sale(12).await, shop.gift_card(30_000).await);
        let carts = shop.carts_with(&ring, 12).await;
        let attempts = carts.into_iter().enumerate().map(|(n, cart)| {
            let (shop, card) = (&shop, &card);
            async move { shop.check_out_with(None, &[card], cart, n).await }
        });
        let outcomes = shop::all(attempts.collect()).await;
        let mut spent: Vec<i64> = outcomes.iter().flatten().map(|placed| taken(&placed.order)).collect();
        spent.sort_unstable();
        assert_eq!(spent, [4_200, RING, RING]);
        assert_eq!(outcomes.iter().filter(|outcome| is_used_up(outcome)).count(), 9);
        assert_eq!((shop.on_card(&card).await, shop.stock(&ring).await), (0, 9));
        shop.assert_money_adds_up().await;
    }

    async fn cards_named_in_any_order_and_a_balance_are_spent_side_by_side_without_a_deadlock(db: TestDb) {
        let shop = Shop::open(db).await;
        let (ring, ada) = (shop.on_sale(12).await, shop.customer_with(20_000).await);
        let (one, two) = (shop.gift_card(20_000).await, shop.gift_card(20_000).await);
        let outcomes = rush(&shop, &ring, Some(&ada), [&one, &two], 12).await;
        assert!(outcomes.iter().all(|outcome| outcome.is_ok() || is_used_up(outcome)), "{outcomes:?}");
        let spent: i64 = outcomes.iter().flatten().map(|placed| taken(&placed.order)).sum();
        let left = shop.on_card(&one).await + shop.on_card(&two).await + shop.balance(&ada).await;
        assert_eq!(spent + left, 60_000);
        shop.assert_money_adds_up().await;
    }

    async fn a_card_is_redeemed_or_spent_and_never_both(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(20).await;
        for n in 0..10 {
            let (ada, card) = (shop.customer_with(0).await, shop.gift_card(5_000).await);
            let cart = shop.cart_with(&ring, 1).await;
            let cards = [&card];
            let (placed, redeemed) = tokio::join!(shop.check_out_with(None, &cards, cart, n), shop.redeem(&ada, &card));
            match placed {
                Ok(placed) => {
                    assert!(redeemed.is_err(), "both had the card");
                    assert_eq!(taken(&placed.order), 5_000);
                    shop.expire(placed.order.id).await.unwrap();
                    assert_eq!((shop.on_card(&card).await, shop.balance(&ada).await), (5_000, 0));
                }
                refused => {
                    assert!(is_used_up(&refused));
                    assert_eq!((shop.on_card(&card).await, shop.balance(&ada).await), (0, 5_000));
                }
            }
        }
        shop.assert_money_adds_up().await;
    }

    async fn whatever_ends_an_order_unpaid_gives_back_what_it_held_once(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(9).await;
        for n in 0..3 {
            let (ada, card) = (shop.customer_with(1_000).await, shop.gift_card(2_000).await);
            let cart = shop.cart_with(&ring, 1).await;
            let placed = shop.check_out_with(Some(&ada), &[&card], cart, n).await.unwrap();
            assert_eq!((shop.on_card(&card).await, shop.balance(&ada).await), (0, 0));
            assert_eq!(placed.payment.amount.amount(), RING - 3_000);
            let ends: Vec<_> = match n {
                0 => {
                    shop.gateway.declines(&placed.payment);
                    shop::all((0..4).map(|_| shop.settle(placed.payment.id)).collect()).await.into_iter().map(|end| end.is_ok()).collect()
                }
                1 => shop::all((0..4).map(|_| shop.expire(placed.order.id)).collect()).await.into_iter().map(|end| end.is_ok()).collect(),
                _ => {
                    shop.gateway.pays(&placed.payment);
                    let (settled, expired) = tokio::join!(shop.settle(placed.payment.id), shop.expire(placed.order.id));
                    vec![settled.is_ok(), expired.is_ok()]
                }
            };
            assert!(ends.iter().all(|end| *end));
            let back = if n == 2 { (0, 0) } else { (2_000, 1_000) };
            assert_eq!((shop.on_card(&card).await, shop.balance(&ada).await), back);
        }
        assert_eq!(shop.ledger("order_hold").await, 0);
        shop.assert_money_adds_up().await;
    }

    async fn what_comes_back_to_a_card_that_has_expired_is_the_shops(db: TestDb) {
        let shop = Shop::open(db).await;
        let (ring, card) = (shop.on_sale(1).await, shop.gift_card(RING - 10).await);
        let placed = shop.check_out_with(None, &[&card], shop.cart_with(&ring, 1).await, 1).await.unwrap();
        assert_eq!((taken(&placed.order), shop.on_card(&card).await), (RING - 50, 40), "no card can pay 10 cents");
        shop.ends(&card).await;
        shop.expire_card(&card).await;
        assert_eq!((shop.on_card(&card).await, shop.ledger("breakage").await), (0, 40));
        shop.expire(placed.order.id).await.unwrap();
        assert_eq!(shop.on_card(&card).await, RING - 50);
        assert_eq!(shop.jobs("expire_gift_card").await, 1, "it is looked at again");
        shop.expire_card(&card).await;
        shop.expire_card(&card).await;
        assert_eq!((shop.on_card(&card).await, shop.ledger("breakage").await), (0, RING - 10));
        shop.assert_money_adds_up().await;
    }

    async fn of_a_card_whose_rest_was_redeemed_the_redeemer_gets_what_comes_back(db: TestDb) {
        let shop = Shop::open(db).await;
        let (ring, card) = (shop.on_sale(1).await, shop.gift_card(RING - 10).await);
        let (ada, bob) = (shop.customer_with(0).await, shop.customer_with(100).await);
        let cart = shop.cart_with(&ring, 1).await;
        let placed = shop.check_out_with(Some(&bob), &[&card], cart, 1).await.unwrap();
        assert_eq!(placed.order.status, OrderStatus::Paid, "his balance paid the last 10");
        assert_eq!(shop.balance(&bob).await, 90);

        let (ring, card) = (shop.on_sale(1).await, shop.gift_card(RING - 10).await);
        let placed = shop.check_out_with(None, &[&card], shop.cart_with(&ring, 1).await, 2).await.unwrap();
        assert_eq!(placed.payment.status, PaymentStatus::Submitted);
        assert_eq!(shop.redeem(&ada, &card).await.unwrap().credited.amount(), 40);
        shop.expire(placed.order.id).await.unwrap();
        assert_eq!((shop.on_card(&card).await, shop.balance(&ada).await), (0, RING - 10));
        shop.assert_money_adds_up().await;
    }
}
