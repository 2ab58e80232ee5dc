//! The ledger: posting what moves, in the transaction that makes it true; showing people their own movements; and checking
//! that it all adds up. It points at no other context: those that move money build a posting, and hand it in.

pub mod check;
pub mod ports;
pub mod statement;
pub mod view;
