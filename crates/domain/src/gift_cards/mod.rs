//! Gift cards: value that whoever knows the code may spend or take into their balance. How much is left on one is the
//! ledger's to know; here are the code and what may be done with a card.

mod batch;
mod code;
mod delivery;
mod gift_card;
mod seed;

pub use batch::{BatchRefusal, BatchStatus, CodesRefusal, GiftCardBatch, NewGiftCardBatch};
pub use code::GiftCardCode;
pub use delivery::{Delivery, DeliveryStatus, OnItsWay, OrderPiece};
pub use gift_card::{GiftCard, GiftCardStatus, IssueRefusal, NewGiftCard, UseRefusal};
pub use seed::SealedSeed;
