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
    pub card: Card,
    pub ring: Product,
    pub cart: CartId,
    /// How many pages the gateway had before, and what it had taken.
    pages: usize,
    taken: i64,
}

impl Buying {
    /// What the gateway has to take, in cents.
    fn rest(&self) -> i64 {
        (RING - self.on_card - self.in_balance).max(0)
    }

    async fn is_paid_once(&self, world: &World, case: &Bought, order: Option<Order>) {
        let order = order.unwrap();
        assert_eq!(order.status, OrderStatus::Paid);
        assert_eq!(order.by_card().unwrap().amount(), self.rest());
        let left = world.on_card(case.card.id).await + world.balance(&case.ada).await;
        assert_eq!(left, self.on_card + self.in_balance + self.rest() - RING);
        assert_eq!(world.gateway.taken() - case.taken, self.rest(), "charged once");
        assert_eq!(world.gateway.pages() - case.pages, usize::from(self.rest() > 0));
        assert_eq!(world.stock(case.ring.variants[0].id).await, 4);
        for once in ["SendOrderConfirmation", "SendSaleNotices", "order.placed", "order.paid", "payment.succeeded"] {
            assert_eq!(world.planned(once), 1, "{once}");
        }
        assert_eq!(world.planned("order.cancelled") + world.planned("order.expired"), 0);
    }

    async fn is_as_before(&self, world: &World, case: &Bought, order: Option<Order>) {
        let placed = order.is_some();
        let ended = |order: &Order| matches!(order.status, OrderStatus::Expired | OrderStatus::Cancelled);
        assert!(order.iter().all(ended), "{order:?}");
        let left = (world.on_card(case.card.id).await, world.balance(&case.ada).await);
        assert_eq!(left, (self.on_card, self.in_balance));
        assert_eq!(world.gateway.taken(), case.taken);
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
        Bought {
            ada: services::customer_with(world.db.begin().await, self.in_balance).await,
            card: services::gift_card(world.db.begin().await, self.on_card).await,
            ring,
            cart,
            pages: world.gateway.pages(),
            taken: world.gateway.taken(),
        }
    }

    async fn asks(&self, process: &Process, case: &Bought) {
        let means = Means { gift_card_codes: vec![TypedCode(case.card.code.clone())], use_balance: true };
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
        let cart = world.db.begin().await.carts().lock(case.cart).await.unwrap().unwrap();
        let order = match cart.order_id {
            Some(id) => Some(world.order(id).await),
            None => None,
        };
        if self.pays {
            self.is_paid_once(world, case, order).await;
        } else {
            self.is_as_before(world, case, order).await;
        }
        assert_eq!(world.held().await, 0, "nothing is held any more");
        assert!(!world.gateway.waits(), "nobody can pay any more");
    }
}
