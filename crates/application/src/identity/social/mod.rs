//! Signing in by providers who know who somebody is, such as Google or GitHub.

pub mod ports;
