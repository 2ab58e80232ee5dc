//! Payments: what a gateway is, and hearing from it. How an order follows its payment is the checkout's.

pub mod hear;
pub mod ports;
pub mod sandbox;
