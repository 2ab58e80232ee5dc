//! Attempts to pay: what gateways tell us, and paying into one's balance. Paying orders is checkout's, which joins them.

pub mod cards;
pub mod credit;
pub mod expire;
pub mod hear;
pub mod held;
pub mod ports;
pub mod risk;
pub mod sandbox;
pub mod submission;
pub mod top_up;

use chrono::TimeDelta;

/// How long after it was written down a payment that the gateway may not have is handed over again.
pub const SUBMIT_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(15);
/// How long after that, and how often, the gateway is asked about a payment of which nothing was heard.
pub const RECONCILE_EVERY: TimeDelta = TimeDelta::minutes(2);
