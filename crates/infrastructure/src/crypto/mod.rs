//! Password hashes, tokens, keyed digests and sealed secrets, all by well-kept libraries. No algorithm of our own.

mod access_tokens;
mod aead_box;
mod device_tokens;
mod keyed_digests;
mod passwords;
mod refresh_tokens;
mod signing_key;

pub use access_tokens::Rs256Tokens;
pub use aead_box::AeadBox;
pub use device_tokens::HmacDeviceTokens;
pub use keyed_digests::{HmacCodes, HmacOrderAccess, SecretKey};
pub use passwords::BcryptHasher;
pub use refresh_tokens::HmacRefreshTokens;
pub use signing_key::{KeyError, SigningKey};
