//! A bank takes back what a card has paid, and decides some day whether it keeps it. The gateway tells of both.

use crate::buying::{Bought, Buying};
use crate::world::{Process, Story, World};
use application::refunds::ports::{DisputeState, RefundQueries};
use domain::kernel::UserId;
use domain::orders::Order;
use domain::payments::Payment;
use domain::refunds::{RefundKind, RefundStatus, RefundVerdict};

const BOUGHT: Buying = Buying { on_card: 5_000, in_balance: 3_000, pays: true };
/// What the card paid, in cents.
const BY_CARD: i64 = 4_900;
/// What the seller earned by the order, and what of it they bear of what the card paid.
const EARNED: i64 = 12_578;
const BORNE: i64 = 4_777;

/// The story.
pub struct Disputing {
    /// How the bank decides.
    pub won: bool,
}

/// One order that is paid, and disputed.
pub struct Disputed {
    bought: Bought,
    order: Order,
    payment: Payment,
    seller: UserId,
}

impl Story for Disputing {
    type Case = Disputed;

    async fn begins(&self, world: &World) -> Disputed {
        let bought = BOUGHT.begins(world).await;
        BOUGHT.asks(&world.sound, &bought).await;
        world.time_passes(&world.sound, true, 0).await;
        let order = bought.order(world).await.unwrap();
        let (payment, seller) = (world.payment_of(order.id).await, bought.ring.seller_id);
        assert_eq!((payment.amount.amount(), world.earned(seller).await), (BY_CARD, (EARNED, 0)));
        let dispute = world.gateway.is_disputed(payment.id, payment.amount);
        let verdict = if self.won { RefundVerdict::Failed("won".to_owned()) } else { RefundVerdict::Succeeded };
        world.gateway.will_decide_dispute(&dispute, verdict);
        world.events.lock().unwrap().push(format!("{dispute} opened"));
        Disputed { bought, order, payment, seller }
    }

    /// Nobody asks: the bank does what it does.
    async fn asks(&self, _: &Process, _: &Disputed) {}

    fn asks_again(&self) -> bool {
        false
    }

    fn pays(&self) -> bool {
        true
    }

    async fn ends(&self, world: &World, case: &Disputed) {
        let disputes = world.db.queries().refunds_of(case.order.id).await.unwrap();
        let stands = if self.won { RefundStatus::Failed } else { RefundStatus::Succeeded };
        assert!(disputes.iter().all(|one| (one.kind, one.status) == (RefundKind::Dispute, stands)), "{disputes:?}");
        // One that the shop hears of when it is won already has nothing to move.
        let times = if self.won { disputes.len() } else { 1 };
        assert!(times <= 1 && disputes.len() == times, "{disputes:?}");
        let state = world.db.begin().await.refunds().dispute_of(case.payment.id).await.unwrap();
        let lost = if self.won { DisputeState::Won } else { DisputeState::Lost };
        assert_eq!(state, (times == 1).then_some(lost));
        let (refunded, borne) = if self.won { (0, 0) } else { (BY_CARD, BORNE) };
        assert_eq!(world.order(case.order.id).await.refunded.amount(), refunded);
        assert_eq!(world.earned(case.seller).await, (EARNED - borne, 0));
        let there = (case.bought.on_card(world).await, world.balance(&case.bought.ada).await);
        assert_eq!(there, (0, 0), "it is about the card alone");
        assert_eq!(world.planned("payment.disputed"), times);
        assert_eq!(world.planned("SendDisputeNotice"), 2 * times);
    }
}
