//! A part of an order's price, and who bears how much of it.

use super::{Allotment, Given, SaleLine};
use crate::kernel::{Money, MoneyError, OrderLineId, UserId};

/// A part of the price: a line, or delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub line: Option<OrderLineId>,
    pub seller: Option<UserId>,
    pub quantity: u32,
    /// How many pieces of it may go back in all.
    pub most: u32,
    /// What it cost without the tax.
    pub goods: i64,
    pub tax: i64,
    /// What its seller earned by it; the fee is the rest of the goods.
    pub earned: i64,
}

/// What everybody bears of a part.
pub(super) struct Borne {
    pub earned: i64,
    pub tax: i64,
    /// The fee of a line; delivery itself.
    pub rest: i64,
}

impl Part {
    /// Delivery, which is no seller's.
    pub(super) const fn delivery(cost: Money) -> Self {
        Self { line: None, seller: None, quantity: 0, most: 0, goods: cost.amount(), tax: 0, earned: 0 }
    }

    const fn value(&self) -> i64 {
        self.goods.saturating_add(self.tax)
    }

    /// What is left of the pieces that may go back.
    pub(super) fn left(&self, given: &Given) -> i64 {
        let most = if self.most == self.quantity { self.value() } else { self.worth_of(self.most) };
        most.saturating_sub(amount_of(given, self)).max(0)
    }

    pub(super) fn pieces_given(&self, given: &Given) -> u32 {
        given.get(&self.line).map_or(0, |(_, quantity)| *quantity)
    }

    pub(super) fn pieces_left(&self, given: &Given) -> u32 {
        self.most.saturating_sub(self.pieces_given(given))
    }

    /// What so many of its pieces are worth.
    pub(super) fn worth_of(&self, pieces: u32) -> i64 {
        portion(self.value(), i64::from(pieces), i64::from(self.quantity))
    }

    /// Who bears what when so much of it has been given back. Each share grows with it, and at the end is all that there was.
    pub(super) fn borne(&self, given: i64) -> Borne {
        let tax = portion(self.tax, given, self.value());
        let goods = given.saturating_sub(tax);
        let earned = portion(self.earned, goods, self.goods);
        Borne { earned, tax, rest: goods.saturating_sub(earned) }
    }
}

pub(super) fn amount_of(given: &Given, part: &Part) -> i64 {
    given.get(&part.line).map_or(0, |(amount, _)| *amount)
}

/// The part of a whole, rounded down; all of it at the end.
fn portion(whole: i64, part: i64, of: i64) -> i64 {
    if of <= 0 {
        return 0;
    }
    let portion = i128::from(whole) * i128::from(part) / i128::from(of);
    i64::try_from(portion).unwrap_or(whole)
}

/// What a seller earned by each line: all of those that are free of the fee, and of the others in proportion.
pub(super) fn earned_by_line(earned: Money, lines: &[(&SaleLine, Money)]) -> Result<Vec<Money>, MoneyError> {
    let nothing = Money::zero(earned.currency());
    let of = |free: bool| lines.iter().map(move |(line, goods)| if line.fee_free == free { *goods } else { nothing });
    let free = Money::sum(earned.currency(), of(true))?;
    let rest = earned.minus(free)?;
    let bearing = Money::sum(earned.currency(), of(false))?;
    if rest.amount() < 0 || rest.amount() > bearing.amount() {
        // It was sold when all lines bore the fee.
        return share(earned, lines.iter().map(|(_, goods)| *goods));
    }
    if rest.amount() == 0 {
        return Ok(of(true).collect());
    }
    of(true).zip(share(rest, of(false))?).map(|(free, bearing)| free.plus(bearing)).collect()
}

/// Shares in proportion; nothing is shared among nothing.
pub(super) fn share(whole: Money, weights: impl Iterator<Item = Money>) -> Result<Vec<Money>, MoneyError> {
    let weights: Vec<i64> = weights.map(Money::amount).collect();
    whole.allot(&weights).ok_or(MoneyError::Overflow)
}

pub(super) fn with(given: &Given, more: &[Allotment]) -> Result<Given, MoneyError> {
    let mut then = given.clone();
    for one in more {
        let (amount, quantity) = then.entry(one.line).or_default();
        *amount = amount.checked_add(one.amount.amount()).ok_or(MoneyError::Overflow)?;
        *quantity = quantity.saturating_add(one.quantity);
    }
    Ok(then)
}

pub(super) fn without(given: &Given, less: &[Allotment]) -> Result<Given, MoneyError> {
    let mut then = given.clone();
    for one in less {
        let (amount, quantity) = then.entry(one.line).or_default();
        *amount = amount.checked_sub(one.amount.amount()).ok_or(MoneyError::Overflow)?;
        *quantity = quantity.saturating_sub(one.quantity);
    }
    Ok(then)
}
