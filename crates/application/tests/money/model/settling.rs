//! What the shop makes of how a payment stands at the bank, and of what people decide about it.

use super::orders::Source;
use super::payments::{Decision, Known, Name, Page, Payment, Silence};
use super::{Of, World};
use crate::told::{Answer, Why};

impl World {
    /// The shop asks how a payment stands. Whoever asks again anyway does not mind that there is no answer.
    pub fn hear(&mut self, of: Of, again_anyway: bool) -> Answer {
        match self.settle(of) {
            Err(Silence) if !again_anyway => Answer::Refused(Why::Silence),
            _ => Answer::Done,
        }
    }

    fn settle(&mut self, of: Of) -> Result<(), Silence> {
        if self.payment(of).known.is_final() {
            return Ok(());
        }
        // A gateway that takes no such payment has declined it.
        let page = if self.open(of)? { self.verdict(of)? } else { Page::Declined };
        self.follow(of, page, "cancelled");
        Ok(())
    }

    /// The shop gives a payment up: nobody can pay on its page any more.
    fn give_up(&mut self, of: Of, closing: &'static str) -> Result<(), Silence> {
        let page = if self.open(of)? { self.close(of)? } else { Page::Declined };
        self.follow(of, page, closing);
        // Where the balance was to pay, and had too little.
        if matches!(page, Page::Declined | Page::Closed) && !self.payment(of).known.is_final() {
            self.follow(of, page, closing);
        }
        Ok(())
    }

    pub fn expire(&mut self, of: Of) -> Answer {
        let known = self.payment(of).known;
        // Money that is promised ends with its review.
        if known.is_final() || known == Known::Promised || self.give_up(of, "expired").is_ok() {
            return Answer::Done;
        }
        Answer::Refused(Why::Silence)
    }

    pub(super) fn follow(&mut self, of: Of, page: Page, closing: &'static str) {
        let payment = self.payment_mut(of);
        let over = matches!(page, Page::Declined | Page::Closed);
        match of {
            Of::Order(order) if payment.left && over && !payment.known.is_final() => return self.balance_pays(order),
            _ => {}
        }
        let to = match page {
            Page::Open if payment.known == Known::Unknown => Known::Open,
            Page::Open => return,
            Page::Promised => Known::Promised,
            Page::Paid => Known::Paid,
            Page::Declined => Known::Declined,
            Page::Closed => Known::Closed,
        };
        if payment.known.is_final() {
            return;
        }
        payment.known = to;
        payment.left &= to == Known::Open;
        match (of, to) {
            (Of::TopUp(top_up), Known::Paid) => self.credit(top_up),
            (Of::Order(order), Known::Paid) => self.sold(order),
            (Of::Order(order), Known::Closed) => self.unsold(order, closing),
            (Of::Order(order), Known::Declined) => self.unsold(order, "cancelled"),
            _ => {}
        }
    }

    /// All that is left is taken of the balance; if there is too little, the card was to pay after all.
    fn balance_pays(&mut self, order: usize) {
        let bought = &mut self.orders[order];
        let (customer, amount) = (bought.customer.unwrap(), bought.payment.amount);
        bought.payment.left = false;
        if self.balances[customer] < amount {
            return;
        }
        self.balances[customer] -= amount;
        bought.tenders.push((Source::Balance(customer), amount));
        (bought.payment.amount, bought.payment.known) = (0, Known::Paid);
        self.sold(order);
    }

    pub fn pay_by_balance(&mut self, order: usize, customer: usize, more: i64, name: Name) -> Answer {
        let (of, found) = (Of::Order(order), &self.orders[order]);
        let payment = &found.payment;
        if found.customer != Some(customer) {
            return Answer::Refused(Why::NotFound);
        }
        if name == Name::New || payment.asked != Some(Name::Usual) {
            if found.standing != "pending_payment" {
                return Answer::Refused(Why::Ended(found.standing));
            }
            if more != 0 {
                return Answer::Refused(Why::OtherAmount(payment.amount));
            }
            if self.balances[customer] < payment.amount {
                return Answer::Refused(Why::TooLow(payment.amount - self.balances[customer]));
            }
            if payment.known == Known::Promised {
                return Answer::Refused(Why::Held);
            }
            if !payment.left {
                let payment = self.payment_mut(of);
                (payment.left, payment.asked) = (true, Some(name));
            }
        }
        if !self.payment(of).known.is_final() && self.give_up(of, "cancelled").is_ok() {
            let ended = self.orders[order].standing;
            if ended == "cancelled" {
                return Answer::Refused(Why::Ended(ended));
            }
        }
        // What the balance has paid is what it gave at last.
        let given = self.orders[order].tenders.last().map_or(0, |(_, amount)| *amount);
        let payment = self.payment(of);
        let amount = if payment.came_from_balance() { given } else { payment.amount };
        Answer::Stands { standing: self.payment(of).standing(), amount }
    }

    /// Somebody decides about money that is promised.
    pub fn decide(&mut self, of: Of, take: bool) -> Answer {
        let decision = if take { Decision::Take } else { Decision::LetGo };
        if let Err(why) = self.note_decision(of, decision) {
            return Answer::Refused(why);
        }
        let _ = self.carry_out(of); // while there is no answer the decision stands
        Answer::Stands { standing: self.payment(of).standing(), amount: self.payment(of).amount }
    }

    /// Nobody has decided in time.
    pub fn end_review(&mut self, of: Of) -> Answer {
        if self.note_decision(of, Decision::LetGo).is_ok() && self.carry_out(of).is_err() {
            return Answer::Refused(Why::Silence);
        }
        Answer::Done
    }

    fn note_decision(&mut self, of: Of, decision: Decision) -> Result<(), Why> {
        let payment = self.payment_mut(of);
        match payment.review {
            Some(Decision::None) if payment.known == Known::Promised => payment.review = Some(decision),
            Some(Decision::None) | None => return Err(Why::NotHeld(payment.standing())),
            Some(decided) => return Err(Why::Decided(decided.name())),
        }
        Ok(())
    }

    fn carry_out(&mut self, of: Of) -> Result<(), Silence> {
        let page = self.verdict(of)?;
        self.follow(of, page, "cancelled");
        Ok(())
    }

    pub fn cancel(&mut self, order: usize) -> Answer {
        let (of, before) = (Of::Order(order), self.orders[order].standing);
        if before != "pending_payment" {
            return Answer::Refused(Why::Ended(before));
        }
        if self.payment(of).known != Known::Promised && self.give_up(of, "cancelled").is_err() {
            return Answer::Refused(Why::Silence);
        }
        // Money that is promised is let go, unless it is to be taken.
        if self.orders[order].standing == "pending_payment" {
            let _ = self.note_decision(of, Decision::LetGo);
            let Payment { known, review, .. } = *self.payment(of);
            let lets_go = (known, review) == (Known::Promised, Some(Decision::LetGo));
            if lets_go && self.carry_out(of).is_err() {
                return Answer::Refused(Why::Silence);
            }
        }
        match self.orders[order].standing {
            "cancelled" => Answer::Done,
            other => Answer::Refused(Why::Ended(other)),
        }
    }
}
