//! Mails to people. Nobody calls this but jobs: what is to be said is written down with what caused it, and said after.

pub mod gift_cards;
pub mod letter;
pub mod messages;
pub mod money;
pub mod notices;
pub mod ports;
pub mod reset_links;
pub mod reviews;
pub mod send;
