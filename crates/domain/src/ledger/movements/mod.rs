//! The kinds of movement, one file each. A movement is told what moves, in positive amounts, and answers its posting; what
//! must not happen twice has a reference that can't be had twice.

mod dispute;
mod dispute_fee;
mod dispute_won;
mod gift_card_expired;
mod gift_card_issued;
mod gift_card_redeemed;
mod gift_card_sold;
mod gift_card_voided;
mod order_held;
mod order_hold_released;
mod order_paid;
mod payout;
mod payout_failed;
mod refund;
mod refund_failed;
mod top_up;
mod top_up_disputed;
mod top_up_refunded;

pub use dispute::Dispute;
pub use dispute_fee::{DisputeFee, DisputeFeeReturned};
pub use dispute_won::DisputeWon;
pub use gift_card_expired::GiftCardExpired;
pub use gift_card_issued::GiftCardIssued;
pub use gift_card_redeemed::GiftCardRedeemed;
pub use gift_card_sold::GiftCardSold;
pub use gift_card_voided::GiftCardVoided;
pub use order_held::{Held, OrderHeld};
pub use order_hold_released::OrderHoldReleased;
pub use order_paid::{OrderPaid, SoldLine};
pub use payout::Payout;
pub use payout_failed::PayoutFailed;
pub use refund::{Refund, RefundedTo, TakenFrom};
pub use refund_failed::RefundFailed;
pub use top_up::TopUp;
pub use top_up_disputed::{TopUpDisputeWon, TopUpDisputed};
pub use top_up_refunded::{TopUpRefundFailed, TopUpRefunded};

#[cfg(test)]
mod tests;
