//! Giving money back: refunds by sellers and admins, to gift cards, balances and the card that paid, and disputes, by which a bank
//! does. What is written down first, then asked of the gateway, is followed until the gateway has said what became of it.

mod bought;
pub mod disputes;
pub mod follow;
pub mod give;
pub mod ports;
mod returning;
mod sale;
mod settling;
pub mod top_ups;
pub mod view;
pub mod watch;

pub use settling::SettleRefundError;
