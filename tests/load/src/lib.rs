//! Offering requests at a steady pace, however slowly they are answered: a customer doesn't wait for the one before.

use reqwest::{Client, RequestBuilder};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// How many were to be sent in a second, for how long.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Requests in a second.
    pub a_second: u32,
    /// Seconds.
    pub seconds: u32,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How often each status was answered; 0 is no answer at all.
    pub statuses: BTreeMap<u16, usize>,
    /// How long each answer took, from the moment when the request was due, in order of length.
    pub times: Vec<Duration>,
}

impl Outcome {
    /// The time within which so many of a hundred were answered.
    #[must_use]
    pub fn percentile(&self, of_hundred: usize) -> Duration {
        let last = self.times.len().saturating_sub(1);
        self.times.get((self.times.len() * of_hundred / 100).min(last)).copied().unwrap_or_default()
    }
}

/// Sends what `request` makes of 0, 1, 2… at this pace, each without waiting for the others. What a late start costs is
/// counted: the time runs from when a request was due (Tene's "coordinated omission").
pub async fn offer(pace: Pace, request: impl Fn(u32) -> RequestBuilder) -> Outcome {
    let mut ticks = interval(Duration::from_secs(1) / pace.a_second);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut running = Vec::new();
    for number in 0..pace.a_second * pace.seconds {
        let due = ticks.tick().await;
        let request = request(number);
        running.push(tokio::spawn(async move {
            let status = match request.send().await {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    answer.bytes().await.map_or(0, |_| status)
                }
                Err(_) => 0,
            };
            (status, Instant::now().duration_since(due))
        }));
    }
    let mut outcome = Outcome::default();
    for one in running {
        let (status, took) = one.await.unwrap_or_default();
        *outcome.statuses.entry(status).or_default() += 1;
        outcome.times.push(took);
    }
    outcome.times.sort_unstable();
    outcome
}

/// A client that gives up after ten seconds.
///
/// # Errors
/// When TLS can't be set up.
pub fn client() -> reqwest::Result<Client> {
    Client::builder().timeout(Duration::from_secs(10)).build()
}
