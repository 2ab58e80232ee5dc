//! Password hashes, access tokens and keyed digests, all by well-kept libraries. No algorithm of our own.

mod access_tokens;
mod keyed_digests;
mod passwords;
mod signing_key;

pub use access_tokens::Rs256Tokens;
pub use keyed_digests::{HmacCodes, HmacOrderAccess, SecretKey};
pub use passwords::BcryptHasher;
pub use signing_key::{KeyError, SigningKey};
