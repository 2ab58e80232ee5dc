//! Checkout: the process that joins the others. A cart becomes an order, its stock is reserved, gift cards and balance are
//! put into its hold, and its payment is written down, all in one transaction; then the gateway opens its page for the rest,
//! and the order follows what becomes of the payment: paid, declined, given up, or too late.

pub mod bookkeeping;
pub mod cancel;
mod drafting;
pub mod place_order;
pub mod settle;
pub mod settlement;
mod stock;
mod submission;
pub mod tenders;

pub use drafting::Drafting;
pub use submission::SubmissionError;
