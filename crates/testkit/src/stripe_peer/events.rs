//! Events, signed and delivered.

use super::{StripePeer, shapes};
use aws_lc_rs::hmac;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

static EVENTS: AtomicU64 = AtomicU64::new(1);

/// An event about an object as it is now.
pub fn event(kind: &str, object: &Value) -> Value {
    let number = EVENTS.fetch_add(1, Ordering::SeqCst);
    shapes::shaped(
        "event",
        &json!({
            "id": format!("evt_{}_{number}", crate::builders::id().simple()), "type": kind, "data": {"object": object},
            "api_version": StripePeer::VERSION, "pending_webhooks": 1,
        }),
    )
}

impl StripePeer {
    /// The header by which a body is known as its own, at a time in seconds.
    #[must_use]
    pub fn signature(secret: &str, body: &[u8], seconds: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let signed = [seconds.to_string().as_bytes(), b".", body].concat();
        let digest: String = hmac::sign(&key, &signed).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("t={seconds},v1={digest}")
    }

    /// Delivers an event, signed at a time in seconds, and answers with which status it was taken.
    pub async fn delivers(webhook: &str, event: &Value, seconds: i64) -> u16 {
        let body = event.to_string();
        let builder = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30));
        let request = builder.build().expect("a client").post(webhook).header("content-type", "application/json");
        let signature = Self::signature(Self::WEBHOOK_SECRET, body.as_bytes(), seconds);
        let sent = request.header("stripe-signature", signature).body(body).send().await;
        sent.expect("the shop listens").status().as_u16()
    }
}
