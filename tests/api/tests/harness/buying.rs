//! What customers and guests do.

use super::actor::Actor;
use super::answer::Answer;
use super::{unique, until};
use serde_json::{Value, json};

/// An order that was placed, with what its customer keeps of the answer.
#[derive(Debug, Clone)]
pub struct Placed {
    pub id: String,
    /// What opens it to a guest.
    pub token: Option<String>,
    /// Where to pay.
    pub pay_at: String,
    pub order: Value,
}

impl Placed {
    /// Out of the answer to a checkout.
    #[track_caller]
    pub fn from(answer: &Value) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Self {
            id: text(&answer["order"]["id"]).expect("an order's id"),
            token: text(&answer["order"]["access_token"]),
            pay_at: text(&answer["payment"]["redirect_url"]).expect("a page to pay at"),
            order: answer["order"].clone(),
        }
    }

    /// Its address, with a guest's token.
    pub fn path(&self) -> String {
        self.path_to("")
    }

    pub fn path_to(&self, verb: &str) -> String {
        let token = self.token.as_ref().map(|token| format!("?token={token}")).unwrap_or_default();
        format!("/orders/{}{verb}{token}", self.id)
    }
}

impl Actor {
    pub async fn empty_cart(&self) -> String {
        let cart = self.post("/carts", &json!({})).await.json(201);
        cart["id"].as_str().expect("a cart's id").to_owned()
    }

    pub async fn cart_with(&self, variant: &str, quantity: u32) -> String {
        let cart = self.empty_cart().await;
        self.adds(&cart, variant, quantity).await.json(201);
        cart
    }

    pub async fn adds(&self, cart: &str, variant: &str, quantity: u32) -> Answer {
        self.post(&format!("/carts/{cart}/lines"), &json!({"variant_id": variant, "quantity": quantity})).await
    }

    /// What is handed in at a checkout.
    pub fn checkout_form(&self) -> Value {
        json!({
            "email": self.email,
            "shipping_address": {
                "name": "Ada Lovelace", "line1": "1 rue de la Paix", "city": "Paris", "postal_code": "75002", "country": "FR",
            },
        })
    }

    pub async fn checks_out(&self, cart: &str, key: &str) -> Answer {
        self.checks_out_with(cart, key, &self.checkout_form()).await
    }

    pub async fn checks_out_with(&self, cart: &str, key: &str, form: &Value) -> Answer {
        self.json("POST", &format!("/carts/{cart}/checkout"), &[("idempotency-key", key)], form).await
    }

    /// Cart and checkout in one go.
    pub async fn orders(&self, variant: &str, quantity: u32) -> Placed {
        let cart = self.cart_with(variant, quantity).await;
        Placed::from(&self.checks_out(&cart, &unique("key")).await.json(201))
    }

    /// Presses a button of the sandbox's page.
    pub async fn pays(&self, order: &Placed, outcome: &str) -> Answer {
        self.presses(&order.pay_at, outcome).await
    }

    pub async fn presses(&self, page: &str, outcome: &str) -> Answer {
        let form = [("content-type", "application/x-www-form-urlencoded")];
        self.without_token().ask("POST", page, &form, Some(format!("outcome={outcome}").into_bytes())).await
    }

    pub async fn order(&self, order: &Placed) -> Value {
        self.get(&order.path()).await.json(200)
    }

    /// Waits until the order has this status, and answers it.
    pub async fn wait_until(&self, order: &Placed, status: &str) -> Value {
        until(&format!("order {} is {status}", order.id), async || {
            let seen = self.order(order).await;
            (seen["status"] == status).then_some(seen)
        })
        .await
    }

    pub async fn wait_until_paid(&self, order: &Placed) -> Value {
        self.wait_until(order, "paid").await
    }
}

/// What happened to an order, oldest first.
pub fn timeline(order: &Value) -> Vec<&str> {
    let entries = order["timeline"].as_array().expect("a timeline");
    entries.iter().map(|entry| entry["kind"].as_str().expect("a kind")).collect()
}
