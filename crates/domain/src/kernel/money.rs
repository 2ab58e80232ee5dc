//! Amounts of money in whole minor units. No floating point; every sum is checked.

use super::Currency;
use std::fmt;

/// An amount in the currency's minor unit (cents for the euro, whole yen for the yen). Money that leaves is negative.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    amount: i64,
    currency: Currency,
}

/// Why a sum was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The sum is beyond what 64 bits hold.
    #[error("the amount is too large")]
    Overflow,
    /// Two currencies can't be added.
    #[error("the currencies differ")]
    CurrencyMismatch,
}

impl Money {
    /// `amount` minor units of `currency`.
    #[must_use]
    pub const fn new(amount: i64, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Nothing, in this currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The minor units.
    #[must_use]
    pub const fn amount(self) -> i64 {
        self.amount
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether more than nothing.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.amount > 0
    }

    /// The sum of both.
    ///
    /// # Errors
    /// When the currencies differ or the sum overflows.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch);
        }
        let amount = self.amount.checked_add(other.amount).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(amount, self.currency))
    }

    /// This amount without the other.
    ///
    /// # Errors
    /// When the currencies differ or the difference overflows.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(other.negated()?)
    }

    /// The same amount the other way.
    ///
    /// # Errors
    /// When it overflows.
    pub fn negated(self) -> Result<Self, MoneyError> {
        let amount = self.amount.checked_neg().ok_or(MoneyError::Overflow)?;
        Ok(Self::new(amount, self.currency))
    }

    /// Shares this amount in proportion to the weights, by the largest remainder: the shares add up to the whole, and each is
    /// less than one minor unit away from its exact part. Of equal remainders the first is served first. `None` when a weight is
    /// negative, or there is something to share and no weight to share it by.
    #[must_use]
    pub fn allot(self, weights: &[i64]) -> Option<Vec<Self>> {
        if weights.iter().any(|weight| *weight < 0) {
            return None;
        }
        let whole = i128::from(self.amount);
        let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        if sum == 0 {
            return (self.amount == 0).then(|| weights.iter().map(|_| Self::zero(self.currency)).collect());
        }
        let parts: Vec<i128> = weights.iter().map(|weight| whole * i128::from(*weight)).collect();
        let given: i128 = parts.iter().map(|part| part.div_euclid(sum)).sum();
        let mut by_remainder: Vec<usize> = (0..parts.len()).collect();
        by_remainder.sort_by_key(|place| std::cmp::Reverse(parts.get(*place).map(|part| part.rem_euclid(sum))));
        let served: Vec<usize> = by_remainder.into_iter().take(usize::try_from(whole - given).ok()?).collect();
        let share = |(place, part): (usize, &i128)| {
            let amount = part.div_euclid(sum) + i128::from(served.contains(&place));
            i64::try_from(amount).ok().map(|amount| Self::new(amount, self.currency))
        };
        parts.iter().enumerate().map(share).collect()
    }

    /// So many times this amount.
    ///
    /// # Errors
    /// When the product overflows.
    pub fn times(self, quantity: u32) -> Result<Self, MoneyError> {
        let amount = self.amount.checked_mul(i64::from(quantity)).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(amount, self.currency))
    }

    /// The sum of all; zero of `currency` when there are none.
    ///
    /// # Errors
    /// When one has another currency or the sum overflows.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::plus)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `129.99 EUR`, for mails and logs; apps format by locale.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.amount < 0 { "-" } else { "" };
        let units = self.amount.unsigned_abs();
        let decimals = usize::from(self.currency.decimals());
        let scale = 10_u64.pow(u32::from(self.currency.decimals()));
        match decimals {
            0 => write!(f, "{sign}{units} {}", self.currency),
            _ => write!(f, "{sign}{}.{:0decimals$} {}", units / scale, units % scale, self.currency),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    #[test]
    fn money_is_written_with_the_decimals_of_its_currency() {
        assert_eq!(Money::new(12_999, Currency::EUR).to_string(), "129.99 EUR");
        assert_eq!(Money::new(-5, Currency::EUR).to_string(), "-0.05 EUR");
        assert_eq!(Money::new(1_500, currency("JPY")).to_string(), "1500 JPY");
        assert_eq!(Money::new(1_005, currency("KWD")).to_string(), "1.005 KWD");
        assert_eq!(Money::zero(Currency::EUR).to_string(), "0.00 EUR", "nothing has no sign");
        assert_eq!(format!("{:?}", Money::new(5, Currency::EUR)), "0.05 EUR");
    }

    #[test]
    fn currencies_do_not_mix() {
        let sum = Money::new(1, Currency::EUR).plus(Money::new(1, currency("USD")));
        assert_eq!(sum, Err(MoneyError::CurrencyMismatch));
    }

    #[test]
    fn a_sum_beyond_64_bits_is_refused() {
        let most = Money::new(i64::MAX, Currency::EUR);
        assert_eq!(most.plus(Money::new(1, Currency::EUR)), Err(MoneyError::Overflow));
        assert_eq!(most.times(2), Err(MoneyError::Overflow));
    }

    #[test]
    fn what_does_not_divide_goes_to_the_largest_remainders() {
        let shares = |amount, weights: &[i64]| -> Option<Vec<i64>> {
            Some(Money::new(amount, Currency::EUR).allot(weights)?.into_iter().map(Money::amount).collect())
        };
        assert_eq!(shares(100, &[1, 1, 1]), Some(vec![34, 33, 33]));
        assert_eq!(shares(10, &[1, 2, 4]), Some(vec![1, 3, 6]));
        assert_eq!(shares(-100, &[1, 1, 1]), Some(vec![-33, -33, -34]));
        assert_eq!(shares(0, &[0, 0]), Some(vec![0, 0]));
        assert_eq!(
            shares(i64::MAX, &[i64::MAX, i64::MAX]),
            Some(vec![4_611_686_018_427_387_904, 4_611_686_018_427_387_903])
        );
        for weights in [&[0, 0][..], &[], &[1, -1]] {
            assert_eq!(shares(1, weights), None, "{weights:?}");
        }
    }

    #[test]
    fn the_other_way_round_is_refused_where_it_overflows() {
        assert_eq!(Money::new(5, Currency::EUR).minus(Money::new(7, Currency::EUR)), Ok(Money::new(-2, Currency::EUR)));
        assert_eq!(Money::new(i64::MIN, Currency::EUR).negated(), Err(MoneyError::Overflow));
    }

    proptest! {
        #[test]
        fn shares_add_up_to_the_whole_and_are_less_than_one_unit_off(
            amount in any::<i64>(),
            weights in prop::collection::vec(0_i64..i64::MAX, 1..40),
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let shares = Money::new(amount, Currency::EUR).allot(&weights).unwrap();
            let sum: i128 = shares.iter().map(|share| i128::from(share.amount())).sum();
            prop_assert_eq!(sum, i128::from(amount));
            let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
            for (share, weight) in shares.iter().zip(&weights) {
                // |share - amount * weight / total| < 1, without dividing.
                let below = i128::from(amount) * i128::from(*weight) / total;
                prop_assert!((i128::from(share.amount()) - below).abs() <= 1);
                prop_assert!(*weight > 0 || share.amount() == 0);
            }
        }

        #[test]
        fn whatever_the_currency_parts_add_up_and_who_weighs_more_gets_no_less(
            amount in 0_i64..1_000_000_000_000,
            weights in prop::collection::vec(0_i64..1_000_000, 1..20),
            code in prop::sample::select(vec!["JPY", "EUR", "KWD"]),
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let whole = Money::new(amount, currency(code));
            let shares = whole.allot(&weights).unwrap();
            prop_assert_eq!(Money::sum(currency(code), shares.iter().copied()), Ok(whole));
            for (one, share) in weights.iter().zip(&shares) {
                prop_assert!((0..=amount).contains(&share.amount()));
                for (other, less) in weights.iter().zip(&shares) {
                    prop_assert!(one <= other || share.amount() >= less.amount());
                    prop_assert!(one != other || (share.amount() - less.amount()).abs() <= 1, "equals differ by a unit at most");
                }
            }
        }

        #[test]
        fn what_is_written_is_the_amount_with_the_decimals_of_its_currency(
            amount in any::<i64>(),
            (code, decimals) in prop::sample::select(vec![("JPY", 0), ("EUR", 2), ("KWD", 3)]),
        ) {
            let written = Money::new(amount, currency(code)).to_string();
            let number = written.strip_suffix(code).unwrap().trim_end();
            prop_assert_eq!(number.split_once('.').map_or(0, |(_, behind)| behind.len()), decimals);
            prop_assert_eq!(number.replace('.', "").parse::<i64>(), Ok(amount));
        }

        #[test]
        fn times_is_repeated_addition(amount in -1_000_000_i64..1_000_000, quantity in 0_u32..50) {
            let one = Money::new(amount, Currency::EUR);
            let summed = Money::sum(Currency::EUR, std::iter::repeat_n(one, quantity as usize));
            prop_assert_eq!(one.times(quantity), summed);
        }
    }
}
