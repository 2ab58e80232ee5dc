//! Paying into one's balance.

use super::{Known, MOST_AT_ONCE, Of, Page, Payment, World};
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
            let failed = matches!(top_up.payment.known, Known::Declined | Known::Closed);
            let just_now = top_up.at > self.now - TimeDelta::seconds(60);
            top_up.customer == customer && top_up.payment.amount == amount && just_now && !failed
        };
        if let Some(twin) = self.top_ups.iter().rposition(is_twin).filter(|_| !twin_meant) {
            return Answer::Refused(Why::Twin(twin));
        }
        let payment = Payment::new(amount, self.coin.payable(amount) == amount, self.coin.holds(amount));
        self.top_ups.push(TopUp { customer, at: self.now, payment });
        self.top_up_again(self.top_ups.len() - 1, false)
    }

    pub fn top_up_again(&mut self, top_up: usize, other_amount: bool) -> Answer {
        if other_amount {
            return Answer::Refused(Why::KeyReused);
        }
        let (of, before) = (Of::TopUp(top_up), self.top_ups[top_up].payment.standing());
        let known = self.top_ups[top_up].payment.known;
        let standing = match if known.is_final() { Ok(true) } else { self.open(of) } {
            // Whoever has the page knows that it is there.
            Ok(true) if known == Known::Unknown => "open",
            Ok(true) | Err(_) => before,
            // What the gateway does not take is refused at once.
            Ok(false) => {
                self.follow(of, Page::Declined, "cancelled");
                self.top_ups[top_up].payment.standing()
            }
        };
        Answer::Paying { top_up, standing }
    }

    pub(super) fn credit(&mut self, top_up: usize) {
        let TopUp { customer, payment, .. } = &self.top_ups[top_up];
        self.balances[*customer] += payment.amount;
    }
}
