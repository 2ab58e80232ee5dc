//! Outgoing webhooks: what merchants are told, where, how often it is tried, and to which addresses of the internet nothing
//! is ever sent. How a message is signed and carried is the adapters'.

mod address;
mod delivery;
mod endpoint;
mod event;
mod schedule;

pub use address::{AddressRule, InvalidNetwork, Network};
pub use delivery::{Attempt, Delivery, DeliveryStatus, Fault, NewDelivery, Outcome};
pub use endpoint::{
    DisableReason, Disabled, Endpoint, EndpointChange, EndpointRefusal, NewEndpoint, Owner, PreviousSecret,
};
pub use event::EventKind;
pub use schedule::Jitter;
