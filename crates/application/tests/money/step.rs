//! What can happen, and what the model makes of it.

use crate::chance::choices;
use crate::model::{Ask, Basket, Coin, Dispute, Name, Of, Page, Wire, Wish, World};
use crate::told::Answer;
use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use proptest_state_machine::ReferenceStateMachine;

/// Each step takes so long.
const TICK: TimeDelta = TimeDelta::seconds(20);

#[derive(Debug, Clone)]
pub enum Step {
    DaysPass(i64),
    Issue { value: i64, days: Option<i64> },
    Redeem { customer: usize, card: usize },
    SetUsable { card: usize, usable: bool },
    EndCard { card: usize },
    TopUp { customer: usize, amount: i64, twin_meant: bool },
    TopUpAgain { top_up: usize, other_amount: bool },
    CheckOut(Basket),
    CheckOutAgain { order: usize, same_key: bool },
    IssueSold { order: usize },
    AtTheGateway { of: Of, to: Page },
    Gateway(Wire),
    Hear { of: Of, how: How, times: usize },
    PayByBalance { order: usize, customer: usize, more: i64, name: Name },
    Decide { of: Of, take: bool },
    EndReview { of: Of },
    Cancel { order: usize },
    Expire { of: Of },
    Refund(Ask),
    RefundAgain { refund: usize },
    BankDecides { refund: usize, fails: bool },
    HearRefund { refund: usize, reconciling: bool, times: usize },
    Dispute { order: usize, told: i64 },
    DecideDispute { dispute: usize, won: bool },
    HearDispute { dispute: usize, times: usize },
    PayOut { seller: usize, amount: i64 },
    PayOutAgain { payout: usize },
    PayoutComesBack { payout: usize },
}

/// By what the shop comes to ask how a payment stands.
#[derive(Debug, Clone, Copy)]
pub enum How {
    /// An event came.
    Event,
    /// It asks from time to time.
    Reconciler,
}

impl Step {
    /// Whether what it is about is there; some that were drawn are not any more when those before them are left out.
    fn is_possible(&self, world: &World) -> bool {
        let there = |of: &Of| match of {
            Of::Order(order) => *order < world.orders.len(),
            Of::TopUp(top_up) => *top_up < world.top_ups.len(),
        };
        match self {
            Self::DaysPass(_) | Self::Issue { .. } | Self::TopUp { .. } | Self::CheckOut(_) | Self::PayOut { .. } => {
                true
            }
            Self::Redeem { .. } | Self::Gateway(_) => true,
            Self::SetUsable { card, .. } | Self::EndCard { card } => *card < world.cards.len(),
            Self::TopUpAgain { top_up, .. } => *top_up < world.top_ups.len(),
            Self::CheckOutAgain { order, .. }
            | Self::IssueSold { order }
            | Self::PayByBalance { order, .. }
            | Self::Cancel { order } => *order < world.orders.len(),
            Self::AtTheGateway { of, .. }
            | Self::Hear { of, .. }
            | Self::Decide { of, .. }
            | Self::EndReview { of }
            | Self::Expire { of } => there(of),
            Self::Refund(ask) => world.orders.get(ask.order).is_some_and(|order| match &ask.wish {
                Wish::Pieces(lines) => lines.iter().all(|(line, _)| *line < order.lines.len()),
                Wish::Rest | Wish::Amount(_) => true,
            }),
            Self::RefundAgain { refund } | Self::BankDecides { refund, .. } | Self::HearRefund { refund, .. } => {
                *refund < world.refunds.len()
            }
            Self::Dispute { order, told } => *told <= disputable(world, *order),
            Self::DecideDispute { dispute, .. } | Self::HearDispute { dispute, .. } => *dispute < world.disputes.len(),
            Self::PayOutAgain { payout } | Self::PayoutComesBack { payout } => *payout < world.payouts.len(),
        }
    }
}

/// What a bank could take back of what was paid by card: one case after the other, and in all no more than that.
pub fn disputable(world: &World, order: usize) -> i64 {
    let Some(payment) = world.orders.get(order).map(|order| &order.payment) else { return 0 };
    let disputes = || world.disputes.iter().filter(|dispute| dispute.order == order);
    if payment.page != Some(Page::Paid) || !disputes().all(Dispute::is_over) {
        return 0;
    }
    payment.amount - disputes().filter(|dispute| dispute.won != Some(true)).map(|dispute| dispute.told).sum::<i64>()
}

impl ReferenceStateMachine for World {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        let begins = testkit::builders::noon();
        select(vec![Coin::Euro, Coin::Yen, Coin::Dinar]).prop_map(move |coin| Self::new(coin, begins)).boxed()
    }

    fn transitions(world: &Self) -> BoxedStrategy<Step> {
        Union::new_weighted(choices(world)).boxed()
    }

    fn preconditions(world: &Self, step: &Step) -> bool {
        step.is_possible(world)
    }

    fn apply(mut world: Self, step: &Step) -> Self {
        world.now += TICK;
        world.answer = world.takes(step);
        world
    }
}

impl World {
    fn takes(&mut self, step: &Step) -> Answer {
        match step {
            Step::DaysPass(days) => self.days_pass(*days),
            Step::Issue { value, days } => self.issue(*value, *days),
            Step::Redeem { customer, card } => self.redeem(*customer, *card),
            Step::SetUsable { card, usable } => self.set_usable(*card, *usable),
            Step::EndCard { card } => self.end_card(*card),
            Step::TopUp { customer, amount, twin_meant } => self.top_up(*customer, *amount, *twin_meant),
            Step::TopUpAgain { top_up, other_amount } => self.top_up_again(*top_up, *other_amount),
            Step::CheckOut(basket) => self.check_out(basket),
            Step::CheckOutAgain { order, same_key } => self.check_out_again(*order, *same_key),
            Step::AtTheGateway { of, to } => self.at_the_gateway(*of, *to),
            Step::Hear { of, how, .. } => self.hear(*of, matches!(how, How::Reconciler)),
            Step::Gateway(wire) => self.wire(*wire),
            Step::IssueSold { order } => self.issue_sold(*order),
            Step::PayByBalance { order, customer, more, name } => self.pay_by_balance(*order, *customer, *more, *name),
            Step::Decide { of, take } => self.decide(*of, *take),
            Step::EndReview { of } => self.end_review(*of),
            Step::Cancel { order } => self.cancel(*order),
            Step::Expire { of } => self.expire(*of),
            Step::Refund(ask) => self.refund(ask),
            Step::RefundAgain { refund } => self.refund_again(*refund),
            Step::BankDecides { refund, fails } => self.bank_decides(*refund, *fails),
            Step::HearRefund { refund, reconciling: false, .. } => self.hear_refund(*refund),
            Step::HearRefund { refund, reconciling: true, .. } => self.reconcile_refund(*refund),
            Step::Dispute { order, told } => self.dispute(*order, *told),
            Step::DecideDispute { dispute, won } => self.decide_dispute(*dispute, *won),
            Step::HearDispute { dispute, .. } => self.hear_dispute(*dispute),
            Step::PayOut { seller, amount } => self.pay_out(*seller, *amount),
            Step::PayOutAgain { payout } => self.pay_out_again(*payout),
            Step::PayoutComesBack { payout } => self.payout_comes_back(*payout),
        }
    }
}
