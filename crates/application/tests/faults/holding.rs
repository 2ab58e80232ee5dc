//! An order whose money is promised by card, and looked at before it is taken. A gift card and the balance have given a part of it.

use crate::buying::{Bought, Buying};
use crate::services::{allowed, client};
use crate::world::{Process, Story, World};
use application::checkout::review::ReviewPayments;
use application::checkout::settle::SettlePayments;
use application::identity::policy;
use domain::identity::User;
use domain::orders::Order;
use domain::payments::{Payment, PaymentStatus, Review};

const BOUGHT: Buying = Buying { on_card: 5_000, in_balance: 3_000, pays: false };

/// The story: how it ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Holding {
    /// An admin has the money taken, and does so again without an answer.
    Taken,
    /// An admin lets it go.
    LetGo,
    /// Nobody decides, and the time to do so is over.
    TimeOver,
    /// That it is promised is what things go wrong around; then nobody decides.
    Promised,
}

/// One order, and who decides about it.
pub struct Held {
    bought: Bought,
    order: Order,
    payment: Payment,
    admin: User,
    /// How often the log told of decisions before.
    logged: i64,
}

impl Holding {
    async fn decisions(world: &World) -> i64 {
        world.logged("payment_approved").await + world.logged("payment_rejected").await
    }
}

impl Story for Holding {
    type Case = Held;

    async fn begins(&self, world: &World) -> Held {
        let bought = BOUGHT.begins(world).await;
        BOUGHT.asks(&world.sound, &bought).await;
        let order = bought.order(world).await.unwrap();
        let tx = world.db.begin().await;
        let mut payment = tx.payments().lock_of_order(order.id).await.unwrap().unwrap();
        payment.review = Some(Review::open(vec!["large_amount".to_owned()]));
        tx.payments().update(&payment).await.unwrap();
        tx.commit().await.unwrap();
        world.gateway.promises(&payment);
        if *self == Self::Promised {
            world.events.lock().unwrap().push(payment.id.to_string());
        } else {
            world.sound.services.settlement.settle(payment.id).await.unwrap();
        }
        if *self == Self::TimeOver {
            world.hands.move_by(Review::TIME_TO_DECIDE.num_seconds());
        }
        Held { bought, order, payment, admin: world.an_admin().await, logged: Self::decisions(world).await }
    }

    async fn asks(&self, process: &Process, case: &Held) {
        if let Self::Taken | Self::LetGo = self {
            let caller = allowed::<policy::ReviewPayments>(&case.admin);
            // Once it is decided, the answer to a second try is that it is.
            let _ = process.services.reviews.decide(&caller, case.payment.id, *self == Self::Taken, &client()).await;
        }
    }

    fn asks_again(&self) -> bool {
        true
    }

    fn pays(&self) -> bool {
        false
    }

    fn takes_longer(&self) -> i64 {
        Review::TIME_TO_DECIDE.num_seconds()
    }

    async fn ends(&self, world: &World, case: &Held) {
        let (order, payment) = (world.order(case.order.id).await, world.payment_of(case.order.id).await);
        if *self == Self::Taken {
            assert_eq!(payment.status, PaymentStatus::Captured);
            BOUGHT.is_paid_once(world, &case.bought, Some(order)).await;
        } else {
            assert_eq!(payment.status, PaymentStatus::Voided);
            BOUGHT.is_as_before(world, &case.bought, Some(order)).await;
        }
        let by = matches!(self, Self::Taken | Self::LetGo).then_some(case.admin.id);
        assert_eq!(payment.review.unwrap().by, by);
        assert_eq!(Self::decisions(world).await - case.logged, i64::from(by.is_some()), "it is logged once");
        for once in ["payment.held", "SendPaymentHeldNotice", "SendReviewRequest", "EndReview"] {
            assert_eq!(world.planned(once), 1, "{once}");
        }
        assert_eq!(world.planned("SendPaymentReviewedNotice"), usize::from(*self != Self::Taken));
        assert_eq!(world.held().await, 0, "nothing is held any more");
        assert!(!world.gateway.waits(), "nothing is promised any more");
    }
}
