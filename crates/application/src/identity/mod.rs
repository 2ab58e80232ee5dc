//! Accounts and sign-in: registering, proving an address, logging in and out, and knowing who calls.

pub mod caller;
pub mod ports;
pub mod profile;
pub mod register;
pub mod sign_in;
pub mod verify_email;

pub use caller::Caller;
