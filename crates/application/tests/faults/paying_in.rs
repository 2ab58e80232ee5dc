//! Paying into one's balance: by a gift card, and by a card.

use crate::services::{self, Card, allowed, client};
use crate::world::{Process, Story, World};
use application::gift_cards::redeem::RedeemGiftCards;
use application::identity::policy::{self, Pay};
use application::payments::top_up::{TopUpBalances, TopUpWish};
use domain::identity::User;
use domain::payments::ReturnUrls;
use testkit::builders::cents;

/// What is paid in, in cents.
const VALUE: i64 = 5_000;

/// A gift card is redeemed; who got no answer tries again.
pub struct Redeeming;

impl Story for Redeeming {
    type Case = (User, Card);

    async fn begins(&self, world: &World) -> (User, Card) {
        let ada = services::customer_with(world.db.begin().await, 0).await;
        (ada, services::gift_card(world.db.begin().await, VALUE).await)
    }

    async fn asks(&self, process: &Process, (ada, card): &(User, Card)) {
        // Once it is redeemed, the answer to a second try is that it is.
        let _ =
            process.services.redemption.redeem(&allowed::<policy::RedeemGiftCards>(ada), &card.code, &client()).await;
    }

    fn asks_again(&self) -> bool {
        true
    }

    fn pays(&self) -> bool {
        true
    }

    async fn breaks(&self, world: &World, (ada, card): &(User, Card)) {
        let there = (world.on_card(card.id).await, world.balance(ada).await);
        assert!(there == (VALUE, 0) || there == (0, VALUE), "{there:?}");
    }

    async fn ends(&self, world: &World, (ada, card): &(User, Card)) {
        assert_eq!((world.on_card(card.id).await, world.balance(ada).await), (0, VALUE));
        assert_eq!(world.planned("gift_card.redeemed"), 1);
    }
}

/// A card pays; who got no answer tries again under the same key.
pub struct ToppingUp {
    /// Otherwise nobody is seen again after the request.
    pub pays: bool,
}

/// One customer.
pub struct ToppedUp {
    ada: User,
    pages: usize,
    taken: i64,
}

impl Story for ToppingUp {
    type Case = ToppedUp;

    async fn begins(&self, world: &World) -> ToppedUp {
        let ada = services::customer_with(world.db.begin().await, 0).await;
        ToppedUp { ada, pages: world.gateway.pages(), taken: world.gateway.taken() }
    }

    async fn asks(&self, process: &Process, case: &ToppedUp) {
        let wish = TopUpWish {
            amount: cents(VALUE),
            key: format!("{}:1", case.ada.id),
            description: None,
            allow_duplicate: false,
            return_urls: ReturnUrls { success: "/s".to_owned(), cancel: "/c".to_owned() },
        };
        let _ = process.services.top_ups.top_up(&allowed::<Pay>(&case.ada), wish, &client()).await;
    }

    fn asks_again(&self) -> bool {
        self.pays
    }

    fn pays(&self) -> bool {
        self.pays
    }

    async fn ends(&self, world: &World, case: &ToppedUp) {
        let (paid, times) = if self.pays { (VALUE, 1) } else { (0, 0) };
        assert_eq!(world.balance(&case.ada).await, paid);
        assert_eq!(world.gateway.taken() - case.taken, paid, "charged as often as credited");
        assert!(world.gateway.pages() - case.pages <= 1);
        assert_eq!(world.planned("payment.succeeded"), times);
        assert!(!world.gateway.waits(), "nobody can pay any more");
    }
}
