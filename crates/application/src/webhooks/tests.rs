//! Values for the unit tests of this context.

use super::secret::SigningSecrets;
use crate::identity::ports::MockSecretBox;
use crate::jobs::Job;
use crate::tests::{StandingSystem, now, uuid};
use crate::unit_of_work::double::UnitOfWorkDouble;
use domain::kernel::{UserId, WebhookDeliveryId, WebhookId};
use domain::webhooks::{Delivery, Endpoint, EventKind, NewDelivery, NewEndpoint, Outcome, Owner};
use std::sync::Arc;

/// An endpoint that hears of paid orders.
pub fn endpoint(number: u64, owner: Owner) -> Endpoint {
    let new = NewEndpoint {
        id: WebhookId::new(uuid(number)),
        owner,
        created_by: UserId::new(uuid(1)),
        url: "https://merchant.example/hook".to_owned(),
        description: None,
        events: vec![EventKind::OrderPaid],
        secret: "sealed".to_owned(),
    };
    Endpoint::create(new, now()).unwrap()
}

/// A paid order on its way to the endpoint of this number.
pub fn delivery(number: u64, endpoint: u64) -> Delivery {
    let new = NewDelivery {
        id: WebhookDeliveryId::new(uuid(number)),
        endpoint_id: WebhookId::new(uuid(endpoint)),
        event_id: uuid(90),
        kind: EventKind::OrderPaid,
        payload: "{}".to_owned(),
    };
    Delivery::begin(new, now())
}

pub fn answered(status: u16) -> Outcome {
    Outcome::Answered { status, body: "thanks".to_owned() }
}

/// Secrets of zeros, sealed as one word and opened by it alone.
pub fn secrets() -> SigningSecrets {
    let mut vault = MockSecretBox::new();
    vault.expect_seal().returning(|_, _| Ok("sealed anew".to_owned()));
    vault.expect_open().withf(|_, sealed| sealed.starts_with("sealed")).returning(|_, _| Ok(vec![0; 32]));
    SigningSecrets { source: StandingSystem::new(), vault: Arc::new(vault) }
}

/// Expects that a unit of work announces this of many cards of a batch, as these runs of places.
pub fn announces_cards(tx: &mut UnitOfWorkDouble, event: &'static str, runs: serde_json::Value) {
    let announces = move |job: &Job, _: &_| match job {
        Job::AnnounceGiftCards { announcement: None, event: told, cards, .. } => {
            *told == event && cards["runs"] == runs
        }
        _ => false,
    };
    tx.jobs.expect_push().withf(announces).times(1).returning(|_, _| Ok(()));
}

/// Expects that a unit of work announces each of these, as often as they stand here. Say it before other jobs are expected.
pub fn announces(tx: &mut UnitOfWorkDouble, events: &[&'static str]) {
    tx.webhooks.expect_is_any_on().returning(|| Ok(true));
    for event in events.iter().copied() {
        let announces = move |job: &Job, _: &_| matches!(job, Job::AnnounceEvent { event: told, .. } if told == event);
        tx.jobs.expect_push().withf(announces).times(1).returning(|_, _| Ok(()));
    }
}
