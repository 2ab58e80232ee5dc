//! The program or browser at the other end.

use std::net::{IpAddr, Ipv6Addr};

/// From where, and with what, someone signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The address.
    pub address: IpAddr,
    /// What it says it is, shortened: "Firefox on Linux".
    pub device: String,
    /// The device token that it got at an earlier sign-in (OWASP: device cookies).
    pub device_token: Option<String>,
}

impl Client {
    /// Whom attempts are counted for: the address, or of version 6 its first 64 bits, which one household has.
    #[must_use]
    pub fn network(&self) -> String {
        match self.address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
        }
    }
}
