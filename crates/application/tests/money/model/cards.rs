//! Gift cards: issued, bought, used, kept from being used, taken back, over.

use super::{GOODS, World};
use crate::told::{Answer, Why};
use chrono::{DateTime, Months, TimeDelta, Utc};

#[derive(Debug, Clone)]
pub struct Card {
    pub left: i64,
    pub ends: Option<DateTime<Utc>>,
    /// Since when nobody may use it.
    pub disabled: Option<DateTime<Utc>>,
    pub redeemed_by: Option<usize>,
    /// Of which order and line it is a piece, and what it was worth, if it was bought.
    pub bought: Option<(usize, usize, i64)>,
    /// Whether it was taken back.
    pub void: bool,
}

impl Card {
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.ends.is_some_and(|end| end <= now)
    }

    /// Why it can't be used.
    pub fn refuses(&self, now: DateTime<Utc>) -> Option<Why> {
        match self.standing(now) {
            "redeemed" => Some(Why::Spent),
            "expired" => Some(Why::Over),
            "disabled" => Some(Why::Disabled),
            _ => None,
        }
    }

    /// Whether nobody has kept any of it that was bought as this line.
    fn is_whole(&self, order: usize, line: usize) -> bool {
        self.bought == Some((order, line, self.left)) && self.redeemed_by.is_none() && !self.void
    }

    pub fn standing(&self, now: DateTime<Utc>) -> &'static str {
        if self.redeemed_by.is_some() {
            "redeemed"
        } else if self.void {
            "disabled"
        } else if self.is_over(now) {
            "expired"
        } else if self.left == 0 {
            "redeemed"
        } else if self.disabled.is_some() {
            "disabled"
        } else {
            "active"
        }
    }
}

impl World {
    pub fn issue(&mut self, value: i64, days: Option<i64>) -> Answer {
        let ends = days.map(|days| self.now + TimeDelta::days(days));
        if value <= 0 {
            return Answer::Refused(Why::NoValue);
        }
        if ends.is_some_and(|end| end <= self.now) {
            return Answer::Refused(Why::Over);
        }
        self.cards.push(Card { left: value, ends, disabled: None, redeemed_by: None, bought: None, void: false });
        self.granted += value;
        Answer::Done
    }

    /// The pieces that an order has bought become cards, once, when it is paid.
    pub fn issue_sold(&mut self, order: usize) -> Answer {
        let issued = self.cards.iter().any(|card| card.bought.is_some_and(|(of, ..)| of == order));
        if self.orders[order].standing != "paid" || issued {
            return Answer::Done;
        }
        for (place, line) in self.orders[order].lines.iter().enumerate().filter(|(_, line)| line.is_gift()) {
            for _ in 0..line.quantity {
                let value = self.coin.price(line.good);
                let bought = Some((order, place, value));
                let card = Card { left: value, ends: None, disabled: None, redeemed_by: None, bought, void: false };
                self.cards.push(card);
            }
        }
        Answer::Done
    }

    /// What a seller has put on cards that were bought, and not taken back.
    pub(super) fn on_sold_cards(&self, seller: usize) -> i64 {
        let sold = self.cards.iter().filter(|card| !card.void).filter_map(|card| card.bought);
        let theirs = sold.filter(|(order, line, _)| GOODS[self.orders[*order].lines[*line].good].seller == seller);
        theirs.map(|(_, _, value)| value).sum()
    }

    /// How many pieces of a line have been taken back, and could be.
    pub(super) fn void_and_whole(&self, order: usize, line: usize) -> (u32, u32) {
        let of_line = |card: &&Card| card.bought.is_some_and(|(of, place, _)| (of, place) == (order, line));
        let void = self.cards.iter().filter(of_line).filter(|card| card.void).count();
        let whole = self.cards.iter().filter(|card| card.is_whole(order, line)).count();
        (u32::try_from(void).unwrap(), u32::try_from(whole).unwrap())
    }

    pub(super) fn take_back(&mut self, order: usize, line: usize, pieces: u32) {
        let whole = self.cards.iter_mut().filter(|card| card.is_whole(order, line));
        for card in whole.take(pieces as usize) {
            (card.left, card.void) = (0, true);
        }
    }

    /// A card that there is not has a code that nobody has.
    pub fn redeem(&mut self, customer: usize, card: usize) -> Answer {
        let Some(found) = self.cards.get_mut(card) else { return Answer::Refused(Why::UnknownCode) };
        if let Some(why) = found.refuses(self.now) {
            return Answer::Refused(why);
        }
        let value = std::mem::take(&mut found.left);
        found.redeemed_by = Some(customer);
        self.balances[customer] += value;
        Answer::Redeemed { value, balance: self.balances[customer] }
    }

    pub fn set_usable(&mut self, card: usize, usable: bool) -> Answer {
        let disabled = &mut self.cards[card].disabled;
        *disabled = if usable { None } else { disabled.or(Some(self.now)) };
        Answer::Done
    }

    /// What an order has bought can't be used while the bank has its money, as far as anything is left on it.
    pub(super) fn keep_bought(&mut self, order: usize) {
        let bought = self.cards.iter_mut().filter(|card| card.bought.is_some_and(|(of, ..)| of == order));
        for card in bought.filter(|card| card.left > 0) {
            card.disabled = card.disabled.or(Some(self.now));
        }
    }

    /// What was kept from being used at that moment can be used again.
    pub(super) fn set_bought_free(&mut self, order: usize, since: DateTime<Utc>) {
        let bought = self.cards.iter_mut().filter(|card| card.bought.is_some_and(|(of, ..)| of == order));
        for card in bought.filter(|card| card.disabled == Some(since)) {
            card.disabled = None;
        }
    }

    /// What is left on a card whose time is over is the shop's.
    pub fn end_card(&mut self, card: usize) -> Answer {
        let (now, card) = (self.now, &mut self.cards[card]);
        if card.is_over(now) && card.redeemed_by.is_none() {
            self.breakage += std::mem::take(&mut card.left);
        }
        Answer::Done
    }

    /// What an order that ended unpaid gives back: of a card that was redeemed meanwhile to who has the rest of it.
    pub(super) fn give_back_to_card(&mut self, card: usize, amount: i64) {
        match self.cards[card].redeemed_by {
            Some(customer) => self.balances[customer] += amount,
            None => self.cards[card].left += amount,
        }
    }

    /// What a refund gives to a card: where nobody could use it there, to a customer's balance; a guest's card lives a year longer.
    pub(super) fn refund_to_card(&mut self, card: usize, amount: i64, customer: Option<usize>) {
        let (now, card) = (self.now, &mut self.cards[card]);
        let over = card.is_over(now);
        if let Some(user) = card.redeemed_by.or(customer.filter(|_| over)) {
            self.balances[user] += amount;
            return;
        }
        if over {
            card.ends = now.checked_add_months(Months::new(12));
        }
        card.left += amount;
    }
}
