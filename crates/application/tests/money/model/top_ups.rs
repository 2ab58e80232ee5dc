//! Paying into one's balance.

use super::{MOST_AT_ONCE, Page, Payment, World};
use crate::told::{Answer, Why};
use chrono::{DateTime, TimeDelta, Utc};

#[derive(Debug, Clone)]
pub struct TopUp {
    pub customer: usize,
    pub at: DateTime<Utc>,
    pub payment: Payment,
}

impl World {
    pub fn top_up(&mut self, customer: usize, amount: i64, twin_meant: bool) -> Answer {
        if amount < self.coin.unit() || amount > MOST_AT_ONCE * self.coin.unit() {
            return Answer::Refused(Why::OutOfLimits);
        }
        let is_twin = |top_up: &TopUp| {
            let failed = matches!(top_up.payment.known, Some(Page::Declined | Page::Closed));
            let just_now = top_up.at > self.now - TimeDelta::seconds(60);
            top_up.customer == customer && top_up.payment.amount == amount && just_now && !failed
        };
        if let Some(twin) = self.top_ups.iter().rposition(is_twin).filter(|_| !twin_meant) {
            return Answer::Refused(Why::Twin(twin));
        }
        // What the gateway does not take is refused at once.
        let taken = self.coin.payable(amount) == amount;
        let (page, known) = if taken { (Some(Page::Open), None) } else { (None, Some(Page::Declined)) };
        self.top_ups.push(TopUp { customer, at: self.now, payment: Payment { amount, page, known } });
        self.top_up_again(self.top_ups.len() - 1, false)
    }

    pub fn top_up_again(&self, top_up: usize, other_amount: bool) -> Answer {
        if other_amount {
            return Answer::Refused(Why::KeyReused);
        }
        Answer::Paying { top_up, standing: self.top_ups[top_up].payment.standing() }
    }

    pub(super) fn credit(&mut self, top_up: usize) {
        let TopUp { customer, payment, .. } = &self.top_ups[top_up];
        self.balances[*customer] += payment.amount;
    }
}
