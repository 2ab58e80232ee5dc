//! Orders after they were placed: seeing them. What moves them on is the checkout.

pub mod ports;
pub mod view;
