//! The payment gateway's side of a webhook: signed as Stripe signs. The sandbox's secret is no setting; as ARCHITECTURE.md
//! says, it is derived from the signing key for its purpose, and that derivation is repeated here.

use super::actor::Actor;
use super::answer::Answer;
use super::buying::Placed;
use super::shop::Shop;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::Utc;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A gateway that knows the secret, or a forger who does not.
pub struct Gateway {
    secret: Vec<u8>,
    line: Actor,
}

impl Gateway {
    pub fn of(shop: &Shop) -> Self {
        let pem = shop.signing_key_pem();
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let key = STANDARD.decode(body).expect("the key's body");
        Self { secret: digest(&Sha256::digest(key), b"carat sandbox webhook"), line: shop.guest() }
    }

    pub fn forger(shop: &Shop) -> Self {
        Self { secret: b"a guess".to_vec(), line: shop.guest() }
    }

    /// Delivers an event, signed now.
    pub async fn tells(&self, event: &Value) -> Answer {
        self.tells_as_of(event, 0).await
    }

    /// Delivers an event, signed so many seconds from now.
    pub async fn tells_as_of(&self, event: &Value, seconds: i64) -> Answer {
        let body = event.to_string();
        let signature = self.signature(body.as_bytes(), Utc::now().timestamp() + seconds);
        self.delivers(body.into_bytes(), Some(&signature)).await
    }

    pub fn signature(&self, body: &[u8], at: i64) -> String {
        let signed = [at.to_string().as_bytes(), b".", body].concat();
        format!("t={at},v1={}", hex::encode(digest(&self.secret, &signed)))
    }

    /// Delivers bytes under any signature.
    pub async fn delivers(&self, body: Vec<u8>, signature: Option<&str>) -> Answer {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(signature.map(|signature| ("stripe-signature", signature)));
        self.line.ask("POST", "/api/v1/webhooks/sandbox", &headers, Some(body)).await
    }
}

/// The event that tells that an order's payment was made.
pub fn payment_made(order: &Placed) -> Value {
    let session = order.pay_at.rsplit('/').next().expect("a session's id");
    json!({
        "id": format!("evt_{session}_completed"), "object": "event", "type": "checkout.session.completed",
        "created": Utc::now().timestamp(), "livemode": false,
        "data": {"object": {
            "id": session, "object": "checkout.session", "client_reference_id": order.order["payment"]["id"],
            "amount_total": order.order["total"]["amount"], "currency": "eur", "status": "complete", "payment_status": "paid",
        }},
    })
}

fn digest(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.chain_update(message).finalize().into_bytes().to_vec()
}
