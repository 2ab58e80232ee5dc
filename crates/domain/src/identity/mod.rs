//! People with an account: who they are, how they prove their address, and what they may do.
//! Hashing, tokens and mails are adapters of the application's ports.

mod address_book;
mod administration;
mod api_key;
mod common_password;
mod email_change;
mod email_verification;
mod passkey;
mod password;
mod recovery_code;
mod scope;
mod session;
mod totp;
mod user;

pub use address_book::{AddressBook, BookFull, PostalAddress, SavedAddress};
pub use administration::{AccountChange, AccountChangeRefusal, AccountChanged};
pub use api_key::{ApiKey, ApiKeyRefusal, NewApiKey};
pub use email_change::EmailChange;
pub use email_verification::{CodeDigest, CodeRefusal, EmailVerification, IssuedCode};
pub use passkey::{CredentialId, Passkey, PasskeyMaterial};
pub use password::{Password, PasswordFault};
pub use recovery_code::{FactorCode, RecoveryCode};
pub use scope::{Scope, Scopes};
pub use session::{NewSession, Rotation, Session};
pub use totp::{Totp, TotpRefusal, TotpSecret, TotpStep};
pub use user::{Erased, NewUser, ProfileChange, ProfileRefusal, Role, User};
