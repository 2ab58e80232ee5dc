//! The sandbox gateway: a stand-in for a real one, with a hosted page on which a person pays, declines or leaves. It keeps
//! its pages in the shop's database and calls the shop's webhook over HTTP, signed as Stripe signs, so that everything
//! behind the port runs as it will with real money. It is never configured in production.

use super::signature;
use super::stripe::payable;
use crate::crypto::SecretKey;
use crate::sql::{SandboxOutcomeRow, SandboxRefund, SandboxSessionRow, SandboxSessions};
use application::RepositoryError;
use application::jobs::JobFailure;
use application::payments::ports::{GatewayError, GatewayEvent, InvalidEvent, PaymentGateway};
use application::payments::sandbox::{SandboxDelivery, SandboxOutcome, SandboxPage, SandboxSession};
use application::refunds::ports::{CardRefund, DisputeList, GatewayDispute, GatewayRefund, RefundGateway};
use application::system::{Clock, SecretSource};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Money, PaymentId};
use domain::orders::Order;
use domain::payments::{GatewayVerdict, HostedSession, Payment};
use domain::refunds::RefundVerdict;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// A webhook that does not answer in this time is called again later.
const PATIENCE: Duration = Duration::from_secs(10);

/// The gateway, its page, and its calls to the webhook.
pub struct SandboxGateway {
    sessions: SandboxSessions,
    secret: SecretKey,
    clock: Arc<dyn Clock>,
    secrets: Arc<dyn SecretSource>,
    http: reqwest::Client,
    addresses: SandboxAddresses,
}

/// Where the sandbox is found, and where it calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxAddresses {
    /// The shop as browsers see it, without a slash at the end; the page is below it.
    pub public_url: String,
    /// The shop's webhook as the server itself reaches it.
    pub webhook_url: String,
}

#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    data: EventData,
}

#[derive(Deserialize)]
struct EventData {
    object: EventObject,
}

#[derive(Deserialize)]
struct EventObject {
    client_reference_id: Option<Uuid>,
}

impl SandboxGateway {
    /// A sandbox that signs with `secret`.
    ///
    /// # Errors
    /// When the HTTP client can't be made.
    pub fn new(
        sessions: SandboxSessions,
        secret: SecretKey,
        clock: Arc<dyn Clock>,
        secrets: Arc<dyn SecretSource>,
        addresses: SandboxAddresses,
    ) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { sessions, secret, clock, secrets, http, addresses })
    }

    fn hosted(&self, row: &SandboxSessionRow) -> HostedSession {
        HostedSession { id: row.id.clone(), url: format!("{}/sandbox/pay/{}", self.addresses.public_url, row.id) }
    }

    async fn row(&self, session_id: &str) -> Result<SandboxSessionRow, GatewayError> {
        let row = self.sessions.find(session_id).await.map_err(unavailable)?;
        row.ok_or_else(|| GatewayError::Refused(format!("there is no session {session_id}")))
    }

    async fn end_promise(&self, session_id: &str, outcome: SandboxOutcomeRow) -> Result<GatewayVerdict, GatewayError> {
        let row = self.sessions.end_promise(session_id, outcome).await.map_err(unavailable)?;
        let row = row.ok_or_else(|| GatewayError::Refused(format!("there is no session {session_id}")))?;
        Ok(verdict_of(row.outcome))
    }
}

fn unavailable(error: RepositoryError) -> GatewayError {
    GatewayError::Unavailable(error.into())
}

const fn verdict_of(outcome: Option<SandboxOutcomeRow>) -> GatewayVerdict {
    match outcome {
        None => GatewayVerdict::Open,
        Some(SandboxOutcomeRow::Authorized) => GatewayVerdict::Authorized,
        Some(SandboxOutcomeRow::Paid) => GatewayVerdict::Paid,
        Some(SandboxOutcomeRow::Declined) => GatewayVerdict::Declined,
        Some(SandboxOutcomeRow::Closed) => GatewayVerdict::Closed,
    }
}

#[async_trait]
impl PaymentGateway for SandboxGateway {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    /// As Stripe does it.
    fn payable(&self, amount: Money) -> Money {
        payable(amount)
    }

    async fn open<'a>(&self, payment: &Payment, order: Option<&'a Order>) -> Result<HostedSession, GatewayError> {
        let what = order.map_or_else(|| "Store balance".to_owned(), |order| format!("Order {}", order.number.0));
        let new = SandboxSessionRow {
            id: format!("cs_sandbox_{}", hex::encode(self.secrets.bytes())),
            payment_id: payment.id,
            amount: payment.amount,
            description: what,
            success_url: payment.return_urls.success.clone(),
            cancel_url: payment.return_urls.cancel.clone(),
            held: payment.is_reviewed(),
            outcome: None,
            created_at: self.clock.now(),
        };
        let row = self.sessions.open(new).await.map_err(unavailable)?;
        Ok(self.hosted(&row))
    }

    async fn verdict(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        Ok(verdict_of(self.row(session_id).await?.outcome))
    }

    async fn close(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        let decided = self.sessions.decide(session_id, SandboxOutcomeRow::Closed, self.clock.now()).await;
        let row = decided.map_err(unavailable)?;
        let row = row.ok_or_else(|| GatewayError::Refused(format!("there is no session {session_id}")))?;
        Ok(verdict_of(row.outcome))
    }

    async fn capture(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.end_promise(session_id, SandboxOutcomeRow::Paid).await
    }

    async fn release(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.end_promise(session_id, SandboxOutcomeRow::Closed).await
    }

    fn read_event(&self, body: &[u8], signature: &str, now: DateTime<Utc>) -> Result<GatewayEvent, InvalidEvent> {
        if !signature::is_valid(&self.secret, body, signature, now) {
            return Err(InvalidEvent::Signature);
        }
        let event: Event = serde_json::from_slice(body).map_err(|_| InvalidEvent::Body)?;
        let payment = event.data.object.client_reference_id.map(PaymentId::new);
        Ok(GatewayEvent { id: event.id, kind: event.kind, payment, going_back: None, wants_a_person: false })
    }
}

