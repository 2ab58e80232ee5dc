//! What was sold, and how a refund of some of it is borne. An order's price is the sum of its parts: a line each, and delivery. Of
//! each part it is known who earned by it; what they bear of a refund is told by how much of the part has been given back in all,
//! and not by how often. So whatever is given back, in whatever order, and whatever of it comes back from a gateway, adds up.

mod part;

use crate::kernel::{Currency, Money, MoneyError, OrderLineId, UserId};
use part::{Part, amount_of, earned_by_line, share, with, without};
use std::collections::BTreeMap;

/// A line that was sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleLine {
    /// Its id.
    pub id: OrderLineId,
    /// Whose it was.
    pub seller: UserId,
    /// How many.
    pub quantity: u32,
    /// What all of them cost, before a discount.
    pub total: Money,
    /// Whether the platform had no fee of it: of a gift card, since money that is owed is no income.
    pub fee_free: bool,
}

/// An order's price, and who earned by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    parts: Vec<Part>,
    currency: Currency,
}

/// What has been given back of each part: how much, and how many pieces. Delivery has no line.
pub type Given = BTreeMap<Option<OrderLineId>, (i64, u32)>;

/// Of which parts someone may give back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// Of this seller's lines.
    Seller(UserId),
    /// Of all of them, and of delivery.
    Order,
}

/// What is to be given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundWish {
    /// All that is left.
    Rest,
    /// So many pieces of these lines.
    Lines(Vec<(OrderLineId, u32)>),
    /// What delivery cost, and so many pieces of these lines with it.
    Delivery(Vec<(OrderLineId, u32)>),
    /// So much, of whatever is left.
    Amount(Money),
}

/// Why nothing is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefusal {
    /// The order has no such line, or it is another seller's.
    #[error("there is no line {0}")]
    UnknownLine(OrderLineId),
    /// So many pieces of a line are left, and not as many as were asked for.
    #[error("{left} pieces are left of line {line}")]
    TooManyPieces { line: OrderLineId, left: u32 },
    /// So much is left, and not as much as was asked for.
    #[error("{left} is left")]
    TooMuch { left: Money },
    /// Nothing is left.
    #[error("nothing is left")]
    NothingLeft,
    /// The currencies differ, or a sum overflows.
    #[error(transparent)]
    Amount(#[from] MoneyError),
}

/// What is given back of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allotment {
    /// Of which line; of delivery where there is none.
    pub line: Option<OrderLineId>,
    /// How many pieces; none where only an amount was asked for.
    pub quantity: u32,
    /// How much.
    pub amount: Money,
}

/// Who bears it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Sellers, of what they earned.
    pub sellers: Vec<(UserId, Money)>,
    /// The platform, of its fee.
    pub fee: Money,
    /// Tax that is not due any more.
    pub tax: Money,
    /// What delivery cost.
    pub shipping: Money,
}

impl Sale {
    /// The parts of a price. Sellers bore the discount by their share, and earned what they are said to have; whoever is not named
    /// earned all of theirs.
    ///
    /// # Errors
    /// When the amounts don't fit together.
    pub fn new(
        lines: &[SaleLine],
        discount: Money,
        tax: Money,
        shipping: Money,
        earned: &BTreeMap<UserId, Money>,
    ) -> Result<Self, MoneyError> {
        let currency = shipping.currency();
        let mut gross: BTreeMap<UserId, Money> = BTreeMap::new();
        for line in lines {
            let sum = gross.entry(line.seller).or_insert(Money::zero(currency));
            *sum = sum.plus(line.total)?;
        }
        let off = share(discount, gross.values().copied())?;
        let mut parts = Vec::new();
        for ((seller, gross), off) in gross.into_iter().zip(off) {
            let net = gross.minus(off)?;
            let own: Vec<&SaleLine> = lines.iter().filter(|line| line.seller == seller).collect();
            let goods = share(net, own.iter().map(|line| line.total))?;
            let own: Vec<(&SaleLine, Money)> = own.into_iter().zip(goods).collect();
            let theirs = earned_by_line(earned.get(&seller).copied().unwrap_or(net), &own)?;
            for ((line, goods), earned) in own.into_iter().zip(theirs) {
                let (goods, earned) = (goods.amount(), earned.amount());
                let (line, quantity) = (Some(line.id), line.quantity);
                parts.push(Part { line, seller: Some(seller), quantity, most: quantity, goods, tax: 0, earned });
            }
        }
        let taxes = share(tax, parts.iter().map(|part| Money::new(part.goods, currency)))?;
        for (part, tax) in parts.iter_mut().zip(taxes) {
            part.tax = tax.amount();
        }
        parts.push(Part::delivery(shipping));
        Ok(Self { parts, currency })
    }

    /// The same, where of some lines only so many pieces may go back in all: gift cards that nobody has used.
    #[must_use]
    pub fn with_at_most(mut self, pieces: &BTreeMap<OrderLineId, u32>) -> Self {
        for part in &mut self.parts {
            if let Some(most) = part.line.and_then(|line| pieces.get(&line)) {
                part.most = part.quantity.min(*most);
            }
        }
        self
    }

    /// What is left of lines of which no more may go back, of those that someone may give back: what is kept.
    #[must_use]
    pub fn kept(&self, within: Within, given: &Given) -> Vec<Allotment> {
        let limited = self.within(within).filter(|part| part.most < part.quantity);
        let kept = limited.map(|part| {
            let whole = Part { most: part.quantity, ..part.clone() };
            let pieces = whole.pieces_left(given).saturating_sub(part.pieces_left(given));
            self.allotment(part, pieces, whole.left(given).saturating_sub(part.left(given)))
        });
        kept.filter(|one| one.amount.is_positive()).collect()
    }

