//! Stripe: a hosted page (a Checkout Session) for each payment, and events about it. The library that would speak with it
//! (async-stripe) is generated whole, compiles for minutes and decodes strictly; a page needs three calls, so they are made
//! here, with the API's version pinned. Refunds and
//! disputes are in `refund`, what it has taken in all in `books`, which cards were
//! tried in `cards`.

mod amount;
mod books;
mod cards;
mod event;
mod form;
mod http;
mod mode;
mod refund;
mod session;

use self::http::StripeHttp;
use self::mode::Mode;
use self::session::Session;
use super::signature;
use crate::crypto::SecretKey;
use application::payments::ports::{GatewayError, GatewayEvent, InvalidEvent, PaymentGateway};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::Money;
use domain::orders::Order;
use domain::payments::{GatewayVerdict, HostedSession, Payment};
use serde::de::IgnoredAny;
use std::time::Duration;

pub(super) use amount::payable;

/// Stripe's own address.
pub const STRIPE_API: &str = "https://api.stripe.com";

/// An answer that has not come in this time is lost: somebody is waiting for their page.
const PATIENCE: Duration = Duration::from_secs(20);
/// A key is spent when its request failed within Stripe, which keeps that answer for a day. So often another one is tried.
const MOST_KEYS: u32 = 5;

/// Asks Stripe.
pub struct StripeGateway {
    http: StripeHttp,
    webhook_secret: SecretKey,
    mode: Mode,
}

/// A setting can't be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidStripeSettings {
    /// Not a key.
    #[error("STRIPE_SECRET_KEY: has characters that no key has")]
    Key,
    /// The HTTP client can't be made.
    #[error("the HTTP client can't be made")]
    Client(#[from] reqwest::Error),
}

impl StripeGateway {
    /// A gateway at `base` ([`STRIPE_API`]; without a slash at the end). Connects when it is first asked.
    ///
    /// # Errors
    /// When a setting can't be used.
    pub fn new(base: &str, key: &str, webhook_secret: &str) -> Result<Self, InvalidStripeSettings> {
        Self::with_patience(base, key, webhook_secret, PATIENCE)
    }

    /// The same with a patience of its own.
    ///
    /// # Errors
    /// When a setting can't be used.
    pub fn with_patience(
        base: &str,
        key: &str,
        webhook_secret: &str,
        patience: Duration,
    ) -> Result<Self, InvalidStripeSettings> {
        let http = StripeHttp::new(base, key, patience)?;
        Ok(Self { http, webhook_secret: SecretKey::given(webhook_secret.as_bytes()), mode: Mode::of_key(key) })
    }

    /// Asks for something of the money that was promised on a page; what was done before is refused by Stripe, and looked at.
    async fn of_promise(&self, session_id: &str, verb: &str) -> Result<GatewayVerdict, GatewayError> {
        let session = self.session(session_id).await?;
        let (GatewayVerdict::Authorized, Some(intent)) = (session.verdict(), session.intent()) else {
            return Ok(session.verdict());
        };
        let path = format!("/v1/payment_intents/{}/{verb}", id(intent)?);
        match self.http.post::<IgnoredAny>(&path, &[], None).await {
            Ok(_) => {}
            Err(fault) if fault.is_refusal() => {}
            Err(fault) => return Err(fault.into()),
        }
        Ok(self.session(session_id).await?.verdict())
    }

    async fn session(&self, session_id: &str) -> Result<Session, GatewayError> {
        let query = [("expand[]", "payment_intent")];
        self.http.get::<Session>(&path(session_id)?, &query).await?.of_mode(self.mode)
    }
}

/// Where a session is.
fn path(session_id: &str) -> Result<String, GatewayError> {
    Ok(format!("/v1/checkout/sessions/{}", id(session_id)?))
}

/// An id as it is. One that was not Stripe's leads nowhere else.
fn id(text: &str) -> Result<&str, GatewayError> {
    let is_id = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_id { Ok(text) } else { Err(GatewayError::Refused("there is no such session".to_owned())) }
}

#[async_trait]
impl PaymentGateway for StripeGateway {
    fn name(&self) -> &'static str {
        "stripe"
    }

    fn payable(&self, amount: Money) -> Money {
        payable(amount)
    }

    /// A page that was opened by a request whose answer was lost is known to nobody, so nobody pays on it: when its key is
    /// spent, another page under the next key is as good.
    async fn open<'a>(&self, payment: &Payment, order: Option<&'a Order>) -> Result<HostedSession, GatewayError> {
        let form = form::checkout(payment, order)?;
        for attempt in 1..=MOST_KEYS {
            let key = format!("payment:{}:attempt:{attempt}", payment.id);
            match self.http.post::<Session>("/v1/checkout/sessions", &form, Some(&key)).await {
                Ok(session) => return session.of_mode(self.mode)?.page_for(payment.amount),
                Err(fault) if fault.spends_its_key() => {
                    tracing::warn!(payment = %payment.id, attempt, %fault, "the next key is tried");
                }
                Err(fault) => return Err(fault.into()),
            }
        }
        Err(GatewayError::Refused(format!("{MOST_KEYS} requests for a page failed within Stripe")))
    }

    async fn verdict(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        Ok(self.session(session_id).await?.verdict())
    }

    /// Without a key: a session that has ended can't be ended again, and a kept failure would hide how it stands.
    async fn close(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        let form = [("expand[]".to_owned(), "payment_intent".to_owned())];
        let expire = format!("{}/expire", path(session_id)?);
        match self.http.post::<Session>(&expire, &form, None).await {
            Ok(session) => Ok(session.of_mode(self.mode)?.verdict()),
            Err(fault) if fault.is_refusal() => Ok(self.session(session_id).await?.verdict()),
            Err(fault) => Err(fault.into()),
        }
    }

    async fn capture(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.of_promise(session_id, "capture").await
    }

    async fn release(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.of_promise(session_id, "cancel").await
    }

    fn read_event(&self, body: &[u8], signature: &str, now: DateTime<Utc>) -> Result<GatewayEvent, InvalidEvent> {
        if !signature::is_valid(&self.webhook_secret, body, signature, now) {
            return Err(InvalidEvent::Signature);
        }
        event::read(body, self.mode)
    }
}
