//! Taking one's data along (GDPR, article 20): everything that is kept of a person, in one piece. A process that joins
//! what the other contexts have, and changes nothing but the security log.

pub mod ports;
pub mod take_out;

pub use take_out::{TakeOut, TakeOutError, Takeout};
