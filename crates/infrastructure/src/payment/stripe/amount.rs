//! Money as Stripe counts it: mostly in the minor units of ISO 4217, with a few exceptions of history
//! (<https://docs.stripe.com/currencies>).

use application::payments::ports::GatewayError;
use domain::kernel::{Currency, Money};

/// Counted without decimals.
const WHOLE: [&str; 15] =
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"];
/// Counted in thousandths, of which the last digit is always 0.
const THOUSANDTHS: [&str; 5] = ["BHD", "JOD", "KWD", "OMR", "TND"];
/// What a charge is at the least, in the minor units of ISO 4217.
const LEAST: [(&str, i64); 24] = [
    ("AED", 200),
    ("AUD", 50),
    ("BGN", 100),
    ("BRL", 50),
    ("CAD", 50),
    ("CHF", 50),
    ("CZK", 1_500),
    ("DKK", 250),
    ("EUR", 50),
    ("GBP", 30),
    ("HKD", 400),
    ("HUF", 17_500),
    ("INR", 50),
    ("JPY", 50),
    ("MXN", 1_000),
    ("MYR", 200),
    ("NOK", 300),
    ("NZD", 50),
    ("PLN", 200),
    ("RON", 200),
    ("SEK", 300),
    ("SGD", 50),
    ("THB", 1_000),
    ("USD", 50),
];

/// The amount in Stripe's units.
///
/// # Errors
/// [`GatewayError::Refused`] when Stripe can't take exactly this amount.
pub fn in_stripes_units(money: Money) -> Result<i64, GatewayError> {
    let refused = || GatewayError::Refused(format!("Stripe can't take exactly {money}"));
    let (ours, theirs) = (u32::from(money.currency().decimals()), decimals(money.currency()));
    let amount = if theirs >= ours {
        money.amount().checked_mul(10_i64.pow(theirs - ours)).ok_or_else(refused)?
    } else {
        let unit = 10_i64.pow(ours - theirs);
        (money.amount() % unit == 0).then_some(money.amount() / unit).ok_or_else(refused)?
    };
    if theirs == 3 && amount % 10 != 0 { Err(refused()) } else { Ok(amount) }
}

/// The least amount that Stripe takes and that is no less than this one. Of currencies whose least amount is that of another at
/// the day's rate, only the step is known.
pub fn payable(money: Money) -> Money {
    let (code, ours) = (money.currency().code(), u32::from(money.currency().decimals()));
    let least = LEAST.iter().find(|(listed, _)| *listed == code).map_or(0, |(_, least)| *least);
    let theirs = decimals(money.currency());
    let step = if theirs == 3 { 10 } else { 10_i64.pow(ours.saturating_sub(theirs)) };
    let wish = money.amount().max(least);
    let missing = (step - wish.rem_euclid(step)) % step;
    Money::new(wish.checked_add(missing).unwrap_or(wish), money.currency())
}

/// A currency's code as Stripe writes it.
pub fn code(currency: Currency) -> String {
    currency.code().to_ascii_lowercase()
}

fn decimals(currency: Currency) -> u32 {
    if WHOLE.contains(&currency.code()) {
        0
    } else if THOUSANDTHS.contains(&currency.code()) {
        3
    } else {
        2 // ISK and UGX too, which have none any more
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_stripe(amount: i64, code: &str) -> Option<i64> {
        in_stripes_units(Money::new(amount, Currency::parse(code).unwrap())).ok()
    }

    #[test]
    fn most_currencies_are_counted_as_everywhere() {
        for code in ["EUR", "USD", "CHF", "HUF", "TWD"] {
            assert_eq!(at_stripe(12_999, code), Some(12_999), "{code}");
        }
        for code in ["JPY", "KRW", "XOF"] {
            assert_eq!(at_stripe(500, code), Some(500), "{code}");
        }
    }

    #[test]
    fn currencies_that_lost_their_decimals_keep_them_at_stripe() {
        assert_eq!(at_stripe(500, "ISK"), Some(50_000));
        assert_eq!(at_stripe(500, "UGX"), Some(50_000));
    }

    #[test]
    fn the_ariary_has_no_parts_at_stripe() {
        assert_eq!(at_stripe(50_000, "MGA"), Some(500));
        assert_eq!(at_stripe(50_020, "MGA"), None);
    }

    #[test]
    fn the_last_digit_of_thousandths_is_zero() {
        assert_eq!(at_stripe(5_120, "KWD"), Some(5_120));
        assert_eq!(at_stripe(5_124, "KWD"), None);
    }

    #[test]
    fn what_is_too_little_or_between_two_steps_is_rounded_up() {
        let at_least = |amount, code| payable(Money::new(amount, Currency::parse(code).unwrap())).amount();
        for (amount, code, expected) in [
            (1, "EUR", 50),
            (50, "EUR", 50),
            (51, "EUR", 51),
            (1, "GBP", 30),
            (1, "JPY", 50),
            (1, "CZK", 1_500),
            (5_124, "KWD", 5_130),
            (5_120, "KWD", 5_120),
            (50_020, "MGA", 50_100),
            (1, "ISK", 1),
            (i64::MAX, "KWD", i64::MAX),
        ] {
            assert_eq!(at_least(amount, code), expected, "{amount} {code}");
        }
    }

    #[test]
    fn what_is_too_large_is_refused_rather_than_wrapped() {
        assert_eq!(at_stripe(i64::MAX, "ISK"), None);
    }
}
