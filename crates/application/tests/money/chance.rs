//! What happens next: drawn so that it is about something that there is, and often about something that matters.

use crate::model::{
    Ask, BankSays, Basket, CUSTOMERS, Coin, GOODS, Known, Line, Name, Of, Page, SELLERS, Wire, Wish, World,
};
use crate::step::{How, Step, disputable};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::Union;

/// No more of anything: what is looked at after each step stays small.
const MOST: usize = 6;

type Choices = Vec<(u32, BoxedStrategy<Step>)>;

/// What may follow, and how often.
pub fn choices(world: &World) -> Choices {
    let mut choices: Choices = vec![
        (1, select(vec![1, 29, 40, 400]).prop_map(Step::DaysPass).boxed()),
        (2, (0..CUSTOMERS, 0..=world.cards.len()).prop_map(|(customer, card)| Step::Redeem { customer, card }).boxed()),
        (2, payouts(world)),
    ];
    if world.cards.len() < MOST {
        choices.push((4, issues()));
    }
    if world.top_ups.len() < MOST {
        choices.push((3, top_ups(world.coin)));
        if let Some(last) = world.top_ups.last() {
            let (customer, amount) = (last.customer, last.payment.amount);
            let twin = any::<bool>().prop_map(move |twin_meant| Step::TopUp { customer, amount, twin_meant });
            choices.push((1, twin.boxed()));
        }
    }
    if world.orders.len() < MOST {
        choices.push((8, baskets(world.cards.len())));
    }
    choices.push(match world.wire {
        Wire::Up => (2, select(vec![Wire::Away, Wire::Mute, Wire::Mute]).prop_map(Step::Gateway).boxed()),
        Wire::Away | Wire::Mute => (7, Just(Step::Gateway(Wire::Up)).boxed()),
    });
    of_cards(world.cards.len(), &mut choices);
    of_payments(world, &mut choices);
    of_paid_orders(world, &mut choices);
    if !world.payouts.is_empty() {
        let payout = || 0..world.payouts.len();
        choices.push((1, payout().prop_map(|payout| Step::PayOutAgain { payout }).boxed()));
        choices.push((1, payout().prop_map(|payout| Step::PayoutComesBack { payout }).boxed()));
    }
    choices
}

fn issues() -> BoxedStrategy<Step> {
    let value = prop_oneof![1 => Just(0_i64), 4 => 1_i64..40, 20 => 1_i64..30_000];
    (value, select(vec![None, Some(0), Some(30), Some(90)]))
        .prop_map(|(value, days)| Step::Issue { value, days })
        .boxed()
}

fn of_cards(cards: usize, choices: &mut Choices) {
    if cards > 0 {
        let usable = (0..cards, any::<bool>()).prop_map(|(card, usable)| Step::SetUsable { card, usable });
        choices.push((1, usable.boxed()));
        choices.push((2, (0..cards).prop_map(|card| Step::EndCard { card }).boxed()));
    }
}

fn top_ups(coin: Coin) -> BoxedStrategy<Step> {
    let unit = coin.unit();
    let amounts = select(vec![unit - 1, unit, 40, 60, 20 * unit, 299 * unit + 1, 300 * unit, 300 * unit + 1]);
    (0..CUSTOMERS, amounts, any::<bool>())
        .prop_map(|(customer, amount, twin_meant)| Step::TopUp { customer, amount, twin_meant })
        .boxed()
}

fn baskets(cards: usize) -> BoxedStrategy<Step> {
    let goods = subsequence((0..GOODS.len()).collect::<Vec<_>>(), 1..=3).prop_shuffle();
    let quantities = prop::collection::vec(1_u32..4, 3);
    let cards = prop::collection::vec(0..=cards, 0..=cards.min(3));
    let cards = prop_oneof![1 => cards.clone(), 4 => cards.prop_map(move |cards| without_twins(&cards))];
    (prop::option::of(0..CUSTOMERS), goods, quantities, cards, any::<bool>())
        .prop_map(|(customer, goods, quantities, cards, balance)| {
            let goods = goods.into_iter().zip(quantities).collect();
            Step::CheckOut(Basket { customer, goods, cards, balance: balance && customer.is_some() })
        })
        .boxed()
}

fn without_twins(cards: &[usize]) -> Vec<usize> {
    let mut cards = cards.to_vec();
    cards.sort_unstable();
    cards.dedup();
    cards
}

