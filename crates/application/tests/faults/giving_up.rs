//! Giving up an order before it is paid; whoever gets no answer tries again.

use crate::buying::{Bought, Buying};
use crate::services::allowed;
use crate::world::{Process, Story, World};
use application::checkout::cancel::CancelOrders;
use application::identity::policy::Buy;
use domain::kernel::OrderId;
use domain::orders::OrderStatus;

/// The story.
pub struct GivingUp {
    /// What is given up; if it is one that pays, its customer pays as long as there is a page.
    pub bought: Buying,
}

impl Story for GivingUp {
    type Case = (Bought, OrderId);

    async fn begins(&self, world: &World) -> (Bought, OrderId) {
        let bought = self.bought.begins(world).await;
        self.bought.asks(&world.sound, &bought).await;
        let order = bought.order(world).await.unwrap().id;
        (bought, order)
    }

    async fn asks(&self, process: &Process, (bought, order): &(Bought, OrderId)) {
        let _ = process.services.cancellation.cancel(Some(&allowed::<Buy>(&bought.ada)), None, *order).await;
    }

    fn asks_again(&self) -> bool {
        true
    }

    fn pays(&self) -> bool {
        self.bought.pays
    }

    async fn ends(&self, world: &World, (bought, order): &(Bought, OrderId)) {
        let order = world.order(*order).await;
        if self.bought.pays && order.status == OrderStatus::Paid {
            self.bought.is_paid_once(world, bought, Some(order)).await;
        } else {
            self.bought.is_as_before(world, bought, Some(order)).await;
        }
        assert_eq!(world.held().await, 0, "nothing is held any more");
        assert!(!world.gateway.waits(), "nobody can pay any more");
    }
}
