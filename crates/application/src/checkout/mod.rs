//! Checkout: the process that joins the others. A cart becomes an order, its stock is reserved, gift cards and balance are
//! put into its hold, and its payment is written down, all in one transaction; then the gateway opens its page for the rest,
//! and the order follows what becomes of the payment: paid, declined, given up, or too late.

pub mod bookkeeping;
mod by_balance;
pub mod cancel;
mod closing;
mod drafting;
pub mod pay_order;
pub mod place_order;
mod promises;
pub mod review;
pub mod settle;
pub mod settlement;
mod stock;
mod submission;
pub mod tenders;
pub mod view_payment;

pub use drafting::Drafting;
pub use submission::SubmissionError;
