//! Secrets at rest under AES-256-GCM with random nonces (NIST SP 800-38D). One key may seal 2^32 secrets; a shop has one
//! for each authenticator app.

use super::SecretKey;
use application::identity::ports::{SealFailed, SecretBox};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The form that is written today.
const VERSION: [u8; 1] = [1];

/// Seals and opens secrets.
pub struct AeadBox(SecretKey);

impl AeadBox {
    /// A box that only this key opens.
    #[must_use]
    pub const fn new(key: SecretKey) -> Self {
        Self(key)
    }

    fn key(&self) -> Result<RandomizedNonceKey, SealFailed> {
        RandomizedNonceKey::new(&AES_256_GCM, self.0.digest(&[b"AES-256-GCM"]).as_ref()).map_err(|_| SealFailed)
    }
}

impl SecretBox for AeadBox {
    fn seal(&self, context: &[u8], secret: &[u8]) -> Result<String, SealFailed> {
        let mut text = secret.to_vec();
        let sealed = self.key()?.seal_in_place_append_tag(Aad::from(context), &mut text);
        let nonce = sealed.map_err(|_| SealFailed)?;
        Ok(URL_SAFE_NO_PAD.encode([&VERSION, nonce.as_ref().as_slice(), &text].concat()))
    }

    fn open(&self, context: &[u8], sealed: &str) -> Result<Vec<u8>, SealFailed> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| SealFailed)?;
        let rest = bytes.strip_prefix(&VERSION).ok_or(SealFailed)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealFailed)?;
        let (nonce, mut text) = (Nonce::assume_unique_for_key(*nonce), text.to_vec());
        let secret = self.key()?.open_in_place(nonce, Aad::from(context), &mut text).map_err(|_| SealFailed)?;
        Ok(secret.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed_box(master: &[u8]) -> AeadBox {
        AeadBox::new(SecretKey::derive(master, "secrets at rest"))
    }

    #[test]
    fn what_was_sealed_opens_again_and_does_not_show_itself() {
        let sealed = sealed_box(b"m").seal(b"totp 1", b"JBSWY3DP").unwrap();
        assert!(!URL_SAFE_NO_PAD.decode(&sealed).unwrap().windows(8).any(|part| part == b"JBSWY3DP"));
        assert_eq!(sealed_box(b"m").open(b"totp 1", &sealed).unwrap(), b"JBSWY3DP");
        assert_eq!(sealed_box(b"m").seal(b"x", b"").and_then(|empty| sealed_box(b"m").open(b"x", &empty)), Ok(vec![]));
    }

    #[test]
    fn the_same_secret_is_sealed_differently_each_time() {
        let seal = || sealed_box(b"m").seal(b"totp 1", b"JBSWY3DP").unwrap();
        assert_ne!(seal(), seal());
    }

    #[test]
    fn it_opens_for_no_other_context_and_in_no_other_shop() {
        let sealed = sealed_box(b"m").seal(b"totp 1", b"JBSWY3DP").unwrap();
        assert_eq!(sealed_box(b"m").open(b"totp 2", &sealed), Err(SealFailed));
        assert_eq!(sealed_box(b"n").open(b"totp 1", &sealed), Err(SealFailed));
    }

    #[test]
    fn a_changed_text_does_not_open() {
        let sealed = sealed_box(b"m").seal(b"totp 1", b"JBSWY3DP").unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert_eq!(sealed_box(b"m").open(b"totp 1", &URL_SAFE_NO_PAD.encode(changed)), Err(SealFailed), "{place}");
            assert_eq!(sealed_box(b"m").open(b"totp 1", &URL_SAFE_NO_PAD.encode(&bytes[..place])), Err(SealFailed));
        }
        assert_eq!(sealed_box(b"m").open(b"totp 1", "no base64!"), Err(SealFailed));
    }
}
