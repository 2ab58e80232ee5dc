//! For tests only: fresh databases on both engines, builders of values, forged tokens, a device with passkeys, and the
//! machines around the shop.

// Failing loudly is what code for tests is for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that can't be set up fails"
)]

pub mod authenticator;
pub mod builders;
pub mod database;
pub mod dice;
pub mod faults;
pub mod forgeries;
pub mod open_id;
pub mod standard_webhooks;
pub mod stripe_peer;
pub mod stripe_sdk;
pub mod web_peer;

pub use database::TestDb;
pub use dice::Dice;
pub use faults::{Fault, Faults};
/// The real clock, ids and random numbers.
pub use infrastructure::system;
/// The real keys and counts, for tests of what must happen once.
pub use infrastructure::{crypto, sql};
pub use migration;
pub use open_id::OpenIdPeer;
pub use standard_webhooks::StandardWebhooks;
pub use stripe_peer::StripePeer;
pub use stripe_sdk::StripeSdk;
pub use web_peer::{Asked, PeerAnswer, WebPeer};
