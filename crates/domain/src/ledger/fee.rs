//! What the platform keeps of a sale.

use crate::kernel::Money;

/// A part of a sale in basis points: hundredths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeeRate(u16);

impl FeeRate {
    /// Nothing is kept.
    pub const NONE: Self = Self(0);

    /// So many basis points, if that is not more than everything.
    #[must_use]
    pub fn basis_points(points: u32) -> Option<Self> {
        u16::try_from(points).ok().filter(|points| *points <= 10_000).map(Self)
    }

    /// The fee on an amount, rounded down: what can't be divided stays with the sellers.
    #[must_use]
    pub fn of(self, amount: Money) -> Money {
        let fee = i128::from(amount.amount()) * i128::from(self.0) / 10_000;
        Money::new(i64::try_from(fee).unwrap_or(amount.amount()), amount.currency()) // never more than the amount
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Currency;

    #[test]
    fn a_fee_is_at_most_everything_and_rounded_down() {
        let fee =
            |points, amount| FeeRate::basis_points(points).unwrap().of(Money::new(amount, Currency::EUR)).amount();
        assert_eq!((fee(0, 999), fee(250, 999), fee(10_000, 999)), (0, 24, 999));
        assert_eq!(fee(10_000, i64::MAX), i64::MAX);
        assert_eq!(FeeRate::basis_points(10_001), None);
        assert_eq!(FeeRate::basis_points(u32::MAX), None);
    }
}
