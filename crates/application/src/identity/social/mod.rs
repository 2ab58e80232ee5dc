//! Signing in by providers who know who somebody is, such as Google or GitHub.

pub mod identities;
pub mod journey;
mod linking;
pub mod ports;
pub mod sign_in;
