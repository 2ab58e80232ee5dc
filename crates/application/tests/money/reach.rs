//! Whether chance leads everywhere: what never happens here is tested by nobody.

use crate::model::World;
use crate::told::{Answer, Why};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use proptest_state_machine::ReferenceStateMachine;
use std::collections::BTreeSet;

const ANSWERS: [&str; 39] = [
    "card disabled",
    "card spent",
    "card too late",
    "card twice",
    "card unknown",
    "checked out",
    "decided",
    "disabled",
    "disputed",
    "done",
    "ended",
    "gift cards",
    "given",
    "held",
    "key reused",
    "more than owed",
    "no value",
    "not found",
    "not held",
    "not paid",
    "nothing left",
    "nothing to send",
    "other amount",
    "out of limits",
    "paying",
    "placed",
    "redeemed",
    "sent",
    "silence",
    "spent",
    "stands",
    "too few",
    "too late",
    "too low",
    "too many pieces",
    "too much",
    "twin",
    "unknown code",
    "unknown line",
];

fn name(answer: &Answer) -> &'static str {
    match answer {
        Answer::Done => "done",
        Answer::Redeemed { .. } => "redeemed",
        Answer::Placed { .. } => "placed",
        Answer::Paying { .. } => "paying",
        Answer::Stands { .. } => "stands",
        Answer::Given { .. } => "given",
        Answer::Sent { .. } => "sent",
        Answer::Refused(why) => refusal(why),
    }
}

fn refusal(why: &Why) -> &'static str {
    match why {
        Why::NoValue => "no value",
        Why::UnknownCode => "unknown code",
        Why::Twice => "twice",
        Why::Spent => "spent",
        Why::Over => "too late",
        Why::Disabled => "disabled",
        Why::TooFew => "too few",
        Why::Card(_, why) => match **why {
            Why::UnknownCode => "card unknown",
            Why::Twice => "card twice",
            Why::Spent => "card spent",
            Why::Over => "card too late",
            Why::Disabled => "card disabled",
            _ => "card refused",
        },
        Why::CheckedOut(_) => "checked out",
        Why::Ended(_) => "ended",
        Why::OtherAmount(_) => "other amount",
        Why::TooLow(_) => "too low",
        Why::Held => "held",
        Why::NotHeld(_) => "not held",
        Why::Decided(_) => "decided",
        Why::Silence => "silence",
        Why::OutOfLimits => "out of limits",
        Why::Twin(_) => "twin",
        Why::KeyReused => "key reused",
        Why::NotFound => "not found",
        Why::NotPaid(_) => "not paid",
        Why::Disputed => "disputed",
        Why::GiftCards => "gift cards",
        Why::NothingLeft => "nothing left",
        Why::TooMuch(_) => "too much",
        Why::UnknownLine(_) => "unknown line",
        Why::TooManyPieces(..) => "too many pieces",
        Why::NothingToSend => "nothing to send",
        Why::MoreThanOwed(_) => "more than owed",
    }
}

#[test]
fn chance_leads_to_every_answer_and_every_state() {
    let (mut runner, steps) = (TestRunner::deterministic(), World::sequential_strategy(60..80));
    let (mut answers, mut states) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..300 {
        let (mut world, steps, _) = steps.new_tree(&mut runner).unwrap().current();
        for step in &steps {
            world = World::apply(world, step);
            answers.insert(name(&world.answer));
            let seen = world.seen();
            states.extend(seen.orders.iter().map(|(state, ..)| format!("order {state}")));
            states.extend(seen.orders.iter().map(|(.., state)| format!("payment of an order {state}")));
            states.extend(seen.cards.iter().map(|(_, state)| format!("card {state}")));
            states.extend(seen.top_ups.iter().map(|state| format!("top-up {state}")));
            states.extend(seen.refunds.iter().map(|state| format!("refund {state}")));
            states.extend(world.disputes.iter().map(|dispute| format!("dispute {:?}", dispute.heard)));
            states.extend(
                world.disputes.iter().filter(|one| one.excess > 0).map(|_| "dispute of more than is left".to_owned()),
            );
            states.extend(
                world.orders.iter().filter(|order| order.payment.left).map(|_| "left to the balance".to_owned()),
            );
            let by_balance = world.orders.iter().filter(|order| order.payment.came_from_balance());
            states.extend(by_balance.map(|_| "paid from the balance at last".to_owned()));
            states.extend(world.cards.iter().filter(|card| card.void).map(|_| "card taken back".to_owned()));
            let debts = seen.sellers.iter().filter(|(owed, _)| *owed < 0);
            states.extend(debts.map(|_| "seller in debt".to_owned()));
        }
    }
    let missing: Vec<_> = ANSWERS.iter().filter(|answer| !answers.contains(*answer)).collect();
    assert!(missing.is_empty(), "never said: {missing:?}");
    assert_eq!(states.len(), 6 + 6 + 4 + 6 + 3 + 4 + 5, "{states:?}");
}
