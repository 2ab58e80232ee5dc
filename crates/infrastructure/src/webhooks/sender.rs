//! Sending a message: one connection to an address that was just checked, a quarter of a minute at the most, no redirect
//! followed, no proxy, and no more than the first of the answer read.

use super::resolver::{CheckedResolver, Forbidden, Lookup, NameNotFound};
use super::signature::signature;
use super::target::CheckedTargets;
use application::webhooks::ports::{Message, MessageSender, TargetRefusal};
use async_trait::async_trait;
use domain::webhooks::{Fault, Outcome};
use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use reqwest::{RequestBuilder, Response};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

/// An endpoint that does not answer in this time has failed.
const PATIENCE: Duration = Duration::from_secs(15);
/// So much of an answer is kept.
const KEPT: usize = 4 * 1024;

/// Sends messages over HTTP.
pub struct HttpSender {
    http: reqwest::Client,
    targets: CheckedTargets,
}

impl HttpSender {
    /// To these targets, whose names are looked up so.
    ///
    /// # Errors
    /// When the system gives no client.
    pub fn new(targets: CheckedTargets, lookup: Arc<dyn Lookup>) -> Result<Self, reqwest::Error> {
        Self::with_patience(targets, lookup, PATIENCE)
    }

    /// The same with another patience; for tests.
    ///
    /// # Errors
    /// When the system gives no client.
    pub fn with_patience(
        targets: CheckedTargets,
        lookup: Arc<dyn Lookup>,
        patience: Duration,
    ) -> Result<Self, reqwest::Error> {
        let resolver = CheckedResolver { lookup, addresses: targets.addresses.clone() };
        let http = reqwest::Client::builder()
            .dns_resolver(Arc::new(resolver))
            .no_proxy() // it would look the name up anew
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .pool_max_idle_per_host(0) // each message goes to an address checked for it
            .https_only(!targets.allow_http)
            .timeout(patience) // for all of it: name, connection, answer
            .build()?;
        Ok(Self { http, targets })
    }
}

#[async_trait]
impl MessageSender for HttpSender {
    async fn send(&self, message: &Message) -> Outcome {
        // An address that is written out is looked up by nobody, so it is checked here.
        let url = match self.targets.parse(&message.url) {
            Ok(url) => url,
            Err(TargetRefusal::Forbidden | TargetRefusal::NotSecure | TargetRefusal::Malformed) => {
                return Outcome::Fault(Fault::ForbiddenAddress);
            }
        };
        let request = self
            .http
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, "Carat-Webhooks")
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", message.at.timestamp())
            .header("webhook-signature", signature(message))
            .body(message.body.clone());
        match exchange(request).await {
            Ok(outcome) => outcome,
            Err(error) => Outcome::Fault(fault(&error)),
        }
    }
}

async fn exchange(request: RequestBuilder) -> Result<Outcome, reqwest::Error> {
    let response = request.send().await?;
    Ok(Outcome::Answered { status: response.status().as_u16(), body: beginning(response).await })
}

/// The first of an answer. What it says once it has told its status is only for people to read: if it breaks off, so be it.
async fn beginning(mut response: Response) -> String {
    let mut body = Vec::new();
    while body.len() < KEPT {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    body.truncate(KEPT);
    String::from_utf8_lossy(&body).into_owned()
}

fn fault(error: &reqwest::Error) -> Fault {
    if has_cause::<Forbidden>(error) {
        Fault::ForbiddenAddress
    } else if has_cause::<NameNotFound>(error) {
        Fault::NameNotFound
    } else if error.is_timeout() {
        Fault::TimedOut
    } else if error.is_connect() {
        Fault::NotReached
    } else {
        Fault::NoAnswer
    }
}

fn has_cause<E: Error + 'static>(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.is::<E>() {
            return true;
        }
        cause = error.source();
    }
    false
}