    /// What a wish comes to, part by part.
    ///
    /// # Errors
    /// When there is not as much left.
    pub fn allot(&self, wish: &RefundWish, within: Within, given: &Given) -> Result<Vec<Allotment>, RefundRefusal> {
        let open: Vec<(&Part, i64)> = self.within(within).map(|part| (part, part.left(given))).collect();
        let left: i128 = open.iter().map(|(_, left)| i128::from(*left)).sum();
        if left == 0 {
            return Err(RefundRefusal::NothingLeft);
        }
        let of = |(part, left): &(&Part, i64)| self.allotment(part, part.pieces_left(given), *left);
        let allotted: Vec<Allotment> = match wish {
            RefundWish::Rest => open.iter().map(of).collect(),
            RefundWish::Lines(lines) => self.pieces(lines, &open, given)?,
            RefundWish::Delivery(lines) => {
                let delivery = open.iter().filter(|(part, _)| part.line.is_none()).map(of);
                self.pieces(lines, &open, given)?.into_iter().chain(delivery).collect()
            }
            RefundWish::Amount(amount) => self.spread(*amount, &open, left)?,
        };
        let some: Vec<_> = allotted.into_iter().filter(|one| one.amount.is_positive() || one.quantity > 0).collect();
        if some.iter().all(|one| one.amount.amount() == 0) { Err(RefundRefusal::NothingLeft) } else { Ok(some) }
    }

    /// How much is left.
    ///
    /// # Errors
    /// When the sum overflows.
    pub fn left(&self, within: Within, given: &Given) -> Result<Money, MoneyError> {
        Money::sum(self.currency, self.within(within).map(|part| Money::new(part.left(given), self.currency)))
    }

    /// What everybody bears when this much more is given back than was.
    ///
    /// # Errors
    /// When a sum overflows.
    pub fn taken(&self, given: &Given, more: &[Allotment]) -> Result<Taken, MoneyError> {
        let then = with(given, more)?;
        self.difference(given, &then)
    }

    /// What everybody gets again when this much of what was given back has come back.
    ///
    /// # Errors
    /// When a sum overflows.
    pub fn returned(&self, given: &Given, less: &[Allotment]) -> Result<Taken, MoneyError> {
        let then = without(given, less)?;
        self.difference(&then, given)
    }

    fn difference(&self, before: &Given, after: &Given) -> Result<Taken, MoneyError> {
        let nothing = Money::zero(self.currency);
        let mut sellers: BTreeMap<UserId, Money> = BTreeMap::new();
        let (mut fee, mut tax, mut shipping) = (nothing, nothing, nothing);
        for part in &self.parts {
            let (then, now) = (part.borne(amount_of(before, part)), part.borne(amount_of(after, part)));
            let more = |now: i64, then: i64| Money::new(now.saturating_sub(then), self.currency);
            match part.seller {
                Some(seller) => {
                    let sum = sellers.entry(seller).or_insert(nothing);
                    *sum = sum.plus(more(now.earned, then.earned))?;
                    fee = fee.plus(more(now.rest, then.rest))?;
                }
                None => shipping = shipping.plus(more(now.rest, then.rest))?,
            }
            tax = tax.plus(more(now.tax, then.tax))?;
        }
        let sellers = sellers.into_iter().filter(|(_, amount)| amount.amount() != 0).collect();
        Ok(Taken { sellers, fee, tax, shipping })
    }

    fn within(&self, within: Within) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| match within {
            Within::Order => true,
            Within::Seller(seller) => part.seller == Some(seller),
        })
    }

    fn allotment(&self, part: &Part, quantity: u32, amount: i64) -> Allotment {
        Allotment { line: part.line, quantity, amount: Money::new(amount, self.currency) }
    }

    fn pieces(
        &self,
        lines: &[(OrderLineId, u32)],
        open: &[(&Part, i64)],
        given: &Given,
    ) -> Result<Vec<Allotment>, RefundRefusal> {
        let mut wanted: BTreeMap<OrderLineId, u32> = BTreeMap::new();
        for (line, quantity) in lines {
            let sum = wanted.entry(*line).or_default();
            *sum = sum.saturating_add(*quantity);
        }
        let allotment = |(line, quantity): (OrderLineId, u32)| {
            let found = open.iter().find(|(part, _)| part.line == Some(line));
            let (part, left) = found.ok_or(RefundRefusal::UnknownLine(line))?;
            let pieces = part.pieces_left(given);
            if quantity > pieces {
                return Err(RefundRefusal::TooManyPieces { line, left: pieces });
            }
            let before = part.pieces_given(given);
            let worth = part.worth_of(before.saturating_add(quantity)).saturating_sub(part.worth_of(before));
            // The last pieces take with them what an earlier piece was rounded off by, and never more than is left.
            Ok(self.allotment(part, quantity, worth.min(*left)))
        };
        wanted.into_iter().map(allotment).collect()
    }

    fn spread(&self, amount: Money, open: &[(&Part, i64)], left: i128) -> Result<Vec<Allotment>, RefundRefusal> {
        let left = Money::new(i64::try_from(left).map_err(|_| MoneyError::Overflow)?, self.currency);
        if amount.currency() != self.currency {
            return Err(MoneyError::CurrencyMismatch.into());
        }
        if !amount.is_positive() {
            return Err(RefundRefusal::NothingLeft);
        }
        if amount.amount() > left.amount() {
            return Err(RefundRefusal::TooMuch { left });
        }
        let shares = share(amount, open.iter().map(|(_, left)| Money::new(*left, self.currency)))?;
        Ok(open.iter().zip(shares).map(|((part, _), share)| self.allotment(part, 0, share.amount())).collect())
    }
}

#[cfg(test)]
mod tests;
