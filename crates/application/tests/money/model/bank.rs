//! Disputes, and all that the bank has done.

use super::split::split;
use super::{BankSays, Page, Wire, World};
use crate::told::{Answer, Why};
use chrono::{DateTime, Utc};

/// Money that the bank takes back for its customer.
#[derive(Debug, Clone)]
pub struct Dispute {
    pub order: usize,
    /// What the bank took.
    pub told: i64,
    /// How it was decided: won or lost.
    pub won: Option<bool>,
    /// What of it the shop has heard, and when it was opened.
    pub heard: Heard,
    pub opened: Option<DateTime<Utc>>,
    /// What of which line bears it, and what nobody but the platform can.
    pub parts: Vec<(usize, i64)>,
    pub excess: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    Nothing,
    Opened,
    Won,
    Lost,
}

impl Dispute {
    /// Whether the shop believes that the bank has the money.
    pub fn takes(&self) -> bool {
        matches!(self.heard, Heard::Opened | Heard::Lost)
    }

    pub fn moved(&self) -> i64 {
        if self.takes() { self.told - self.excess } else { 0 }
    }

    /// Whether nothing more is to be heard of it.
    pub fn is_over(&self) -> bool {
        matches!(self.heard, Heard::Won | Heard::Lost) || self.won == Some(true) && self.heard == Heard::Nothing
    }
}

impl World {
    pub fn dispute(&mut self, order: usize, told: i64) -> Answer {
        let (parts, excess) = (Vec::new(), 0);
        self.disputes.push(Dispute { order, told, won: None, heard: Heard::Nothing, opened: None, parts, excess });
        Answer::Done
    }

    pub fn decide_dispute(&mut self, dispute: usize, won: bool) -> Answer {
        self.disputes[dispute].won.get_or_insert(won);
        Answer::Done
    }

    pub fn hear_dispute(&mut self, dispute: usize) -> Answer {
        let Dispute { order, told, won, heard, .. } = self.disputes[dispute];
        if self.wire != Wire::Up {
            return Answer::Refused(Why::Silence);
        }
        if !self.orders[order].payment.known.is_final() || heard == Heard::Nothing && won == Some(true) {
            return Answer::Done;
        }
        if heard == Heard::Nothing {
            let left: Vec<(usize, i64)> = self.orders[order].left(None);
            let moved = told.min(self.left_of_card(order)).min(left.iter().map(|(_, left)| left).sum());
            let weights: Vec<i64> = left.iter().map(|(_, left)| *left).collect();
            let parts: Vec<(usize, i64)> = left.iter().map(|(line, _)| *line).zip(split(moved, &weights)).collect();
            for (line, amount) in &parts {
                self.orders[order].lines[*line].given += amount;
            }
            self.keep_bought(order);
            let (now, dispute) = (self.now, &mut self.disputes[dispute]);
            (dispute.parts, dispute.excess, dispute.heard) = (parts, told - moved, Heard::Opened);
            dispute.opened = Some(now);
        }
        let dispute = &mut self.disputes[dispute];
        match (dispute.heard, dispute.won) {
            (Heard::Opened, Some(false)) => dispute.heard = Heard::Lost,
            (Heard::Opened, Some(true)) => {
                dispute.heard = Heard::Won;
                let opened = dispute.opened;
                for (line, amount) in dispute.parts.clone() {
                    self.orders[order].lines[line].given -= amount;
                }
                if let Some(since) = opened {
                    self.set_bought_free(order, since);
                }
            }
            _ => {}
        }
        Answer::Done
    }

    /// What is left of what the card paid.
    pub(super) fn left_of_card(&self, order: usize) -> i64 {
        let refunds = self.refunds.iter().filter(|refund| refund.ask.order == order);
        let disputes = self.disputes.iter().filter(|dispute| dispute.order == order);
        let back: i64 = refunds.map(super::Refund::on_its_way_to_the_card).sum();
        self.orders[order].payment.amount - back - disputes.map(Dispute::moved).sum::<i64>()
    }

    /// What the bank took, gave back, and took back.
    pub(super) fn at_the_bank(&self) -> [i64; 3] {
        let pages = self.orders.iter().map(|order| &order.payment);
        let pages = pages.chain(self.top_ups.iter().map(|top_up| &top_up.payment));
        let captured = pages.filter(|payment| payment.page == Some(Page::Paid)).map(|payment| payment.amount).sum();
        let refunds = self
            .refunds
            .iter()
            .filter(|refund| refund.asked_the_bank && matches!(refund.truth, BankSays::Succeeds | BankSays::Waits));
        let disputes = self.disputes.iter().filter(|dispute| dispute.won != Some(true));
        [captured, refunds.map(|refund| refund.card).sum(), disputes.map(|dispute| dispute.told).sum()]
    }
}
