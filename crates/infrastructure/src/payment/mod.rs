//! Payment gateways: Stripe, and the sandbox that stands in where no key is configured, so that the whole flow works anywhere.

mod sandbox;
mod sandbox_books;
mod signature;
mod stripe;

pub use sandbox::{SandboxAddresses, SandboxGateway};
pub use sandbox_books::SandboxBooks;
pub use stripe::{InvalidStripeSettings, STRIPE_API, StripeGateway};
