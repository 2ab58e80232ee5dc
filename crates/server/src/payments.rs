//! Who takes the payments: Stripe where its keys are set, else the sandbox with its page and its calls to the webhook.

use crate::shop::Shop;
use application::payments::ports::PaymentGateway;
use application::payments::sandbox::{SandboxDelivery, SandboxPage};
use infrastructure::crypto::KeyRing;
use infrastructure::payment::{SandboxAddresses, SandboxGateway, StripeGateway};
use infrastructure::sql::payments::SandboxSessions;
use infrastructure::system::SystemSecrets;
use std::sync::Arc;

type Failure = Box<dyn std::error::Error>;

/// The gateway, and what only the sandbox has.
pub struct Payments {
    pub gateway: Arc<dyn PaymentGateway>,
    pub sandbox_page: Option<Arc<dyn SandboxPage>>,
    pub sandbox_delivery: Option<Arc<dyn SandboxDelivery>>,
}

impl Payments {
    /// As the settings say.
    ///
    /// # Errors
    /// When one of them can't be used.
    pub fn of(shop: &Shop, ring: &KeyRing) -> Result<Self, Failure> {
        let stripe = &shop.settings.stripe;
        if stripe.is_configured() {
            let gateway = StripeGateway::new(&stripe.api_base, &stripe.secret_key, &stripe.webhook_secret)?;
            return Ok(Self { gateway: Arc::new(gateway), sandbox_page: None, sandbox_delivery: None });
        }
        let sandbox = Arc::new(sandbox(shop, ring)?);
        Ok(Self { gateway: sandbox.clone(), sandbox_page: Some(sandbox.clone()), sandbox_delivery: Some(sandbox) })
    }
}

fn sandbox(shop: &Shop, ring: &KeyRing) -> Result<SandboxGateway, Failure> {
    let server = &shop.settings.server;
    let host = if server.host == "0.0.0.0" { "127.0.0.1" } else { server.host.as_str() };
    let addresses = SandboxAddresses {
        public_url: server.public_url.clone(),
        webhook_url: format!("http://{host}:{}/api/v1/webhooks/sandbox", server.port),
    };
    let sessions = SandboxSessions::new(&shop.database);
    let secret = ring.derive("sandbox webhook");
    Ok(SandboxGateway::new(sessions, secret, shop.clock.clone(), Arc::new(SystemSecrets), addresses)?)
}
