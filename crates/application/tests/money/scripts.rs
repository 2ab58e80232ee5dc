//! What chance has found and was mended since, step by step, so that it stays found whatever chance draws.

use crate::model::{Ask, BankSays, Basket, Coin, Of, Page, Wish, World};
use crate::step::{How, Step};
use crate::{Engine, Postgres, Shop, Sqlite};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use testkit::builders::noon;

fn runs<E: Engine>(steps: Vec<Step>) -> World {
    let mut world = World::new(Coin::Euro, noon());
    let mut house = Shop::<E>::init_test(&world);
    for step in steps {
        world = World::apply(world, &step);
        house = Shop::<E>::apply(house, &world, step);
        Shop::<E>::check_invariants(&house, &world);
    }
    Shop::<E>::teardown(house, world.clone());
    world
}

/// A guest who has paid by card.
fn sold(goods: Vec<(usize, u32)>) -> Vec<Step> {
    let order = Of::Order(0);
    vec![
        Step::CheckOut(Basket { customer: None, goods, cards: vec![], balance: false }),
        Step::AtTheGateway { of: order, to: Page::Paid },
        Step::Hear { of: order, how: How::Event, times: 1 },
    ]
}

fn a_piece_whose_money_came_back<E: Engine>() {
    let mut steps = sold(vec![(1, 2), (2, 1)]);
    for (bank, wish) in [
        (BankSays::Fails, Wish::Pieces(vec![(0, 1)])),
        (BankSays::Refuses, Wish::Pieces(vec![(0, 1)])),
        (BankSays::Succeeds, Wish::Pieces(vec![(0, 1)])),
        (BankSays::Succeeds, Wish::Rest),
    ] {
        steps.push(Step::Refund(Ask { order: 0, by: None, wish, restock: true, bank }));
    }
    let world = runs::<E>(steps);
    assert_eq!(world.stock[1..3], [5, 8], "as many as there ever were");
}

#[test]
fn a_piece_is_for_sale_again_once_however_often_its_money_came_back_on_sqlite() {
    a_piece_whose_money_came_back::<Sqlite>();
}

#[test]
fn a_piece_is_for_sale_again_once_however_often_its_money_came_back_on_postgres() {
    a_piece_whose_money_came_back::<Postgres>();
}
