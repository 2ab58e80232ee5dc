//! Refunds: how much of an order's price may still be given back, who gives it, and where it goes. A dispute is one, too: the
//! bank gives the money back, and the shop is asked later.
//!
//! Not here: moving the money (the ledger's), and asking the gateway (the application's).

mod refund;
mod sale;
mod tenders;
mod top_up;

pub use refund::{ContradictoryRefund, Refund, RefundKind, RefundPart, RefundStatus, RefundVerdict};
pub use sale::{Allotment, Given, RefundRefusal, RefundWish, Sale, SaleLine, Taken, Within};
pub use tenders::{OrderTender, RefundTender, TenderKind, fill};
pub use top_up::TopUpRefund;
