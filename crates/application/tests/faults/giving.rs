//! Buying two gift cards for a friend, who is sent them, and redeems them.

use crate::services::{self, checkout, client, gift_for};
use crate::world::{Process, Story, World};
use application::cart::shop::FillCarts;
use application::checkout::place_order::PlaceOrders;
use application::gift_cards::ports::GiftDeliveryQueries;
use application::system::Clock;
use domain::gift_cards::DeliveryStatus;
use domain::identity::User;
use domain::kernel::{CartId, UserId};
use domain::orders::OrderStatus;
use std::collections::BTreeSet;

/// What one costs, and is worth, in cents.
const CARD: i64 = 12_900;
/// How many are bought.
const CARDS: u32 = 2;

/// The story.
pub struct Giving;

/// One cart, and the friend.
pub struct Given {
    cart: CartId,
    seller: UserId,
    friend: User,
    taken: i64,
}

impl Story for Giving {
    type Case = Given;

    async fn begins(&self, world: &World) -> Given {
        let product = services::on_sale(world.db.begin().await, 0).await;
        let tx = world.db.begin().await;
        assert!(tx.products().set_gift_card(product.id, true, world.hands.now()).await.unwrap());
        tx.commit().await.unwrap();
        let friend = services::customer_with(world.db.begin().await, 0).await;
        *world.friend.lock().unwrap() = Some(friend.clone());
        let carts = &world.sound.services.carts;
        let cart = carts.open(None, None).await.unwrap().cart.id;
        carts.add_gift(None, cart, product.variants[0].id, CARDS, gift_for(&friend.email)).await.unwrap();
        Given { cart, seller: product.seller_id, friend, taken: world.gateway.taken() }
    }

    async fn asks(&self, process: &Process, case: &Given) {
        let _ = process.services.checkout.place(None, checkout(case.cart, 1), &client()).await;
    }

    fn asks_again(&self) -> bool {
        true
    }

    fn pays(&self) -> bool {
        true
    }

    async fn ends(&self, world: &World, case: &Given) {
        let cart = world.db.begin().await.carts().lock(case.cart).await.unwrap().unwrap();
        let order = world.order(cart.order_id.unwrap()).await;
        assert_eq!(order.status, OrderStatus::Paid);
        assert_eq!(world.gateway.taken() - case.taken, CARD * i64::from(CARDS), "charged once");
        let sold = world.db.queries().sold_cards(order.id).await.unwrap();
        assert!(sold.iter().all(|card| card.delivery.status() == DeliveryStatus::Sent), "{sold:?}");
        let last4: BTreeSet<_> = sold.iter().map(|card| card.last4.clone()).collect();
        let codes = world.post.codes_for(&case.friend.email);
        let ends = codes.iter().filter_map(|code| code.rsplit('-').next()).map(str::to_owned);
        assert_eq!(ends.collect::<BTreeSet<_>>(), last4);
        assert_eq!((sold.len(), codes.len()), (2, 2), "each has one code, however often it is mailed");
        let mails = world.post.mails_to(&case.friend.email);
        assert!((2..=3).contains(&mails.len()), "{mails:?}");
        assert_eq!(BTreeSet::from_iter(&mails).len(), 2, "a second one is a copy");
        assert_eq!(world.balance(&case.friend).await, CARD * i64::from(CARDS));
        assert_eq!(world.earned(case.seller).await, (0, 0), "what they earned is on the cards");
        for (what, times) in [
            ("SendOrderConfirmation", 1),
            ("IssueSoldGiftCards", 1),
            ("DeliverGiftCard", 2),
            ("gift_card.issued", 2),
            ("gift_card.redeemed", 2),
        ] {
            assert_eq!(world.planned(what), times, "{what}");
        }
    }
}
