//! Refunds: how much of which line, to what the order was paid by, and what comes back when the bank does not do it.

use super::orders::Source;
use super::payments::Silence;
use super::split::split;
use super::{Wire, World};
use crate::told::{Answer, Why};
use std::collections::BTreeMap;

/// What is to be given back, by a seller of their own or by an admin of all, and what the bank will say to it.
#[derive(Debug, Clone)]
pub struct Ask {
    pub order: usize,
    pub by: Option<usize>,
    pub wish: Wish,
    pub restock: bool,
    pub bank: BankSays,
}

#[derive(Debug, Clone)]
pub enum Wish {
    Rest,
    /// So many of these lines.
    Pieces(Vec<(usize, u32)>),
    Amount(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BankSays {
    Succeeds,
    Waits,
    Fails,
    /// It does not even begin.
    Refuses,
}

impl BankSays {
    pub fn name(self) -> &'static str {
        match self {
            Self::Succeeds => "succeeded",
            Self::Waits => "pending",
            Self::Fails | Self::Refuses => "failed",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Refund {
    pub ask: Ask,
    pub amount: i64,
    /// Line, amount, pieces.
    pub parts: Vec<(usize, i64, u32)>,
    /// What went to which tender, by its place; what goes to the card stands beside.
    pub to: Vec<(usize, i64)>,
    pub card: i64,
    pub asked_the_bank: bool,
    pub truth: BankSays,
    pub known: BankSays,
}

impl Refund {
    pub fn on_its_way_to_the_card(&self) -> i64 {
        if self.known.name() == "failed" { 0 } else { self.card }
    }
}

impl World {
    pub fn refund(&mut self, ask: &Ask) -> Answer {
        let parts = match self.parts_of(ask, false).and_then(|_| self.parts_of(ask, true)) {
            Ok(parts) => parts,
            Err(why) => return Answer::Refused(why),
        };
        let amount = parts.iter().map(|(_, amount, _)| amount).sum();
        for (place, amount, pieces) in &parts {
            let line = &mut self.orders[ask.order].lines[*place];
            line.given += amount;
            line.pieces += pieces;
            let (gift, good, given) = (line.is_gift(), line.good, line.pieces);
            if gift {
                // A card that was taken back for a refund that did not arrive is enough.
                let (void, _) = self.void_and_whole(ask.order, *place);
                self.take_back(ask.order, *place, given.saturating_sub(void));
            } else if ask.restock {
                self.stock[good] += pieces;
            }
        }
        let (to, card) = self.pay_back(ask.order, amount);
        let truth = if card > 0 { ask.bank } else { BankSays::Succeeds };
        let known = if card > 0 { BankSays::Waits } else { truth };
        self.refunds.push(Refund { ask: ask.clone(), amount, parts, to, card, asked_the_bank: false, truth, known });
        let refund = self.refunds.len() - 1;
        let _ = self.ask_the_bank(refund); // it will be asked again
        self.refund_again(refund)
    }

    /// The bank is asked, or how it stands; it does it once.
    fn ask_the_bank(&mut self, refund: usize) -> Result<(), Silence> {
        let (wire, found) = (self.wire, &mut self.refunds[refund]);
        if found.card == 0 || found.known.name() == "failed" {
            return Ok(());
        }
        if wire == Wire::Away {
            return Err(Silence);
        }
        found.asked_the_bank = found.truth != BankSays::Refuses;
        if wire == Wire::Mute {
            return Err(Silence);
        }
        self.know(refund);
        Ok(())
    }

    pub fn refund_again(&self, refund: usize) -> Answer {
        let found = &self.refunds[refund];
        Answer::Given { refund, amount: found.amount, standing: found.known.name() }
    }

    /// The bank does it, or does not after all. What failed there has failed.
    pub fn bank_decides(&mut self, refund: usize, fails: bool) -> Answer {
        let Refund { truth, asked_the_bank, .. } = &mut self.refunds[refund];
        if !*asked_the_bank {
            return Answer::Done;
        }
        *truth = match (*truth, fails) {
            (BankSays::Waits, false) => BankSays::Succeeds,
            (BankSays::Waits | BankSays::Succeeds, true) => BankSays::Fails,
            (decided, _) => decided,
        };
        Answer::Done
    }

    pub fn hear_refund(&mut self, refund: usize) -> Answer {
        match self.ask_the_bank(refund) {
            Ok(()) => Answer::Done,
            Err(Silence) => Answer::Refused(Why::Silence),
        }
    }

    /// The same of one that is pending alone.
    pub fn reconcile_refund(&mut self, refund: usize) -> Answer {
        if self.refunds[refund].known == BankSays::Waits {
            let _ = self.ask_the_bank(refund); // it will be asked again
        }
        Answer::Done
    }

    /// What is wished for, of all that is left, or of gift cards only those that nobody has used.
    fn parts_of(&self, ask: &Ask, unused: bool) -> Result<Vec<(usize, i64, u32)>, Why> {
        let order = &self.orders[ask.order];
        let mut open = order.left(ask.by);
        if open.is_empty() {
            return Err(Why::NotFound);
        }
        if order.standing != "paid" {
            return Err(Why::NotPaid(order.state()));
        }
        if self.disputes.iter().any(|dispute| dispute.order == ask.order && dispute.heard == super::bank::Heard::Opened)
        {
            return Err(Why::Disputed);
        }
        let most = |line: usize| {
            let all = order.lines[line].quantity;
            let (void, whole) = self.void_and_whole(ask.order, line);
            match ask.wish {
                _ if !unused || !order.lines[line].is_gift() => all,
                Wish::Amount(_) => 0,
                Wish::Rest | Wish::Pieces(_) => all.min(void + whole),
            }
        };
        for (line, left) in &mut open {
            let line = (*line, &order.lines[*line]);
            if most(line.0) < line.1.quantity {
                *left = (self.coin.price(line.1.good) * i64::from(most(line.0)) - line.1.given).max(0);
            }
        }
        let or_cards = |why: Why| if unused { Why::GiftCards } else { why };
        let left: i64 = open.iter().map(|(_, left)| left).sum();
        if left == 0 {
            return Err(or_cards(Why::NothingLeft));
        }
        let pieces_left = |line: usize| most(line).saturating_sub(order.lines[line].pieces);
        let mut parts: Vec<(usize, i64, u32)> = match &ask.wish {
            Wish::Rest => open.iter().map(|(line, left)| (*line, *left, pieces_left(*line))).collect(),
            Wish::Amount(..=0) => return Err(or_cards(Why::NothingLeft)),
            Wish::Amount(amount) if *amount > left => return Err(Why::TooMuch(left)),
            Wish::Amount(amount) => {
                let weights: Vec<i64> = open.iter().map(|(_, left)| *left).collect();
                open.iter().zip(split(*amount, &weights)).map(|((line, _), amount)| (*line, amount, 0)).collect()
            }
            Wish::Pieces(wanted) => {
                let mut sums: BTreeMap<usize, u32> = BTreeMap::new();
                for (line, pieces) in wanted {
                    *sums.entry(*line).or_default() += pieces;
                }
                let part = |(line, pieces): (usize, u32)| {
                    let (_, left) = open.iter().find(|(open, _)| *open == line).ok_or(Why::UnknownLine(line))?;
                    if pieces > pieces_left(line) {
                        return Err(or_cards(Why::TooManyPieces(line, pieces_left(line))));
                    }
                    let worth = self.coin.price(order.lines[line].good) * i64::from(pieces);
                    Ok((line, worth.min(*left), pieces))
                };
                sums.into_iter().map(part).collect::<Result<_, Why>>()?
            }
        };
        parts.retain(|(_, amount, pieces)| *amount > 0 || *pieces > 0);
        if parts.iter().all(|(_, amount, _)| *amount == 0) { Err(or_cards(Why::NothingLeft)) } else { Ok(parts) }
    }

    /// What was taken first gets its own first; the rest is the card's.
    fn pay_back(&mut self, order: usize, amount: i64) -> (Vec<(usize, i64)>, i64) {
        let mut rest = amount;
        let mut to = Vec::new();
        let (tenders, customer) = (self.orders[order].tenders.clone(), self.orders[order].customer);
        for (place, (source, taken)) in tenders.into_iter().enumerate() {
            let refunds = self.refunds.iter().filter(|refund| refund.ask.order == order);
            let got: i64 =
                refunds.flat_map(|refund| &refund.to).filter(|(to, _)| *to == place).map(|(_, got)| got).sum();
            let part = rest.min(taken - got);
            if part == 0 {
                continue;
            }
            rest -= part;
            to.push((place, part));
            match source {
                Source::Card(card) => self.refund_to_card(card, part, customer),
                Source::Balance(customer) => self.balances[customer] += part,
            }
        }
        assert!(rest <= self.left_of_card(order), "the model gives a card more than it brought");
        (to, rest)
    }

    /// The shop hears what the bank says. Of what did not arrive, lines get their shares again; their pieces only where all of
    /// it was the card's, and where they are not for sale again.
    fn know(&mut self, refund: usize) {
        let Refund { ask, amount, parts, card, truth, known, .. } = self.refunds[refund].clone();
        self.refunds[refund].known = truth;
        if truth.name() != "failed" || known.name() == "failed" {
            return;
        }
        let weights: Vec<i64> = parts.iter().map(|(_, amount, _)| *amount).collect();
        for ((line, _, pieces), back) in parts.into_iter().zip(split(card, &weights)) {
            let line = &mut self.orders[ask.order].lines[line];
            line.given -= back;
            if card == amount && !ask.restock {
                line.pieces -= pieces;
            }
        }
    }
}
