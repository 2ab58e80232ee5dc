//! Sending sellers what they are owed. The money goes by bank; what is noted here moves it in the ledger, and never more than is owed.

pub mod pay_out;
pub mod ports;
pub mod view;
