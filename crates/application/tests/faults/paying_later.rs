//! Paying from the balance what an order still waits for, on whose page a card could pay, too.

use crate::buying::{Bought, Buying};
use crate::services::{self, allowed};
use crate::world::{Process, Story, World};
use application::checkout::pay_order::PayOrders;
use application::identity::policy::Pay;
use domain::kernel::OrderId;
use domain::payments::{PaymentMethod, PaymentStatus};
use testkit::builders::cents;

const BOUGHT: Buying = Buying { on_card: 0, in_balance: 3_000, pays: false };
/// What comes into the balance later, in cents.
const LATER: i64 = 12_000;
/// How often somebody tries who gets no answer.
const TRIES: usize = 3;

/// The story.
pub struct PayingLater {
    /// Whether the customer also pays by card, as long as there is a page.
    pub by_card_too: bool,
}

impl Story for PayingLater {
    type Case = (Bought, OrderId);

    async fn begins(&self, world: &World) -> (Bought, OrderId) {
        let bought = BOUGHT.begins(world).await;
        BOUGHT.asks(&world.sound, &bought).await;
        services::pays_in(world.db.begin().await, &bought.ada, LATER).await;
        let order = bought.order(world).await.unwrap().id;
        (bought, order)
    }

    async fn asks(&self, process: &Process, (bought, order): &(Bought, OrderId)) {
        let (caller, key) = (allowed::<Pay>(&bought.ada), format!("{}:1", bought.ada.id));
        for _ in 0..TRIES {
            if process.services.paying.by_balance(&caller, *order, cents(BOUGHT.rest()), key.clone()).await.is_ok() {
                return;
            }
        }
    }

    fn asks_again(&self) -> bool {
        true
    }

    fn pays(&self) -> bool {
        self.by_card_too
    }

    async fn ends(&self, world: &World, (bought, order): &(Bought, OrderId)) {
        let (order, payment) = (world.order(*order).await, world.payment_of(*order).await);
        bought.is_sold_once(world, &order).await;
        assert_eq!(payment.status, PaymentStatus::Captured);
        let by_card = payment.method == PaymentMethod::Card;
        assert!(self.by_card_too || !by_card);
        let (taken, left) = if by_card { (BOUGHT.rest(), LATER) } else { (0, LATER - BOUGHT.rest()) };
        assert_eq!((bought.taken(world), world.balance(&bought.ada).await), (taken, left), "by one of both");
        assert_eq!(order.tenders.len(), if by_card { 1 } else { 2 });
        assert_eq!(world.held().await, 0, "nothing is held any more");
        assert!(!world.gateway.waits(), "nobody can pay any more");
    }
}
