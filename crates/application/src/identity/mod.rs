//! Accounts and sign-in: registering, proving an address, logging in and out, and knowing who calls.

pub mod address_book;
pub mod administration;
pub mod api_keys;
pub mod authenticate;
pub mod caller;
pub mod change_email;
pub mod client;
pub mod codes;
pub mod delete_account;
pub mod guesses;
pub mod opening;
pub mod passkey_sign_in;
pub mod passkeys;
pub mod passwords;
pub mod policy;
pub mod ports;
pub mod profile;
pub mod recovery_codes;
pub mod register;
pub mod register_many;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod social;
pub mod step_up;
pub mod totp;
pub mod verify_email;

pub use caller::{Caller, Credential, SessionProof};
pub use client::Client;
pub use policy::Allowed;