fn of_payments(world: &World, choices: &mut Choices) {
    let orders = (0..world.orders.len()).map(Of::Order);
    let all: Vec<Of> = orders.chain((0..world.top_ups.len()).map(Of::TopUp)).collect();
    let of_page = |page: Page| -> Vec<Of> {
        all.iter()
            .copied()
            .filter(|of| world.payment(*of).page == Some(page) && !world.payment(*of).known.is_final())
            .collect()
    };
    let page = prop_oneof![4 => Just(Page::Paid), 1 => Just(Page::Declined)];
    let at_the_gateway = |(of, to)| Step::AtTheGateway { of, to };
    let how = prop_oneof![Just(How::Event), Just(How::Reconciler)];
    let hear = |(of, how, times)| Step::Hear { of, how, times };
    if !of_page(Page::Open).is_empty() {
        choices.push((8, (select(of_page(Page::Open)), page.clone()).prop_map(at_the_gateway).boxed()));
        // What is asked for in vain.
        if world.wire != Wire::Up {
            choices.push((6, select(of_page(Page::Open)).prop_map(|of| Step::Expire { of }).boxed()));
        }
    }
    if !of_page(Page::Paid).is_empty() {
        choices.push((8, (select(of_page(Page::Paid)), how.clone(), 1_usize..4).prop_map(hear).boxed()));
    }
    if !all.is_empty() {
        choices.push((1, (select(all.clone()), page).prop_map(at_the_gateway).boxed()));
        choices.push((2, (select(all.clone()), how, 1_usize..4).prop_map(hear).boxed()));
        choices.push((2, select(all.clone()).prop_map(|of| Step::Expire { of }).boxed()));
    }
    let known =
        |known: Known| -> Vec<Of> { all.iter().copied().filter(|of| world.payment(*of).known == known).collect() };
    if !known(Known::Promised).is_empty() {
        let decide = (select(known(Known::Promised)), any::<bool>()).prop_map(|(of, take)| Step::Decide { of, take });
        choices.push((8, decide.boxed()));
        choices.push((1, select(known(Known::Promised)).prop_map(|of| Step::EndReview { of }).boxed()));
    }
    if !known(Known::Unknown).is_empty() && world.wire == Wire::Up {
        let hear = |of| Step::Hear { of, how: How::Reconciler, times: 1 };
        choices.push((6, select(known(Known::Unknown)).prop_map(hear).boxed()));
    }
    if !all.is_empty() {
        let decide = (select(all.clone()), any::<bool>()).prop_map(|(of, take)| Step::Decide { of, take });
        choices.push((1, decide.boxed()));
    }
    if !world.orders.is_empty() {
        let order = 0..world.orders.len();
        choices.push((1, order.clone().prop_map(|order| Step::Cancel { order }).boxed()));
        choices.push((4, by_balance(world)));
        // Whoever has as much as is promised.
        let could = world.orders.iter().enumerate().filter_map(|(order, found)| {
            let customer = found.customer.filter(|customer| world.balances[*customer] >= found.payment.amount)?;
            (found.payment.known == Known::Promised).then_some((order, customer))
        });
        for (order, customer) in could {
            choices.push((6, Just(Step::PayByBalance { order, customer, more: 0, name: Name::New }).boxed()));
        }
        let again = (order, any::<bool>()).prop_map(|(order, same_key)| Step::CheckOutAgain { order, same_key });
        choices.push((1, again.boxed()));
    }
    if !world.top_ups.is_empty() {
        let again = (0..world.top_ups.len(), any::<bool>());
        choices.push((1, again.prop_map(|(top_up, other_amount)| Step::TopUpAgain { top_up, other_amount }).boxed()));
    }
}

/// Mostly by who has ordered, in their own words.
fn by_balance(world: &World) -> BoxedStrategy<Step> {
    let waits = |order: &usize| world.orders[*order].standing == "pending_payment";
    let waiting: Vec<usize> = (0..world.orders.len()).filter(waits).collect();
    let all: Vec<usize> = (0..world.orders.len()).collect();
    let order = if waiting.is_empty() { select(all).boxed() } else { select(waiting).boxed() };
    let customers: Vec<Option<usize>> = world.orders.iter().map(|order| order.customer).collect();
    let more = prop_oneof![6 => Just(0_i64), 1 => Just(1)];
    let name = prop_oneof![Just(Name::Usual), Just(Name::New)];
    (order, prop::option::weighted(0.1, 0..CUSTOMERS), more, name)
        .prop_map(move |(order, other, more, name)| {
            let customer = other.or(customers[order]).unwrap_or(0);
            Step::PayByBalance { order, customer, more, name }
        })
        .boxed()
}

