//! Giving back what customers have paid into their balances.

pub mod dto;
pub mod handlers;
