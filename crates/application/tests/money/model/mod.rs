//! What the shop's money should be, told as plainly as can be: numbers in lists, and for each thing that happens a few lines of
//! arithmetic. Nothing here is the product's: where both were told the same rule, each has its own words for it.

mod bank;
mod cards;
mod orders;
mod payments;
mod refunds;
mod settling;
mod split;
mod top_ups;

pub use bank::Dispute;
pub use cards::Card;
pub use orders::{Basket, Line, Order};
pub use payments::{Known, Name, Page, Payment, Wire};
pub use refunds::{Ask, BankSays, Refund, Wish};
pub use top_ups::TopUp;

use crate::told::{Answer, Seen, Why};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// What is for sale: whose it is, what it costs in minor units, and how many there are.
pub struct Good {
    pub seller: usize,
    pub price: i64,
    pub stock: u32,
    /// Whether it is a gift card, of which there are always more.
    pub gift: bool,
}

pub const CUSTOMERS: usize = 2;
pub const SELLERS: usize = 2;
pub const GOODS: [Good; 5] = [
    Good { seller: 0, price: 9_999, stock: 6, gift: false },
    Good { seller: 1, price: 3_333, stock: 5, gift: false },
    Good { seller: 0, price: 1_237, stock: 8, gift: false },
    Good { seller: 1, price: 29, stock: 9, gift: false },
    Good { seller: 0, price: 2_500, stock: 20, gift: true },
];
/// What the platform keeps, in basis points.
pub const FEE: u16 = 250;
/// So many whole units may be paid in at once, at the most; one at the least.
pub const MOST_AT_ONCE: i64 = 300;

/// A currency with none, two or three decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coin {
    Yen,
    Euro,
    Dinar,
}

impl Coin {
    pub fn code(self) -> &'static str {
        match self {
            Self::Yen => "JPY",
            Self::Euro => "EUR",
            Self::Dinar => "KWD",
        }
    }

    /// How many minor units a whole one has.
    pub fn unit(self) -> i64 {
        match self {
            Self::Yen => 1,
            Self::Euro => 100,
            Self::Dinar => 1_000,
        }
    }

    /// What the gateway takes at the least that is no less than this: fifty, and of dinars only tens.
    pub fn payable(self, amount: i64) -> i64 {
        match self {
            Self::Yen | Self::Euro => amount.max(50),
            Self::Dinar => (amount.max(50) + 9) / 10 * 10,
        }
    }

    /// From how many whole units on somebody looks at a payment before the money is taken.
    pub fn held_from(self) -> u32 {
        match self {
            Self::Yen => 12_000,
            Self::Euro | Self::Dinar => 120,
        }
    }

    /// Whether a payment is looked at.
    fn holds(self, amount: i64) -> bool {
        amount >= i64::from(self.held_from()) * self.unit()
    }

    /// What a good costs.
    pub fn price(self, good: usize) -> i64 {
        match self {
            Self::Yen | Self::Euro => GOODS[good].price,
            Self::Dinar => GOODS[good].price * 10,
        }
    }
}

/// Which payment is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Order(usize),
    TopUp(usize),
}

/// All the money there is.
#[derive(Debug, Clone)]
pub struct World {
    pub coin: Coin,
    pub now: DateTime<Utc>,
    /// What was said to the last step.
    pub answer: Answer,
    pub wire: Wire,
    pub balances: [i64; CUSTOMERS],
    pub stock: [u32; GOODS.len()],
    pub cards: Vec<Card>,
    pub orders: Vec<Order>,
    pub top_ups: Vec<TopUp>,
    pub refunds: Vec<Refund>,
    pub disputes: Vec<Dispute>,
    pub payouts: Vec<Payout>,
    /// What was given away on gift cards, and what of them the shop has again.
    pub granted: i64,
    pub breakage: i64,
}

/// Money that was sent to a seller.
#[derive(Debug, Clone)]
pub struct Payout {
    pub seller: usize,
    pub amount: i64,
    pub came_back: bool,
}

impl World {
    pub fn new(coin: Coin, now: DateTime<Utc>) -> Self {
        Self {
            coin,
            now,
            answer: Answer::Done,
            wire: Wire::Up,
            balances: [0; CUSTOMERS],
            stock: std::array::from_fn(|good| GOODS[good].stock),
            cards: Vec::new(),
            orders: Vec::new(),
            top_ups: Vec::new(),
            refunds: Vec::new(),
            disputes: Vec::new(),
            payouts: Vec::new(),
            granted: 0,
            breakage: 0,
        }
    }

