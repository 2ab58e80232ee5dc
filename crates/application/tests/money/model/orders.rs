//! Orders: what they take, what they earn, and what becomes of it when nobody pays.

use super::split::split;
use super::{FEE, GOODS, Of, Payment, SELLERS, World};
use crate::told::{Answer, Why};

/// What somebody wants to buy, and with what.
#[derive(Debug, Clone)]
pub struct Basket {
    pub customer: Option<usize>,
    pub goods: Vec<(usize, u32)>,
    /// Their cards, in the order in which they are to be used; one that there is not has a code that nobody has.
    pub cards: Vec<usize>,
    pub balance: bool,
}

#[derive(Debug, Clone)]
pub struct Order {
    pub customer: Option<usize>,
    pub lines: Vec<Line>,
    pub tenders: Vec<(Source, i64)>,
    pub payment: Payment,
    pub standing: &'static str,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub good: usize,
    pub quantity: u32,
    pub total: i64,
    pub earned: i64,
    /// What of it was given back: how much, and how many pieces.
    pub given: i64,
    pub pieces: u32,
}

#[derive(Debug, Clone, Copy)]
pub enum Source {
    Card(usize),
    Balance(usize),
}

impl Line {
    pub fn seller(&self) -> usize {
        GOODS[self.good].seller
    }

    pub fn is_gift(&self) -> bool {
        GOODS[self.good].gift
    }

    /// What its seller bears of what was given back: their part, as far as it is whole.
    pub fn borne_by_seller(&self) -> i64 {
        self.earned * self.given / self.total
    }

    pub fn left(&self) -> i64 {
        self.total - self.given
    }
}

impl Order {
    pub fn total(&self) -> i64 {
        self.lines.iter().map(|line| line.total).sum()
    }

    pub fn refunded(&self) -> i64 {
        self.lines.iter().map(|line| line.given).sum()
    }

    pub fn state(&self) -> &'static str {
        match (self.standing, self.refunded()) {
            ("paid", 0) => "paid",
            ("paid", some) if some < self.total() => "partly_refunded",
            ("paid", _) => "refunded",
            (other, _) => other,
        }
    }

    /// What is left to give back of each line, or of a seller's, seller by seller.
    pub fn left(&self, of: Option<usize>) -> Vec<(usize, i64)> {
        let mut lines: Vec<usize> = (0..self.lines.len()).collect();
        lines.retain(|line| of.is_none_or(|seller| self.lines[*line].seller() == seller));
        lines.sort_by_key(|line| (self.lines[*line].seller(), *line));
        lines.into_iter().map(|line| (line, self.lines[line].left())).collect()
    }

    /// Of what is sold the platform keeps its fee, less what is no whole cent; of gift cards it keeps nothing. Sellers bear it by what
    /// they sold, and their lines by what these cost.
    fn earn(&mut self) {
        let bearing = |line: &Line| if line.is_gift() { 0 } else { line.total };
        let of = |seller: usize, lines: &[Line]| {
            lines.iter().filter(|line| line.seller() == seller).map(bearing).collect::<Vec<i64>>()
        };
        let gross: Vec<i64> = (0..SELLERS).map(|seller| of(seller, &self.lines).iter().sum()).collect();
        let fees = split(gross.iter().sum::<i64>() * i64::from(FEE) / 10_000, &gross);
        for seller in 0..SELLERS {
            let earned = split(gross[seller] - fees[seller], &of(seller, &self.lines));
            let own = self.lines.iter_mut().filter(|line| line.seller() == seller);
            own.zip(earned).for_each(|(line, earned)| line.earned = if line.is_gift() { line.total } else { earned });
        }
    }
}

impl World {
    pub fn check_out(&mut self, basket: &Basket) -> Answer {
        let short = |(good, quantity): &(usize, u32)| !GOODS[*good].gift && *quantity > self.stock[*good];
        if basket.goods.iter().any(short) {
            return Answer::Refused(Why::TooFew);
        }
        let mut offers = Vec::new();
        for (place, card) in basket.cards.iter().enumerate() {
            let refused = |why| Answer::Refused(Why::Card(place, Box::new(why)));
            let Some(found) = self.cards.get(*card) else { return refused(Why::UnknownCode) };
            if basket.cards[..place].contains(card) {
                return refused(Why::Twice);
            }
            if let Some(why) = found.refuses(self.now) {
                return refused(why);
            }
            offers.push((Source::Card(*card), found.left));
        }
        if let Some(customer) = basket.customer.filter(|_| basket.balance) {
            offers.push((Source::Balance(customer), self.balances[customer]));
        }
        let line = |(good, quantity): &(usize, u32)| Line {
            good: *good,
            quantity: *quantity,
            total: self.coin.price(*good) * i64::from(*quantity),
            earned: 0,
            given: 0,
            pieces: 0,
        };
        let lines: Vec<Line> = basket.goods.iter().map(line).collect();
        let (tenders, rest) = self.taken(lines.iter().map(|line| line.total).sum(), offers);
        for (good, quantity) in basket.goods.iter().filter(|(good, _)| !GOODS[*good].gift) {
            self.stock[*good] -= quantity;
        }
        for (source, amount) in &tenders {
            match source {
                Source::Card(card) => self.cards[*card].left -= amount,
                Source::Balance(customer) => self.balances[*customer] -= amount,
            }
        }
        let payment = Payment::new(rest, self.coin.payable(rest) == rest, self.coin.holds(rest));
        let customer = basket.customer;
        self.orders.push(Order { customer, lines, tenders, payment, standing: "pending_payment" });
        let order = self.orders.len() - 1;
        if rest == 0 {
            self.sold(order);
        }
        self.check_out_again(order, true)
    }

    /// The same once more: under its own key the same order, under another one the cart is spent.
    pub fn check_out_again(&mut self, order: usize, same_key: bool) -> Answer {
        if !same_key {
            return Answer::Refused(Why::CheckedOut(order));
        }
        if !self.orders[order].payment.known.is_final() {
            let _ = self.open(Of::Order(order)); // the order stands without a page
        }
        let found = &self.orders[order];
        Answer::Placed { order, state: found.state(), by_card: found.payment.amount }
    }

    /// What is taken of the offers, one after the other, and what is left for the card. If that is too little for the gateway,
    /// the last ones give less, unless all of it would be.
    fn taken(&self, total: i64, offers: Vec<(Source, i64)>) -> (Vec<(Source, i64)>, i64) {
        let mut rest = total;
        let mut taken = Vec::new();
        for (source, there) in offers {
            let amount = there.min(rest);
            rest -= amount;
            taken.push((source, amount));
        }
        let by_card = if rest == 0 { 0 } else { self.coin.payable(rest) };
        if by_card <= total {
            for (_, amount) in taken.iter_mut().rev() {
                let less = (by_card - rest).min(*amount);
                *amount -= less;
                rest += less;
            }
        }
        taken.retain(|(_, amount)| *amount > 0);
        (taken, rest)
    }

    pub(super) fn sold(&mut self, order: usize) {
        self.orders[order].standing = "paid";
        self.orders[order].earn();
    }

    /// Everything goes back to where it came from.
    pub(super) fn unsold(&mut self, order: usize, standing: &'static str) {
        self.orders[order].standing = standing;
        let Order { lines, tenders, .. } = self.orders[order].clone();
        for line in lines.iter().filter(|line| !line.is_gift()) {
            self.stock[line.good] += line.quantity;
        }
        for (source, amount) in tenders {
            match source {
                Source::Card(card) => self.give_back_to_card(card, amount),
                Source::Balance(customer) => self.balances[customer] += amount,
            }
        }
    }
}
