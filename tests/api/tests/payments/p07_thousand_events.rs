//! A thousand events of Stripe's, each delivered three times and in no order, lead where they lead one by one.

use crate::harness::patience::until_at_most;
use crate::harness::stripe::shop_with_stripe;
use crate::harness::{Actor, Engine, Placed, Shop, unique};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::Duration;
use testkit::{Dice, StripePeer};

const ORDERS: usize = 40;
const EVENTS_EACH: usize = 25;
/// Deliveries at once, as Stripe would.
const AT_ONCE: usize = 16;

/// A shop with orders that wait for their payment.
struct Side {
    shop: Shop,
    stripe: StripePeer,
    customer: Actor,
    orders: Vec<Placed>,
}

impl Side {
    async fn open(engine: Engine) -> Self {
        let (shop, stripe) = shop_with_stripe(engine).await;
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 12_900, 50).await;
        let mut orders = Vec::new();
        for _ in 0..ORDERS {
            orders.push(customer.orders(&ring.variant, 1).await);
        }
        Self { shop, stripe, customer, orders }
    }

    /// What happens at Stripe to the order at this place, step by step; each step answers its events.
    fn happens(&self, place: usize) -> Vec<Vec<Value>> {
        let (stripe, session) = (&self.stripe, self.orders[place].session());
        let mut told = 0;
        let mut news = || {
            let all = stripe.events_about(session);
            let new = all[told..].to_vec();
            told = all.len();
            new
        };
        match place % 6 {
            0 => {
                assert!(stripe.pays(session));
                vec![news()]
            }
            1 => {
                stripe.is_declined(session);
                let first = news();
                assert!(stripe.pays(session));
                vec![first, news()]
            }
            2 => {
                stripe.expires(session);
                vec![news()]
            }
            3 => {
                stripe.pays_slowly(session);
                let first = news();
                stripe.ends_slowly(session, false);
                vec![first, news()]
            }
            won_or_lost => {
                assert!(stripe.pays(session));
                let paid = news();
                let opened = stripe.is_disputed(session);
                let dispute = opened["data"]["object"]["id"].as_str().unwrap();
                let closed = stripe.dispute_becomes(dispute, if won_or_lost == 4 { "won" } else { "lost" });
                vec![paid, vec![opened.clone()], vec![closed]]
            }
        }
    }

    /// Where every order stands, and how much of it went back.
    async fn standing(&self) -> Vec<(Value, Value)> {
        let orders = join_all(self.orders.iter().map(|order| self.customer.order(order))).await;
        orders.into_iter().map(|order| (order["status"].clone(), order["refunded"].clone())).collect()
    }

    async fn assert_ledger_is_sound(&self) {
        let checked = self.shop.command(&["ledger", "check", "--gateway"]);
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    }
}

/// The events, and copies of them under other ids, since Stripe has many kinds that say little: so many in all.
fn padded(mut events: Vec<Value>) -> Vec<Value> {
    let own = events.len();
    for copy in 0..EVENTS_EACH - own {
        let mut event = events[copy % own].clone();
        event["id"] = json!(unique("evt"));
        events.push(event);
    }
    events
}

async fn check(engine: Engine) {
    let in_order = Side::open(engine).await;
    for place in 0..ORDERS {
        let steps = in_order.happens(place);
        for event in steps.iter().flatten() {
            in_order.shop.hears(event).await;
        }
    }
    let shuffled = Side::open(engine).await;
    let mut deliveries = Vec::new();
    for place in 0..ORDERS {
        let events = padded(shuffled.happens(place).into_iter().flatten().collect());
        deliveries.extend(events.iter().cycle().take(3 * EVENTS_EACH).cloned());
    }
    let (mut dice, _) = Dice::shaken();
    for place in (1..deliveries.len()).rev() {
        deliveries.swap(place, dice.index(place + 1));
    }
    for some in deliveries.chunks(AT_ONCE) {
        join_all(some.iter().map(|event| shuffled.shop.hears(event))).await;
    }
    assert_eq!(shuffled.shop.rows("webhook_events", "gateway = 'stripe'").await, 1_000);

    let ended = |standing: &[(Value, Value)]| standing.iter().all(|(status, _)| status != "pending_payment");
    let expected = until_at_most(Duration::from_secs(90), "the events in order are followed", async || {
        let standing = in_order.standing().await;
        let disputes = standing.iter().filter(|(_, refunded)| refunded["amount"] == 12_900).count();
        (ended(&standing) && disputes == ORDERS.div_ceil(6) - 1).then_some(standing)
    })
    .await;
    until_at_most(Duration::from_secs(90), "the shuffled events lead to the same", async || {
        (shuffled.standing().await == expected).then_some(())
    })
    .await;
    in_order.assert_ledger_is_sound().await;
    shuffled.assert_ledger_is_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_events_thrice_in_no_order_lead_where_they_lead_one_by_one_on_sqlite() {
    check(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_events_thrice_in_no_order_lead_where_they_lead_one_by_one_on_postgres() {
    check(Engine::Postgres).await;
}
