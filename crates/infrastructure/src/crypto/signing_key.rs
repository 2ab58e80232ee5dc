//! One RSA key that signs access tokens: read from PEM, or made.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A private key with what is derived from it.
pub struct SigningKey {
    /// The key's name in tokens: its JWK thumbprint (RFC 7638).
    pub(super) id: String,
    pub(super) private: EncodingKey,
    pub(super) public: DecodingKey,
    jwk: Value,
    der: Vec<u8>,
}

/// Why a key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The text is not a private RSA key in PEM form (PKCS #8, `BEGIN PRIVATE KEY`).
    #[error("not a private RSA key in PKCS #8 PEM form")]
    NotAKey,
    /// The block `CARAT MASTER SECRET` is not the base 64 of 32 bytes or more.
    #[error("the master secret is spoilt")]
    NotAMasterSecret,
    /// Shorter than 2048 bits (NIST SP 800-131A).
    #[error("the RSA key has {0} bits; at least 2048 are needed")]
    TooShort(usize),
    /// The system could not make a key.
    #[error("the system could not make a key")]
    Generation,
}

impl SigningKey {
    /// Makes a new key of 3072 bits, and answers it as PEM, to be kept in a file.
    ///
    /// # Errors
    /// [`KeyError::Generation`].
    pub fn generate_pem() -> Result<String, KeyError> {
        let pair = KeyPair::generate(KeySize::Rsa3072).map_err(|_| KeyError::Generation)?;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Generation)?;
        let text = STANDARD.encode(der.as_ref());
        let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
        for (place, character) in text.chars().enumerate() {
            if place > 0 && place % 64 == 0 {
                pem.push('\n');
            }
            pem.push(character);
        }
        pem.push_str("\n-----END PRIVATE KEY-----\n");
        Ok(pem)
    }

    /// Reads a key.
    ///
    /// # Errors
    /// When it is none, or too short.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let private = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|_| KeyError::NotAKey)?;
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
        let der = STANDARD.decode(body).map_err(|_| KeyError::NotAKey)?;
        let pair = KeyPair::from_pkcs8(&der).or_else(|_| KeyPair::from_der(&der)).map_err(|_| KeyError::NotAKey)?;
        let bits = pair.public_modulus_len() * 8;
        if bits < 2048 {
            return Err(KeyError::TooShort(bits));
        }
        let public = pair.public_key();
        let modulus = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
        let exponent = URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero());
        let thumbprint = Sha256::digest(format!(r#"{{"e":"{exponent}","kty":"RSA","n":"{modulus}"}}"#));
        let id = URL_SAFE_NO_PAD.encode(thumbprint);
        let public = DecodingKey::from_rsa_components(&modulus, &exponent).map_err(|_| KeyError::NotAKey)?;
        let jwk = json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": id, "n": modulus, "e": exponent});
        Ok(Self { id, private, public, jwk, der })
    }

    /// The public half (RFC 7517).
    pub(super) const fn jwk(&self) -> &Value {
        &self.jwk
    }

    /// The private key itself.
    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::sync::LazyLock;

    /// Making a key takes a while; one serves all tests.
    pub static PEM: LazyLock<String> = LazyLock::new(|| SigningKey::generate_pem().unwrap());

    #[test]
    fn a_key_that_was_made_can_be_read_again() {
        let key = SigningKey::from_pem(&PEM).unwrap();
        assert_eq!(key.id, SigningKey::from_pem(&PEM).unwrap().id);
        assert_eq!(key.jwk()["kid"], json!(key.id));
    }

    #[test]
    fn the_published_half_has_nothing_private() {
        let key = SigningKey::from_pem(&PEM).unwrap();
        let mut members: Vec<String> = key.jwk.as_object().unwrap().keys().cloned().collect();
        members.sort();
        assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "secret", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"] {
            assert!(matches!(SigningKey::from_pem(text), Err(KeyError::NotAKey)));
        }
    }
}
