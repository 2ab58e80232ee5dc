//! Giving back what was paid into a balance: to the card it came from, off the balance, by admins.

pub(super) mod disputes;
pub mod follow;
pub mod give;
pub mod ports;
mod settling;
