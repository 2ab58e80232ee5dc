//! Every point at which buying, giving up, redeeming, topping up, refunding, deciding about held money, disputes, payouts or gifts can
//! break: the n-th statement fails, the n-th answer is
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
#[path = "faults/disputing.rs"]
mod disputing;
#[path = "faults/giving.rs"]
mod giving;
#[path = "faults/giving_back.rs"]
mod giving_back;
#[path = "faults/giving_up.rs"]
mod giving_up;
#[path = "faults/holding.rs"]
mod holding;
#[path = "faults/passing.rs"]
mod passing;
#[path = "faults/paying_in.rs"]
mod paying_in;
#[path = "faults/paying_later.rs"]
mod paying_later;
#[path = "faults/paying_out.rs"]
mod paying_out;
mod services;
#[path = "faults/world.rs"]
mod world;

use buying::Buying;
use disputing::Disputing;
use giving::Giving;
use giving_back::GivingBack;
use giving_up::GivingUp;
use holding::Holding;
use paying_in::{Redeeming, ToppingUp};
use paying_later::PayingLater;
use paying_out::PayingOut;
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

    async fn held_money_that_an_admin_takes_is_taken_once_wherever_it_breaks(db: TestDb) {
        points_of(db, &Holding::Taken).await.at_least(55, 2, 2);
    }

    async fn held_money_that_an_admin_lets_go_is_nobodys_wherever_it_breaks(db: TestDb) {
        points_of(db, &Holding::LetGo).await.at_least(55, 2, 2);
    }

    async fn held_money_on_which_nobody_decides_is_let_go_wherever_it_breaks(db: TestDb) {
        points_of(db, &Holding::TimeOver).await.at_least(62, 4, 3);
    }

    async fn money_that_is_promised_is_held_wherever_it_breaks(db: TestDb) {
        points_of(db, &Holding::Promised).await.at_least(55, 5, 2);
    }

    async fn an_order_that_is_given_up_gives_back_gift_card_and_balance_wherever_it_breaks(db: TestDb) {
        let bought = Buying { on_card: 5_000, in_balance: 3_000, pays: false };
        points_of(db, &GivingUp { bought }).await.at_least(42, 1, 1);
    }

    async fn an_order_that_only_a_card_would_pay_is_given_up_wherever_it_breaks(db: TestDb) {
        let bought = Buying { on_card: 0, in_balance: 0, pays: false };
        points_of(db, &GivingUp { bought }).await.at_least(33, 1, 1);
    }

    async fn an_order_that_is_given_up_and_paid_at_once_is_one_of_both_wherever_it_breaks(db: TestDb) {
        let bought = Buying { on_card: 5_000, in_balance: 3_000, pays: true };
        points_of(db, &GivingUp { bought }).await.at_least(42, 1, 1);
    }

    async fn a_dispute_that_is_won_moves_nothing_in_the_end_wherever_it_breaks(db: TestDb) {
        points_of(db, &Disputing { won: true }).await.at_least(88, 6, 2);
    }

    async fn a_dispute_that_is_lost_is_borne_once_wherever_it_breaks(db: TestDb) {
        points_of(db, &Disputing { won: false }).await.at_least(78, 6, 2);
    }

    async fn a_payout_is_made_once_wherever_it_breaks(db: TestDb) {
        points_of(db, &PayingOut { comes_back: false }).await.at_least(10, 1, 0);
    }

    async fn a_payout_that_came_back_is_owed_again_once_wherever_it_breaks(db: TestDb) {
        points_of(db, &PayingOut { comes_back: true }).await.at_least(10, 1, 0);
    }

    async fn a_waiting_order_is_paid_from_the_balance_once_wherever_it_breaks(db: TestDb) {
        points_of(db, &PayingLater { by_card_too: false }).await.at_least(63, 2, 1);
    }

    async fn a_waiting_order_that_balance_and_card_pay_is_paid_by_one_of_both_wherever_it_breaks(db: TestDb) {
        points_of(db, &PayingLater { by_card_too: true }).await.at_least(63, 2, 1);
    }

    async fn gift_cards_are_issued_mailed_and_redeemed_once_wherever_it_breaks(db: TestDb) {
        points_of(db, &Giving).await.at_least(140, 12, 4);
    }
}
