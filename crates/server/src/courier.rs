//! The loop that delivers webhooks. It is not the worker's: an endpoint may take a quarter of a minute for its answer, and
//! neither mails nor payments wait for it. Any number of processes may run it on one database.

use application::webhooks::deliver::DeliverWebhooks;
use application::webhooks::ports::DueDelivery;
use domain::kernel::WebhookId;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;

/// How often an idle courier looks for what is due.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// At most so many deliveries at once in one process.
const AT_ONCE: usize = 32;

/// Delivers what is due, again and again.
pub struct CourierRounds {
    deliveries: Arc<dyn DeliverWebhooks>,
    running: JoinSet<()>,
    /// Where each running task delivers to.
    towards: HashMap<Id, WebhookId>,
}

impl CourierRounds {
    /// With this courier.
    #[must_use]
    pub fn new(deliveries: Arc<dyn DeliverWebhooks>) -> Self {
        Self { deliveries, running: JoinSet::new(), towards: HashMap::new() }
    }

    /// Runs until it is told to stop, then finishes what it has begun.
    pub async fn run(mut self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let begun = self.round().await;
            if begun == 0 {
                tokio::select! {
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                    () = stop.cancelled() => {}
                }
            }
        }
        while self.running.join_next().await.is_some() {}
    }

    /// Takes in hand what fits; answers how many that are.
    async fn round(&mut self) -> usize {
        while let Some(ended) = self.running.try_join_next_with_id() {
            let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
            self.towards.remove(&id);
        }
        let free = AT_ONCE.saturating_sub(self.running.len());
        if free == 0 {
            return 0;
        }
        let claimed = self.deliveries.claim(free, &self.in_hand()).await.unwrap_or_else(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "no webhooks could be claimed");
            Vec::new()
        });
        let begun = claimed.len();
        for due in claimed {
            self.begin(due);
        }
        begun
    }

    /// How many deliveries to each endpoint are under way.
    fn in_hand(&self) -> HashMap<WebhookId, usize> {
        let mut in_hand = HashMap::new();
        for endpoint in self.towards.values() {
            *in_hand.entry(*endpoint).or_insert(0) += 1;
        }
        in_hand
    }

    fn begin(&mut self, due: DueDelivery) {
        let deliveries = Arc::clone(&self.deliveries);
        let task = self.running.spawn(async move {
            if let Err(error) = deliveries.deliver(due.id).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(delivery = %due.id, error, "what came of a webhook could not be noted");
            }
        });
        self.towards.insert(task.id(), due.endpoint);
    }
}
