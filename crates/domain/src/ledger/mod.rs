//! The ledger: every movement of money as a transaction of two or more legs that sum to zero, in accounts of the shop, its
//! customers, sellers, orders and gift cards. A posting can only be built balanced; there is one file for each kind of
//! movement. Signs are those of a creditor: what we owe is positive, so that a customer's balance is, and the gateway's
//! clearing account, which owes us, is negative. How transactions are chained by digests is in `chain`.
//!
//! Not here: conversion between currencies (each posting has one), and what a movement means to the order or card that it
//! is about, which is its context's own.

mod account;
mod chain;
mod fee;
pub mod movements;
mod posting;

pub use account::{Account, AccountKind};
pub use chain::{Digest, Link, LinkLeg};
pub use fee::FeeRate;
pub use posting::{About, Leg, MovementKind, Posting, PostingError, Subject};
