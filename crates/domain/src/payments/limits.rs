//! How much may be paid into a balance at once, in each currency.

use crate::kernel::{Currency, Money};
use std::collections::BTreeMap;

/// From so many to so many whole units of a currency: euros, yen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitRange {
    /// At least.
    pub least: u32,
    /// At the most.
    pub most: u32,
}

/// How much may be paid in at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUpLimits {
    /// In most currencies.
    pub usual: UnitRange,
    /// In those whose unit is worth much less, or more.
    pub own: BTreeMap<Currency, UnitRange>,
}

/// The amount is less or more than may be paid in at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the amount must be from {least} to {most}")]
pub struct OutOfLimits {
    /// The least that may be.
    pub least: Money,
    /// The most.
    pub most: Money,
}

impl TopUpLimits {
    /// Whether the amount may be paid in.
    ///
    /// # Errors
    /// What may be.
    pub fn check(&self, amount: Money) -> Result<(), OutOfLimits> {
        let range = self.own.get(&amount.currency()).copied().unwrap_or(self.usual);
        let (least, most) = (units(range.least, amount.currency()), units(range.most, amount.currency()));
        let fits = (least.amount()..=most.amount()).contains(&amount.amount());
        if fits { Ok(()) } else { Err(OutOfLimits { least, most }) }
    }
}

/// So many whole units. (Currencies have four decimals at the most, so it always fits.)
pub(super) fn units(count: u32, currency: Currency) -> Money {
    let unit = 10_i64.pow(u32::from(currency.decimals()));
    Money::new(i64::from(count).saturating_mul(unit), currency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn money(amount: i64, code: &str) -> Money {
        Money::new(amount, Currency::parse(code).unwrap())
    }

    fn limits() -> TopUpLimits {
        let own = BTreeMap::from([(Currency::parse("JPY").unwrap(), UnitRange { least: 100, most: 50_000 })]);
        TopUpLimits { usual: UnitRange { least: 1, most: 1_000 }, own }
    }

    #[test]
    fn the_limits_are_units_of_the_currency() {
        for (fits, least, most) in [
            (money(100, "EUR"), money(99, "EUR"), money(100_001, "EUR")),
            (money(1_000, "KWD"), money(999, "KWD"), money(1_000_001, "KWD")),
            (money(50_000, "JPY"), money(99, "JPY"), money(50_001, "JPY")),
        ] {
            assert_eq!(limits().check(fits), Ok(()));
            assert!(limits().check(least).is_err() && limits().check(most).is_err());
        }
        let told = limits().check(money(0, "EUR")).unwrap_err();
        assert_eq!(told.to_string(), "the amount must be from 1.00 EUR to 1000.00 EUR");
    }

    proptest! {
        #[test]
        fn what_is_refused_is_outside_of_what_is_told(amount in any::<i64>(), code in prop_oneof!["EUR", "JPY", "KWD"]) {
            let amount = money(amount, &code);
            match limits().check(amount) {
                Ok(()) => prop_assert!(amount.is_positive()),
                Err(OutOfLimits { least, most }) => {
                    prop_assert!(amount.amount() < least.amount() || amount.amount() > most.amount());
                }
            }
        }
    }
}
