//! Sending messages to merchants, by the Standard Webhooks convention, to addresses of the internet alone.

mod resolver;
mod sender;
mod signature;
mod target;

pub use resolver::{Lookup, SystemLookup};
pub use sender::HttpSender;
pub use signature::signature;
pub use target::CheckedTargets;
