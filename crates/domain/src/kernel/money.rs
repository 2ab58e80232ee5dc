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

    proptest! {
        #[test]
        fn times_is_repeated_addition(amount in -1_000_000_i64..1_000_000, quantity in 0_u32..50) {
            let one = Money::new(amount, Currency::EUR);
            let summed = Money::sum(Currency::EUR, std::iter::repeat_n(one, quantity as usize));
            prop_assert_eq!(one.times(quantity), summed);
        }
    }
}
