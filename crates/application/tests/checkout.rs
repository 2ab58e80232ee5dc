//! Checkout and settlement on real databases: what must happen once, under races, replays and silence.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helper functions of tests may fail as tests do"
)]

#[path = "checkout/by_balance.rs"]
mod by_balance;
#[path = "checkout/held.rs"]
mod held;
#[path = "checkout/races.rs"]
mod races;
mod shop;
#[path = "checkout/tenders.rs"]
mod tenders;

use application::checkout::cancel::CancelError;
use application::checkout::place_order::PlaceOrderError;
use application::checkout::settle::{RECONCILE_EVERY, SettleError};
use application::payments::ports::GatewayError;
use chrono::TimeDelta;
use domain::orders::OrderStatus;
use domain::payments::PaymentStatus;
use shop::Shop;
use testkit::both_databases;
use testkit::builders::cents;

both_databases! {
    async fn the_last_piece_is_sold_once_to_fifty_at_a_time(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(1).await;
        let carts = shop.carts_with(&ring, 50).await;
        let attempts: Vec<_> = carts.into_iter().enumerate().map(|(n, cart)| shop.check_out(cart, n)).collect();
        let outcomes = shop::all(attempts).await;
        let sold = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let refused = outcomes.iter().filter(|o| matches!(o, Err(PlaceOrderError::InsufficientStock(_)))).count();
        assert_eq!((sold, refused), (1, 49));
        assert_eq!(shop.stock(&ring).await, 0);
    }

    async fn the_same_checkout_ten_times_at_once_is_one_order(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(5).await;
        let cart = shop.cart_with(&ring, 1).await;
        let attempts: Vec<_> = (0..10).map(|_| shop.check_out(cart, 1)).collect();
        let orders: Vec<_> = shop::all(attempts).await.into_iter().map(|placed| placed.unwrap().order.id).collect();
        assert!(orders.iter().all(|order| *order == orders[0]));
        assert_eq!(shop.stock(&ring).await, 4);
        assert_eq!(shop.gateway.pages(), 1, "the same payment has one page");
    }

    async fn a_spent_cart_is_refused_under_another_key(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(5).await;
        let cart = shop.cart_with(&ring, 1).await;
        let order = shop.check_out(cart, 1).await.unwrap().order.id;
        let again = shop.check_out(cart, 2).await.unwrap_err();
        assert!(matches!(again, PlaceOrderError::CheckedOut(id) if id == order));
        assert_eq!(shop.stock(&ring).await, 4);
    }

    async fn an_order_is_paid_once_however_often_and_from_wherever_it_is_settled(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(2).await;
        let placed = shop.check_out(shop.cart_with(&ring, 2).await, 1).await.unwrap();
        shop.gateway.pays(&placed.payment);
        let settling: Vec<_> = (0..16).map(|_| shop.settle(placed.payment.id)).collect();
        shop::all(settling).await.into_iter().for_each(|settled| settled.unwrap());
        let order = shop.order(placed.order.id).await;
        assert_eq!(order.status, OrderStatus::Paid);
        assert_eq!(order.timeline.len(), 2, "placed, paid");
        assert_eq!(shop.jobs("send_order_confirmation").await, 1);
        assert_eq!(shop.jobs("send_sale_notices").await, 1);
        assert_eq!(order.total, cents(25_800));
        let moved = [shop.ledger("clearing").await, shop.ledger("seller").await, shop.ledger("platform_fees").await];
        assert_eq!(moved, [-25_800, 25_155, 645], "one transaction, and the fee of 2.5 %");
        shop.assert_money_adds_up().await;
    }

    async fn an_order_of_gift_cards_that_is_paid_many_times_over_issues_each_piece_once(db: TestDb) {
        let shop = Shop::open(db).await;
        let card = shop.gift_card_on_sale().await;
        let placed = shop.check_out(shop.cart_with_gifts(&card, 3).await, 1).await.unwrap();
        shop.issues_gifts(placed.order.id).await.unwrap();
        assert_eq!(shop.gift_cards().await, 0, "it is not paid");
        shop.gateway.pays(&placed.payment);
        shop::all((0..8).map(|_| shop.settle(placed.payment.id)).collect()).await.into_iter().for_each(|s| s.unwrap());
        assert_eq!(shop.jobs("issue_sold_gift_cards").await, 1);
        let issuing: Vec<_> = (0..8).map(|_| shop.issues_gifts(placed.order.id)).collect();
        shop::all(issuing).await.into_iter().for_each(|issued| issued.unwrap());
        assert_eq!(shop.gift_cards().await, 3);
        assert_eq!(shop.jobs("deliver_gift_card").await, 3);
        let moved = [shop.ledger("clearing").await, shop.ledger("seller").await, shop.ledger("gift_card").await];
        assert_eq!(moved, [-38_700, 0, 38_700], "what came in is owed to whoever has the cards, without a fee");
        shop.assert_money_adds_up().await;
    }

    async fn a_declined_payment_gives_the_stock_back_once(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(3).await;
        let placed = shop.check_out(shop.cart_with(&ring, 2).await, 1).await.unwrap();
        assert_eq!(shop.stock(&ring).await, 1);
        shop.gateway.declines(&placed.payment);
        let settling: Vec<_> = (0..8).map(|_| shop.settle(placed.payment.id)).collect();
        shop::all(settling).await.into_iter().for_each(|settled| settled.unwrap());
        assert_eq!(shop.stock(&ring).await, 3);
        assert_eq!(shop.order(placed.order.id).await.status, OrderStatus::Cancelled);
        assert_eq!(shop.ledger("clearing").await, 0);
        shop.assert_money_adds_up().await;
    }

    async fn an_order_that_nobody_pays_expires_and_its_page_is_closed(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(1).await;
        let placed = shop.check_out(shop.cart_with(&ring, 1).await, 1).await.unwrap();
        shop.expire(placed.order.id).await.unwrap();
        shop.expire(placed.order.id).await.unwrap();
        assert_eq!(shop.order(placed.order.id).await.status, OrderStatus::Expired);
        assert_eq!(shop.stock(&ring).await, 1);
        assert_eq!(shop.payment(placed.payment.id).await.status, PaymentStatus::Voided);
        assert!(!shop.gateway.pays(&placed.payment), "nobody can pay a page that is closed");
    }

    async fn paying_and_expiring_at_the_same_time_has_one_winner(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(10).await;
        for n in 0..10 {
            let placed = shop.check_out(shop.cart_with(&ring, 1).await, n).await.unwrap();
            let pay = async { shop.gateway.pays(&placed.payment).then_some(()) };
            let (paid, expired) = tokio::join!(pay, shop.expire(placed.order.id));
            expired.unwrap();
            shop.settle(placed.payment.id).await.unwrap();
            let status = shop.order(placed.order.id).await.status;
            assert_eq!(status, if paid.is_some() { OrderStatus::Paid } else { OrderStatus::Expired });
        }
        let paid = shop.paid_orders().await;
        assert_eq!(shop.stock(&ring).await, 10 - paid);
        assert_eq!(shop.ledger("clearing").await, -12_900 * i64::from(paid));
        shop.assert_money_adds_up().await;
    }

    async fn a_gateway_that_was_away_at_checkout_gets_the_payment_later(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(1).await;
        shop.gateway.goes_away();
        let placed = shop.check_out(shop.cart_with(&ring, 1).await, 1).await.unwrap();
        assert_eq!(placed.payment.session, None);
        assert_eq!(shop.jobs("submit_payment").await, 1);
        shop.gateway.comes_back();
        shop.submit(placed.payment.id).await.unwrap();
        let stored = shop.payment(placed.payment.id).await;
        assert_eq!(stored.status, PaymentStatus::Submitted);
        assert_eq!(shop.gateway.pages(), 1);
    }

    async fn without_any_webhook_the_reconciler_finds_out_and_stops_asking(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(1).await;
        let placed = shop.check_out(shop.cart_with(&ring, 1).await, 1).await.unwrap();
        let planned = shop.jobs("reconcile_payment").await;
        shop.reconcile(placed.payment.id).await.unwrap();
        assert_eq!(shop.jobs("reconcile_payment").await, planned + 1, "still open: ask again");
        shop.gateway.pays(&placed.payment);
        shop.reconcile(placed.payment.id).await.unwrap();
        assert_eq!(shop.jobs("reconcile_payment").await, planned + 1);
        assert_eq!(shop.order(placed.order.id).await.status, OrderStatus::Paid);
    }

    async fn an_answer_that_is_lost_at_checkout_is_unknown_until_the_gateway_is_asked_again(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(1).await;
        shop.gateway.falls_mute();
        let placed = shop.check_out(shop.cart_with(&ring, 1).await, 1).await.unwrap();
        assert_eq!((placed.payment.session, shop.gateway.pages()), (None, 1), "it is open, and nobody knows");
        assert_eq!(shop.payment(placed.payment.id).await.status, PaymentStatus::Unknown);
        assert!(matches!(shop.submit(placed.payment.id).await, Err(SettleError::Gateway(GatewayError::Lost(_)))));
        shop.gateway.comes_back();
        shop.submit(placed.payment.id).await.unwrap();
        assert_eq!(shop.payment(placed.payment.id).await.status, PaymentStatus::Submitted);
        assert_eq!(shop.gateway.pages(), 1);
    }

    async fn a_gateway_that_is_away_or_mute_is_asked_again_as_soon_as_any_other(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(1).await;
        let placed = shop.check_out(shop.cart_with(&ring, 1).await, 1).await.unwrap();
        let planned = shop.jobs("reconcile_payment").await;
        shop.gateway.goes_away();
        shop.reconcile(placed.payment.id).await.unwrap();
        shop.gateway.comes_back();
        shop.gateway.falls_mute();
        shop.reconcile(placed.payment.id).await.unwrap();
        assert_eq!(shop.jobs("reconcile_payment").await, planned + 2);
        assert!(RECONCILE_EVERY <= TimeDelta::minutes(5));
        shop.gateway.comes_back();
        shop.gateway.pays(&placed.payment);
        shop.reconcile(placed.payment.id).await.unwrap();
        assert_eq!(shop.order(placed.order.id).await.status, OrderStatus::Paid);
    }

    async fn nothing_is_given_back_before_it_is_known_that_the_page_is_closed(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(1).await;
        let placed = shop.check_out(shop.cart_with(&ring, 1).await, 1).await.unwrap();
        shop.gateway.falls_mute();
        assert!(matches!(shop.expire(placed.order.id).await, Err(CancelError::Gateway(GatewayError::Lost(_)))));
        assert_eq!(shop.payment(placed.payment.id).await.status, PaymentStatus::Unknown);
        assert_eq!((shop.order(placed.order.id).await.status, shop.stock(&ring).await), (OrderStatus::PendingPayment, 0));
        shop.gateway.comes_back();
        shop.reconcile(placed.payment.id).await.unwrap();
        assert_eq!(shop.payment(placed.payment.id).await.status, PaymentStatus::Voided);
        assert_eq!((shop.order(placed.order.id).await.status, shop.stock(&ring).await), (OrderStatus::Cancelled, 1));
    }

    async fn a_payment_that_the_gateway_does_not_take_ends_its_order_once(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(9).await;
        shop.gateway.opens_nothing();
        for n in 0..3 {
            let placed = shop.check_out(shop.cart_with(&ring, 1).await, n).await.unwrap();
            match n {
                0 => shop.submit(placed.payment.id).await.unwrap(),
                1 => shop.reconcile(placed.payment.id).await.unwrap(),
                _ => shop.expire(placed.order.id).await.unwrap(),
            }
            shop.submit(placed.payment.id).await.unwrap();
            shop.expire(placed.order.id).await.unwrap();
            assert_eq!(shop.order(placed.order.id).await.status, OrderStatus::Cancelled);
            assert_eq!(shop.payment(placed.payment.id).await.status, PaymentStatus::Declined);
        }
        assert_eq!((shop.stock(&ring).await, shop.gateway.pages()), (9, 0));
    }

    async fn money_that_is_promised_and_that_nobody_wants_to_look_at_is_taken_once(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(2).await;
        let placed = shop.check_out(shop.cart_with(&ring, 2).await, 1).await.unwrap();
        shop.gateway.promises(&placed.payment);
        shop::all((0..8).map(|_| shop.settle(placed.payment.id)).collect()).await.into_iter().for_each(|s| s.unwrap());
        assert_eq!(shop.order(placed.order.id).await.status, OrderStatus::Paid);
        assert_eq!(shop.ledger("clearing").await, -25_800);
        shop.assert_money_adds_up().await;
    }

    async fn a_price_that_moved_is_told_before_anything_is_taken(db: TestDb) {
        let shop = Shop::open(db).await;
        let ring = shop.on_sale(1).await;
        let cart = shop.cart_with(&ring, 1).await;
        let refused = shop.check_out_expecting(cart, cents(1)).await.unwrap_err();
        assert!(matches!(refused, PlaceOrderError::PriceChanged(total) if total == cents(12_900)));
        assert_eq!(shop.stock(&ring).await, 1);
        assert!(shop.check_out_expecting(cart, cents(12_900)).await.is_ok(), "the cart is still good");
    }
}
