//! Putting together outgoing webhooks.

use crate::courier::CourierRounds;
use crate::shop::Shop;
use application::webhooks::card_fan_out::CardFanOut;
use application::webhooks::deliver::{Courier, CourierSystem};
use application::webhooks::deliveries::DeliveryDesk;
use application::webhooks::fan_out::FanOut;
use application::webhooks::keep::WebhookDesk;
use application::webhooks::secret::SigningSecrets;
use infrastructure::crypto::{AeadBox, KeyRing};
use infrastructure::sql::SqlDeliveryStore;
use infrastructure::system::{SystemSecrets, UuidGenerator};
use infrastructure::webhooks::{CheckedTargets, HttpSender, SystemLookup};
use std::sync::Arc;
use web::WebhookServices;

/// The use cases of outgoing webhooks, and who delivers.
pub struct Webhooks {
    pub services: WebhookServices,
    pub fan_out: FanOut,
    pub card_fan_out: CardFanOut,
    pub courier: CourierRounds,
}

impl Webhooks {
    /// As the settings say.
    ///
    /// # Errors
    /// When the system gives no HTTP client.
    pub fn of(shop: &Shop, ring: &KeyRing) -> Result<Self, Box<dyn std::error::Error>> {
        let Shop { settings, database, transactor, clock, .. } = shop;
        let (queries, ids) = (Arc::new(database.queries()), Arc::new(UuidGenerator));
        let targets =
            CheckedTargets { allow_http: settings.webhooks.allow_http, addresses: settings.webhooks.addresses() };
        let vault = Arc::new(AeadBox::new(ring.derive("webhook secrets")));
        let secrets = SigningSecrets { source: Arc::new(SystemSecrets), vault };
        let services = WebhookServices {
            keep: Arc::new(WebhookDesk {
                webhooks: queries.clone(),
                transactor: transactor.clone(),
                targets: Arc::new(targets.clone()),
                secrets: secrets.clone(),
                ids: ids.clone(),
                clock: clock.clone(),
            }),
            deliveries: Arc::new(DeliveryDesk {
                webhooks: queries.clone(),
                transactor: transactor.clone(),
                ids: ids.clone(),
                clock: clock.clone(),
            }),
        };
        let fan_out = FanOut {
            webhooks: queries.clone(),
            transactor: transactor.clone(),
            ids: ids.clone(),
            clock: clock.clone(),
        };
        let card_fan_out = CardFanOut {
            webhooks: queries.clone(),
            transactor: transactor.clone(),
            ids: ids.clone(),
            clock: clock.clone(),
        };
        let courier = Courier {
            store: Arc::new(SqlDeliveryStore::new(database)),
            webhooks: queries,
            sender: Arc::new(HttpSender::new(targets, Arc::new(SystemLookup))?),
            secrets,
            transactor: transactor.clone(),
            system: CourierSystem { clock: clock.clone(), ids },
        };
        Ok(Self { services, fan_out, card_fan_out, courier: CourierRounds::new(Arc::new(courier)) })
    }
}
