//! Gift cards: value that whoever knows the code may spend or take into their balance. How much is left on one is the
//! ledger's to know; here are the code and what may be done with a card.

mod code;
mod gift_card;

pub use code::GiftCardCode;
pub use gift_card::{GiftCard, GiftCardStatus, IssueRefusal, NewGiftCard, UseRefusal};
