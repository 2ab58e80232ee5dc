//! Password hashes, tokens, keyed digests and sealed secrets, all by well-kept libraries. No algorithm of our own.

mod access_tokens;
mod aead_box;
mod device_tokens;
mod gift_codes;
mod key_file;
mod key_ring;
mod keyed_digests;
mod passkeys;
mod password_hashing;
mod passwords;
mod refresh_tokens;
mod signing_key;
mod totp_codes;

pub use access_tokens::Rs256Tokens;
pub use aead_box::AeadBox;
pub use device_tokens::HmacDeviceTokens;
pub use gift_codes::DerivedCodes;
pub use key_file::{KeyFile, KeyFileError};
pub use key_ring::{FixedKeys, KeyRing, KeySource};
pub use keyed_digests::{HmacCards, HmacCodes, HmacOrderAccess, SecretKey};
pub use passkeys::WebauthnPasskeys;
pub use password_hashing::PasswordHashing;
pub use passwords::Passwords;
pub use refresh_tokens::HmacRefreshTokens;
pub use signing_key::{KeyError, SigningKey};
pub use totp_codes::Rfc6238Codes;