/// The sandbox's cards take everything back at once, and its customers dispute nothing.
#[async_trait]
impl RefundGateway for SandboxGateway {
    async fn refund(&self, payment: &Payment, wish: &CardRefund) -> Result<GatewayRefund, GatewayError> {
        let refund = SandboxRefund {
            id: format!("re_sandbox_{}", wish.id.uuid().simple()),
            refund_id: wish.id,
            payment_id: payment.id,
            amount: wish.amount,
            created_at: self.clock.now(),
        };
        match self.sessions.give_back(refund).await.map_err(unavailable)? {
            Some(id) => Ok(GatewayRefund { id, verdict: RefundVerdict::Succeeded }),
            None => Err(GatewayError::Refused("it is more than was paid".to_owned())),
        }
    }

    async fn dispute(&self, _: &str) -> Result<Option<GatewayDispute>, GatewayError> {
        Ok(None)
    }
}

#[async_trait]
impl DisputeList for SandboxGateway {
    /// Nobody disputes what nobody paid.
    async fn disputes_since(&self, _: DateTime<Utc>) -> Result<Vec<String>, GatewayError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl SandboxPage for SandboxGateway {
    async fn session(&self, id: &str) -> Result<Option<SandboxSession>, RepositoryError> {
        let row = self.sessions.find(id).await?;
        Ok(row.map(|row| SandboxSession {
            open: row.outcome.is_none(),
            id: row.id,
            amount: row.amount,
            description: row.description,
            success_url: row.success_url,
            cancel_url: row.cancel_url,
        }))
    }

    async fn choose(&self, id: &str, outcome: SandboxOutcome) -> Result<Option<String>, RepositoryError> {
        let held = self.sessions.find(id).await?.is_some_and(|row| row.held);
        let wish = match outcome {
            SandboxOutcome::Succeed if held => SandboxOutcomeRow::Authorized,
            SandboxOutcome::Succeed => SandboxOutcomeRow::Paid,
            SandboxOutcome::Decline => SandboxOutcomeRow::Declined,
            SandboxOutcome::Cancel => SandboxOutcomeRow::Closed,
        };
        let row = self.sessions.decide(id, wish, self.clock.now()).await?;
        let is_paid = |outcome| matches!(outcome, Some(SandboxOutcomeRow::Paid | SandboxOutcomeRow::Authorized));
        Ok(row.map(|row| if is_paid(row.outcome) { row.success_url } else { row.cancel_url }))
    }
}

#[async_trait]
impl SandboxDelivery for SandboxGateway {
    async fn deliver(&self, session_id: &str) -> Result<(), JobFailure> {
        let Some(row) = self.sessions.find(session_id).await? else {
            return Err(JobFailure::Fail(format!("there is no session {session_id}")));
        };
        let now = self.clock.now();
        let body = event_body(&row, now).to_string();
        let sent = (self.http.post(&self.addresses.webhook_url))
            .header("Stripe-Signature", signature::sign(&self.secret, body.as_bytes(), now))
            .header("Content-Type", "application/json")
            .body(body)
            .send()
            .await;
        match sent.and_then(reqwest::Response::error_for_status) {
            Ok(_) => Ok(()),
            Err(error) => Err(JobFailure::Retry(error.to_string())),
        }
    }
}

/// The event that Stripe would send. Its id is the session's and outcome's, so that a second delivery is known as one.
fn event_body(row: &SandboxSessionRow, now: DateTime<Utc>) -> serde_json::Value {
    let (kind, status, payment_status) = match row.outcome {
        None => ("checkout.session.created", "open", "unpaid"),
        Some(SandboxOutcomeRow::Authorized) => ("checkout.session.completed", "complete", "unpaid"),
        Some(SandboxOutcomeRow::Paid) => ("checkout.session.completed", "complete", "paid"),
        Some(SandboxOutcomeRow::Declined) => ("checkout.session.async_payment_failed", "complete", "unpaid"),
        Some(SandboxOutcomeRow::Closed) => ("checkout.session.expired", "expired", "unpaid"),
    };
    json!({
        "id": format!("evt_{}_{}", row.id, kind.rsplit('.').next().unwrap_or_default()),
        "object": "event",
        "type": kind,
        "created": now.timestamp(),
        "livemode": false,
        "data": {"object": {
            "id": row.id,
            "object": "checkout.session",
            "client_reference_id": row.payment_id.uuid(),
            "amount_total": row.amount.amount(),
            "currency": row.amount.currency().code().to_lowercase(),
            "status": status,
            "payment_status": payment_status,
        }},
    })
}
