//! Sending what happened to many gift cards of a batch on its way: an event for each card, page by page. A page is one
//! transaction that writes its deliveries and plans the rest, so that one job waits for ten thousand cards, and whoever is cut
//! off begins with the page that is missing.

use super::card_runs::CardRuns;
use super::fan_out::no_such_event;
use super::ports::WebhookQueries;
use crate::jobs::{Job, JobFailure};
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{GiftCardBatchId, GiftCardId, WebhookDeliveryId};
use domain::webhooks::{Delivery, Endpoint, EventKind, NewDelivery};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// So many cards a page has: few enough for other writers to come in between on SQLite.
pub const PAGE: usize = 250;

/// Sends what happened to the cards of a batch on its way.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait AnnounceGiftCards: Send + Sync {
    /// Sends the events of the next page to everyone who asked for them, and plans those of the other pages. The announcement is
    /// the first page's job.
    async fn announce(
        &self,
        announcement: Uuid,
        event: &str,
        at: DateTime<Utc>,
        cards: &Value,
    ) -> Result<(), JobFailure>;
}

/// The service behind [`AnnounceGiftCards`].
pub struct CardFanOut {
    /// Reads endpoints.
    pub webhooks: Arc<dyn WebhookQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl AnnounceGiftCards for CardFanOut {
    async fn announce(
        &self,
        announcement: Uuid,
        event: &str,
        at: DateTime<Utc>,
        cards: &Value,
    ) -> Result<(), JobFailure> {
        let kind = EventKind::parse(event).ok_or_else(|| no_such_event(event))?;
        let mut runs: CardRuns =
            serde_json::from_value(cards.clone()).map_err(|error| JobFailure::Fail(error.to_string()))?;
        let hearing: Vec<Endpoint> = self.webhooks.listening(&[]).await?;
        let hearing: Vec<Endpoint> = hearing.into_iter().filter(|endpoint| endpoint.hears_of(kind)).collect();
        if hearing.is_empty() {
            return Ok(()); // nor would anybody hear of the other pages
        }
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let page = runs.take(PAGE);
        let places: Vec<u32> = page.iter().map(|place| place.number).collect();
        let batch = GiftCardBatchId::new(runs.batch_id);
        let ids: HashMap<u32, GiftCardId> = tx.gift_card_batches().ids_in(batch, &places).await?.into_iter().collect();
        let mut deliveries = Vec::new();
        for (place, card) in page.iter().filter_map(|place| Some((place, *ids.get(&place.number)?))) {
            let facts = runs.facts(place, card);
            for endpoint in &hearing {
                let Some(payload) = facts.payload(kind, at, endpoint.owner) else { continue };
                let id = WebhookDeliveryId::new(self.ids.next());
                let event_id = event_of(announcement, card);
                let new = NewDelivery { id, endpoint_id: endpoint.id, event_id, kind, payload };
                deliveries.push(Delivery::begin(new, now));
            }
        }
        let written = tx.webhook_deliveries().insert_all(&deliveries).await?;
        if written == 0 && !deliveries.is_empty() {
            return Ok(()); // whoever wrote this page has planned the next one with it
        }
        if !runs.is_empty() {
            let cards = serde_json::to_value(&runs).map_err(|error| JobFailure::Fail(error.to_string()))?;
            let rest = Job::AnnounceGiftCards { announcement: Some(announcement), event: event.to_owned(), at, cards };
            tx.jobs().push(rest, now).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// The id of what happened to this card: the same however often its page runs, and another card's is another.
fn event_of(announcement: Uuid, card: GiftCardId) -> Uuid {
    let digest = Sha256::new().chain_update(announcement.as_bytes()).chain_update(card.uuid().as_bytes()).finalize();
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, of)| *byte = of);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{StandingSystem, now, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use crate::webhooks::ports::MockWebhookQueries;
    use crate::webhooks::tests::endpoint;
    use domain::webhooks::Owner;
    use serde_json::json;

    /// This many cards were disabled, from the first place on.
    fn disabled(cards: usize) -> Value {
        json!({"batch_id": uuid(70), "value": 5_000, "currency": "EUR",
            "runs": [[0, cards - 1, ["disabled", 5_000, null]]]})
    }

    fn fan_out(hearing: &[EventKind], transactor: &Arc<TransactorDouble>) -> CardFanOut {
        let mut platform = endpoint(1, Owner::Platform);
        platform.events = hearing.to_vec();
        let mut webhooks = MockWebhookQueries::new();
        webhooks.expect_listening().withf(<[_]>::is_empty).returning(move |_| Ok(vec![platform.clone()]));
        let (transactor, ids) = (transactor.clone(), StandingSystem::new());
        CardFanOut { webhooks: Arc::new(webhooks), transactor, ids, clock: StandingSystem::new() }
    }

    /// A unit of work in which so many cards are found, and so many of their deliveries are new.
    fn page(cards: usize, new: u64) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        let ids = |_: GiftCardBatchId, places: &[u32]| {
            Ok(places.iter().map(|place| (*place, GiftCardId::new(uuid(u64::from(*place) + 500)))).collect())
        };
        tx.gift_card_batches.expect_ids_in().withf(move |_, places| places.len() == cards).return_once(ids);
        tx.webhook_deliveries
            .expect_insert_all()
            .withf(move |deliveries| {
                let events: std::collections::HashSet<Uuid> = deliveries.iter().map(|one| one.event_id).collect();
                events.len() == cards && deliveries.iter().all(|one| one.payload.contains(r#""status":"disabled""#))
            })
            .times(1)
            .return_once(move |_| Ok(new));
        tx
    }

    async fn announced(fan_out: &CardFanOut, cards: usize) -> Result<(), JobFailure> {
        fan_out.announce(uuid(90), "gift_card.disabled", now(), &disabled(cards)).await
    }

    #[tokio::test]
    async fn a_page_writes_an_event_for_each_card_and_plans_the_rest() {
        let mut first = page(PAGE, PAGE as u64);
        let rest = |job: &Job, _: &_| match job {
            Job::AnnounceGiftCards { announcement, cards, .. } => {
                *announcement == Some(uuid(90)) && cards["runs"] == json!([[PAGE, PAGE + 1, ["disabled", 5_000, null]]])
            }
            _ => false,
        };
        first.jobs.expect_push().withf(rest).times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([first, page(2, 2)]);
        let fan_out = fan_out(&[EventKind::GiftCardDisabled], &transactor);
        announced(&fan_out, PAGE + 2).await.unwrap();
        announced(&fan_out, 2).await.unwrap();
        assert_eq!(transactor.commits(), 2);
    }

    #[tokio::test]
    async fn a_page_that_was_written_before_plans_nothing_again() {
        let transactor = TransactorDouble::new([page(PAGE, 0)]);
        announced(&fan_out(&[EventKind::GiftCardDisabled], &transactor), PAGE + 2).await.unwrap();
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn what_nobody_asked_for_costs_one_question_and_what_is_unknown_is_for_a_person() {
        let transactor = TransactorDouble::new([]);
        let deaf = fan_out(&[EventKind::OrderPaid], &transactor);
        announced(&deaf, 10_000).await.unwrap();
        let sung = deaf.announce(uuid(90), "gift_card.sung", now(), &disabled(1)).await;
        let broken = deaf.announce(uuid(90), "gift_card.disabled", now(), &json!({})).await;
        for refused in [sung, broken] {
            assert!(matches!(refused, Err(JobFailure::Fail(_))));
        }
    }

    #[test]
    fn each_card_has_its_own_event_and_the_same_each_time() {
        let [one, other] = [1, 2].map(|card| GiftCardId::new(uuid(card)));
        assert_eq!(event_of(uuid(90), one), event_of(uuid(90), one));
        assert_ne!(event_of(uuid(90), one), event_of(uuid(90), other));
        assert_ne!(event_of(uuid(90), one), event_of(uuid(91), one));
    }
}
