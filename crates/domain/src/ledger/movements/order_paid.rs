//! An order is paid: what the card brought and what the order held becomes its sellers' earnings, the platform's fee, tax
//! and delivery.

use crate::kernel::{Money, OrderId, PaymentId, UserId};
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, FeeRate, MovementKind, Posting, PostingError, Subject};
use std::collections::BTreeMap;

/// A line of the order, as it was at the moment of checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldLine {
    /// Whose it was.
    pub seller: UserId,
    /// What it cost.
    pub total: Money,
    /// Whether the platform has no fee of it: of a gift card, since money that is owed is no income.
    pub fee_free: bool,
}

/// Everything that an order's price is made of, and how it was paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPaid {
    /// The order.
    pub order: OrderId,
    /// The payment by card.
    pub payment: Option<PaymentId>,
    /// The customer; `None` for a guest.
    pub customer: Option<UserId>,
    /// Its lines.
    pub lines: Vec<SoldLine>,
    /// Taken off the lines, by their share.
    pub discount: Money,
    /// For bringing it.
    pub shipping: Money,
    /// On top of the prices.
    pub tax: Money,
    /// What the card brought.
    pub card: Money,
    /// What the order held of balance and gift cards.
    pub held: Money,
}

impl OrderPaid {
    /// From card and hold to everyone who earns by the order, once for each order. The fee is a part of what the lines cost
    /// after the discount, but for those that are free of it, rounded down; it is borne by the sellers in proportion, by the largest remainder.
    ///
    /// # Errors
    /// When card and hold are not the price, or currencies mix.
    pub fn posting(&self, fee: FeeRate) -> Result<Posting, PostingError> {
        let subject = Subject::Order(self.order);
        let about = About { order: Some(self.order), payment: self.payment, gift_card: None };
        let mut draft = Draft::new(MovementKind::OrderPaid, subject, format!("{subject}:captured"))
            .about(about)
            .debit_shown(Account::Clearing, self.card, self.customer)?
            .debit(Account::OrderHold(self.order), self.held)?
            .credit(Account::Tax, self.tax)?
            .credit(Account::Shipping, self.shipping)?;
        let (earnings, fee) = self.shares(fee)?;
        for (seller, amount) in earnings {
            draft = draft.credit_shown(Account::Seller(seller), amount, Some(seller))?;
        }
        draft.credit(Account::PlatformFees, fee)?.balanced()
    }

    /// What each seller earns, and the fee.
    fn shares(&self, rate: FeeRate) -> Result<(Vec<(UserId, Money)>, Money), PostingError> {
        let nothing = Money::zero(self.card.currency());
        let mut gross: BTreeMap<UserId, Money> = BTreeMap::new();
        for line in &self.lines {
            let sum = gross.entry(line.seller).or_insert(nothing);
            *sum = sum.plus(line.total)?;
        }
        let free = |seller: UserId| {
            let lines = self.lines.iter().filter(|line| line.fee_free && line.seller == seller);
            Money::sum(nothing.currency(), lines.map(|line| line.total))
        };
        let sold = less(gross.into_iter().collect(), self.discount)?;
        let mut bearing = Vec::new();
        for (seller, amount) in &sold {
            let bears = amount.minus(free(*seller)?)?;
            bearing.push(if bears.is_positive() { bears } else { nothing });
        }
        let fee = rate.of(Money::sum(nothing.currency(), bearing.iter().copied())?);
        let weights: Vec<i64> = bearing.iter().map(|bears| bears.amount()).collect();
        let shares = fee.allot(&weights).ok_or(PostingError::NoShares(fee))?;
        let earned = |((seller, amount), share): ((UserId, Money), Money)| Ok((seller, amount.minus(share)?));
        let earnings = sold.into_iter().zip(shares).map(earned).collect::<Result<_, PostingError>>()?;
        Ok((earnings, fee))
    }
}

/// The amounts less their shares of something.
fn less(amounts: Vec<(UserId, Money)>, whole: Money) -> Result<Vec<(UserId, Money)>, PostingError> {
    let weights: Vec<i64> = amounts.iter().map(|(_, amount)| amount.amount()).collect();
    let shares = whole.allot(&weights).ok_or(PostingError::NoShares(whole))?;
    let less = |((seller, amount), share): ((UserId, Money), Money)| Ok((seller, amount.minus(share)?));
    amounts.into_iter().zip(shares).map(less).collect()
}
