//! Sending a seller a part of what they earned, and noting that it came back. An admin who gets no answer tries again under the
//! same key.

use crate::buying::Buying;
use crate::services::{allowed, client};
use crate::world::{Process, Story, World};
use application::identity::policy::AdministerPayouts;
use application::payouts::pay_out::{MakePayouts, PayoutCommand};
use domain::identity::User;
use domain::kernel::{PayoutId, UserId};
use testkit::builders::cents;

const BOUGHT: Buying = Buying { on_card: 10_000, in_balance: 3_000, pays: true };
/// What the seller earned by it, and what they are sent, in cents.
const EARNED: i64 = 12_578;
const SENT: i64 = 10_000;

/// The story.
pub struct PayingOut {
    /// It was sent before, and is noted to have come back.
    pub comes_back: bool,
}

/// One seller, and an admin.
pub struct PaidOut {
    seller: UserId,
    admin: User,
    payout: Option<PayoutId>,
    logged: i64,
}

impl PayingOut {
    const fn logged_as(&self) -> &'static str {
        if self.comes_back { "payout_failed" } else { "payout_made" }
    }
}

fn command(seller: UserId, admin: &User) -> PayoutCommand {
    PayoutCommand { seller, amount: cents(SENT), reference: None, key: format!("{}:1", admin.id) }
}

impl Story for PayingOut {
    type Case = PaidOut;

    async fn begins(&self, world: &World) -> PaidOut {
        let bought = BOUGHT.begins(world).await;
        BOUGHT.asks(&world.sound, &bought).await;
        let (seller, admin) = (bought.ring.seller_id, world.an_admin().await);
        assert_eq!(world.earned(seller).await, (EARNED, 0));
        let mut payout = None;
        if self.comes_back {
            let (caller, payouts) = (allowed::<AdministerPayouts>(&admin), &world.sound.services.payouts);
            let made = payouts.pay_out(&caller, command(seller, &admin), &client()).await.unwrap();
            payout = Some(made.payout.id);
        }
        world.time_passes(&world.sound, false, 0).await;
        PaidOut { seller, admin, payout, logged: world.logged(self.logged_as()).await }
    }

    async fn asks(&self, process: &Process, case: &PaidOut) {
        let (caller, payouts) = (allowed::<AdministerPayouts>(&case.admin), &process.services.payouts);
        let _ = match case.payout {
            Some(payout) => payouts.fail(&caller, payout, &client()).await,
            None => payouts.pay_out(&caller, command(case.seller, &case.admin), &client()).await,
        };
    }

    fn asks_again(&self) -> bool {
        true
    }

    fn pays(&self) -> bool {
        false
    }

    async fn breaks(&self, world: &World, case: &PaidOut) {
        let there = world.earned(case.seller).await;
        assert!([(EARNED, 0), (EARNED - SENT, SENT)].contains(&there), "{there:?}");
    }

    async fn ends(&self, world: &World, case: &PaidOut) {
        let there = if self.comes_back { (EARNED, 0) } else { (EARNED - SENT, SENT) };
        assert_eq!(world.earned(case.seller).await, there);
        assert_eq!(world.logged(self.logged_as()).await - case.logged, 1, "it is logged once");
        assert_eq!(world.planned("SendPayoutNotice"), 1);
    }
}
