//! What people do with gift cards and balances.

use super::actor::Actor;
use super::selling::euros;
use serde_json::{Value, json};

/// A gift card as its holder has it.
#[derive(Debug, Clone)]
pub struct GiftCard {
    pub id: String,
    pub code: String,
}

impl GiftCard {
    /// The end of the code, as it is shown to people.
    pub fn last4(&self) -> &str {
        &self.code[self.code.len() - 4..]
    }
}

impl Actor {
    /// Issues a card of so many cents.
    pub async fn issues(&self, cents: i64) -> GiftCard {
        self.issues_as(json!({"value": euros(cents)})).await
    }

    /// Issues any one card; it must be accepted.
    pub async fn issues_as(&self, wish: Value) -> GiftCard {
        let issued = self.post("/gift-cards", &wish).await.json(201);
        let text = |name: &str| issued["data"][0][name].as_str().expect("an id and a code").to_owned();
        GiftCard { id: text("id"), code: text("code") }
    }

    /// What is left on a card, in cents.
    pub async fn left_on(&self, card: &GiftCard) -> i64 {
        let card = self.get(&format!("/gift-cards/{}", card.id)).await.json(200);
        card["balance"]["amount"].as_i64().expect("an amount")
    }

    /// Takes a card into the balance.
    pub async fn redeems(&self, card: &GiftCard) {
        self.post("/gift-cards/redeem", &json!({"code": card.code})).await.json(200);
    }

    /// What this person has with the shop, in cents.
    pub async fn balance(&self) -> i64 {
        let balances = self.get("/users/me/balance").await.json(200);
        balances["data"].as_array().expect("balances").iter().filter_map(|one| one["amount"].as_i64()).sum()
    }
}