    pub fn days_pass(&mut self, days: i64) -> Answer {
        self.now += TimeDelta::days(days);
        Answer::Done
    }

    /// What a seller is owed: what they earned, without what they gave back, what is on the cards that they sold, and what they were
    /// sent.
    pub fn owed(&self, seller: usize) -> i64 {
        let lines = self.paid_orders().flat_map(|order| &order.lines).filter(|line| line.seller() == seller);
        let earned: i64 = lines.map(|line| line.earned - line.borne_by_seller()).sum();
        earned - self.on_sold_cards(seller) - self.sent(seller)
    }

    fn sent(&self, seller: usize) -> i64 {
        let standing = self.payouts.iter().filter(|payout| payout.seller == seller && !payout.came_back);
        standing.map(|payout| payout.amount).sum()
    }

    fn paid_orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(|order| order.standing == "paid")
    }

    pub fn pay_out(&mut self, seller: usize, amount: i64) -> Answer {
        let owed = self.owed(seller);
        if amount <= 0 {
            return Answer::Refused(Why::NothingToSend);
        }
        if amount > owed {
            return Answer::Refused(Why::MoreThanOwed(owed));
        }
        self.payouts.push(Payout { seller, amount, came_back: false });
        self.pay_out_again(self.payouts.len() - 1)
    }

    pub fn pay_out_again(&self, payout: usize) -> Answer {
        Answer::Sent { payout, amount: self.payouts[payout].amount }
    }

    pub fn payout_comes_back(&mut self, payout: usize) -> Answer {
        self.payouts[payout].came_back = true;
        self.pay_out_again(payout)
    }

    /// All that can be seen from outside.
    pub fn seen(&self) -> Seen {
        let captured: i64 = self.orders.iter().map(|order| order.payment.captured()).sum::<i64>()
            + self.top_ups.iter().map(|top_up| top_up.payment.captured()).sum::<i64>();
        let refunded: i64 = self.refunds.iter().map(Refund::on_its_way_to_the_card).sum();
        let standing = self.disputes.iter().filter(|dispute| dispute.takes());
        let (disputed, excess) =
            standing.fold((0, 0), |(all, more), dispute| (all + dispute.told, more + dispute.excess));
        let lines = || self.paid_orders().flat_map(|order| &order.lines);
        let fees: i64 = lines().map(|line| line.total - line.earned).sum();
        let fees_given: i64 = lines().map(|line| line.given - line.borne_by_seller()).sum();
        let held = self.orders.iter().filter(|order| order.standing == "pending_payment");
        let paid_out: Vec<i64> = (0..SELLERS).map(|seller| self.sent(seller)).collect();
        let accounts = [
            ("breakage", self.breakage),
            ("clearing", refunded + disputed - captured),
            ("gift_card", self.cards.iter().map(|card| card.left).sum()),
            ("gift_cards_granted", -self.granted),
            ("order_hold", held.flat_map(|order| &order.tenders).map(|(_, amount)| amount).sum()),
            ("payouts", paid_out.iter().sum()),
            ("platform_fees", fees - fees_given - excess),
            ("seller", (0..SELLERS).map(|seller| self.owed(seller)).sum()),
            ("store_balance", self.balances.iter().sum()),
        ];
        Seen {
            balances: self.balances.to_vec(),
            stock: self.stock.to_vec(),
            cards: self.cards.iter().map(|card| (card.left, card.standing(self.now))).collect(),
            orders: self
                .orders
                .iter()
                .map(|order| (order.state(), order.refunded(), order.payment.standing()))
                .collect(),
            top_ups: self.top_ups.iter().map(|top_up| top_up.payment.standing()).collect(),
            refunds: self.refunds.iter().map(|refund| refund.known.name()).collect(),
            sellers: (0..SELLERS).zip(paid_out).map(|(seller, sent)| (self.owed(seller), sent)).collect(),
            accounts: BTreeMap::from(accounts.map(|(name, amount)| (name.to_owned(), amount))),
            bank: self.at_the_bank(),
        }
    }
}
