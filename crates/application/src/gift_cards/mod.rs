//! Gift cards: issuing them, telling what a code is worth, redeeming it, and looking after them. What is left on a card is
//! in the ledger; whoever knows the code has it.

pub mod administer;
pub mod batch_desk;
pub mod batch_steps;
pub mod check;
pub mod expire;
mod guesses;
pub mod issue;
mod issuing;
pub mod ports;
pub mod redeem;
pub mod sell;
pub mod send_again;

pub use guesses::{CodeGuesses, Verdict};
