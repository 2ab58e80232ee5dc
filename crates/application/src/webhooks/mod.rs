//! Outgoing webhooks: merchants are told of what happens, signed, until it arrives. A use case [announces](announce) an event
//! in its own transaction; jobs send it on its way, and a courier of its own delivers it, so that a slow merchant is in
//! nobody's way.

pub mod announce;
pub mod card_fan_out;
mod card_runs;
pub mod deliver;
pub mod deliveries;
mod facts;
pub mod fan_out;
pub mod keep;
pub mod ports;
pub mod secret;
#[cfg(test)]
pub mod tests;

use crate::identity::Caller;
use domain::identity::Role;
use domain::webhooks::Owner;

/// Whose endpoints a caller looks after: admins the platform's, sellers their own.
fn owner_of(caller: &Caller) -> Owner {
    if caller.role == Role::Admin { Owner::Platform } else { Owner::Seller(caller.user_id) }
}
