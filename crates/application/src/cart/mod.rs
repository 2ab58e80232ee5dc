//! Carts: filling them, and seeing them with the prices and the stock of this moment.

pub mod ports;
pub mod shop;
