//! Time, ids and secrets as ports, so that the rules can be tested at any moment and with any draw.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::kernel::crockford;
use sha2::{Digest, Sha256};
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

/// A token of 256 unpredictable bits, such as a link in a mail carries; only its digest is ever stored.
pub struct OpaqueToken([u8; 32]);

impl OpaqueToken {
    /// Draws one.
    #[must_use]
    pub fn draw(secrets: &dyn SecretSource) -> Self {
        Self(secrets.bytes())
    }

    /// The token as it is handed out: 43 characters of base64url.
    #[must_use]
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What is stored of it.
    #[must_use]
    pub fn digest(&self) -> String {
        digest_of(&self.reveal())
    }
}

/// The digest under which a token that was handed in is looked up: its SHA-256, in hexadecimal. A plain digest suffices
/// for 256 random bits.
#[must_use]
pub fn digest_of(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
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
    let drawn = crockford::draw(secret.into_iter().take(10));
    domain::orders::OrderNumber(format!("CR-{}", crockford::grouped(&drawn, 5)))
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