fn of_paid_orders(world: &World, choices: &mut Choices) {
    let (paid, others): (Vec<usize>, Vec<usize>) =
        (0..world.orders.len()).partition(|order| world.orders[*order].standing == "paid");
    let is_sold = |order: &usize| world.cards.iter().any(|card| card.bought.is_some_and(|(of, ..)| of == *order));
    let of_gifts = |order: &usize| world.orders[*order].lines.iter().any(Line::is_gift) && !is_sold(order);
    let to_issue: Vec<usize> = paid.iter().copied().filter(of_gifts).collect();
    for (weight, orders) in [(6, to_issue), (1, (0..world.orders.len()).collect())] {
        if !orders.is_empty() {
            choices.push((weight, select(orders).prop_map(|order| Step::IssueSold { order }).boxed()));
        }
    }
    for (weight, orders) in [(8, paid), (1, others)] {
        if !orders.is_empty() && world.refunds.len() < 2 * MOST {
            let strategies = orders.iter().map(|order| refunds(world, *order));
            choices.push((weight, Union::new(strategies).boxed()));
        }
    }
    let disputes = (0..world.orders.len()).filter_map(|order| {
        let most = Some(disputable(world, order)).filter(|most| *most > 0)?;
        let told = prop_oneof![2 => Just(most), 1 => 1..=most];
        Some(told.prop_map(move |told| Step::Dispute { order, told }).boxed())
    });
    let disputes: Vec<_> = disputes.collect();
    if !disputes.is_empty() && world.disputes.len() < MOST {
        choices.push((3, Union::new(disputes).boxed()));
    }
    if !world.refunds.is_empty() {
        let refund = 0..world.refunds.len();
        choices.push((1, refund.clone().prop_map(|refund| Step::RefundAgain { refund }).boxed()));
        let decides = (refund.clone(), any::<bool>()).prop_map(|(refund, fails)| Step::BankDecides { refund, fails });
        choices.push((2, decides.boxed()));
        let hear = (refund, any::<bool>(), 1_usize..4);
        let hear = hear.prop_map(|(refund, reconciling, times)| Step::HearRefund { refund, reconciling, times });
        choices.push((3, hear.boxed()));
    }
    if !world.disputes.is_empty() {
        let dispute = 0..world.disputes.len();
        let decides = (dispute.clone(), any::<bool>()).prop_map(|(dispute, won)| Step::DecideDispute { dispute, won });
        choices.push((2, decides.boxed()));
        let hear = (dispute, 1_usize..4).prop_map(|(dispute, times)| Step::HearDispute { dispute, times });
        choices.push((4, hear.boxed()));
    }
}

fn refunds(world: &World, order: usize) -> BoxedStrategy<Step> {
    let left: i64 = world.orders[order].lines.iter().map(Line::left).sum();
    let lines = world.orders[order].lines.len();
    let amount = prop_oneof![1 => Just(0), 2 => Just(left), 1 => Just(left + 1), 12 => 1..=left.max(1)];
    let wish = prop_oneof![
        1 => Just(Wish::Rest),
        3 => amount.prop_map(Wish::Amount),
        3 => prop::collection::vec((0..lines, 1_u32..3), 1..3).prop_map(Wish::Pieces),
    ];
    let bank = prop_oneof![
        4 => Just(BankSays::Succeeds),
        2 => Just(BankSays::Waits),
        1 => Just(BankSays::Fails),
        1 => Just(BankSays::Refuses),
    ];
    (wish, prop::option::of(0..SELLERS), any::<bool>(), bank)
        .prop_map(move |(wish, by, restock, bank)| Step::Refund(Ask { order, by, wish, restock, bank }))
        .boxed()
}

fn payouts(world: &World) -> BoxedStrategy<Step> {
    let owed: Vec<i64> = (0..SELLERS).map(|seller| world.owed(seller)).collect();
    (0..SELLERS)
        .prop_flat_map(move |seller| {
            let owed = owed[seller];
            let amount = prop_oneof![1 => Just(0), 1 => Just(owed), 1 => Just(owed + 1), 3 => 1..=owed.max(1)];
            amount.prop_map(move |amount| Step::PayOut { seller, amount })
        })
        .boxed()
}
