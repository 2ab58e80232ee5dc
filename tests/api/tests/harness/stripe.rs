//! A shop whose payments Stripe takes: the stand-in of the testkit, reached as the real one is, by settings alone.

use super::actor::Actor;
use super::answer::Answer;
use super::buying::Placed;
use super::shop::{Engine, Shop};
use super::unique;
use chrono::Utc;
use serde_json::Value;
use testkit::StripePeer;

/// Opens the shop and its account at Stripe.
pub async fn shop_with_stripe(engine: Engine) -> (Shop, StripePeer) {
    let stripe = StripePeer::start().await;
    let settings = [
        ("STRIPE_SECRET_KEY", StripePeer::KEY),
        ("STRIPE_WEBHOOK_SECRET", StripePeer::WEBHOOK_SECRET),
        ("STRIPE_API_BASE", stripe.address()),
    ];
    (Shop::open_with(engine, &settings).await, stripe)
}

/// Writes tests once and runs them on both databases, with Stripe as the gateway.
macro_rules! on_both_databases_with_stripe {
    ($($(#[$meta:meta])* async fn $name:ident($shop:ident: Shop, $stripe:ident: StripePeer) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "not every test needs everything that its file imports")]
            use super::*;

            async fn check($shop: $crate::harness::Shop, $stripe: testkit::StripePeer) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let (shop, stripe) = $crate::harness::stripe::shop_with_stripe($crate::harness::Engine::Sqlite).await;
                check(shop, stripe).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let (shop, stripe) = $crate::harness::stripe::shop_with_stripe($crate::harness::Engine::Postgres).await;
                check(shop, stripe).await;
            }
        }
    )+};
}
pub(crate) use on_both_databases_with_stripe;

impl Placed {
    /// Stripe's id for the page to pay at.
    pub fn session(&self) -> &str {
        self.pay_at.rsplit('/').next().expect("a session's id")
    }
}

impl Actor {
    /// Cart and checkout while Stripe may be in trouble: the answer, with which key it was asked, and for which cart.
    pub async fn tries_to_order(&self, variant: &str) -> (Value, String, String) {
        let (cart, key) = (self.cart_with(variant, 1).await, unique("key"));
        (self.checks_out(&cart, &key).await.json(201), cart, key)
    }
}

impl Shop {
    /// Where Stripe's events go.
    pub fn stripes_webhook(&self) -> String {
        format!("{}/api/v1/webhooks/stripe", self.origin())
    }

    /// Stripe delivers an event now, and is answered that it was taken.
    pub async fn hears(&self, event: &Value) {
        assert_eq!(StripePeer::delivers(&self.stripes_webhook(), event, Utc::now().timestamp()).await, 200);
    }

    /// Delivers bytes under any signature.
    pub async fn is_sent(&self, body: &str, signature: &str) -> Answer {
        let headers = [("content-type", "application/json"), ("stripe-signature", signature)];
        self.guest().ask("POST", "/api/v1/webhooks/stripe", &headers, Some(body.as_bytes().to_vec())).await
    }

    /// Time flies: jobs of this kind that wait for later are due now. Answers how many.
    pub async fn falls_due(&self, kind: &str) -> u64 {
        // The earliest moment that is known, as this database writes it.
        let earliest = "SELECT min(created_at) FROM payments";
        let sql = format!("UPDATE jobs SET run_at = ({earliest}) WHERE kind = '{kind}' AND state = 'waiting'");
        self.database().await.execute(&sql).await.expect("the jobs")
    }

    /// How many rows there are like this.
    pub async fn rows(&self, table: &str, condition: &str) -> u64 {
        let column = if table == "webhook_events" { "kind" } else { "id" };
        let touch = format!("UPDATE {table} SET {column} = {column} WHERE {condition}");
        self.database().await.execute(&touch).await.expect("the rows")
    }
}
