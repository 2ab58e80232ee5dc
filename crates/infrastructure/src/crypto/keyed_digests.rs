//! Digests that only the shop can compute (HMAC-SHA256, RFC 2104): of six-digit codes, of what a gateway calls a card, and as guests'
//! order tokens.

use application::identity::ports::CodeHasher;
use application::orders::ports::OrderAccess;
use application::payments::cards::{CardDigests, Fingerprint};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::identity::CodeDigest;
use domain::kernel::{EmailAddress, OrderId, UserId};
use subtle::ConstantTimeEq;

/// A secret for one purpose. Never shown.
#[derive(Clone)]
pub struct SecretKey(hmac::Key);

impl SecretKey {
    /// The key for a purpose out of a master secret.
    #[must_use]
    pub fn derive(master: &[u8], purpose: &'static str) -> Self {
        Self::given(Self::given(master).digest(&[b"carat ", purpose.as_bytes()]).as_ref())
    }

    /// A key that somebody else made.
    #[must_use]
    pub(crate) fn given(bytes: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// The digest of the parts, one after the other.
    pub(crate) fn digest(&self, parts: &[&[u8]]) -> hmac::Tag {
        let mut mac = hmac::Context::with_key(&self.0);
        parts.iter().for_each(|part| mac.update(part));
        mac.sign()
    }
}

/// Digests six-digit codes.
pub struct HmacCodes(pub SecretKey);

impl CodeHasher for HmacCodes {
    fn digest(&self, user: UserId, code: &str) -> CodeDigest {
        CodeDigest(hex::encode(self.0.digest(&[user.uuid().as_bytes(), code.as_bytes()])))
    }

    fn digest_for_address(&self, user: UserId, email: &EmailAddress, code: &str) -> CodeDigest {
        // No address and no code has a NUL, so that nothing else has these parts.
        let user = user.uuid();
        let parts: [&[u8]; 4] = [user.as_bytes(), email.as_str().as_bytes(), b"\0", code.as_bytes()];
        CodeDigest(hex::encode(self.0.digest(&parts)))
    }
}

/// Digests what a gateway calls a card.
pub struct HmacCards(pub SecretKey);

impl CardDigests for HmacCards {
    fn digest(&self, card: &Fingerprint) -> String {
        hex::encode(self.0.digest(&[card.0.as_bytes()]))
    }
}

/// Makes guests' order tokens.
pub struct HmacOrderAccess(pub SecretKey);

impl OrderAccess for HmacOrderAccess {
    fn token(&self, order: OrderId) -> String {
        URL_SAFE_NO_PAD.encode(self.0.digest(&[order.uuid().as_bytes()]))
    }

    fn opens(&self, order: OrderId, token: &str) -> bool {
        self.token(order).as_bytes().ct_eq(token.as_bytes()).into()
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "all texts here are ASCII")]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn key(master: &[u8], purpose: &'static str) -> SecretKey {
        SecretKey::derive(master, purpose)
    }

    #[test]
    fn the_same_code_has_another_digest_for_another_user() {
        let codes = HmacCodes(key(b"m", "codes"));
        let user = |id| UserId::new(Uuid::from_u128(id));
        assert_eq!(codes.digest(user(1), "123456"), codes.digest(user(1), "123456"));
        assert_ne!(codes.digest(user(1), "123456"), codes.digest(user(2), "123456"));
        assert_ne!(codes.digest(user(1), "123456"), codes.digest(user(1), "123457"));
    }

    #[test]
    fn a_code_for_one_address_is_none_for_another() {
        let codes = HmacCodes(key(b"m", "codes"));
        let user = UserId::new(Uuid::from_u128(1));
        let digest = |email: &str, code| codes.digest_for_address(user, &EmailAddress::parse(email).unwrap(), code);
        assert_eq!(digest("a@b.co", "123456"), digest("a@b.co", "123456"));
        assert_ne!(digest("a@b.co", "123456"), digest("a@b.com", "123456"));
        assert_ne!(digest("a@b.co", "123456"), codes.digest(user, "123456"));
    }

    #[test]
    fn the_same_card_has_one_digest_in_each_shop_which_does_not_tell_it() {
        let digest = |master: &[u8], card: &str| HmacCards(key(master, "cards")).digest(&Fingerprint(card.to_owned()));
        assert_eq!(digest(b"m", "AOB934RVNwzk6xtn"), digest(b"m", "AOB934RVNwzk6xtn"));
        assert_ne!(digest(b"m", "AOB934RVNwzk6xtn"), digest(b"m", "AOB934RVNwzk6xtm"));
        assert_ne!(digest(b"m", "AOB934RVNwzk6xtn"), digest(b"n", "AOB934RVNwzk6xtn"));
        assert_eq!(digest(b"m", "AOB934RVNwzk6xtn").len(), 64);
    }

    #[test]
    fn an_order_is_opened_by_its_own_token_only() {
        let access = HmacOrderAccess(key(b"m", "orders"));
        let (one, other) = (OrderId::new(Uuid::from_u128(1)), OrderId::new(Uuid::from_u128(2)));
        let token = access.token(one);
        assert_eq!(token.len(), 43, "256 bits");
        assert!(access.opens(one, &token));
        for wrong in [access.token(other).as_str(), &token[..42], "", &format!("{token}A")] {
            assert!(!access.opens(one, wrong));
        }
    }

    #[test]
    fn each_purpose_and_each_shop_has_its_own_key() {
        let one = |master: &[u8], purpose| key(master, purpose).digest(&[b"x"]).as_ref().to_vec();
        assert_ne!(one(b"m", "codes"), one(b"m", "orders"));
        assert_ne!(one(b"m", "codes"), one(b"n", "codes"));
    }
}
