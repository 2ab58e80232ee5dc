//! Payments: how they stand at the bank and in the shop, and what the shop asks of the bank, which can't be heard while the gateway
//! is silent.

use super::{Of, World};
use crate::told::Answer;

/// A payment, as the bank has it and as the shop has heard of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// What a card is to pay; nothing where the balance did.
    pub amount: i64,
    /// Whether the gateway takes such an amount.
    pub taken: bool,
    /// How the gateway's page stands, once there is one.
    pub page: Option<Page>,
    /// Whether the shop knows that there is.
    pub noted: bool,
    /// How the shop believes that it stands.
    pub known: Known,
    /// What was decided about it, if the money is only promised until somebody decides.
    pub review: Option<Decision>,
    /// Whether the balance is to pay as soon as no card can.
    pub left: bool,
    /// How the request was named that said so.
    pub asked: Option<Name>,
}

/// How the gateway's page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Open,
    Promised,
    Paid,
    Declined,
    Closed,
}

/// How the shop believes that a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Open,
    /// An answer was lost.
    Unknown,
    Promised,
    Paid,
    Declined,
    Closed,
}

/// What is to become of money that is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    None,
    Take,
    LetGo,
}

/// How a request is named: as each of this order, or as no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    Usual,
    New,
}

/// The way to the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    Up,
    /// Nothing gets there.
    Away,
    /// Everything is done, and no answer comes back.
    Mute,
}

/// There was no answer.
pub struct Silence;

impl Known {
    pub fn is_final(self) -> bool {
        matches!(self, Self::Paid | Self::Declined | Self::Closed)
    }
}

impl Decision {
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "open",
            Self::Take => "approved",
            Self::LetGo => "rejected",
        }
    }
}

impl Payment {
    pub fn new(amount: i64, taken: bool, held: bool) -> Self {
        let known = if amount == 0 { Known::Paid } else { Known::Open };
        let review = held.then_some(Decision::None);
        Self { amount, taken, page: None, noted: false, known, review, left: false, asked: None }
    }

    pub fn standing(&self) -> &'static str {
        match self.known {
            Known::Open => "open",
            Known::Unknown => "unknown",
            Known::Promised => "authorized",
            Known::Paid => "captured",
            Known::Declined => "declined",
            Known::Closed => "voided",
        }
    }

    /// Whether the balance has paid what was a card's to pay.
    pub fn came_from_balance(&self) -> bool {
        self.known == Known::Paid && self.amount == 0 && self.asked.is_some()
    }

    /// What the shop believes to have got by it.
    pub fn captured(&self) -> i64 {
        if self.known == Known::Paid { self.amount } else { 0 }
    }

    fn lose_sight(&mut self) {
        if matches!(self.known, Known::Open | Known::Promised) {
            self.known = Known::Unknown;
        }
    }
}

/// What the bank is asked.
impl World {
    /// The shop asks for a page, unless it knows of one. Whether there is one then.
    pub(super) fn open(&mut self, of: Of) -> Result<bool, Silence> {
        let (wire, payment) = (self.wire, self.payment_mut(of));
        if payment.noted {
            return Ok(true);
        }
        if wire == Wire::Away {
            return Err(Silence);
        }
        if payment.taken {
            payment.page.get_or_insert(Page::Open);
        }
        if wire == Wire::Mute {
            payment.lose_sight();
            return Err(Silence);
        }
        if payment.taken {
            payment.noted = true;
            if payment.known == Known::Unknown {
                payment.known = Known::Open;
            }
        }
        Ok(payment.taken)
    }

    /// It has the page closed, if that is open. How it stands then.
    pub(super) fn close(&mut self, of: Of) -> Result<Page, Silence> {
        if self.wire == Wire::Away {
            return Err(Silence);
        }
        let (wire, payment) = (self.wire, self.payment_mut(of));
        let page = payment.page.unwrap();
        let page = if page == Page::Open { Page::Closed } else { page };
        payment.page = Some(page);
        if wire == Wire::Mute {
            payment.lose_sight();
            return Err(Silence);
        }
        Ok(page)
    }

    /// It asks how the page stands, and has done what is decided.
    pub(super) fn verdict(&mut self, of: Of) -> Result<Page, Silence> {
        if self.wire != Wire::Up {
            return Err(Silence);
        }
        let payment = self.payment_mut(of);
        let page = match (payment.page.unwrap(), payment.review) {
            (Page::Open, _) if payment.left => Page::Closed,
            (Page::Promised, Some(Decision::Take)) => Page::Paid,
            (Page::Promised, Some(Decision::LetGo)) => Page::Closed,
            (page, _) => page,
        };
        payment.page = Some(page);
        Ok(page)
    }
}

impl World {
    pub fn payment(&self, of: Of) -> &Payment {
        match of {
            Of::Order(order) => &self.orders[order].payment,
            Of::TopUp(top_up) => &self.top_ups[top_up].payment,
        }
    }

    pub(super) fn payment_mut(&mut self, of: Of) -> &mut Payment {
        match of {
            Of::Order(order) => &mut self.orders[order].payment,
            Of::TopUp(top_up) => &mut self.top_ups[top_up].payment,
        }
    }

    /// A customer pays on a page, or is declined there, if it is open.
    pub fn at_the_gateway(&mut self, of: Of, to: Page) -> Answer {
        let payment = self.payment_mut(of);
        if payment.page == Some(Page::Open) {
            let held = to == Page::Paid && payment.review.is_some();
            payment.page = Some(if held { Page::Promised } else { to });
        }
        Answer::Done
    }

    pub fn wire(&mut self, wire: Wire) -> Answer {
        self.wire = wire;
        Answer::Done
    }
}
