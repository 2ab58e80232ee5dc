//! The whole money against a naive model of it: gift cards, given away and bought, balances, orders, payments, those that somebody
//! looks at among them, refunds, disputes and payouts, in every order that chance has, and with a gateway that is silent for a while.
//! After every step the shop says what the model says, and all that can be seen is the same. What is left out: failures of the
//! database, and many at once; others test these.
//!
//! `PROPTEST_CASES=5000 cargo nextest run --workspace -E 'binary(money)'` goes on for longer. A failure names its steps, made as few as
//! can be, and is kept in `main.regressions` beside this file: it belongs into the commit that mends it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helper functions of tests may fail as tests do"
)]

mod acts;
mod asks;
mod chance;
mod desks;
mod gateway;
mod house;
mod look;
mod model;
mod reach;
mod scripts;
mod step;
mod told;
mod waits;

use crate::house::House;
use crate::model::{Of, Wire, World};
use crate::step::{How, Step};
use proptest::test_runner::{Config, FileFailurePersistence};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use std::marker::PhantomData;
use std::sync::LazyLock;
use testkit::TestDb;
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());

/// Where the shop keeps its books.
trait Engine {
    async fn fresh() -> TestDb;
}

struct Sqlite;

impl Engine for Sqlite {
    async fn fresh() -> TestDb {
        TestDb::sqlite().await
    }
}

struct Postgres;

impl Engine for Postgres {
    async fn fresh() -> TestDb {
        TestDb::postgres().await
    }
}

struct Shop<E>(PhantomData<E>);

impl<E: Engine> StateMachineTest for Shop<E> {
    type SystemUnderTest = House;
    type Reference = World;

    fn init_test(world: &World) -> House {
        RUNTIME.block_on(async { House::open(E::fresh().await, world.coin, world.now).await })
    }

    fn apply(mut house: House, world: &World, step: Step) -> House {
        house.watch.set(world.now);
        let said = RUNTIME.block_on(house.takes(step.clone()));
        assert_eq!(said, world.answer, "the shop says something else than the model to {step:?}");
        house
    }

    fn check_invariants(house: &House, world: &World) {
        let seen = RUNTIME.block_on(house.seen());
        let mut expected = world.seen();
        // The ledger knows accounts from their first entry on.
        expected.accounts.retain(|account, amount| *amount != 0 || seen.accounts.contains_key(account));
        assert_eq!(seen, expected, "the shop is on the left, the model on the right");
    }

    /// When everything has been heard of, the ledger's money at the gateway is the gateway's, and its invariants hold.
    fn teardown(mut house: House, mut world: World) {
        let orders = (0..world.orders.len()).map(Of::Order);
        let all = orders.chain((0..world.top_ups.len()).map(Of::TopUp));
        let mut last = vec![Step::Gateway(Wire::Up)];
        // What the balance can't pay, the first time only says so.
        let hear = |of| [(); 2].map(|()| Step::Hear { of, how: How::Event, times: 1 });
        last.extend(all.flat_map(hear));
        let refunds = 0..world.refunds.len();
        last.extend(refunds.map(|refund| Step::HearRefund { refund, reconciling: false, times: 1 }));
        last.extend((0..world.disputes.len()).map(|dispute| Step::HearDispute { dispute, times: 1 }));
        for step in last {
            world = World::apply(world, &step);
            house = Self::apply(house, &world, step);
        }
        Self::check_invariants(&house, &world);
        let [captured, refunded, disputed] = house.bank.sums();
        let clearing = world.seen().accounts["clearing"];
        assert_eq!(clearing, refunded + disputed - captured, "the ledger's money at the gateway");
        RUNTIME.block_on(house.db.assert_ledger_is_sound());
    }
}

/// So many cases, unless the environment wants another number.
fn config(usual: u32) -> Config {
    let library = Config::default();
    #[expect(clippy::disallowed_methods, reason = "the run says by it how long it may take")]
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { library.cases } else { usual };
    let failure_persistence = Some(Box::new(FileFailurePersistence::WithSource("regressions")) as Box<_>);
    Config { cases, failure_persistence, max_shrink_time: 60_000, ..library }
}

prop_state_machine! {
    #![proptest_config(config(60))]
    #[test]
    fn the_money_on_sqlite_is_what_a_naive_model_says(sequential 1..80 => Shop<Sqlite>);
}

prop_state_machine! {
    #![proptest_config(config(8))]
    #[test]
    fn the_money_on_postgres_is_what_a_naive_model_says(sequential 1..80 => Shop<Postgres>);
}
