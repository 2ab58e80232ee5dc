//! Checkout: the process that joins the others. A cart becomes an order, its stock is reserved, and its payment is written
//! down, all in one transaction; then the gateway opens its page, and the order follows what becomes of the payment:
//! paid, declined, given up, or too late.

pub mod bookkeeping;
pub mod cancel;
pub mod place_order;
pub mod settle;
pub mod settlement;
mod stock;
mod submission;

pub use submission::SubmissionError;
