//! The kinds of movement, one file each. A movement is told what moves, in positive amounts, and answers its posting; what
//! must not happen twice has a reference that can't be had twice.

mod gift_card_expired;
mod gift_card_issued;
mod gift_card_redeemed;
mod gift_card_sold;
mod order_held;
mod order_hold_released;
mod order_paid;
mod payout;
mod refund;
mod top_up;

pub use gift_card_expired::GiftCardExpired;
pub use gift_card_issued::GiftCardIssued;
pub use gift_card_redeemed::GiftCardRedeemed;
pub use gift_card_sold::GiftCardSold;
pub use order_held::{Held, OrderHeld};
pub use order_hold_released::OrderHoldReleased;
pub use order_paid::{OrderPaid, SoldLine};
pub use payout::Payout;
pub use refund::{Refund, RefundedTo, TakenFrom};
pub use top_up::TopUp;

#[cfg(test)]
mod tests;
