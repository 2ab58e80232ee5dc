//! Time, ids and secrets as ports, so that the rules can be tested at any moment and with any draw.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Tells the time.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait Clock: Send + Sync {
    /// The present moment, cut to microseconds (the finest that both databases keep).
    fn now(&self) -> DateTime<Utc>;
}

/// Draws ids.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait IdGenerator: Send + Sync {
    /// A new UUID, version 7.
    fn next(&self) -> Uuid;
}

/// Draws from the operating system's cryptographic generator.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait SecretSource: Send + Sync {
    /// 256 unpredictable bits.
    fn bytes(&self) -> [u8; 32];
}

/// A six-digit code out of unpredictable bits. (64 bits over a million: the bias is below 10⁻¹³.)
#[must_use]
pub fn six_digits(secret: [u8; 32]) -> String {
    let number = secret.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{:06}", number % 1_000_000)
}

/// Ten characters of Crockford's base 32 (no I, L, O, U) out of unpredictable bits, in two groups.
#[must_use]
pub fn order_number(secret: [u8; 32]) -> domain::orders::OrderNumber {
    let alphabet: Vec<char> = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().collect();
    let characters = secret.iter().take(10).filter_map(|byte| alphabet.get(usize::from(byte % 32)));
    let (first, second): (Vec<_>, Vec<_>) = characters.enumerate().partition(|(place, _)| *place < 5);
    let text = |group: Vec<(usize, &char)>| group.into_iter().map(|(_, c)| *c).collect::<String>();
    domain::orders::OrderNumber(format!("CR-{}-{}", text(first), text(second)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_six_digits_whatever_is_drawn() {
        assert_eq!(six_digits([0; 32]), "000000");
        assert_eq!(six_digits([255; 32]), "551615");
    }

    #[test]
    fn an_order_number_has_ten_characters_in_two_groups() {
        let mut secret = [0; 32];
        secret[9] = 255;
        assert_eq!(order_number(secret).0, "CR-00000-0000Z");
    }
}
