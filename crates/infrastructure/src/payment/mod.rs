//! Payment gateways. The sandbox stands in where no real one is configured, so that the whole flow works anywhere.

mod sandbox;
mod signature;

pub use sandbox::{SandboxAddresses, SandboxGateway};
