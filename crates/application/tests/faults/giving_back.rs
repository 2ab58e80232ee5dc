//! Giving back an order that was paid by a gift card, the balance and a card. The gateway takes its time.

use crate::buying::{Bought, Buying};
use crate::services::{allowed, checkout};
use crate::world::{Process, Story, World};
use application::identity::policy::RefundSales;
use application::refunds::give::{GiveRefunds, RefundCommand};
use application::refunds::ports::RefundQueries;
use domain::identity::User;
use domain::orders::Order;
use domain::refunds::{RefundStatus, RefundWish};
use testkit::builders::a_seller;

const BOUGHT: Buying = Buying { on_card: 5_000, in_balance: 3_000, pays: true };
/// What the card paid, in cents.
const BY_CARD: i64 = 4_900;

/// The story.
pub struct GivingBack {
    pub asks_again: bool,
}

/// One order that is paid.
pub struct Sold {
    bought: Bought,
    order: Order,
    seller: User,
    /// How many refunds the gateway had before, and what it had given.
    refunds: usize,
    given: i64,
}

impl Story for GivingBack {
    type Case = Sold;

    async fn begins(&self, world: &World) -> Sold {
        let bought = BOUGHT.begins(world).await;
        BOUGHT.asks(&world.sound, &bought).await;
        world.time_passes(&world.sound, true, 0).await;
        Sold {
            order: bought.order(world).await.unwrap(),
            seller: User { id: bought.ring.seller_id, ..a_seller() },
            bought,
            refunds: world.gateway.refunds(),
            given: world.gateway.given(),
        }
    }

    async fn asks(&self, process: &Process, case: &Sold) {
        let (wish, key) = (RefundWish::Rest, checkout(case.bought.cart, 1).key);
        let command = RefundCommand { order: case.order.id, wish, reason: None, restock: true, key };
        let _ = process.services.refunds.of_sales(&allowed::<RefundSales>(&case.seller), command).await;
    }

    fn asks_again(&self) -> bool {
        self.asks_again
    }

    fn pays(&self) -> bool {
        true
    }

    async fn ends(&self, world: &World, case: &Sold) {
        let refunds = world.db.queries().refunds_of(case.order.id).await.unwrap();
        let times = if self.asks_again { 1 } else { refunds.len() };
        assert_eq!(refunds.len(), times);
        assert!(times <= 1 && refunds.iter().all(|refund| refund.status == RefundStatus::Succeeded), "{refunds:?}");
        let there = (case.bought.on_card(world).await, world.balance(&case.bought.ada).await);
        assert_eq!(there, if times == 1 { (5_000, 3_000) } else { (0, 0) });
        assert_eq!(world.gateway.refunds() - case.refunds, times);
        assert_eq!(world.gateway.given() - case.given, if times == 1 { BY_CARD } else { 0 });
        let refunded = world.order(case.order.id).await.refunded;
        assert_eq!(refunded.amount(), if times == 1 { case.order.total.amount() } else { 0 });
        assert_eq!(world.stock(case.bought.ring.variants[0].id).await, if times == 1 { 5 } else { 4 });
        for once in ["SendRefundNotice", "order.refunded"] {
            assert_eq!(world.planned(once), times, "{once}");
        }
        assert_eq!(world.planned("SendRefundFailedNotice"), 0);
    }
}
