//! Codes of gift cards that must be known again later (HMAC-SHA256 as a key derivation in counter mode, NIST SP 800-108: the
//! key is the shop's, the seed and the card's id are the input). Neither the seed nor the key tells anything alone.

use super::{AeadBox, SecretKey};
use application::gift_cards::ports::LaterCodes;
use application::identity::ports::{SealFailed, SecretBox};
use application::system::SecretSource;
use domain::gift_cards::{GiftCardCode, SealedSeed};
use domain::kernel::GiftCardId;
use std::sync::Arc;
use uuid::Uuid;

/// Derives codes.
pub struct DerivedCodes {
    key: SecretKey,
    seeds: AeadBox,
    secrets: Arc<dyn SecretSource>,
}

impl DerivedCodes {
    /// Codes are derived under `key`; `seeds` seals what they are derived from.
    #[must_use]
    pub fn new(key: SecretKey, seeds: AeadBox, secrets: Arc<dyn SecretSource>) -> Self {
        Self { key, seeds, secrets }
    }
}

impl LaterCodes for DerivedCodes {
    fn seed(&self, owner: Uuid) -> Result<SealedSeed, SealFailed> {
        self.seeds.seal(&context(owner), &self.secrets.bytes()).map(SealedSeed::new)
    }

    fn code(&self, seed: &SealedSeed, owner: Uuid, card: GiftCardId) -> Result<GiftCardCode, SealFailed> {
        let seed = self.seeds.open(&context(owner), seed.expose())?;
        let bits = self.key.digest(&[&seed, card.uuid().as_bytes()]);
        bits.as_ref().try_into().map(GiftCardCode::draw).map_err(|_| SealFailed)
    }
}

fn context(owner: Uuid) -> Vec<u8> {
    [b"gift card codes of ".as_slice(), owner.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::SystemSecrets;

    fn codes(master: &[u8]) -> DerivedCodes {
        let seeds = AeadBox::new(SecretKey::derive(master, "seeds"));
        DerivedCodes::new(SecretKey::derive(master, "codes"), seeds, Arc::new(SystemSecrets))
    }

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn card(number: u128) -> GiftCardId {
        GiftCardId::new(id(number))
    }

    #[test]
    fn the_same_seed_and_card_have_the_same_code_and_no_others_have() {
        let codes = codes(b"m");
        let (one, other) = (codes.seed(id(1)).unwrap(), codes.seed(id(1)).unwrap());
        let code = codes.code(&one, id(1), card(7)).unwrap();
        assert_eq!(codes.code(&one, id(1), card(7)).unwrap(), code);
        assert_ne!(codes.code(&one, id(1), card(8)).unwrap(), code);
        assert_ne!(codes.code(&other, id(1), card(7)).unwrap(), code);
        assert_eq!(GiftCardCode::parse(&code.written()), Some(code));
    }

    #[test]
    fn a_seed_is_worth_nothing_elsewhere() {
        let seed = codes(b"m").seed(id(1)).unwrap();
        assert_eq!(codes(b"m").code(&seed, id(2), card(7)), Err(SealFailed));
        assert_eq!(codes(b"n").code(&seed, id(1), card(7)), Err(SealFailed));
        assert_eq!(codes(b"m").code(&SealedSeed::new(String::new()), id(1), card(7)), Err(SealFailed));
    }

    #[test]
    fn the_sealed_seed_alone_tells_no_code() {
        let codes = codes(b"m");
        let seed = codes.seed(id(1)).unwrap();
        let code = codes.code(&seed, id(1), card(7)).unwrap();
        let rekeyed = DerivedCodes { key: SecretKey::derive(b"m", "others"), ..codes };
        assert_ne!(rekeyed.code(&seed, id(1), card(7)).unwrap(), code);
    }
}
