//! The two ways to hash a password, bcrypt and Argon2id, and how the hash of either is read. All of it takes long: call it
//! off the async threads. Parameters of Argon2id and bcrypt's least cost follow OWASP's cheat sheet on password storage.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use argon2::{Argon2, Params};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bcrypt::HashParts;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// The most that bcrypt reads of a password; what follows it would be ignored.
const BCRYPT_READS: usize = 72;

/// How new passwords are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordHashing {
    /// bcrypt with 2^`cost` rounds (12 is sound today; tests use 4).
    Bcrypt {
        /// The exponent.
        cost: u32,
    },
    /// Argon2id (RFC 9106) with 19 MiB, two passes, one lane.
    Argon2id,
}

/// Why a hash can't be made or read.
pub(super) type Broken = Box<dyn std::error::Error + Send + Sync>;

impl PasswordHashing {
    pub(super) fn hash(self, password: &str) -> Result<String, Broken> {
        match self {
            Self::Bcrypt { cost } => Ok(bcrypt::hash(readable(password).as_ref(), cost)?),
            Self::Argon2id => Ok(Argon2::default().hash_password(password.as_bytes())?.to_string()),
        }
    }

    /// Whether a hash is of the kind that this would make today.
    pub(super) fn would_make(self, hash: &str) -> bool {
        match self {
            Self::Bcrypt { cost } => hash.parse::<HashParts>().is_ok_and(|parts| parts.get_cost() == cost),
            Self::Argon2id => PasswordHash::new(hash).is_ok_and(|hash| {
                let is_today = |params: Params| {
                    let today = Params::DEFAULT;
                    (params.m_cost(), params.t_cost(), params.p_cost())
                        == (today.m_cost(), today.t_cost(), today.p_cost())
                };
                hash.algorithm.as_str() == "argon2id" && Params::try_from(&hash).is_ok_and(is_today)
            }),
        }
    }
}

/// Whether the password is behind the hash, whichever way that was made.
pub(super) fn verify(password: &str, hash: &str) -> Result<bool, Broken> {
    if !hash.starts_with("$argon2id$") {
        return Ok(bcrypt::verify(readable(password).as_ref(), hash)?);
    }
    let hash = PasswordHash::new(hash)?;
    if hash.hash.is_none() {
        return Err("the stored hash has no end".into());
    }
    match Argon2::default().verify_password(password.as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// What bcrypt is given: a password of more than 72 bytes goes in as its SHA-256, so that no byte of it is ignored.
fn readable(password: &str) -> Cow<'_, str> {
    if password.len() <= BCRYPT_READS && !password.contains('\0') {
        return Cow::Borrowed(password);
    }
    Cow::Owned(STANDARD.encode(Sha256::digest(password)))
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "all texts here are ASCII")]
mod tests {
    use super::*;

    const BOTH: [PasswordHashing; 2] = [PasswordHashing::Bcrypt { cost: 4 }, PasswordHashing::Argon2id];

    #[test]
    fn a_password_is_verified_by_its_hash_of_either_kind() {
        for hashing in BOTH {
            let hash = hashing.hash("Secret-123").unwrap();
            assert!(verify("Secret-123", &hash).unwrap());
            assert!(!verify("Secret-124", &hash).unwrap());
            assert_ne!(hash, hashing.hash("Secret-123").unwrap(), "each has a salt of its own");
        }
    }

    #[test]
    fn a_long_password_counts_to_its_last_byte() {
        for hashing in BOTH {
            let long = format!("Aa1!{}", "x".repeat(100));
            let hash = hashing.hash(&long).unwrap();
            assert!(verify(&long, &hash).unwrap());
            assert!(!verify(&format!("{}y", &long[..103]), &hash).unwrap());
            assert!(!verify(&long[..72], &hash).unwrap());
        }
    }

    #[test]
    fn each_knows_what_it_would_make() {
        let [bcrypt, argon] = BOTH.map(|hashing| hashing.hash("Secret-123").unwrap());
        assert!(argon.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{argon}");
        assert!(PasswordHashing::Bcrypt { cost: 4 }.would_make(&bcrypt));
        assert!(!PasswordHashing::Bcrypt { cost: 5 }.would_make(&bcrypt));
        assert!(!PasswordHashing::Bcrypt { cost: 4 }.would_make(&argon));
        assert!(PasswordHashing::Argon2id.would_make(&argon));
        assert!(!PasswordHashing::Argon2id.would_make(&bcrypt));
        assert!(!PasswordHashing::Argon2id.would_make(&argon.replace("t=2", "t=1")));
        assert!(!PasswordHashing::Argon2id.would_make(&argon.replace("argon2id", "argon2i")));
    }

    #[test]
    fn a_hash_of_an_unknown_kind_is_broken_and_not_wrong() {
        for hash in
            ["", "hash", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ", "$scrypt$x", "$2b$12$short"]
        {
            assert!(verify("Secret-123", hash).is_err(), "{hash}");
        }
    }
}
