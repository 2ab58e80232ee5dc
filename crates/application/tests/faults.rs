//! Every point at which checkout, redeeming, topping up or refunding can break: the n-th statement fails, the n-th answer is
//! lost, the process dies there, for n = 1, 2, 3... until the whole story passes without having met the fault. After each one
//! the shop is started again, its jobs run until nothing is left to do, and all money is somewhere, once.
//!
//! How many points there are is printed at the end of a test run, and what is asserted here is that they do not silently become
//! fewer.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "helper functions of tests may fail as tests do"
)]

#[path = "faults/around.rs"]
mod around;
#[path = "faults/buying.rs"]
mod buying;
#[path = "faults/giving_back.rs"]
mod giving_back;
#[path = "faults/paying_in.rs"]
mod paying_in;
mod services;
#[path = "faults/world.rs"]
mod world;

use buying::Buying;
use giving_back::GivingBack;
use paying_in::{Redeeming, ToppingUp};
use testkit::both_databases;
use world::points_of;

both_databases! {
    async fn a_checkout_with_gift_card_balance_and_card_is_paid_once_wherever_it_breaks(db: TestDb) {
        let points = points_of(db, &Buying { on_card: 5_000, in_balance: 3_000, pays: true }).await;
        points.at_least(90, 5, 2);
    }

    async fn a_checkout_that_nobody_pays_gives_everything_back_wherever_it_breaks(db: TestDb) {
        let points = points_of(db, &Buying { on_card: 5_000, in_balance: 3_000, pays: false }).await;
        points.at_least(110, 7, 4);
    }

    async fn a_checkout_that_leaves_nothing_to_pay_is_paid_once_wherever_it_breaks(db: TestDb) {
        let points = points_of(db, &Buying { on_card: 10_000, in_balance: 3_000, pays: true }).await;
        points.at_least(40, 1, 0);
    }

    async fn a_gift_card_is_redeemed_once_wherever_it_breaks(db: TestDb) {
        points_of(db, &Redeeming).await.at_least(14, 1, 0);
    }

    async fn a_top_up_is_credited_once_wherever_it_breaks(db: TestDb) {
        points_of(db, &ToppingUp { pays: true }).await.at_least(40, 5, 2);
    }

    async fn a_top_up_that_nobody_pays_credits_nothing_wherever_it_breaks(db: TestDb) {
        points_of(db, &ToppingUp { pays: false }).await.at_least(45, 7, 4);
    }

    async fn a_refund_to_card_gift_card_and_balance_is_given_once_wherever_it_breaks(db: TestDb) {
        points_of(db, &GivingBack { asks_again: true }).await.at_least(55, 3, 2);
    }

    async fn a_refund_that_nobody_asks_for_again_is_given_wholly_or_not_at_all(db: TestDb) {
        points_of(db, &GivingBack { asks_again: false }).await.at_least(55, 3, 2);
    }
}
