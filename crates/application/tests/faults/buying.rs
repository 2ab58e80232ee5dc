//! Buying a ring of 129.00 with a gift card, the balance, and a card for the rest.

use crate::services::{self, Card, allowed, checkout, client};
use crate::world::{Process, Story, World};
use application::cart::shop::FillCarts;
use application::checkout::place_order::{Checkout, PlaceOrders};
use application::checkout::tenders::{Means, TypedCode};
use application::identity::policy::CheckOut;
use domain::catalog::Product;
use domain::identity::User;
use domain::kernel::CartId;
use domain::orders::{Order, OrderStatus};

/// What it costs, in cents.
const RING: i64 = 12_900;

/// The story.
pub struct Buying {
    pub on_card: i64,
    pub in_balance: i64,
    /// Otherwise nobody is seen again after the request.
    pub pays: bool,
}

/// One customer with one cart.
pub struct Bought {
    pub ada: User,
    /// If the story has one.
    card: Option<Card>,
    pub ring: Product,
    pub cart: CartId,
    /// How many pages the gateway had before, and what it had taken.
    pages: usize,
    taken: i64,
}

impl Bought {
    /// The order that the cart has become, if it has.
    pub async fn order(&self, world: &World) -> Option<Order> {
        let cart = world.db.begin().await.carts().lock(self.cart).await.unwrap().unwrap();
        match cart.order_id {
            Some(id) => Some(world.order(id).await),
            None => None,
        }
    }

    /// What is left on the gift card, in cents.
    pub async fn on_card(&self, world: &World) -> i64 {
        match &self.card {
            Some(card) => world.on_card(card.id).await,
            None => 0,
        }
    }

    /// What the gateway has taken since it began, in cents.
    pub fn taken(&self, world: &World) -> i64 {
        world.gateway.taken() - self.taken
    }

    /// It is sold, and everybody is told of it, once.
    pub async fn is_sold_once(&self, world: &World, order: &Order) {
        assert_eq!(order.status, OrderStatus::Paid);
        assert_eq!(world.stock(self.ring.variants[0].id).await, 4);
        for once in ["SendOrderConfirmation", "SendSaleNotices", "order.placed", "order.paid", "payment.succeeded"] {
            assert_eq!(world.planned(once), 1, "{once}");
        }
        assert_eq!(world.planned("order.cancelled") + world.planned("order.expired"), 0);
    }
}

impl Buying {
    /// What the gateway has to take, in cents.
    pub fn rest(&self) -> i64 {
        (RING - self.on_card - self.in_balance).max(0)
    }

    pub async fn is_paid_once(&self, world: &World, case: &Bought, order: Option<Order>) {
        let order = order.unwrap();
        case.is_sold_once(world, &order).await;
        assert_eq!(order.by_card().unwrap().amount(), self.rest());
        let left = case.on_card(world).await + world.balance(&case.ada).await;
        assert_eq!(left, self.on_card + self.in_balance + self.rest() - RING);
        assert_eq!(case.taken(world), self.rest(), "charged once");
        assert_eq!(world.gateway.pages() - case.pages, usize::from(self.rest() > 0));
    }

    pub async fn is_as_before(&self, world: &World, case: &Bought, order: Option<Order>) {
        let placed = order.is_some();
        let ended = |order: &Order| matches!(order.status, OrderStatus::Expired | OrderStatus::Cancelled);
        assert!(order.iter().all(ended), "{order:?}");
        let left = (case.on_card(world).await, world.balance(&case.ada).await);
        assert_eq!(left, (self.on_card, self.in_balance));
        assert_eq!(case.taken(world), 0);
        assert_eq!(world.stock(case.ring.variants[0].id).await, 5);
        assert_eq!(world.planned("SendOrderConfirmation") + world.planned("order.paid"), 0);
        assert_eq!(world.planned("order.placed"), usize::from(placed));
        assert_eq!(world.planned("order.cancelled") + world.planned("order.expired"), usize::from(placed));
    }
}

impl Story for Buying {
    type Case = Bought;

    async fn begins(&self, world: &World) -> Bought {
        let ring = services::on_sale(world.db.begin().await, 5).await;
        let carts = &world.sound.services.carts;
        let cart = carts.open(None, None).await.unwrap().cart.id;
        carts.add(None, cart, ring.variants[0].id, 1).await.unwrap();
        let card = match self.on_card {
            0 => None,
            value => Some(services::gift_card(world.db.begin().await, value).await),
        };
        Bought {
            ada: services::customer_with(world.db.begin().await, self.in_balance).await,
            card,
            ring,
            cart,
            pages: world.gateway.pages(),
            taken: world.gateway.taken(),
        }
    }

    async fn asks(&self, process: &Process, case: &Bought) {
        let gift_card_codes = case.card.iter().map(|card| TypedCode(card.code.clone())).collect();
        let means = Means { gift_card_codes, use_balance: true };
        let wish = Checkout { means, ..checkout(case.cart, 1) };
        // An error is told, and what the customer does then is what the story is about.
        let _ = process.services.checkout.place(Some(&allowed::<CheckOut>(&case.ada)), wish, &client()).await;
    }

    fn asks_again(&self) -> bool {
        self.pays
    }

    fn pays(&self) -> bool {
        self.pays
    }

    async fn ends(&self, world: &World, case: &Bought) {
        let order = case.order(world).await;
        if self.pays {
            self.is_paid_once(world, case, order).await;
        } else {
            self.is_as_before(world, case, order).await;
        }
        assert_eq!(world.held().await, 0, "nothing is held any more");
        assert!(!world.gateway.waits(), "nobody can pay any more");
    }
}
